// Package lettering sets text into images: Latin in the Go fonts, which are
// built in, Chinese in a font that is found on the machine when the program
// starts, or in the plainer characters that are built in. Pure Go, no graphics card: the signs of the market, its labels and
// the whole of the display drawn over it come from here.
//
// A rune is set from the first font that has it: the Go font of the wanted
// weight, then the fonts of the machine, then the built-in Han characters. One that no font has is never drawn
// as a box: it is taken apart into its compatible letters (é → e, ｆ → f,
// ½ → 1⁄2) and, where that does not help either, a middle dot stands for it.
// Control characters and variation selectors draw nothing.
//
// Read [LoadFonts] first, then [Faces.Draw] and [Faces.Wrap].
package lettering

import (
	"fmt"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Weight is how heavy the letters are.
type Weight uint8

// The weights. A fallback font has one weight only; its heavier ones are made
// by smearing the outline sideways.
const (
	Regular Weight = iota
	Medium
	Bold
	weights = 3
)

// Style is how a text is set.
type Style struct {
	Size   float64 // pixels per em, > 0
	Weight Weight
}

// Metrics are the vertical measures of a style, pixels.
type Metrics struct {
	Ascent  float64 // from the baseline up to the top of the tallest letter
	Descent float64 // from the baseline down
	Line    float64 // from baseline to baseline
}

// lineFactor is the distance between baselines in ems: Han characters fill
// their em and need more air than Latin.
const lineFactor = 1.36

// Faces are the fonts and the cache of their glyphs. Safe for concurrent use;
// one lock, held for one call.
type Faces struct {
	latin    [weights]*sfnt.Font
	fallback []*sfnt.Font
	han      string

	mu     sync.Mutex
	buf    sfnt.Buffer
	raster vector.Rasterizer
	runes  [weights]map[rune]source
	glyphs map[glyphKey]*glyph
	steps  map[stepKey]float32

	shortened []string // see Lapses
}

// source is where a rune is drawn from.
type source struct {
	font  int16 // −1 draws nothing; 0 the Latin font; 1 … the fallbacks; embeddedFont the built-in Han characters
	glyph sfnt.GlyphIndex
	dots  rune // of the built-in Han characters
	// more is the rest of a rune that was taken apart; empty for most.
	more string
	// exact is false where another rune stands for this one.
	exact bool
}

// LoadFonts makes the faces from the built-in fonts and those found in
// [FontFolders]. It succeeds without any system font: then [Faces.Chinese] is
// false. The error can only be a damaged program.
func LoadFonts() (*Faces, error) { return LoadFontsFrom(FontFolders()...) }

// LoadFontsFrom is [LoadFonts] with the folders to search given; none at all
// leaves the built-in fonts alone.
func LoadFontsFrom(folders ...string) (*Faces, error) {
	f := &Faces{glyphs: map[glyphKey]*glyph{}, steps: map[stepKey]float32{}}
	for w, data := range [weights][]byte{goregular.TTF, gomedium.TTF, gobold.TTF} {
		face, err := sfnt.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("reading the built-in font %d: %w", w, err)
		}
		f.latin[w] = face
		f.runes[w] = map[rune]source{}
	}
	f.fallback, f.han = findFallback(folders)
	return f, nil
}

// Chinese says whether a font with Han characters was found on the machine. Where
// none was, Chinese is still set, in the plainer built-in characters.
func (f *Faces) Chinese() bool { return f.han != "" }

// ChineseFont is the file that the Han characters come from; "" where there is
// none and the built-in ones are used.
func (f *Faces) ChineseFont() string { return f.han }

// Metrics are the vertical measures of a style; the same for every text in it,
// so that lines of different scripts sit on one grid.
func (f *Faces) Metrics(s Style) Metrics {
	return Metrics{Ascent: 0.94 * s.Size, Descent: 0.26 * s.Size, Line: lineFactor * s.Size}
}

// Has says whether a font has the rune itself, so that nothing stands for it.
func (f *Faces) Has(r rune) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lookup(Regular, r).exact
}

// Missing appends the runes of the text that no font has to dst.
func (f *Faces) Missing(dst []rune, text string) []rune {
	for _, r := range text {
		if !f.Has(r) {
			dst = append(dst, r)
		}
	}
	return dst
}

// face is the font of a source.
func (f *Faces) face(w Weight, s source) *sfnt.Font {
	if s.font == 0 {
		return f.latin[w]
	}
	return f.fallback[s.font-1]
}

// lookup finds where a rune is drawn from and keeps the answer.
func (f *Faces) lookup(w Weight, r rune) source {
	if w >= weights {
		w = Regular
	}
	if s, ok := f.runes[w][r]; ok {
		return s
	}
	s := f.resolve(w, r)
	f.runes[w][r] = s
	return s
}

// direct looks for a rune itself in all the fonts.
func (f *Faces) direct(w Weight, r rune) (source, bool) {
	if r == standIn {
		r = '∙' // the Go fonts hang their middle dot as high as an apostrophe
	}
	if g, err := f.latin[w].GlyphIndex(&f.buf, r); err == nil && g != 0 {
		return source{glyph: g, exact: true}, true
	}
	for i, face := range f.fallback {
		if g, err := face.GlyphIndex(&f.buf, r); err == nil && g != 0 {
			return source{font: int16(i + 1), glyph: g, exact: true}, true
		}
	}
	if s, ok := embedded(r); ok {
		return s, true
	}
	return source{font: -1}, false
}

// step is how far a glyph moves the pen, pixels.
func (f *Faces) step(w Weight, s source, size fixed.Int26_6) float32 {
	if s.font == embeddedFont {
		return float32(size) / 64
	}
	if s.font < 0 {
		return 0
	}
	key := stepKey{glyph: s.glyph, font: s.font, size: size}
	if s.font == 0 {
		key.weight = w
	}
	if a, ok := f.steps[key]; ok {
		return a
	}
	adv, err := f.face(w, s).GlyphAdvance(&f.buf, s.glyph, size, font.HintingNone)
	a := float32(adv) / 64
	if err != nil {
		a = float32(size) / 64
	}
	if len(f.steps) >= maxGlyphs {
		clear(f.steps)
	}
	f.steps[key] = a
	return a
}

// stepKey is one glyph at one size.
type stepKey struct {
	size   fixed.Int26_6
	font   int16
	glyph  sfnt.GlyphIndex
	weight Weight
}

// fixedSize is a size in pixels as the font library wants it.
func fixedSize(size float64) fixed.Int26_6 { return fixed.Int26_6(size*64 + 0.5) }
