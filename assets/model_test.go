package assets_test

import (
	"testing"

	"souk/assets"
	"souk/attention/rank"
	"souk/attention/train"
	"souk/world/catalog"
)

func TestTheDemoModelBelongsToTheDemoCatalogue(t *testing.T) {
	m, err := train.ReadModel(assets.DemoModel())
	if err != nil {
		t.Fatalf("%v; cure: go generate ./assets", err)
	}
	c, err := catalog.Open(assets.DemoCatalogue)
	if err != nil {
		t.Fatal(err)
	}
	if m.Catalogue != c.Fingerprint() {
		t.Fatalf("the model is of catalogue %.12s, %s is %.12s; cure: go generate ./assets", m.Catalogue, assets.DemoCatalogue, c.Fingerprint())
	}
	if _, err := rank.New(m, c, rank.DefaultConfig(), 1); err != nil {
		t.Errorf("%v; cure: go generate ./assets", err)
	}
	if n := len(assets.DemoModel()); n > 1<<20 {
		t.Errorf("the model has %d bytes, at most 1 MiB may be shipped", n)
	}
}
