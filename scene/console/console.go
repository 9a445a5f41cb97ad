// Package console is the operator's screen: the floor plan from above, the
// people on it and a heat map of attention, live. It draws with Ebitengine in
// a window and, built for WebAssembly, in a browser. It knows no network: what
// the server says arrives through a [Feed].
//
// The heat is made of the aggregates that the server holds (seconds of dwell
// in square cells); there is no gaze in it.
//
// Read [Console] first, then [Floor], which holds everything that has no pixels.
package console

import (
	"fmt"
	"image"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"

	_ "souk/scene/console/display" // must come before Ebitengine
	"souk/world/wire"
)

// Update is one piece of news for the console; fields that are nil or empty say nothing.
type Update struct {
	Plan  *wire.FloorPlan
	Floor *wire.Floor
	// Status is a sentence about the connection, "" for all well; it is only read where Changed.
	Status  string
	Changed bool
}

// Feed brings news. Next never waits: ok is false when there is none. It is
// called from the update loop alone.
type Feed interface {
	Next() (u Update, ok bool)
}

// Options of a console.
type Options struct {
	Lang string // "en" (also the zero value) or "zh"
	// Chinese is a font with Chinese characters (TTF, OTF or a collection);
	// without one everything is in English.
	Chinese []byte
	// Frames, where positive, ends the console after so many drawn frames.
	Frames int
	// Wait, with Frames: count frames only once heat has been drawn.
	Wait bool
	// Shot receives the last frame's picture where Frames is positive; may be nil.
	Shot func(image.Image)
	// Notice is called once, when the first heat has been drawn; may be nil.
	Notice func()
}

// Console implements ebiten.Game. The zero value is not usable; see [New].
type Console struct {
	opt     Options
	feed    Feed
	floor   Floor
	letters *letters
	heat    *ebiten.Image // one pixel a cell
	legend  *ebiten.Image // the ramp, one pixel high
	pixels  []byte
	cam     camera
	status  string
	drawn   int
	noticed bool
	shot    bool
	w, h    int
	drag    struct {
		on   bool
		x, y int
	}
}

// New makes a console that shows what the feed brings.
func New(feed Feed, opt Options) (*Console, error) {
	l, err := newLetters(opt.Chinese)
	if err != nil {
		return nil, fmt.Errorf("preparing the console's letters: %w", err)
	}
	if opt.Lang == "" {
		opt.Lang = "en"
	}
	return &Console{opt: opt, feed: feed, letters: l, cam: camera{zoom: 1}, status: "connecting …"}, nil
}

// Update takes in the news and the keys. It returns ebiten.Termination on Esc
// or Q, and when Options.Frames have been drawn.
func (c *Console) Update() error {
	for {
		u, ok := c.feed.Next()
		if !ok {
			break
		}
		c.take(u)
	}
	c.floor.Advance(1.0 / float64(ebiten.TPS()))
	c.keys()
	if inpututil.IsKeyJustPressed(ebiten.KeyEscape) || inpututil.IsKeyJustPressed(ebiten.KeyQ) {
		return ebiten.Termination
	}
	if c.opt.Frames > 0 && c.drawn >= c.opt.Frames && (c.shot || c.opt.Shot == nil) {
		return ebiten.Termination
	}
	return nil
}

func (c *Console) take(u Update) {
	if u.Plan != nil {
		c.floor.SetPlan(u.Plan)
	}
	if u.Floor != nil {
		c.floor.SetFloor(u.Floor)
	}
	if u.Changed {
		c.status = u.Status
	}
}

// keys moves the view: wheel or +/− zooms, a drag or the arrows pan, 0 or Home
// shows all, L changes the language, F11 or F fills the screen.
func (c *Console) keys() {
	_, wheel := ebiten.Wheel()
	x, y := ebiten.CursorPosition()
	if wheel != 0 {
		c.cam.zoomAt(float64(x), float64(y), 1+0.15*wheel)
	}
	const step = 12
	for key, d := range map[ebiten.Key][2]float64{ebiten.KeyLeft: {step, 0}, ebiten.KeyRight: {-step, 0}, ebiten.KeyUp: {0, step}, ebiten.KeyDown: {0, -step}} {
		if ebiten.IsKeyPressed(key) {
			c.cam.dx += d[0]
			c.cam.dy += d[1]
		}
	}
	switch {
	case ebiten.IsKeyPressed(ebiten.KeyEqual), ebiten.IsKeyPressed(ebiten.KeyKPAdd):
		c.cam.zoomAt(float64(c.w)/2, float64(c.h)/2, 1.02)
	case ebiten.IsKeyPressed(ebiten.KeyMinus), ebiten.IsKeyPressed(ebiten.KeyKPSubtract):
		c.cam.zoomAt(float64(c.w)/2, float64(c.h)/2, 1/1.02)
	case inpututil.IsKeyJustPressed(ebiten.Key0), inpututil.IsKeyJustPressed(ebiten.KeyHome):
		c.cam = camera{zoom: 1}
	}
	if inpututil.IsKeyJustPressed(ebiten.KeyL) {
		c.opt.Lang = map[string]string{"en": "zh", "zh": "en"}[c.opt.Lang]
	}
	if inpututil.IsKeyJustPressed(ebiten.KeyF11) || inpututil.IsKeyJustPressed(ebiten.KeyF) {
		ebiten.SetFullscreen(!ebiten.IsFullscreen())
	}
	if ebiten.IsMouseButtonPressed(ebiten.MouseButtonLeft) {
		if c.drag.on {
			c.cam.dx += float64(x - c.drag.x)
			c.cam.dy += float64(y - c.drag.y)
		}
		c.drag.on, c.drag.x, c.drag.y = true, x, y
	} else {
		c.drag.on = false
	}
}

// Layout draws at the window's own resolution.
func (c *Console) Layout(w, h int) (int, int) {
	s := ebiten.Monitor().DeviceScaleFactor()
	c.w, c.h = int(float64(w)*s), int(float64(h)*s)
	return c.w, c.h
}

// camera is how the plan lies in the window: fitted, then moved and enlarged.
type camera struct {
	zoom   float64 // 1 fits
	dx, dy float64 // pixels
}

// zoomAt enlarges by a factor so that the point under (x, y) stays there.
func (c *camera) zoomAt(x, y, factor float64) {
	z := min(20, max(0.5, c.zoom*factor))
	factor = z / c.zoom
	c.dx = x - (x-c.dx)*factor
	c.dy = y - (y-c.dy)*factor
	c.zoom = z
}
