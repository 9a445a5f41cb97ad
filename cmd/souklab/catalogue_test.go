package main

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCatalogueCommands holds the way from a generated file to its report and
// its picture, and the exit status of each wrong turn.
func TestCatalogueCommands(t *testing.T) {
	dir := t.TempDir()
	csv, bad, pic := filepath.Join(dir, "c.csv"), filepath.Join(dir, "bad.csv"), filepath.Join(dir, "plan.png")
	if err := os.WriteFile(bad, []byte("id,name_en,category,price\na,b,c/lamps,1\nb,c,d,none\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		want int
	}{
		{"catalogue generate --items 60 -o " + csv, 0},
		{"catalogue check " + csv, 0},
		{"catalogue inspect " + csv + " --sample 2", 0},
		{"catalogue plan " + csv + " -o " + pic, 0},
		{"catalogue check " + bad, 1},
		{"catalogue inspect " + bad, 0},
		{"catalogue check " + filepath.Join(dir, "missing.csv"), 1},
		{"catalogue inspect demo:items=none", 1},
		{"catalogue generate --items 0", 1},
		{"catalogue generate --items 5 -o " + filepath.Join(dir, "no", "such", "folder.csv"), 1},
		{"catalogue generate --many", 2},
	} {
		if got := run(strings.Fields(c.args)); got != c.want {
			t.Errorf("souklab %s: exit status %d, want %d", c.args, got, c.want)
		}
	}
	f, err := os.Open(pic)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if cfg, err := png.DecodeConfig(f); err != nil || cfg.Width < 500 {
		t.Errorf("the picture: %+v, %v", cfg, err)
	}
}
