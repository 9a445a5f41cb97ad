//go:build cgo

package market

import (
	"errors"
	"fmt"
	"image"
	"log"
	"runtime"
	"strings"

	"github.com/go-gl/gl/v3.3-core/gl"
	"github.com/go-gl/glfw/v3.3/glfw"
)

// WindowOptions say what window to open. The zero value is a visible 1280×720
// window without vertical sync and without multisampling.
type WindowOptions struct {
	Title         string
	Width, Height int  // pixels; 0 means 1280 and 720
	Hidden        bool // never shown: for tests and film
	Fullscreen    bool // the primary monitor's size; Width and Height are ignored
	VSync         bool
	// Samples is the number of samples per pixel: 0 or 4. On software OpenGL
	// four samples cost 9 ms a frame at 1280×720 before anything is drawn.
	Samples int
	// Debug asks the driver to say what it finds wrong: see [Window.Complaints].
	// It costs time at every call, and is for tests.
	Debug bool
}

// EventKind says what happened in the window.
type EventKind uint8

// The kinds of event.
const (
	KeyPress EventKind = iota + 1
	KeyRelease
	KeyRepeat
	Character   // Rune was typed
	ButtonPress // Button at X, Y
	ButtonRelease
	MouseMove // X, Y, and DX, DY since the last move
	Scroll    // DX, DY in notches
	Resize    // the frame buffer's new size is Window.Size
	FocusLost // keys held down are to be forgotten
)

// Event is one thing that happened in the window. Positions are in pixels of
// the frame buffer, from its upper left.
type Event struct {
	Kind   EventKind
	Key    Key
	Mods   Mods
	Button int // 0 left, 1 right, 2 middle
	Rune   rune
	X, Y   float64
	DX, DY float64
}

// Key is a key by its place on a US keyboard.
type Key int

// Mods are the modifier keys held, as a bit set.
type Mods int

// The modifier keys.
const (
	ModShift   = Mods(glfw.ModShift)
	ModControl = Mods(glfw.ModControl)
	ModAlt     = Mods(glfw.ModAlt)
)

// Keys without a letter or digit. KeyA … KeyZ and Key0 … Key9 are Key('A') and
// so on.
const (
	KeySpace     = Key(glfw.KeySpace)
	KeyComma     = Key(glfw.KeyComma)
	KeyPeriod    = Key(glfw.KeyPeriod)
	KeySlash     = Key(glfw.KeySlash)
	KeyMinus     = Key(glfw.KeyMinus)
	KeyEqual     = Key(glfw.KeyEqual)
	KeyEscape    = Key(glfw.KeyEscape)
	KeyEnter     = Key(glfw.KeyEnter)
	KeyKPEnter   = Key(glfw.KeyKPEnter)
	KeyTab       = Key(glfw.KeyTab)
	KeyBackspace = Key(glfw.KeyBackspace)
	KeyDelete    = Key(glfw.KeyDelete)
	KeyHome      = Key(glfw.KeyHome)
	KeyEnd       = Key(glfw.KeyEnd)
	KeyPageUp    = Key(glfw.KeyPageUp)
	KeyPageDown  = Key(glfw.KeyPageDown)
	KeyLeft      = Key(glfw.KeyLeft)
	KeyRight     = Key(glfw.KeyRight)
	KeyUp        = Key(glfw.KeyUp)
	KeyDown      = Key(glfw.KeyDown)
	KeyShift     = Key(glfw.KeyLeftShift)
	KeyRShift    = Key(glfw.KeyRightShift)
	KeyControl   = Key(glfw.KeyLeftControl)
	KeyAlt       = Key(glfw.KeyLeftAlt)
	KeyF1        = Key(glfw.KeyF1) // KeyF1+n−1 is Fn
	KeyF11       = Key(glfw.KeyF11)
	KeyF12       = Key(glfw.KeyF12)
)

// Gamepad is the state of a gamepad in the Xbox layout.
type Gamepad struct {
	// LeftX, LeftY, RightX, RightY in [−1,1], right and down positive;
	// triggers in [0,1].
	LeftX, LeftY, RightX, RightY float32
	LeftTrigger, RightTrigger    float32
	// Buttons in the order A, B, X, Y, left and right bumper, back, start,
	// guide, left and right thumb, up, right, down, left.
	Buttons [15]bool
}

// Window is an operating-system window with an OpenGL 3.3 core context. All
// its methods, and all of [Scene], are to be called from the goroutine that
// opened it, which stays locked to its thread until Close.
type Window struct {
	win           *glfw.Window
	events        []Event
	width, height int
	samples       int
	lastX, lastY  float64
	haveCursor    bool
	captured      bool
	full          bool
	restore       image.Rectangle
	complaints    []string
	explains      bool
	resets        func() uint32 // says whether the graphics card forgot everything; nil where it cannot
}

// Open opens a window and makes its OpenGL context current. A machine without
// a display, or without OpenGL 3.3, gets an error of one sentence.
//
// The window is made with GLFW in the version that g3n brings, and not by
// g3n's window.Init: that one always asks for eight samples per pixel, which
// on software OpenGL makes the empty 1280×720 frame 9.7 ms instead of 1.1 ms,
// and can be called only once in a process.
func Open(o WindowOptions) (*Window, error) {
	runtime.LockOSThread()
	w, err := open(o)
	if err != nil {
		runtime.UnlockOSThread()
		return nil, err
	}
	return w, nil
}

func open(o WindowOptions) (*Window, error) {
	if o.Width == 0 {
		o.Width = 1280
	}
	if o.Height == 0 {
		o.Height = 720
	}
	if o.Width < 16 || o.Height < 16 || o.Width > 16384 || o.Height > 16384 {
		return nil, fmt.Errorf("open the window: a size of %d×%d is not between 16×16 and 16384×16384; give another", o.Width, o.Height)
	}
	if displayLost() {
		return nil, errors.New("open the window: the display went away; start one and run the program again")
	}
	if err := start(); err != nil {
		return nil, fmt.Errorf("open the window: there is no display to open it on (%w); start a desktop or Xvfb and set DISPLAY", err)
	}
	glfw.WindowHint(glfw.ContextVersionMajor, 3)
	glfw.WindowHint(glfw.ContextVersionMinor, 3)
	glfw.WindowHint(glfw.OpenGLProfile, glfw.OpenGLCoreProfile)
	glfw.WindowHint(glfw.OpenGLForwardCompatible, glfw.True)
	glfw.WindowHint(glfw.Samples, o.Samples)
	glfw.WindowHint(glfw.DepthBits, 24)
	glfw.WindowHint(glfw.ContextRobustness, glfw.LoseContextOnReset)
	if o.Debug {
		glfw.WindowHint(glfw.OpenGLDebugContext, glfw.True)
	}
	if o.Hidden {
		glfw.WindowHint(glfw.Visible, glfw.False)
	}
	var monitor *glfw.Monitor
	width, height := o.Width, o.Height
	if o.Fullscreen {
		if monitor = glfw.GetPrimaryMonitor(); monitor == nil {
			return nil, errors.New("open the window: full screen was asked for and there is no monitor; leave full screen off")
		}
		mode := monitor.GetVideoMode()
		width, height = mode.Width, mode.Height
	}
	win, err := glfw.CreateWindow(width, height, o.Title, monitor, nil)
	if err != nil {
		return nil, fmt.Errorf("open the window: this display gives no OpenGL 3.3 core context (%w); update the graphics driver, or try Mesa's software driver with LIBGL_ALWAYS_SOFTWARE=1", err)
	}
	win.MakeContextCurrent()
	if err := gl.Init(); err != nil {
		win.Destroy()
		return nil, fmt.Errorf("open the window: load OpenGL 3.3: %w; update the graphics driver", err)
	}
	w := &Window{win: win, full: o.Fullscreen, restore: image.Rect(80, 80, 80+o.Width, 80+o.Height)}
	w.width, w.height = win.GetFramebufferSize()
	var samples int32
	gl.GetIntegerv(gl.SAMPLES, &samples)
	w.samples = int(samples)
	if o.VSync {
		glfw.SwapInterval(1)
	} else {
		glfw.SwapInterval(0)
	}
	w.listen()
	w.watch()
	watchDisplay()
	if o.Debug {
		w.debug()
	}
	return w, nil
}

// start starts the windowing library. Its Go binding reports a display that
// cannot be reached in the log alone and panics at the next call: both become an error here.
func start() (err error) {
	var said strings.Builder
	to := log.Writer()
	log.SetOutput(&said)
	defer func() {
		log.SetOutput(to)
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
			if text := strings.TrimSpace(said.String()); text != "" {
				_, text, _ = strings.Cut(text, "Error: ")
				err = errors.New(text)
			}
		}
	}()
	if err := glfw.Init(); err != nil {
		return err
	}
	glfw.DefaultWindowHints()
	return nil
}

// listen turns the windowing library's callbacks into events.
func (w *Window) listen() {
	w.win.SetKeyCallback(func(_ *glfw.Window, k glfw.Key, _ int, a glfw.Action, m glfw.ModifierKey) {
		kind := KeyPress
		switch a {
		case glfw.Release:
			kind = KeyRelease
		case glfw.Repeat:
			kind = KeyRepeat
		}
		w.events = append(w.events, Event{Kind: kind, Key: Key(k), Mods: Mods(m)})
	})
	w.win.SetCharCallback(func(_ *glfw.Window, r rune) {
		w.events = append(w.events, Event{Kind: Character, Rune: r})
	})
	w.win.SetMouseButtonCallback(func(_ *glfw.Window, b glfw.MouseButton, a glfw.Action, m glfw.ModifierKey) {
		kind := ButtonPress
		if a == glfw.Release {
			kind = ButtonRelease
		}
		x, y := w.Cursor()
		w.events = append(w.events, Event{Kind: kind, Button: int(b), Mods: Mods(m), X: x, Y: y})
	})
	w.win.SetCursorPosCallback(func(_ *glfw.Window, x, y float64) {
		x, y = w.pixels(x, y)
		e := Event{Kind: MouseMove, X: x, Y: y}
		if w.haveCursor {
			e.DX, e.DY = x-w.lastX, y-w.lastY
		}
		w.lastX, w.lastY, w.haveCursor = x, y, true
		w.events = append(w.events, e)
	})
	w.win.SetScrollCallback(func(_ *glfw.Window, x, y float64) {
		w.events = append(w.events, Event{Kind: Scroll, DX: x, DY: y})
	})
	w.win.SetFramebufferSizeCallback(func(_ *glfw.Window, width, height int) {
		if width > 0 && height > 0 {
			w.width, w.height = width, height
			w.events = append(w.events, Event{Kind: Resize})
		}
	})
	w.win.SetFocusCallback(func(_ *glfw.Window, focused bool) {
		if !focused {
			w.haveCursor = false
			w.events = append(w.events, Event{Kind: FocusLost})
		}
	})
}

// pixels turns the windowing library's screen coordinates into pixels of the
// frame buffer: they differ on displays of high density.
func (w *Window) pixels(x, y float64) (float64, float64) {
	sw, sh := w.win.GetSize()
	if sw > 0 && sh > 0 {
		x, y = x*float64(w.width)/float64(sw), y*float64(w.height)/float64(sh)
	}
	return x, y
}

// Poll appends what has happened since the last call, oldest first.
func (w *Window) Poll(dst []Event) []Event {
	if !displayLost() {
		glfw.PollEvents()
	}
	dst = append(dst, w.events...)
	w.events = w.events[:0]
	return dst
}

// Pressed says whether the key is held down now.
func (w *Window) Pressed(k Key) bool { return w.win.GetKey(glfw.Key(k)) == glfw.Press }

// Cursor is the mouse's place in pixels of the frame buffer.
func (w *Window) Cursor() (x, y float64) { return w.pixels(w.win.GetCursorPos()) }

// Gamepad reads the first gamepad; false where there is none.
func (w *Window) Gamepad() (Gamepad, bool) {
	for j := glfw.Joystick1; j <= glfw.JoystickLast; j++ {
		if !j.Present() || !j.IsGamepad() {
			continue
		}
		s := j.GetGamepadState()
		if s == nil {
			continue
		}
		g := Gamepad{LeftX: s.Axes[0], LeftY: s.Axes[1], RightX: s.Axes[2], RightY: s.Axes[3],
			LeftTrigger: (s.Axes[4] + 1) / 2, RightTrigger: (s.Axes[5] + 1) / 2}
		for i := range g.Buttons {
			g.Buttons[i] = s.Buttons[i] == glfw.Press
		}
		return g, true
	}
	return Gamepad{}, false
}

// Capture hides the mouse and frees it from the screen's edges, for looking
// around; false gives it back.
func (w *Window) Capture(on bool) {
	if on == w.captured {
		return
	}
	w.captured, w.haveCursor = on, false
	if on {
		w.win.SetInputMode(glfw.CursorMode, glfw.CursorDisabled)
	} else {
		w.win.SetInputMode(glfw.CursorMode, glfw.CursorNormal)
	}
}

// Captured says whether the mouse is captured.
func (w *Window) Captured() bool { return w.captured }

// SetFullscreen changes between window and full screen.
func (w *Window) SetFullscreen(on bool) {
	monitor := glfw.GetPrimaryMonitor()
	if on == w.full || monitor == nil {
		return
	}
	w.full = on
	if on {
		x, y := w.win.GetPos()
		width, height := w.win.GetSize()
		w.restore = image.Rect(x, y, x+width, y+height)
		mode := monitor.GetVideoMode()
		w.win.SetMonitor(monitor, 0, 0, mode.Width, mode.Height, mode.RefreshRate)
		return
	}
	w.win.SetMonitor(nil, w.restore.Min.X, w.restore.Min.Y, w.restore.Dx(), w.restore.Dy(), 0)
}

// Fullscreen says whether the window fills the screen.
func (w *Window) Fullscreen() bool { return w.full }

// SetTitle changes the window's title.
func (w *Window) SetTitle(title string) { w.win.SetTitle(title) }

// Resize asks for another size in pixels.
func (w *Window) Resize(width, height int) { w.win.SetSize(width, height) }

// Clipboard is the text that was copied last, in this program or another; ""
// where there is none.
func (w *Window) Clipboard() string { return w.win.GetClipboardString() }

// Size is the frame buffer's size in pixels.
func (w *Window) Size() (width, height int) { return w.width, w.height }

// ShouldClose says whether the window was asked to close.
func (w *Window) ShouldClose() bool { return w.win.ShouldClose() }

// SwapBuffers shows what was drawn.
func (w *Window) SwapBuffers() {
	if !displayLost() {
		w.win.SwapBuffers()
	}
}

// Renderer names the OpenGL version and renderer, for logs and reports.
func (w *Window) Renderer() string {
	return gl.GoStr(gl.GetString(gl.VERSION)) + ", " + gl.GoStr(gl.GetString(gl.RENDERER))
}

// Close destroys the window and its context. Scenes drawn in it are to be
// closed before. The connection to the display is kept for the next window: an
// Xvfb starts anew when its last client leaves, and would refuse one that comes just then.
func (w *Window) Close() {
	if w.win == nil {
		return
	}
	if !displayLost() { // what was there to destroy went with it
		w.win.Destroy()
	}
	w.win = nil
	runtime.UnlockOSThread()
}
