//go:build cgo

package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"log"
	"os"
	"path/filepath"
	"time"

	"souk/scene/lettering"
	"souk/scene/market"
	"souk/scene/market/model/library"
	"souk/world"
)

// visitor is a session with its window.
type visitor struct {
	*session
	win   *market.Window
	scene *market.Scene
	d     *display

	events  []market.Event
	avatars []market.Avatar
	width   int
	height  int
	shot    int // pictures taken by the clock
	film    *filming
	out     io.Writer // the terminal
	// complained says that the driver's complaints were told.
	complained bool
	governor   market.Governor
	auto       bool  // the quality is auto: the governor may lower the resolution
	spent      spent // by the last frame before it was drawn
	faces      *lettering.Faces
	models     *library.Library
	built      builtFor // what the market that stands was built for,
	asked      builtFor // what the settings have asked for
	askedT     float64  // since this time of the session
	floors     floors
	fill       time.Duration // that a million pixels take, where it was measured
}

// started is when the program began, as near as it can tell.
var started = time.Now()

// qualities are the values of -quality.
var qualities = map[string]market.Quality{"low": market.Low, "medium": market.Medium, "high": market.High, "ultra": market.Ultra}

// visit opens the window and the market, runs the frame loop and saves. The
// window comes first: where there is none, nothing is begun.
func visit(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	var floor floors
	if o.paced.time > 0 {
		if floor, err = emptyFrames(o); err != nil {
			return err
		}
		started = time.Now()
	}
	win, err := openWindow(o)
	if err != nil {
		return fmt.Errorf("%w; without a display, make run opens the market in a virtual one with a simulated shopper", err)
	}
	defer win.Close()
	say := func(format string, args ...any) { fmt.Fprintf(stdout, format+"\n", args...) }
	s, err := openSession(ctx, o, say)
	if err != nil {
		return err
	}
	v := &visitor{session: s, win: win, out: stdout, floors: floor}
	defer func() { err = errors.Join(err, v.leave(err == nil)) }()
	faces, err := lettering.LoadFonts()
	if err != nil {
		return fmt.Errorf("loading the fonts: %w", err)
	}
	if !faces.Chinese() {
		say("No font with Chinese characters was found: the plainer built-in ones are used; fonts-droid-fallback brings better ones.")
	}
	v.d = newDisplay(s, faces)
	v.d.clipboard = win.Clipboard
	if o.sounds() {
		v.d.scape = newSoundscape(say)
		v.d.scape.obey(&v.d.prefs)
		defer v.d.scape.close()
	}
	v.faces = faces
	if err := v.openScene(); err != nil {
		return err
	}
	defer func() { v.scene.Close() }() // the one that stands then
	s.numbers.renderer = win.Renderer()
	v.welcome()
	v.resized()
	if o.filmed.path != "" {
		return v.shoot(ctx)
	}
	if o.soaked.time > 0 {
		return v.soak(ctx)
	}
	if o.paced.time > 0 {
		return v.pace(ctx)
	}
	return v.loop(ctx)
}

// quality is the one that was asked for, or what the machine is good for.
func (v *visitor) quality() market.Quality {
	q, ok := qualities[v.d.prefs.Quality]
	v.auto = !ok
	if v.auto {
		q, v.fill = v.win.Auto()
		v.governor = v.win.Governor(v.fill)
	}
	return q
}

// openWindow opens the window. GLFW in the version that g3n brings reports a
// display that cannot be opened to the log alone and then panics; both become
// the one error here.
func openWindow(o options) (win *market.Window, err error) {
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("open the window: the display %q cannot be opened; start a desktop or Xvfb and set DISPLAY", os.Getenv("DISPLAY"))
		}
	}()
	return market.Open(market.WindowOptions{Title: "Souk", Width: o.width, Height: o.height, Hidden: o.hidden, Fullscreen: o.fullscreen, VSync: !o.hidden && o.frames == 0})
}

// welcome says on the terminal where one is.
func (v *visitor) welcome() {
	v.say("Market: %s, %d items, model: %s. %s", v.market.Catalog.Name, len(v.market.Catalog.Items), v.market.ModelName, v.numbers.renderer)
	if v.net.srv != nil {
		v.say("Others join with: souk -connect %s", v.net.url)
	}
}

// leave saves everything, ends the session, and says where recording, pictures
// and report are. Where the visit failed, no report is written.
func (v *visitor) leave(report bool) error {
	err := v.Close()
	if v.recPath != "" {
		v.say("Recording: %s", v.recPath)
	}
	for _, p := range v.numbers.pictures {
		v.say("Picture: %s", p)
	}
	if !report || v.o.report == "" {
		return err
	}
	paths, e := v.writeReport()
	for _, p := range paths {
		v.say("Report: %s", p)
	}
	return errors.Join(err, e)
}

// picture saves the frame just drawn.
func (v *visitor) picture(path string) error {
	if err := savePicture(path, v.scene.Screenshot()); err != nil {
		return fmt.Errorf("saving the picture %s: %w", path, err)
	}
	v.numbers.pictures = append(v.numbers.pictures, path)
	return nil
}

// pictureFolder is where F12 leaves pictures: the user's pictures where there
// is such a folder.
func (v *visitor) pictureFolder() string {
	if v.o.report != "" {
		return v.o.report
	}
	if home, err := os.UserHomeDir(); err == nil && v.o.data == "" {
		if dir := filepath.Join(home, "Pictures"); isDir(dir) {
			return dir
		}
	}
	return filepath.Join(v.home.place, "pictures")
}

// isDir says whether a folder exists.
func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// pictureName is a new name for a picture.
func pictureName() string { return "souk-" + time.Now().Format("20060102-150405.000") + ".png" }

// people turns the server's people into the scene's.
func (v *visitor) people() []market.Avatar {
	v.avatars = v.avatars[:0]
	for _, a := range v.others() {
		v.avatars = append(v.avatars, market.Avatar{ID: uint64(a.ID), Name: a.Name, Pose: a.Pose, Colour: colourOf(a.Name, a.ID), Speed: a.Speed})
	}
	return v.avatars
}

// coats are the colours of people's clothes, apart for every kind of colour
// vision by their lightness.
var coats = [...]world.RGB{
	{R: 0.86, G: 0.42, B: 0.18}, {R: 0.2, G: 0.45, B: 0.7}, {R: 0.94, G: 0.76, B: 0.3}, {R: 0.36, G: 0.25, B: 0.42},
	{R: 0.3, G: 0.58, B: 0.5}, {R: 0.75, G: 0.72, B: 0.66}, {R: 0.62, G: 0.2, B: 0.25}, {R: 0.16, G: 0.2, B: 0.28},
}

// colourOf is a person's coat: always the same for a name and an avatar.
func colourOf(name string, id uint32) world.RGB {
	h := fnv.New32a()
	_, _ = io.WriteString(h, name) // a hash does not fail
	return coats[(h.Sum32()+id)%uint32(len(coats))]
}
