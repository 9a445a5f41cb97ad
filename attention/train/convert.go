package train

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"souk/attention/focus"
	"souk/attention/signal"
	"souk/attention/train/als"
	"souk/world"
	"souk/world/catalog"
)

// People holds each person's entries, in order of items; people are in the
// order of their first row.
type People [][]als.Entry

// Convert turns clean rows, in order of time, into evidence: by the same weights and the same
// dwell normaliser that the engine uses for a visitor who is there, so that a
// model learns in the units in which it is used later. What was taken back
// (unlike, unhide, uncart) leaves nothing.
func Convert(events []world.Event, c *catalog.Catalog, w signal.Weights) People {
	l := logOf(events, c)
	rows := make([]int32, 0, len(events))
	for r, v := range l.visitor {
		if v >= 0 && l.item[r] >= 0 {
			rows = append(rows, int32(r))
		}
	}
	people, _ := l.convert(rows, w)
	return people
}

// convert is [Convert] for rows of a log in columns, on all cores; who says which visitor each person is.
func (l *Log) convert(rows []int32, w signal.Weights) (people People, who []int32) {
	grouped, start, visitors := l.byVisitor(rows)
	all := make(People, len(visitors))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range als.Workers() {
		wg.Go(func() {
			for {
				k := int(next.Add(1)) - 1
				if k >= len(visitors) {
					return
				}
				all[k] = l.convertOne(grouped[start[k]:start[k+1]], w)
			}
		})
	}
	wg.Wait()
	for k, entries := range all {
		if len(entries) > 0 {
			people, who = append(people, entries), append(who, visitors[k])
		}
	}
	return people, who
}

func (l *Log) convertOne(rows []int32, w signal.Weights) []als.Entry {
	n := signal.NewNormaliser()
	var signals []signal.Signal
	type visit struct{ session, item int32 }
	met := make(map[visit]bool)
	for _, r := range rows {
		ev := l.event(r)
		again := false
		if ev.Kind == world.EventDwell {
			v := visit{l.session[r], l.item[r]}
			again, met[v] = met[v], true
		}
		s, ok := toSignal(&ev, world.ItemIndex(l.item[r]), again, w, n)
		switch {
		case !ok:
		case s.Undo:
			signals = takeBack(signals, s)
		default:
			signals = append(signals, s)
		}
	}
	slices.SortStableFunc(signals, func(a, b signal.Signal) int { return cmp.Compare(a.Item, b.Item) })
	var entries []als.Entry
	for _, s := range signals {
		if len(entries) == 0 || entries[len(entries)-1].Item != s.Item {
			entries = append(entries, als.Entry{Item: s.Item})
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

// toSignal is what a row says, if anything; again says that the item was looked at before in the session.
func toSignal(ev *world.Event, item world.ItemIndex, again bool, w signal.Weights, n *signal.Normaliser) (signal.Signal, bool) {
	switch ev.Kind {
	case world.EventDwell:
		s, ok := w.FromVisit(focus.Visit{Item: item, T1: ev.Time, Dwell: float64(ev.Dwell), Exposure: ev.Exposure,
			InView: ev.InView, Eccentricity: ev.Eccentricity, Source: ev.Source, Revisit: again}, n)
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

// matrix leaves out the pairs for which without is true; nil leaves out none.
func (p People) matrix(items int, without func(user int, item world.ItemIndex) bool) *als.Matrix {
	m := &als.Matrix{Users: len(p), Items: items, Start: make([]int, 1, len(p)+1)}
	for u, entries := range p {
		for _, e := range entries {
			if without == nil || !without(u, e.Item) {
				m.Col = append(m.Col, int32(e.Item))
				m.Confidence = append(m.Confidence, e.Confidence)
				m.Preference = append(m.Preference, e.Preference)
			}
		}
		m.Start = append(m.Start, len(m.Col))
	}
	return m
}

// target is the item that a person's held-out row is about.
type target struct {
	user int
	item world.ItemIndex
}

// split is the evidence with each person's last items held out.
type split struct {
	train   *als.Matrix // without the last two items that count
	history *als.Matrix // without the last one
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
		var count []als.Entry
		for _, e := range entries {
			if float64(e.Confidence*e.Preference) >= least {
				count = append(count, e)
			}
		}
		if len(count) < 3 {
			continue
		}
		slices.SortStableFunc(count, func(a, b als.Entry) int { return cmp.Compare(a.First, b.First) })
		last[u], before[u] = count[len(count)-1].Item, count[len(count)-2].Item
		s.test = append(s.test, target{u, last[u]})
		s.valid = append(s.valid, target{u, before[u]})
	}
	s.train = p.matrix(items, func(u int, i world.ItemIndex) bool { return i == last[u] || i == before[u] })
	s.history = p.matrix(items, func(u int, i world.ItemIndex) bool { return i == last[u] })
	return s
}
