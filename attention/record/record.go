// Package record keeps sessions: every frame that the engine was given and
// every decision that it made, in one MCAP file that public viewers open, that
// describes itself, and that replays byte for byte. A file that was cut
// anywhere still opens up to the cut.
//
// Recordings hold raw gaze and stay on this machine. docs/recording.md
// describes the file.
//
// Read [Create] and [Writer.Write] first, then [Open], [Reader.Next] and [Replay].
package record

import (
	"souk/attention"
)

// Entry is one frame of a recording with the decision that followed from it.
// [Reader.Next] reuses its slices.
type Entry struct {
	Number   uint64 // from 0
	Frame    attention.Frame
	Decision attention.Decision
}
