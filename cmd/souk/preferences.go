package main

import (
	"fmt"
	"math"
	"slices"

	"souk/assets/words"
	"souk/input/look"
	"souk/scene/hud"
)

// preferences are how the visitor wants the market. They are kept with the
// settings; what a flag says counts for one visit and is not kept. The zero
// value is completed by tidy.
type preferences struct {
	Lang          string  `json:"lang,omitempty"`
	Scale         float64 `json:"scale,omitempty"`        // of type
	Reticle       string  `json:"reticle_look,omitempty"` // off, small, usual, large
	SafeColours   bool    `json:"safe_colours,omitempty"`
	Captions      bool    `json:"captions,omitempty"` // of sounds
	Volume        string  `json:"volume,omitempty"`   // off, low, medium, high
	Turn          int     `json:"turn,omitempty"`     // degrees at once; 0 is steady
	AtOnce        bool    `json:"move_at_once,omitempty"`
	Vignette      string  `json:"vignette,omitempty"` // off, low, high
	ReducedMotion bool    `json:"reduced_motion,omitempty"`
	Quality       string  `json:"quality,omitempty"`
	Hour          float64 `json:"hour,omitempty"`  // of the day
	Mouse         float64 `json:"mouse,omitempty"` // speed, 1 is usual
	InvertY       bool    `json:"invert_y,omitempty"`
}

// qualityNames are the values of -quality: auto measures the machine, the others
// go from the least on.
var qualityNames = []string{"auto", "low", "medium", "high", "ultra"}

// preference is a line of the settings: one field of the preferences and the
// values that it may have.
type preference struct {
	label, note func(*words.Words) string
	value       func(*words.Words, *preferences) string
	step        func(p *preferences, by int)
	copy        func(to, from *preferences)
	tidy        func(*preferences)
}

// choice makes the line of a field that has one of some values; usual is the
// row of the one that it has where it has none of them. A number keeps a value
// between two of them.
func choice[T comparable](label, note func(*words.Words) string, field func(*preferences) *T, usual int, values []T, word func(*words.Words, T) string) preference {
	at := func(v T) int {
		if x, ok := any(v).(float64); ok {
			best := usual
			for i, w := range values {
				if near := math.Abs(any(w).(float64) - x); near < math.Abs(any(values[best]).(float64)-x) {
					best = i
				}
			}
			return best
		}
		if i := slices.Index(values, v); i >= 0 {
			return i
		}
		return usual
	}
	return preference{
		label: label, note: note,
		value: func(w *words.Words, p *preferences) string { return word(w, *field(p)) },
		step: func(p *preferences, by int) {
			n := len(values)
			*field(p) = values[((at(*field(p))+by)%n+n)%n]
		},
		copy: func(to, from *preferences) { *field(to) = *field(from) },
		tidy: func(p *preferences) {
			f := field(p)
			if x, ok := any(*f).(float64); ok {
				lo, hi := any(values[0]).(float64), any(values[len(values)-1]).(float64)
				if !(x >= lo && x <= hi) {
					*f = values[usual]
				}
			} else if !slices.Contains(values, *f) {
				*f = values[usual]
			}
		},
	}
}

// onOff makes the line of a switch.
func onOff(label, note func(*words.Words) string, field func(*preferences) *bool) preference {
	return choice(label, note, field, 0, []bool{false, true}, func(w *words.Words, on bool) string {
		if on {
			return w.On
		}
		return w.Off
	})
}

// sized names the values that are words.
func sized(w *words.Words, v string) string {
	return map[string]string{"off": w.Off, "small": w.Small, "usual": w.Usual, "large": w.Large, "low": w.Low, "medium": w.Medium, "high": w.High, "ultra": w.Ultra, "auto": w.Auto}[v]
}

func percent(_ *words.Words, v float64) string { return fmt.Sprintf("%.0f %%", 100*v) }

func silent(*words.Words) string { return "" }

// preferenceRows are the settings, in the order of their screen.
var preferenceRows = []preference{
	choice(func(w *words.Words) string { return w.SetLanguage }, silent, func(p *preferences) *string { return &p.Lang }, 0, words.Languages(), func(w *words.Words, _ string) string { return w.ThisLanguage }),
	choice(func(w *words.Words) string { return w.SetType }, silent, func(p *preferences) *float64 { return &p.Scale }, 2, []float64{0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5}, percent),
	choice(func(w *words.Words) string { return w.SetReticle }, silent, func(p *preferences) *string { return &p.Reticle }, 2, []string{"off", "small", "usual", "large"}, sized),
	choice(func(w *words.Words) string { return w.SetColours }, func(w *words.Words) string { return w.SetColoursNote }, func(p *preferences) *bool { return &p.SafeColours }, 0, []bool{false, true}, func(w *words.Words, on bool) string {
		if on {
			return w.Safe
		}
		return w.Usual
	}),
	onOff(func(w *words.Words) string { return w.SetCaptions }, func(w *words.Words) string { return w.SetCaptionsNote }, func(p *preferences) *bool { return &p.Captions }),
	choice(func(w *words.Words) string { return w.SetVolume }, func(w *words.Words) string { return w.SetVolumeNote }, func(p *preferences) *string { return &p.Volume }, 2, volumeNames, sized),
	choice(func(w *words.Words) string { return w.SetTurn }, func(w *words.Words) string { return w.SetTurnNote }, func(p *preferences) *int { return &p.Turn }, 0, []int{0, 30, 45}, func(w *words.Words, v int) string {
		if v == 0 {
			return w.Steady
		}
		return fmt.Sprintf("%d°", v)
	}),
	choice(func(w *words.Words) string { return w.SetMove }, func(w *words.Words) string { return w.SetMoveNote }, func(p *preferences) *bool { return &p.AtOnce }, 0, []bool{false, true}, func(w *words.Words, on bool) string {
		if on {
			return w.AtOnce
		}
		return w.Steady
	}),
	choice(func(w *words.Words) string { return w.SetVignette }, func(w *words.Words) string { return w.SetVignetteNote }, func(p *preferences) *string { return &p.Vignette }, 0, []string{"off", "low", "high"}, sized),
	onOff(func(w *words.Words) string { return w.SetMotion }, func(w *words.Words) string { return w.SetMotionNote }, func(p *preferences) *bool { return &p.ReducedMotion }),
	choice(func(w *words.Words) string { return w.SetQuality }, func(w *words.Words) string { return w.SetQualityNote }, func(p *preferences) *string { return &p.Quality }, 0, qualityNames, sized),
	choice(func(w *words.Words) string { return w.SetHour }, func(w *words.Words) string { return w.SetHourNote }, func(p *preferences) *float64 { return &p.Hour }, 2, []float64{8, 12, 16.5, 19.5, 24}, func(_ *words.Words, v float64) string {
		h := math.Mod(v, 24)
		return fmt.Sprintf("%02.0f:%02.0f", math.Floor(h), 60*(h-math.Floor(h)))
	}),
	choice(func(w *words.Words) string { return w.SetMouse }, silent, func(p *preferences) *float64 { return &p.Mouse }, 3, []float64{0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3}, percent),
	onOff(func(w *words.Words) string { return w.SetInvert }, silent, func(p *preferences) *bool { return &p.InvertY }),
}

// tidy completes the preferences, and replaces what means nothing.
func (p *preferences) tidy() {
	for i := range preferenceRows {
		preferenceRows[i].tidy(p)
	}
}

// preferred are the preferences of a visit: what is kept, and over it what the
// flags say.
func preferred(kept preferences, o *options) preferences {
	p := kept
	if o.lang != "" {
		p.Lang = o.lang
	}
	if o.scale != 0 {
		p.Scale = o.scale
	}
	if o.noReticle {
		p.Reticle = "off"
	}
	if o.quality != "" {
		p.Quality = o.quality
	}
	if o.hour != 0 {
		p.Hour = o.hour
	}
	if o.volume != "" {
		p.Volume = o.volume
	}
	if o.vignette != "" {
		p.Vignette = o.vignette
	}
	if o.snap >= 0 {
		p.Turn = o.snap
	}
	if o.mouse != 0 {
		p.Mouse = o.mouse
	}
	p.AtOnce = p.AtOnce || o.teleport
	p.ReducedMotion = p.ReducedMotion || o.reducedMotion
	p.Captions = p.Captions || o.captions
	p.SafeColours = p.SafeColours || o.safeColours
	p.InvertY = p.InvertY || o.invertY
	p.tidy()
	return p
}

// reticleSizes are the reticle's looks.
var reticleSizes = map[string]float64{"small": 0.65, "usual": 1, "large": 1.5}

// hop is how far one goes at once, metres.
const hop = 1.6

// apply lets display and hands obey the preferences.
func (d *display) apply() {
	p := &d.prefs
	d.h.SetScale(p.Scale)
	d.h.SetReticle(p.Reticle != "off")
	if size, ok := reticleSizes[p.Reticle]; ok {
		d.h.SetReticleSize(size)
	}
	d.h.SetSafeColours(p.SafeColours)
	d.h.SetCaptions(p.Captions)
	d.scape.obey(p)
	if d.h.Lang() != p.Lang {
		d.h.SetLang(p.Lang)
		d.help()
		d.refreshT, d.dirtySigns, d.find.stale = math.Inf(-1), true, true
	}
	c := look.DefaultConfig()
	c.Sensitivity *= p.Mouse
	c.Invert = p.InvertY
	c.Snap = float64(p.Turn) * math.Pi / 180
	if p.AtOnce {
		c.Hop = hop
	}
	d.s.hands.SetConfig(c)
	d.settings()
}

// settings words the settings' screen.
func (d *display) settings() {
	w := d.words()
	d.settingRows = d.settingRows[:0]
	for i := range preferenceRows {
		r := &preferenceRows[i]
		d.settingRows = append(d.settingRows, hud.Setting{Label: r.label(w), Value: r.value(w, &d.prefs), Note: r.note(w)})
	}
	d.h.SetSettings(d.settingRows)
}

// set moves a line of the settings to its next value or the one before, and
// keeps it.
func (d *display) set(row, by int) error {
	if row < 0 || row >= len(preferenceRows) {
		return nil
	}
	r := &preferenceRows[row]
	r.step(&d.prefs, by)
	r.copy(&d.s.set.preferences, &d.prefs)
	d.apply()
	return d.s.set.save(d.s.home.settings)
}
