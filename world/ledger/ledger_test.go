package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"souk/world"
	"souk/world/catalog"
	"souk/world/ledger"
	"souk/world/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var cat = func() *catalog.Catalog {
	c, err := catalog.Generate(50, 1)
	if err != nil {
		panic(err)
	}
	return c
}()

func open(t interface {
	Fatal(...any)
}, dir string) (*ledger.Ledger, *store.Store) {
	s, err := store.Open(dir, store.Options{Linger: -1})
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(tContext, cat, s)
	if err != nil {
		t.Fatal(err)
	}
	return l, s
}

func buy(t interface {
	Fatal(...any)
}, l *ledger.Ledger, visitor, id string, lines ...store.Line) ledger.Receipt {
	done := make(chan ledger.Receipt, 1)
	err := l.Buy(visitor, id, lines, 1.7e9, func(r ledger.Receipt, err error) {
		if err != nil {
			r.Reason = "error: " + err.Error()
		}
		done <- r
	})
	if err != nil {
		t.Fatal(err)
	}
	return <-done
}

func TestPurchaseTakesStockOnceAndPricesComeFromTheCatalogue(t *testing.T) {
	dir := t.TempDir()
	l, s := open(t, dir)
	it := cat.Items[3]
	lines := []store.Line{{Item: it.ID, Quantity: 1}, {Item: cat.Items[1].ID, Quantity: 1}, {Item: it.ID, Quantity: 1}}
	want := 2*it.Price + cat.Items[1].Price
	first := buy(t, l, "v", "p1", lines...)
	if !first.OK || first.Total != want || first.Repeat || len(first.Lines) != 2 {
		t.Fatalf("receipt %+v, want a total of %v on 2 lines", first, want)
	}
	for range 2 { // again, then again after a restart
		again := buy(t, l, "v", "p1", lines...)
		if !again.OK || !again.Repeat || again.Total != want || fmt.Sprint(again.Lines) != fmt.Sprint(first.Lines) {
			t.Errorf("the same again: %+v", again)
		}
		if n, _ := l.Stock(it.ID); n != it.Stock-2 {
			t.Errorf("%d are left, want %d", n, it.Stock-2)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		l, s = open(t, dir)
	}
	defer s.Close()
	if r := buy(t, l, "thief", "p1", lines...); r.OK || !strings.Contains(r.Reason, "another visitor") || len(r.Lines) != 0 {
		t.Errorf("another visitor gets %+v", r)
	}
}

func TestRefusalIsFinalForItsIdAndChangesNothing(t *testing.T) {
	l, s := open(t, t.TempDir())
	defer s.Close()
	it := cat.Items[2]
	for say, line := range map[string]store.Line{
		"out of stock": {Item: it.ID, Quantity: it.Stock + 1},
		"no item":      {Item: "unheard-of", Quantity: 1},
	} {
		// The good line before the bad one is not bought either.
		r := buy(t, l, "v", say, store.Line{Item: cat.Items[0].ID, Quantity: 1}, line)
		if r.OK || !strings.Contains(r.Reason, say) || r.Total != 0 {
			t.Errorf("%s: %+v", say, r)
		}
		if again := buy(t, l, "v", say, store.Line{Item: cat.Items[0].ID, Quantity: 1}); again.OK || again.Reason != r.Reason {
			t.Errorf("%s again: %+v", say, again)
		}
	}
	if c := l.Changed(); len(c) != 0 {
		t.Errorf("the stock has changed: %v", c)
	}
}

// TestLedgerAgreesWithAModel plays random purchases, repeats and restarts
// against a map.
func TestLedgerAgreesWithAModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, clean := tempDir(t)
		defer clean()
		l, s := open(t, dir)
		defer func() { s.Close() }()
		left := map[string]int32{}
		for _, it := range cat.Items[:5] {
			left[it.ID] = it.Stock
		}
		known := map[string]string{}
		for range rapid.IntRange(1, 14).Draw(t, "steps") {
			if rapid.IntRange(0, 7).Draw(t, "what") == 0 {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				l, s = open(t, dir)
			}
			id := fmt.Sprint("p", rapid.IntRange(0, 20).Draw(t, "id"))
			n := rapid.Int32Range(1, 40).Draw(t, "n")
			item := cat.Items[rapid.IntRange(0, 4).Draw(t, "item")]
			r := buy(t, l, "v", id, store.Line{Item: item.ID, Quantity: n})
			got := fmt.Sprint(r.OK, r.Total, r.Lines)
			if before, ok := known[id]; ok {
				if got != before || !r.Repeat {
					t.Fatalf("%s was %s, and is now %s", id, before, got)
				}
				continue
			}
			known[id] = got
			if r.OK != (left[item.ID] >= n) {
				t.Fatalf("%d of %d: %+v", n, left[item.ID], r)
			}
			if r.OK {
				left[item.ID] -= n
				if r.Total != item.Price*world.Cents(n) {
					t.Fatalf("%d at %v cost %v", n, item.Price, r.Total)
				}
			}
			if have, _ := l.Stock(item.ID); have != left[item.ID] {
				t.Fatalf("%d of %s are left, want %d", have, item.ID, left[item.ID])
			}
		}
	})
}
