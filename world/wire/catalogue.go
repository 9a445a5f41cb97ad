package wire

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

// CatalogueOf is a catalogue in the form in which it is served.
func CatalogueOf(c *catalog.Catalog) *Catalogue {
	m := &Catalogue{Name: c.Name, Fingerprint: c.Fingerprint()}
	for i := range c.Items {
		m.Items = append(m.Items, itemOf(&c.Items[i]))
	}
	for i := range c.Categories {
		k := &c.Categories[i]
		m.Categories = append(m.Categories, &Category{Id: k.ID, Name: textOf(k.Name), Parent: int32(k.Parent), Family: k.Family})
	}
	for i := range c.Sellers {
		m.Sellers = append(m.Sellers, &Seller{Id: c.Sellers[i].ID, Name: textOf(c.Sellers[i].Name)})
	}
	return m
}

// ToCatalog is the inverse of CatalogueOf. It refuses a catalogue that does
// not have the fingerprint which it says: it was damaged on the way, or made
// by a build whose features differ.
func ToCatalog(m *Catalogue) (*catalog.Catalog, error) {
	items := make([]world.Item, len(m.GetItems()))
	for i, w := range m.GetItems() {
		if err := toItem(&items[i], w); err != nil {
			return nil, fmt.Errorf("catalogue %q, item %d (%q): %w", m.GetName(), i, w.GetId(), err)
		}
	}
	cats := make([]world.Category, len(m.GetCategories()))
	for i, w := range m.GetCategories() {
		if w.GetParent() < math.MinInt16 || w.GetParent() > math.MaxInt16 {
			return nil, fmt.Errorf("catalogue %q, category %d (%q): parent %d is out of range", m.GetName(), i, w.GetId(), w.GetParent())
		}
		cats[i] = world.Category{ID: w.GetId(), Name: toText(w.GetName()), Parent: world.CategoryIndex(w.GetParent()), Family: w.GetFamily()}
	}
	sellers := make([]world.Seller, len(m.GetSellers()))
	for i, w := range m.GetSellers() {
		sellers[i] = world.Seller{ID: w.GetId(), Name: toText(w.GetName())}
	}
	c, err := catalog.Assemble(m.GetName(), items, cats, sellers)
	if err != nil {
		return nil, fmt.Errorf("the served catalogue cannot be used: %w", err)
	}
	if got := c.Fingerprint(); got != m.GetFingerprint() {
		return nil, fmt.Errorf("the served catalogue has the fingerprint %.12s, it should have %.12s: download it again, or update the older of client and server", got, m.GetFingerprint())
	}
	return c, nil
}

func itemOf(it *world.Item) *Item {
	l := &it.Look
	m := &Item{
		Id: it.ID, Name: textOf(it.Name), Description: textOf(it.Description), Category: int32(it.Category),
		Seller: int32(it.Seller), Price: int64(it.Price), Stock: it.Stock,
		Primary: []float32{l.Primary.R, l.Primary.G, l.Primary.B}, Accent: []float32{l.Accent.R, l.Accent.G, l.Accent.B},
		Size: []float64{l.Size.X, l.Size.Y, l.Size.Z}, Shape: l.Shape[:],
	}
	for _, a := range it.Attributes {
		m.Attributes = append(m.Attributes, &Attribute{Key: a.Key, Value: a.Value})
	}
	return m
}

func toItem(it *world.Item, m *Item) error {
	if len(m.GetPrimary()) != 3 || len(m.GetAccent()) != 3 || len(m.GetSize()) != 3 || len(m.GetShape()) != 4 {
		return fmt.Errorf("primary, accent, size and shape must have 3, 3, 3 and 4 numbers")
	}
	if c := m.GetCategory(); c < 0 || c > math.MaxInt16 {
		return fmt.Errorf("category %d is out of range", c)
	}
	*it = world.Item{
		ID: m.GetId(), Name: toText(m.GetName()), Description: toText(m.GetDescription()),
		Category: world.CategoryIndex(m.GetCategory()), Seller: world.SellerIndex(m.GetSeller()),
		Price: world.Cents(m.GetPrice()), Stock: m.GetStock(),
		Look: world.Look{
			Primary: world.RGB{R: m.Primary[0], G: m.Primary[1], B: m.Primary[2]},
			Accent:  world.RGB{R: m.Accent[0], G: m.Accent[1], B: m.Accent[2]},
			Size:    r3.Vec{X: m.Size[0], Y: m.Size[1], Z: m.Size[2]},
			Shape:   [4]float32(m.Shape),
		},
	}
	for _, a := range m.GetAttributes() {
		it.Attributes = append(it.Attributes, world.Attribute{Key: a.GetKey(), Value: a.GetValue()})
	}
	return nil
}

func textOf(t world.Text) *Text {
	if t == (world.Text{}) {
		return nil
	}
	return &Text{En: t.EN, Zh: t.ZH}
}

func toText(t *Text) world.Text { return world.Text{EN: t.GetEn(), ZH: t.GetZh()} }

// FloorPlanOf is what the console needs of a plan. The catalogue is the plan's.
func FloorPlanOf(p *plan.Plan, c *catalog.Catalog) *FloorPlan {
	m := &FloorPlan{Bounds: rectOf(p.Bounds)}
	for i := range p.Districts {
		d := &p.Districts[i]
		m.Districts = append(m.Districts, &FloorDistrict{Rect: rectOf(d.Box), Name: textOf(d.Name), Colour: []float32{d.Colour.R, d.Colour.G, d.Colour.B}})
	}
	for i := range p.Stalls {
		s := &p.Stalls[i]
		f := &FloorStall{Rect: rectOf(s.Box), District: s.District}
		if int(s.Seller) >= 0 && int(s.Seller) < len(c.Sellers) {
			f.Name = textOf(c.Sellers[s.Seller].Name)
		}
		m.Stalls = append(m.Stalls, f)
	}
	for i := range p.Slots {
		if s := &p.Slots[i]; s.Kind == plan.Feature {
			m.Pedestals = append(m.Pedestals, float32(s.Pos.X), float32(s.Pos.Z))
		}
	}
	return m
}

// TextOf is a text in its wire form.
func TextOf(t world.Text) *Text { return textOf(t) }

func rectOf(b world.Box) *Rect {
	return &Rect{MinX: float32(b.Min.X), MinZ: float32(b.Min.Z), MaxX: float32(b.Max.X), MaxZ: float32(b.Max.Z)}
}
