package hud

import (
	"cmp"
	"fmt"
	"slices"

	"souk/assets/words"
	"souk/attention/focus"
	"souk/attention/rank"
	"souk/attention/signal"
	"souk/world"
	"souk/world/catalog"
)

// leastShare is the least share of a score that is told as a reason.
const leastShare = 0.01

// CardOf words an item for the card: what it is, and why it is shown. What the
// visitor has done with it is the caller's to fill in.
func CardOf(c *catalog.Catalog, item world.ItemIndex, reasons []rank.Reason, lang string) Card {
	it := &c.Items[item]
	card := Card{
		Name: it.Name.In(lang), Category: c.Categories[it.Category].Name.In(lang), Seller: c.Sellers[it.Seller].Name.In(lang),
		Price: it.Price.String(), Description: it.Description.In(lang), Primary: it.Look.Primary, Accent: it.Look.Accent, Stock: it.Stock,
	}
	// What was done to the item itself came after it was put there, and is told
	// only where there is nothing else; less than a hundredth is no reason.
	others := slices.ContainsFunc(reasons, func(r rank.Reason) bool { return r.Item != item && r.Share >= leastShare })
	for _, r := range reasons {
		if (r.Item != item || !others) && r.Share >= leastShare {
			card.Why = append(card.Why, Why{Text: ReasonOf(c, r, item, lang), Share: float64(r.Share)})
		}
	}
	return card
}

// ReasonOf words a reason for an item: "because you looked at … for 2.1 s".
func ReasonOf(c *catalog.Catalog, r rank.Reason, item world.ItemIndex, lang string) string {
	w := words.In(lang)
	if r.Item < 0 || int(r.Item) >= len(c.Items) {
		if r.Kind == world.EventExposure {
			return w.Earlier
		}
		return w.Popular
	}
	name := c.Items[r.Item].Name.In(lang)
	if r.Item == item {
		name = w.It
	}
	switch r.Kind {
	case world.EventOpen:
		return fmt.Sprintf(w.OpenedF, name)
	case world.EventLike:
		return fmt.Sprintf(w.LikedF, name)
	case world.EventCart:
		return fmt.Sprintf(w.CartedF, name)
	case world.EventPurchase:
		return fmt.Sprintf(w.BoughtF, name)
	}
	return fmt.Sprintf(w.LookedF, name, r.Dwell)
}

// SignOf words the small sign of an item on a pedestal, in both languages.
func SignOf(c *catalog.Catalog, r rank.Reason, item world.ItemIndex) world.Text {
	sign := func(lang string) string { return words.In(lang).ForYou + " · " + ReasonOf(c, r, item, lang) }
	return world.Text{EN: sign("en"), ZH: sign("zh")}
}

// TasteOf sums a ranking up for the attention panel: the kinds and styles that
// its best items have, weighted by the attention each is expected to win, and
// the items themselves. The largest bar of each list is 1.
func TasteOf(c *catalog.Catalog, ranked []rank.Scored, lang string) (kinds, styles, items []Bar) {
	byKind, byStyle := map[string]float64{}, map[string]float64{}
	for _, s := range ranked {
		it := &c.Items[s.Item]
		byKind[c.Categories[it.Category].Name.In(lang)] += float64(s.Attention)
		for _, a := range it.Attributes {
			if a.Key == "style" {
				byStyle[words.Style(lang, a.Value)] += float64(s.Attention)
			}
		}
		if len(items) < 3 {
			items = append(items, Bar{it.Name.In(lang), float64(s.Attention)})
		}
	}
	return bars(byKind, 4), bars(byStyle, 4), scaled(items)
}

// bars are the n largest of a sum by name.
func bars(sums map[string]float64, n int) []Bar {
	var all []Bar
	for name, v := range sums {
		all = append(all, Bar{name, v})
	}
	// Sorted by value and name, so that the order does not hang on the map's.
	slices.SortFunc(all, func(a, b Bar) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Label, b.Label))
	})
	return scaled(all[:min(n, len(all))])
}

// scaled makes the largest bar 1, and rounds to what can be seen, so that the
// panel is not drawn anew for less.
func scaled(all []Bar) []Bar {
	most := 0.0
	for _, b := range all {
		most = max(most, b.Value)
	}
	for i := range all {
		if most > 0 {
			all[i].Value = float64(int(all[i].Value/most*100+0.5)) / 100
		}
	}
	return all
}

// Memory keeps the latest of what was noticed and done, for the panel. The zero
// value is ready.
type Memory struct {
	events []told
	norm   *signal.Normaliser
}

// told is an event with what it says of its item.
type told struct {
	world.Event
	against bool
}

// memorySize is how many events are kept, leastDwell which looks are worth
// telling, seconds, and leastPass for how long something passed by was in view.
const (
	memorySize = 64
	leastDwell = 0.25
	leastPass  = 3.0
)

// Add takes the events of a decision.
func (m *Memory) Add(events []world.Event) {
	for i := range events {
		e := &events[i]
		switch e.Kind {
		case world.EventPlace, world.EventUnhide, world.EventUncart, world.EventUnknown:
			continue
		case world.EventDwell:
			if e.Dwell < leastDwell {
				m.against(e) // it still teaches what a long look is
				continue
			}
		case world.EventExposure:
			if e.InView < leastPass {
				continue
			}
		}
		if len(m.events) == memorySize {
			m.events = append(m.events[:0], m.events[memorySize/2:]...)
		}
		m.events = append(m.events, told{*e, m.against(e)})
	}
}

// Liked says whether anything speaks for an item: before that there is no
// taste to tell.
func (m *Memory) Liked() bool {
	return slices.ContainsFunc(m.events, func(e told) bool { return !e.against })
}

// against says whether an event counts against its item. A look is judged as
// training judges it: by the length of the visitor's other looks.
func (m *Memory) against(e *world.Event) bool {
	switch e.Kind {
	case world.EventExposure, world.EventHide, world.EventUnlike:
		return true
	case world.EventDwell:
		if m.norm == nil {
			m.norm = signal.NewNormaliser()
		}
		s, ok := signal.DefaultWeights().FromVisit(focus.Visit{Dwell: float64(e.Dwell), Exposure: e.Exposure}, m.norm)
		m.norm.Observe(float64(e.Dwell), float64(e.Exposure))
		return !ok || s.Preference == 0
	}
	return false
}

// Forget empties the memory.
func (m *Memory) Forget() { m.events, m.norm = m.events[:0], nil }

// Recent words the latest, newest first, at most n and one of them something
// passed by. now is the session's clock, as the events'.
func (m *Memory) Recent(c *catalog.Catalog, lang string, now float64, n int) []Heard {
	var all []Heard
	passes := 0
	for i := len(m.events) - 1; i >= 0 && len(all) < n; i-- {
		e := &m.events[i]
		if e.Kind == world.EventExposure {
			if passes++; passes > 1 {
				continue
			}
		}
		item, ok := c.Index(e.Item)
		if !ok {
			continue
		}
		all = append(all, Heard{
			Text: heardText(words.In(lang), &e.Event, c.Items[item].Name.In(lang)), Ago: max(0, int(now-e.Time)),
			Against: e.against,
		})
	}
	return all
}

// heardText words one event.
func heardText(w *words.Words, e *world.Event, name string) string {
	switch e.Kind {
	case world.EventDwell:
		return fmt.Sprintf(w.HeardLookF, e.Dwell, name)
	case world.EventOpen:
		return fmt.Sprintf(w.HeardOpenF, name)
	case world.EventLike:
		return fmt.Sprintf(w.HeardLikeF, name)
	case world.EventUnlike:
		return fmt.Sprintf(w.HeardUnlikeF, name)
	case world.EventHide:
		return fmt.Sprintf(w.HeardHideF, name)
	case world.EventCart:
		return fmt.Sprintf(w.HeardCartF, name)
	case world.EventPurchase:
		return fmt.Sprintf(w.HeardBuyF, name)
	}
	return fmt.Sprintf(w.HeardPassF, name)
}
