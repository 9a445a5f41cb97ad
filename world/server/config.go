package server

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"time"

	"souk/world/plan"
	"souk/world/room"
)

// Config says what to serve and where. Plan and Data are required.
type Config struct {
	// Listen is the TCP address, "host:port"; port 0 takes a free one. Empty
	// means "127.0.0.1:8080". Listener, if not nil, is used instead.
	Listen   string
	Listener net.Listener
	// Plan is the floor plan, with its catalogue.
	Plan *plan.Plan
	// Data is the directory of the database. One server at a time may use it.
	Data string
	// SetAside keeps a damaged database under another name and begins a new one, instead of refusing to start.
	SetAside bool
	// Model is the path of the model file to hand out; empty for none.
	Model string
	// Console holds the files of the operator's console, with an index.html;
	// nil (or without that file) serves a page that says how to build it.
	Console fs.FS
	// OperatorToken lets an operator watch; empty lets nobody.
	OperatorToken string
	// Origins are further web origins ("https://example.org") whose pages may
	// connect. A page of the server's own host always may, and so may
	// programs that are no browsers.
	Origins []string
	// TLSCert and TLSKey are PEM files; both or neither.
	TLSCert, TLSKey string
	// MaxConnections bounds the WebSocket connections; 0 means 4096.
	MaxConnections int
	// MaxRooms bounds the rooms in use at a time; 0 means 64.
	MaxRooms int
	// PingEvery is the pause between pings, and Silence how long a connection
	// may say nothing, not even answer them; 0 means 5 s and 15 s.
	PingEvery, Silence time.Duration
	// Room bounds what a visitor is told of others.
	Room room.Config
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Log may be nil.
	Log *slog.Logger
}

func (cfg Config) complete() (Config, error) {
	if cfg.Plan == nil || cfg.Plan.Catalog() == nil {
		return cfg, errors.New("the server needs a floor plan with its catalogue: Config.Plan is nil")
	}
	if cfg.Data == "" {
		return cfg, errors.New("the server needs a data directory: Config.Data is empty")
	}
	if (cfg.TLSCert == "") != (cfg.TLSKey == "") {
		return cfg, errors.New("TLS needs a certificate and a key: give both files, or neither")
	}
	if cfg.PingEvery < 0 || cfg.Silence < 0 || cfg.MaxConnections < 0 || cfg.MaxRooms < 0 {
		return cfg, fmt.Errorf("a limit of the server is negative: %v, %v, %d, %d", cfg.PingEvery, cfg.Silence, cfg.MaxConnections, cfg.MaxRooms)
	}
	set(&cfg.Listen, "127.0.0.1:8080")
	set(&cfg.MaxConnections, 4096)
	set(&cfg.MaxRooms, 64)
	set(&cfg.PingEvery, 5*time.Second)
	set(&cfg.Silence, 15*time.Second)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return cfg, nil
}

// set gives a field its default where it has the zero value.
func set[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
