package train_test

import (
	"context"
	"testing"

	"souk/attention/train"
)

func TestTheModelRanksHeldOutItemsBetterThanPopularityAndChance(t *testing.T) {
	c := mustGenerate(t, 400)
	cfg := train.DefaultConfig()
	cfg.ALS.Dim = 32
	m, rep, err := train.Train(context.Background(), population(c, 300, 120, 1), c, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s%v\ntemperature %v", rep.Table(), rep.Curve, m.Temperature)
}
