package tracker

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/input"
)

// OpentrackPort is the UDP port to which opentrack sends by itself.
const OpentrackPort = 4242

// opentrackSize is the length of a datagram: six float64, little-endian.
const opentrackSize = 48

// The bounds of a head that is believed, centimetres and degrees.
const (
	mostWay  = 1000.0
	mostTurn = 360.0
)

// ParseOpentrack reads a datagram of opentrack's output "UDP over network":
// x, y, z in centimetres (right, up, back), yaw, pitch, roll in degrees (right,
// up, towards the right shoulder positive), as six little-endian float64
// without a header (opentrack, proto-udp). The error says what is wrong with
// one that is none: its length, a value that is not a number, or one that no head has.
func ParseOpentrack(b []byte) (input.Head, error) {
	if len(b) != opentrackSize {
		return input.Head{}, fmt.Errorf("it has %d bytes instead of %d", len(b), opentrackSize)
	}
	var v [6]float64
	for i := range v {
		v[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
		most := mostWay
		if i >= 3 {
			most = mostTurn
		}
		if math.IsNaN(v[i]) {
			return input.Head{}, errors.New("a value is not a number")
		}
		if math.Abs(v[i]) > most {
			return input.Head{}, fmt.Errorf("a value of %.4g is beyond %v", v[i], most)
		}
	}
	const cm, degree = .01, math.Pi / 180
	return input.Head{
		Pos: r3.Vec{X: v[0] * cm, Y: v[1] * cm, Z: v[2] * cm},
		Yaw: -v[3] * degree, Pitch: v[4] * degree, Roll: -v[5] * degree,
	}, nil
}

// AppendOpentrack appends the datagram that ParseOpentrack reads: to send a
// head on, and for tests.
func AppendOpentrack(dst []byte, h input.Head) []byte {
	const cm, degree = .01, math.Pi / 180
	for _, v := range [6]float64{h.Pos.X / cm, h.Pos.Y / cm, h.Pos.Z / cm, -h.Yaw / degree, h.Pitch / degree, -h.Roll / degree} {
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(v))
	}
	return dst
}
