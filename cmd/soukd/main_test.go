package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"souk/world"
	"souk/world/catalog"
	"souk/world/client"
	"souk/world/store"
)

// binary is soukd, built once without cgo for the tests of this package.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "soukd")
	if err == nil {
		binary = filepath.Join(dir, "soukd")
		build := exec.Command("go", "build", "-o", binary, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		build.Stderr = os.Stderr
		err = build.Run()
	}
	code := 1
	if err == nil {
		code = m.Run()
	} else {
		fmt.Fprintln(os.Stderr, "building soukd:", err)
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

const spec = "demo:seed=1,items=200"

// process is a running soukd.
type process struct {
	cmd  *exec.Cmd
	addr string
	log  bytes.Buffer
}

func begin(t *testing.T, listen, data string) *process {
	t.Helper()
	file := filepath.Join(t.TempDir(), "addr")
	p := &process{cmd: exec.Command(binary, "-listen", listen, "-catalogue", spec, "-data", data, "-addr-file", file)}
	p.cmd.Stderr = &p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if b, err := os.ReadFile(file); err == nil {
			p.addr = strings.TrimSpace(string(b))
			return p
		}
		if time.Now().After(end) {
			p.cmd.Process.Kill()
			p.cmd.Wait()
			t.Fatalf("soukd does not listen:\n%s", p.log.String())
		}
	}
}

// end sends a signal and returns the exit status (-1 after a kill).
func (p *process) end(sig syscall.Signal) int {
	p.cmd.Process.Signal(sig)
	p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

// TestKillLosesAndDoublesNothing is the promise of the whole: two clients
// upload events and buy from a real process that is killed and started again,
// over and over. At the end every event that was ever handed in is stored
// once, every purchase has one receipt, and what is left of the stock is what the receipts say.
func TestKillLosesAndDoublesNothing(t *testing.T) {
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	cat, err := catalog.Open(spec)
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	p := begin(t, "127.0.0.1:0", data)
	addr := p.addr
	var clients []*client.Client
	for range 2 {
		c, err := client.Dial(t.Context(), client.Config{Server: addr, Dir: t.TempDir(), MinPause: 5 * time.Millisecond, MaxPause: 100 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		clients = append(clients, c)
	}
	given := map[string]bool{} // tags of the events, in Event.Session
	bought := map[string]int32{}
	receipts := map[string]client.Receipt{}
	inboxes := make([]client.Inbox, len(clients))
	poll := func() {
		for i, c := range clients {
			c.Poll(&inboxes[i])
			for _, r := range inboxes[i].Receipts {
				if _, twice := receipts[r.ID]; twice {
					t.Errorf("purchase %s has two receipts", r.ID)
				}
				receipts[r.ID] = r
			}
		}
	}
	n := 0
	for round := range rounds {
		for step := range 40 {
			for i, c := range clients {
				var events []world.Event
				for range 13 {
					tag := fmt.Sprintf("e-%d", n)
					n++
					given[tag] = true
					events = append(events, world.Event{Time: 1.7e9, Session: tag, Kind: world.EventDwell, Item: cat.Items[n%200].ID, Dwell: 1, Slot: world.NoSlot})
				}
				c.Add(events)
				item := cat.Items[(step*7+i*3)%60].ID
				id, err := c.Buy(store.Line{Item: item, Quantity: 1})
				if err != nil {
					t.Fatal(err)
				}
				bought[id] = 1
			}
			poll()
			time.Sleep(2 * time.Millisecond)
			if step == 7+5*round { // somewhere in the midst of it, at another place each round
				p.end(syscall.SIGKILL)
				p = begin(t, addr, data)
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	for _, c := range clients {
		if err := c.Settle(ctx); err != nil {
			t.Fatal(err)
		}
	}
	poll()
	if code := p.end(syscall.SIGTERM); code != 0 {
		t.Errorf("soukd ends with %d after SIGTERM:\n%s", code, p.log.String())
	}
	verify(t, data, cat, given, bought, receipts)
}

func verify(t *testing.T, data string, cat *catalog.Catalog, given map[string]bool, bought map[string]int32, receipts map[string]client.Receipt) {
	t.Helper()
	s, err := store.Open(data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	stored := map[string]int{}
	s.Events(t.Context(), 0, func(_ int64, e world.Event) error { stored[e.Session]++; return nil })
	for tag := range given {
		if stored[tag] != 1 {
			t.Errorf("event %s is stored %d times", tag, stored[tag])
		}
	}
	if len(stored) != len(given) {
		t.Errorf("%d events are stored, %d were given", len(stored), len(given))
	}
	want := map[string]int32{}
	refused := 0
	for id := range bought {
		r, ok := receipts[id]
		if !ok {
			t.Errorf("purchase %s has no receipt", id)
		}
		if !r.OK {
			refused++
		}
		for _, l := range r.Lines {
			want[l.Item] += l.Quantity
		}
	}
	sold, err := s.Sold(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range sold {
		i, _ := cat.Index(l.Item)
		if l.Quantity != want[l.Item] || l.Quantity > cat.Items[i].Stock {
			t.Errorf("%d of %s are sold, the receipts say %d, the stock was %d", l.Quantity, l.Item, want[l.Item], cat.Items[i].Stock)
		}
		delete(want, l.Item)
	}
	if len(want) != 0 {
		t.Errorf("receipts for what was not sold: %v", want)
	}
	t.Logf("%d events, %d purchases (%d refused)", len(given), len(bought), refused)
}

// TestWhatKeepsItFromStarting holds the sentences and the exit status.
func TestWhatKeepsItFromStarting(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	damaged := t.TempDir()
	rubbish := bytes.Repeat([]byte("this is no database "), 500)
	if err := os.WriteFile(filepath.Join(damaged, store.FileName), rubbish, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		args []string
		code int
		say  string
	}{
		{"port in use", []string{"-listen", l.Addr().String(), "-data", t.TempDir()}, 1, "in use by another program"},
		{"damaged database", []string{"-listen", "127.0.0.1:0", "-data", damaged}, 1, "is damaged"},
		{"missing model", []string{"-data", t.TempDir(), "-model", "/no/model"}, 1, "there is no model file /no/model"},
		{"damaged model", []string{"-data", t.TempDir(), "-model", filepath.Join(damaged, store.FileName)}, 1, store.FileName},
		{"missing catalogue", []string{"-data", t.TempDir(), "-catalogue", "/no/items.csv"}, 1, "/no/items.csv"},
		{"missing console", []string{"-data", t.TempDir(), "-console", "/no/console"}, 1, "/no/console"},
		{"half of TLS", []string{"-data", t.TempDir(), "-tls-cert", "/no/cert"}, 1, "certificate and a key"},
		{"wrong flag", []string{"-lisen", ":1"}, 2, "unknown flag"},
		{"help", []string{"-help"}, 0, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			args := tc.args
			if tc.code == 1 && tc.name != "missing catalogue" {
				args = append([]string{"-catalogue", spec}, args...)
			}
			cmd := exec.Command(binary, args...)
			var out bytes.Buffer
			cmd.Stderr, cmd.Stdout = &out, io.Discard
			cmd.Run()
			last := strings.TrimSpace(out.String())
			if i := strings.LastIndexByte(last, '\n'); i >= 0 {
				last = last[i+1:]
			}
			if code := cmd.ProcessState.ExitCode(); code != tc.code || !strings.Contains(last, tc.say) {
				t.Errorf("ends with %d and %q, want %d and %q", code, last, tc.code, tc.say)
			}
		})
	}
	if b, err := os.ReadFile(filepath.Join(damaged, store.FileName)); err != nil || !bytes.Equal(b, rubbish) {
		t.Error("the damaged database was touched")
	}
}

func TestDoubleDashes(t *testing.T) {
	got := strings.Join(doubleDashes([]string{"-listen", ":1", "--data", "x", "-v", "-", "--", "-model"}), " ")
	if want := "--listen :1 --data x -v - -- -model"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
