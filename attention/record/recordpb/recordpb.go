// Package recordpb holds the messages of attention/record/session.proto as Go
// types, generated. Read the schema first; package record is what uses them.
package recordpb

//go:generate protoc -I .. --plugin=protoc-gen-go=../../../world/wire/protoc-gen-go.sh --go_out=. --go_opt=paths=source_relative session.proto
