package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"souk/attention/train/evaluation"
	"souk/attention/train/sequence"
)

// walkers writes people who mostly go from item to the next, one line each.
func walkers(t *testing.T, people, items int) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(2, 2))
	var b strings.Builder
	for u := range people {
		at := rng.IntN(items)
		fmt.Fprintf(&b, "u%d", u)
		for range 4 + rng.IntN(5) {
			fmt.Fprintf(&b, " %d", 100+at)
			if at = (at + 1) % items; rng.Float64() < 0.3 {
				at = rng.IntN(items)
			}
		}
		b.WriteString("\n")
	}
	path := filepath.Join(t.TempDir(), "walkers.txt")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEvaluateWritesItsReport(t *testing.T) {
	report := filepath.Join(t.TempDir(), "report.json")
	args := []string{"evaluate", "-sequences", walkers(t, 300, 25), "-models", "popularity,transitions:tau=2,back=0.3,als:dim=8,epochs=2,blend",
		"-search", "0", "-seeds", "2", "-work", t.TempDir(), "-o", report}
	if code := run(args); code != 0 {
		t.Fatalf("exit status %d", code)
	}
	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var r evaluation.Report
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	if r.Users != 300 || r.Items != 25 || len(r.Models) != 4 || r.Models[1].Settings["back"] != 0.3 || r.Models[3].Name != "blend" {
		t.Errorf("the report is %s", text)
	}
	if a, b := r.Models[0].Test["NDCG@10"], r.Models[3].Test["NDCG@10"]; !(b.Low > a.High) {
		t.Errorf("popularity %v, blend %v", a, b)
	}
}

func TestEvaluateRefusesWhatItCannotDo(t *testing.T) {
	path := walkers(t, 30, 20)
	for name, args := range map[string][]string{
		"an unknown model":        {"-sequences", path, "-models", "oracle"},
		"a setting of no value":   {"-sequences", path, "-models", "als:dim"},
		"no such file":            {"-sequences", path + "x"},
		"a folder of other files": {"-sequences", "testdata"},
	} {
		if code := run(append([]string{"evaluate", "-work", "-"}, args...)); code != 1 {
			t.Errorf("%s: exit status %d, want 1", name, code)
		}
	}
}

func TestSettingsStayWithTheirModel(t *testing.T) {
	c := evaluateCmd{Models: strings.Split("als:dim=8,tau=5,popularity,user-knn:people=50,blend", ",")}
	cfg, err := c.config()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(cfg.Models, " "); got != "als popularity user-knn blend" {
		t.Errorf("models are %s", got)
	}
	if cfg.Settings["als"]["tau"] != 5 || cfg.Settings["als"]["dim"] != 8 || cfg.Settings["user-knn"]["people"] != 50 || cfg.Settings["popularity"] != nil {
		t.Errorf("settings are %v", cfg.Settings)
	}
}

func TestImportSequencesKeepsTheTestApart(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"train/input.txt": "5 6\n7 8 9\n", "test/input.txt": "5 6\n7 8 9\n", "test/output.txt": "8\n6\n"} {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(t.TempDir(), "out.txt.gz")
	if code := run([]string{"import", "sequences", dir, "-o", out}); code != 0 {
		t.Fatalf("exit status %d", code)
	}
	s, err := sequence.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	if c := s.Test(true).Cases; len(c) != 2 || s.Items[c[1].Target] != "6" || len(c[1].History) != 3 {
		t.Errorf("test cases are %v of items %v", c, s.Items)
	}
	if code := run([]string{"import", "sequences", filepath.Join(dir, "val"), "-o", out}); code != 1 {
		t.Errorf("a path that is not there: exit status %d", code)
	}
}
