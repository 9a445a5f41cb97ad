package record

import (
	"google.golang.org/protobuf/proto"

	"souk/attention"
	"souk/attention/rank"
	"souk/attention/record/recordpb"
	"souk/input"
	"souk/world/plan"
)

// marshal is the one way in which anything here becomes bytes: the schema has
// no maps, so the same message gives the same bytes on the same build.
var marshal = proto.MarshalOptions{Deterministic: true}

// AppendFrame appends the canonical encoding of a frame: complete, numbered 0.
// Two frames are equal, to the bit of each float, exactly where their
// encodings are. It allocates; the [Writer] has a quieter way.
func AppendFrame(dst []byte, f *attention.Frame) ([]byte, error) {
	var e entryMessage
	e.setFrame(f)
	return marshal.MarshalAppend(dst, &e.frame)
}

// AppendDecision appends the canonical encoding of a decision, as [AppendFrame]
// does of a frame: what [Replay] compares.
func AppendDecision(dst []byte, d *attention.Decision) ([]byte, error) {
	var e entryMessage
	e.setDecision(d)
	return marshal.MarshalAppend(dst, &e.decision)
}

// entryMessage is a frame and its decision as messages, with the parts that
// the messages point to, so that filling it again allocates nothing once the
// columns have grown.
type entryMessage struct {
	frame    recordpb.Frame
	head     recordpb.Vector
	rotation recordpb.Quaternion
	samples  recordpb.Samples
	visible  recordpb.Views
	actions  recordpb.Actions

	decision   recordpb.Decision
	focus      recordpb.Focus
	ranked     recordpb.Ranked
	placements recordpb.Placements
	reasons    recordpb.Reasons
	gaze       recordpb.GazeEvents
	events     []*recordpb.Event // as many as were ever needed
}

// part returns the message, or nil where it holds nothing: an empty list has one encoding.
func part[T any](m *T, n int) *T {
	if n == 0 {
		return nil
	}
	return m
}

func (e *entryMessage) setFrame(f *attention.Frame) {
	m := &e.frame
	m.Number, m.T = 0, f.T
	e.head.X, e.head.Y, e.head.Z = f.Head.Pos.X, f.Head.Pos.Y, f.Head.Pos.Z
	r := f.Head.Rot
	e.rotation.W, e.rotation.X, e.rotation.Y, e.rotation.Z = r.Real, r.Imag, r.Jmag, r.Kmag
	m.Head, m.Rotation = &e.head, &e.rotation
	m.FovY, m.Aspect, m.Far = f.Lens.FovY, f.Lens.Aspect, f.Lens.Far
	m.Paused, m.Erase = f.Paused, f.Erase
	e.setSamples(f.Samples)
	e.setVisible(f.Visible)
	e.setActions(f.Actions)
	m.Samples, m.Visible, m.Actions = part(&e.samples, len(f.Samples)), part(&e.visible, len(f.Visible)), part(&e.actions, len(f.Actions))
	m.VisibleKept = false
}

func (e *entryMessage) setSamples(samples []input.Sample) {
	m := &e.samples
	m.T, m.Valid, m.Confidence, m.Source = m.T[:0], m.Valid[:0], m.Confidence[:0], m.Source[:0]
	m.OriginX, m.OriginY, m.OriginZ = m.OriginX[:0], m.OriginY[:0], m.OriginZ[:0]
	m.DirX, m.DirY, m.DirZ = m.DirX[:0], m.DirY[:0], m.DirZ[:0]
	for i := range samples {
		s := &samples[i]
		m.T = append(m.T, s.T)
		m.OriginX, m.OriginY, m.OriginZ = append(m.OriginX, s.Origin.X), append(m.OriginY, s.Origin.Y), append(m.OriginZ, s.Origin.Z)
		m.DirX, m.DirY, m.DirZ = append(m.DirX, s.Dir.X), append(m.DirY, s.Dir.Y), append(m.DirZ, s.Dir.Z)
		m.Valid = append(m.Valid, s.Valid)
		m.Confidence = append(m.Confidence, s.Confidence)
		m.Source = append(m.Source, uint32(s.Source))
	}
}

func (e *entryMessage) setVisible(views []plan.View) {
	m := &e.visible
	m.Slot, m.Item = m.Slot[:0], m.Item[:0]
	m.DirX, m.DirY, m.DirZ = m.DirX[:0], m.DirY[:0], m.DirZ[:0]
	m.HalfWidth, m.HalfHeight, m.SolidAngle = m.HalfWidth[:0], m.HalfHeight[:0], m.SolidAngle[:0]
	m.Eccentricity, m.Distance, m.Occluded = m.Eccentricity[:0], m.Distance[:0], m.Occluded[:0]
	for i := range views {
		v := &views[i]
		m.Slot, m.Item = append(m.Slot, int32(v.Slot)), append(m.Item, int32(v.Item))
		m.DirX, m.DirY, m.DirZ = append(m.DirX, v.Dir[0]), append(m.DirY, v.Dir[1]), append(m.DirZ, v.Dir[2])
		m.HalfWidth, m.HalfHeight = append(m.HalfWidth, v.HalfWidth), append(m.HalfHeight, v.HalfHeight)
		m.SolidAngle = append(m.SolidAngle, v.SolidAngle)
		m.Eccentricity, m.Distance = append(m.Eccentricity, v.Eccentricity), append(m.Distance, v.Distance)
		m.Occluded = append(m.Occluded, v.Occluded)
	}
}

func (e *entryMessage) setActions(actions []attention.Action) {
	m := &e.actions
	m.T, m.Kind, m.Item = m.T[:0], m.Kind[:0], m.Item[:0]
	for _, a := range actions {
		m.T, m.Kind, m.Item = append(m.T, a.T), append(m.Kind, uint32(a.Kind)), append(m.Item, int32(a.Item))
	}
}

func (e *entryMessage) setDecision(d *attention.Decision) {
	m := &e.decision
	m.Number, m.T, m.Reranked = 0, d.T, d.Reranked
	m.Swaps, m.SwapsPerMinute = d.Budget.Swaps, d.Budget.PerMinute
	f := &e.focus
	f.Item, f.Slot, f.P = int32(d.Focus.Item), int32(d.Focus.Slot), d.Focus.P
	f.RunnerUp, f.RunnerP = int32(d.Focus.RunnerUp), d.Focus.RunnerP
	f.Uncertain, f.Dwell, f.Source = d.Focus.Uncertain, d.Focus.Dwell, uint32(d.Focus.Source)
	m.Focus = f
	e.setRanked(d.Ranked)
	e.setPlacements(d)
	e.setGaze(d)
	e.setEvents(d)
	m.Ranked, m.RankedKept = part(&e.ranked, len(d.Ranked)), false
	m.Placements, m.Reasons = part(&e.placements, len(d.Placements)), part(&e.reasons, len(d.Reasons))
	m.Gaze = part(&e.gaze, len(d.Gaze))
}

func (e *entryMessage) setRanked(ranked []rank.Scored) {
	m := &e.ranked
	m.Item, m.Score, m.Attention = m.Item[:0], m.Score[:0], m.Attention[:0]
	for _, r := range ranked {
		m.Item, m.Score, m.Attention = append(m.Item, int32(r.Item)), append(m.Score, r.Score), append(m.Attention, r.Attention)
	}
}

func (e *entryMessage) setPlacements(d *attention.Decision) {
	m := &e.placements
	m.Slot, m.Item, m.Score = m.Slot[:0], m.Item[:0], m.Score[:0]
	m.Propensity, m.Explored, m.Until = m.Propensity[:0], m.Explored[:0], m.Until[:0]
	for _, p := range d.Placements {
		m.Slot, m.Item, m.Score = append(m.Slot, int32(p.Slot)), append(m.Item, int32(p.Item)), append(m.Score, p.Score)
		m.Propensity, m.Explored, m.Until = append(m.Propensity, p.Propensity), append(m.Explored, p.Explored), append(m.Until, p.Until)
	}
	r := &e.reasons
	r.Item, r.Kind, r.Dwell, r.Share = r.Item[:0], r.Kind[:0], r.Dwell[:0], r.Share[:0]
	for _, why := range d.Reasons {
		r.Item, r.Kind = append(r.Item, int32(why.Item)), append(r.Kind, uint32(why.Kind))
		r.Dwell, r.Share = append(r.Dwell, why.Dwell), append(r.Share, why.Share)
	}
}

func (e *entryMessage) setGaze(d *attention.Decision) {
	m := &e.gaze
	m.Kind, m.T0, m.T1, m.Ended = m.Kind[:0], m.T0[:0], m.T1[:0], m.Ended[:0]
	m.DirX, m.DirY, m.DirZ = m.DirX[:0], m.DirY[:0], m.DirZ[:0]
	m.Source, m.Samples, m.Peak, m.Spread = m.Source[:0], m.Samples[:0], m.Peak[:0], m.Spread[:0]
	m.LatestX, m.LatestY, m.LatestZ = m.LatestX[:0], m.LatestY[:0], m.LatestZ[:0]
	for i := range d.Gaze {
		g := &d.Gaze[i]
		m.Kind, m.T0, m.T1 = append(m.Kind, uint32(g.Kind)), append(m.T0, g.T0), append(m.T1, g.T1)
		m.DirX, m.DirY, m.DirZ = append(m.DirX, g.Dir.X), append(m.DirY, g.Dir.Y), append(m.DirZ, g.Dir.Z)
		m.Ended, m.Source = append(m.Ended, g.Ended), append(m.Source, uint32(g.Source))
		m.Samples = append(m.Samples, int64(g.Samples))
		m.Peak, m.Spread = append(m.Peak, g.Peak), append(m.Spread, g.Spread)
		m.LatestX, m.LatestY, m.LatestZ = append(m.LatestX, g.Latest.X), append(m.LatestY, g.Latest.Y), append(m.LatestZ, g.Latest.Z)
	}
}

func (e *entryMessage) setEvents(d *attention.Decision) {
	for len(e.events) < len(d.Events) {
		e.events = append(e.events, new(recordpb.Event))
	}
	for i := range d.Events {
		v, m := &d.Events[i], e.events[i]
		m.Id, m.Visitor, m.Session, m.Time = v.ID, v.Visitor, v.Session, v.Time
		m.Kind, m.Item, m.Dwell, m.Exposure, m.InView = uint32(v.Kind), v.Item, v.Dwell, v.Exposure, v.InView
		m.Eccentricity, m.Propensity, m.Slot = v.Eccentricity, v.Propensity, int32(v.Slot)
		m.Source, m.Amount = uint32(v.Source), int64(v.Amount)
	}
	e.decision.Events = e.events[:len(d.Events)]
	if len(d.Events) == 0 {
		e.decision.Events = nil
	}
}
