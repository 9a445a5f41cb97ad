package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestOneDashIsAsGoodAsTwo(t *testing.T) {
	got := longFlags([]string{"simulate", "-shoppers", "3", "--minutes=1", "-h", "-noise=-1", "-5", "--", "-raw"})
	want := []string{"simulate", "--shoppers", "3", "--minutes=1", "-h", "--noise=-1", "-5", "--", "-raw"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestSimulateAndLoop run as a user would run them, and refuse what makes no sense.
func TestSimulateAndLoop(t *testing.T) {
	dir := t.TempDir()
	events := filepath.Join(dir, "events.csv")
	report := filepath.Join(dir, "report.json")
	market := []string{"-catalogue", "demo:seed=2,items=200", "-quiet"}
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{"simulate", "-shoppers", "2", "-minutes", "0.2", "-events", events, "-record", filepath.Join(dir, "recordings")}, 0},
		{[]string{"loop", "-shoppers", "2", "-minutes", "0.2", "-noise", "1.5", "-json", report, "-plot", filepath.Join(dir, "curves.png")}, 0},
		{[]string{"simulate", "-shoppers", "0"}, 1},
		{[]string{"simulate", "-shoppers", "1", "-minutes=-3"}, 1},
		{[]string{"simulate", "-noise", "99"}, 1},
		{[]string{"simulate", "-placement", "magic"}, 2},
		{[]string{"loop", "-shoppers", "1"}, 1},
		{[]string{"loop", "-noise=0.5,-1"}, 1},
		{[]string{"loop", "-train-shoppers", "20", "-model", "x.safetensors"}, 1},
		{[]string{"loop", "-shoppers", "2", "-seed", "999999"}, 1},
		{[]string{"loop", "-model", filepath.Join(dir, "gone.safetensors")}, 1},
		{[]string{"loop", "-swim"}, 2},
	} {
		if got := run(slices.Concat(c.args, market)); got != c.want {
			t.Errorf("souklab %q: exit status %d, want %d", c.args, got, c.want)
		}
	}
	for _, path := range []string{events, report, filepath.Join(dir, "curves.png"), filepath.Join(dir, "recordings", "shopper-1000000.mcap"), filepath.Join(dir, "recordings", "shopper-1000001.mcap")} {
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("%s was not written: %v", path, err)
		}
	}
}

// What is looked at and what is chosen are judged apart, from the log that simulated shoppers leave.
func TestLooksAreJudgedApartFromChoices(t *testing.T) {
	events := filepath.Join(t.TempDir(), "events.csv")
	market := "demo:seed=1,items=300"
	if out, err := laboratory("simulate", "--shoppers", "6", "--minutes", "1", "--catalogue", market, "--quiet", "--events", events).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := laboratory("evaluate-looks", "--events", events, "--catalogue", market, "--json").CombinedOutput()
	var fits []struct {
		Name        string
		Examination struct{ LogLoss, AUC float64 }
	}
	if err != nil || json.Unmarshal(out, &fits) != nil || len(fits) != 3 {
		t.Fatalf("%v\n%s", err, out)
	}
	if f := fits[2]; f.Name != "looks" || !(f.Examination.LogLoss < fits[0].Examination.LogLoss) || !(f.Examination.AUC > 0.6) {
		t.Errorf("examination by looks is no better than a constant:\n%s", out)
	}
	out, err = laboratory("evaluate-looks", "--events", events, "--catalogue", "demo:seed=2,items=5").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "the catalogue that the log was made with") {
		t.Errorf("another catalogue: %v\n%s", err, out)
	}
}
