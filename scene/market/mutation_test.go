//go:build cgo

package market_test

import (
	"image"
	"testing"

	"souk/scene/lettering"
	"souk/scene/market"
	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

// TestGoldenPicturesMissNothing takes something away from a pose, or changes
// it, and holds that the golden pictures' tolerance notices: one name on one
// sign, one person of nine, a glow. What passes is the same market, built a
// second time, and a digit of 4 pixels: that is beyond the pictures' sharpness.
func TestGoldenPicturesMissNothing(t *testing.T) {
	win := window(t, stillWide, stillHigh, 0)
	faces, err := lettering.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	// market opens the 400 items, changed by change.
	open := func(change func(*catalog.Catalog, *plan.Plan), o market.Options) *stage {
		c, err := catalog.Generate(400, 1)
		if err != nil {
			t.Fatal(err)
		}
		p, err := plan.New(c, 1)
		if err != nil {
			t.Fatal(err)
		}
		if change != nil {
			change(c, p)
		}
		o.Faces = faces
		s, err := market.NewScene(win, p, o)
		if err != nil {
			t.Fatal(err)
		}
		return &stage{TB: t, win: win, plan: p, scene: s, faces: faces}
	}
	const stall = 6
	aisle := still{name: "aisle", at: func(p *plan.Plan) world.Pose { return before(p, shelved(p, stall), 2.0, 0, 0, 4) }}
	lit := still{name: "lit", at: func(p *plan.Plan) world.Pose { return before(p, shelved(p, stall), 1.2, 0, 0, -14) },
		dress: func(s *stage) { s.scene.SetFocus(s.plan.Stalls[shelved(s.plan, stall)].FirstSlot+3, 1) }}
	unlit := still{name: "unlit", at: lit.at}
	people := still{name: "people", at: func(*plan.Plan) world.Pose { return pose(-.6, 1.2, -35, -4) }, dress: (*stage).people}
	fewer := still{name: "fewer", at: people.at, dress: func(s *stage) { s.scene.SetAvatars(passersBy()[1:]) }}
	label := still{name: "label", at: func(p *plan.Plan) world.Pose { return closer(p.Approach(plaza(p)), -.3, -4) }}
	empty := still{name: "empty", at: label.at, dress: func(s *stage) { s.scene.SetHolding(plaza(s.plan), world.NoItem, world.Text{}) }}
	chinese := still{name: "chinese", at: label.at, dress: func(s *stage) { s.scene.SetLang("zh") }}
	card := still{name: "card", at: lit.at, dress: func(s *stage) { s.card(s.plan.Stalls[shelved(s.plan, stall)].FirstSlot+2, "en") }}
	other := still{name: "other", at: lit.at, dress: func(s *stage) { s.card(s.plan.Stalls[shelved(s.plan, stall)].FirstSlot+3, "en") }}

	check := func(what string, want, got *image.RGBA, passes bool) {
		t.Helper()
		h := hold(t, want, got)
		t.Logf("%-44s %v", what, &h)
		if h.passes() != passes {
			t.Errorf("%s: passes is %v: %v", what, h.passes(), &h)
			save(t, h.Sheet(want, got, h.window), failures+"/mutation-"+what+".png")
		}
	}
	s := open(nil, market.Options{})
	goods, sign := s.take(&lit), s.take(&aisle)
	for _, tc := range []struct {
		what      string
		from, got *still
	}{
		{"what is attended to no longer glows", &lit, &unlit}, {"one person of nine is missing", &people, &fewer}, {"a pedestal is empty", &label, &empty},
		{"a label is in the other language", &label, &chinese}, {"the card of the thing beside it", &card, &other},
	} {
		check(tc.what, s.take(tc.from), s.take(tc.got), false)
	}
	check("the same again", goods, s.take(&lit), true)
	s.scene.Close()
	for _, tc := range []struct {
		what   string
		want   *image.RGBA
		from   *still
		change func(*catalog.Catalog, *plan.Plan)
		hour   float64
		passes bool
	}{
		{"the same market, built again", sign, &aisle, nil, 0, true},
		{"one name missing on one sign", sign, &aisle, func(c *catalog.Catalog, p *plan.Plan) {
			c.Sellers[p.Stalls[shelved(p, stall)].Seller].Name = world.Text{}
		}, 0, false},
		{"one digit of a price, 4 pixels wide", goods, &lit, func(c *catalog.Catalog, p *plan.Plan) {
			c.Items[p.Slots[p.Stalls[shelved(p, stall)].FirstSlot+3].Item].Price += 5000
		}, 0, true},
		{"an hour later", sign, &aisle, nil, market.DefaultHour + 1, false},
	} {
		s := open(tc.change, market.Options{Hour: tc.hour})
		check(tc.what, tc.want, s.take(tc.from), tc.passes)
		s.scene.Close()
	}
}
