// Package hud draws what lies over the market: reticle, product card, search,
// cart, map, settings and menu, the panel of what Souk thinks, the consent
// question, help, chat, toasts, captions and the status line. Pure Go, no
// graphics card: it draws into a picture and says which parts of it changed;
// scene/market lays the picture over the market.
//
// One look everywhere: dark translucent panels, one warm accent colour, a blue
// beside it that people who do not see red and green apart can tell from it,
// and a sign or a word wherever a colour says something. Everything can be
// done by mouse, by keyboard and by gamepad.
//
// A panel is laid out only when what it shows changed, as a list of shapes;
// where the list differs from the one before, the picture is drawn anew. Where
// nothing changed, [HUD.Draw] does nothing and allocates nothing.
//
// Read [HUD] first, then [HUD.Draw]; card.go is a typical panel, and cart.go a
// typical [Screen].
package hud

import (
	"image"
	"math"

	"souk/assets/words"
	"souk/scene/lettering"
)

// Keys name the keys, or the gamepad's buttons, that the panels mention: see
// input/look's table. One without a name is not mentioned.
type Keys struct {
	Card, Like, Hide, Cart, Buy, Panel, Help, Pause         string
	Search, ShowCart, Map, Settings, Menu, Fullscreen, Talk string
}

// Options say how the display is made.
type Options struct {
	Width, Height int     // pixels of the window
	Scale         float64 // size of type, 1 is usual; held within 0.8 and 1.5; 0 means 1
	Lang          string  // "en" or "zh"
	Keys          Keys    // of the keyboard
	Buttons       Keys    // of the gamepad, mentioned while it is in the hands
	NoReticle     bool
}

// The limits of the size of type.
const (
	MinScale = 0.8
	MaxScale = 1.5
)

// The layers, from the bottom to the top.
const (
	layerReticle = iota
	layerPrompt
	layerHints
	layerGuide
	layerChat
	layerCaption
	layerCues
	layerStatus
	layerToasts
	layerPanel
	layerCard
	layerCart
	layerMap
	layerMarks
	layerSettings
	layerMenu
	layerSearch
	layerHelp
	layerConsent
	layerCount
)

// layer is one panel: what it shows as a list of shapes, and whether that is
// out of date.
type layer struct {
	stale bool
	box   image.Rectangle // all that its shapes touch
	solid image.Rectangle // what the pointer cannot look through
	ops   []op
	spare []op // the list before, for the next one
	hits  []hit
	build func(*builder)
	cut   int // texts that had to be shortened
}

// HUD is the display over the market. One goroutine: the frame loop's.
type HUD struct {
	faces *lettering.Faces
	lang  string
	scale float64
	keys  Keys    // as they are mentioned now
	named [2]Keys // of the keyboard, and of the gamepad
	// colours is the row of palettes in use.
	colours int
	img     *image.RGBA
	paint   painter
	make    builder
	layers  [layerCount]layer
	damage  []image.Rectangle
	dirty   []image.Rectangle
	due     []image.Rectangle // damaged and not painted yet
	changed []image.Rectangle // damaged since the last Draw that returned something
	budget  int               // pixels; see SetBudget
	now     float64

	focus   int    // row of the chosen hit of the active layer, −1 for none
	hover   Action // what the pointer is on
	last    int    // the layer opened last, card or panel
	asking  bool   // the erase question is shown
	reticle bool
	dwell   int // dwell shown by the reticle, in steps
	// reticleSize is its size, 1 is usual.
	reticleSize float64
	// reticleAt is where the reticle stands, pixels; x < 0 is the middle.
	reticleAt image.Point

	prompt  Prompt
	card    Card
	cardOn  bool
	panel   Panel
	panelOn bool
	help    []HelpRow
	helpOn  bool
	consent bool
	status  Status
	hints   bool
	caption string
	guide   Guide
	toasts  []toast
	chat    chat
	cues    cues

	screen   Screen
	menu     list
	search   searchBox
	cart     cartView
	settings settingsView
	market   mapView
}

// New makes an empty display.
func New(faces *lettering.Faces, o Options) *HUD {
	h := &HUD{faces: faces, lang: o.Lang, keys: o.Keys, named: [2]Keys{o.Keys, o.Buttons}, reticle: !o.NoReticle, reticleSize: 1, reticleAt: image.Pt(-1, -1), focus: -1, hints: true}
	h.paint = painter{faces: faces, icons: map[iconKey]*image.Alpha{}}
	h.scale = clampScale(o.Scale)
	builds := [layerCount]func(*builder){
		layerReticle: h.buildReticle, layerPrompt: h.buildPrompt, layerHints: h.buildHints, layerGuide: h.buildGuide, layerChat: h.buildChat,
		layerCaption: h.buildCaption, layerStatus: h.buildStatus, layerToasts: h.buildToasts, layerPanel: h.buildPanel,
		layerCues: h.buildCues, layerCart: h.buildCart, layerMap: h.buildMap, layerMarks: h.buildMarks, layerSettings: h.buildSettings, layerMenu: h.buildMenu, layerSearch: h.buildSearch,
		layerCard: h.buildCard, layerHelp: h.buildHelp, layerConsent: h.buildConsent,
	}
	for i := range h.layers {
		h.layers[i].build = builds[i]
	}
	h.Resize(o.Width, o.Height)
	return h
}

// clampScale holds a scale within its limits; 0 means 1.
func clampScale(s float64) float64 {
	if s == 0 || math.IsNaN(s) {
		return 1
	}
	return max(MinScale, min(MaxScale, s))
}

// Resize makes the picture as large as the window; everything is dirty then.
func (h *HUD) Resize(width, height int) {
	width, height = max(1, width), max(1, height)
	h.img = image.NewRGBA(image.Rect(0, 0, width, height))
	h.paint.dst = h.img
	h.touchAll()
	h.due, h.changed = h.due[:0], h.changed[:0]
	h.damage = append(h.damage[:0], h.img.Rect)
}

// Image is the picture, premultiplied; it is a new one after [HUD.Resize].
func (h *HUD) Image() *image.RGBA { return h.img }

// Lang is the language.
func (h *HUD) Lang() string { return h.lang }

// SetLang changes the language of the display's own words; what it was given
// in words (cards, panels) is to be given anew.
func (h *HUD) SetLang(lang string) {
	if lang != h.lang {
		h.lang = lang
		h.touchAll()
	}
}

// Scale is the size of type.
func (h *HUD) Scale() float64 { return h.scale }

// SetScale changes the size of type, within [MinScale] and [MaxScale].
func (h *HUD) SetScale(s float64) {
	if s = clampScale(s); s != h.scale {
		h.scale = s
		h.touchAll()
	}
}

// SetSafeColours exchanges the colours that say something for ones that stay
// apart for every kind of colour vision.
func (h *HUD) SetSafeColours(on bool) {
	row := 0
	if on {
		row = 1
	}
	if row != h.colours {
		h.colours = row
		h.touchAll()
	}
}

// words are the texts of the language.
func (h *HUD) words() *words.Words { return words.In(h.lang) }

// unit is how many pixels one unit of the design is: a window of 800 pixels'
// height at scale 1 has one.
func (h *HUD) unit() float64 {
	return h.scale * max(0.75, min(3, float64(h.img.Rect.Dy())/800))
}

// touch marks layers as out of date.
func (h *HUD) touch(layers ...int) {
	for _, l := range layers {
		h.layers[l].stale = true
	}
}

// touchAll marks everything as out of date.
func (h *HUD) touchAll() {
	for i := range h.layers {
		h.layers[i].stale = true
	}
}

// mostDraws is over how many Draws a change is spread at most.
const mostDraws = 4

// SetBudget says how many pixels a [HUD.Draw] paints, about; 0, as at first, is
// all that changed. A panel that opens takes milliseconds: it is painted by up to four
// Draws, which return nothing until it is whole.
func (h *HUD) SetBudget(pixels int) { h.budget = max(0, pixels) }

// Draw brings the picture up to date at time now (seconds, never going back)
// and returns the parts that changed; they are valid until the next Draw. Under
// a budget the picture may be half painted after a Draw that returns nothing.
func (h *HUD) Draw(now float64) []image.Rectangle {
	h.now = now
	h.expire()
	for i := range h.layers {
		if h.layers[i].stale {
			h.rebuild(i)
		}
	}
	h.due = merge(h.due, h.damage, h.img.Rect)
	h.changed = merge(h.changed, h.damage, h.img.Rect)
	h.damage = h.damage[:0]
	h.paintDue()
	h.dirty = h.dirty[:0]
	if len(h.due) == 0 {
		h.dirty, h.changed = h.changed, h.dirty
	}
	return h.dirty
}

// paintDue paints what is due, as far as the budget goes, in whole rows.
func (h *HUD) paintDue() {
	left := 0
	for _, r := range h.changed {
		left += area(r)
	}
	if h.budget > 0 {
		left = max(h.budget, (left+mostDraws-1)/mostDraws)
	}
	for n := len(h.due); n > 0 && left > 0; n = len(h.due) {
		part := h.due[n-1]
		if rows := (left + part.Dx() - 1) / part.Dx(); rows < part.Dy() {
			part.Max.Y = part.Min.Y + rows
			h.due[n-1].Min.Y = part.Max.Y
		} else {
			h.due = h.due[:n-1]
		}
		left -= area(part)
		h.paint.clear(part)
		for i := range h.layers {
			if l := &h.layers[i]; l.box.Overlaps(part) {
				h.paint.draw(l.ops, part)
			}
		}
	}
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }

// rebuild lays a layer out anew and damages what is not drawn as it was: a
// shape that is the same, at the same place of the list, stays.
func (h *HUD) rebuild(i int) {
	l := &h.layers[i]
	b := &h.make
	b.reset(h, l.spare[:0], l.hits[:0])
	b.active = h.active() == i
	l.build(b)
	was := l.ops
	l.ops, l.spare, l.hits, l.stale, l.solid, l.cut = b.ops, was, b.hits, false, b.solid, b.cut
	l.box = image.Rectangle{}
	for k := range l.ops {
		r := l.ops[k].bounds()
		l.box = l.box.Union(r)
		if k >= len(was) {
			h.spoil(r)
		} else if l.ops[k] != was[k] {
			h.spoil(r)
			h.spoil(was[k].bounds())
		}
	}
	for k := len(l.ops); k < len(was); k++ {
		h.spoil(was[k].bounds())
	}
}

// spare is how many pixels more are drawn rather than in two parts.
const spare = 4000

// spoil damages a part of the picture. Parts that lie near each other become
// one: each costs an upload.
func (h *HUD) spoil(r image.Rectangle) {
	if r = r.Intersect(h.img.Rect); r.Empty() {
		return
	}
	for i, d := range h.damage {
		if u := d.Union(r); area(u) <= area(d)+area(r)+spare {
			h.damage[i] = u
			return
		}
	}
	h.damage = append(h.damage, r)
}

// merge unites rectangles that overlap, so that no pixel is drawn twice.
func merge(dst, parts []image.Rectangle, all image.Rectangle) []image.Rectangle {
	for _, r := range parts {
		if r = r.Intersect(all); r.Empty() {
			continue
		}
		for again := true; again; {
			again = false
			for i := 0; i < len(dst); i++ {
				if dst[i].Overlaps(r) {
					r = r.Union(dst[i])
					dst[i] = dst[len(dst)-1]
					dst = dst[:len(dst)-1]
					again = true
					break
				}
			}
		}
		dst = append(dst, r)
	}
	return dst
}
