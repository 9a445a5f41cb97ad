//go:build cgo

package market

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model/library"
	"souk/world"
	"souk/world/plan"
)

// The streaming of stalls' goods. Loaders build what is wanted off the frame's
// thread; a frame sends only as much to the graphics card as it has time for. What is
// farther than models are drawn comes as cards alone, a fortieth of the memory.
const (
	loaders       = 1
	underway      = 12  // loads and things being built or waiting to be sent, at most
	spareJobs     = 16  // and things beyond them
	spareGoods    = 4   // goods' memory that is kept for those to come, up to 1 MB each
	sendsPerFrame = 2   // of them sent in a frame
	keepWithin    = 15  // metres within which a stall is made ready, in view or not
	beforehand    = 3   // metres before its models, or its cards, are drawn that they are made
	patience      = 120 // frames for which what found no room is not asked for again
)

// load is a part of a stall's goods that is made, sent and let go of as a whole.
type load struct {
	part   part
	asked  bool
	ready  bool
	wanted int // frame in which it was last wanted
}

// booth is what a stall's coming near has brought. Starts and spans are of the
// scene's pool.
type booth struct {
	cards     load
	models    load
	near, far []int32 // starts of the items' models, and the end behind the last
	glass     []int32 // where what is clear of each near model begins
	clear     bool    // any of them has something that is
	contacts  span
	tags      part // price tags, with the models
}

// job is what a loader makes: a stall's goods or a pedestal's thing.
type job struct {
	stall int
	cards bool
	goods *goods // of the stall, once they are made
	thing *delivery
}

// booths streams the goods.
type booths struct {
	all     []booth
	frame   int
	loaded  int     // stalls whose models are there
	open    int     // asked and not sent yet
	short   int     // times that something found no room,
	full    int     // the frame in which it was last,
	fullAt  float64 // and how far away that was, metres
	jobs    chan job
	done    chan job
	spare   chan *goods // memory for goods to come
	workers sync.WaitGroup
	sun     r3.Vec
}

func (h *booths) load(p *plan.Plan, sun r3.Vec, models *library.Library, l *letters) {
	h.all = make([]booth, len(p.Stalls))
	h.full = -patience
	h.jobs, h.done = make(chan job, underway+spareJobs), make(chan job, underway+spareJobs)
	h.spare = make(chan *goods, spareGoods)
	h.sun = sun
	for range loaders {
		h.workers.Add(1)
		go func() {
			defer h.workers.Done()
			for j := range h.jobs {
				if j.thing != nil {
					j.thing.fill(models, l)
				} else {
					j.goods = h.blank()
					j.goods.make(p, j.stall, j.cards, sun, models, l)
				}
				h.done <- j
			}
		}()
	}
}

// blank is memory for goods, used before where there is some: a pool that is
// emptied with each collection would bring the next one nearer.
func (h *booths) blank() *goods {
	select {
	case g := <-h.spare:
		return g
	default:
		return &goods{}
	}
}

// keep takes memory for goods back.
func (h *booths) keep(g *goods) {
	select {
	case h.spare <- g:
	default:
	}
}

// end ends the loaders.
func (h *booths) end() {
	if h.jobs != nil {
		close(h.jobs)
		go func() { h.workers.Wait(); close(h.done) }()
		for range h.done {
		}
		h.jobs = nil
	}
}

// of is a stall's load: its cards or its models.
func (h *booths) of(stall int, cards bool) *load {
	if cards {
		return &h.all[stall].cards
	}
	return &h.all[stall].models
}

// drop lets go of a load.
func (h *booths) drop(s *Scene, stall int, cards bool) {
	l, b := h.of(stall, cards), &h.all[stall]
	if l.ready && !cards {
		s.prints.drop(&b.tags)
		b.near, b.glass, b.far, b.contacts = nil, nil, nil, span{} // a long walk comes to every stall
		b.clear = false
		h.loaded--
	}
	s.solids.drop(&l.part)
	*l = load{}
}

// step asks for the goods of the stalls in view, near ones first, and sends
// what has been built. whole waits until everything in view is there.
func (h *booths) step(s *Scene, views []plan.StallView, whole bool) {
	h.frame++
	missing := false
	for _, v := range views {
		d := float64(v.Distance)
		if !v.Open || d > s.detail.cards {
			continue
		}
		b := &h.all[v.Stall]
		if d <= s.detail.goods+beforehand {
			missing = h.want(s, int(v.Stall), false, d, whole) || missing
		}
		// What has no models yet shows its cards meanwhile.
		if d > s.detail.goods-beforehand || !whole && !b.models.ready {
			missing = h.want(s, int(v.Stall), true, d, whole) || missing
		}
	}
	h.receive(s, missing)
	if h.frame%16 == 0 {
		h.around(s)
	}
}

// want asks for a load that is not there, at distance d; whole makes it at once.
// It says whether it is still on its way.
func (h *booths) want(s *Scene, stall int, cards bool, d float64, whole bool) bool {
	l := h.of(stall, cards)
	l.wanted = h.frame
	switch {
	case l.ready || d >= h.fullAt && h.frame < h.full+patience:
		return false
	case whole && !l.asked:
		g := h.blank()
		g.make(s.plan, stall, cards, h.sun, s.opt.Models, s.letters)
		h.send(s, g)
		return false
	case !l.asked && h.open < underway:
		h.ask(stall, cards)
	}
	return true
}

// receive sends what the loaders have finished: all that is under way, or as
// much as a frame has time for.
func (h *booths) receive(s *Scene, all bool) {
	for n := 0; h.open > 0 && (all || n < sendsPerFrame); n++ {
		if all {
			h.open--
			h.take(s, <-h.done)
			continue
		}
		select {
		case j := <-h.done:
			h.open--
			h.take(s, j)
		default:
			return
		}
	}
}

func (h *booths) ask(stall int, cards bool) {
	h.of(stall, cards).asked = true
	h.open++
	h.jobs <- job{stall: stall, cards: cards}
}

// take sends what a loader has made.
func (h *booths) take(s *Scene, j job) {
	if j.thing != nil {
		s.things.deliver(s, j.thing)
		return
	}
	h.send(s, j.goods)
}

// send sends a load to the graphics card, in the place of what is wanted less.
func (h *booths) send(s *Scene, g *goods) {
	defer h.keep(g)
	l, b := h.of(g.stall, g.cardsOnly), &h.all[g.stall]
	p, ok := fit(s, &s.solids, g.vertices, g.indices, h.away(s, g.stall))
	if !ok {
		h.short++
		h.full, h.fullAt = h.frame, h.away(s, g.stall)
		l.asked = false
		return
	}
	l.part, l.ready, l.asked = p, true, true
	l.wanted = max(l.wanted, h.frame-1)
	if g.cardsOnly {
		return
	}
	h.loaded++
	b.near, b.glass, b.far = p.moved(g.near), p.moved(g.glass), p.moved(g.far)
	for k := range b.glass {
		b.clear = b.clear || b.glassOf(k).count > 0
	}
	b.contacts = p.at(g.contacts)
	b.tags, _ = fit(s, &s.prints, g.tags.vertices, g.tags.indices, h.away(s, g.stall))
}

// away is how far a stall is from the eye, metres.
func (h *booths) away(s *Scene, stall int) float64 {
	m := s.plan.Stalls[stall].Box.Center()
	return math.Hypot(m.X-s.cam.eye.X, m.Z-s.cam.eye.Z)
}

// fit sends triangles of something d metres away to a pool; where that is full,
// it lets go of goods first: those not wanted for longest, then the farthest that are
// farther than d. false where that is not enough.
func fit[V vertex | printVertex](s *Scene, q *pool[V], vertices []V, indices []uint32, d float64) (part, bool) {
	for {
		p, ok := q.send(vertices, indices)
		if ok || !s.booths.makeRoom(s, d) {
			return p, ok
		}
	}
}

// makeRoom lets go of the load that is missed least; false where all are nearer
// than d and wanted.
func (h *booths) makeRoom(s *Scene, d float64) bool {
	stall, cards := -1, false
	oldest, farthest := h.frame-20, d
	for n := range h.all {
		for _, c := range [2]bool{false, true} {
			l := h.of(n, c)
			if !l.ready {
				continue
			}
			if l.wanted < oldest {
				oldest, stall, cards = l.wanted, n, c
			} else if oldest == h.frame-20 { // all so far are wanted
				if r := h.away(s, n); r > farthest {
					farthest, stall, cards = r, n, c
				}
			}
		}
	}
	if stall < 0 {
		return false
	}
	if oldest == h.frame-20 {
		h.short++ // it was wanted
	}
	h.drop(s, stall, cards)
	return true
}

// Settle loads all that is in view from a pose, and what is near it, and waits
// for it: for pictures and films, where nothing may still be on its way.
func (s *Scene) Settle(pose world.Pose, lens world.Lens) {
	_, high := s.picture.size(s.win.Size())
	s.cam.look(pose, lens, far, high)
	s.cull(pose, lens)
	s.things.settle(s)
	h := &s.booths
	h.step(s, s.stallViews, true)
	h.receive(s, true)
	for had := -1; had != h.loaded; {
		had = h.loaded
		h.around(s)
		h.receive(s, true)
	}
}

// around asks, while nothing more urgent is under way, for the models of the
// stalls near the visitor whether in view or not, so that turning round shows
// them at once.
func (h *booths) around(s *Scene) {
	for n := range h.all {
		l := &h.all[n].models
		m := s.plan.Stalls[n].Box.Center()
		if max(math.Abs(m.X-s.cam.eye.X), math.Abs(m.Z-s.cam.eye.Z)) > keepWithin {
			continue
		}
		l.wanted = max(l.wanted, h.frame-1)
		if !l.ready && !l.asked && h.open < underway/2 && h.frame >= h.full+patience {
			h.ask(n, false)
		}
	}
}
