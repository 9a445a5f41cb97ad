package table

import (
	"fmt"
	"math"
	"strings"

	"souk/world"
)

// EventRow is a row of the event log as a table: the columns of the CSV form,
// angles in degrees, money in cents.
type EventRow struct {
	ID           string  `parquet:"id"`
	Visitor      string  `parquet:"visitor,dict"`
	Session      string  `parquet:"session,dict"`
	Time         float64 `parquet:"time"`
	Kind         string  `parquet:"kind,dict"`
	Item         string  `parquet:"item,dict"`
	Dwell        float32 `parquet:"dwell_s"`
	Exposure     float32 `parquet:"exposure_sr_s"`
	InView       float32 `parquet:"in_view_s"`
	Eccentricity float64 `parquet:"eccentricity_deg"`
	Propensity   float32 `parquet:"propensity"`
	Slot         *int32  `parquet:"slot,optional"`
	Source       string  `parquet:"source,dict"`
	Amount       int64   `parquet:"amount_cents"`
}

// eventColumns are those without which a table is no event log.
var eventColumns = []string{"visitor", "time", "kind", "item"}

// EventWriter writes events as a table; see [Writer].
type EventWriter struct{ *Writer[EventRow] }

// WriteEvents begins a table of events.
func WriteEvents(path string) (EventWriter, error) {
	w, err := Create[EventRow](path)
	return EventWriter{w}, err
}

// Event appends an event.
func (w EventWriter) Event(ev *world.Event) error {
	slot := int32(ev.Slot)
	return w.Write(EventRow{ID: ev.ID, Visitor: ev.Visitor, Session: ev.Session, Time: ev.Time, Kind: ev.Kind.String(), Item: ev.Item,
		Dwell: ev.Dwell, Exposure: ev.Exposure, InView: ev.InView, Eccentricity: float64(ev.Eccentricity) * 180 / math.Pi,
		Propensity: ev.Propensity, Slot: &slot, Source: ev.Source.String(), Amount: int64(ev.Amount)})
}

// EventLog reads a table of events, row by row. What a row means that cannot be an
// event is given to bad instead: its number, its column and what is wrong.
// The event is only valid during the call; its strings may be kept if cloned.
func EventLog(path string, each func(ev *world.Event) error, bad func(row int64, column, reason string)) error {
	return read(path, eventColumns, eventRows(each, bad))
}

func eventRows(each func(ev *world.Event) error, bad func(row int64, column, reason string)) func(*EventRow, int64) error {
	return func(r *EventRow, number int64) error {
		ev, column, reason := r.event()
		if reason != "" {
			bad(number, column, reason)
			return nil
		}
		return each(&ev)
	}
}

func (r *EventRow) event() (ev world.Event, column, reason string) {
	ev = world.Event{ID: r.ID, Visitor: r.Visitor, Session: r.Session, Time: r.Time, Item: r.Item, Dwell: r.Dwell, Exposure: r.Exposure,
		InView: r.InView, Eccentricity: float32(r.Eccentricity * math.Pi / 180), Propensity: r.Propensity, Slot: world.NoSlot, Amount: world.Cents(r.Amount)}
	if r.Slot != nil {
		ev.Slot = world.SlotIndex(*r.Slot)
	}
	var ok bool
	if ev.Kind, ok = world.ParseEventKind(r.Kind); !ok {
		return ev, "kind", fmt.Sprintf("there is no kind %q", clip(r.Kind))
	}
	if r.Item == "" {
		return ev, "item", "it is empty"
	}
	for _, f := range []struct {
		column string
		x      float64
	}{{"time", r.Time}, {"dwell_s", float64(r.Dwell)}, {"exposure_sr_s", float64(r.Exposure)}, {"in_view_s", float64(r.InView)},
		{"eccentricity_deg", float64(ev.Eccentricity)}, {"propensity", float64(r.Propensity)}} {
		if f.x-f.x != 0 {
			return ev, f.column, fmt.Sprintf("%v is not a finite number", f.x)
		}
	}
	if r.Source != "" {
		for ev.Source = world.SourceNone; ev.Source.String() != r.Source; ev.Source++ {
			if ev.Source == world.SourceSimulated {
				return ev, "source", fmt.Sprintf("there is no source %q", clip(r.Source))
			}
		}
	}
	return ev, "", ""
}

func clip(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if len(s) > 40 {
		s = s[:40] + "…"
	}
	return s
}
