package attention_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/attention"
	"souk/attention/rank"
	"souk/input"
	"souk/world"
	"souk/world/plan"
)

// footage is a stretch of a session, made beforehand so that a benchmark
// times the engine alone.
type footage struct {
	frames []attention.Frame
	views  float64 // mean per frame
}

// film stands for 3 s each at places with about so many things in view, so that
// items come and go, and looks from one thing to another every 0.7 s, with 1.5° of noise.
func film(tb testing.TB, p *plan.Plan, frames, views int) *footage {
	tb.Helper()
	const places = 5
	rng := rand.New(rand.NewPCG(1, 1))
	viewer, holding := p.NewViewer(), p.NewHolding()
	type place struct {
		head  world.Pose
		views []plan.View
	}
	var found []place
	for range 400 {
		aisle := p.Aisles[rng.IntN(len(p.Aisles))]
		at := r3.Add(aisle.From, r3.Scale(rng.Float64(), r3.Sub(aisle.To, aisle.From)))
		at.Y = p.EyeHeight
		head := world.Upright(at, rng.Float64()*6, 0)
		found = append(found, place{head, viewer.Visible(nil, holding, head, world.DesktopLens())})
	}
	slices.SortStableFunc(found, func(a, b place) int { return abs(len(a.views)-views) - abs(len(b.views)-views) })
	f := &footage{frames: make([]attention.Frame, frames)}
	var look r3.Vec
	for i := range f.frames {
		at := found[i/180%places]
		f.views += float64(len(at.views)) / float64(frames)
		if i%42 == 0 || i%180 == 0 {
			v := at.views[rng.IntN(len(at.views))]
			look = r3.Vec{X: float64(v.Dir[0]), Y: float64(v.Dir[1]), Z: float64(v.Dir[2])}
		}
		back := at.head.Rot
		back.Imag, back.Jmag, back.Kmag = -back.Imag, -back.Jmag, -back.Kmag
		n := 1.5 * degree
		d := r3.Add(look, r3.Vec{X: n * rng.NormFloat64(), Y: n * rng.NormFloat64(), Z: n * rng.NormFloat64()})
		f.frames[i] = attention.Frame{
			Head: at.head, Lens: world.DesktopLens(), Visible: at.views,
			Samples: []input.Sample{{Dir: r3.Rotation(back).Rotate(r3.Unit(d)), Valid: true, Confidence: 1, Source: world.SourceSimulated}},
		}
	}
	return f
}

func abs(i int) int { return max(i, -i) }

// play gives the engine the frame that comes i-th, at 60 a second.
func (f *footage) play(e *attention.Engine, i int) *attention.Decision {
	frame := &f.frames[i%len(f.frames)]
	frame.T = float64(i) / 60
	frame.Samples[0].T = frame.T
	return e.Step(frame)
}

func TestAFrameAllocatesNothingInSteadyState(t *testing.T) {
	p := market(t, 2000)
	f := film(t, p, 2000, 150)
	for name, policy := range map[string]rank.Policy{"none": nil, "ranker": ranker(t, p, 1), "random": rank.NewRandom(2000, 1)} {
		e, err := attention.New(attention.DefaultConfig(), p, policy, 1)
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		for range 6000 {
			f.play(e, i)
			i++
		}
		if n := testing.AllocsPerRun(2000, func() { f.play(e, i); i++ }); n != 0 {
			t.Errorf("policy %s: %v allocations a frame", name, n)
		}
	}
}

// BenchmarkStep is a whole frame of the closed loop at 60 a second, with
// everything that a look sets off: evidence, ranking, proposals, placement.
func BenchmarkStep(b *testing.B) {
	for _, items := range []int{2000, 50000} {
		p := market(b, items)
		f := film(b, p, 3000, 150)
		for _, name := range []string{"none", "ranker"} {
			b.Run(fmt.Sprintf("items=%d/policy=%s", items, name), func(b *testing.B) {
				var policy rank.Policy
				if name == "ranker" {
					policy = ranker(b, p, 1)
				}
				e, err := attention.New(attention.DefaultConfig(), p, policy, 1)
				if err != nil {
					b.Fatal(err)
				}
				i, ranked := 0, 0
				for ; i < 3000; i++ {
					f.play(e, i)
				}
				updates := make([]time.Duration, 0, 1<<16) // frames with a ranking
				b.ReportAllocs()
				for b.Loop() {
					start := time.Now()
					if f.play(e, i).Reranked {
						ranked++
						if len(updates) < cap(updates) {
							updates = append(updates, time.Since(start))
						}
					}
					i++
				}
				if len(updates) > 0 {
					slices.Sort(updates)
					b.ReportMetric(float64(updates[len(updates)*99/100].Nanoseconds()), "p99-ns/ranking-frame")
				}
				b.ReportMetric(f.views, "views")
				b.ReportMetric(float64(ranked)/float64(b.N), "rankings/frame")
			})
		}
	}
}

// BenchmarkRayEveryItem is the naive way to name what is looked at, beside the
// whole of BenchmarkStep: a ray against the silhouette of every item of the
// market, in view or not.
func BenchmarkRayEveryItem(b *testing.B) {
	p := market(b, 50000)
	holding := p.NewHolding()
	centres := make([]r3.Vec, len(p.Slots))
	sizes := make([]r3.Vec, len(p.Slots))
	for i := range p.Slots {
		centres[i] = p.SlotItemCentre(world.SlotIndex(i), holding[i])
		if holding[i] != world.NoItem {
			sizes[i] = p.Catalog().Items[holding[i]].Look.Size
		}
	}
	eye, dir := p.Spawn.Pos, p.Spawn.Ahead()
	found := world.NoSlot
	b.ReportAllocs()
	for b.Loop() {
		near := 40.0
		for i := range centres {
			to := r3.Sub(centres[i], eye)
			along := r3.Dot(to, dir)
			if along <= 0 || along >= near {
				continue
			}
			if off := r3.Norm(r3.Sub(to, r3.Scale(along, dir))); off < max(sizes[i].X, sizes[i].Y)/2 {
				near, found = along, world.SlotIndex(i)
			}
		}
	}
	_ = found
}
