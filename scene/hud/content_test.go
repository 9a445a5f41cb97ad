package hud_test

import (
	"strings"
	"testing"

	"souk/attention/rank"
	"souk/scene/hud"
	"souk/world"
	"souk/world/catalog"
)

func demo(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Generate(500, 1)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Every item's card can be laid out in both languages, with no glyph missing.
func TestCardsOfACatalogue(t *testing.T) {
	f, c := load(t), demo(t)
	reasons := []rank.Reason{{Item: 3, Kind: world.EventDwell, Dwell: 4.1, Share: 0.5}, {Item: 4, Kind: world.EventLike, Share: 0.2}, {Item: world.NoItem, Share: 0.1}}
	for i := range c.Items {
		for _, lang := range []string{"en", "zh"} {
			card := hud.CardOf(c, world.ItemIndex(i), reasons, lang)
			if f.Chinese() {
				text := card.Name + card.Description + card.Seller + card.Category + card.Why[0].Text
				if m := f.Missing(nil, text); len(m) > 0 {
					t.Fatalf("item %d, %s: no glyph for %q", i, lang, m)
				}
			}
			if i%10 > 0 {
				continue
			}
			d := lay1(f, 1280, 720, 1, lang, func(d *hud.HUD, _ string) { d.ShowCard(card) })
			if _, cut := d.Lines(); cut["card"] > 0 {
				t.Errorf("item %d, %s: %d texts of the card are shortened: %+v", i, lang, cut["card"], card)
			}
		}
	}
}

func TestReasonsInWords(t *testing.T) {
	c := demo(t)
	name := c.Items[7].Name.EN
	for _, tc := range []struct {
		r    rank.Reason
		want string
	}{
		{rank.Reason{Item: 7, Kind: world.EventDwell, Dwell: 2.14}, "because you looked at " + name + " for 2.1 s"},
		{rank.Reason{Item: 7, Kind: world.EventLike}, "because you like " + name},
		{rank.Reason{Item: 7, Kind: world.EventCart}, "because you put " + name + " into the cart"},
		{rank.Reason{Item: 7, Kind: world.EventPurchase}, "because you bought " + name},
		{rank.Reason{Item: 7, Kind: world.EventOpen}, "because you looked closely at " + name},
		{rank.Reason{Item: world.NoItem}, "because many people here like it"},
		{rank.Reason{Item: world.NoItem, Kind: world.EventExposure}, "because of what you looked at earlier"},
	} {
		if got := hud.ReasonOf(c, tc.r, 9, "en"); got != tc.want {
			t.Errorf("%+v: %q, want %q", tc.r, got, tc.want)
		}
	}
	if s := hud.SignOf(c, rank.Reason{Item: 7, Kind: world.EventLike}, 9); !strings.HasPrefix(s.EN, "for you") || !strings.HasPrefix(s.ZH, "为你推荐") {
		t.Errorf("sign %+v", s)
	}
}

// A card tells of the item itself only where nothing else speaks for it.
func TestReasonsOfTheItemItself(t *testing.T) {
	c := demo(t)
	own, other := rank.Reason{Item: 7, Kind: world.EventLike, Share: 0.6}, rank.Reason{Item: 8, Kind: world.EventLike, Share: 0.2}
	if why := hud.CardOf(c, 7, []rank.Reason{own, other}, "en").Why; len(why) != 1 || why[0].Text != "because you like "+c.Items[8].Name.EN {
		t.Errorf("%+v", why)
	}
	if why := hud.CardOf(c, 7, []rank.Reason{own}, "en").Why; len(why) != 1 || why[0].Text != "because you like it" {
		t.Errorf("%+v", why)
	}
}

func TestTasteSumsUpAttention(t *testing.T) {
	c := demo(t)
	ranked := []rank.Scored{{Item: 0, Attention: 0.4}, {Item: 1, Attention: 0.3}, {Item: 2, Attention: 0.2}, {Item: 3, Attention: 0.1}}
	kinds, styles, items := hud.TasteOf(c, ranked, "en")
	if len(items) != 3 || items[0].Value != 1 || items[1].Value != 0.75 || items[0].Label != c.Items[0].Name.EN {
		t.Errorf("items %+v", items)
	}
	if len(kinds) == 0 || kinds[0].Value != 1 || len(styles) == 0 || styles[0].Value != 1 {
		t.Errorf("kinds %+v, styles %+v", kinds, styles)
	}
	if k, s, i := hud.TasteOf(c, nil, "zh"); len(k)+len(s)+len(i) != 0 {
		t.Error("taste out of nothing")
	}
}

func TestMemoryTellsWhatMatters(t *testing.T) {
	c := demo(t)
	var m hud.Memory
	m.Add([]world.Event{{Kind: world.EventExposure, Item: c.Items[2].ID, InView: 5}, {Kind: world.EventHide, Item: c.Items[4].ID}})
	if m.Liked() {
		t.Error("a taste out of what was passed by")
	}
	m.Forget()
	m.Add([]world.Event{
		{Kind: world.EventDwell, Item: c.Items[0].ID, Dwell: 0.1, Time: 1}, // too short
		{Kind: world.EventDwell, Item: c.Items[1].ID, Dwell: 2, Time: 2},
		{Kind: world.EventExposure, Item: c.Items[2].ID, InView: 5, Time: 3},
		{Kind: world.EventExposure, Item: c.Items[3].ID, InView: 5, Time: 4},
		{Kind: world.EventHide, Item: c.Items[4].ID, Time: 5},
		{Kind: world.EventPlace, Item: c.Items[5].ID, Time: 6},
		{Kind: world.EventLike, Item: "unknown", Time: 7},
	})
	got := m.Recent(c, "en", 10, 5)
	want := []hud.Heard{
		{Text: "hid " + c.Items[4].Name.EN, Ago: 5, Against: true}, {Text: "passed by " + c.Items[3].Name.EN, Ago: 6, Against: true},
		{Text: "looked 2.0 s at " + c.Items[1].Name.EN, Ago: 8},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
	if !m.Liked() {
		t.Error("a long look counts for nothing")
	}
	m.Forget()
	m.Add([]world.Event{{Kind: world.EventDwell, Item: c.Items[0].ID, Dwell: 0.3, Exposure: 0.05}})
	if got := m.Recent(c, "en", 1, 1); m.Liked() || !got[0].Against {
		t.Errorf("%+v: a short look is told as one that speaks for the item, and the ranker takes it against", got)
	}
	for range 500 {
		m.Add([]world.Event{{Kind: world.EventLike, Item: c.Items[0].ID}})
	}
	if n := len(m.Recent(c, "en", 10, 1000)); n > 64 {
		t.Errorf("keeps %d", n)
	}
	m.Forget()
	if len(m.Recent(c, "en", 10, 5)) != 0 {
		t.Error("not forgotten")
	}
}

// The names of a catalogue's items fit into the rows of search and cart, at
// the usual size of type and at the largest.
func TestRowsOfACatalogue(t *testing.T) {
	f, c := load(t), demo(t)
	for _, lang := range []string{"en", "zh"} {
		for _, scale := range []float64{1, 1.5} {
			for from := 0; from+6 <= len(c.Items); from += 6 {
				var rows []hud.Found
				var cart []hud.CartLine
				for i := from; i < from+6; i++ {
					it := &c.Items[i]
					sub := c.Categories[it.Category].Name.In(lang) + " · " + c.Sellers[it.Seller].Name.In(lang)
					rows = append(rows, hud.Found{Name: it.Name.In(lang), Sub: sub, Price: it.Price.String(), Stock: it.Stock})
					cart = append(cart, hud.CartLine{Name: it.Name.In(lang), Sub: sub, Each: it.Price.String(), Sum: (3 * it.Price).String(), Quantity: 3, Stock: it.Stock})
				}
				for name, set := range map[string]func(*hud.HUD, string){
					"search": func(d *hud.HUD, _ string) { d.Show(hud.ScreenSearch); d.SetFound(rows, 6) },
					"cart":   func(d *hud.HUD, _ string) { d.Show(hud.ScreenCart); d.SetCart(cart, "1234.50") },
				} {
					if _, cut := lay1(f, 1280, 720, scale, lang, set).Lines(); cut[name] > 0 {
						t.Errorf("%s %s ×%v, items from %d on: %d texts are shortened", name, lang, scale, from, cut[name])
					}
				}
			}
		}
	}
}
