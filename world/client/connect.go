package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"souk/world/wire"
)

// endpoint makes the URL of a path of the server from what a person writes.
// The scheme is "ws" or "http", the secure one where the server's is.
func endpoint(server, scheme, path string) (string, error) {
	s := server
	if !strings.Contains(s, "://") {
		s = scheme + "://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("the server address %q cannot be read: write host:port, or a URL such as http://host:8080", server)
	}
	switch u.Scheme {
	case "http", "ws":
		u.Scheme = scheme
	case "https", "wss":
		u.Scheme = scheme + "s"
	default:
		return "", fmt.Errorf("the server address %q has the scheme %q: use http, https, ws or wss", server, u.Scheme)
	}
	u.Path, u.RawQuery, u.Fragment = path, "", ""
	return u.String(), nil
}

// run is the goroutine that keeps the connection: connect, serve, pause, again.
func (c *Client) run(ctx context.Context) {
	pause := c.cfg.MinPause
	for attempt := 1; ; attempt++ {
		came, err := c.visit(ctx)
		if ctx.Err() != nil {
			return
		}
		if came {
			attempt, pause = 1, c.cfg.MinPause
		}
		if refused := c.lost(err, attempt, came); refused {
			return
		}
		// Full pauses would bring everybody back in step after a restart of the server.
		wait := time.Duration(float64(pause) * (0.5 + 0.5*c.cfg.Jitter.Float64()))
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		pause = min(2*pause, c.cfg.MaxPause)
	}
}

// lost takes the end of a connection into the state, and says whether it is final.
func (c *Client) lost(err error, attempt int, came bool) (refused bool) {
	var r *wire.Refusal
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state.Phase, c.state.Code, c.state.Attempts = Offline, 0, attempt
	if errors.As(err, &r) {
		c.state.Code = r.Code
		refused = !r.Code.Reconnect()
	}
	switch {
	case refused:
		c.state.Phase, c.state.Problem = Refused, r.Text
		err = r
	case came:
		c.state.Problem = fmt.Sprintf("the connection to %s was lost (%v): trying again; what you do is kept and sent later", c.url, err)
	default:
		c.state.Problem = err.Error()
	}
	c.crowd.enter(0)
	if c.first == nil {
		c.first = err
	}
	select {
	case <-c.tried:
	default:
		close(c.tried)
	}
	c.log.Info("connection", "phase", c.state.Phase.String(), "attempt", attempt, "problem", c.state.Problem)
	return refused
}

// visit is one connection from its beginning to its end. came says that the
// server let the client in.
func (c *Client) visit(ctx context.Context) (came bool, err error) {
	dialer := websocket.Dialer{HandshakeTimeout: 5 * time.Second, Proxy: http.ProxyFromEnvironment, ReadBufferSize: 4096, WriteBufferSize: 4096}
	ws, resp, err := dialer.DialContext(ctx, c.url, nil)
	if err != nil {
		if resp != nil {
			return false, fmt.Errorf("the server at %s answers %s and not as a Souk server: check the address", c.url, resp.Status)
		}
		return false, fmt.Errorf("the server at %s does not answer (%w): check that soukd runs there, and the address", c.url, err)
	}
	defer ws.Close()
	v := &visit{c: c, ws: ws, out: make(chan struct{})}
	if err := v.hello(); err != nil {
		return false, v.explain(err)
	}
	ended := make(chan error, 1)
	c.ended.Go(func() { ended <- v.read() })
	err = v.write(ctx, ended)
	return v.came.Load(), v.explain(err)
}

// explain turns the end of a connection into a refusal with its code where the server gave one.
func (v *visit) explain(err error) error {
	if r := v.refusal.Load(); r != nil {
		return r
	}
	var ce *websocket.CloseError
	if errors.As(err, &ce) {
		switch {
		case ce.Code == websocket.CloseMessageTooBig:
			return wire.TooLarge()
		case ce.Code >= 3000 && ce.Code < 4000:
			return wire.Refuse(wire.Code(ce.Code), "%s", ce.Text)
		}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("the server went away")
	}
	return err
}
