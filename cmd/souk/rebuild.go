//go:build cgo

package main

import (
	"fmt"
	"image"

	"souk/attention/rank"
	"souk/scene/hud"
	"souk/scene/market"
	"souk/scene/market/model/library"
	"souk/world"
)

// rebuildAfter is how long the settings must have been left alone before the
// market is built anew for them, seconds: who goes through the hours of the day waits
// once.
const rebuildAfter = .6

// builtFor is what of the preferences is built into the market and not asked
// for in each frame.
type builtFor struct {
	quality string
	hour    float64
	still   bool // reduced motion
}

func (p *preferences) builtFor() builtFor { return builtFor{p.Quality, p.Hour, p.ReducedMotion} }

// openScene builds the market as the preferences ask, and puts out in it what
// there is. The market before goes once the new one stands; where that fails it stays.
func (v *visitor) openScene() error {
	v.built = v.d.prefs.builtFor()
	if v.models == nil {
		v.models = library.Of(v.market.Catalog, nil)
	}
	quality := v.quality()
	scene, err := market.NewScene(v.win, v.market.Plan, market.Options{Lang: v.d.h.Lang(), Quality: quality, Hour: v.d.prefs.Hour,
		ReducedMotion: v.d.prefs.ReducedMotion, Models: v.models, Faces: v.faces})
	if err != nil {
		return fmt.Errorf("building the market: %w", err)
	}
	if v.scene != nil {
		v.scene.Close()
	}
	v.scene = scene
	if v.auto && v.governor.Start > 0 && v.o.frames == 0 && v.o.filmed.path == "" { // pictures have time
		v.scene.SetResolution(v.governor.Start)
	}
	v.signs(func(slot world.SlotIndex, item world.ItemIndex, reason rank.Reason) {
		v.scene.SetHolding(slot, item, hud.SignOf(v.market.Catalog, reason, item))
	})
	return nil
}

// rebuild builds the market anew where the settings ask for another one and
// have been left alone for a while. What cannot be built is said, and the market stays as it
// is.
func (v *visitor) rebuild() {
	want := v.d.prefs.builtFor()
	switch {
	case want == v.built:
		v.asked = want
	case want != v.asked:
		v.asked, v.askedT = want, v.t
	case v.t-v.askedT >= rebuildAfter:
		if err := v.openScene(); err != nil {
			v.d.say(notice{kind: noticeText, tone: hud.ToneWarn, text: err.Error()})
			return
		}
		v.scene.SetOverlay(v.d.h.Image(), image.Rectangle{})
	}
}
