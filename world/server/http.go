package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"souk/world/wire"
)

// routes is what the server answers.
func (s *Server) routes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /ws", s.serve)
	m.Handle("GET /catalogue", s.files.catalogue)
	m.Handle("GET /floorplan", s.files.floorplan)
	m.HandleFunc("GET /model", func(w http.ResponseWriter, r *http.Request) {
		if s.files.model == nil {
			http.Error(w, "this server has no model: start it with -model FILE", http.StatusNotFound)
			return
		}
		s.files.model.ServeHTTP(w, r)
	})
	m.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	m.HandleFunc("GET /readyz", s.ready)
	m.Handle("GET /metrics", s.metrics.handler())
	m.Handle("GET /console/", http.StripPrefix("/console/", console(s.cfg.Console)))
	m.Handle("GET /{$}", http.RedirectHandler("/console/", http.StatusFound))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		m.ServeHTTP(w, r)
	})
}

// ready says whether new visitors can be served.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	draining := s.draining
	s.mu.Unlock()
	if draining {
		http.Error(w, "going down", http.StatusServiceUnavailable)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	if err := s.store.Ping(ctx); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

// originAllowed keeps pages of other sites from using a visitor's browser:
// a page of the server's own host may connect, those of Config.Origins, and
// programs, which send no Origin.
func (s *Server) originAllowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	return strings.EqualFold(u.Host, r.Host) || slices.Contains(s.cfg.Origins, origin)
}

func refuseUpgrade(w http.ResponseWriter, r *http.Request, status int, reason error) {
	text := "this address speaks WebSocket: " + reason.Error()
	if status == http.StatusForbidden {
		text = fmt.Sprintf("a page of %q may not connect: start the server with -origin to allow it", r.Header.Get("Origin"))
	}
	http.Error(w, text, status)
}

// files are the resources that the server has whole in memory.
type files struct {
	catalogue, floorplan, model *resource
}

func (f *files) modelTag() string {
	if f.model == nil {
		return ""
	}
	return f.model.tag
}

func (f *files) load(cfg Config) error {
	marshal := proto.MarshalOptions{Deterministic: true}
	b, err := marshal.Marshal(wire.CatalogueOf(cfg.Plan.Catalog()))
	if err != nil {
		return fmt.Errorf("encoding the catalogue %s: %w", cfg.Plan.Catalog().Name, err)
	}
	f.catalogue = newResource(b, "application/x-protobuf")
	if b, err = marshal.Marshal(wire.FloorPlanOf(cfg.Plan, cfg.Plan.Catalog())); err != nil {
		return fmt.Errorf("encoding the floor plan: %w", err)
	}
	f.floorplan = newResource(b, "application/x-protobuf")
	if cfg.Model == "" {
		return nil
	}
	if b, err = os.ReadFile(cfg.Model); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no model file %s: train one with souklab train, or start without -model", cfg.Model)
		}
		return fmt.Errorf("reading the model: %w", err)
	}
	f.model = newResource(b, "application/octet-stream")
	return nil
}

// resource is a body with its strong ETag, plain and compressed. The two are
// different sequences of bytes and so have different tags (RFC 9110, 8.8.1).
type resource struct {
	kind        string
	plain       []byte
	tag, zipTag string

	once   sync.Once
	zipped []byte // made when first asked for: a market of 50,000 items takes most of a second
}

func newResource(b []byte, kind string) *resource {
	sum := sha256.Sum256(b)
	tag := hex.EncodeToString(sum[:16])
	return &resource{kind: kind, plain: b, tag: `"` + tag + `"`, zipTag: `"` + tag + `-gzip"`}
}

// zip is the body compressed.
func (f *resource) zip() []byte {
	f.once.Do(func() {
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, _ = w.Write(f.plain) // a buffer takes everything
		_ = w.Close()
		f.zipped = z.Bytes()
	})
	return f.zipped
}

// ServeHTTP answers with the body, or with 304 where the client has it.
func (f *resource) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	body, tag := f.plain, f.tag
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		if z := f.zip(); len(z) < len(f.plain) {
			body, tag = z, f.zipTag
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("ETag", tag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache") // keep it, and ask whether it is still the one
	h.Set("Content-Type", f.kind)
	// ServeContent knows If-None-Match, ranges and HEAD; the zero time keeps dates out of it.
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// acceptsGzip reads Accept-Encoding as far as it matters here: gzip or *, not with q=0.
func acceptsGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		name, q, _ := strings.Cut(part, ";")
		if n := strings.TrimSpace(name); !strings.EqualFold(n, "gzip") && n != "*" {
			continue
		}
		q = strings.ReplaceAll(q, " ", "")
		return !strings.HasPrefix(q, "q=0") || strings.Trim(q, "q=0.") != ""
	}
	return false
}

const noConsole = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Souk console</title>
<body style="font: 16px sans-serif; max-width: 40em; margin: 4em auto; line-height: 1.5">
<h1>The console is not built</h1>
<p>This server was started without the files of the operator's console. From the source of Souk:</p>
<pre>make console
soukd -console build/console</pre>
<p>The same console opens in a window with <code>soukview</code>.</p>
</body></html>
`

// console serves the console's files, or a page that says how to get them.
func console(files fs.FS) http.Handler {
	if files != nil {
		if f, err := files.Open("index.html"); err == nil {
			f.Close()
			next := http.FileServerFS(files)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Cache-Control", "no-cache")
				next.ServeHTTP(w, r)
			})
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, noConsole)
	})
}
