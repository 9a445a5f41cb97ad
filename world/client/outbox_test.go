package client

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"souk/world/wire"
)

func eventRecord(i int) record {
	return record{kindEvent, marshal(&wire.Event{Id: fmt.Sprintf("event-%d", i), Item: strings.Repeat("x", i%9)})}
}

func openAt(t testing.TB, path string) (*outboxFile, []record, string) {
	t.Helper()
	var found []record
	o, kept, err := openOutbox(path, func(r record) { found = append(found, r) })
	if err != nil {
		t.Fatal(err)
	}
	return o, found, kept
}

func equalRecords(a, b []record) bool {
	return slices.EqualFunc(a, b, func(x, y record) bool { return x.kind == y.kind && bytes.Equal(x.body, y.body) })
}

// TestOutboxCutAnywhereOpensUpToTheCut cuts the file at every byte: the whole records
// before the cut are there, the rest is kept aside, and writing goes on.
func TestOutboxCutAnywhereOpensUpToTheCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outbox")
	o, _, _ := openAt(t, path)
	var records []record
	ends := []int64{o.size}
	for i := range 12 {
		records = append(records, eventRecord(i))
		if err := o.append(records[i:]); err != nil {
			t.Fatal(err)
		}
		ends = append(ends, o.size)
	}
	o.close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(whole) + 1 {
		path := filepath.Join(t.TempDir(), "outbox")
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		n := 0
		for n+1 < len(ends) && ends[n+1] <= int64(cut) {
			n++
		}
		o, found, kept := openAt(t, path)
		if !equalRecords(found, records[:n]) {
			t.Fatalf("cut at %d: %d records, want %d", cut, len(found), n)
		}
		if torn := int64(cut) > ends[n]; torn != (kept != "") {
			t.Fatalf("cut at %d: kept %q", cut, kept)
		} else if torn {
			if b, _ := os.ReadFile(kept); !bytes.Equal(b, whole[ends[n]:cut]) {
				t.Fatalf("cut at %d: the tail that was kept is another one", cut)
			}
		}
		if err := o.append([]record{eventRecord(99)}); err != nil {
			t.Fatal(err)
		}
		o.close()
		o, found, kept = openAt(t, path)
		o.close()
		if len(found) != n+1 || kept != "" {
			t.Fatalf("cut at %d: after one more there are %d records, want %d", cut, len(found), n+1)
		}
	}
}

// TestOutboxFindsEveryFlippedBit damages one bit anywhere: no record is ever read wrongly.
func TestOutboxFindsEveryFlippedBit(t *testing.T) {
	whole := []byte(outboxMagic)
	var records []record
	for i := range 4 {
		records = append(records, eventRecord(i))
		whole = appendRecord(whole, records[i])
	}
	for bit := range 8 * len(whole) {
		b := bytes.Clone(whole)
		b[bit/8] ^= 1 << (bit % 8)
		var found []record
		good, err := readRecords(bytes.NewReader(b), func(r record) { found = append(found, r) })
		if (err != nil) != (bit/8 < len(outboxMagic)) {
			t.Fatalf("bit %d: %v", bit, err)
		}
		if err == nil && (good > int64(bit/8) || !equalRecords(found, records[:len(found)])) {
			t.Fatalf("bit %d: %d bytes and %d records are taken for sound", bit, good, len(found))
		}
	}
}

func TestForeignFileIsNotTakenForAnOutbox(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outbox")
	text := []byte("my diary, do not overwrite")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := openOutbox(path, func(record) {}); err == nil || !strings.Contains(err.Error(), "move the file away") {
		t.Errorf("a foreign file: %v", err)
	}
	if b, _ := os.ReadFile(path); !bytes.Equal(b, text) {
		t.Error("a foreign file was changed")
	}
}

func TestRewriteKeepsTheRest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outbox")
	o, _, _ := openAt(t, path)
	if err := o.append([]record{eventRecord(1), eventRecord(2), eventRecord(3)}); err != nil {
		t.Fatal(err)
	}
	if err := o.rewrite([]record{eventRecord(3)}); err != nil {
		t.Fatal(err)
	}
	if err := o.append([]record{eventRecord(4)}); err != nil {
		t.Fatal(err)
	}
	o.close()
	o, found, _ := openAt(t, path)
	o.close()
	if !equalRecords(found, []record{eventRecord(3), eventRecord(4)}) {
		t.Errorf("%d records are left, want 2", len(found))
	}
}

// TestPendingSendsEverythingInOrderOverAnyNumberOfConnections plays random
// losses of the connection against a server that keeps what it gets by id.
func TestPendingSendsEverythingInOrderOverAnyNumberOfConnections(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p pending
		total := rapid.IntRange(1, 600).Draw(t, "total")
		var want []string
		for i := range total {
			id := fmt.Sprintf("id-%d", i)
			want = append(want, id)
			if rapid.IntRange(0, 9).Draw(t, "kind") == 0 {
				p.add(record{kindPurchase, marshal(&wire.Purchase{Id: id})}, id)
			} else {
				p.add(record{kindEvent, marshal(&wire.Event{Id: id})}, id)
			}
		}
		var got []string
		seen := map[string]bool{}
		keep := func(id string) {
			if !seen[id] {
				seen[id] = true
				got = append(got, id)
			}
		}
		for round := 0; len(p.entries) > 0; round++ {
			if round > 10000 {
				t.Fatal("never done")
			}
			var sent []*wire.Frame
			for f := p.frame(); f != nil; f = p.frame() {
				if proto.Size(f) > wire.MaxMessage {
					t.Fatal("a frame is too large")
				}
				sent = append(sent, f)
			}
			arrive := rapid.IntRange(0, len(sent)).Draw(t, "arrive")
			answer := rapid.IntRange(0, arrive).Draw(t, "answer")
			for i, f := range sent[:arrive] {
				if b := f.GetEventBatch(); b != nil {
					for _, e := range b.Events {
						keep(e.Id)
					}
					if i < answer && !p.ack(b.Batch, "") {
						t.Fatal("an acknowledgement is not known")
					}
				} else {
					keep(f.GetPurchase().Id)
					if i < answer {
						p.ack(0, f.GetPurchase().Id)
					}
				}
			}
			// What has not arrived, or whose answer has not, is lost with the connection only.
			if answer < len(sent) || rapid.Bool().Draw(t, "cut") {
				p.restart()
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("the server has %d rows in another order than the %d given", len(got), len(want))
		}
	})
}

func FuzzOutbox(f *testing.F) {
	whole := []byte(outboxMagic)
	for i := range 3 {
		whole = appendRecord(whole, eventRecord(i))
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-3])
	f.Add([]byte(outboxMagic + "\x05\x00\x00\x00\x00\x00\x00\x00abcde"))
	f.Add([]byte("SOUK"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var again []byte
		good, err := readRecords(bytes.NewReader(b), func(r record) {
			if again == nil {
				again = []byte(outboxMagic)
			}
			again = appendRecord(again, r)
			idOf(r)
		})
		if err != nil {
			return
		}
		if good > int64(len(b)) || again != nil && !bytes.Equal(again, b[:good]) {
			t.Fatalf("%d of %d bytes are sound, but written again they differ", good, len(b))
		}
	})
}
