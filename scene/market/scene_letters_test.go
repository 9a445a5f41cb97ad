//go:build cgo

package market

import (
	"os"
	"testing"

	"github.com/go-gl/gl/v3.3-core/gl"

	"souk/scene/lettering"
)

// A catalogue in many scripts needs more runes than a page holds: the pages
// grow, what was written before stays where it was, and nothing is left behind.
func TestPagesOfRunesGrow(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no display: set DISPLAY, for instance to an Xvfb")
	}
	win, err := Open(WindowOptions{Width: 64, Height: 64, Hidden: true})
	if err != nil {
		t.Fatal(err)
	}
	defer win.Close()
	var g gpu
	var texture uint32
	l := newLetters(facesOf(t))
	first := l.of('市', lettering.Bold)
	l.send(&g, &texture)
	for r := rune(0x4e00); len(l.pages) < 2 && r < 0x9fff; r++ {
		l.of(r, lettering.Bold)
		if r%512 == 0 {
			l.send(&g, &texture)
		}
	}
	l.send(&g, &texture)
	if len(l.pages) != 2 || g.live() != 1 {
		t.Errorf("%d pages, %d objects on the graphics card", len(l.pages), g.live())
	}
	if l.of('市', lettering.Bold) != first {
		t.Error("a rune has moved")
	}
	// What lies on the card is what was made.
	got := make([]byte, 2*pageSize*pageSize)
	gl.BindTexture(gl.TEXTURE_2D_ARRAY, texture)
	gl.PixelStorei(gl.PACK_ALIGNMENT, 1)
	gl.GetTexImage(gl.TEXTURE_2D_ARRAY, 0, gl.RED, gl.UNSIGNED_BYTE, gl.Ptr(got))
	for i, page := range l.pages {
		for k, v := range page {
			if got[i*pageSize*pageSize+k] != v {
				t.Fatalf("page %d, texel %d is %d and not %d", i, k, got[i*pageSize*pageSize+k], v)
			}
		}
	}
	if err := check("grow the pages"); err != nil {
		t.Error(err)
	}
	g.freeTexture(&texture)
}
