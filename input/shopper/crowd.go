package shopper

import (
	"hash/fnv"
	"math"
	"slices"

	"souk/world"
	"souk/world/plan"
)

// Crowd is what all shoppers of a market share: the market itself, read once, and
// the basic tastes of the population. It is immutable once made and safe for concurrent use.
type Crowd struct {
	cfg   Config
	plan  *plan.Plan
	items []traits

	roots, leaves                    int
	styles, materials, colours, pats int
	rootOf                           []int16 // by leaf category
	typical                          float64 // median price of the catalogue, cents

	// basic holds the tastes: for each, the preferences in the order of layout.
	basic  [][]float32
	layout layout
}

// traits is what there is to like in an item, as rows of the preference tables.
type traits struct {
	root, leaf                       int16
	style, material, colour, pattern int16   // 0: says nothing
	price                            float32 // log of the price over the median of its leaf category
	cents                            world.Cents
	quirk                            uint64 // seeds what nobody can explain
	stock                            int32
}

// layout says where each family of preferences begins in a vector of them.
type layout struct {
	root, leaf, style, material, colour, pattern, styleRoot, materialStyle, end int
}

// NewCrowd reads the market for shoppers of a population.
func NewCrowd(cfg Config, p *plan.Plan) *Crowd {
	c := &Crowd{cfg: cfg.withDefaults(), plan: p}
	c.readItems()
	c.makeTastes()
	return c
}

// vocabulary numbers the values of an attribute from 1 in the order of first use.
type vocabulary struct {
	number map[string]int16
	hashes []uint64 // by number; the first is of nothing
}

func newVocabulary() *vocabulary {
	return &vocabulary{number: map[string]int16{"": 0}, hashes: []uint64{0}}
}

func (v *vocabulary) add(s string) int16 {
	n, ok := v.number[s]
	if !ok {
		if len(v.hashes) > 1000 {
			return 0 // not a vocabulary: a column of free text
		}
		n = int16(len(v.hashes))
		v.number[s] = n
		v.hashes = append(v.hashes, hashString(s))
	}
	return n
}

func (c *Crowd) readItems() {
	cat := c.plan.Catalog()
	c.roots, c.leaves = len(cat.Categories), len(cat.Categories)
	c.rootOf = make([]int16, len(cat.Categories))
	for i := range cat.Categories {
		c.rootOf[i] = int16(cat.Root(world.CategoryIndex(i)))
	}
	style, material, colour, pattern := newVocabulary(), newVocabulary(), newVocabulary(), newVocabulary()
	prices := make([][]float64, len(cat.Categories))
	all := make([]float64, len(cat.Items))
	for i := range cat.Items {
		it := &cat.Items[i]
		prices[it.Category] = append(prices[it.Category], float64(it.Price))
		all[i] = float64(it.Price)
	}
	median := make([]float64, len(cat.Categories))
	for i, p := range prices {
		median[i] = middle(p)
	}
	c.typical = middle(all)
	c.items = make([]traits, len(cat.Items))
	for i := range cat.Items {
		it := &cat.Items[i]
		tr := &c.items[i]
		*tr = traits{
			root: c.rootOf[it.Category], leaf: int16(it.Category), cents: it.Price, stock: it.Stock,
			price: float32(math.Log(float64(it.Price) / median[it.Category])),
			quirk: hashString(it.ID),
		}
		for _, a := range it.Attributes {
			switch a.Key {
			case "style":
				tr.style = style.add(a.Value)
			case "material":
				tr.material = material.add(a.Value)
			case "colour", "color":
				tr.colour = colour.add(a.Value)
			case "pattern":
				tr.pattern = pattern.add(a.Value)
			}
		}
		if tr.colour == 0 {
			tr.colour = colour.add(hueName(it.Look.Primary))
		}
	}
	c.styles, c.materials, c.colours, c.pats = len(style.hashes), len(material.hashes), len(colour.hashes), len(pattern.hashes)
	l := &c.layout
	n := 0
	take := func(at *int, k int) { *at = n; n += k }
	take(&l.root, c.roots)
	take(&l.leaf, c.leaves)
	take(&l.style, c.styles)
	take(&l.material, c.materials)
	take(&l.colour, c.colours)
	take(&l.pattern, c.pats)
	take(&l.styleRoot, c.styles*c.roots)
	take(&l.materialStyle, c.materials*c.styles)
	l.end = n

	// Preferences are drawn from the names of things, not from their numbers, so
	// that a taste is the same in a catalogue of 200 items and of 50,000.
	names := make([]uint64, n)
	for i := range cat.Categories {
		h := hashString(cat.Categories[i].ID)
		names[l.root+i], names[l.leaf+i] = h^1, h^2
		for j, sh := range style.hashes {
			names[l.styleRoot+j*c.roots+i] = mix(sh, h)
		}
	}
	for i, h := range style.hashes {
		names[l.style+i] = h ^ 3
		for j, mh := range material.hashes {
			names[l.materialStyle+j*c.styles+i] = mix(mh, h^9)
		}
	}
	for i, h := range material.hashes {
		names[l.material+i] = h ^ 4
	}
	for i, h := range colour.hashes {
		names[l.colour+i] = h ^ 5
	}
	for i, h := range pattern.hashes {
		names[l.pattern+i] = h ^ 6
	}
	c.basic = make([][]float32, c.cfg.Tastes)
	for k := range c.basic {
		c.basic[k] = make([]float32, n)
		for i, h := range names {
			c.basic[k][i] = float32(hashNormal(mix(h, mix(c.cfg.Population, uint64(k)+1))))
		}
	}
}

// makeTastes silences what an item does not say: number 0 of a vocabulary is
// "says nothing" and is neither liked nor disliked.
func (c *Crowd) makeTastes() {
	l := &c.layout
	for _, b := range c.basic {
		for _, at := range []int{l.style, l.material, l.colour, l.pattern} {
			b[at] = 0
		}
		clear(b[l.styleRoot : l.styleRoot+c.roots])
		for m := range c.materials {
			for s := range c.styles {
				if m == 0 || s == 0 {
					b[l.materialStyle+m*c.styles+s] = 0
				}
			}
		}
	}
}

func middle(p []float64) float64 {
	if len(p) == 0 {
		return 1
	}
	slices.Sort(p)
	return max(1, p[len(p)/2])
}

// hueName sorts a colour into ten names, for catalogues that say no colour in words.
func hueName(c world.RGB) string {
	r, g, b := float64(c.R), float64(c.G), float64(c.B)
	hi, lo := max(r, g, b), min(r, g, b)
	if hi-lo < 0.12 {
		return [...]string{"black", "grey", "white"}[min(2, max(0, int(hi*3)))]
	}
	var h float64
	switch hi {
	case r:
		h = math.Mod((g-b)/(hi-lo)+6, 6)
	case g:
		h = (b-r)/(hi-lo) + 2
	default:
		h = (r-g)/(hi-lo) + 4
	}
	return [...]string{"red", "orange", "yellow", "green", "teal", "blue", "violet"}[min(6, max(0, int(h*7/6)))]
}

func hashString(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014) over two words.
func mix(a, b uint64) uint64 {
	z := a + 0x9e3779b97f4a7c15*(b|1) + b
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// hashNormal is a standard normal that hangs on the hash alone (Box, Muller 1958).
func hashNormal(h uint64) float64 {
	u := (float64(mix(h, 11)>>11) + 0.5) / (1 << 53)
	v := (float64(mix(h, 12)>>11) + 0.5) / (1 << 53)
	return math.Sqrt(-2*math.Log(u)) * math.Cos(2*math.Pi*v)
}
