package wire

import (
	"encoding/binary"
	"errors"
	"math"

	"gonum.org/v1/gonum/spatial/r3"
	"google.golang.org/protobuf/encoding/protowire"

	"souk/world"
)

// Place is where an avatar stands, in the steps of the wire: what others see of a
// pose. Pitch and roll of the head do not travel.
type Place struct {
	X, Z int32 // centimetres
	Yaw  uint8 // 1/256 of a turn to the left, 0 looks along −z
}

// Quantise rounds a pose to the steps of the wire: 1 cm and 1.4°. A position
// beyond ±20,000 km is cut there; one that is not a number is the origin.
func Quantise(p world.Pose) Place {
	yaw, _ := p.YawPitch()
	if math.IsNaN(yaw) {
		yaw = 0
	}
	return Place{X: centimetres(p.Pos.X), Z: centimetres(p.Pos.Z), Yaw: uint8(int(math.Round(yaw/(2*math.Pi)*256)) & 255)}
}

func centimetres(m float64) int32 {
	if math.IsNaN(m) {
		return 0
	}
	return int32(math.Round(max(-2e7, min(2e7, m)) * 100))
}

// Pose is the upright pose of the place with the eyes at a height in metres.
func (p Place) Pose(eyeHeight float64) world.Pose {
	return world.Upright(r3.Vec{X: float64(p.X) / 100, Y: eyeHeight, Z: float64(p.Z) / 100}, p.YawRadians(), 0)
}

// YawRadians is the yaw in (−π, π].
func (p Place) YawRadians() float64 {
	y := float64(p.Yaw) / 256 * 2 * math.Pi
	if y > math.Pi {
		y -= 2 * math.Pi
	}
	return y
}

// PlaceOf is the place of a Presence that Decode has passed.
func PlaceOf(p *Presence) Place { return Place{X: p.GetXCm(), Z: p.GetZCm(), Yaw: uint8(p.GetYaw())} }

// Presence is the message that says the place.
func (p Place) Presence() *Presence {
	return &Presence{XCm: p.X, ZCm: p.Z, Yaw: uint32(p.Yaw)}
}

// Move is one record of Snapshot.moves.
type Move struct {
	ID    uint32
	Place Place
}

// AppendMove appends the record of a move: 4 to 16 bytes, 7 to 9 in a market of
// up to 160 m with up to 16,000 avatars.
func AppendMove(dst []byte, m Move) []byte {
	dst = binary.AppendUvarint(dst, uint64(m.ID))
	dst = binary.AppendVarint(dst, int64(m.Place.X))
	dst = binary.AppendVarint(dst, int64(m.Place.Z))
	return append(dst, m.Place.Yaw)
}

var errMove = errors.New("a record is cut short or out of range")

// NextMove reads the first record and returns what follows it.
func NextMove(b []byte) (m Move, rest []byte, err error) {
	id, n := binary.Uvarint(b)
	if n <= 0 || id == 0 || id > math.MaxUint32 {
		return Move{}, nil, errMove
	}
	b = b[n:]
	x, n := binary.Varint(b)
	if n <= 0 || x != int64(int32(x)) {
		return Move{}, nil, errMove
	}
	b = b[n:]
	z, n := binary.Varint(b)
	if n <= 0 || z != int64(int32(z)) || len(b) == n {
		return Move{}, nil, errMove
	}
	return Move{ID: uint32(id), Place: Place{X: int32(x), Z: int32(z), Yaw: b[n]}}, b[n+1:], nil
}

// The field numbers that AppendSnapshot writes by hand; a test compares its
// bytes with those of the generated code.
const (
	frameSnapshot  protowire.Number = 4
	snapshotTick   protowire.Number = 1
	snapshotMoves  protowire.Number = 2
	snapshotNames  protowire.Number = 3
	snapshotGone   protowire.Number = 4
	avatarNameID   protowire.Number = 1
	avatarNameName protowire.Number = 2
)

// SnapshotParts are the contents of a Snapshot, encoded where they can be
// shared: moves and names are the fields' bytes.
type SnapshotParts struct {
	Tick  uint64
	Moves []byte   // records by AppendMove, one after the other
	Names []byte   // by AppendName, one after the other
	Gone  []uint32 // ids
}

// AppendName appends an avatar's name in the form in which SnapshotParts wants it.
func AppendName(dst []byte, id uint32, name string) []byte {
	n := protowire.SizeTag(avatarNameID) + protowire.SizeVarint(uint64(id))
	if name != "" {
		n += protowire.SizeTag(avatarNameName) + protowire.SizeBytes(len(name))
	}
	dst = protowire.AppendTag(dst, snapshotNames, protowire.BytesType)
	dst = protowire.AppendVarint(dst, uint64(n))
	dst = protowire.AppendTag(dst, avatarNameID, protowire.VarintType)
	dst = protowire.AppendVarint(dst, uint64(id))
	if name != "" {
		dst = protowire.AppendTag(dst, avatarNameName, protowire.BytesType)
		dst = protowire.AppendString(dst, name)
	}
	return dst
}

// AppendSnapshot appends the frame of a snapshot. It allocates nothing where
// dst has room: it runs for every client ten times a second.
func AppendSnapshot(dst []byte, p *SnapshotParts) []byte {
	gone := 0
	for _, id := range p.Gone {
		gone += protowire.SizeVarint(uint64(id))
	}
	n := len(p.Names)
	if p.Tick != 0 {
		n += protowire.SizeTag(snapshotTick) + protowire.SizeVarint(p.Tick)
	}
	if len(p.Moves) > 0 {
		n += protowire.SizeTag(snapshotMoves) + protowire.SizeBytes(len(p.Moves))
	}
	if gone > 0 {
		n += protowire.SizeTag(snapshotGone) + protowire.SizeBytes(gone)
	}
	dst = protowire.AppendTag(dst, frameSnapshot, protowire.BytesType)
	dst = protowire.AppendVarint(dst, uint64(n))
	if p.Tick != 0 {
		dst = protowire.AppendTag(dst, snapshotTick, protowire.VarintType)
		dst = protowire.AppendVarint(dst, p.Tick)
	}
	if len(p.Moves) > 0 {
		dst = protowire.AppendTag(dst, snapshotMoves, protowire.BytesType)
		dst = protowire.AppendBytes(dst, p.Moves)
	}
	dst = append(dst, p.Names...)
	if gone > 0 {
		dst = protowire.AppendTag(dst, snapshotGone, protowire.BytesType)
		dst = protowire.AppendVarint(dst, uint64(gone))
		for _, id := range p.Gone {
			dst = protowire.AppendVarint(dst, uint64(id))
		}
	}
	return dst
}
