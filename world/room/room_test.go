package room_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"souk/world/room"
	"souk/world/wire"
)

// viewer is a client: it applies snapshots and knows nothing else.
type viewer struct {
	m     *room.Member
	where map[uint32]wire.Place
	names map[uint32]string
	buf   []byte
}

func newViewer(m *room.Member) *viewer {
	return &viewer{m: m, where: map[uint32]wire.Place{}, names: map[uint32]string{}}
}

func (v *viewer) take(t interface{ Fatalf(string, ...any) }, b []byte) {
	f, err := wire.Decode(b)
	if err != nil {
		t.Fatalf("%v", err)
	}
	s := f.GetSnapshot()
	for _, id := range s.Gone {
		if _, ok := v.names[id]; !ok {
			t.Fatalf("%d is told that %d is gone, of whom it was not told", v.m.ID, id)
		}
		delete(v.where, id)
		delete(v.names, id)
	}
	for _, n := range s.Names {
		if _, ok := v.names[n.Id]; ok {
			t.Fatalf("%d is told the name of %d twice", v.m.ID, n.Id)
		}
		v.names[n.Id] = n.Name
	}
	for moves := s.Moves; len(moves) > 0; {
		m, rest, err := wire.NextMove(moves)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if moves = rest; m.ID == v.m.ID {
			continue
		}
		if _, ok := v.names[m.ID]; !ok {
			t.Fatalf("%d is told where %d is, but not its name", v.m.ID, m.ID)
		}
		v.where[m.ID] = m.Place
	}
}

// TestEverybodyKnowsWhoIsNear plays random comings, goings, steps and slow readers. Whoever has just
// taken a snapshot knows the places of exactly those it must: all within the
// range less the hysteresis, none beyond it, and no more than K, the nearest.
func TestEverybodyKnowsWhoIsNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := room.Config{Nearest: rapid.IntRange(1, 8).Draw(t, "K"), Range: 10}
		span := rapid.Int32Range(300, 4000).Draw(t, "span") // cm: from all near to few near
		r := room.New(cfg)
		var all []*viewer
		place := map[uint32]wire.Place{}
		for range rapid.IntRange(1, 60).Draw(t, "ticks") {
			for range rapid.IntRange(0, 4).Draw(t, "acts") {
				switch rapid.IntRange(0, 5).Draw(t, "act") {
				case 0:
					if len(all) < 14 {
						m := r.Join(fmt.Sprint("name ", len(all)))
						all = append(all, newViewer(m))
					}
				case 1:
					if len(all) > 0 {
						i := rapid.IntRange(0, len(all)-1).Draw(t, "who")
						r.Leave(all[i].m)
						delete(place, all[i].m.ID)
						all = append(all[:i], all[i+1:]...)
					}
				default:
					if len(all) > 0 {
						v := all[rapid.IntRange(0, len(all)-1).Draw(t, "who")]
						p := wire.Place{X: rapid.Int32Range(-span, span).Draw(t, "x"), Z: rapid.Int32Range(-span, span).Draw(t, "z"), Yaw: 7}
						r.Move(v.m, p)
						place[v.m.ID] = p
					}
				}
			}
			r.Step()
			for _, v := range all {
				if rapid.IntRange(0, 3).Draw(t, "slow") == 0 {
					continue
				}
				b, _ := r.Snapshot(v.m, v.buf)
				if len(b) > 0 {
					v.take(t, append([]byte(nil), b...))
				}
				judge(t, v, place, cfg)
			}
		}
	})
}

func judge(t *rapid.T, v *viewer, place map[uint32]wire.Place, cfg room.Config) {
	me, ok := place[v.m.ID]
	if !ok {
		if len(v.where) != 0 {
			t.Fatalf("%d stands nowhere and knows %v", v.m.ID, v.where)
		}
		return
	}
	d2 := func(p wire.Place) float64 {
		dx, dz := float64(p.X-me.X)/100, float64(p.Z-me.Z)/100
		return dx*dx + dz*dz
	}
	must, may := 0, 0
	for id, p := range place {
		if id == v.m.ID {
			continue
		}
		if d2(p) <= cfg.Range*cfg.Range {
			must++
		}
		if d2(p) <= cfg.Range*cfg.Range/0.79 {
			may++
		}
	}
	if n := len(v.where); n < min(must, cfg.Nearest) || n > min(may, cfg.Nearest) {
		t.Fatalf("%d knows %d people, %d are in range, %d nearly, K is %d", v.m.ID, n, must, may, cfg.Nearest)
	}
	farthest := 0.0
	for id, p := range v.where {
		if place[id] != p {
			t.Fatalf("%d knows %d at %v, it is at %v", v.m.ID, id, p, place[id])
		}
		farthest = max(farthest, d2(p))
	}
	for id, p := range place {
		if _, known := v.where[id]; !known && id != v.m.ID && len(v.where) > 0 && d2(p) < 0.79*farthest {
			t.Fatalf("%d does not know %d, who is much nearer than the farthest it knows", v.m.ID, id)
		}
	}
}

func TestSmallRoomSharesOneMessage(t *testing.T) {
	r := room.New(room.Config{})
	var members []*room.Member
	for i := range 10 {
		m := r.Join(fmt.Sprint(i))
		r.Move(m, wire.Place{X: int32(i)})
		members = append(members, m)
	}
	r.Step()
	for _, m := range members {
		if _, shared := r.Snapshot(m, nil); shared {
			t.Fatal("the first snapshot has names for each, and is shared")
		}
	}
	for i, m := range members {
		r.Move(m, wire.Place{X: int32(i), Z: 5})
	}
	r.Step()
	for _, m := range members {
		if b, shared := r.Snapshot(m, nil); !shared || len(b) == 0 {
			t.Error("everybody sees everybody, and yet the snapshot is not shared")
		}
	}
	r.Step()
	for _, m := range members {
		if b, _ := r.Snapshot(m, nil); len(b) != 0 {
			t.Errorf("nobody moved, and yet there are %d bytes to tell", len(b))
		}
	}
}

func TestChatsThatWereMissedComeAgainWhileTheyAreKept(t *testing.T) {
	r := room.New(room.Config{History: 3})
	for i := range 5 {
		r.Say(&wire.Chat{Text: fmt.Sprint(i)})
	}
	for _, tc := range []struct {
		seq  uint64
		n    int
		gap  bool
		from uint64
	}{{5, 0, false, 0}, {3, 2, false, 4}, {2, 3, false, 3}, {1, 3, true, 3}, {0, 3, true, 3}} {
		chats, gap := r.Missed(tc.seq)
		if len(chats) != tc.n || gap != tc.gap || tc.n > 0 && chats[0].Seq != tc.from {
			t.Errorf("after %d: %d chats, gap %v, want %d from %d, gap %v", tc.seq, len(chats), gap, tc.n, tc.from, tc.gap)
		}
	}
}

// crowd is n people of whom all walk, in a market as large as there are people for: 12 m² each.
func crowd(n int) (*room.Room, []*room.Member, func(rng *rand.Rand)) {
	r := room.New(room.Config{})
	side := int32(346 * isqrt(n)) // cm
	members := make([]*room.Member, n)
	places := make([]wire.Place, n)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range members {
		members[i] = r.Join(fmt.Sprintf("Visitor %d", i))
		places[i] = wire.Place{X: rng.Int32N(side) - side/2, Z: rng.Int32N(side) - side/2}
		r.Move(members[i], places[i])
	}
	return r, members, func(rng *rand.Rand) {
		for i, m := range members {
			places[i].X += rng.Int32N(29) - 14
			places[i].Z += rng.Int32N(29) - 14
			places[i].Yaw += uint8(rng.IntN(5))
			r.Move(m, places[i])
		}
	}
}

func isqrt(n int) int {
	i := 0
	for i*i < n {
		i++
	}
	return i
}

// BenchmarkBroadcast is one tick of a room in which everybody walks: what it
// costs to build, and how many bytes each client gets. The naive server
// passes each presence (here a wire.Person) on to each of the others as it comes, encoded once per
// sender, which is what relays do.
func BenchmarkBroadcast(b *testing.B) {
	for _, n := range []int{100, 400, 800} {
		b.Run(fmt.Sprintf("naive-relay/N=%d", n), func(b *testing.B) {
			places := make([]wire.Place, n)
			queues := make([][]byte, n)
			total := 0
			b.ReportAllocs()
			for b.Loop() {
				for i := range places {
					places[i].X += 14
					f := &wire.Frame{Body: &wire.Frame_Floor{Floor: &wire.Floor{People: []*wire.Person{{Id: uint32(i + 1), XCm: places[i].X, ZCm: places[i].Z, Yaw: uint32(places[i].Yaw)}}}}}
					m, err := wire.Encode(nil, f)
					if err != nil {
						b.Fatal(err)
					}
					for k := range queues {
						if k != i {
							queues[k] = append(append(queues[k][:0], 0x82, byte(len(m))), m...) // the frame's header and payload
							total += len(m) + 2
						}
					}
				}
			}
			b.ReportMetric(float64(total)/float64(b.N)/float64(n), "bytes/client/tick")
			b.ReportMetric(float64(n-1), "messages/client/tick")
		})
		b.Run(fmt.Sprintf("room/N=%d", n), func(b *testing.B) {
			r, members, step := crowd(n)
			rng := rand.New(rand.NewPCG(3, 4))
			bufs := make([][]byte, n)
			tick := func() (total, messages int) {
				step(rng)
				r.Step()
				for i, m := range members {
					s, shared := r.Snapshot(m, bufs[i])
					if len(s) > 0 {
						messages++
						total += len(s) + 4
					}
					if !shared && s != nil {
						bufs[i] = s
					}
				}
				return total, messages
			}
			for range 5 {
				tick()
			}
			total, messages := 0, 0
			b.ReportAllocs()
			for b.Loop() {
				t, m := tick()
				total, messages = total+t, messages+m
			}
			b.ReportMetric(float64(total)/float64(b.N)/float64(n), "bytes/client/tick")
			b.ReportMetric(float64(messages)/float64(b.N)/float64(n), "messages/client/tick")
			b.ReportMetric(float64(total)/float64(b.N)/float64(n)*10*8/1000, "kbit/s/client")
		})
	}
}
