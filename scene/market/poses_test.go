//go:build cgo

package market_test

import (
	"image"
	"math"
	"testing"
	"time"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/hud"
	"souk/scene/lettering"
	"souk/scene/market"
	"souk/scene/market/lens"
	"souk/world"
	"souk/world/plan"
)

// The size of a golden picture, pixels.
const stillWide, stillHigh = 640, 360

// still is one of the fixed poses: a market, where one stands in it, and what
// is there beside what always is.
type still struct {
	name    string
	items   int
	options market.Options
	at      func(*plan.Plan) world.Pose
	dress   func(*stage)
	draw    func(*stage, float64, world.Pose) // Scene.Draw where nil
}

// stage is an open market in which poses are taken.
type stage struct {
	testing.TB
	win   *market.Window
	plan  *plan.Plan
	scene *market.Scene
	faces *lettering.Faces
	pose  world.Pose
}

// stills are the 14 poses of the golden pictures. Those of one market and one
// set of options stand together: they share a scene.
func stills() []still {
	medium := market.Options{Lang: "en"}
	stand := func(x, z, yaw, pitch float64) func(*plan.Plan) world.Pose {
		return func(*plan.Plan) world.Pose { return pose(x, z, yaw, pitch) }
	}
	return []still{
		{name: "spawn", items: 2000, options: medium, at: stand(0, 6, 0, 3)},
		{name: "street", items: 2000, options: medium, at: stand(0, -9, 8, 4)},
		{name: "aisle", items: 2000, options: medium, at: func(p *plan.Plan) world.Pose { return before(p, shelved(p, 12), 2.0, .1, 20, 0) },
			dress: (*stage).people},
		{name: "goods", items: 2000, options: medium, at: func(p *plan.Plan) world.Pose { return before(p, shelved(p, 30), .8, .1, 4, -22) },
			dress: func(s *stage) { s.scene.SetFocus(s.plan.Stalls[shelved(s.plan, 30)].FirstSlot+3, 1) }},
		{name: "glass", items: 2000, options: medium, at: func(p *plan.Plan) world.Pose { return before(p, glazed(p), .9, .1, 4, -14) },
			dress: func(s *stage) { s.scene.SetFocus(s.plan.Stalls[glazed(s.plan)].FirstSlot+3, 1) }},
		{name: "pedestals-zh", items: 2000, options: medium, at: func(p *plan.Plan) world.Pose { return closer(p.Approach(plaza(p)), -.3, -4) },
			dress: func(s *stage) { s.scene.SetLang("zh") }},
		{name: "people", items: 2000, options: medium, at: stand(-.6, 1.2, -35, -4), dress: (*stage).people},
		{name: "card", items: 2000, options: medium, at: func(p *plan.Plan) world.Pose { return before(p, shelved(p, 20), 1.3, .3, -8, -14) },
			dress: func(s *stage) {
				slot := s.plan.Stalls[shelved(s.plan, 20)].FirstSlot + 2
				s.scene.SetFocus(slot, 1)
				s.card(slot, "zh")
			}},
		{name: "stereo", items: 2000, options: medium, at: stand(-1.2, 2, -20, -3), draw: func(s *stage, t float64, at world.Pose) {
			viewer := lens.Cardboard()
			if err := s.scene.DrawStereo(t, at, world.DesktopLens(), &viewer); err != nil {
				s.Error(err)
			}
		}},
		{name: "low", items: 400, options: market.Options{Quality: market.Low}, at: stand(-5, 4, -50, -2)},
		{name: "ultra", items: 400, options: market.Options{Quality: market.Ultra}, at: stand(-5, 4, -50, -2)},
		{name: "evening", items: 400, options: market.Options{Quality: market.High, Hour: 19.6}, at: stand(0, 6, 0, 3), dress: (*stage).people},
		{name: "shadows", items: 400, options: market.Options{Quality: market.High}, at: stand(-.6, 1.2, -35, -10), dress: (*stage).people},
		{name: "far", items: 50000, options: medium, at: func(p *plan.Plan) world.Pose { return over(p, 14) }},
	}
}

// closer leans towards what a pose looks at, metres, and looks down or up,
// degrees.
func closer(p world.Pose, by, pitch float64) world.Pose {
	yaw, _ := p.YawPitch()
	return world.Upright(r3.Add(p.Pos, r3.Scale(by, world.Upright(r3.Vec{}, yaw, 0).Ahead())), yaw, pitch*math.Pi/180)
}

// over looks over the market from above its southern edge, so many metres up.
func over(p *plan.Plan, high float64) world.Pose {
	return world.Upright(r3.Vec{X: p.Bounds.Center().X + 4, Y: high, Z: p.Bounds.Max.Z + 4}, 0, -12*math.Pi/180)
}

// shelved is the nth stall with shelves for small things.
func shelved(p *plan.Plan, n int) int {
	for i := range p.Stalls {
		if p.Stalls[i].Kind == plan.Shelved {
			if n--; n < 0 {
				return i
			}
		}
	}
	return 0
}

// glazed is the first stall that sells things of glass.
func glazed(p *plan.Plan) int {
	c := p.Catalog()
	for n := range p.Stalls {
		if s := &p.Stalls[n]; c.Categories[c.Items[p.Slots[s.FirstSlot].Item].Category].Family == "bottle" {
			return n
		}
	}
	return 0
}

// before stands so many metres in front of a stall and so many to its right,
// turned from it and up by degrees.
func before(p *plan.Plan, stall int, away, right, yaw, pitch float64) world.Pose {
	s := &p.Stalls[stall]
	out := world.Upright(r3.Vec{}, s.Yaw, 0)
	at := r3.Add(s.Front(), r3.Add(r3.Scale(away, out.Ahead()), r3.Scale(right, world.Upright(r3.Vec{}, s.Yaw-math.Pi/2, 0).Ahead())))
	at.Y = plan.EyeHeight
	return world.Upright(at, s.Yaw+math.Pi+yaw*math.Pi/180, pitch*math.Pi/180)
}

// plaza is the pedestal nearest to where visitors come in that holds something.
func plaza(p *plan.Plan) world.SlotIndex {
	best, least := world.NoSlot, math.Inf(1)
	for i := p.FirstFeature(); int(i) < len(p.Slots); i++ {
		if d := r3.Norm(r3.Sub(p.Slots[i].Pos, p.Spawn.Pos)); d < least && heldOn(p, i) != world.NoItem {
			best, least = i, d
		}
	}
	return best
}

// heldOn is what stands on a pedestal in the poses: something on all but each
// fourth.
func heldOn(p *plan.Plan, slot world.SlotIndex) world.ItemIndex {
	k := int(slot - p.FirstFeature())
	if k%4 == 3 {
		return world.NoItem
	}
	return world.ItemIndex((k*37 + 5) % len(p.Catalog().Items))
}

// holdings fills the pedestals that can be seen from a pose, and empties the
// others.
func (s *stage) holdings(at world.Pose) {
	for i := s.plan.FirstFeature(); int(i) < len(s.plan.Slots); i++ {
		item := world.NoItem
		if r3.Norm(r3.Sub(s.plan.Slots[i].Pos, at.Pos)) < 30 {
			item = heldOn(s.plan, i)
		}
		s.scene.SetHolding(i, item, world.Text{EN: "for you · because you looked at lamps", ZH: "为你推荐 · 因为你看过灯"})
	}
}

// people are on the plaza: see passersBy.
func (s *stage) people() { s.scene.SetAvatars(passersBy()) }

// card opens the card of a shelf's item over the market.
func (s *stage) card(slot world.SlotIndex, lang string) {
	c := s.plan.Catalog()
	item := s.plan.Slots[slot].Item
	h := hud.New(s.faces, hud.Options{Width: stillWide, Height: stillHigh, Scale: hud.MinScale, Lang: lang,
		Keys: hud.Keys{Card: "E", Like: "L", Hide: "H", Cart: "C", Buy: "B", Panel: "Tab", Help: "F1", Pause: "P"}})
	h.SetHints(false)
	h.SetStatus(hud.Status{Link: hud.LinkOnline, People: 3, Noticing: true, Source: world.SourceViewCentre})
	card := hud.CardOf(c, item, nil, lang)
	card.Liked = true
	h.ShowCard(card)
	h.Draw(1)
	s.scene.SetOverlay(h.Image(), image.Rectangle{})
}

// show draws one frame of a pose.
func (s *stage) show(q *still, t float64, at world.Pose) {
	if q.draw != nil {
		q.draw(s, t, at)
		return
	}
	s.scene.Draw(t, at, world.DesktopLens())
}

// take dresses the stage for a pose, lets fades end and what is loaded beside
// the frames arrive, and takes the picture. It is the same whatever was taken
// before.
func (s *stage) take(q *still) *image.RGBA {
	s.Helper()
	s.scene.SetLang("en")
	s.scene.SetFocus(world.NoSlot, 0)
	s.scene.SetAvatars(nil)
	s.scene.SetOverlay(nil, image.Rectangle{})
	s.pose = q.at(s.plan)
	s.holdings(s.pose)
	if q.dress != nil {
		q.dress(s)
	}
	const step, fades = .1, 12
	for i := range fades {
		s.show(q, float64(i)*step, s.pose)
	}
	had, same := (*image.RGBA)(nil), 0
	for range 400 {
		s.show(q, fades*step, s.pose)
		img := s.scene.Screenshot()
		if had != nil && string(had.Pix) == string(img.Pix) {
			if same++; same == 5 {
				noErrors(s)
				return img
			}
		} else {
			same = 0
		}
		had = img
		time.Sleep(10 * time.Millisecond) // what is loaded elsewhere gets its time
	}
	s.Errorf("%s: the picture never comes to rest", q.name)
	return had
}

// eachStill calls do for every pose, with its picture. -pose takes one alone.
func eachStill(t *testing.T, list []still, do func(*stage, *still, *image.RGBA)) {
	t.Helper()
	win := window(t, stillWide, stillHigh, 0)
	faces, err := lettering.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{TB: t, win: win, faces: faces}
	items, opt := -1, market.Options{}
	defer func() {
		if s.scene != nil {
			s.scene.Close()
		}
	}()
	for i := range list {
		q := &list[i]
		if *onePose != "" && q.name != *onePose {
			continue
		}
		if s.scene == nil || items != q.items || opt != q.options {
			if s.scene != nil {
				s.scene.Close()
			}
			if s.plan == nil || items != q.items {
				s.plan = demo(t, q.items)
			}
			items, opt = q.items, q.options
			made := opt
			made.Faces = faces
			if s.scene, err = market.NewScene(win, s.plan, made); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		img := s.take(q)
		t.Logf("%-10s %5.1f s  %+v", q.name, time.Since(began).Seconds(), s.scene.Stats())
		do(s, q, img)
	}
}
