package catalog

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// The demo catalogue: what [Open] makes of "demo".
const (
	DemoItems = 2000
	DemoSeed  = 1
)

// maxGenerated keeps a slip of the finger from filling the memory.
const maxGenerated = 2_000_000

// Generate makes a catalogue of so many items (1 to 2,000,000) from a seed:
// the same two numbers give the same catalogue, byte for byte.
//
// Sellers come by Zipf's law, each in a few categories; prices are log-normal
// around the category's median. Every seller, category and item has a hidden place in a
// taste space, towards which the item's style, material, colours, pattern, shape and price lean:
// two items that one person likes tend to share what can be seen of them. The
// place itself is thrown away.
func Generate(items int, seed uint64) (*Catalog, error) {
	if items < 1 || items > maxGenerated {
		return nil, fmt.Errorf("generating a catalogue: %d items are asked for; ask for 1 to %d", items, maxGenerated)
	}
	g := newGenerator(items, seed)
	all := make([]world.Item, items)
	for i := range all {
		all[i] = g.item(i)
	}
	cats, sellers := g.prune(all)
	c, err := Assemble(fmt.Sprintf("demo:seed=%d,items=%d", seed, items), all, cats, sellers)
	if err != nil {
		return nil, fmt.Errorf("generating a catalogue of %d items from seed %d: %w", items, seed, err)
	}
	return c, nil
}

// shop is a seller while the generator runs.
type shop struct {
	world.Seller
	place  int
	leaves []int // in which it deals, dearest first
	at     taste
	dear   float64 // how much dearer than others, in standard deviations
}

type generator struct {
	rng    *rand.Rand
	cats   []world.Category
	leafAt []world.CategoryIndex // by row of leaves
	leafIn []taste
	shops  []shop
	cum    []float64 // cumulated Zipf weights of the shops
}

// ZipfExponent is the exponent of the law by which items fall to sellers: the
// seller of rank r gets a share in proportion to r to the power of minus this.
const ZipfExponent = 0.8

func newGenerator(items int, seed uint64) *generator {
	g := &generator{rng: rand.New(rand.NewPCG(seed, 0x736f756b))}
	g.cats, g.leafAt = demoTree()
	g.leafIn = make([]taste, len(leaves))
	for i := range g.leafIn {
		g.leafIn[i] = g.draw(.5)
	}
	n := min(max(items/35, 6), len(makers)*len(houses)*9/10)
	g.shops = make([]shop, n)
	g.cum = make([]float64, n)
	names := g.rng.Perm(len(makers) * len(houses))
	deck := g.rng.Perm(len(leaves))
	next, sum := 0, 0.0
	for r := range g.shops {
		m, h := makers[names[r]%len(makers)], houses[names[r]/len(makers)]
		s := &g.shops[r]
		s.ID = fmt.Sprintf("s%04d", r+1)
		s.Name = world.Text{EN: m.en + " " + h.en, ZH: m.zh + h.zh}
		s.place, s.at, s.dear = g.rng.IntN(len(places)), g.draw(.9), g.rng.NormFloat64()
		// Large sellers deal in more. All leaves are dealt out before one
		// comes again, so that a small market still has everything.
		for range 2 + int(12/math.Sqrt(float64(r+1))) {
			if l := deck[next%len(deck)]; !slices.Contains(s.leaves, l) {
				s.leaves = append(s.leaves, l)
			}
			next++
		}
		sum += math.Pow(float64(r+1), -ZipfExponent)
		g.cum[r] = sum
	}
	return g
}

// demoTree builds the category tree of the table, sorted by id as the importer
// does, and says where each row of leaves went.
func demoTree() ([]world.Category, []world.CategoryIndex) {
	t := newTree()
	for _, l := range leaves {
		t.add(strings.Split(l.path, "/"), strings.Split(l.pathZH, "/"), l.family)
	}
	cats, at := t.finish()
	where := make([]world.CategoryIndex, len(leaves))
	for i, l := range leaves {
		where[i] = at[pathID(strings.Split(l.path, "/"))]
	}
	return cats, where
}

func (g *generator) draw(sd float64) (t taste) {
	for k := range t {
		t[k] = sd * g.rng.NormFloat64()
	}
	return t
}

// item draws one item: seller, leaf, place in the taste space, then what can be seen.
func (g *generator) item(i int) world.Item {
	r, _ := slices.BinarySearch(g.cum, g.rng.Float64()*g.cum[len(g.cum)-1])
	s := &g.shops[min(r, len(g.shops)-1)]
	l := s.leaves[int(float64(len(s.leaves))*math.Pow(g.rng.Float64(), 1.3))]
	lf := &leaves[l]
	at := g.draw(.6)
	for k := range at {
		at[k] += .8*s.at[k] + g.leafIn[l][k]
	}
	style := styles[g.choose(len(styles), at, func(k int) taste { return styles[k].at })]
	pattern := patterns[g.choose(len(patterns), at, func(k int) taste { return patterns[k].at })]
	mat := g.material(lf.groups, at)
	pa := paints[g.choose(len(paints), at, func(k int) taste { return paints[k].at })]
	noun := lf.nouns[g.rng.IntN(len(lf.nouns))]
	model := models[g.rng.IntN(len(models))]
	origin := places[s.place]
	if g.rng.Float64() < .2 {
		origin = places[g.rng.IntN(len(places))]
	}
	shape := g.shape(at)
	accent := mat.colour
	if g.rng.Float64() < .3 {
		accent = paints[g.choose(len(paints), at, func(k int) taste { return paints[k].at })].rgb
	}
	return world.Item{
		ID:          fmt.Sprintf("i%06d", i+1),
		Name:        nameOf(style, mat.word, noun, model),
		Description: describe(style, mat.word, pa.word, pattern, noun, origin, shape, s.Name),
		Category:    g.leafAt[l],
		Seller:      world.SellerIndex(min(r, len(g.shops)-1)),
		Price:       g.price(lf, at, s.dear),
		Stock:       g.stock(),
		Attributes: []world.Attribute{{Key: "style", Value: style.en}, {Key: "material", Value: mat.en},
			{Key: "colour", Value: pa.en}, {Key: "pattern", Value: pattern.en}, {Key: "origin", Value: origin.en}},
		Look: world.Look{Primary: pa.rgb, Accent: accent, Size: g.size(lf.family, shape), Shape: shape},
	}
}

// choose draws a row of a table by the softmax of its nearness to the place: a
// lean, not a law.
func (g *generator) choose(n int, at taste, of func(int) taste) int {
	const sharpness = 1.6
	var cum [64]float64
	sum := 0.0
	for k := range n {
		v, d := of(k), 0.0
		for j := range v {
			e := at[j] - v[j]
			d += e * e
		}
		sum += math.Exp(-sharpness * d / 2)
		cum[k] = sum
	}
	k, _ := slices.BinarySearch(cum[:n], g.rng.Float64()*sum)
	return min(k, n-1)
}

func (g *generator) material(groups string, at taste) material {
	var can [64]int
	n := 0
	for k := range materials {
		if strings.Contains(groups, materials[k].group) {
			can[n] = k
			n++
		}
	}
	return materials[can[g.choose(n, at, func(k int) taste { return materials[can[k]].at })]]
}

// shape leans with the place; it is rounded to hundredths, so that it survives a
// file in decimal.
func (g *generator) shape(at taste) (s [4]float32) {
	for k, lean := range [4]float64{.7*at[0] - .5*at[2], .8*at[0] - .3*at[2], .9*at[1] + .2*at[4], .6 * at[3]} {
		v := 1 / (1 + math.Exp(-1.6*lean-.6*g.rng.NormFloat64()))
		s[k] = float32(math.Round(v*100) / 100)
	}
	return s
}

// size varies the family's usual size: all of it by about a tenth, and from
// slender to squat with the shape.
func (g *generator) size(family string, shape [4]float32) r3.Vec {
	s, _ := familySize(family)
	all := math.Exp(.1 * max(-2, min(2, g.rng.NormFloat64())))
	squat := math.Exp(.25 * (float64(shape[0]) - .5))
	round := func(v float64) float64 { return max(minSize, math.Round(v*1000)/1000) }
	return r3.Vec{X: round(s.X * all * squat), Y: round(s.Y * all / squat), Z: round(s.Z * all * squat)}
}

// price is log-normal about the leaf's median; dear tastes and dear sellers
// carry a part of the variance. The parts' variances sum to about 1.
func (g *generator) price(l *leaf, at taste, dear float64) world.Cents {
	z := .75*g.rng.NormFloat64() + .45*at[4] + .35*dear
	p := l.median * math.Exp(l.sigma*z)
	switch { // as shops write prices
	case p < 20:
		p = math.Floor(p*2)/2 + .40
	case p < 200:
		p = math.Floor(p) + .90
	default:
		p = math.Round(p/5) * 5
	}
	return world.Cents(math.Round(max(p, .9) * 100))
}

func (g *generator) stock() int32 {
	if g.rng.Float64() < .02 {
		return 0
	}
	return int32(min(1+g.rng.ExpFloat64()*12, 200))
}

// prune drops the categories and sellers that got no item, so that the
// catalogue equals the one that is read back from its rows.
func (g *generator) prune(items []world.Item) ([]world.Category, []world.Seller) {
	usedC := make([]bool, len(g.cats))
	usedS := make([]bool, len(g.shops))
	for i := range items {
		usedS[items[i].Seller] = true
		for c := items[i].Category; c != world.NoCategory; c = g.cats[c].Parent {
			usedC[c] = true
		}
	}
	newC := make([]world.CategoryIndex, len(g.cats))
	var cats []world.Category
	for i, c := range g.cats {
		if usedC[i] {
			if c.Parent != world.NoCategory {
				c.Parent = newC[c.Parent]
			}
			newC[i] = world.CategoryIndex(len(cats))
			cats = append(cats, c)
		}
	}
	newS := make([]world.SellerIndex, len(g.shops))
	var sellers []world.Seller
	for i := range g.shops {
		if usedS[i] {
			newS[i] = world.SellerIndex(len(sellers))
			sellers = append(sellers, g.shops[i].Seller)
		}
	}
	for i := range items {
		items[i].Category, items[i].Seller = newC[items[i].Category], newS[items[i].Seller]
	}
	return cats, sellers
}

// tree gathers category paths and lists them sorted by id: parents come before
// their children, since their ids are prefixes.
type tree struct {
	nodes map[string]*world.Category
	up    map[string]string
	items map[string]bool // paths that hold items themselves
}

func newTree() *tree {
	return &tree{nodes: map[string]*world.Category{}, up: map[string]string{}, items: map[string]bool{}}
}

// pathID is the id of a category: its English path in lower case.
func pathID(path []string) string { return strings.ToLower(strings.Join(path, "/")) }

// add makes the nodes of a path; the first row that names a node in a
// language or gives it a family decides.
func (t *tree) add(path, pathZH []string, family string) string {
	parent := ""
	for i, name := range path {
		id := pathID(path[:i+1])
		n := t.nodes[id]
		if n == nil {
			n = &world.Category{ID: id, Name: world.Text{EN: name}, Parent: world.NoCategory}
			t.nodes[id], t.up[id] = n, parent
		}
		if n.Name.ZH == "" && len(pathZH) == len(path) {
			n.Name.ZH = pathZH[i]
		}
		parent = id
	}
	if n := t.nodes[parent]; n.Family == "" {
		n.Family = family
	}
	t.items[parent] = true
	return parent
}

// finish lists the nodes. A node that holds items and has children below it
// gets a child "Other" for them; at gives every path's leaf.
func (t *tree) finish() (cats []world.Category, at map[string]world.CategoryIndex) {
	inner := map[string]bool{}
	for _, p := range t.up {
		inner[p] = true
	}
	moved := map[string]string{}
	for id := range t.items {
		if inner[id] {
			child := id + "/other"
			if t.nodes[child] == nil {
				t.nodes[child] = &world.Category{ID: child, Name: world.Text{EN: "Other", ZH: "其他"}, Family: t.nodes[id].Family}
				t.up[child] = id
			}
			moved[id] = child
		}
	}
	ids := make([]string, 0, len(t.nodes))
	for id := range t.nodes {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, cmp.Compare[string])
	at = make(map[string]world.CategoryIndex, len(ids))
	for i, id := range ids {
		c := *t.nodes[id]
		if up := t.up[id]; up != "" {
			c.Parent = at[up]
		} else {
			c.Parent = world.NoCategory
		}
		if inner[id] || moved[id] != "" {
			c.Family = ""
		}
		cats = append(cats, c)
		at[id] = world.CategoryIndex(i)
	}
	for id, child := range moved {
		at[id] = at[child]
	}
	return cats, at
}
