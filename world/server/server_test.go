package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"
	"gonum.org/v1/gonum/spatial/r3"
	"google.golang.org/protobuf/proto"

	"souk/world"
	"souk/world/catalog"
	"souk/world/client"
	"souk/world/plan"
	"souk/world/room"
	"souk/world/server"
	"souk/world/store"
	"souk/world/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// market is a small catalogue with its plan, made once.
var market = func() *plan.Plan {
	c, err := catalog.Generate(200, 1)
	if err != nil {
		panic(err)
	}
	p, err := plan.New(c, 1)
	if err != nil {
		panic(err)
	}
	return p
}()

const operatorToken = "let-me-watch"

func start(t testing.TB, change func(*server.Config)) *server.Server {
	t.Helper()
	cfg := server.Config{Listen: "127.0.0.1:0", Plan: market, Data: t.TempDir(), OperatorToken: operatorToken}
	if change != nil {
		change(&cfg)
	}
	s, err := server.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(errors.Join(err, s.Close()))
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func dial(t testing.TB, s *server.Server, change func(*client.Config)) *client.Client {
	t.Helper()
	cfg := client.Config{Server: s.URL(), Dir: t.TempDir(), MinPause: 5 * time.Millisecond, MaxPause: 50 * time.Millisecond}
	if change != nil {
		change(&cfg)
	}
	c, err := client.Dial(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// eventually polls a condition; it is the patience of a test, not a bound on speed.
func eventually(t testing.TB, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

func itemID(i int) string { return market.Catalog().Items[i].ID }

func at(x, z, yaw float64) world.Pose { return world.Upright(r3.Vec{X: x, Y: 1.6, Z: z}, yaw, 0.3) }

func spawn(dx, dz float64) world.Pose {
	p := market.Spawn.Pos
	return at(p.X+dx, p.Z+dz, 0)
}

func TestTwoClientsSeeEachOtherWalk(t *testing.T) {
	s := start(t, nil)
	ann := dial(t, s, func(c *client.Config) { c.Name = "Ann" })
	bob := dial(t, s, func(c *client.Config) { c.Name = "Bob 老王" })
	ann.SetPose(spawn(0, 0))
	bob.SetPose(spawn(1, 0))
	var in client.Inbox
	eventually(t, "Ann sees Bob by name", func() bool {
		ann.Poll(&in)
		return len(in.Avatars) == 1 && in.Avatars[0].Name == "Bob 老王"
	})
	// Bob walks 1 m ahead in steps; Ann sees him on the way, monotonically, and then there.
	last, between := in.Avatars[0].Pose.Pos.Z, 0
	for i := range 40 {
		bob.SetPose(spawn(1, -float64(i+1)/40))
		time.Sleep(15 * time.Millisecond)
		ann.Poll(&in)
		z := in.Avatars[0].Pose.Pos.Z
		if z > last+1e-9 {
			t.Fatalf("Bob went back from z=%.3f to %.3f", last, z)
		}
		if z < last {
			between++
		}
		last = z
	}
	want := market.Spawn.Pos.Z - 1
	eventually(t, "Bob arrives", func() bool {
		ann.Poll(&in)
		return r3.Norm(r3.Sub(in.Avatars[0].Pose.Pos, r3.Vec{X: market.Spawn.Pos.X + 1, Y: 1.6, Z: want})) < 0.011
	})
	if between < 10 {
		t.Errorf("Bob was seen at %d places on his way, want at least 10: he does not walk, he jumps", between)
	}
	var other client.Inbox
	bob.Poll(&other)
	if len(other.Avatars) != 1 || other.Avatars[0].Name != "Guest" && other.Avatars[0].Name != "Ann" {
		t.Errorf("Bob sees %v, want Ann", other.Avatars)
	}
	if err := ann.Close(); err != nil {
		t.Error(err)
	}
	eventually(t, "Ann is gone for Bob", func() bool { bob.Poll(&other); return len(other.Avatars) == 0 })
}

func TestChatReachesEverybody(t *testing.T) {
	s := start(t, nil)
	ann := dial(t, s, nil)
	bob := dial(t, s, func(c *client.Config) { c.Name = "Bob" })
	if err := bob.Chat("  hello  "); err != nil {
		t.Fatal(err)
	}
	var in client.Inbox
	eventually(t, "Ann hears Bob", func() bool { ann.Poll(&in); return len(in.Chats) == 1 })
	if c := in.Chats[0]; c.Text != "hello" || c.Name != "Bob" || c.Seq != 1 || c.Missed {
		t.Errorf("Ann heard %+v", c)
	}
	if err := ann.Chat(" "); err == nil {
		t.Error("an empty chat was taken")
	}
	if err := ann.Chat(strings.Repeat("x", wire.MaxChat+1)); err == nil {
		t.Error("a chat that is too long was taken")
	}
}

func TestChatIsTakenUpWithoutHoles(t *testing.T) {
	s := start(t, nil)
	bob := dial(t, s, nil)
	// enter comes in having heard chats up to seq, and reads up to the last Fill.
	enter := func(epoch, seq uint64) (w *wire.Welcome, heard []uint64) {
		h := hello("raw")
		h.Epoch, h.ChatSeq = epoch, seq
		ws := raw(t, s, nil)
		write(t, ws, frameOf(h))
		for {
			ws.SetReadDeadline(time.Now().Add(20 * time.Second))
			_, b, err := ws.ReadMessage()
			if err != nil {
				t.Fatal(err)
			}
			f, err := wire.Decode(b)
			if err != nil {
				t.Fatal(err)
			}
			switch m := f.Body.(type) {
			case *wire.Frame_Welcome:
				w = m.Welcome
			case *wire.Frame_Chat:
				heard = append(heard, m.Chat.Seq)
			case *wire.Frame_Fill:
				if m.Fill.Last {
					return w, heard
				}
			}
		}
	}
	w, _ := enter(0, 0)
	var in client.Inbox
	for i := range 4 {
		if err := bob.Chat(fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
		eventually(t, "Bob hears himself", func() bool { bob.Poll(&in); return len(in.Chats) == 1 })
	}
	if again, heard := enter(w.Epoch, 1); again.Gap || fmt.Sprint(heard) != "[2 3 4]" {
		t.Errorf("after 1: heard %v, gap %v, want 2 to 4 and none", heard, again.Gap)
	}
	if again, heard := enter(w.Epoch+2, 1); !again.Gap || len(heard) != 0 {
		t.Errorf("from another epoch: heard %v, gap %v, want nothing and a gap", heard, again.Gap)
	}
}

func dwell(i int, seconds float32) world.Event {
	return world.Event{Time: float64(time.Now().Unix()), Kind: world.EventDwell, Item: itemID(i), Dwell: seconds, InView: seconds, Slot: world.SlotIndex(i), Source: world.SourceViewCentre}
}

func TestEventsAreStoredOnceAndBadOnesRejectedAlone(t *testing.T) {
	s := start(t, nil)
	c := dial(t, s, nil)
	events := make([]world.Event, 700)
	for i := range events {
		events[i] = dwell(i%200, 1)
	}
	events[3].Item = "no-such-item"
	events[5].Dwell = -1
	events[7].Slot = 1 << 20
	c.Add(events)
	if err := c.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Store().Count(t.Context()); err != nil || n != 697 {
		t.Errorf("%d events are stored (%v), want 697", n, err)
	}
	if st := c.State(); st.Rejected != 3 {
		t.Errorf("%d events were rejected, want 3", st.Rejected)
	}
	var visitor string
	s.Store().Events(t.Context(), 0, func(_ int64, e world.Event) error {
		visitor = e.Visitor
		if e.Session != c.Session() {
			t.Errorf("an event has the session %q, want %q", e.Session, c.Session())
		}
		return nil
	})
	if visitor != c.Identity().Visitor {
		t.Errorf("the events are %q's, want %q's", visitor, c.Identity().Visitor)
	}
}

func TestLikesCartAndStockComeBack(t *testing.T) {
	s := start(t, nil)
	dir := t.TempDir()
	c := dial(t, s, func(cfg *client.Config) { cfg.Dir = dir })
	like := dwell(4, 0)
	like.Kind = world.EventLike
	unlike := like
	unlike.Kind = world.EventUnlike
	other := like
	other.Item = itemID(9)
	c.Add([]world.Event{other, like, unlike, like, other})
	other.Kind = world.EventUnlike
	c.Add([]world.Event{other})
	if err := c.SetCart(itemID(4), 3); err != nil {
		t.Fatal(err)
	}
	if err := c.SetCart(itemID(5), 1); err != nil {
		t.Fatal(err)
	}
	stock := market.Catalog().Items[4].Stock
	if stock < 2 {
		t.Fatalf("the test needs stock, item 4 has %d", stock)
	}
	id, err := c.Buy(store.Line{Item: itemID(4), Quantity: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	var in client.Inbox
	c.Poll(&in)
	want := client.Receipt{ID: id, OK: true, Total: 2 * market.Catalog().Items[4].Price}
	if len(in.Receipts) != 1 || in.Receipts[0].ID != want.ID || !in.Receipts[0].OK || in.Receipts[0].Total != want.Total {
		t.Errorf("receipts %+v, want %+v", in.Receipts, want)
	}
	c.Close()
	c = dial(t, s, func(cfg *client.Config) { cfg.Dir = dir })
	if liked := c.Welcome().Liked; len(liked) != 1 || liked[0] != itemID(4) {
		t.Errorf("liked %v, want %s alone", liked, itemID(4))
	}
	c.Poll(&in)
	if len(in.Stock) != 1 || in.Stock[0] != (store.Line{Item: itemID(4), Quantity: stock - 2}) {
		t.Errorf("stock %v, want %d of %s", in.Stock, stock-2, itemID(4))
	}
	if got := fmt.Sprint(in.Cart); !in.CartChanged || got != fmt.Sprint([]store.Line{{Item: itemID(4), Quantity: 1}, {Item: itemID(5), Quantity: 1}}) {
		t.Errorf("cart %s", got)
	}
}

func TestStockRunsOutForEverybody(t *testing.T) {
	s := start(t, nil)
	item, stock := "", int32(0)
	for _, it := range market.Catalog().Items {
		if it.Stock >= 3 && it.Stock <= 60 {
			item, stock = it.ID, it.Stock
			break
		}
	}
	ann, bob := dial(t, s, nil), dial(t, s, nil)
	var bought int32
	for i := range stock + 5 {
		c := ann
		if i%2 == 1 {
			c = bob
		}
		if _, err := c.Buy(store.Line{Item: item, Quantity: 1}); err != nil {
			t.Fatal(err)
		}
	}
	var refused int
	left := int32(-1)
	for _, c := range []*client.Client{ann, bob} {
		if err := c.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		var in client.Inbox
		c.Poll(&in)
		for _, l := range in.Stock {
			left = l.Quantity
		}
		for _, r := range in.Receipts {
			if r.OK {
				bought += r.Lines[0].Quantity
			} else if refused++; !strings.Contains(r.Reason, "out of stock") {
				t.Errorf("refused because %q", r.Reason)
			}
		}
	}
	if bought != stock || refused != 5 {
		t.Errorf("%d were bought and %d refused, want %d and 5", bought, refused, stock)
	}
	eventually(t, "Bob learns that the stock is 0", func() bool {
		var in client.Inbox
		bob.Poll(&in)
		for _, l := range in.Stock {
			left = l.Quantity
		}
		return left == 0
	})
}

// raw opens a bare WebSocket, as a client of another make would.
func raw(t testing.TB, s *server.Server, header http.Header) *websocket.Conn {
	t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial(strings.Replace(s.URL(), "http", "ws", 1)+"/ws", header)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	return ws
}

func write(t testing.TB, ws *websocket.Conn, f *wire.Frame) {
	t.Helper()
	b, err := wire.Encode(nil, f)
	if err == nil {
		err = ws.WriteMessage(websocket.BinaryMessage, b)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func hello(visitor string) *wire.Hello {
	return &wire.Hello{Version: wire.Version, Visitor: visitor, Session: "s", Name: "Raw", Token: "secret of " + visitor}
}

func frameOf(h *wire.Hello) *wire.Frame { return &wire.Frame{Body: &wire.Frame_Hello{Hello: h}} }

// ending reads until the connection ends and returns the last Error and the close code.
func ending(t testing.TB, ws *websocket.Conn) (text string, code int) {
	t.Helper()
	ws.SetReadDeadline(time.Now().Add(20 * time.Second))
	for {
		_, b, err := ws.ReadMessage()
		if err != nil {
			var ce *websocket.CloseError
			if !errors.As(err, &ce) {
				t.Fatalf("the connection ended without a code: %v", err)
			}
			return text, ce.Code
		}
		f, err := wire.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if e := f.GetError(); e != nil {
			text = e.Text
		}
	}
}

func TestWhatEndsAConnectionHasItsCode(t *testing.T) {
	s := start(t, func(c *server.Config) { c.PingEvery, c.Silence = 20*time.Millisecond, 300*time.Millisecond })
	changed := func(f func(*wire.Hello)) func(*testing.T, *websocket.Conn) {
		return func(t *testing.T, ws *websocket.Conn) {
			h := hello("v" + fmt.Sprint(rand.Uint64()))
			f(h)
			write(t, ws, frameOf(h))
		}
	}
	after := func(f func(*testing.T, *websocket.Conn)) func(*testing.T, *websocket.Conn) {
		return func(t *testing.T, ws *websocket.Conn) {
			write(t, ws, frameOf(hello("v"+fmt.Sprint(rand.Uint64()))))
			f(t, ws)
		}
	}
	watch := func(token string, version uint32) func(*testing.T, *websocket.Conn) {
		return func(t *testing.T, ws *websocket.Conn) {
			write(t, ws, &wire.Frame{Body: &wire.Frame_Watch{Watch: &wire.Watch{Token: token, Version: version}}})
		}
	}
	bytesOf := func(b []byte) func(*testing.T, *websocket.Conn) {
		return func(t *testing.T, ws *websocket.Conn) { ws.WriteMessage(websocket.BinaryMessage, b) }
	}
	for _, tc := range []struct {
		name string
		do   func(*testing.T, *websocket.Conn)
		code wire.Code
		say  string
	}{
		{"version", changed(func(h *wire.Hello) { h.Version = 7 }), wire.CodeVersion, "this client speaks protocol 7, the server speaks 1: update the older of the two"},
		{"operator's version", watch(operatorToken, 9), wire.CodeVersion, "speaks protocol 9"},
		{"catalogue", changed(func(h *wire.Hello) { h.Catalogue = "abc" }), wire.CodeCatalogue, "/catalogue"},
		{"no token", changed(func(h *wire.Hello) { h.Token = "" }), wire.CodeIdentity, "no token"},
		{"wrong operator's token", watch("guess", wire.Version), wire.CodeOperator, "token is wrong"},
		{"not Hello", func(t *testing.T, ws *websocket.Conn) {
			write(t, ws, &wire.Frame{Body: &wire.Frame_ChatSend{ChatSend: &wire.ChatSend{Text: "hi"}}})
		}, wire.CodeOrder, "first message"},
		{"Hello twice", after(func(t *testing.T, ws *websocket.Conn) { write(t, ws, frameOf(hello("x"))) }), wire.CodeOrder, "once"},
		{"rubbish", bytesOf([]byte("GET / HTTP/1.1")), wire.CodeMalformed, "no frame"},
		{"empty", bytesOf(nil), wire.CodeMalformed, "empty"},
		{"blank in an id", changed(func(h *wire.Hello) { h.Visitor = "a b" }), wire.CodeMalformed, "hello.visitor"},
		{"too large", bytesOf(make([]byte, wire.MaxMessage+1)), wire.CodeTooLarge, "larger than the 65536 bytes"},
		{"far too large", after(bytesOf(make([]byte, 20*wire.MaxMessage))), wire.CodeTooLarge, "split it"},
		{"a server's message", after(func(t *testing.T, ws *websocket.Conn) {
			write(t, ws, &wire.Frame{Body: &wire.Frame_StockChange{StockChange: &wire.StockChange{Item: itemID(0), Stock: 1000}}})
		}), wire.CodeRole, "only the server"},
		{"a chatty operator", func(t *testing.T, ws *websocket.Conn) {
			watch(operatorToken, wire.Version)(t, ws)
			write(t, ws, &wire.Frame{Body: &wire.Frame_ChatSend{ChatSend: &wire.ChatSend{Text: "hi"}}})
		}, wire.CodeRole, "only listens"},
		{"silence", after(func(t *testing.T, ws *websocket.Conn) { ws.SetPingHandler(func(string) error { return nil }) }), wire.CodeSilent, "too long"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ws := raw(t, s, nil)
			tc.do(t, ws)
			text, code := ending(t, ws)
			if code != int(tc.code) || !strings.Contains(text, tc.say) {
				t.Errorf("ended with %d %q, want %d and %q", code, text, tc.code, tc.say)
			}
		})
	}
}

func TestVisitorIsBoundToItsToken(t *testing.T) {
	s := start(t, nil)
	dir := t.TempDir()
	c := dial(t, s, func(cfg *client.Config) { cfg.Dir = dir })
	id := c.Identity()
	c.Close()
	id.Token = "stolen"
	b, _ := json.Marshal(id)
	if err := os.WriteFile(filepath.Join(dir, "identity.json"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := client.Dial(t.Context(), client.Config{Server: s.URL(), Dir: dir})
	var r *wire.Refusal
	if !errors.As(err, &r) || r.Code != wire.CodeIdentity || !strings.Contains(err.Error(), "identity.json") {
		t.Errorf("another token gets in: %v", err)
	}
}

func TestNewConnectionOfAVisitorReplacesTheOld(t *testing.T) {
	s := start(t, nil)
	first := raw(t, s, nil)
	write(t, first, frameOf(hello("twin")))
	if _, _, err := first.ReadMessage(); err != nil {
		t.Fatal(err)
	}
	write(t, raw(t, s, nil), frameOf(hello("twin")))
	if text, code := ending(t, first); code != int(wire.CodeReplaced) {
		t.Errorf("ended with %d %q, want %d", code, text, wire.CodeReplaced)
	}
}

func TestOriginOfAnotherSiteIsRefused(t *testing.T) {
	s := start(t, func(c *server.Config) { c.Origins = []string{"https://souk.example"} })
	for _, tc := range []struct {
		origin string
		status int
	}{
		{"", 101}, {s.URL(), 101}, {"https://souk.example", 101},
		{"https://souk.example.evil", 403}, {"http://souk.example", 403}, {"null", 403}, {"https://evil.example", 403},
	} {
		h := http.Header{}
		if tc.origin != "" {
			h.Set("Origin", tc.origin)
		}
		ws, resp, err := websocket.DefaultDialer.Dial(strings.Replace(s.URL(), "http", "ws", 1)+"/ws", h)
		if ws != nil {
			ws.Close()
		}
		if resp == nil || resp.StatusCode != tc.status {
			t.Errorf("origin %q: %v %v, want %d", tc.origin, resp, err, tc.status)
		}
	}
}

// tight is a listener whose first connection holds little on its way out, so
// that a client that does not read is noticed after kilobytes, not megabytes.
type tight struct {
	net.Listener
	once sync.Once
}

func (l *tight) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		l.once.Do(func() { tcp.SetWriteBuffer(4096) })
	}
	return c, err
}

// TestSlowReaderHurtsNobody lets a client read nothing while much happens that it must
// not miss. It is ended with the code for that; the others get everything, and go on seeing each other.
func TestSlowReaderHurtsNobody(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, func(c *server.Config) { c.Listener = &tight{Listener: l} })
	slow := raw(t, s, nil)
	slow.UnderlyingConn().(*net.TCPConn).SetReadBuffer(4096)
	write(t, slow, frameOf(hello("slow")))
	write(t, slow, &wire.Frame{Body: &wire.Frame_Presence{Presence: wire.Quantise(spawn(0, 0)).Presence()}})
	ann, bob := dial(t, s, nil), dial(t, s, nil)
	ann.SetPose(spawn(0, 0))
	bob.SetPose(spawn(1, 0))
	ended := func() bool { return metric(t, s, `souk_connections_closed_total{code="slow"}`) == 1 }
	var in client.Inbox
	// Waves of visitors each say as much as they may at once. Whoever reads
	// hears all of it, in order and without a hole.
	heard := uint64(0)
	for wave := 0; !ended(); wave++ {
		if wave == 20 {
			t.Fatal("a client that reads nothing is still served")
		}
		loud := make([]*client.Client, 10)
		for i := range loud {
			loud[i] = dial(t, s, nil)
		}
		for _, c := range loud {
			for range 5 {
				if err := c.Chat(strings.Repeat("and on ", 200)); err != nil {
					t.Fatal(err)
				}
			}
		}
		until := heard + 50
		eventually(t, "Ann hears the wave", func() bool {
			ann.Poll(&in)
			for _, c := range in.Chats {
				if heard++; c.Seq != heard || c.Missed {
					t.Fatalf("Ann hears number %d, missed %v, want number %d", c.Seq, c.Missed, heard)
				}
			}
			return heard == until
		})
		for _, c := range loud {
			c.Close()
		}
		if wave >= 10 { // some 700 KB: it has been found out, and its writer is let go in a moment
			time.Sleep(200 * time.Millisecond)
		}
	}
	bob.SetPose(spawn(1, -0.5))
	eventually(t, "Ann still sees Bob walk", func() bool {
		ann.Poll(&in)
		for _, a := range in.Avatars {
			if a.Pose.Pos.Z < market.Spawn.Pos.Z-0.4 {
				return true
			}
		}
		return false
	})
	if st := bob.State(); st.Phase != client.Online {
		t.Errorf("Bob is %v: %s", st.Phase, st.Problem)
	}
}

func metric(t testing.TB, s *server.Server, prefix string) float64 {
	t.Helper()
	_, body := get(t, s.URL()+"/metrics", nil)
	for line := range strings.SplitSeq(body, "\n") {
		if strings.HasPrefix(line, prefix) {
			var v float64
			fmt.Sscan(line[strings.LastIndex(line, " ")+1:], &v)
			return v
		}
	}
	return 0
}

func get(t testing.TB, url string, h http.Header) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = h
	if h == nil {
		req.Header = http.Header{}
	}
	c := http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(b)
}

func TestDownloadsHaveStrongTagsAndAnswer304(t *testing.T) {
	model := filepath.Join(t.TempDir(), "model")
	if err := os.WriteFile(model, []byte(strings.Repeat("factors ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, func(c *server.Config) { c.Model = model })
	for _, path := range []string{"/catalogue", "/model", "/floorplan"} {
		plain, body := get(t, s.URL()+path, nil)
		zipped, small := get(t, s.URL()+path, http.Header{"Accept-Encoding": {"gzip"}})
		if zipped.Header.Get("Content-Encoding") != "gzip" || len(small) >= len(body) {
			t.Errorf("%s: %d bytes compressed, %d plain", path, len(small), len(body))
		}
		tag := plain.Header.Get("ETag")
		if !strings.HasPrefix(tag, `"`) || tag == zipped.Header.Get("ETag") {
			t.Errorf("%s: tags %s and %s must be strong and differ", path, tag, zipped.Header.Get("ETag"))
		}
		if r, b := get(t, s.URL()+path, http.Header{"If-None-Match": {tag}}); r.StatusCode != 304 || b != "" {
			t.Errorf("%s: %s with %d bytes, want 304", path, r.Status, len(b))
		}
		if r, _ := get(t, s.URL()+path, http.Header{"If-None-Match": {`"other"`}}); r.StatusCode != 200 {
			t.Errorf("%s: %s, want 200", path, r.Status)
		}
	}
	cache := t.TempDir()
	for range 2 {
		c, err := client.FetchCatalogue(t.Context(), s.URL(), cache)
		if err != nil {
			t.Fatal(err)
		}
		if c.Fingerprint() != market.Catalog().Fingerprint() || len(c.Items) != len(market.Catalog().Items) {
			t.Error("the downloaded catalogue is another one")
		}
	}
	path, err := client.FetchModel(t.Context(), s.URL(), cache)
	if err != nil {
		t.Fatal(err)
	}
	// A damaged cache is found out and replaced.
	if err := os.WriteFile(path, []byte("rot"), 0o600); err != nil {
		t.Fatal(err)
	}
	if path, err = client.FetchModel(t.Context(), s.URL(), cache); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(path); !strings.HasPrefix(string(b), "factors") {
		t.Errorf("the cache still holds %q", b)
	}
	_, err = client.FetchModel(t.Context(), start(t, nil).URL(), cache)
	if !errors.Is(err, client.ErrNoModel) {
		t.Errorf("a server without a model: %v", err)
	}
}

func TestHealthConsoleAndMetrics(t *testing.T) {
	s := start(t, nil)
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/console/": "make console", "/metrics": "souk_connections"} {
		if _, body := get(t, s.URL()+path, nil); !strings.Contains(body, want) {
			t.Errorf("%s says %.80q, want %q in it", path, body, want)
		}
	}
	s = start(t, func(c *server.Config) { c.Console = fstest.MapFS{"index.html": {Data: []byte("<p>the console")}} })
	if r, body := get(t, s.URL()+"/console/", nil); r.StatusCode != 200 || !strings.Contains(body, "the console") {
		t.Errorf("/console/ says %s %q", r.Status, body)
	}
}

func TestOperatorSeesPeopleAndHeat(t *testing.T) {
	s := start(t, nil)
	c := dial(t, s, func(c *client.Config) { c.Name = "Ann" })
	c.SetPose(spawn(2, 1))
	c.Add([]world.Event{dwell(7, 3), dwell(7, 2), dwell(8, 1)})
	if err := c.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	ws := raw(t, s, nil)
	write(t, ws, &wire.Frame{Body: &wire.Frame_Watch{Watch: &wire.Watch{Token: operatorToken, Version: wire.Version}}})
	for {
		ws.SetReadDeadline(time.Now().Add(20 * time.Second))
		_, b, err := ws.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		f, err := wire.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		fl := f.GetFloor()
		if fl == nil || len(fl.People) == 0 {
			continue // Ann's first step may not have arrived
		}
		want := wire.Quantise(spawn(2, 1))
		if p := fl.People[0]; p.Name != "Ann" || p.XCm != want.X || p.ZCm != want.Z {
			t.Errorf("Ann is %v, want at %+v", p, want)
		}
		if len(fl.Top) != 2 || fl.Top[0].Item != itemID(7) || fl.Top[0].Seconds < 3 || fl.Top[0].Seconds > 5 || fl.Top[0].Name.GetEn() == "" {
			t.Errorf("top items %v, want %s first", fl.Top, itemID(7))
		}
		slot := market.Slots[7].Pos
		found := false
		for _, h := range fl.Heat {
			x, z := float64(h.X)*float64(fl.CellM), float64(h.Z)*float64(fl.CellM)
			found = found || slot.X >= x && slot.X < x+float64(fl.CellM) && slot.Z >= z && slot.Z < z+float64(fl.CellM)
		}
		if !found || fl.Events != 3 {
			t.Errorf("heat %v, %d events: want the cell of slot 7 and 3", fl.Heat, fl.Events)
		}
		return
	}
}

func TestPortInUseIsASentence(t *testing.T) {
	s := start(t, nil)
	other, err := server.New(server.Config{Listen: s.Addr(), Plan: market, Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := other.Start(); err == nil || !strings.Contains(err.Error(), "in use by another program") {
		t.Errorf("starting on a port in use: %v", err)
	}
}

func TestDataDirectoryInUseIsASentence(t *testing.T) {
	dir := t.TempDir()
	start(t, func(c *server.Config) { c.Data = dir })
	if _, err := server.New(server.Config{Plan: market, Data: dir}); !errors.Is(err, store.ErrInUse) {
		t.Errorf("opening a directory in use: %v", err)
	}
}

func TestMissingModelIsASentence(t *testing.T) {
	_, err := server.New(server.Config{Plan: market, Data: t.TempDir(), Model: "/no/such/model"})
	if err == nil || !strings.Contains(err.Error(), "there is no model file /no/such/model") {
		t.Errorf("a missing model: %v", err)
	}
}

func TestFullServerSaysSo(t *testing.T) {
	s := start(t, func(c *server.Config) { c.MaxConnections = 1 })
	dial(t, s, nil)
	_, err := client.Dial(t.Context(), client.Config{Server: s.URL(), Dir: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("a full server: %v", err)
	}
}

// TestStopIsAnnouncedAndWorkIsKept stops a server under a client, which goes
// on, keeps what it does, and delivers it to the next server on the same address and data.
func TestStopIsAnnouncedAndWorkIsKept(t *testing.T) {
	data := t.TempDir()
	one := start(t, func(c *server.Config) { c.Data = data })
	addr := one.Addr()
	c := dial(t, one, nil)
	c.Add([]world.Event{dwell(1, 1)})
	if err := c.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the client is off line", func() bool { return c.State().Phase == client.Offline })
	c.Add([]world.Event{dwell(2, 1), dwell(3, 1)})
	id, err := c.Buy(store.Line{Item: itemID(4), Quantity: 1})
	if err != nil {
		t.Fatal(err)
	}
	if st := c.State(); !strings.Contains(st.Problem, "trying again") && !strings.Contains(st.Problem, "does not answer") {
		t.Errorf("the client says %q", st.Problem)
	}
	if err := c.Chat("anybody?"); err == nil {
		t.Error("a chat was taken while off line")
	}
	two := start(t, func(cfg *server.Config) { cfg.Data, cfg.Listen = data, addr })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := c.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	if n, _ := two.Store().Count(ctx); n != 3 {
		t.Errorf("%d events are stored, want 3", n)
	}
	var in client.Inbox
	c.Poll(&in)
	if len(in.Receipts) != 1 || in.Receipts[0].ID != id || !in.Receipts[0].OK {
		t.Errorf("receipts %+v", in.Receipts)
	}
}

// TestFarPeopleAreNotTold holds the area of interest end to end.
func TestFarPeopleAreNotTold(t *testing.T) {
	s := start(t, func(c *server.Config) { c.Room = room.Config{Range: 5} })
	ann, bob := dial(t, s, nil), dial(t, s, nil)
	b := market.Bounds
	ann.SetPose(at(b.Min.X+1, b.Min.Z+1, 0))
	bob.SetPose(at(b.Max.X-1, b.Max.Z-1, 0))
	var in client.Inbox
	time.Sleep(300 * time.Millisecond)
	if ann.Poll(&in); len(in.Avatars) != 0 {
		t.Fatalf("Ann sees %v across the market", in.Avatars)
	}
	bob.SetPose(at(b.Min.X+2, b.Min.Z+1, 0))
	eventually(t, "Ann sees Bob come near", func() bool { ann.Poll(&in); return len(in.Avatars) == 1 })
	bob.SetPose(at(b.Max.X-1, b.Max.Z-1, 0))
	eventually(t, "Bob is gone", func() bool { ann.Poll(&in); return len(in.Avatars) == 0 })
}

func TestCatalogueSurvivesTheWire(t *testing.T) {
	m := wire.CatalogueOf(market.Catalog())
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var back wire.Catalogue
	if err := proto.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	back.Items[3].Price++
	if _, err := wire.ToCatalog(&back); err == nil || !strings.Contains(err.Error(), "fingerprint") {
		t.Errorf("a changed catalogue is taken: %v", err)
	}
}
