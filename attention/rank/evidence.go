package rank

import (
	"souk/attention/signal"
	"souk/world"
)

// maxConfidence bounds what a single signal may weigh, so that no input can
// drown the arithmetic.
const maxConfidence = 1e4

// noted is one signal in the list of evidence.
type noted struct {
	item       world.ItemIndex
	kind       world.EventKind
	preference float32
	confidence float32
	dwell      float32
	t          float64
	weight     float64 // what is left of confidence; derived
}

// sums are the sufficient statistics of some evidence: Σ w·v·vᵀ (lower
// triangle), Σ w·(p−e)·v, Σ w and Σ w·p, with w the faded confidence and e what was
// expected: 0 where the model expects nothing.
type sums struct {
	a              []float64
	b              []float64
	mass, positive float64
}

func newSums(dim int) sums {
	return sums{a: make([]float64, dim*dim), b: make([]float64, dim)}
}

func (s *sums) clear() {
	clear(s.a)
	clear(s.b)
	s.mass, s.positive = 0, 0
}

func (s *sums) copyFrom(o *sums) {
	copy(s.a, o.a)
	copy(s.b, o.b)
	s.mass, s.positive = o.mass, o.positive
}

// add fades what is there by keep and adds one signal on an item with factors v and an expected preference.
func (s *sums) add(keep float64, v []float32, confidence, preference, expected float64) {
	d, surprise := len(s.b), preference-expected
	for i := range d {
		row := s.a[i*d : i*d+i+1]
		x := confidence * float64(v[i])
		for j := range row {
			row[j] = float64(row[j]*keep) + float64(x*float64(v[j]))
		}
		s.b[i] = float64(s.b[i]*keep) + float64(x*surprise)
	}
	s.mass = float64(s.mass*keep) + confidence
	s.positive = float64(s.positive*keep) + float64(confidence*preference)
}

// evidence is what is known of one visitor: a list of signals, the sum of those
// that fell off its end, and the sum of all. Each signal fades what came before it,
// so a list without one of its signals gives exactly the sums that would be there had
// it never come: that is what makes an undo exact.
type evidence struct {
	model *Model
	cfg   Config
	list  []noted
	past  sums // of the signals that are no longer in the list
	all   sums
	habits
}

func newEvidence(m *Model, cfg Config) evidence {
	return evidence{model: m, cfg: cfg, list: make([]noted, 0, cfg.Memory+1), past: newSums(m.Dim), all: newSums(m.Dim), habits: habits{1, 1}}
}

func (e *evidence) clear() {
	e.list = e.list[:0]
	e.past.clear()
	e.all.clear()
	e.habits = habits{1, 1}
}

// keep is the factor by which a signal fades the evidence before it.
func (e *evidence) keep(confidence float64) float64 {
	return exp2(max(-confidence/e.cfg.HalfLife, -1000))
}

func (e *evidence) factors(item world.ItemIndex) []float32 {
	d := e.model.Dim
	return e.model.Factors[int(item)*d : int(item)*d+d]
}

// add notes a signal.
func (e *evidence) add(n noted) {
	if len(e.list) >= e.cfg.Memory {
		e.into(&e.past, &e.list[0])
		e.list = e.list[:copy(e.list, e.list[1:])]
	}
	n.weight = e.confidence(&n)
	keep := e.keep(n.weight)
	for i := range e.list {
		e.list[i].weight *= keep
	}
	e.list = append(e.list, n)
	if e.learnHabits() {
		e.rebuild()
		return
	}
	e.into(&e.all, &n)
}

func (e *evidence) into(s *sums, n *noted) {
	c := e.confidence(n)
	s.add(e.keep(c), e.factors(n.item), c, float64(n.preference), e.expected(n.item))
}

// expected is what a stranger's evidence on the item is expected to say.
func (e *evidence) expected(item world.ItemIndex) float64 {
	if e.model.Expected == nil {
		return 0
	}
	return float64(e.model.Expected[item])
}

// undo takes the last signal of a kind on an item out of the list and says
// whether it was there. A signal that has left the list cannot be taken out:
// it has faded into the sums.
func (e *evidence) undo(item world.ItemIndex, kind world.EventKind) bool {
	for i := len(e.list) - 1; i >= 0; i-- {
		if e.list[i].item == item && e.list[i].kind == kind {
			e.list = append(e.list[:i], e.list[i+1:]...)
			e.learnHabits()
			e.rebuild()
			return true
		}
	}
	return false
}

// rebuild derives the sums and weights from the past and the list, by the same
// operations in the same order as add did.
func (e *evidence) rebuild() {
	e.all.copyFrom(&e.past)
	for i := range e.list {
		e.into(&e.all, &e.list[i])
	}
	for i := range e.list {
		e.list[i].weight = e.confidence(&e.list[i])
		keep := e.keep(e.list[i].weight)
		for j := range i {
			e.list[j].weight *= keep
		}
	}
}

// undone maps a signal that takes something back to the kind that it takes
// back; ok is false for a signal that does not.
func undone(s signal.Signal) (kind world.EventKind, ok bool) {
	switch s.Kind {
	case world.EventUnlike:
		return world.EventLike, true
	case world.EventUnhide:
		return world.EventHide, true
	case world.EventUncart:
		return world.EventCart, true
	}
	return s.Kind, s.Undo
}

// usable says whether a signal can be learned from: an item of the model, a
// preference within [0,1], a finite time and a finite confidence ≥ 0.
func usable(s signal.Signal, items int) bool {
	return s.Item >= 0 && int(s.Item) < items &&
		s.Preference >= 0 && s.Preference <= 1 &&
		s.Confidence >= 0 && s.Confidence <= maxConfidence &&
		s.T-s.T == 0 && finite(s.Dwell)
}
