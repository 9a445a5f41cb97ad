//go:build cgo

package market_test

import (
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market"
	"souk/world"
	"souk/world/plan"
)

// census counts what lives on the graphics card by asking the driver about
// every name, and not the scene about its books.
type census struct{ Buffers, Arrays, Textures, Programs, Shaders, Frames, Renders, Queries, Samplers int }

// mostNames is how many names are asked about: drivers give the lowest that are free.
const mostNames = 1 << 15

func takeCensus(tb testing.TB) census {
	tb.Helper()
	var c census
	top := uint32(0)
	for name := uint32(1); name < mostNames; name++ {
		for _, k := range []struct {
			n  *int
			is func(uint32) bool
		}{
			{&c.Buffers, gl.IsBuffer}, {&c.Arrays, gl.IsVertexArray}, {&c.Textures, gl.IsTexture}, {&c.Programs, gl.IsProgram}, {&c.Shaders, gl.IsShader},
			{&c.Frames, gl.IsFramebuffer}, {&c.Renders, gl.IsRenderbuffer}, {&c.Queries, gl.IsQuery}, {&c.Samplers, gl.IsSampler},
		} {
			if k.is(name) {
				*k.n++
				top = name
			}
		}
	}
	if top > mostNames/2 {
		tb.Fatalf("the driver gives names up to %d: ask about more than %d", top, mostNames)
	}
	return c
}

// all is everything but shaders, which live inside their programs.
func (c census) all() int {
	return c.Buffers + c.Arrays + c.Textures + c.Programs + c.Frames + c.Renders + c.Queries + c.Samplers
}

func (c census) minus(d census) census {
	return census{c.Buffers - d.Buffers, c.Arrays - d.Arrays, c.Textures - d.Textures, c.Programs - d.Programs, c.Shaders - d.Shaders, c.Frames - d.Frames, c.Renders - d.Renders,
		c.Queries - d.Queries, c.Samplers - d.Samplers}
}

// loads is how many chunks the walk is to load.
const loads = 1000

// One walk through a market, until a thousand stalls have been loaded: what the
// scene counts and what the driver counts is the same all along, a loaded stall
// takes no object, every place in the pools is somebody's or free, and nothing is left after.
func TestAThousandLoadsLeaveNothing(t *testing.T) {
	win := window(t, 96, 64, 0)
	p := demo(t, 24000)
	before := takeCensus(t)
	s, err := market.NewScene(win, p, market.Options{Quality: market.Low})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	now := 0.0
	rnd := rand.New(rand.NewPCG(7, 7))
	home := pose(0, 6, 0, 0)
	draw := func(at world.Pose) {
		now += .1
		s.Draw(now, at, world.DesktopLens())
	}
	// settle empties the pedestals and stands outside, looking away, until
	// nothing more comes or goes; it returns what there is.
	outside := pose(p.Bounds.Max.X+250, p.Bounds.Max.Z+250, -135, 0)
	settle := func() (c census) {
		for i := p.FirstFeature(); int(i) < len(p.Slots); i++ {
			s.SetHolding(i, world.NoItem, world.Text{})
		}
		s.SetAvatars(nil)
		for had, same := -1, 0; same < 20; had = s.Objects() {
			draw(outside)
			if same++; s.Objects() != had {
				same = 0
			}
			time.Sleep(time.Millisecond) // what is loaded beside the frames arrives
		}
		c = takeCensus(t).minus(before)
		if c.all() != s.Objects() {
			t.Errorf("the scene counts %d objects and the driver %d: %+v", s.Objects(), c.all(), c)
		}
		return c
	}
	// Everything is used once: a name becomes an object when it is.
	s.SetHolding(p.FirstFeature(), 3, world.Text{EN: "for you"})
	s.SetAvatars([]market.Avatar{{ID: 1, Name: "Mei", Pose: pose(0, 2, 0, 0)}})
	for range 3 {
		draw(home)
		draw(p.Approach(p.FirstFeature()))
	}
	first := settle()
	loaded, had, frames, most := 0, s.Stats().Loaded, 0, 0
	for ; loaded < loads && frames < 20*loads; frames++ {
		draw(walkAt(p, rnd, frames))
		// The least that was loaded: what came and went in one frame is not seen.
		loaded += max(0, s.Stats().Loaded-had)
		had = s.Stats().Loaded
		most = max(most, had)
		if frames%50 == 0 {
			pedestal := p.FirstFeature() + world.SlotIndex(rnd.IntN(len(p.Slots)-int(p.FirstFeature())))
			s.SetHolding(pedestal, world.ItemIndex(rnd.IntN(2000)), world.Text{EN: "for you"})
			s.SetAvatars([]market.Avatar{{ID: uint64(frames%7 + 1), Name: "Mei", Pose: home}})
		}
		if frames%1000 == 400 || loaded >= loads {
			noErrors(t)
			c := settle()
			if c != first {
				t.Errorf("after %d loads there are %+v, and %+v before", loaded, c, first)
			}
			if taken, held := s.PoolBooks(); taken != held {
				t.Errorf("after %d loads %d places of the pools are taken, and %d are known of", loaded, taken, held)
			}
			had = s.Stats().Loaded
		}
	}
	t.Logf("%d loads in %d frames; at most %d stalls at a time, %d objects; now %d", loaded, frames, most, first.all(), s.Objects())
	if loaded < loads {
		t.Fatalf("only %d stalls were loaded in %d frames", loaded, frames)
	}
	if most > loaded/2 {
		t.Errorf("of %d loaded stalls %d were kept at a time: nothing is freed", loaded, most)
	}
	s.Close()
	if left := takeCensus(t).minus(before); left != (census{}) || s.Objects() != 0 {
		t.Errorf("the closed scene leaves %+v with the driver, and says %d", left, s.Objects())
	}
}

// walkAt is a seeded walk: along one aisle after another, a step of a tenth of
// it a frame. It looks at its feet, where what is near is: to draw what is far
// takes time and loads nothing.
func walkAt(p *plan.Plan, rnd *rand.Rand, frame int) world.Pose {
	a := &p.Aisles[(frame/10)%len(p.Aisles)]
	q := r3.Add(a.From, r3.Scale(float64(frame%10)/10, r3.Sub(a.To, a.From)))
	q.Y = plan.EyeHeight
	return world.Upright(q, rnd.Float64()*2*math.Pi, -.6)
}

// A market that finds too little memory on the graphics card shows what is near
// and goes on: what was loaded far away makes room, and comes again with more.
func TestTooLittleMemoryShowsWhatIsNear(t *testing.T) {
	win := window(t, 320, 180, 0)
	p := demo(t, 2000)
	defer market.SetMemory(market.High, 3)()
	s := scene(t, win, p, market.Options{Quality: market.High})
	now := 0.0
	for i := p.FirstFeature(); int(i) < len(p.Slots); i++ {
		s.SetHolding(i, 7, world.Text{EN: "for you"})
	}
	rnd := rand.New(rand.NewPCG(3, 3))
	for i := range 40 {
		a := &p.Aisles[i%len(p.Aisles)]
		q := r3.Add(a.From, r3.Scale(rnd.Float64(), r3.Sub(a.To, a.From)))
		q.Y = plan.EyeHeight
		at := world.Upright(q, rnd.Float64()*2*math.Pi, 0)
		s.Settle(at, world.DesktopLens())
		for range 3 {
			now += .1
			s.Draw(now, at, world.DesktopLens())
		}
		if taken, held := s.PoolBooks(); taken != held {
			t.Fatalf("place %d: %d places of the pools are taken, and %d are known of", i, taken, held)
		}
		if near, missing := s.Shown(); near && missing {
			t.Errorf("place %d: the nearest stall in view has no goods, and one farther away has", i)
		}
	}
	if s.Stats().Short == 0 || s.Stats().Loaded == 0 {
		t.Errorf("there was never too little: %+v", s.Stats())
	}
	noErrors(t)
}

// What stands on a pedestal out of sight takes nothing on the graphics card,
// and is there again when somebody comes: a long visit fills thousands.
func TestFarPedestalsTakeNothing(t *testing.T) {
	win := window(t, 96, 64, 0)
	p := demo(t, 6000)
	s := scene(t, win, p, market.Options{Quality: market.Low})
	last := world.SlotIndex(len(p.Slots) - 1)
	here, there := p.Approach(p.FirstFeature()), p.Approach(p.FirstFeature())
	for i := p.FirstFeature(); i <= last; i++ {
		if q := p.Approach(i); r3.Norm(r3.Sub(here.Pos, q.Pos)) > r3.Norm(r3.Sub(here.Pos, there.Pos)) {
			there = q
		}
	}
	s.Draw(0, here, world.DesktopLens())
	for i := p.FirstFeature(); i <= last; i++ {
		s.SetHolding(i, 7, world.Text{EN: "for you"})
	}
	all := int(last-p.FirstFeature()) + 1
	held := func(at world.Pose) int {
		lens := world.Lens{FovY: .1, Aspect: 1, Far: 1}
		s.Draw(1, at, lens)
		s.Settle(at, lens)
		s.Draw(1, at, lens)
		return s.ThingsOnCard()
	}
	a, b, c := held(here), held(there), held(here)
	// On the way back those a little beyond reach are still there.
	if a == 0 || b == 0 || max(a, b, c) > all*3/4 || c < a {
		t.Errorf("of %d pedestals in all the market %d have their thing on the card seen from one end, %d from the other, and %d back at the first", all, a, b, c)
	}
	noErrors(t)
}

// The same with a scene that is opened and closed over and over.
func TestScenesOpenedAndClosedLeaveNothing(t *testing.T) {
	win := window(t, 96, 64, 0)
	p := demo(t, 300)
	before := takeCensus(t)
	for i := range 4 {
		s, err := market.NewScene(win, p, market.Options{Quality: []market.Quality{market.Low, market.Medium}[i%2]})
		if err != nil {
			t.Fatal(err)
		}
		s.SetHolding(p.FirstFeature(), 3, world.Text{EN: "for you"})
		s.Draw(1, pose(0, 6, 0, 0), world.DesktopLens())
		s.Close()
		if left := takeCensus(t).minus(before); left != (census{}) {
			t.Fatalf("scene %d leaves %+v", i, left)
		}
	}
}

// bare opens a window whose complaints are the test's own affair.
func bare(t *testing.T) *market.Window {
	t.Helper()
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no display: set DISPLAY, for instance to an Xvfb")
	}
	win, err := market.Open(market.WindowOptions{Width: 64, Height: 64, Hidden: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(win.Close)
	return win
}

// oneSentence holds an error to one line that has all of the words.
func oneSentence(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, wanted one about %q", words)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q is not in: %v", w, err)
		}
	}
	if strings.ContainsAny(err.Error(), "\n\x00") {
		t.Errorf("it is more than a line: %q", err)
	}
}

// A driver that refuses a shader gets a sentence with the shader's name, and
// keeps nothing of the scene; the next scene is well.
func TestBrokenShaderGetsASentence(t *testing.T) {
	win := bare(t)
	p := demo(t, 60)
	files, err := market.ShaderFiles()
	if err != nil || len(files) < 10 {
		t.Fatalf("%d shaders: %v", len(files), err)
	}
	before := takeCensus(t)
	broken := 0
	for _, name := range files {
		if strings.HasSuffix(name, "common.glsl") {
			continue
		}
		restore := market.ReadShader(func(asked string) ([]byte, error) {
			if asked == name {
				return []byte("this is no shader;\nnor is this"), nil
			}
			return nil, nil
		})
		s, err := market.NewScene(win, p, market.Options{})
		restore()
		if err == nil {
			s.Close() // a shader of another quality
			continue
		}
		broken++
		oneSentence(t, err, strings.TrimPrefix(name, "shaders/"), "the graphics driver may be too old")
		if left := takeCensus(t).minus(before); left != (census{}) {
			t.Errorf("a broken %s leaves %+v", name, left)
		}
	}
	if broken < len(files)/2 {
		t.Errorf("only %d of %d shaders were missed", broken, len(files))
	}
	s, err := market.NewScene(win, p, market.Options{})
	if err != nil {
		t.Fatalf("after the broken ones: %v", err)
	}
	s.Close()
}

// Out of memory on the graphics card, said by the driver itself while the
// market is sent to it, gets a sentence and leaves nothing.
func TestOutOfMemoryGetsASentence(t *testing.T) {
	win := bare(t)
	p := demo(t, 60)
	before := takeCensus(t)
	done := false
	restore := market.ReadShader(func(string) ([]byte, error) {
		if !done {
			done = true
			var b uint32
			gl.GenBuffers(1, &b)
			gl.BindBuffer(gl.ARRAY_BUFFER, b)
			gl.BufferData(gl.ARRAY_BUFFER, 1<<46, nil, gl.STATIC_DRAW)
			gl.DeleteBuffers(1, &b)
		}
		return nil, nil
	})
	defer restore()
	s, err := market.NewScene(win, p, market.Options{})
	if err == nil {
		s.Close()
		t.Skip("this driver takes 64 TiB without a word")
	}
	oneSentence(t, err, "build the market's scene", "out of memory")
	if left := takeCensus(t).minus(before); left != (census{}) {
		t.Errorf("it leaves %+v", left)
	}
}
