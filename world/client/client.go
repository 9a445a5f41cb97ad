// Package client is the market's other end of the wire: it keeps one visitor
// connected, sends what the frame loop hands it, and hands back what arrived.
//
// The methods that the frame loop calls never wait for the network or the
// disk. What must not be lost (events, purchases, cart) goes through an
// outbox on disk and stays there until the server has acknowledged it, over
// as many connections and restarts of either side as it takes; every row has
// an id of its own, so that sending again doubles nothing.
//
// Read [Dial] first, then [Client.Poll] and [Client.Add].
package client

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	mrand "math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/proto"

	"souk/world"
	"souk/world/store"
	"souk/world/wire"
)

// Config says who connects to what. Server and Dir are required.
type Config struct {
	// Server is the server's address: "host:port", or a URL with the scheme
	// http, https, ws or wss. The path is not used.
	Server string
	// Dir is where the outbox and the identity are kept. One process at a
	// time may use a directory.
	Dir string
	// Name is shown to others. Empty means "Guest".
	Name string
	// Room to walk in; empty is wire.DefaultRoom.
	Room string
	// Session is the id of this visit; empty means a new one.
	Session string
	// Catalogue is the fingerprint of the catalogue in use. A server with
	// another one refuses. Empty: not compared.
	Catalogue string
	// Epoch is added to the Time of the events handed to Add: the Unix time
	// in seconds at which the session's clock was 0. Zero where events bear Unix time already.
	Epoch float64
	// EyeHeight is where the eyes of other people's avatars are, metres; 0 means 1.6.
	EyeHeight float64
	// Jitter spreads the pauses between attempts to connect; nil means one seeded from the system.
	Jitter *mrand.Rand
	// Entropy is where ids get their random bits; nil means crypto/rand.
	Entropy io.Reader
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Log may be nil.
	Log *slog.Logger
	// Silence is how long a connection may say nothing before it counts as
	// lost; 0 means 15 s. The server pings every 5 s.
	Silence time.Duration
	// MinPause and MaxPause bound the pauses between attempts; 0 means 250 ms and 10 s.
	MinPause, MaxPause time.Duration
}

// Client is a visitor's connection. Its methods may be called from any
// goroutine; Poll from one at a time.
type Client struct {
	cfg      Config
	url      string
	identity Identity
	log      *slog.Logger
	cancel   context.CancelFunc
	ended    sync.WaitGroup
	lock     io.Closer
	kept     string // where a damaged tail of the outbox went
	ready    chan struct{}

	wakeKeeper, wakeSender chan struct{} // capacity 1 each

	mu      sync.Mutex
	state   State
	first   error // of the first attempt to connect, until one succeeds
	tried   chan struct{}
	welcome Welcome
	place   wire.Place
	placed  bool
	chats   []string
	handed  []handed // in, and not on disk yet
	count   uint64   // of everything ever handed in
	written uint64   // of it on disk
	idle    *sync.Cond
	in      Inbox // arrived, not polled yet
	crowd   crowd
	epoch   uint64
	chatSeq uint64
	gap     bool // chats were missed before the next one

	outboxFile *outboxFile // the keeper's

	pendMu  sync.Mutex
	pending pending
}

// handed is an event, or the record of something else, on its way to the outbox.
type handed struct {
	event world.Event
	r     record
	id    string
}

// Phase is how a client stands to its server.
type Phase uint8

// The phases.
const (
	Connecting Phase = iota // for the first time
	Online
	Offline // lost, or not there yet; the client tries again by itself
	Refused // the server will not have this client; it does not try again
	Closed
)

var phaseNames = [...]string{"connecting", "online", "offline", "refused", "closed"}

// String is the phase in a word.
func (p Phase) String() string { return phaseNames[p] }

// State is how things stand.
type State struct {
	Phase Phase
	// Problem is a sentence about what is wrong; empty where nothing is.
	Problem string
	// Code is the server's, where it gave one.
	Code wire.Code
	// Pending is how many events, purchases and cart lines wait for their acknowledgement.
	Pending int
	// Unwritten is how many of them are not on disk yet. It stays above 0 where the disk is full.
	Unwritten int
	// Rejected counts the events that the server found faulty.
	Rejected int
	// Attempts counts the attempts to connect since the last success.
	Attempts int
}

// Welcome is what the server said when the client last came in.
type Welcome struct {
	ID        uint32 // of one's own avatar
	Catalogue string // fingerprint
	Model     string // ETag, empty where the server has none
	PlanSeed  uint64
	Plan      string // fingerprint
	Liked     []string
}

// Open prepares a client and begins to connect, without waiting for it. An
// error means that the directory or the configuration is unusable.
func Open(cfg Config) (*Client, error) {
	c, err := open(cfg)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	c.ended.Go(func() { c.keep(ctx) })
	c.ended.Go(func() { c.run(ctx) })
	return c, nil
}

// Dial is Open that waits for the first connection. An error is a sentence:
// the server does not answer, or refuses (a *wire.Refusal).
func Dial(ctx context.Context, cfg Config) (*Client, error) {
	c, err := Open(cfg)
	if err != nil {
		return nil, err
	}
	select {
	case <-c.ready:
		return c, nil
	case <-c.tried:
		c.mu.Lock()
		err = c.first
		c.mu.Unlock()
		if err == nil {
			return c, nil
		}
	case <-ctx.Done():
		err = fmt.Errorf("connecting to %s: %w", c.url, ctx.Err())
	}
	return nil, errors.Join(err, c.Close())
}

func open(cfg Config) (c *Client, err error) {
	cfg, url, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the client's directory: %w", err)
	}
	lock, err := store.LockDir(cfg.Dir)
	if err != nil {
		if errors.Is(err, store.ErrInUse) {
			return nil, fmt.Errorf("the directory %s is in use by another client: close that one, or give this one a directory of its own", cfg.Dir)
		}
		return nil, fmt.Errorf("opening the client's directory: %w", err)
	}
	defer func() {
		if err != nil {
			lock.Close()
		}
	}()
	c = &Client{cfg: cfg, url: url, log: cfg.Log, lock: lock, ready: make(chan struct{}), tried: make(chan struct{}),
		wakeKeeper: make(chan struct{}, 1), wakeSender: make(chan struct{}, 1)}
	c.idle = sync.NewCond(&c.mu)
	c.crowd.init()
	if c.identity, err = LoadIdentity(cfg.Dir); err != nil {
		return nil, err
	}
	if c.cfg.Session == "" {
		id, err := c.newID()
		if err != nil {
			return nil, err
		}
		c.cfg.Session = id
	}
	return c, c.openOutbox()
}

// openOutbox reads what an earlier run left. The keeper opens it again to write.
func (c *Client) openOutbox() error {
	o, kept, err := openOutbox(filepath.Join(c.cfg.Dir, "outbox"), func(r record) { c.pending.add(r, idOf(r)) })
	if err != nil {
		return err
	}
	if c.kept = kept; kept != "" {
		c.log.Warn("the outbox had a damaged tail, which was set aside", "kept", kept)
	}
	c.pending.front = int64(len(outboxMagic))
	c.outboxFile = o
	return nil
}

func (cfg Config) complete() (Config, string, error) {
	url, err := endpoint(cfg.Server, "ws", "/ws")
	if err != nil {
		return cfg, "", err
	}
	if cfg.Dir == "" {
		return cfg, "", errors.New("the client needs a directory for its outbox: Config.Dir is empty")
	}
	if cfg.Name == "" {
		cfg.Name = "Guest"
	}
	if len(cfg.Name) > wire.MaxName {
		return cfg, "", fmt.Errorf("the name has %d bytes, at most %d are allowed: choose a shorter one", len(cfg.Name), wire.MaxName)
	}
	if !wire.ValidKey(cfg.Room) || !wire.ValidKey(cfg.Session) {
		return cfg, "", fmt.Errorf("the room %q or the session %q is longer than %d bytes or holds blanks", cfg.Room, cfg.Session, wire.MaxID)
	}
	if cfg.EyeHeight == 0 {
		cfg.EyeHeight = 1.6
	}
	if cfg.Jitter == nil {
		cfg.Jitter = mrand.New(mrand.NewPCG(mrand.Uint64(), mrand.Uint64()))
	}
	if cfg.Entropy == nil {
		cfg.Entropy = rand.Reader
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Silence == 0 {
		cfg.Silence = 15 * time.Second
	}
	if cfg.MinPause == 0 {
		cfg.MinPause = 250 * time.Millisecond
	}
	if cfg.MaxPause == 0 {
		cfg.MaxPause = 10 * time.Second
	}
	return cfg, url, nil
}

// Close puts what was handed in on disk, leaves the room and returns when
// nothing of the client runs any more. What was not acknowledged is sent by
// the next client with the same directory. It may be called twice.
func (c *Client) Close() error {
	c.cancel()
	c.ended.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.Phase == Closed {
		return nil
	}
	c.state.Phase = Closed
	c.idle.Broadcast()
	return errors.Join(c.outboxFile.close(), c.lock.Close())
}

// Identity is who the client is to the server.
func (c *Client) Identity() Identity { return c.identity }

// Session is the id of this visit.
func (c *Client) Session() string { return c.cfg.Session }

// Kept is where a damaged tail of the outbox was copied to when it was opened; empty where it was sound.
func (c *Client) Kept() string { return c.kept }

// Welcome is what the server last said of itself. It is the zero value before
// the first connection.
func (c *Client) Welcome() Welcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.welcome
}

// State is how things stand now.
func (c *Client) State() State {
	c.mu.Lock()
	s := c.state
	s.Unwritten = int(c.count - c.written)
	c.mu.Unlock()
	c.pendMu.Lock()
	s.Pending = len(c.pending.entries)
	c.pendMu.Unlock()
	return s
}

// newID makes a ULID.
func (c *Client) newID() (string, error) {
	id, err := ulid.New(ulid.Timestamp(c.cfg.Now()), c.cfg.Entropy)
	if err != nil {
		return "", fmt.Errorf("making an id: %w", err)
	}
	return id.String(), nil
}

func marshal(m proto.Message) []byte {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		// Only a text that is not UTF-8 gets here, and those are checked before.
		return nil
	}
	return b
}
