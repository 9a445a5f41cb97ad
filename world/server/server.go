// Package server is the market's server: rooms of people over WebSocket, the
// event log, carts and purchases behind it, catalogue and model over HTTP,
// the floor for operators, and its own health.
//
// Each connection has a goroutine that reads and one that writes. What goes
// out is of two classes. State (snapshots, the floor) is the latest or
// nothing: a client that is slow to read is told less often. The rest
// (acknowledgements, chats, receipts) must arrive: where it does not fit the
// queue, the connection is closed with a code, and the client comes back and
// asks again. Nobody waits for anybody else's connection.
//
// Locks, outermost first: hall.mu, then conn's channels (which never wait).
// Server.mu is taken alone.
//
// Read [New] first, then conn.go (one connection) and hall.go (one room).
package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/gorilla/websocket"

	"souk/world"
	"souk/world/catalog"
	"souk/world/ledger"
	"souk/world/plan"
	"souk/world/store"
	"souk/world/wire"
)

// Server is a running or ready server. Its methods may be called from any goroutine.
type Server struct {
	cfg      Config
	cat      *catalog.Catalog
	plan     *plan.Plan
	store    *store.Store
	ledger   *ledger.Ledger
	metrics  *metrics
	heat     *heat
	files    files
	bounds   [4]int32 // of the market: least and greatest x, least and greatest z, cm
	upgrader websocket.Upgrader
	http     *http.Server
	listener net.Listener
	served   chan struct{} // closed when the HTTP server has ended

	mu       sync.Mutex
	draining bool
	halls    map[string]*hall
	conns    map[*conn]struct{}
	visitors map[string]*conn
	running  sync.WaitGroup // connections and halls

	closeOnce sync.Once
	closeErr  error
}

// New opens the database and prepares what is served. It listens to nothing
// yet. Errors are sentences; see store.Open for those about the database.
func New(cfg Config) (*Server, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, plan: cfg.Plan, cat: cfg.Plan.Catalog(), heat: newHeat(cfg.Plan), metrics: newMetrics(),
		halls: map[string]*hall{}, conns: map[*conn]struct{}{}, visitors: map[string]*conn{}, served: make(chan struct{})}
	b := cfg.Plan.Bounds
	low, high := wire.Quantise(world.Upright(b.Min, 0, 0)), wire.Quantise(world.Upright(b.Max, 0, 0))
	s.bounds = [4]int32{low.X, high.X, low.Z, high.Z}
	if err := s.files.load(cfg); err != nil {
		return nil, err
	}
	s.store, err = store.Open(cfg.Data, store.Options{SetAside: cfg.SetAside, Committed: s.metrics.committed})
	if err != nil {
		return nil, err
	}
	if kept := s.store.SetAside(); kept != "" {
		cfg.Log.Warn("the database was damaged: it is kept, and a new one begins", "kept", kept)
	}
	if s.ledger, err = ledger.Open(context.Background(), s.cat, s.store); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	s.upgrader = websocket.Upgrader{HandshakeTimeout: 5 * time.Second, ReadBufferSize: 1024, WriteBufferSize: 4096,
		CheckOrigin: s.originAllowed, Error: refuseUpgrade}
	s.metrics.watch(s)
	s.http = &http.Server{Handler: s.routes(), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	return s, nil
}

// Start listens and serves, in goroutines of its own, and returns.
func (s *Server) Start() error {
	l := s.cfg.Listener
	if l == nil {
		var err error
		if l, err = net.Listen("tcp", s.cfg.Listen); err != nil {
			if errors.Is(err, syscall.EADDRINUSE) {
				return fmt.Errorf("the address %s is in use by another program: stop that one, or choose another address with -listen", s.cfg.Listen)
			}
			return fmt.Errorf("listening on %s: %w: choose another address with -listen", s.cfg.Listen, err)
		}
	}
	s.listener = l
	if _, err := s.hall(wire.DefaultRoom); err != nil {
		return err
	}
	go func() {
		defer close(s.served)
		var err error
		if s.cfg.TLSCert != "" {
			err = s.http.ServeTLS(l, s.cfg.TLSCert, s.cfg.TLSKey)
		} else {
			err = s.http.Serve(l)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			s.cfg.Log.Error("serving has ended", "error", err)
		}
	}()
	s.cfg.Log.Info("serving", "address", s.Addr(), "catalogue", s.cat.Name, "items", len(s.cat.Items), "data", s.cfg.Data)
	return nil
}

// Addr is the address that the server listens on; empty before Start.
func (s *Server) Addr() string {
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// URL is where a client or a browser finds the server on this machine.
func (s *Server) URL() string {
	scheme := "http"
	if s.cfg.TLSCert != "" {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(s.Addr())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// Handler is everything that the server serves, for a listener of one's own.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// Store is the database, for reading what was collected.
func (s *Server) Store() *store.Store { return s.store }

// drainTime is how long Close waits for connections to say goodbye.
const drainTime = 2 * time.Second

// Close tells every client to come back later, finishes what was handed in,
// and closes the database. Nothing acknowledged is lost. It may be called twice.
func (s *Server) Close() error {
	s.closeOnce.Do(func() { s.closeErr = s.close() })
	return s.closeErr
}

func (s *Server) close() error {
	s.mu.Lock()
	s.draining = true
	conns := make([]*conn, 0, len(s.conns))
	for c := range s.conns {
		conns = append(conns, c)
	}
	halls := make([]*hall, 0, len(s.halls))
	for _, h := range s.halls {
		halls = append(halls, h)
	}
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	if s.listener == nil {
		close(s.served)
	}
	for _, c := range conns {
		c.shut(wire.Refuse(wire.CodeShutdown, "the server is going down: come back in a moment"))
	}
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = s.http.Close()
	}
	<-s.served
	for _, h := range halls {
		h.stop()
	}
	ended := make(chan struct{})
	go func() { s.running.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-ctx.Done():
		for _, c := range conns {
			if ws := c.socket.Load(); ws != nil {
				ws.Close()
			}
		}
		<-ended
	}
	return errors.Join(err, s.store.Close())
}

// admit counts a connection in, unless the server is full or going down.
func (s *Server) admit(c *conn) *wire.Refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.draining:
		return wire.Refuse(wire.CodeShutdown, "the server is going down: come back in a moment")
	case len(s.conns) >= s.cfg.MaxConnections:
		return wire.Refuse(wire.CodeFull, "the server has all the %d connections that it takes: come back later", s.cfg.MaxConnections)
	}
	s.conns[c] = struct{}{}
	s.running.Add(1)
	return nil
}

// dismiss is the end of a connection that was admitted.
func (s *Server) dismiss(c *conn) {
	s.mu.Lock()
	delete(s.conns, c)
	if s.visitors[c.visitor] == c {
		delete(s.visitors, c.visitor)
	}
	s.mu.Unlock()
	s.running.Done()
}

// settle makes the connection the visitor's only one.
func (s *Server) settle(c *conn) {
	s.mu.Lock()
	old := s.visitors[c.visitor]
	s.visitors[c.visitor] = c
	s.mu.Unlock()
	if old != nil {
		old.shut(wire.Refuse(wire.CodeReplaced, "this visitor has come in from elsewhere: close the other client, or give this one a directory of its own"))
	}
}

// now is the clock in seconds since the Unix epoch.
func (s *Server) now() float64 { return float64(s.cfg.Now().UnixMicro()) / 1e6 }
