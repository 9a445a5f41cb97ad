//go:build cgo

package market

import (
	"slices"
	"testing"
	"time"

	"gonum.org/v1/gonum/spatial/r3"
	"pgregory.net/rapid"

	"souk/scene/lettering"
	"souk/scene/market/model"
	"souk/scene/market/model/library"
	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

func TestQualityFollowsTheMachine(t *testing.T) {
	for _, c := range []struct {
		name     string
		software bool
		screen   float64 // seconds
		want     Quality
	}{
		{"a processor in a small window", true, .0028, Medium},
		{"a slower one", true, .0031, Low},
		{"a processor in a large window", true, .005, Low},
		{"however quick a processor is, nothing is worked out in the frame", true, .0001, Medium},
		{"a good card", false, .0001, Ultra},
		{"a card", false, .0004, High},
		{"an old card", false, .003, Medium},
		{"a card that is none", false, .05, Low},
	} {
		if got := pick(c.software, c.screen); got != c.want {
			t.Errorf("%s: quality %d, want %d", c.name, got, c.want)
		}
	}
}

func TestGovernorLowersTheResolutionUntilFramesAreQuick(t *testing.T) {
	var g Governor
	at := 1.0
	cost := func(r float64) time.Duration { return time.Duration((6 + 24*r*r) * 1e6) } // ms, by pixels
	for range 600 {
		at = g.Step(cost(at), at)
	}
	if c := cost(at); c > 20*time.Millisecond || at < .5 {
		t.Errorf("after ten seconds the resolution is %v, a frame %v", at, c)
	}
}

func TestGovernorIgnoresASingleLongFrame(t *testing.T) {
	var g Governor
	at := 1.0
	for i := range 400 {
		frame := 12 * time.Millisecond
		if i%100 == 50 {
			frame = 300 * time.Millisecond
		}
		at = g.Step(frame, at)
	}
	if at != 1 {
		t.Errorf("four long frames of 400 brought the resolution to %v", at)
	}
}

// A frame that misses the screen now and then changes nothing, where all others
// just meet it.
func TestGovernorIgnoresAMissedRefresh(t *testing.T) {
	var g Governor
	at := 1.0
	for i := range 4000 {
		frame := time.Second / 60
		if i%50 == 49 {
			frame *= 2
		}
		if at = g.Step(frame, at); at != 1 {
			t.Fatalf("after %d frames the resolution is %v", i, at)
		}
	}
}

func TestGovernorComesBackAndDoesNotSwing(t *testing.T) {
	var g Governor
	at, changes := 1.0, 0
	for i := range 40000 {
		frame := time.Duration(16.6e6) // vertical sync
		if at > .9 || i < 300 {
			frame = 30 * time.Millisecond // what the whole resolution costs
		}
		next := g.Step(frame, at)
		if next != at {
			changes++
		}
		at = next
	}
	if at > .9 || changes > 24 {
		t.Errorf("in eleven minutes the resolution changed %d times and is %v", changes, at)
	}
}

// A processor that keeps the goal at 0.7 but would not at the whole resolution
// is left there, and is not sent to a resolution whose copy costs what its pixels save.
func TestGovernorReckonsWithTheCopy(t *testing.T) {
	g := Governor{Start: .7, Least: .7, Copy: .33} // a copy as dear as 0.57 of a side's pixels
	at := g.Start
	for i := range 4000 {
		whole := 18.5 // ms
		if i >= 3000 {
			whole = 11 // the walker comes to where there is less
		}
		frame := whole
		if at < 1 {
			frame = whole * (at*at + .33)
		}
		at = g.Step(time.Duration(frame*1e6), at)
		if want := .7; i < 3000 && at != want || at != .7 && at != 1 {
			t.Fatalf("frame %d of %.1f ms: resolution %v", i, frame, at)
		}
	}
	if at != 1 {
		t.Errorf("with room for the whole resolution it is %v", at)
	}
	for range 300 { // and back, where there is more again
		at = g.Step(24*time.Millisecond, at)
	}
	if at != .7 {
		t.Errorf("with slow frames again it is %v", at)
	}
}

func TestGovernorKeepsToItsLeast(t *testing.T) {
	for _, least := range []float64{1, .7} {
		g := Governor{Least: least}
		at := 1.0
		for range 2000 {
			at = g.Step(90*time.Millisecond, at)
		}
		if at != least {
			t.Errorf("the least is %v, and the resolution %v", least, at)
		}
	}
}

func TestGovernorStaysAmongItsSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var g Governor
		at := 1.0
		for range 300 {
			at = g.Step(time.Duration(rapid.Int64Range(0, 4e8).Draw(t, "frame")), at)
			if at < .5 || at > 1 {
				t.Fatalf("a resolution of %v", at)
			}
		}
	})
}

// smallMarket is a market of 400 items.
func smallMarket(t *testing.T) *plan.Plan {
	c, err := catalog.Generate(400, 1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(c, 1)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestGroundIsDarkUnderRoofsAndLitInTheOpen(t *testing.T) {
	p := smallMarket(t)
	sun := r3.Unit(r3.Vec{X: .52, Y: .60, Z: .58})
	g := newGroundLight(p, sun)
	for i := range p.Stalls {
		s := &p.Stalls[i]
		if lit, _ := g.at(s.Box.Center()); lit > .05 {
			t.Fatalf("stall %d: %.2f of the sun comes to the ground in its middle", i, lit)
		}
		if _, lamp := g.at(r3.Add(s.Front(), r3.Vec{Z: map[bool]float64{true: .5, false: -.5}[faceSouth(s)]})); lamp < .1 {
			t.Fatalf("stall %d: before it only %.2f of a lantern's light", i, lamp)
		}
	}
	if lit := plazaLight(g); lit < .6 {
		t.Errorf("over the plaza only %.2f of the sun", lit)
	}
	if lit, lamp := g.at(r3.Vec{X: 1e4}); lit != 1 || lamp != 0 {
		t.Errorf("far outside: %v of the sun, %v of lamps", lit, lamp)
	}
	// With the sun at the horizon nothing throws a shadow map of the whole world.
	low := newGroundLight(p, r3.Unit(r3.Vec{X: 1, Y: .01}))
	if lit := plazaLight(low); lit != 1 {
		t.Errorf("without a sun there is a shadow: %v", lit)
	}
}

// plazaLight is the mean of the sun's light over the plaza.
func plazaLight(g *groundLight) float64 {
	sum, n := 0.0, 0.0
	for x := -6.0; x <= 6; x += .5 {
		for z := -6.0; z <= 6; z += .5 {
			lit, _ := g.at(r3.Vec{X: x, Z: z})
			sum, n = sum+lit, n+1
		}
	}
	return sum / n
}

func TestAnAwningKeepsTheSunFromWhatIsDeepInside(t *testing.T) {
	south := stallLight(r3.Unit(r3.Vec{X: .3, Y: .6, Z: .6}), 0) // the sun shines into the front
	deep, _ := south(0, 1.2, -1.1)
	foot, _ := south(0, .05, .02)
	if deep > 20 || foot < 235 {
		t.Errorf("sun from the front: %d of 255 deep inside, %d at the foot", deep, foot)
	}
	north := stallLight(r3.Unit(r3.Vec{X: .3, Y: .6, Z: -.6}), 0) // and onto the back
	if lit, _ := north(0, .8, .02); lit > 20 {
		t.Errorf("sun from behind: %d of 255 on the counter", lit)
	}
	// The wall behind the goods: the sun comes to it over the counter alone.
	low, high := insideSun(r3.Unit(r3.Vec{X: .3, Y: .1, Z: .6}), plan.Shelved), insideSun(r3.Unit(r3.Vec{Y: .8, Z: .6}), plan.Shelved)
	for _, c := range []struct {
		what      string
		lit       float64
		least, up float64
	}{
		{"a low sun, at a man's breast", low(1.3, -1.1), .9, 1}, {"a low sun, behind the counter", low(.3, -1.1), 0, .1},
		{"a low sun, under the roof", low(2.5, -1.1), 0, .1}, {"a high sun", high(1.3, -1.1), 0, .1},
		{"the sun behind the stall", insideSun(r3.Vec{Z: -1}, plan.Shelved)(1.3, -1.1), 0, 0},
	} {
		if c.lit < c.least || c.lit > c.up {
			t.Errorf("%s: %.2f of the sun comes to the back wall, wanted %.1f to %.1f", c.what, c.lit, c.least, c.up)
		}
	}
	_, near := south(float32(lampX(0)), lampHeight, lampOut)
	_, away := south(float32(lampX(0))+2, .2, -1)
	if near < 240 || away > near/2 {
		t.Errorf("lantern: %d of 255 beside it, %d two metres off", near, away)
	}
}

// What is clear of a thing is drawn after all else, so its triangles lie last:
// none is lost, each stays whole, and the order of either kind is kept.
func TestGlassComesLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p pieces
		n := rapid.IntRange(0, 12).Draw(t, "triangles")
		from := 3 * rapid.IntRange(0, n).Draw(t, "first")
		var solid, clear []uint32
		for i := range n {
			m := model.Material(rapid.IntRange(int(model.Metal), int(model.Cloth)).Draw(t, "material"))
			for k := range 3 {
				p.vertices = append(p.vertices, vertex{Vertex: model.Vertex{Material: m}})
				p.indices = append(p.indices, uint32(3*i+k))
			}
			if to := &solid; 3*i >= from {
				if m == model.Glass {
					to = &clear
				}
				*to = append(*to, p.indices[3*i:]...)
			}
		}
		before := slices.Clone(p.indices[:from])
		at := p.clearLast(int32(from), int32(len(p.indices)))
		want := append(append(before, solid...), clear...)
		if int(at) != from+len(solid) || !slices.Equal(p.indices, want) {
			t.Fatalf("from %d: glass begins at %d of %v, wanted %d of %v", from, at, p.indices, from+len(solid), want)
		}
	})
}

// TestGoodsLieAsTheirStartsSay: each item's triangles lie between its start
// and the next, and at its slot.
func TestGoodsLieAsTheirStartsSay(t *testing.T) {
	p := smallMarket(t)
	faces, err := lettering.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	l := newLetters(faces)
	var g goods
	for n := range p.Stalls {
		s := &p.Stalls[n]
		g.make(p, n, false, r3.Vec{Y: 1}, libraryOf(p), l)
		for k, starts := range [][]int32{g.near, g.far} {
			if len(starts) != int(s.Slots)+1 {
				t.Fatalf("stall %d: %d starts for %d slots", n, len(starts), s.Slots)
			}
			for i := range int(s.Slots) {
				slot := &p.Slots[s.FirstSlot+world.SlotIndex(i)]
				if starts[i+1] <= starts[i] {
					t.Fatalf("stall %d, form %d: item %d has no triangles", n, k, i)
				}
				for _, v := range g.indices[starts[i]:starts[i+1]] {
					q := g.vertices[v]
					if d := r3.Norm(r3.Sub(r3.Vec{X: float64(q.X), Y: float64(q.Y), Z: float64(q.Z)}, slot.Pos)); d > 1.3 {
						t.Fatalf("stall %d, form %d: a corner of item %d is %.2f m from its slot", n, k, i, d)
					}
				}
			}
		}
	}
}

func libraryOf(p *plan.Plan) *library.Library { return library.Of(p.Catalog(), nil) }
