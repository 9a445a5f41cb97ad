//go:build cgo

package market

import (
	"math"
	"strings"
	"time"

	"github.com/go-gl/gl/v3.3-core/gl"
)

// Finish waits until all that was drawn is there: for measurements.
func (w *Window) Finish() { gl.Finish() }

// EmptyFrame clears the back buffer and shows it: the least that a frame can be.
func (w *Window) EmptyFrame() {
	gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
	gl.Clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT)
	w.SwapBuffers()
	gl.Finish()
}

// Fill is how long the machine takes to shade a million pixels as the market
// shades them, with a texture, a mix and some thirty operations: the fastest of a
// few tries. It costs some 50 ms on software OpenGL and draws into the back buffer. An error says
// that the graphics driver would not compile the shader.
func (w *Window) Fill() (time.Duration, error) {
	var g gpu
	p, err := g.program("post", "fill")
	if err != nil {
		return 0, err
	}
	defer g.freeProgram(p)
	t := g.texture(gl.TEXTURE_2D)
	defer g.freeTexture(&t)
	pix := make([]byte, 4*256*256)
	for i := range pix {
		pix[i] = byte(i * 7919 >> 5)
	}
	gl.TexImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, 256, 0, gl.RGBA, gl.UNSIGNED_BYTE, gl.Ptr(pix))
	gl.GenerateMipmap(gl.TEXTURE_2D)
	filter(gl.TEXTURE_2D, gl.LINEAR_MIPMAP_NEAREST, gl.LINEAR, gl.REPEAT)
	var array uint32
	gl.GenVertexArrays(1, &array)
	defer gl.DeleteVertexArrays(1, &array)
	gl.BindVertexArray(array)
	gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
	gl.Viewport(0, 0, int32(w.width), int32(w.height))
	gl.Disable(gl.DEPTH_TEST)
	gl.UseProgram(p.id)
	gl.Uniform1i(p.at("uPicture"), 0)
	const passes = 4
	best := time.Hour
	for range 4 {
		gl.Finish()
		began := time.Now()
		for range passes {
			gl.DrawArrays(gl.TRIANGLES, 0, 3)
		}
		gl.Finish()
		best = min(best, time.Since(began)/passes)
	}
	gl.UseProgram(0)
	gl.BindVertexArray(0)
	return time.Duration(float64(best) * 1e6 / float64(w.width*w.height)), check("measure the graphics card")
}

// Software says whether the window is drawn by the processor.
func (w *Window) Software() bool {
	r := strings.ToLower(gl.GoStr(gl.GetString(gl.RENDERER)))
	for _, name := range []string{"llvmpipe", "softpipe", "swrast", "swiftshader", "software"} {
		if strings.Contains(r, name) {
			return true
		}
	}
	return false
}

// Governor is the governor for this machine, which takes fill to shade a million
// pixels. A processor pays for the copy from the lower resolution to the window
// as for a sixth of the fragments: it is worth it in a large window only, and not far down.
func (w *Window) Governor(fill time.Duration) Governor {
	const copying = .17
	switch {
	case !w.Software():
		return Governor{}
	case fill.Seconds()*float64(w.width*w.height)/1e6 > .004:
		return Governor{Start: .7, Least: .7, Copy: copying}
	}
	return Governor{Least: 1, Copy: copying}
}

// Auto picks the quality for this machine by its [Window.Fill], which it also
// returns, and the window's size. A processor gets what was worked out before; a
// graphics card what it can draw within a quarter of a frame's 16 ms. Where the
// measurement fails it picks Low, and the fill is 0.
func (w *Window) Auto() (Quality, time.Duration) {
	fill, err := w.Fill()
	if err != nil {
		return Low, 0
	}
	return pick(w.Software(), fill.Seconds()*float64(w.width*w.height)/1e6), fill
}

// pick is the quality for a machine that shades the whole window in so many
// seconds. A frame of medium quality takes a processor some 5.8 times as long, one of low a fifth
// less: 60 a second are 2.9 ms.
func pick(software bool, screen float64) Quality {
	switch {
	case software && screen > .0028:
		return Low
	case software:
		return Medium
	case screen < .00015:
		return Ultra
	case screen < .0006:
		return High
	case screen < .006:
		return Medium
	}
	return Low
}

// Governor keeps frames quick by the market's resolution: the last resort,
// since it shows. It is stepped once a frame by the frame loop. The zero value
// is ready.
type Governor struct {
	Goal   time.Duration // of a frame; 0 means 1/60 s
	Least  float64       // resolution; 0 means 0.5
	Start  float64       // resolution of the first frame; 0 means 1
	Copy   float64       // what the copy up to the window takes, as a part of a frame of the whole resolution
	mean   float64       // seconds, smoothed
	spread float64       // of frames' times about it, mean absolute, smoothed
	since  int           // frames since the last change
	failed int           // higher resolutions that had to be given up again
}

// resolutions are the steps of a governor.
var resolutions = [...]float64{1, .85, .7, .6, .5}

const (
	governorLowers = 30  // frames over the goal, at least, before the resolution goes down
	governorQuick  = 120 // frames that leave room for a higher one before it goes up,
	governorSlow   = 2.5 // spreads above the mean that must be within the goal then: some 19 of 20 frames are
	governorTries  = 600 // and frames at the goal, as with vertical sync, before it is tried; twice as many after each failure
)

// cost is what a frame takes at a resolution, as a part of what it takes at the
// whole: frames are fragments.
func (g *Governor) cost(resolution float64) float64 {
	if resolution >= 1 {
		return 1
	}
	return resolution*resolution + g.Copy
}

// lower is the next lower resolution that saves a tenth at least, higher the next
// higher one that costs more; the same where there is none.
func (g *Governor) lower(at int) int {
	for i := at + 1; i < len(resolutions) && resolutions[i] >= g.Least; i++ {
		if g.cost(resolutions[i]) < .9*g.cost(resolutions[at]) {
			return i
		}
	}
	return at
}

func (g *Governor) higher(at int) int {
	for i := at - 1; i >= 0; i-- {
		// One that costs as much as the whole is none.
		if c := g.cost(resolutions[i]); c > g.cost(resolutions[at]) && (i == 0 || c < .95) {
			return i
		}
	}
	return at
}

// Step takes the last frame's time and says what the resolution should be,
// given what it is. It goes down where frames take more than 1.1 of the goal, and
// up where nearly all would stay within it at a higher one, or where frames have long taken just the goal, as
// they do when they wait for the screen. A single long frame changes nothing.
func (g *Governor) Step(frame time.Duration, now float64) float64 {
	goal := g.Goal.Seconds()
	if goal <= 0 {
		goal = 1.0 / 60
	}
	x := min(frame.Seconds(), 4*goal)
	if g.mean == 0 {
		g.mean = x
	}
	g.mean += (x - g.mean) * .06
	g.spread += (math.Abs(x-g.mean) - g.spread) * .02
	g.since++
	at := 0
	for i, r := range resolutions {
		if now <= r+.001 {
			at = i
		}
	}
	up := g.higher(at)
	then := (g.mean + governorSlow*g.spread) * g.cost(resolutions[up]) / g.cost(resolutions[at])
	waits := g.mean > .97*goal && g.mean < 1.05*goal
	switch {
	case g.mean > 1.1*goal && g.since > governorLowers && g.lower(at) != at:
		if g.since < 5*governorLowers && g.failed < 6 {
			g.failed++
		}
		g.since, at = 0, g.lower(at)
	case up != at && (then < goal && g.since > governorQuick || waits && g.since > governorTries<<g.failed):
		g.since, at = 0, up
	}
	return resolutions[at]
}
