package hud_test

import (
	"image/color"
	"math"
	"testing"

	"souk/assets/words"
	"souk/scene/hud"
)

// linear is a part of an sRGB colour as light.
func linear(v uint8) float64 {
	x := float64(v) / 255
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

// luminance is WCAG 2's relative luminance.
func luminance(c color.RGBA) float64 {
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// Every text of every panel has a contrast of 4.5 : 1 at least with what lies
// under it (WCAG 2.2, AA), whether the market behind is white or black.
func TestTextStandsOut(t *testing.T) {
	f := load(t)
	for _, s := range states {
		for _, lang := range words.Languages() {
			for _, safe := range []bool{false, true} {
				d := lay1(f, 1280, 720, 1, lang, s.set)
				d.SetSafeColours(safe)
				d.Lay()
				for _, behind := range []color.RGBA{{255, 255, 255, 255}, {0, 0, 0, 255}} {
					for _, k := range d.Inks(behind) {
						a, b := luminance(k.Ink), luminance(k.Ground)
						if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
							t.Errorf("%s %s, safe %v: %q has a contrast of %.2f, %v on %v", s.name, lang, safe, k.Text, ratio, k.Ink, k.Ground)
						}
					}
				}
			}
		}
	}
}

// The colours as people see them who lack one kind of cone, by the matrices of
// Machado, Oliveira and Fernandes (2009) for full severity, in linear light.
var visions = map[string][3][3]float64{
	"usual":        {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// lab is CIE L*a*b* of a colour under D65 as a vision has it.
func lab(c color.NRGBA, m [3][3]float64) [3]float64 {
	in := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
	var rgb [3]float64
	for i := range rgb {
		for k := range in {
			rgb[i] += m[i][k] * in[k]
		}
		rgb[i] = max(0, min(1, rgb[i]))
	}
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124564*rgb[0] + 0.3575761*rgb[1] + 0.1804375*rgb[2]) / 0.95047)
	y := f(0.2126729*rgb[0] + 0.7151522*rgb[1] + 0.0721750*rgb[2])
	z := f((0.0193339*rgb[0] + 0.1191920*rgb[1] + 0.9503041*rgb[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// The colours that say something stay apart for every kind of colour vision:
// by ΔE*ab 20 in the usual palette, by 30 in the one for every eye.
func TestSignalsStayApart(t *testing.T) {
	names := [...]string{"accent", "blue", "warning"}
	for row, least := range []float64{20, 30} {
		signals := hud.Signals(row)
		for vision, m := range visions {
			for i := range signals {
				for k := range i {
					a, b := lab(signals[i], m), lab(signals[k], m)
					d := math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2])
					t.Logf("palette %d, %s: %s and %s are %.0f apart", row, vision, names[k], names[i], d)
					if d < least {
						t.Errorf("palette %d, %s: %s and %s are only %.1f apart, want %.0f", row, vision, names[k], names[i], d, least)
					}
				}
			}
		}
	}
}
