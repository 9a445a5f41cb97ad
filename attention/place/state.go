package place

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// stateVersion is the first byte of a snapshot.
const stateVersion = 1

// errState is wrapped by every error of RestoreState.
var errState = errors.New("restore placement")

// AppendState appends the placer's state: exact, so that a restored placer
// goes on byte for byte. The scene's holding is not in it.
func (p *Placer) AppendState(dst []byte) []byte {
	dst = append(dst, stateVersion)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(p.slots)))
	for _, s := range p.slots {
		dst = appendFloats(dst, s.until, s.relevance, s.seen)
	}
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(p.account.entries)))
	for _, e := range p.account.entries {
		dst = appendFloats(dst, e.t, e.cost)
	}
	w := &p.walk
	known := 0.0
	if w.known {
		known = 1
	}
	return appendFloats(dst, p.account.sum, p.nextAsk, w.t, w.pos.X, w.pos.Y, w.pos.Z, w.vel.X, w.vel.Y, w.vel.Z, known)
}

// RestoreState takes in what AppendState wrote for a plan with as many
// pedestals. On an error the placer is as it was.
func (p *Placer) RestoreState(src []byte) error {
	if len(src) < 5 || src[0] != stateVersion {
		return fmt.Errorf("%w: not a placement state of version %d; start without the snapshot", errState, stateVersion)
	}
	n := int(binary.LittleEndian.Uint32(src[1:]))
	if n != len(p.slots) {
		return fmt.Errorf("%w: it has %d pedestals, the plan %d; use the plan that it was made with", errState, n, len(p.slots))
	}
	src = src[5:]
	if len(src) < 24*n+4 {
		return fmt.Errorf("%w: cut short at %d bytes; start without the snapshot", errState, len(src))
	}
	slots, src := src[:24*n], src[24*n:]
	m := int(binary.LittleEndian.Uint32(src))
	src = src[4:]
	if m < 0 || len(src) != 16*m+80 {
		return fmt.Errorf("%w: %d bytes where %d swaps need %d; start without the snapshot", errState, len(src), m, 16*m+80)
	}
	for i := range p.slots {
		b := slots[24*i:]
		p.slots[i] = slotState{until: float(b, 0), relevance: float(b, 1), seen: float(b, 2)}
	}
	p.account.entries = p.account.entries[:0]
	for i := range m {
		p.account.entries = append(p.account.entries, spent{float(src, 2*i), float(src, 2*i+1)})
	}
	b := src[16*m:]
	p.account.sum, p.nextAsk = float(b, 0), float(b, 1)
	p.walk = walk{t: float(b, 2), pos: r3.Vec{X: float(b, 3), Y: float(b, 4), Z: float(b, 5)},
		vel: r3.Vec{X: float(b, 6), Y: float(b, 7), Z: float(b, 8)}, known: float(b, 9) != 0}
	return nil
}

func appendFloats(dst []byte, v ...float64) []byte {
	for _, f := range v {
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(f))
	}
	return dst
}

func float(b []byte, i int) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
}
