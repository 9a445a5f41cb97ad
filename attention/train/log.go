package train

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"souk/world"
	"souk/world/catalog"
)

// Log is an event log in columns, as training needs it: 60 bytes a row, where
// rows of world.Event with their strings take 250 and more. Ten million rows fit in little memory.
// Make one with [NewLog] and append in the order of the log; not safe for concurrent use.
type Log struct {
	cat      *catalog.Catalog
	visitors map[string]int32
	names    []string // by visitor
	sessions map[sessionKey]int32

	visitor, session, item                            []int32 // −1: none, or unknown
	time                                              []float64
	kind                                              []world.EventKind
	dwell, exposure, inView, eccentricity, propensity []float32
	id                                                []uint64 // hash of the ID; 0: none
	exposures                                         bool
}

type sessionKey struct {
	visitor int32
	session string
}

// NewLog is an empty log of what happened to a catalogue's items.
func NewLog(c *catalog.Catalog) *Log {
	return &Log{cat: c, visitors: make(map[string]int32), sessions: make(map[sessionKey]int32)}
}

// Append takes an event; it keeps no memory of it. Rows that mean nothing are
// taken too: cleaning counts them.
func (l *Log) Append(ev *world.Event) {
	visitor, session, item := int32(-1), int32(-1), int32(-1)
	if ev.Visitor != "" {
		v, ok := l.visitors[ev.Visitor]
		if !ok {
			v = int32(len(l.names))
			name := strings.Clone(ev.Visitor)
			l.names = append(l.names, name)
			l.visitors[name] = v
		}
		visitor = v
		if ev.Session != "" {
			s, ok := l.sessions[sessionKey{v, ev.Session}]
			if !ok {
				s = int32(len(l.sessions))
				l.sessions[sessionKey{v, strings.Clone(ev.Session)}] = s
			}
			session = s
		}
	}
	if i, ok := l.cat.Index(ev.Item); ok {
		item = int32(i)
	}
	id := uint64(0)
	if ev.ID != "" {
		id = max(1, xxhash.Sum64String(ev.ID)) // two in ten million collide with a probability of 3·10⁻⁶
	}
	l.visitor, l.session, l.item = append(l.visitor, visitor), append(l.session, session), append(l.item, item)
	l.time, l.kind, l.id = append(l.time, ev.Time), append(l.kind, ev.Kind), append(l.id, id)
	l.dwell, l.exposure, l.inView = append(l.dwell, ev.Dwell), append(l.exposure, ev.Exposure), append(l.inView, ev.InView)
	l.eccentricity, l.propensity = append(l.eccentricity, ev.Eccentricity), append(l.propensity, ev.Propensity)
	l.exposures = l.exposures || ev.Kind == world.EventExposure
}

// Rows is how many there are.
func (l *Log) Rows() int { return len(l.time) }

// logOf makes a log of events.
func logOf(events []world.Event, c *catalog.Catalog) *Log {
	l := NewLog(c)
	for i := range events {
		l.Append(&events[i])
	}
	return l
}

// event is what conversion needs of a row.
func (l *Log) event(row int32) world.Event {
	return world.Event{Time: l.time[row], Kind: l.kind[row], Dwell: l.dwell[row], Exposure: l.exposure[row],
		InView: l.inView[row], Eccentricity: l.eccentricity[row]}
}

// byVisitor puts rows (each with a visitor) together by visitor, keeping their
// order; visitors come in the order of their first row. The person k has
// rows[start[k]:start[k+1]], and is the visitor who[k].
func (l *Log) byVisitor(rows []int32) (grouped []int32, start []int, who []int32) {
	count := make([]int, len(l.names))
	for _, r := range rows {
		if v := l.visitor[r]; count[v] == 0 {
			who = append(who, v)
		}
		count[l.visitor[r]]++
	}
	start = make([]int, 1, len(who)+1)
	next := make([]int, len(l.names))
	for _, v := range who {
		next[v] = start[len(start)-1]
		start = append(start, next[v]+count[v])
	}
	grouped = make([]int32, len(rows))
	for _, r := range rows {
		v := l.visitor[r]
		grouped[next[v]] = r
		next[v]++
	}
	return grouped, start, who
}

// byTime sorts rows by time; those of the same time stay in their order.
func (l *Log) byTime(rows []int32) {
	slices.SortStableFunc(rows, func(a, b int32) int { return cmp.Compare(l.time[a], l.time[b]) })
}
