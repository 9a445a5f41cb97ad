// Package wire is the protocol: the messages that cross between client,
// server and console (souk.proto), their version, limits and error codes, and
// the conversion between them and the types of package world.
//
// There is no field here that could hold raw gaze; a test holds that.
//
// Read [Decode] first, then [Code]; docs/protocol.md has the whole picture.
package wire

//go:generate protoc --plugin=protoc-gen-go=./protoc-gen-go.sh --go_out=. --go_opt=paths=source_relative souk.proto

// Version of the protocol. Client and server must agree exactly.
const Version = 1

// MaxMessage is the size of the largest WebSocket message that either side accepts, bytes.
const MaxMessage = 64 << 10

// The limits on single fields. Lengths of texts are in bytes of UTF-8. Decode refuses what exceeds them.
const (
	MaxID       = 64  // of a visitor, session, room, item
	MaxName     = 120 // of a person: 40 characters of any script
	MaxChat     = 1500
	MaxToken    = 256
	MaxEvents   = 256 // in one EventBatch
	MaxLines    = 32  // in one Purchase
	MaxQuantity = 99  // in one line
	MaxCart     = 256 // lines
)

// DefaultRoom is the room of a Hello or Watch that names none.
const DefaultRoom = "market"

// Ticks is the number of snapshots in a second, and the unit of Snapshot.tick.
const Ticks = 10
