package main

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/input"
	"souk/scene/hud"
	"souk/world"
	"souk/world/catalog"
	"souk/world/catalog/search"
	"souk/world/store"
)

// maxFound is how many of what was found are listed.
const maxFound = 200

// finder is the search behind its screen.
type finder struct {
	indexing chan *search.Index // gives the index once it is made
	ix       *search.Index
	query    string
	results  []search.Result
	total    int
	rows     []hud.Found
	stale    bool // the list is to be worded anew
}

// startIndexing makes the index beside the frame loop.
func (f *finder) startIndexing(c *catalog.Catalog) {
	f.indexing = make(chan *search.Index, 1)
	go func(to chan<- *search.Index) { to <- search.New(c) }(f.indexing)
}

// seek follows what is typed into the search.
func (d *display) seek() {
	f := &d.find
	if f.indexing == nil { // when the first frame is drawn, not before
		f.startIndexing(d.s.market.Catalog)
	}
	if f.ix == nil {
		select {
		case f.ix = <-f.indexing:
			f.stale = true
		default:
		}
	}
	d.h.SetWaiting(f.ix == nil)
	if d.h.Screen() != hud.ScreenSearch || f.ix == nil {
		return
	}
	if q := d.h.Query(); f.stale || q != f.query {
		f.query = q
		f.results, f.total = f.ix.Find(f.results[:0], q, maxFound)
		d.wordFound()
	}
}

// wordFound words the list.
func (d *display) wordFound() {
	f, c, lang := &d.find, d.s.market.Catalog, d.h.Lang()
	f.stale = false
	f.rows = f.rows[:0]
	for _, r := range f.results {
		it := &c.Items[r.Item]
		f.rows = append(f.rows, hud.Found{
			Name: it.Name.In(lang), Sub: c.Categories[it.Category].Name.In(lang) + " · " + c.Sellers[it.Seller].Name.In(lang),
			Price: it.Price.String(), Stock: d.s.stockOf(r.Item), InCart: d.s.inCart(r.Item),
		})
	}
	d.h.SetFound(f.rows, f.total)
}

// wordCart words the cart.
func (d *display) wordCart() {
	s, c, lang := d.s, d.s.market.Catalog, d.h.Lang()
	d.cartLines = s.cart(d.cartLines[:0])
	d.cartItems, d.cartRows = d.cartItems[:0], d.cartRows[:0]
	total := world.Cents(0)
	kept := d.cartLines[:0]
	for _, l := range d.cartLines {
		item, ok := c.Index(l.Item)
		if !ok {
			continue // of another catalogue
		}
		kept = append(kept, l)
		it := &c.Items[item]
		sum := it.Price * world.Cents(l.Quantity)
		total += sum
		d.cartItems = append(d.cartItems, item)
		d.cartRows = append(d.cartRows, hud.CartLine{
			Name: it.Name.In(lang), Sub: c.Categories[it.Category].Name.In(lang) + " · " + c.Sellers[it.Seller].Name.In(lang),
			Each: it.Price.String(), Sum: sum.String(), Quantity: l.Quantity, Stock: s.stockOf(item),
		})
	}
	d.cartLines = kept
	d.h.SetCart(d.cartRows, total.String())
}

// chosen is the item of a row of the screen shown.
func (d *display) chosen(row int) world.ItemIndex {
	switch {
	case row < 0:
	case d.h.Screen() == hud.ScreenSearch && row < len(d.find.results):
		return d.find.results[row].Item
	case d.h.Screen() == hud.ScreenCart && row < len(d.cartItems):
		return d.cartItems[row]
	}
	return world.NoItem
}

// onScreen carries out a command about what is chosen on a screen; false where
// the command means the same everywhere.
func (d *display) onScreen(c input.Command) (bool, error) {
	item := d.chosen(d.h.Chosen())
	switch screen := d.h.Screen(); {
	case screen == hud.ScreenCart && c == input.CommandBuy:
		return true, d.do(hud.ActBuyAll)
	case screen == hud.ScreenCart && c == input.CommandCart:
		if item != world.NoItem {
			d.say(d.s.amount(item, 0))
		}
		return true, nil
	case screen == hud.ScreenNone || c != input.CommandBuy && c != input.CommandCart && c != input.CommandLike && c != input.CommandHide && c != input.CommandCard && c != input.CommandMap:
		return false, nil
	case item == world.NoItem:
		return c != input.CommandMap, nil
	case c == input.CommandCard:
		d.visit(item)
		return true, nil
	case c == input.CommandMap: // where it is
		d.sought = item
		return false, nil
	}
	return true, d.about(c, item)
}

// rowAction carries out what a button of a row asks for.
func (d *display) rowAction(a hud.Action) error {
	item := d.chosen(a.Row())
	if item == world.NoItem {
		return nil
	}
	has := int32(0)
	if d.h.Screen() == hud.ScreenCart {
		has = d.cartLines[a.Row()].Quantity
	}
	switch a.Kind() {
	case hud.ActGo:
		d.visit(item)
	case hud.ActTake:
		return d.about(input.CommandCart, item)
	case hud.ActBuyRow:
		return d.about(input.CommandBuy, item)
	case hud.ActLess:
		d.say(d.s.amount(item, has-1))
	case hud.ActMore:
		d.say(d.s.amount(item, min(has+1, max(has, d.s.stockOf(item)))))
	case hud.ActRemove:
		d.say(d.s.amount(item, 0))
	}
	return nil
}

// visit closes the screen and goes to an item, which is what is looked for
// from now on.
func (d *display) visit(item world.ItemIndex) {
	d.h.Show(hud.ScreenNone)
	d.sought = item
	d.s.goTo(item, d.prefs.AtOnce || d.prefs.ReducedMotion)
}

// travelTo closes the map and goes to a place on the ground: before a stall to
// where its goods can be seen, else on with the same view.
func (d *display) travelTo(at r3.Vec) {
	s, p := d.s, d.s.market.Plan
	d.h.Show(hud.ScreenNone)
	to := world.Upright(r3.Vec{X: at.X, Y: p.EyeHeight, Z: at.Z}, s.yaw, 0)
	for i := range p.Stalls {
		st := &p.Stalls[i]
		if b := st.Box; at.X >= b.Min.X && at.X <= b.Max.X && at.Z >= b.Min.Z && at.Z <= b.Max.Z {
			to = p.Approach(st.FirstSlot + world.SlotIndex(st.Slots/2))
			break
		}
	}
	// Nobody stands in a wall: the nearest place where one can.
	to.Pos = p.Move(to.Pos, r3.Vec{})
	s.travel(to, d.prefs.AtOnce || d.prefs.ReducedMotion)
}

// district is where one arrives in a district: before the stall nearest to its
// middle.
func (d *display) district(i int) r3.Vec {
	p := d.s.market.Plan
	mid := p.Districts[i].Box.Center()
	best, near := mid, math.Inf(1)
	for k := range p.Stalls {
		if p.Stalls[k].District != int32(i) {
			continue
		}
		c := p.Stalls[k].Box.Center()
		if n := math.Hypot(c.X-mid.X, c.Z-mid.Z); n < near {
			best, near = c, n
		}
	}
	return best
}

// The way to what is looked for: a corner is passed within passed metres, and
// sought anew more than astray metres beside it; within there metres one has arrived.
const (
	passed = 1.5
	astray = 6.0
	there  = 2.5
)

// seeking follows the way to what is looked for, and words the guide along it.
func (d *display) seeking() {
	s, p := d.s, d.s.market.Plan
	if d.sought == world.NoItem {
		d.h.SetGuide(hud.Guide{})
		return
	}
	slot := s.slotOfItem(d.sought)
	if slot == world.NoSlot || !s.journey.on && math.Hypot(p.Slots[slot].Pos.X-s.head.Pos.X, p.Slots[slot].Pos.Z-s.head.Pos.Z) < there {
		d.sought = world.NoItem
		d.marks.Path = d.marks.Path[:0]
		d.h.SetGuide(hud.Guide{})
		return
	}
	way := d.marks.Path
	if d.pathTo != slot || len(way) == 0 || beside(s.head.Pos, d.pathFrom, way[0]) > astray {
		d.pathTo, d.pathFrom = slot, s.head.Pos
		way = p.Path(way[:0], s.head.Pos, p.Approach(slot).Pos)
	}
	for len(way) > 1 && math.Hypot(way[0].X-s.head.Pos.X, way[0].Z-s.head.Pos.Z) < passed {
		d.pathFrom = way[0]
		way = append(way[:0], way[1:]...)
	}
	d.marks.Path = way
	if len(way) == 0 || s.journey.on {
		d.h.SetGuide(hud.Guide{})
		return
	}
	left, from := 0.0, s.head.Pos
	for _, q := range way {
		left += math.Hypot(q.X-from.X, q.Z-from.Z)
		from = q
	}
	ahead := math.Atan2(s.head.Pos.X-way[0].X, s.head.Pos.Z-way[0].Z)
	d.h.SetGuide(hud.GuideTo(s.market.Catalog.Items[d.sought].Name.In(d.h.Lang()), left, math.Remainder(ahead-s.yaw, 2*math.Pi)))
}

// beside is how far a place lies beside the way between two others.
func beside(p, a, b r3.Vec) float64 {
	dx, dz := b.X-a.X, b.Z-a.Z
	t := 0.0
	if n := dx*dx + dz*dz; n > 0 {
		t = math.Max(0, math.Min(1, ((p.X-a.X)*dx+(p.Z-a.Z)*dz)/n))
	}
	return math.Hypot(p.X-a.X-t*dx, p.Z-a.Z-t*dz)
}

// mark brings what moves on the map up to date.
func (d *display) mark() {
	s, p, m := d.s, d.s.market.Plan, &d.marks
	m.You = s.head
	m.Others, m.ForYou = m.Others[:0], m.ForYou[:0]
	for _, a := range s.others() {
		m.Others = append(m.Others, a.Pose.Pos)
	}
	holding := s.engine.Holding()
	for slot := len(holding) - 1; slot >= 0 && p.Slots[slot].Stall < 0; slot-- {
		if holding[slot] != world.NoItem {
			m.ForYou = append(m.ForYou, p.Slots[slot].Pos)
		}
	}
	if m.HasTarget = d.sought != world.NoItem; m.HasTarget {
		m.Target, m.Looking = p.Slots[s.slotOfItem(d.sought)].Pos, s.market.Catalog.Items[d.sought].Name.In(d.h.Lang())
	}
}

// screens brings the screen shown up to date, a few times a second.
func (d *display) screens() {
	d.seeking()
	switch d.h.Screen() {
	case hud.ScreenSearch:
		if d.find.stale {
			d.wordFound()
		}
	case hud.ScreenCart:
		d.wordCart()
	case hud.ScreenMap:
		d.mark()
		d.h.SetMarks(d.marks)
	}
}

// open shows a screen, up to date from the first frame on; one that is shown
// is closed by the same key, but for the search, whose text gets the hands.
func (d *display) open(s hud.Screen) {
	switch {
	case s == hud.ScreenSearch && d.h.Screen() == s:
		d.h.Box()
		return
	case d.h.Screen() == s:
		s = hud.ScreenNone
	case s == hud.ScreenSearch:
		d.h.SetQuery("")
		d.find.stale = true
	}
	d.h.OpenHelp(false)
	d.h.Show(s)
	d.screens()
}

// lineBuffers are what the screens are worded with.
type lineBuffers struct {
	cartLines   []store.Line
	cartItems   []world.ItemIndex
	cartRows    []hud.CartLine
	settingRows []hud.Setting
}
