// Package room is presence: who is in a room, where, and what each of them
// needs to be told, ten times a second.
//
// It does three things against the square growth that ends other servers at a
// hundred avatars. An avatar's record is encoded once per tick, whoever sees
// it. A client is told only of what changed and is near: the nearest K within
// a range (area of interest), names once. And where two clients need the same
// bytes, they get the same bytes.
//
// A snapshot is built only for a member who is ready for one, from what that
// member has been told so far. So a slow client gets fewer snapshots, never
// stale ones, and what it gets is always complete.
//
// The package has no goroutine and no clock; the server calls it under a lock.
//
// Read [Room.Step] first, then [Room.Snapshot].
package room

import (
	"souk/world/wire"
)

// Config bounds what a member is told of. The zero value is the server's.
type Config struct {
	// Nearest is K, the most avatars that a member is told of; 0 means 64.
	Nearest int
	// Range is how near they must be, metres; 0 means 60.
	Range float64
	// History is how many chats are kept for those who come back; 0 means 128.
	History int
}

// Room is the people in one place. Not safe for concurrent use.
type Room struct {
	cfg     Config
	tick    uint64
	nextID  uint32
	members []*Member // by slot; nil where free
	free    []int32
	count   int
	grid    grid
	chats   history

	moves []byte // records of all who stand somewhere, by slot, see record
	// shared is the snapshot that everybody gets who was told all of the last tick, if
	// the room is so small that everybody sees everybody.
	shared      []byte
	sharedValid bool
	parts       wire.SnapshotParts
	pick        []candidate
}

// Member is one person in a room.
type Member struct {
	ID   uint32
	Name string

	slot   int32
	place  wire.Place
	placed bool
	// changed is the tick in which the place last changed.
	changed uint64
	// from, to delimit the member's record in Room.moves.
	from, to int32

	// told is the tick of the last snapshot that the member was given, 0 before the first.
	told uint64
	// known says, by slot, of whom the member has been told; what it knows of
	// them is from the tick told. near lists the same slots.
	known []bool
	near  []int32
	mark  []uint64 // by slot: the tick in which it was last picked
	gone  []uint32 // ids to be told as gone
}

// New makes an empty room.
func New(cfg Config) *Room {
	if cfg.Nearest <= 0 {
		cfg.Nearest = 64
	}
	if cfg.Range <= 0 {
		cfg.Range = 60
	}
	cfg.Range = max(cfg.Range, 1)
	if cfg.History <= 0 {
		cfg.History = 128
	}
	return &Room{cfg: cfg, grid: newGrid(cfg.Range), chats: history{limit: cfg.History}}
}

// Join adds a person. Others see the person from the first Move on.
func (r *Room) Join(name string) *Member {
	r.nextID++
	m := &Member{ID: r.nextID, Name: name}
	if n := len(r.free); n > 0 {
		m.slot, r.free = r.free[n-1], r.free[:n-1]
		r.members[m.slot] = m
	} else {
		m.slot = int32(len(r.members))
		r.members = append(r.members, m)
	}
	r.count++
	r.sharedValid = false
	return m
}

// Leave takes a person out. The member must not be used after.
func (r *Room) Leave(m *Member) {
	r.members[m.slot] = nil
	r.free = append(r.free, m.slot)
	r.count--
	r.grid.remove(m.slot)
	for _, v := range r.members {
		if v != nil && int(m.slot) < len(v.known) && v.known[m.slot] {
			v.forget(m.slot)
			v.gone = append(v.gone, m.ID)
		}
	}
	r.sharedValid = false
}

// Len is the number of people.
func (r *Room) Len() int { return r.count }

// Tick is the number of the last Step.
func (r *Room) Tick() uint64 { return r.tick }

// Move says where a member now is.
func (r *Room) Move(m *Member, p wire.Place) {
	if m.placed && m.place == p {
		return
	}
	m.place, m.placed = p, true
	m.changed = r.tick + 1 // counts for the Step to come
}

// People calls f for everybody who stands somewhere, in a fixed order.
func (r *Room) People(f func(id uint32, name string, p wire.Place)) {
	for _, m := range r.members {
		if m != nil && m.placed {
			f(m.ID, m.Name, m.place)
		}
	}
}

// Step begins the next tick: it encodes every record once. Call it ten times
// a second, then Snapshot for each member who is ready.
func (r *Room) Step() {
	r.tick++
	r.moves = r.moves[:0]
	for _, m := range r.members {
		if m == nil || !m.placed {
			continue
		}
		m.from = int32(len(r.moves))
		r.moves = wire.AppendMove(r.moves, wire.Move{ID: m.ID, Place: m.place})
		m.to = int32(len(r.moves))
	}
	r.grid.fill(r.members)
	r.sharedValid = false
}

// forget drops what the member knows of a slot.
func (m *Member) forget(slot int32) {
	m.known[slot] = false
	for i, s := range m.near {
		if s == slot {
			m.near[i] = m.near[len(m.near)-1]
			m.near = m.near[:len(m.near)-1]
			return
		}
	}
}
