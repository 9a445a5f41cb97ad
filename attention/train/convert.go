package train

import (
	"cmp"
	"slices"

	"souk/attention/focus"
	"souk/attention/signal"
	"souk/world"
	"souk/world/catalog"
)

// Entry is all that is known of one person and one item.
type Entry struct {
	Item       world.ItemIndex
	Confidence float32 // sum of the signals', > 0
	Preference float32 // their mean preference, weighted by confidence, in [0,1]
	First      float64 // time of the first signal that was positive; 0 where none was
}

// People holds each person's entries, in order of items; people are in the
// order of their first row.
type People [][]Entry

// Convert turns clean rows, in order of time, into evidence: by the same weights and the same
// dwell normaliser that the engine uses for a visitor who is there, so that a
// model learns in the units in which it is used later. What was taken back
// (unlike, unhide, uncart) leaves nothing.
func Convert(events []world.Event, c *catalog.Catalog, w signal.Weights) People {
	index := make(map[string]int)
	var rows [][]world.Event
	for i := range events {
		ev := &events[i]
		at, ok := index[ev.Visitor]
		if !ok {
			at = len(rows)
			index[ev.Visitor] = at
			rows = append(rows, nil)
		}
		rows[at] = append(rows[at], *ev)
	}
	people := make(People, 0, len(rows))
	for _, r := range rows {
		if entries := convertOne(r, c, w); len(entries) > 0 {
			people = append(people, entries)
		}
	}
	return people
}

func convertOne(events []world.Event, c *catalog.Catalog, w signal.Weights) []Entry {
	n := signal.NewNormaliser()
	var signals []signal.Signal
	for i := range events {
		ev := &events[i]
		item, ok := c.Index(ev.Item)
		if !ok {
			continue
		}
		s, ok := toSignal(ev, item, w, n)
		switch {
		case !ok:
		case s.Undo:
			signals = takeBack(signals, s)
		default:
			signals = append(signals, s)
		}
	}
	slices.SortStableFunc(signals, func(a, b signal.Signal) int { return cmp.Compare(a.Item, b.Item) })
	var entries []Entry
	for _, s := range signals {
		if len(entries) == 0 || entries[len(entries)-1].Item != s.Item {
			entries = append(entries, Entry{Item: s.Item})
		}
		e := &entries[len(entries)-1]
		if s.Preference > 0 && e.Preference == 0 {
			e.First = s.T
		}
		total := e.Confidence + s.Confidence
		e.Preference += (s.Preference - e.Preference) * s.Confidence / total
		e.Confidence = total
	}
	return entries
}

// toSignal is what a row says, if anything.
func toSignal(ev *world.Event, item world.ItemIndex, w signal.Weights, n *signal.Normaliser) (signal.Signal, bool) {
	switch ev.Kind {
	case world.EventDwell:
		s, ok := w.FromVisit(focus.Visit{Item: item, T1: ev.Time, Dwell: float64(ev.Dwell), Exposure: ev.Exposure,
			InView: ev.InView, Eccentricity: ev.Eccentricity, Source: ev.Source}, n)
		n.Observe(float64(ev.Dwell), float64(ev.Exposure))
		return s, ok && s.Confidence > 0
	case world.EventExposure:
		s, ok := w.FromPassed(focus.Passed{Item: item, T: ev.Time, Exposure: ev.Exposure, InView: ev.InView,
			Eccentricity: ev.Eccentricity, Source: ev.Source})
		return s, ok && s.Confidence > 0
	}
	s, ok := w.FromAction(ev.Time, ev.Kind, item)
	return s, ok && (s.Undo || s.Confidence > 0)
}

// takeBack removes the last signal of the kind on the item.
func takeBack(signals []signal.Signal, undo signal.Signal) []signal.Signal {
	for i := len(signals) - 1; i >= 0; i-- {
		if signals[i].Item == undo.Item && signals[i].Kind == undo.Kind {
			return append(signals[:i], signals[i+1:]...)
		}
	}
	return signals
}

// Matrix is evidence as a sparse matrix of people × items, row by row.
type Matrix struct {
	Users, Items int
	start        []int // by user; Users+1
	col          []int32
	confidence   []float32
	preference   []float32
}

// NewMatrix makes a matrix from each user's entries, which must be of items
// below items, in ascending order, with finite confidence ≥ 0.
func NewMatrix(users [][]Entry, items int) *Matrix {
	return People(users).matrix(items, nil)
}

// matrix leaves out the pairs for which without is true; nil leaves out none.
func (p People) matrix(items int, without func(user int, item world.ItemIndex) bool) *Matrix {
	m := &Matrix{Users: len(p), Items: items, start: make([]int, 1, len(p)+1)}
	for u, entries := range p {
		for _, e := range entries {
			if without == nil || !without(u, e.Item) {
				m.col = append(m.col, int32(e.Item))
				m.confidence = append(m.confidence, e.Confidence)
				m.preference = append(m.preference, e.Preference)
			}
		}
		m.start = append(m.start, len(m.col))
	}
	return m
}

// Entries is how many pairs of user and item there are.
func (m *Matrix) Entries() int { return len(m.col) }

// touched counts the items with evidence.
func (m *Matrix) touched() int {
	seen := make([]bool, m.Items)
	n := 0
	for _, i := range m.col {
		if !seen[i] {
			seen[i] = true
			n++
		}
	}
	return n
}

// transpose is the matrix of items × people.
func (m *Matrix) transpose() *Matrix {
	t := &Matrix{Users: m.Items, Items: m.Users, start: make([]int, m.Items+1), col: make([]int32, len(m.col)),
		confidence: make([]float32, len(m.col)), preference: make([]float32, len(m.col))}
	for _, i := range m.col {
		t.start[i+1]++
	}
	for i := range m.Items {
		t.start[i+1] += t.start[i]
	}
	next := slices.Clone(t.start)
	for u := range m.Users {
		for k := m.start[u]; k < m.start[u+1]; k++ {
			at := next[m.col[k]]
			next[m.col[k]]++
			t.col[at], t.confidence[at], t.preference[at] = int32(u), m.confidence[k], m.preference[k]
		}
	}
	return t
}

// target is the item that a person's held-out row is about.
type target struct {
	user int
	item world.ItemIndex
}

// split is the evidence with each person's last items held out.
type split struct {
	train   *Matrix // without the last two items that count
	history *Matrix // without the last one
	valid   []target
	test    []target
}

// split holds out, of each person with at least three items whose positive
// confidence reaches least, the two that came last: all evidence on them.
func (p People) split(items int, least float64) split {
	var s split
	last := make([]world.ItemIndex, len(p))
	before := make([]world.ItemIndex, len(p))
	for u, entries := range p {
		last[u], before[u] = world.NoItem, world.NoItem
		var count []Entry
		for _, e := range entries {
			if float64(e.Confidence*e.Preference) >= least {
				count = append(count, e)
			}
		}
		if len(count) < 3 {
			continue
		}
		slices.SortStableFunc(count, func(a, b Entry) int { return cmp.Compare(a.First, b.First) })
		last[u], before[u] = count[len(count)-1].Item, count[len(count)-2].Item
		s.test = append(s.test, target{u, last[u]})
		s.valid = append(s.valid, target{u, before[u]})
	}
	s.train = p.matrix(items, func(u int, i world.ItemIndex) bool { return i == last[u] || i == before[u] })
	s.history = p.matrix(items, func(u int, i world.ItemIndex) bool { return i == last[u] })
	return s
}
