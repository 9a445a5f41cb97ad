package server

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"souk/world/ledger"
	"souk/world/wire"
)

// metrics are the server's numbers. No label takes a value from a client: the
// kinds of message, the codes and the outcomes are all known here.
type metrics struct {
	registry *prometheus.Registry

	messages      *prometheus.CounterVec // kind
	bytesIn       prometheus.Counter
	snapshotBytes prometheus.Counter
	skipped       prometheus.Counter
	limited       *prometheus.CounterVec // class
	closed        *prometheus.CounterVec // code
	rows          *prometheus.CounterVec // outcome
	orders        *prometheus.CounterVec // outcome
	tickSeconds   prometheus.Histogram
	commitSeconds *prometheus.HistogramVec // outcome
	commitRows    prometheus.Histogram

	events, purchases atomic.Uint64 // for the floor
}

func newMetrics() *metrics {
	r := prometheus.NewRegistry()
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: "souk", Name: name, Help: help})
		r.MustRegister(c)
		return c
	}
	vector := func(name, help, label string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "souk", Name: name, Help: help}, []string{label})
		r.MustRegister(c)
		return c
	}
	m := &metrics{
		registry:      r,
		messages:      vector("messages_received_total", "WebSocket messages by kind.", "kind"),
		bytesIn:       counter("received_bytes_total", "Bytes of WebSocket messages received."),
		snapshotBytes: counter("snapshot_bytes_total", "Bytes of snapshots handed to connections."),
		skipped:       counter("snapshots_skipped_total", "Snapshots not built because the client had not read the last one."),
		limited:       vector("limited_total", "Messages that were too many: presence and chat are dropped, durable ones wait.", "class"),
		closed:        vector("connections_closed_total", "Connections ended, by code.", "code"),
		rows:          vector("events_total", "Rows of uploaded events, by outcome.", "outcome"),
		orders:        vector("purchases_total", "Purchases, by outcome.", "outcome"),
		tickSeconds:   prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "souk", Name: "tick_seconds", Help: "Time to build the snapshots of one room and tick.", Buckets: prometheus.ExponentialBuckets(1e-5, 4, 8)}),
		commitSeconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "souk", Name: "commit_seconds", Help: "Time of one transaction.", Buckets: prometheus.ExponentialBuckets(1e-4, 4, 8)}, []string{"outcome"}),
		commitRows:    prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "souk", Name: "commit_rows", Help: "Rows in one transaction.", Buckets: prometheus.ExponentialBuckets(1, 4, 6)}),
	}
	r.MustRegister(m.tickSeconds, m.commitSeconds, m.commitRows, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// watch adds the numbers that are read when asked for.
func (m *metrics) watch(s *Server) {
	gauge := func(name, help string, f func() int) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "souk", Name: name, Help: help}, func() float64 {
			s.mu.Lock()
			defer s.mu.Unlock()
			return float64(f())
		}))
	}
	gauge("connections", "Open WebSocket connections.", func() int { return len(s.conns) })
	gauge("visitors", "Visitors in rooms.", func() int { return len(s.visitors) })
	gauge("rooms", "Open rooms.", func() int { return len(s.halls) })
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metrics) received(f *wire.Frame, n int) {
	m.bytesIn.Add(float64(n))
	kind := "other"
	switch f.Body.(type) {
	case *wire.Frame_Presence:
		kind = "presence"
	case *wire.Frame_EventBatch:
		kind = "events"
	case *wire.Frame_ChatSend:
		kind = "chat"
	case *wire.Frame_CartSet:
		kind = "cart"
	case *wire.Frame_Purchase:
		kind = "purchase"
	case *wire.Frame_Hello:
		kind = "hello"
	case *wire.Frame_Watch:
		kind = "watch"
	}
	m.messages.WithLabelValues(kind).Inc()
}

func (m *metrics) committed(rows int, took time.Duration, err error) {
	outcome := "ok"
	if err != nil {
		outcome = "failed"
	}
	m.commitSeconds.WithLabelValues(outcome).Observe(took.Seconds())
	m.commitRows.Observe(float64(rows))
}

func (m *metrics) stored(ack *wire.EventAck) {
	m.rows.WithLabelValues("stored").Add(float64(ack.GetStored()))
	m.rows.WithLabelValues("duplicate").Add(float64(ack.GetDuplicates()))
	m.rows.WithLabelValues("rejected").Add(float64(len(ack.GetRejected())))
	m.events.Add(uint64(ack.GetStored()))
}

func (m *metrics) bought(r *ledger.Receipt) {
	switch {
	case r.Repeat:
		m.orders.WithLabelValues("repeated").Inc()
	case r.OK:
		m.orders.WithLabelValues("ok").Inc()
		m.purchases.Add(1)
	default:
		m.orders.WithLabelValues("refused").Inc()
	}
}
