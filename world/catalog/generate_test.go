package catalog_test

import (
	"math"
	"os"
	"runtime"
	"slices"
	"testing"

	"souk/world"
	"souk/world/catalog"
)

func generate(tb testing.TB, items int, seed uint64) *catalog.Catalog {
	tb.Helper()
	c, err := catalog.Generate(items, seed)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// TestGenerateIsRepeatable holds that equal numbers give an equal catalogue
// and other numbers another.
func TestGenerateIsRepeatable(t *testing.T) {
	a, b, d := generate(t, 500, 9), generate(t, 500, 9), generate(t, 500, 10)
	if a.Fingerprint() != b.Fingerprint() || !slices.Equal(a.Features, b.Features) {
		t.Error("the same seed gives another catalogue")
	}
	if a.Fingerprint() == d.Fingerprint() {
		t.Error("another seed gives the same catalogue")
	}
	for _, n := range []int{0, -1, 2_000_001} {
		if _, err := catalog.Generate(n, 1); err == nil {
			t.Errorf("%d items are no error", n)
		}
	}
}

// TestDemoStaysTheSame holds the demo catalogue to a golden file, since the
// shipped model was learnt on it: who changes the generator makes the model anew.
func TestDemoStaysTheSame(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the golden file was made on amd64; other processors may round exp and log otherwise")
	}
	c := generate(t, catalog.DemoItems, catalog.DemoSeed)
	const golden = "testdata/demo.fingerprint"
	if *update {
		if err := os.WriteFile(golden, []byte(c.Fingerprint()+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Fingerprint() + "\n"; got != string(want) {
		t.Errorf("the demo's fingerprint is %swant %s", got, want)
	}
}

// TestEveryItemIsComplete holds what the scene and the shopper rely on.
func TestEveryItemIsComplete(t *testing.T) {
	c := generate(t, 2000, 1)
	families := map[string]bool{}
	for i := range c.Items {
		it, idx := &c.Items[i], world.ItemIndex(i)
		if it.Name.EN == "" || it.Name.ZH == "" || it.Description.EN == "" || it.Description.ZH == "" {
			t.Fatalf("%s lacks a text: %+v", it.ID, it)
		}
		for _, key := range []string{"style", "material", "colour", "pattern", "origin"} {
			if c.Attribute(idx, key) == "" {
				t.Fatalf("%s has no %s", it.ID, key)
			}
		}
		if got, ok := c.Index(it.ID); !ok || got != idx {
			t.Fatalf("Index(%q) is %d", it.ID, got)
		}
		if !catalog.KnownFamily(c.Family(idx)) {
			t.Fatalf("%s is a %q, which has no model", it.ID, c.Family(idx))
		}
		families[c.Family(idx)] = true
		if s := it.Look.Size; min(s.X, s.Y, s.Z) < .005 || max(s.X, s.Y, s.Z) > 2 {
			t.Fatalf("%s measures %v", it.ID, s)
		}
		n := 0.0
		for _, v := range c.Feature(idx) {
			n += float64(v) * float64(v)
		}
		if math.Abs(n-1) > 1e-5 {
			t.Fatalf("%s: its features have the length %g", it.ID, math.Sqrt(n))
		}
	}
	if len(families) != len(catalog.Families()) {
		t.Errorf("%d of %d families are in the demo", len(families), len(catalog.Families()))
	}
	if i, ok := c.Index("nothing"); ok || i != world.NoItem {
		t.Errorf("an unknown id is item %d", i)
	}
}

// TestPricesAreLogNormalByCategory holds that within a leaf the logarithm of
// the price is bell-shaped: little skew, tails near the normal's.
func TestPricesAreLogNormalByCategory(t *testing.T) {
	c := generate(t, 50000, 1)
	by := make([][]float64, len(c.Categories))
	for i := range c.Items {
		it := &c.Items[i]
		by[it.Category] = append(by[it.Category], math.Log(float64(it.Price)))
	}
	for k, logs := range by {
		if len(logs) < 500 {
			continue
		}
		n := float64(len(logs))
		var mean, m2, m3, m4 float64
		for _, l := range logs {
			mean += l / n
		}
		for _, l := range logs {
			d := l - mean
			m2, m3, m4 = m2+d*d/n, m3+d*d*d/n, m4+d*d*d*d/n
		}
		sd, skew, kurt := math.Sqrt(m2), m3/math.Pow(m2, 1.5), m4/m2/m2
		// Prices end in .90, .40 or 5s and sellers come in few: wide limits.
		if sd < .2 || sd > 1 || math.Abs(skew) > .6 || kurt < 2 || kurt > 4.5 {
			t.Errorf("%s (%d items): sd %.2f, skew %.2f, kurtosis %.2f of the log price", c.Categories[k].ID, len(logs), sd, skew, kurt)
		}
	}
}

// TestSellersFollowZipf holds the exponent by which the shares fall, fitted
// over the ranks where chance is small.
func TestSellersFollowZipf(t *testing.T) {
	c := generate(t, 50000, 1)
	n := make([]int, len(c.Sellers))
	for i := range c.Items {
		n[c.Items[i].Seller]++
	}
	slices.SortFunc(n, func(a, b int) int { return b - a })
	var k, sx, sy, sxx, sxy float64
	for r, m := range n[:200] {
		x, y := math.Log(float64(r+1)), math.Log(float64(m))
		k, sx, sy, sxx, sxy = k+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	slope := (k*sxy - sx*sy) / (k*sxx - sx*sx)
	if math.Abs(slope+catalog.ZipfExponent) > .08 {
		t.Errorf("shares fall as r^%.2f; they should as r^-%.2f", slope, catalog.ZipfExponent)
	}
}

// TestTasteShowsInWhatCanBeSeen holds that style, colour and pattern lean
// together, and with the seller: there is something for a ranker to find.
func TestTasteShowsInWhatCanBeSeen(t *testing.T) {
	c := generate(t, 20000, 1)
	value := func(key string) func(world.ItemIndex) string {
		return func(i world.ItemIndex) string { return c.Attribute(i, key) }
	}
	seller := func(i world.ItemIndex) string { return c.Sellers[c.Items[i].Seller].ID }
	for _, pair := range []struct {
		name string
		a, b func(world.ItemIndex) string
		bits float64
	}{
		{"style and colour", value("style"), value("colour"), .15}, {"style and pattern", value("style"), value("pattern"), .15},
		{"style and seller", value("style"), seller, .4}, {"colour and seller", value("colour"), seller, .4},
	} {
		if got := mutual(len(c.Items), pair.a, pair.b); got < pair.bits {
			t.Errorf("%s share %.2f bits; at least %.2f are wanted", pair.name, got, pair.bits)
		} else {
			t.Logf("%s share %.2f bits", pair.name, got)
		}
	}
}

// mutual is the mutual information of two labels in bits, less what chance
// would give (Miller and Madow 1955: (r−1)(c−1)/2n in nats).
func mutual(n int, a, b func(world.ItemIndex) string) float64 {
	pa, pb, pab := map[string]float64{}, map[string]float64{}, map[[2]string]float64{}
	for i := range n {
		x, y := a(world.ItemIndex(i)), b(world.ItemIndex(i))
		pa[x]++
		pb[y]++
		pab[[2]string{x, y}]++
	}
	var h float64
	for k, m := range pab {
		h += m / float64(n) * math.Log(m*float64(n)/(pa[k[0]]*pb[k[1]]))
	}
	return (h - float64(len(pa)-1)*float64(len(pb)-1)/(2*float64(n))) / math.Ln2
}

func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		if _, err := catalog.Generate(50000, 1); err != nil {
			b.Fatal(err)
		}
	}
}
