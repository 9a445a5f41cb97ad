// Package catalog is the market's catalogue: the items, their category tree
// and their sellers, generated from a seed or read from a CSV file.
//
// Read [Catalog] first, then [Generate] and [ImportCSV]; [Assemble] is where
// both end.
package catalog

import (
	"fmt"
	"math"
	"strings"

	"souk/world"
)

// FeatureDim is the length of an item's content features: hashed words of its
// name, description and attributes, its category path, its colours, its shape, its price.
const FeatureDim = 64

// Catalog is a whole catalogue. It is immutable once made and safe for
// concurrent use.
type Catalog struct {
	// Name says where the catalogue comes from in a form that makes it again:
	// "demo:seed=1,items=2000" or the path of a file.
	Name string
	// Dir is the folder that the items' own models lie in: that of the catalogue's
	// file. It is empty where no file of this machine stands behind the catalogue: of the
	// demo, and of one that came from a server, whose word opens no files here.
	Dir        string
	Items      []world.Item // by world.ItemIndex
	Categories []world.Category
	Sellers    []world.Seller
	// Features holds FeatureDim numbers for each item, row by row, each row of
	// unit length: what a ranker may know of an item that nobody has touched.
	Features []float32

	byID        map[string]world.ItemIndex
	roots       []world.CategoryIndex
	fingerprint string
	report      *Report
}

// Assemble makes a catalogue of parts. It checks them (references, ids, tree
// order, ranges), keeps the slices without copying, and computes the features
// and the fingerprint. The error names the part and what is wrong with it.
func Assemble(name string, items []world.Item, cats []world.Category, sellers []world.Seller) (*Catalog, error) {
	if len(items) == 0 {
		return nil, fmt.Errorf("catalogue %s: it has no items; a market needs at least one", name)
	}
	if len(items) > math.MaxInt32 || len(cats) > math.MaxInt16 || len(sellers) > math.MaxInt32 {
		return nil, fmt.Errorf("catalogue %s: too large (%d items, %d categories, %d sellers); at most %d categories are possible",
			name, len(items), len(cats), len(sellers), math.MaxInt16)
	}
	c := &Catalog{Name: name, Items: items, Categories: cats, Sellers: sellers,
		byID: make(map[string]world.ItemIndex, len(items)), roots: make([]world.CategoryIndex, len(cats))}
	inner := make([]bool, len(cats))
	for i, cat := range cats {
		c.roots[i] = world.CategoryIndex(i)
		switch {
		case cat.Parent == world.NoCategory:
		case cat.Parent < 0 || int(cat.Parent) >= i:
			return nil, fmt.Errorf("catalogue %s, category %q: its parent %d does not come before it; list parents first", name, cat.ID, cat.Parent)
		default:
			inner[cat.Parent] = true
			c.roots[i] = c.roots[cat.Parent]
		}
	}
	for i := range items {
		it := &items[i]
		if why := checkItem(it, inner, len(sellers)); why != "" {
			return nil, fmt.Errorf("catalogue %s, item %d (%q): %s", name, i, it.ID, why)
		}
		if first, twice := c.byID[it.ID]; twice {
			return nil, fmt.Errorf("catalogue %s, item %d: its id %q is also item %d's; ids must differ", name, i, it.ID, first)
		}
		c.byID[it.ID] = world.ItemIndex(i)
	}
	c.Features = features(c)
	c.fingerprint = fingerprint(c)
	return c, nil
}

// checkItem says what is wrong with an item, or "".
func checkItem(it *world.Item, inner []bool, sellers int) string {
	s := it.Look.Size
	switch {
	case it.ID == "":
		return "it has no id; give it one"
	case it.Name == (world.Text{}):
		return "it has no name in either language; give it one"
	case it.Category < 0 || int(it.Category) >= len(inner):
		return fmt.Sprintf("its category %d does not exist", it.Category)
	case inner[it.Category]:
		return fmt.Sprintf("its category %d has categories below it; items belong to leaves", it.Category)
	case it.Seller < 0 || int(it.Seller) >= sellers:
		return fmt.Sprintf("its seller %d does not exist", it.Seller)
	case it.Price <= 0 || it.Price > maxPrice:
		return fmt.Sprintf("its price %s is not above 0 and at most %s", it.Price, maxPrice)
	case it.Stock < 0:
		return fmt.Sprintf("its stock %d is below 0", it.Stock)
	case !sane(s.X) || !sane(s.Y) || !sane(s.Z):
		return fmt.Sprintf("its size %g × %g × %g m is not within %g to %g m", s.X, s.Y, s.Z, minSize, maxSize)
	}
	for _, v := range it.Look.Shape {
		if !(v >= 0 && v <= 1) {
			return fmt.Sprintf("its shape %v is not within 0 and 1", it.Look.Shape)
		}
	}
	for _, c := range []world.RGB{it.Look.Primary, it.Look.Accent} {
		for _, v := range []float32{c.R, c.G, c.B} {
			if !(v >= 0 && v <= 1) {
				return fmt.Sprintf("its colour %v is not within 0 and 1", c)
			}
		}
	}
	return ""
}

// What an item may cost and measure.
const (
	maxPrice = world.Cents(100_000_000_00)
	minSize  = 0.005
	maxSize  = 20.0
)

func sane(size float64) bool { return size >= minSize && size <= maxSize }

// Index finds an item by its id.
func (c *Catalog) Index(id string) (world.ItemIndex, bool) {
	i, ok := c.byID[id]
	if !ok {
		return world.NoItem, false
	}
	return i, true
}

// Fingerprint is the SHA-256, in hexadecimal, of everything that the catalogue
// says (not of its name, nor of the features, which follow): two catalogues with the same
// fingerprint are the same.
func (c *Catalog) Fingerprint() string { return c.fingerprint }

// Report says how the import went that the catalogue came from; nil where it
// was generated or assembled. Who opens a file for a visitor should say how many rows were
// left out.
func (c *Catalog) Report() *Report { return c.report }

// Root is the root of the category's tree: its district.
func (c *Catalog) Root(cat world.CategoryIndex) world.CategoryIndex { return c.roots[cat] }

// Feature is the item's row of Features, FeatureDim long. It is not a copy:
// read only.
func (c *Catalog) Feature(item world.ItemIndex) []float32 {
	o := int(item) * FeatureDim
	return c.Features[o : o+FeatureDim : o+FeatureDim]
}

// Family is the parametric model of the item: its category's, or [DefaultFamily]
// where that names none.
func (c *Catalog) Family(item world.ItemIndex) string {
	if f := c.Categories[c.Items[item].Category].Family; f != "" {
		return f
	}
	return DefaultFamily
}

// Path is the category's path of names in a language, "Light/Electric/Lamps".
func (c *Catalog) Path(cat world.CategoryIndex, lang string) string {
	return c.path(cat, func(t world.Text) string { return t.In(lang) })
}

func (c *Catalog) path(cat world.CategoryIndex, name func(world.Text) string) string {
	var parts []string
	for ; cat != world.NoCategory; cat = c.Categories[cat].Parent {
		parts = append(parts, name(c.Categories[cat].Name))
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, "/")
}

// Attribute is the value of the item's attribute of that key, or "".
func (c *Catalog) Attribute(item world.ItemIndex, key string) string {
	return attribute(&c.Items[item], key)
}

func attribute(it *world.Item, key string) string {
	for _, a := range it.Attributes {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// ModelKey is the attribute that names an item's own model: the path of a .glb, with
// slashes, in [Catalog.Dir] or below. It says how a thing is shown and nothing of what it is:
// the features leave it out.
const ModelKey = "model"
