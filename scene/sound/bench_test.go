package sound_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/sound"
	"souk/world"
)

// long is a clip that does not end while a benchmark runs a while.
func long() []float32 {
	s := make([]float32, 60*sound.Rate)
	for i := range s {
		s[i] = .05 * float32(math.Sin(float64(i)*.03))
	}
	return s
}

const tenMilliseconds = sound.Rate / 100

// around16 are places of 16 sources, some of them close.
func around16(i int) r3.Vec {
	a := float64(i) * 2.4
	return r3.Vec{X: math.Sin(a) * (1 + float64(i)/2), Z: math.Cos(a) * (1 + float64(i)/2)}
}

// BenchmarkMix mixes 10 ms. budget-% is its share of those 10 ms: of one core.
func BenchmarkMix(b *testing.B) {
	clip := sound.ClipOf(long())
	for _, tc := range []struct {
		name   string
		voices int
		air    sound.Air
		turn   bool
	}{
		{"silence", 0, sound.Air{}, false},
		{"air", 0, sound.Air{Murmur: 1, Wind: 1, Crickets: 1}, false},
		{"3-voices-air", 3, sound.Air{Murmur: 1, Wind: 1}, true},
		{"16-voices", 16, sound.Air{}, false},
		{"16-voices-air-turning", 16, sound.Air{Murmur: 1, Wind: 1, Crickets: 1}, true},
	} {
		b.Run(tc.name, func(b *testing.B) {
			m := sound.NewMixer()
			m.SetBank(bank())
			out := make([]float32, 2*tenMilliseconds)
			refill := func() {
				for i := range tc.voices {
					m.Play(sound.Source{Clip: clip, Gain: .3, At: around16(i), Placed: true})
				}
			}
			m.Hear(here, tc.air)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				if n%5900 == 0 {
					refill()
				}
				n++
				if tc.turn {
					m.Hear(world.Upright(r3.Vec{}, float64(n)*.02, 0), tc.air)
				}
				m.Mix(out)
			}
			budget(b)
		})
	}
}

// BenchmarkMixNaive is 16 voices as one writes it down first: each into a new
// block, with its place worked out for every sample, and all of them added up.
func BenchmarkMixNaive(b *testing.B) {
	clip := long()
	b.ReportAllocs()
	pos := 0
	for b.Loop() {
		sum := make([]float64, 2*tenMilliseconds)
		for i := range 16 {
			own := make([]float64, 2*tenMilliseconds)
			for k := range tenMilliseconds {
				to := r3.Sub(around16(i), here.Pos)
				d := r3.Norm(to)
				side := r3.Dot(r3.Unit(to), here.Rotate(r3.Vec{X: 1}))
				theta := math.Asin(side)
				late := .0875 / 343 * (theta + side) * sound.Rate
				at := func(delay float64) float64 {
					x := float64(pos+k+48) - delay
					f := x - math.Floor(x)
					return (1-f)*float64(clip[int(x)]) + f*float64(clip[int(x)+1])
				}
				own[2*k] = at(max(0, late)) * math.Cos((1+side)*math.Pi/4) / max(1.2, d)
				own[2*k+1] = at(max(0, -late)) * math.Sin((1+side)*math.Pi/4) / max(1.2, d)
			}
			for k := range own {
				sum[k] += own[k]
			}
		}
		for k := range sum {
			sum[k] = math.Tanh(sum[k])
		}
		pos = (pos + tenMilliseconds) % (len(clip) / 2)
	}
	budget(b)
}

// budget reports the share of ten milliseconds that a block takes.
func budget(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1e7*100, "budget-%")
}

// Mixing allocates nothing, whatever begins and ends.
func TestMixingAllocatesNothing(t *testing.T) {
	m := sound.NewMixer()
	m.SetBank(bank())
	out := make([]float32, 2*tenMilliseconds)
	if n := testing.AllocsPerRun(300, func() {
		m.Play(sound.Source{Clip: bank().Steps[1], Gain: 1, At: r3.Vec{X: 2}, Placed: true})
		m.Hear(here, sound.Air{Murmur: 1, Wind: .5, Crickets: .2})
		m.Mix(out)
	}); n != 0 {
		t.Errorf("%v allocations a block", n)
	}
}
