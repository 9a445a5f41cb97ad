package place_test

import (
	"testing"

	"souk/attention/place"
	"souk/world"
)

// walkInputs is a recorded walk, so that a benchmark measures the placer and
// neither the walk nor what is visible. The holding is what a placer made of it.
func walkInputs(b testing.TB, n int, dt float64) []place.Input {
	p := mustMarket(b)
	w := newWalker(p, place.DefaultConfig(), newFickle(len(p.Catalog().Items), 1), 2)
	var ins []place.Input
	for range n {
		in := w.move(dt)
		in.Visible = append(in.Visible[:0:0], in.Visible...)
		in.Holding = append([]world.ItemIndex(nil), in.Holding...)
		ins = append(ins, in)
		w.apply(w.placer.Step(in))
	}
	return ins
}

// BenchmarkStep is the placer in a walk at 60 Hz, the policy's time included.
func BenchmarkStep(b *testing.B) {
	ins := walkInputs(b, 3600, 1.0/60)
	p := mustMarket(b)
	placer := place.NewPlacer(place.DefaultConfig(), p, p.Catalog())
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		in := ins[i%len(ins)]
		in.T += float64(i/len(ins)) * 60
		placer.Step(in)
		i++
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	ins := walkInputs(t, 1200, 0.1)
	p := mustMarket(t)
	placer := place.NewPlacer(place.DefaultConfig(), p, p.Catalog())
	i := 0
	step := func() {
		in := ins[i%len(ins)]
		in.T += float64(i/len(ins)) * 120
		placer.Step(in)
		i++
	}
	for range len(ins) {
		step()
	}
	if n := testing.AllocsPerRun(len(ins), step); n != 0 {
		t.Errorf("%v allocations for each step", n)
	}
}
