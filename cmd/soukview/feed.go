package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/protobuf/proto"

	"souk/scene/console"
	"souk/world/wire"
)

// feed keeps a connection to the server and hands its news to the console.
type feed struct {
	base   *url.URL
	token  string
	news   chan console.Update
	cancel context.CancelFunc
	done   chan struct{}
}

// newFeed starts to connect; a server that is not there is tried again, and
// the console says so meanwhile. Only a wrong address is an error.
func newFeed(server, token string) (*feed, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is not a server's address: give one like http://127.0.0.1:8080", server)
	}
	ctx, cancel := context.WithCancel(context.Background())
	f := &feed{base: u, token: token, news: make(chan console.Update, 64), cancel: cancel, done: make(chan struct{})}
	go f.run(ctx)
	return f, nil
}

// Next implements console.Feed.
func (f *feed) Next() (console.Update, bool) {
	select {
	case u := <-f.news:
		return u, true
	default:
		return console.Update{}, false
	}
}

func (f *feed) close() {
	f.cancel()
	<-f.done
}

// run connects again and again, with waits from half a second to eight.
func (f *feed) run(ctx context.Context) {
	defer close(f.done)
	wait := 500 * time.Millisecond
	for {
		began := time.Now()
		err := f.watch(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > 10*time.Second {
			wait = 500 * time.Millisecond
		}
		f.send(ctx, console.Update{Status: err.Error(), Changed: true})
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, 8*time.Second)
	}
}

func (f *feed) send(ctx context.Context, u console.Update) {
	select {
	case f.news <- u:
	case <-ctx.Done():
	}
}

// watch loads the floor plan, asks for the floor and passes on what comes
// until the connection ends. The error is a sentence for the operator.
func (f *feed) watch(ctx context.Context) error {
	plan, err := f.floorPlan(ctx)
	if err != nil {
		return err
	}
	f.send(ctx, console.Update{Plan: plan})
	dial, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(dial, strings.Replace(f.base.JoinPath("ws").String(), "http", "ws", 1), nil)
	if err != nil {
		return fmt.Errorf("no connection to %s; trying again", f.base.Host)
	}
	defer conn.CloseNow()
	conn.SetReadLimit(4 << 20) // a floor of a large market is more than a visitor ever gets
	ask, err := proto.Marshal(&wire.Frame{Body: &wire.Frame_Watch{Watch: &wire.Watch{Token: f.token, Version: wire.Version}}})
	if err != nil {
		return fmt.Errorf("asking for the floor: %w", err)
	}
	if err := conn.Write(ctx, websocket.MessageBinary, ask); err != nil {
		return fmt.Errorf("the connection to %s broke; trying again", f.base.Host)
	}
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			if reason := websocket.CloseStatus(err); reason >= 3500 {
				return fmt.Errorf("the server refused: %s", closeText(err))
			}
			return fmt.Errorf("the connection to %s broke; trying again", f.base.Host)
		}
		var m wire.Frame
		if err := proto.Unmarshal(data, &m); err != nil {
			return fmt.Errorf("the server sent what this console does not read (%v): use the console that it serves", err)
		}
		switch b := m.Body.(type) {
		case *wire.Frame_Floor:
			f.send(ctx, console.Update{Floor: b.Floor, Changed: true})
		case *wire.Frame_Error:
			return fmt.Errorf("the server refused: %s", b.Error.GetText())
		}
	}
}

func closeText(err error) string {
	if i := strings.LastIndex(err.Error(), "reason = "); i >= 0 {
		return strings.Trim(err.Error()[i+len("reason = "):], `"`)
	}
	return err.Error()
}

// maxPlan bounds the floor plan that is read: 64 MiB is some hundred times a market of 50,000 items.
const maxPlan = 64 << 20

func (f *feed) floorPlan(ctx context.Context) (*wire.FloorPlan, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.base.JoinPath("floorplan").String(), nil)
	if err != nil {
		return nil, fmt.Errorf("asking %s for the floor plan: %w", f.base.Host, err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("no server at %s; trying again", f.base.Host)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server at %s has no floor plan (%s): is it soukd?", f.base.Host, res.Status)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxPlan))
	if err != nil {
		return nil, fmt.Errorf("the floor plan from %s broke off; trying again", f.base.Host)
	}
	var p wire.FloorPlan
	if err := proto.Unmarshal(data, &p); err != nil {
		return nil, fmt.Errorf("the floor plan from %s is not one that this console reads: use the console that the server serves", f.base.Host)
	}
	return &p, nil
}
