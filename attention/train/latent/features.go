package latent

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"souk/world"
	"souk/world/catalog"
)

// Features are the attributes that each item has: a sparse table of yes and no. The first is had by all.
type Features struct {
	Count int // of different attributes
	Names []string
	start []int
	col   []int32
}

// Items is how many items there are.
func (f *Features) Items() int { return len(f.start) - 1 }

// Of is the item's attributes, as rows of Names; read only.
func (f *Features) Of(item int) []int32 { return f.col[f.start[item]:f.start[item+1]] }

// category says whether an attribute is to be in a category.
func (f *Features) category(a int) bool { return strings.HasPrefix(f.Names[a], categoryOf) }

// product writes Wᵀf of an item into dst, W having rows of len(dst).
func (f *Features) product(dst, weights []float64, item int) {
	clear(dst)
	for _, a := range f.Of(item) {
		axpy(dst, weights[int(a)*len(dst):], 1)
	}
}

// add adds f·xᵀ of an item to rows of len(x).
func (f *Features) add(rows, x []float64, item int) {
	for _, a := range f.Of(item) {
		axpy(rows[int(a)*len(x):][:len(x)], x, 1)
	}
}

const (
	// categoryOf begins the names of the attributes that are categories.
	categoryOf = "category="
	// common is how many items an attribute must have for it to be one.
	common = 3
	// Prices are compared within a category: steps of a quarter of a natural logarithm round its
	// median, so many to either side.
	priceStep, priceSteps = 0.25, 4
	// mostAttributes bounds how many there are: the commonest are kept.
	mostAttributes = 4096
)

// Attributes are what the catalogue says of its items in words: the categories that they are in, each attribute with its
// value, and how dear they are within their category. They are what content features say, without hashing several
// words into one number (see catalog.FeatureDim), which the device has no need to know.
func Attributes(c *catalog.Catalog) *Features {
	typical := typicalPrices(c)
	rows := make([][]string, len(c.Items))
	count := make(map[string]int)
	for i := range c.Items {
		it := &c.Items[i]
		names := []string{""}
		for cat := it.Category; cat != world.NoCategory; cat = c.Categories[cat].Parent {
			names = append(names, categoryOf+c.Categories[cat].ID)
		}
		for _, a := range it.Attributes {
			if a.Key != catalog.ModelKey && a.Value != "" {
				names = append(names, a.Key+"="+strings.ToLower(a.Value))
			}
		}
		if price := float64(it.Price); price > 0 {
			step := math.Floor(math.Log(price/typical[it.Category]) / priceStep)
			names = append(names, "price="+strconv.Itoa(int(max(-priceSteps, min(priceSteps-1, step)))))
		}
		slices.Sort(names)
		rows[i] = slices.Compact(names)
		for _, n := range rows[i] {
			count[n]++
		}
	}
	return table(rows, count)
}

// table numbers the attributes that are common enough, the empty name first.
func table(rows [][]string, count map[string]int) *Features {
	f := &Features{start: []int{0}}
	for n, k := range count {
		if k >= common || n == "" {
			f.Names = append(f.Names, n)
		}
	}
	slices.SortFunc(f.Names, func(a, b string) int {
		if d := count[b] - count[a]; d != 0 && a != "" && b != "" {
			return d
		}
		return strings.Compare(a, b)
	})
	f.Names = f.Names[:min(len(f.Names), mostAttributes)]
	f.Count = len(f.Names)
	number := make(map[string]int32, f.Count)
	for k, n := range f.Names {
		number[n] = int32(k)
	}
	for _, row := range rows {
		for _, n := range row {
			if k, ok := number[n]; ok {
				f.col = append(f.col, k)
			}
		}
		f.start = append(f.start, len(f.col))
	}
	return f
}

// typicalPrices is the median price of each category.
func typicalPrices(c *catalog.Catalog) []float64 {
	prices := make([][]float64, len(c.Categories))
	for i := range c.Items {
		if it := &c.Items[i]; it.Price > 0 {
			prices[it.Category] = append(prices[it.Category], float64(it.Price))
		}
	}
	median := make([]float64, len(prices))
	for k, p := range prices {
		if slices.Sort(p); len(p) > 0 {
			median[k] = p[len(p)/2]
		}
	}
	return median
}
