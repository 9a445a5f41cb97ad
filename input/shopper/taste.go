package shopper

import (
	"math"
	"math/rand/v2"

	"souk/world"
)

// RelevantShare is the part of the catalogue that counts as relevant to a person.
const RelevantShare = 0.05

// driftEvery is how often the taste wanders, seconds.
const driftEvery = 10.0

// Satiation: what a look and a glance in passing take off an item's novelty, and
// how long it takes to come back (seconds, to 1/e).
const (
	satiateVisit   = 0.22 // of what is left, per visit of a second and more
	satiateSeen    = 0.004
	satiateKind    = 0.03 // the same for its kind
	satiateRecover = 600.0
	satiateDepth   = 0.75 // what a fully known item loses
	satiateKindMax = 0.30 // what a fully known kind loses
)

// taste is a person's latent utility over the catalogue.
//
// The utility of an item is need × look × price × quirk, each a curve:
//
//	need  = σ(1.6·(0.75·root + 0.65·leaf) − 0.4)
//	look  = 0.2 + 0.8·σ(1.5·(style + style×root + material + material×style + colour + pattern))
//	price = 0.35 + 0.65·exp(−½·((ln p/median(leaf) − own level) / own width)²)
//	quirk = exp(0.22·ε), ε a standard normal of the person and the item
//
// with σ the logistic curve. It is clipped at 1. Neither the interactions nor the inverted U nor
// the product are of a form that a scalar product of factors could hold exactly.
type taste struct {
	crowd *Crowd
	drift *rand.Rand
	prefs []float32 // by Crowd.layout

	level, width float64 // of price
	self         uint64  // of the quirks

	base []float32 // utility without novelty, by item
	cut  float32   // base of the least relevant item

	sated      []float32 // by item, in [0,1), at the time in satedAt
	satedAt    []float32 // seconds
	kindSated  []float32 // by leaf
	kindAt     []float32
	scratch    []float32
	nextDrift  float64
	quirkCache []float32
}

func (u *taste) init(c *Crowd, r, drift *rand.Rand) {
	u.crowd, u.drift = c, drift
	u.self = r.Uint64()
	u.level, u.width = 0.45*r.NormFloat64(), 0.5+0.4*r.Float64()
	n := c.layout.end
	u.prefs = make([]float32, n)

	// A person shares in all basic tastes, mostly in one or two: weights from a
	// Dirichlet of 0.35, drawn as gammas.
	weights := make([]float64, len(c.basic))
	sum := 0.0
	for k := range weights {
		weights[k] = gamma(r, 0.35)
		sum += weights[k] * weights[k]
	}
	shared := math.Sqrt((1 - c.cfg.Individual) / max(sum, 1e-12))
	own := math.Sqrt(c.cfg.Individual)
	for i := range u.prefs {
		v := own * r.NormFloat64()
		for k, w := range weights {
			v += shared * w * float64(c.basic[k][i])
		}
		u.prefs[i] = float32(v)
	}
	items := len(c.items)
	u.base = make([]float32, items)
	u.scratch = make([]float32, items)
	u.sated, u.satedAt = make([]float32, items), make([]float32, items)
	u.kindSated, u.kindAt = make([]float32, c.leaves), make([]float32, c.leaves)
	u.quirkCache = make([]float32, items)
	for i := range u.quirkCache {
		u.quirkCache[i] = float32(math.Exp(0.22 * hashNormal(mix(c.items[i].quirk, u.self))))
	}
	u.refresh()
	u.nextDrift = driftEvery
}

// gamma draws from Gamma(a, 1) for a < 1: Ahrens and Dieter (1974), algorithm GS.
func gamma(r *rand.Rand, a float64) float64 {
	b := 1 + a/math.E
	for {
		p := b * r.Float64()
		e := -math.Log(1 - r.Float64())
		if p <= 1 {
			if x := math.Pow(p, 1/a); x <= e {
				return x
			}
		} else if x := -math.Log((b - p) / a); math.Pow(x, a-1) >= 1-r.Float64() {
			return x
		}
	}
}

// driftTo lets the preferences wander up to t: a random walk in steps of
// driftEvery, pulled back just enough to keep their variance (a first-order autoregression).
func (u *taste) driftTo(t float64) {
	for u.nextDrift <= t {
		u.nextDrift += driftEvery
		step := u.crowd.cfg.Drift * math.Sqrt(driftEvery/600)
		if step == 0 {
			continue
		}
		keep := math.Sqrt(max(0, 1-step*step))
		// Only the plain preferences wander; the interactions are character.
		for i := range u.prefs[:u.crowd.layout.styleRoot] {
			u.prefs[i] = float32(keep*float64(u.prefs[i]) + step*u.drift.NormFloat64())
		}
		u.refresh()
	}
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// refresh works the utility of every item out again.
func (u *taste) refresh() {
	c, l, p := u.crowd, &u.crowd.layout, u.prefs
	for i := range c.items {
		tr := &c.items[i]
		need := logistic(1.6*float64(0.75*p[l.root+int(tr.root)]+0.65*p[l.leaf+int(tr.leaf)]) - 0.4)
		look := 0.6*p[l.style+int(tr.style)] +
			0.5*p[l.styleRoot+int(tr.style)*c.roots+int(tr.root)] +
			0.35*p[l.material+int(tr.material)] +
			0.35*p[l.materialStyle+int(tr.material)*c.styles+int(tr.style)] +
			0.35*p[l.colour+int(tr.colour)] +
			0.25*p[l.pattern+int(tr.pattern)]
		z := (float64(tr.price) - u.level) / u.width
		price := 0.35 + 0.65*math.Exp(-z*z/2)
		v := need * (0.2 + 0.8*logistic(1.5*float64(look))) * price * float64(u.quirkCache[i])
		u.base[i] = float32(min(1, v))
	}
	copy(u.scratch, u.base)
	k := len(u.scratch) - max(1, int(math.Round(RelevantShare*float64(len(u.scratch)))))
	if len(u.scratch) > 0 {
		u.cut = nth(u.scratch, max(0, k))
	}
}

// nth puts the k-th smallest of v into its place and returns it: quickselect
// (Hoare 1961) with the median of three.
func nth(v []float32, k int) float32 {
	lo, hi := 0, len(v)-1
	for lo < hi {
		a, b, c := v[lo], v[(lo+hi)/2], v[hi]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := lo, hi
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return v[k]
		}
	}
	return v[k]
}

// felt is the utility at t with novelty counted in.
func (u *taste) felt(item world.ItemIndex, t float64) float64 {
	s := float64(u.sated[item])
	if s > 0 {
		s *= math.Exp(-(t - float64(u.satedAt[item])) / satiateRecover)
	}
	leaf := u.crowd.items[item].leaf
	k := float64(u.kindSated[leaf])
	if k > 0 {
		k *= math.Exp(-(t - float64(u.kindAt[leaf])) / satiateRecover)
	}
	return float64(u.base[item]) * (1 - satiateDepth*s) * (1 - satiateKindMax*k)
}

// sate takes novelty off an item: part of what is left of it.
func (u *taste) sate(item world.ItemIndex, t, part, kindPart float64) {
	wear := func(level, at *float32, part float64) {
		s := float64(*level) * math.Exp(-(t-float64(*at))/satiateRecover)
		*level, *at = float32(s+(1-s)*part), float32(t)
	}
	wear(&u.sated[item], &u.satedAt[item], part)
	if kindPart > 0 {
		leaf := u.crowd.items[item].leaf
		wear(&u.kindSated[leaf], &u.kindAt[leaf], kindPart)
	}
}
