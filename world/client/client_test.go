package client_test

import (
	"context"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"souk/world"
	"souk/world/client"
	"souk/world/store"
	"souk/world/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// answering is a server that says one thing to whoever comes, and closes.
func answering(t *testing.T, f *wire.Frame, code wire.Code) string {
	t.Helper()
	up := websocket.Upgrader{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		ws.ReadMessage()
		b, _ := wire.Encode(nil, f)
		ws.WriteMessage(websocket.BinaryMessage, b)
		if code != 0 {
			ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(int(code), "so"), time.Now().Add(time.Second))
		}
		ws.ReadMessage()
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func welcome(version uint32) *wire.Frame {
	return &wire.Frame{Body: &wire.Frame_Welcome{Welcome: &wire.Welcome{Version: version, Id: 1}}}
}

func TestNewerServerIsASentence(t *testing.T) {
	url := answering(t, welcome(2), 0)
	_, err := client.Dial(t.Context(), client.Config{Server: url, Dir: t.TempDir()})
	want := "this client speaks protocol 1, the server speaks 2: update the older of the two"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
}

func TestWhatKeepsItFromConnectingIsASentence(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	l.Close()
	notSouk := httptest.NewServer(http.NotFoundHandler())
	defer notSouk.Close()
	damaged := t.TempDir()
	os.WriteFile(filepath.Join(damaged, "identity.json"), []byte("{"), 0o600)
	foreign := t.TempDir()
	os.WriteFile(filepath.Join(foreign, "outbox"), []byte("another file"), 0o600)
	for _, tc := range []struct {
		name string
		cfg  client.Config
		say  string
	}{
		{"nobody there", client.Config{Server: nobody}, "does not answer"},
		{"another server", client.Config{Server: notSouk.URL}, "not as a Souk server"},
		{"no address", client.Config{Server: ""}, "cannot be read"},
		{"scheme", client.Config{Server: "ftp://x"}, "use http, https, ws or wss"},
		{"name", client.Config{Server: nobody, Name: strings.Repeat("x", 200)}, "choose a shorter one"},
		{"identity", client.Config{Server: nobody, Dir: damaged}, "identity"},
		{"outbox", client.Config{Server: nobody, Dir: foreign}, "outbox"},
	} {
		if tc.cfg.Dir == "" {
			tc.cfg.Dir = t.TempDir()
		}
		if _, err := client.Dial(t.Context(), tc.cfg); err == nil || !strings.Contains(err.Error(), tc.say) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.say)
		}
	}
}

func TestFinalRefusalIsNotRepeated(t *testing.T) {
	url := answering(t, &wire.Frame{Body: &wire.Frame_Error{Error: &wire.Error{Code: uint32(wire.CodeIdentity), Text: "who are you"}}}, wire.CodeIdentity)
	c, err := client.Open(client.Config{Server: url, Dir: t.TempDir(), MinPause: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for end := time.Now().Add(20 * time.Second); c.State().Phase != client.Refused; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never refused: %+v", c.State())
		}
	}
	if s := c.State(); s.Problem != "who are you" || s.Code != wire.CodeIdentity {
		t.Errorf("state %+v", s)
	}
}

func TestTwoClientsDoNotShareADirectory(t *testing.T) {
	dir := t.TempDir()
	c, err := client.Open(client.Config{Server: "127.0.0.1:1", Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := client.Open(client.Config{Server: "127.0.0.1:1", Dir: dir}); err == nil || !strings.Contains(err.Error(), "in use by another client") {
		t.Errorf("a second client on the same directory: %v", err)
	}
}

// TestWorkOfAnEarlierRunIsStillThere closes a client that never found its
// server; the next one on the directory has its work.
func TestWorkOfAnEarlierRunIsStillThere(t *testing.T) {
	cfg := client.Config{Server: "127.0.0.1:1", Dir: t.TempDir()}
	for run := range 3 {
		c, err := client.Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if n := c.State().Pending; n != run*3 {
			t.Errorf("run %d begins with %d rows, want %d", run, n, run*3)
		}
		c.Add([]world.Event{{Kind: world.EventOpen, Item: "a", Time: 1.7e9}, {Kind: world.EventLike, Item: "a", Time: 1.7e9}})
		if _, err := c.Buy(store.Line{Item: "a", Quantity: 1}); err != nil {
			t.Fatal(err)
		}
		if run == 1 { // with and without waiting for the disk
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			if err := c.Flush(ctx); err != nil {
				t.Error(err)
			}
			cancel()
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestBadOrdersAreRefusedAtOnce(t *testing.T) {
	c, err := client.Open(client.Config{Server: "127.0.0.1:1", Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, lines := range [][]store.Line{nil, {{Item: "a"}}, {{Item: "a b", Quantity: 1}}, {{Item: "a", Quantity: 100}}, make([]store.Line, wire.MaxLines+1)} {
		if _, err := c.Buy(lines...); err == nil {
			t.Errorf("%v can be bought", lines)
		}
	}
	if err := c.SetCart("", 1); err == nil {
		t.Error("nothing can be put into the cart")
	}
}

// BenchmarkFrameLoop is what a drawn frame costs the client: a pose, some events, a poll.
func BenchmarkFrameLoop(b *testing.B) {
	c, err := client.Open(client.Config{Server: "127.0.0.1:1", Dir: b.TempDir(), MinPause: time.Hour, MaxPause: time.Hour})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	var in client.Inbox
	pose := world.Upright(world.Pose{}.Pos, math.Pi/3, 0)
	b.ReportAllocs()
	for b.Loop() {
		c.SetPose(pose)
		c.Poll(&in)
	}
}
