package search_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"souk/world"
	"souk/world/catalog"
	"souk/world/catalog/search"
)

func demo(t testing.TB, n int) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Generate(n, 1)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// small is a catalogue in which every answer can be seen.
func small(t testing.TB) *catalog.Catalog {
	t.Helper()
	size := catalogSize()
	item := func(id, en, zh string, cat world.CategoryIndex, seller world.SellerIndex, price world.Cents, stock int32, colour string) world.Item {
		return world.Item{ID: id, Name: world.Text{EN: en, ZH: zh}, Category: cat, Seller: seller, Price: price, Stock: stock,
			Attributes: []world.Attribute{{Key: "colour", Value: colour}}, Look: size, Description: world.Text{EN: "A thing for the evening.", ZH: "夜里用的东西。"}}
	}
	c, err := catalog.Assemble("small", []world.Item{
		item("a", "Brass table lamp", "黄铜台灯", 1, 0, 2500, 3, "ochre"),
		item("b", "Lamp oil", "灯油", 2, 1, 900, 9, "clear"),
		item("c", "Lampshade, ivory", "象牙白灯罩", 1, 1, 1500, 0, "ivory"),
		item("d", "Crème brûlée dish", "布蕾碗", 2, 0, 1200, 5, "lamp black"),
		item("e", "Iron kettle", "铁壶", 2, 2, 3100, 2, "black"),
	}, []world.Category{
		{ID: "home", Name: world.Text{EN: "Home", ZH: "家居"}, Parent: world.NoCategory},
		{ID: "home/lamps", Name: world.Text{EN: "Lamps", ZH: "灯具"}, Parent: 0, Family: "lamp"},
		{ID: "home/table", Name: world.Text{EN: "Table", ZH: "餐桌"}, Parent: 0, Family: "vase"},
	}, []world.Seller{{ID: "s0", Name: world.Text{EN: "Nightjar Workshop", ZH: "夜鹰工坊"}}, {ID: "s1", Name: world.Text{EN: "Okoro Den", ZH: "奥科罗小屋"}}, {ID: "s2", Name: world.Text{EN: "Lampton Goods", ZH: "兰顿百货"}}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func catalogSize() (l world.Look) {
	l.Size.X, l.Size.Y, l.Size.Z = 0.2, 0.2, 0.2
	return l
}

func TestWhatIsTypedAndWhatIsFound(t *testing.T) {
	c := small(t)
	ix := search.New(c)
	for _, tc := range []struct{ typed, want string }{
		{"lamp", "b a c d e"}, // whole in the name, cheaper first; its beginning; attribute; seller
		{"LAMP", "b a c d e"},
		{"brass lamp", "a"},
		{"lamp brass", "a"},
		{"lamps", "a c"},
		{"home", "b d a e c"}, // by category alone: what is sold out comes last
		{"nightjar", "d a"},
		{"creme brulee", "d"},
		{"ivory", "c"},
		{"evening", "b d a e c"},
		{"灯", "b a c"},
		{"台灯", "a"},
		{"象牙白灯", "c"},
		{"铜台", "a"},
		{"家居", "b d a e c"},
		{"夜鹰工坊", "d a"},
		{"黄铜 lamp", "a"},
		{"黄铜lamp", "a"},
		{"ｌａｍｐ oil", "b"},
		{"lamp <20", "b c d"},
		{"lamp >= 25", "a e"},
		{"灯＜１０", "b"},
		{"lamp 12-25", "a c d"},
		{"<9.01", "b"},
		{"<9", ""},
		{">", "b d a e c"},
		{"", "b d a e c"},
		{"zebra", ""},
		{"lamp zebra", ""},
		{"台鹰", ""},
		{"  ,;!", "b d a e c"},
	} {
		found, total := ix.Find(nil, tc.typed, 10)
		var ids []string
		for _, r := range found {
			ids = append(ids, c.Items[r.Item].ID)
		}
		if got := strings.Join(ids, " "); got != tc.want || total != len(ids) {
			t.Errorf("%q finds %q (%d), want %q", tc.typed, got, total, tc.want)
		}
	}
}

func TestTheLimitKeepsTheBest(t *testing.T) {
	c := demo(t, 2000)
	ix := search.New(c)
	all, total := ix.Find(nil, "la", 1<<30)
	if total != len(all) || total < 100 {
		t.Fatalf("%d of %d", len(all), total)
	}
	for _, n := range []int{0, 1, 7, 100} {
		some, of := ix.Find(nil, "la", n)
		if of != total || !slices.Equal(some, all[:n]) {
			t.Errorf("the best %d of %d are not the first of all", n, of)
		}
	}
}

// The index finds, in the same order, what reading every item finds.
func TestTheIndexEqualsReadingEverything(t *testing.T) {
	c := demo(t, 1500)
	ix := search.New(c)
	rapid.Check(t, func(t *rapid.T) {
		it := &c.Items[rapid.IntRange(0, len(c.Items)-1).Draw(t, "item")]
		texts := []string{it.Name.EN, it.Name.ZH, c.Path(it.Category, "en"), c.Sellers[it.Seller].Name.EN, c.Sellers[it.Seller].Name.ZH, it.Description.ZH, it.Description.EN, it.Attributes[0].Value}
		var parts []string
		for range rapid.IntRange(1, 3).Draw(t, "parts") {
			rs := []rune(rapid.SampledFrom(texts).Draw(t, "text"))
			a := rapid.IntRange(0, len(rs)-1).Draw(t, "from")
			b := rapid.IntRange(a, min(len(rs), a+6)).Draw(t, "to")
			parts = append(parts, string(rs[a:b]))
		}
		typed := strings.Join(parts, " ")
		got, total := ix.Find(nil, typed, 1<<30)
		want := read(c, typed)
		if total != len(got) || !slices.Equal(got, want) {
			t.Fatalf("%q: %d found, %d by reading", typed, len(got), len(want))
		}
	})
}

// read is the naive search: every text of every item, for every query.
func read(c *catalog.Catalog, typed string) (found []search.Result) {
	words, runs := split(typed)
	for i := range c.Items {
		it := &c.Items[i]
		score, ok := int32(0), true
		fields := [][]string{{it.Description.EN, it.Description.ZH}, {c.Sellers[it.Seller].Name.EN, c.Sellers[it.Seller].Name.ZH}, nil, nil, {it.Name.EN, it.Name.ZH}}
		for _, a := range it.Attributes {
			fields[2] = append(fields[2], a.Value)
		}
		for k := it.Category; k != world.NoCategory; k = c.Categories[k].Parent {
			fields[3] = append(fields[3], c.Categories[k].Name.EN, c.Categories[k].Name.ZH)
		}
		best := func(worth func(string) int32) {
			top := int32(0)
			for f, weight := range []int32{1, 4, 5, 7, 10} {
				for _, text := range fields[f] {
					top = max(top, weight*worth(text))
				}
			}
			score, ok = score+top, ok && top > 0
		}
		for _, w := range words {
			best(func(text string) (worth int32) {
				have, _ := split(text)
				for _, h := range have {
					if h == w {
						return 3
					}
					if strings.HasPrefix(h, w) {
						worth = 2
					}
				}
				return worth
			})
		}
		for _, r := range runs {
			best(func(text string) int32 {
				if strings.Contains(text, r) {
					return 3
				}
				return 0
			})
		}
		if ok {
			found = append(found, search.Result{Item: world.ItemIndex(i), Score: score})
		}
	}
	slices.SortStableFunc(found, func(a, b search.Result) int {
		x, y := &c.Items[a.Item], &c.Items[b.Item]
		out := func(it *world.Item) int {
			if it.Stock > 0 {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(out(x), out(y)), cmp.Compare(x.Price, y.Price))
	})
	return found
}

// split separates words from Chinese.
func split(text string) (words, runs []string) {
	kind := func(r rune) int {
		switch {
		case unicode.Is(unicode.Han, r):
			return 2
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return 1
		}
		return 0
	}
	rs := []rune(strings.ToLower(text))
	for i := 0; i < len(rs); {
		k, from := kind(rs[i]), i
		for i < len(rs) && kind(rs[i]) == k {
			i++
		}
		switch k {
		case 1:
			words = append(words, string(rs[from:i]))
		case 2:
			runs = append(runs, string(rs[from:i]))
		}
	}
	return words, runs
}

func TestFindingAllocatesNothing(t *testing.T) {
	ix := search.New(demo(t, 5000))
	dst := make([]search.Result, 0, 100)
	for _, typed := range []string{"", "l", "lamp", "brass lamp <40", "灯", "黄铜台灯", "art deco brass"} {
		ix.Find(dst, typed, 100)
		if n := testing.AllocsPerRun(20, func() { ix.Find(dst, typed, 100) }); n > 0 {
			t.Errorf("%q: %v allocations", typed, n)
		}
	}
}

// Whatever is typed, what is found is within the limits and in order.
func FuzzFind(f *testing.F) {
	for _, s := range []string{"lamp", "台灯 <20", ">=5 <", "5-", "5-3-1", "９９９９９９９９９９９９９９９９９９９９", "\xff\xfe", "a\u0301", strings.Repeat("灯", 200)} {
		f.Add(s)
	}
	c := demo(f, 300)
	ix := search.New(c)
	f.Fuzz(func(t *testing.T, typed string) {
		got, total := ix.Find(nil, typed, 20)
		if len(got) != min(20, total) || total > len(c.Items) {
			t.Fatalf("%d of %d", len(got), total)
		}
		for i := 1; i < len(got); i++ {
			if got[i].Score > got[i-1].Score {
				t.Fatal("out of order")
			}
		}
	})
}

// typing is what a visitor types, a keystroke at a time.
var typing = []string{"b", "br", "bra", "bras", "brass", "brass ", "brass l", "brass la", "brass lam", "brass lamp", "brass lamp ", "brass lamp <", "brass lamp <4", "brass lamp <40", "台", "台灯", "黄铜台灯"}

func BenchmarkKeystroke(b *testing.B) {
	ix := search.New(demo(b, 50000))
	dst := make([]search.Result, 0, 200)
	for _, typed := range []string{"", "b", "brass lamp <40", "黄铜台灯"} {
		b.Run("typed="+typed, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ix.Find(dst, typed, 200)
			}
		})
	}
	b.Run("average", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			ix.Find(dst, typing[i%len(typing)], 200)
			i++
		}
	})
}

// The baseline: lower-case texts made ready, and every one of them looked
// through for every word, on every keystroke.
func BenchmarkNaiveScan(b *testing.B) {
	c := demo(b, 50000)
	texts := make([]string, len(c.Items))
	for i := range c.Items {
		it := &c.Items[i]
		parts := []string{it.Name.EN, it.Name.ZH, c.Path(it.Category, "en"), c.Path(it.Category, "zh"), c.Sellers[it.Seller].Name.EN, c.Sellers[it.Seller].Name.ZH, it.Description.EN, it.Description.ZH}
		for _, a := range it.Attributes {
			parts = append(parts, a.Value)
		}
		texts[i] = strings.ToLower(strings.Join(parts, "\n"))
	}
	b.ReportAllocs()
	i, n := 0, 0
	for b.Loop() {
		words := strings.Fields(typing[i%len(typing)])
		i++
		var found []world.ItemIndex
		for k := range texts {
			if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(texts[k], w) }) {
				found = append(found, world.ItemIndex(k))
			}
		}
		n += len(found)
	}
}

func BenchmarkNew(b *testing.B) {
	c := demo(b, 50000)
	b.ReportAllocs()
	for b.Loop() {
		search.New(c)
	}
}
