//go:build cgo

package market

import (
	"image/color"
	"testing"

	"souk/scene/lettering"
	"souk/world/catalog"
	"souk/world/plan"
)

func facesOf(tb testing.TB, folders ...string) *lettering.Faces {
	tb.Helper()
	f, err := lettering.LoadFontsFrom(folders...)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

func planOf(tb testing.TB, items int) *plan.Plan {
	tb.Helper()
	c, err := catalog.Generate(items, 1)
	if err != nil {
		tb.Fatal(err)
	}
	p, err := plan.New(c, 1)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// writeAll lays out the words of every sign of a market.
func writeAll(p *plan.Plan, l *letters) (v []printVertex, idx []uint32) {
	for n := range p.Stalls {
		v, idx = stallWords(v, idx, p, &p.Stalls[n], n, l)
	}
	for d := range p.Districts {
		v, idx, _ = districtBanner(v, idx, p, d, l)
	}
	return v, idx
}

// memory is how many bytes the pages take on the graphics card.
func (l *letters) memory() int { return len(l.pages) * pageSize * pageSize * 4 / 3 }

// What a market of 50,000 items writes fits on one page: runes are shared by
// all signs and price tags.
func TestAllSignsOfALargeMarketShareOnePage(t *testing.T) {
	p := planOf(t, 50000)
	l := newLetters(facesOf(t, lettering.FontFolders()...))
	writeAll(p, l)
	for i := range p.Catalog().Items {
		l.lay(nil, tagWide, tagHigh, line{p.Catalog().Items[i].Price.String(), bold(30)})
	}
	if len(l.pages) != 1 || l.memory() > 6<<20 {
		t.Errorf("%d runes take %d pages and %d bytes", len(l.known), len(l.pages), l.memory())
	}
	t.Logf("%d signs: %d runes, %d rows of %d", len(p.Stalls), len(l.known), l.y+l.high, pageSize)
}

// Whatever fonts a machine has, no text of the market needs a rune that is
// drawn as a box or as the dot that stands for what is missing.
func TestNoTextOfTheMarketLacksARune(t *testing.T) {
	p := planOf(t, 2000)
	for name, f := range map[string]*lettering.Faces{"fonts found": facesOf(t, lettering.FontFolders()...), "fonts built in": facesOf(t)} {
		l := newLetters(f)
		writeAll(p, l)
		c := p.Catalog()
		check := func(text string) {
			if m := f.Missing(nil, text); len(m) > 0 {
				t.Errorf("%s: %q lacks %q", name, text, m)
			}
			for _, r := range text {
				if a := l.of(r, lettering.Bold); a.x1 <= a.x0 && r != ' ' {
					t.Errorf("%s: %q draws nothing for %q", name, text, r)
				}
			}
		}
		for i := range c.Items {
			check(c.Items[i].Name.EN)
			check(c.Items[i].Name.ZH)
			check(c.Items[i].Price.String())
		}
		for i := range c.Sellers {
			check(both(c.Sellers[i].Name, " · "))
		}
		for i := range c.Categories {
			check(both(c.Categories[i].Name, " · "))
		}
	}
}

// Words stay on their board, however long a name is.
func TestWordsStayOnTheirBoard(t *testing.T) {
	l := newLetters(facesOf(t, lettering.FontFolders()...))
	long := "The Most Excellent and Venerable Emporium of the Seventeen Lanterns 十七灯大商行"
	for _, text := range []string{"A", "Kowal Makers  科瓦尔手作", long} {
		for _, q := range l.lay(nil, signWide, signHigh, line{text, bold(38)}, line{text, bold(26)}) {
			margin := letterSpread / letterEm * 38
			if q.x0 < -margin || q.x1 > signWide+margin || q.y0 < -margin || q.y1 > signHigh+margin {
				t.Fatalf("%q: a letter lies at %.0f … %.0f, %.0f … %.0f of %d × %d", text, q.x0, q.x1, q.y0, q.y1, signWide, signHigh)
			}
		}
	}
}

// Both ways write the signs of 2,000 items' stalls.
func BenchmarkSignsOfRunes(b *testing.B) {
	p, f := planOf(b, 2000), facesOf(b, lettering.FontFolders()...)
	b.ReportAllocs()
	for b.Loop() {
		l := newLetters(f)
		writeAll(p, l)
		b.ReportMetric(float64(l.memory())/1e6, "MB")
	}
}

// The naive way: a picture of each sign's text.
func BenchmarkSignsOfPictures(b *testing.B) {
	p, f := planOf(b, 2000), facesOf(b, lettering.FontFolders()...)
	c := p.Catalog()
	b.ReportAllocs()
	for b.Loop() {
		bytes := 0
		for n := range p.Stalls {
			s := &p.Stalls[n]
			img := f.Label(bold(38), color.RGBA(struct{ R, G, B, A uint8 }{signInk[0], signInk[1], signInk[2], 255}), nil, 8, both(c.Sellers[s.Seller].Name, "  "), both(c.Categories[s.Category].Name, " · "))
			bytes += len(img.Pix) / 4
		}
		b.ReportMetric(float64(bytes)*4/3/1e6, "MB")
	}
}
