// Package wire is the protocol: the messages that cross between client,
// server and console (souk.proto), their version, limits and error codes.
//
// There is no field here that could hold raw gaze; a test holds that.
package wire

//go:generate protoc --plugin=protoc-gen-go=./protoc-gen-go.sh --go_out=. --go_opt=paths=source_relative souk.proto

// Version of the protocol. Client and server must agree exactly.
const Version = 1

// MaxMessage is the size of the largest WebSocket message that either side accepts, bytes.
const MaxMessage = 64 << 10
