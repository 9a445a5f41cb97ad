package signal

import (
	"fmt"
	"math"

	"souk/attention/focus"
	"souk/world"
)

// hardlyExamined is the probability of having been examined below which being
// passed over says nothing: a walk through the market leaves hundreds of items
// behind that were specks at the view's edge.
const hardlyExamined = 0.05

// Weights says how much each kind of evidence counts: the confidence that it
// adds to an item, in the units of Hu, Koren and Volinsky's c. All ≥ 0.
type Weights struct {
	// Middle is the quantile of a visit's length, among visits with like
	// exposure, that says nothing, in [0,1): a longer look counts for the item, up to
	// Dwell for the longest; a shorter one counts against it, up to Glance for the
	// shortest: it was looked at and left.
	Middle        float64
	Glance, Dwell float32
	// MinDwell is the shortest attention that counts at all, seconds: below,
	// it is exposure, not interest.
	MinDwell float64
	// Passed is what an item that was surely examined and not looked at counts
	// against itself.
	Passed float32
	// PassedExposure is the exposure, sr·s, at which an item in the middle of
	// the view was examined with probability 1 − 1/e.
	PassedExposure float64
	// PassedSpread is how fast examination falls off with eccentricity: the
	// standard deviation of a Gaussian, radians.
	PassedSpread float64

	Open, Like, Cart, Purchase, Hide float32
	// Comment, Gesture and Question are for something said about an item, pointing at
	// it, something asked about it: each shows interest, none of them approval.
	Comment, Gesture, Question float32
}

// DefaultWeights is what Souk uses. A purchase counts six times a long look, a
// hide as much; an item passed over counts a fifth of a long look at most. The
// numbers are choices, not measured from people.
func DefaultWeights() Weights {
	return Weights{
		Middle: 0.8, Glance: 0.25, Dwell: 0.75, MinDwell: 0.1,
		Passed: 0.2, PassedExposure: 0.1, PassedSpread: 20 * math.Pi / 180,
		Open: 0.75, Like: 3, Cart: 4, Purchase: 6, Hide: 6,
		Comment: 1, Gesture: 1, Question: 1.5,
	}
}

// Check returns an error that names the first field out of its range, or nil.
func (w Weights) Check() error {
	for _, f := range []struct {
		name string
		v    float64
	}{
		{"Glance", float64(w.Glance)}, {"Dwell", float64(w.Dwell)}, {"MinDwell", w.MinDwell}, {"Passed", float64(w.Passed)},
		{"Open", float64(w.Open)}, {"Like", float64(w.Like)}, {"Cart", float64(w.Cart)},
		{"Purchase", float64(w.Purchase)}, {"Hide", float64(w.Hide)},
		{"Comment", float64(w.Comment)}, {"Gesture", float64(w.Gesture)}, {"Question", float64(w.Question)},
	} {
		if !(f.v >= 0) || math.IsInf(f.v, 0) {
			return fmt.Errorf("signal weight %s is %v: give a number of at least 0", f.name, f.v)
		}
	}
	if !(w.Middle >= 0 && w.Middle < 1) {
		return fmt.Errorf("signal weight Middle is %v: give a quantile of at least 0 and below 1", w.Middle)
	}
	if !(w.PassedExposure > 0) || !(w.PassedSpread > 0) || math.IsInf(w.PassedExposure+w.PassedSpread, 0) {
		return fmt.Errorf("signal weights PassedExposure and PassedSpread are %v and %v: give numbers above 0", w.PassedExposure, w.PassedSpread)
	}
	return nil
}

// FromVisit is what a visit says: a preference of 1 that counts the more, the
// longer it was among visits to items that were as much in view, or of 0
// where it was shorter than most. ok is false
// where the attention was too short to say anything. The normaliser is asked, not taught.
//
// That a short look counts against the item is what makes looks tell taste
// from place: people look at most of what they pass, so that the mere look says
// where somebody was.
//
// A short look at what was looked at before in the session says nothing: the known is recognised
// at a glance, however much it is liked.
//
// That dwell is interest, once it is compared with like cases, is Yi et al.
// 2014 ("Beyond clicks: dwell time for personalization"), who standardise its logarithm
// within device and content type; comparing by quantile within buckets of what bounds it is D2Q
// (Zhan et al. 2022, "Deconfounding duration bias in watch-time prediction"),
// whose bucket is a video's length and ours is exposure: solid angle × time in view.
func (w Weights) FromVisit(v focus.Visit, n *Normaliser) (s Signal, ok bool) {
	if !(v.Dwell >= w.MinDwell) {
		return Signal{}, false
	}
	q := n.Quantile(v.Dwell, float64(v.Exposure))
	if v.Revisit && q < w.Middle {
		return Signal{}, false
	}
	s = Signal{T: v.T1, Item: v.Item, Kind: world.EventDwell, Dwell: float32(v.Dwell)}
	if q < w.Middle {
		s.Confidence = w.Glance * float32((w.Middle-q)/w.Middle)
	} else {
		s.Preference, s.Confidence = 1, w.Dwell*float32((q-w.Middle)/(1-w.Middle))
	}
	return s, s.Confidence > 0
}

// FromPassed is what being in view without a look says: a preference of 0 that
// counts as much as the item is likely to have been examined. ExpoMF (Liang et
// al. 2016) must infer that an item was seen; here it is measured. An item that
// never was in view, or hardly, says nothing, and no signal comes of it.
func (w Weights) FromPassed(p focus.Passed) (s Signal, ok bool) {
	examined := w.Examined(float64(p.Exposure), float64(p.Eccentricity))
	if !(examined >= hardlyExamined) || w.Passed == 0 {
		return Signal{}, false
	}
	return Signal{T: p.T, Item: p.Item, Kind: world.EventExposure, Confidence: w.Passed * float32(examined)}, true
}

// Examined is the probability that an item with so much exposure (sr·s) at so
// mean an eccentricity (radians) was examined: 1 − exp(−exposure), weakened by
// a Gaussian of the eccentricity.
func (w Weights) Examined(exposure, eccentricity float64) float64 {
	e := eccentricity / w.PassedSpread
	return (1 - math.Exp(-exposure/w.PassedExposure)) * math.Exp(-e*e/2)
}

// FromAction is what something done on purpose says; ok is false for kinds that
// say nothing of the kind (dwell, exposure, placement). Unlike, unhide and
// uncart take back exactly what like, hide and cart gave.
func (w Weights) FromAction(t float64, kind world.EventKind, item world.ItemIndex) (s Signal, ok bool) {
	s = Signal{T: t, Item: item, Kind: kind, Preference: 1}
	switch kind {
	case world.EventUnlike:
		s.Kind, s.Undo = world.EventLike, true
	case world.EventUnhide:
		s.Kind, s.Undo = world.EventHide, true
	case world.EventUncart:
		s.Kind, s.Undo = world.EventCart, true
	}
	switch s.Kind {
	case world.EventOpen:
		s.Confidence = w.Open
	case world.EventLike:
		s.Confidence = w.Like
	case world.EventCart:
		s.Confidence = w.Cart
	case world.EventPurchase:
		s.Confidence = w.Purchase
	case world.EventHide:
		s.Confidence, s.Preference = w.Hide, 0
	case world.EventComment:
		s.Confidence = w.Comment
	case world.EventGesture:
		s.Confidence = w.Gesture
	case world.EventQuestion:
		s.Confidence = w.Question
	default:
		return Signal{}, false
	}
	return s, true
}
