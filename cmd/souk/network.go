package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"time"

	"souk/cmd/internal/loop"
	"souk/world"
	"souk/world/client"
	"souk/world/server"
)

// localAddress is where the server inside listens, so that a second program on
// the machine finds it; where it is taken, any free port will do.
const localAddress = "127.0.0.1:8470"

// dialTime is how long a server may take to answer at the start.
const dialTime = 10 * time.Second

// network is the connection, and the server inside where there is one.
type network struct {
	srv *server.Server
	cli *client.Client
	cfg client.Config
	in  client.Inbox
	url string
}

// openMarket opens the catalogue and the floor plan: one's own with a server
// inside, or those of the server that one joins.
func (s *session) openMarket(ctx context.Context) error {
	s.net = &network{}
	if s.o.connect != "" {
		return s.join(ctx)
	}
	m, err := loop.OpenMarket(s.o.catalogue, s.o.seed, s.o.model)
	if err != nil {
		return err
	}
	s.market = m
	listener, err := net.Listen("tcp", localAddress)
	if err != nil {
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return fmt.Errorf("starting the server inside: %w", err)
	}
	s.net.srv, err = server.New(server.Config{
		Listener: listener, Plan: m.Plan, Data: filepath.Join(s.home.place, "market-"+m.Catalog.Fingerprint()[:12]),
		SetAside: true, Model: s.o.model, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		listener.Close()
		return fmt.Errorf("starting the server inside: %w", err)
	}
	if err := s.net.srv.Start(); err != nil {
		return fmt.Errorf("starting the server inside: %w", err)
	}
	s.net.url = s.net.srv.URL()
	return nil
}

// join takes catalogue, plan and model from a server.
func (s *session) join(ctx context.Context) error {
	cache := filepath.Join(s.home.place, "cache")
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	c, err := client.FetchCatalogue(ctx, s.o.connect, cache)
	if err != nil {
		return fmt.Errorf("joining %s: %w", s.o.connect, err)
	}
	cfg := s.clientConfig(c.Fingerprint())
	cfg.Server = s.o.connect
	probe, err := client.Dial(ctx, cfg)
	if err != nil {
		return fmt.Errorf("joining %s: %w", s.o.connect, err)
	}
	welcome := probe.Welcome()
	if err := probe.Close(); err != nil {
		return fmt.Errorf("joining %s: %w", s.o.connect, err)
	}
	path := s.o.model
	if path == "" {
		path, err = client.FetchModel(ctx, s.o.connect, cache)
		if err != nil && !errors.Is(err, client.ErrNoModel) {
			return fmt.Errorf("joining %s: %w", s.o.connect, err)
		}
	}
	s.net.url = s.o.connect
	s.market, err = loop.MarketOf(c, welcome.PlanSeed, path)
	return err
}

// clientConfig is who one is to the server.
func (s *session) clientConfig(catalogue string) client.Config {
	return client.Config{Dir: filepath.Join(s.home.place, "outbox"), Name: s.o.name, Room: s.o.room, Catalogue: catalogue,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// begin connects for the visit, without waiting.
func (n *network) begin(s *session) {
	n.cfg = s.clientConfig(s.market.Catalog.Fingerprint())
	n.cfg.Server, n.cfg.Epoch, n.cfg.EyeHeight = n.url, s.epoch, s.market.Plan.EyeHeight
	cli, err := client.Open(n.cfg)
	if err != nil {
		// The market is worth a walk without company; the sentence says what is wrong.
		s.say("Not connected: %v.", err)
		return
	}
	n.cli = cli
}

// session is the id of the visit.
func (n *network) session() string {
	if n.cli == nil {
		return "alone"
	}
	return n.cli.Session()
}

// add hands events over for upload.
func (n *network) add(events []world.Event) {
	if n.cli != nil && len(events) > 0 {
		n.cli.Add(events)
	}
}

// exchange tells where one stands and what happened, and takes in what arrived.
func (n *network) exchange(s *session) {
	if n.cli == nil {
		return
	}
	n.add(s.events)
	n.cli.SetPose(s.head)
	n.cli.Poll(&n.in)
	s.arrived(&n.in)
}

// Close ends the connection and the server inside.
func (n *network) Close() error {
	if n == nil {
		return nil
	}
	var errs []error
	if n.cli != nil {
		if n.srv != nil {
			// The server inside ends with the program: give it what is left.
			ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
			_ = n.cli.Settle(ctx) // what is left is on disk, and sent next time
			cancel()
		}
		errs = append(errs, n.cli.Close())
	}
	if n.srv != nil {
		errs = append(errs, n.srv.Close())
	}
	return errors.Join(errs...)
}
