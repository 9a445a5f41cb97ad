package room

import "souk/world/wire"

// history is the last chats of a room, numbered from 1 without holes.
type history struct {
	limit int
	last  uint64
	kept  []*wire.Chat
}

// Say numbers a chat and keeps it.
func (r *Room) Say(c *wire.Chat) {
	r.chats.last++
	c.Seq = r.chats.last
	if len(r.chats.kept) == r.chats.limit {
		copy(r.chats.kept, r.chats.kept[1:])
		r.chats.kept = r.chats.kept[:len(r.chats.kept)-1]
	}
	r.chats.kept = append(r.chats.kept, c)
}

// Missed is what was said after a chat with the number seq. gap says that some of it is no longer kept.
// Both sides number alike: a seq from another epoch must not be asked for.
func (r *Room) Missed(seq uint64) (chats []*wire.Chat, gap bool) {
	for _, c := range r.chats.kept {
		if c.Seq > seq {
			chats = append(chats, c)
		}
	}
	return chats, seq+uint64(len(chats)) < r.chats.last
}
