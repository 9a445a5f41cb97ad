package plan

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// fingerprint hashes the catalogue's fingerprint, the seed and all geometry in
// a fixed order.
func fingerprint(p *Plan) string {
	h := sha256.New()
	w := bufio.NewWriterSize(h, 1<<14)
	var b [8]byte
	n := func(v uint64) {
		binary.LittleEndian.PutUint64(b[:], v)
		w.Write(b[:]) // a hash takes everything
	}
	f := func(vs ...float64) {
		for _, v := range vs {
			n(math.Float64bits(v))
		}
	}
	vec := func(v r3.Vec) { f(v.X, v.Y, v.Z) }
	box := func(v world.Box) { vec(v.Min); vec(v.Max) }
	w.WriteString("souk plan 1 " + p.catalog.Fingerprint())
	n(p.Seed)
	box(p.Bounds)
	for i := range p.Districts {
		n(uint64(p.Districts[i].Category))
		box(p.Districts[i].Box)
	}
	for i := range p.Aisles {
		vec(p.Aisles[i].From)
		vec(p.Aisles[i].To)
	}
	for i := range p.Stalls {
		s := &p.Stalls[i]
		box(s.Box)
		f(s.Yaw)
		n(uint64(s.Kind)<<32 | uint64(uint32(s.Seller)))
	}
	for i := range p.Slots {
		s := &p.Slots[i]
		vec(s.Pos)
		f(s.Yaw)
		n(uint64(s.Item)<<32 | uint64(uint32(s.Stall)))
	}
	w.Flush()
	return hex.EncodeToString(h.Sum(nil))
}
