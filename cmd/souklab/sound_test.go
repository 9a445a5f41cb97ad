package main

import (
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"souk/scene/sound"
)

// The command leaves every sound, a walk as long as asked for, and the sheet.
func TestSoundsAreWritten(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	dir := filepath.Join(t.TempDir(), "new", "folder")
	cmd := soundCmd{Out: dir, Seed: 1, Seconds: 3, Hour: 21}
	if err := cmd.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cart", "bought", "refused", "chat", "near", "placed", "arrived", "step-8", "murmur", "wind", "crickets", "walk"} {
		info, err := os.Stat(filepath.Join(dir, name+".wav"))
		if err != nil || info.Size() < 10_000 {
			t.Errorf("%s: %v, %v", name, info, err)
		} else if want := int64(44 + 4*3*sound.Rate); name == "walk" && info.Size() != want {
			t.Errorf("the walk has %d bytes, not %d", info.Size(), want)
		}
	}
	f, err := os.Open(filepath.Join(dir, "sheet.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if img, err := png.Decode(f); err != nil || img.Bounds().Dx() < 1000 {
		t.Errorf("the sheet: %v", err)
	}
	if left, right := soundWalk(sound.NewBank(1), 3, 21); len(left) != 3*sound.Rate || len(right) != len(left) {
		t.Errorf("a walk of %d and %d samples", len(left), len(right))
	}
}

func TestWrongSoundFlagsGetASentence(t *testing.T) {
	for _, cmd := range []soundCmd{{Seconds: 0, Hour: 3}, {Seconds: 1e9, Hour: 3}, {Seconds: 3, Hour: 25}, {Seconds: 3, Hour: -1}} {
		if err := cmd.Run(context.Background()); err == nil || !strings.Contains(err.Error(), "give such") {
			t.Errorf("%+v: %v", cmd, err)
		}
	}
}
