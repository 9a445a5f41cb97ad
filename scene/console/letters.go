package console

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strings"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/text/v2"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"souk/world/wire"
)

// letters draws text: in the Go fonts, and in a Chinese one where there is one.
type letters struct {
	sources [2]*text.GoTextFaceSource // regular, bold
	chinese *text.GoTextFaceSource    // nil where there is none
	faces   map[style]text.Face
}

type style struct {
	size float64
	bold bool
}

// newLetters takes the bytes of a Chinese font (TTF, OTF or a collection of them), or nil.
func newLetters(chinese []byte) (*letters, error) {
	l := &letters{faces: map[style]text.Face{}}
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF} {
		s, err := text.NewGoTextFaceSource(bytes.NewReader(ttf))
		if err != nil {
			return nil, err
		}
		l.sources[i] = s
	}
	if len(chinese) > 0 {
		fonts, err := text.NewGoTextFaceSourcesFromCollection(bytes.NewReader(chinese))
		if err != nil {
			return nil, fmt.Errorf("reading the Chinese font: %w", err)
		}
		l.chinese = fonts[0]
	}
	return l, nil
}

func (l *letters) face(size float64, bold bool) text.Face {
	if f, ok := l.faces[style{size, bold}]; ok {
		return f
	}
	src := l.sources[0]
	if bold {
		src = l.sources[1]
	}
	var f text.Face = &text.GoTextFace{Source: src, Size: size}
	if l.chinese != nil {
		if both, err := text.NewMultiFace(f, &text.GoTextFace{Source: l.chinese, Size: size}); err == nil {
			f = both
		}
	}
	l.faces[style{size, bold}] = f
	return f
}

// put draws one line with its top left corner at (x, y), cut with an ellipsis
// at width pixels where width is positive.
func (l *letters) put(dst *ebiten.Image, s string, x, y, size, width float64, bold bool, c color.Color) {
	face := l.face(size, bold)
	if w, _ := text.Measure(s, face, 0); width > 0 && w > width {
		r := []rune(s)
		for len(r) > 1 && w > width {
			r = r[:len(r)-1]
			s = string(r) + "…"
			w, _ = text.Measure(s, face, 0)
		}
	}
	op := &text.DrawOptions{}
	op.GeoM.Translate(x, y)
	op.ColorScale.ScaleWithColor(c)
	text.Draw(dst, s, face, op)
}

// block draws a text in lines of at most width pixels, at most lines of them,
// and returns its height.
func (l *letters) block(dst *ebiten.Image, s string, x, y, size, width float64, lines int, c color.Color) float64 {
	face := l.face(size, false)
	pitch := math.Round(size * 1.35)
	var line string
	n := 0
	words := strings.Fields(s)
	for i, word := range words {
		try := strings.TrimSpace(line + " " + word)
		if w, _ := text.Measure(try, face, 0); w > width && line != "" {
			if n == lines-1 {
				line = strings.Join(append([]string{line}, words[i:]...), " ")
				break
			}
			l.put(dst, line, x, y+float64(n)*pitch, size, width, false, c)
			n++
			try = word
		}
		line = try
	}
	l.put(dst, line, x, y+float64(n)*pitch, size, width, false, c)
	return float64(n+1) * pitch
}

// words are what the console itself says.
type words struct {
	title, live, people, events, purchases, top, nothing, scale, keys string
}

var (
	english = words{"Souk · attention", "live", "people", "events", "purchases", "What people look at", "nothing yet",
		"%.1f s of attention, of late", "wheel: zoom   drag: move   0: all   L: 中文   F: full screen"}
	chinese = words{"Souk · 注意力", "实时", "人", "事件", "购买", "大家在看什么", "暂无",
		"近来的注意力：%.1f 秒", "滚轮：缩放   拖动：平移   0：全部   L：English   F：全屏"}
)

// say is the words in the language; English where no Chinese font is at hand, as in a browser.
func (c *Console) say() words {
	if c.opt.Lang == "zh" && c.letters.chinese != nil {
		return chinese
	}
	w := english
	if c.letters.chinese == nil {
		w.keys = strings.Replace(w.keys, "   L: 中文", "", 1)
	}
	return w
}

// in is a name in the console's language, or in the other where that is missing.
func (c *Console) in(t *wire.Text) string {
	if c.letters.chinese != nil && (c.opt.Lang == "zh" || t.GetEn() == "") && t.GetZh() != "" {
		return t.GetZh()
	}
	return t.GetEn()
}
