package record

import (
	"fmt"

	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
	"google.golang.org/protobuf/proto"

	"souk/attention"
	"souk/attention/gaze"
	"souk/attention/place"
	"souk/attention/rank"
	"souk/attention/record/recordpb"
	"souk/input"
	"souk/world"
	"souk/world/plan"
)

// unmarshalFrame decodes a frame into f, reusing its slices. kept: what is in
// view is left out, and is that of the frame before.
func unmarshalFrame(src []byte, f *attention.Frame) (number uint64, kept bool, err error) {
	var m recordpb.Frame
	if err := proto.Unmarshal(src, &m); err != nil {
		return 0, false, fmt.Errorf("frame message: %w", err)
	}
	f.T, f.Paused, f.Erase = m.T, m.Paused, m.Erase
	f.Head.Pos = r3.Vec{X: m.Head.GetX(), Y: m.Head.GetY(), Z: m.Head.GetZ()}
	f.Head.Rot = quat.Number{Real: m.Rotation.GetW(), Imag: m.Rotation.GetX(), Jmag: m.Rotation.GetY(), Kmag: m.Rotation.GetZ()}
	f.Lens = world.Lens{FovY: m.FovY, Aspect: m.Aspect, Far: m.Far}
	if f.Samples, err = getSamples(f.Samples[:0], m.Samples); err != nil {
		return 0, false, fmt.Errorf("frame %d: %w", m.Number, err)
	}
	if f.Visible, err = getViews(f.Visible[:0], m.Visible); err != nil {
		return 0, false, fmt.Errorf("frame %d: %w", m.Number, err)
	}
	if f.Actions, err = getActions(f.Actions[:0], m.Actions); err != nil {
		return 0, false, fmt.Errorf("frame %d: %w", m.Number, err)
	}
	return m.Number, m.VisibleKept, nil
}

// unmarshalDecision is unmarshalFrame for a decision; kept is of the ranking.
func unmarshalDecision(src []byte, d *attention.Decision) (number uint64, kept bool, err error) {
	var m recordpb.Decision
	if err := proto.Unmarshal(src, &m); err != nil {
		return 0, false, fmt.Errorf("decision message: %w", err)
	}
	d.T, d.Reranked = m.T, m.Reranked
	d.Budget = place.Budget{Swaps: m.Swaps, PerMinute: m.SwapsPerMinute}
	f := m.Focus
	d.Focus.Item, d.Focus.Slot, d.Focus.P = world.ItemIndex(f.GetItem()), world.SlotIndex(f.GetSlot()), f.GetP()
	d.Focus.RunnerUp, d.Focus.RunnerP = world.ItemIndex(f.GetRunnerUp()), f.GetRunnerP()
	d.Focus.Uncertain, d.Focus.Dwell, d.Focus.Source = f.GetUncertain(), f.GetDwell(), world.AttentionSource(f.GetSource())
	if f.GetSource() > 255 {
		err = errSmall("focus source", f.GetSource())
	}
	for _, get := range []func() error{
		func() (err error) { d.Ranked, err = getRanked(d.Ranked[:0], m.Ranked); return },
		func() (err error) { d.Placements, err = getPlacements(d.Placements[:0], m.Placements); return },
		func() (err error) { d.Reasons, err = getReasons(d.Reasons[:0], m.Reasons); return },
		func() (err error) { d.Gaze, err = getGaze(d.Gaze[:0], m.Gaze); return },
		func() (err error) { d.Events, err = getEvents(d.Events[:0], m.Events); return },
	} {
		if err == nil {
			err = get()
		}
	}
	if err != nil {
		return 0, false, fmt.Errorf("decision %d: %w", m.Number, err)
	}
	return m.Number, m.RankedKept, nil
}

// columns says whether all columns of a list are of one length.
func columns(list string, n int, others ...int) error {
	for i, m := range others {
		if m != n {
			return fmt.Errorf("%s: column %d has %d values, the first %d", list, i+2, m, n)
		}
	}
	return nil
}

func errSmall(field string, v uint32) error {
	return fmt.Errorf("%s: %d does not fit into a byte", field, v)
}

// small says whether all numbers of a column are bytes.
func small(field string, column []uint32) error {
	for _, v := range column {
		if v > 255 {
			return errSmall(field, v)
		}
	}
	return nil
}

func getSamples(dst []input.Sample, m *recordpb.Samples) ([]input.Sample, error) {
	if m == nil {
		return dst, nil
	}
	n := len(m.T)
	if err := columns("samples", n, len(m.OriginX), len(m.OriginY), len(m.OriginZ), len(m.DirX), len(m.DirY), len(m.DirZ),
		len(m.Valid), len(m.Confidence), len(m.Source)); err != nil {
		return dst, err
	}
	if err := small("sample source", m.Source); err != nil {
		return dst, err
	}
	for i := range n {
		dst = append(dst, input.Sample{T: m.T[i],
			Origin: r3.Vec{X: m.OriginX[i], Y: m.OriginY[i], Z: m.OriginZ[i]},
			Dir:    r3.Vec{X: m.DirX[i], Y: m.DirY[i], Z: m.DirZ[i]},
			Valid:  m.Valid[i], Confidence: m.Confidence[i], Source: world.AttentionSource(m.Source[i])})
	}
	return dst, nil
}

func getViews(dst []plan.View, m *recordpb.Views) ([]plan.View, error) {
	if m == nil {
		return dst, nil
	}
	n := len(m.Slot)
	if err := columns("views", n, len(m.Item), len(m.DirX), len(m.DirY), len(m.DirZ), len(m.HalfWidth), len(m.HalfHeight),
		len(m.SolidAngle), len(m.Eccentricity), len(m.Distance), len(m.Occluded)); err != nil {
		return dst, err
	}
	for i := range n {
		dst = append(dst, plan.View{Slot: world.SlotIndex(m.Slot[i]), Item: world.ItemIndex(m.Item[i]),
			Dir:       [3]float32{m.DirX[i], m.DirY[i], m.DirZ[i]},
			HalfWidth: m.HalfWidth[i], HalfHeight: m.HalfHeight[i], SolidAngle: m.SolidAngle[i],
			Eccentricity: m.Eccentricity[i], Distance: m.Distance[i], Occluded: m.Occluded[i]})
	}
	return dst, nil
}

func getActions(dst []attention.Action, m *recordpb.Actions) ([]attention.Action, error) {
	if m == nil {
		return dst, nil
	}
	if err := columns("actions", len(m.T), len(m.Kind), len(m.Item)); err != nil {
		return dst, err
	}
	if err := small("action kind", m.Kind); err != nil {
		return dst, err
	}
	for i := range m.T {
		dst = append(dst, attention.Action{T: m.T[i], Kind: world.EventKind(m.Kind[i]), Item: world.ItemIndex(m.Item[i])})
	}
	return dst, nil
}

func getRanked(dst []rank.Scored, m *recordpb.Ranked) ([]rank.Scored, error) {
	if m == nil {
		return dst, nil
	}
	if err := columns("ranked", len(m.Item), len(m.Score), len(m.Attention)); err != nil {
		return dst, err
	}
	for i := range m.Item {
		dst = append(dst, rank.Scored{Item: world.ItemIndex(m.Item[i]), Score: m.Score[i], Attention: m.Attention[i]})
	}
	return dst, nil
}

func getPlacements(dst []place.Placement, m *recordpb.Placements) ([]place.Placement, error) {
	if m == nil {
		return dst, nil
	}
	if err := columns("placements", len(m.Slot), len(m.Item), len(m.Score), len(m.Propensity), len(m.Explored), len(m.Until)); err != nil {
		return dst, err
	}
	for i := range m.Slot {
		dst = append(dst, place.Placement{Slot: world.SlotIndex(m.Slot[i]), Item: world.ItemIndex(m.Item[i]), Score: m.Score[i],
			Propensity: m.Propensity[i], Explored: m.Explored[i], Until: m.Until[i]})
	}
	return dst, nil
}

func getReasons(dst []rank.Reason, m *recordpb.Reasons) ([]rank.Reason, error) {
	if m == nil {
		return dst, nil
	}
	if err := columns("reasons", len(m.Item), len(m.Kind), len(m.Dwell), len(m.Share)); err != nil {
		return dst, err
	}
	if err := small("reason kind", m.Kind); err != nil {
		return dst, err
	}
	for i := range m.Item {
		dst = append(dst, rank.Reason{Item: world.ItemIndex(m.Item[i]), Kind: world.EventKind(m.Kind[i]), Dwell: m.Dwell[i], Share: m.Share[i]})
	}
	return dst, nil
}

func getGaze(dst []gaze.Event, m *recordpb.GazeEvents) ([]gaze.Event, error) {
	if m == nil {
		return dst, nil
	}
	n := len(m.Kind)
	if err := columns("gaze events", n, len(m.T0), len(m.T1), len(m.DirX), len(m.DirY), len(m.DirZ),
		len(m.Ended), len(m.Source), len(m.Samples), len(m.Peak), len(m.Spread),
		len(m.LatestX), len(m.LatestY), len(m.LatestZ)); err != nil {
		return dst, err
	}
	if err := small("gaze event kind", m.Kind); err != nil {
		return dst, err
	}
	if err := small("gaze event source", m.Source); err != nil {
		return dst, err
	}
	for i := range n {
		dst = append(dst, gaze.Event{Kind: gaze.EventKind(m.Kind[i]), T0: m.T0[i], T1: m.T1[i],
			Dir: r3.Vec{X: m.DirX[i], Y: m.DirY[i], Z: m.DirZ[i]}, Ended: m.Ended[i],
			Source: world.AttentionSource(m.Source[i]), Samples: int(m.Samples[i]), Peak: m.Peak[i], Spread: m.Spread[i],
			Latest: r3.Vec{X: m.LatestX[i], Y: m.LatestY[i], Z: m.LatestZ[i]}})
	}
	return dst, nil
}

func getEvents(dst []world.Event, events []*recordpb.Event) ([]world.Event, error) {
	for _, m := range events {
		if m.Kind > 255 || m.Source > 255 {
			return dst, errSmall("event kind or source", max(m.Kind, m.Source))
		}
		dst = append(dst, world.Event{ID: m.Id, Visitor: m.Visitor, Session: m.Session, Time: m.Time,
			Kind: world.EventKind(m.Kind), Item: m.Item, Dwell: m.Dwell, Exposure: m.Exposure, InView: m.InView,
			Eccentricity: m.Eccentricity, Propensity: m.Propensity, Slot: world.SlotIndex(m.Slot),
			Source: world.AttentionSource(m.Source), Amount: world.Cents(m.Amount)})
	}
	return dst, nil
}
