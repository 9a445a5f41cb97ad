//go:build cgo

package market

import (
	"image"
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
)

// everyHalfHour calls f for the light of each half hour of a day.
func everyHalfHour(f func(hour float64, l *light)) {
	for h := 0.0; h < 24; h += .5 {
		l := lightAt(h)
		f(h, &l)
	}
}

// What is far away fades into the haze, and behind it begins the sky: at the
// horizon they are the same, all round, at any hour.
func TestSkyIsTheHazeAtTheHorizon(t *testing.T) {
	clouds := newLattice(1)
	everyHalfHour(func(h float64, l *light) {
		for k := range 36 {
			s, c := math.Sincos(float64(k) * math.Pi / 18)
			sky := skyColour(l, clouds, r3.Vec{X: s, Z: c})
			for i := range sky {
				if d := math.Abs(sky[i] - float64(l.haze[i])); d > 1e-6 {
					t.Fatalf("at %.1f h, %d°: the sky is %v and the haze %v", h, k*10, sky, l.haze)
				}
			}
		}
	})
}

// The light changes gently: in a minute nothing jumps, and shadows change from
// sun to moon only where neither gives light.
func TestLightHasNoJumps(t *testing.T) {
	for m := 0; m < 24*60; m++ {
		a, b := lightAt(float64(m)/60), lightAt(float64(m+1)/60)
		for i := range 3 {
			for name, d := range map[string]float64{"sun": float64(a.sun[i] - b.sun[i]), "sky": float64(a.sky[i] - b.sky[i]), "earth": float64(a.earth[i] - b.earth[i]),
				"haze": float64(a.haze[i] - b.haze[i]), "lamp": float64(a.lamp[i] - b.lamp[i]), "zenith": a.zenith[i] - b.zenith[i]} {
				if math.Abs(d) > .03 {
					t.Fatalf("between %d:%02d and the next minute %s changes by %.3f", m/60, m%60, name, d)
				}
			}
		}
		if r3.Norm(r3.Sub(a.sunDir, b.sunDir)) > .05 && max(a.sun[0], b.sun[0]) > .02 {
			t.Fatalf("at %d:%02d shadows jump while there is light: %v", m/60, m%60, max(a.sun[0], b.sun[0]))
		}
	}
}

func TestLampsAreLitInTheEveningAndNotAtNoon(t *testing.T) {
	for _, tc := range []struct {
		hour      float64
		lit, dark bool
	}{{12, false, true}, {DefaultHour, false, true}, {19.5, true, false}, {22, true, false}, {24, true, false}, {-2, true, false}, {46, true, false}} {
		l := lightAt(tc.hour)
		if lit := l.lamps > .9; lit != tc.lit || (l.lamps == 0) != tc.dark {
			t.Errorf("at %.1f h lamps give %.2f", tc.hour, l.lamps)
		}
	}
	for _, wrong := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if lightAt(wrong) != lightAt(DefaultHour) {
			t.Errorf("hour %v is not the default", wrong)
		}
	}
}

// A gradient of so few steps would show bands: the noise spreads each step, so
// that the mean over a patch is what the sky is there and not the nearest step.
func TestSkyHasNoBands(t *testing.T) {
	const size, patch = 512, 12
	for _, hour := range []float64{9, DefaultHour, 19.5, 22} {
		l := lightAt(hour)
		l.stars, l.moon = 0, 0 // smooth sky alone
		clear := &lattice{}    // and without clouds
		clouds := newLattice(1)
		img := dome(&l, size)
		none, worst, n := 0, 0.0, 0
		for y := size / 8; y < size*7/8; y += patch {
			for x := size / 8; x < size*7/8; x += patch {
				mean, want, cloudy, levels := 0.0, 0.0, false, map[uint8]bool{}
				for j := range patch {
					for i := range patch {
						d, _ := domeDir(float64(x+i)+.5, float64(y+j)+.5, size)
						if c, _ := clouds.cover(d); c > 0 || d.Y < .03 || r3.Dot(d, l.disc) > .9 {
							cloudy = true
						}
						v := img.Pix[img.PixOffset(x+i, y+j)+2]
						levels[v] = true
						mean += float64(v)
						want += displayed(skyColour(&l, clear, d)[2]) * 255
					}
				}
				if cloudy {
					continue
				}
				n++
				worst = max(worst, math.Abs(mean-want)/(patch*patch))
				if len(levels) < 2 {
					none++
				}
			}
		}
		if n < 30 || worst > .3 || none > 0 {
			t.Errorf("%.1f h: of %d patches of sky %d are of one step, and one is %.2f steps off its mean", hour, n, none, worst)
		}
	}
}

func BenchmarkDome(b *testing.B) {
	l := lightAt(DefaultHour)
	b.ReportAllocs()
	for b.Loop() {
		dome(&l, domeSize)
	}
}

// The naive way: all of the sky worked out for each texel.
func BenchmarkDomeByTexels(b *testing.B) {
	l := lightAt(DefaultHour)
	clouds := newLattice(1)
	b.ReportAllocs()
	for b.Loop() {
		img := image.NewRGBA(image.Rect(0, 0, domeSize, domeSize))
		inRows(domeSize, func(y int) {
			for x := range domeSize {
				if d, up := domeDir(float64(x), float64(y), domeSize); up {
					for i, v := range skyColour(&l, clouds, d) {
						img.Pix[img.PixOffset(x, y)+i] = uint8(255 * displayed(v))
					}
				}
			}
		})
	}
}
