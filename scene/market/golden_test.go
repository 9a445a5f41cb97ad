//go:build cgo

package market_test

import (
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"souk/scene/market/picture"
)

var (
	update  = flag.Bool("update", false, "write the golden pictures anew")
	onePose = flag.String("pose", "", "the one pose to take")
)

// What a picture may differ from its golden one: the mean error, and the mean
// over the worst window of 24 × 12 pixels, both in [0,1]. docs/scene-proof.md
// has what drivers do and what a missing sign does; the distance between them is wide.
const (
	goldenMean                   = .05
	goldenWorst                  = .20
	goldenWindowX, goldenWindowY = 24, 12
)

// held is what comes of holding a picture against its golden one.
type held struct {
	*picture.Difference
	window image.Rectangle
	worst  float64
}

func hold(tb testing.TB, want, got image.Image) held {
	tb.Helper()
	d, err := picture.Compare(want, got, picture.Desktop)
	if err != nil {
		tb.Fatal(err)
	}
	h := held{Difference: d}
	h.window, h.worst = d.Worst(goldenWindowX, goldenWindowY)
	return h
}

func (h *held) passes() bool { return h.Mean <= goldenMean && h.worst <= goldenWorst }

func (h *held) String() string {
	return fmt.Sprintf("mean %.4f (at most %.2f), worst window %.3f at %v (at most %.2f)", h.Mean, goldenMean, h.worst, h.window, goldenWorst)
}

// failures is where a failing pair and its difference are written.
var failures = filepath.Join("..", "..", "build", "golden-failures")

// TestGoldenPictures takes the 14 poses and holds each against the picture in
// testdata/poses. Where one differs, what was wanted, what came, their
// difference, and all three in one sheet are in build/golden-failures.
//
//	go test ./scene/market -run TestGoldenPictures -args -update
//
// And whatever stands in them, on signs, tags, labels and cards, is whole: no
// text was cut, and no rune is one that stands for another.
func TestGoldenPictures(t *testing.T) {
	eachStill(t, stills(), func(s *stage, q *still, img *image.RGBA) {
		missing, cut := s.faces.Lapses()
		if len(missing) > 0 || len(cut) > 0 {
			t.Errorf("%s: no font has %q; cut are %q", q.name, missing, cut)
		}
		if n := s.faces.Runes(); n < 40 {
			t.Errorf("%s: only %d runes were set", q.name, n)
		}
		path := filepath.Join("testdata", "poses", q.name+".png")
		want, err := readPicture(path)
		if *update {
			save(t, img, path)
			if err == nil {
				h := hold(t, want, img)
				t.Logf("%s is written anew; from the one before it differs by %v", q.name, &h)
			}
			return
		}
		if err != nil {
			t.Errorf("%v; make it with -update", err)
			return
		}
		h := hold(t, want, img)
		t.Logf("%-10s %v", q.name, &h)
		if h.passes() {
			return
		}
		out := filepath.Join(failures, q.name)
		save(t, want, out+"-want.png")
		save(t, img, out+"-got.png")
		save(t, h.Heat(), out+"-difference.png")
		save(t, h.Sheet(want, img, h.window), out+".png")
		t.Errorf("%s differs from its golden picture: %v; see %s.png", q.name, &h, out)
	})
}

func readPicture(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("read the picture %s: %w", path, err)
	}
	return img, nil
}
