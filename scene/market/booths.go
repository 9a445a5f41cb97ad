//go:build cgo

package market

import (
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model/library"
	"souk/world"
	"souk/world/plan"
)

// The streaming of stalls' goods. Loaders build what is wanted off the frame's
// thread; a frame sends only as much to the graphics card as it has time for.
const (
	loaders       = 1
	underway      = 12  // stalls and things being built or waiting to be sent, at most
	spareJobs     = 16  // and things beyond them
	sendsPerFrame = 2   // of them sent in a frame
	keepBooths    = 200 // stalls kept on the graphics card, at most, but for those in view
	keepWithin    = 15  // metres within which a stall is made ready, in view or not
)

// booth is what a stall's coming near has brought.
type booth struct {
	mesh     mesh
	tags     mesh
	near     []int32
	far      []int32
	cards    span
	contacts span
	asked    bool
	ready    bool
	wanted   int // frame in which it was last wanted
}

// job is what a loader makes: a stall's goods or a pedestal's thing.
type job struct {
	stall int
	goods *goods // of the stall, once they are made
	thing *delivery
}

// booths streams the goods.
type booths struct {
	all     []booth
	frame   int
	loaded  int
	open    int // asked and not sent yet
	jobs    chan job
	done    chan job
	spare   sync.Pool
	workers sync.WaitGroup
	sun     r3.Vec
}

func (h *booths) load(p *plan.Plan, sun r3.Vec, models *library.Library, l *letters) {
	h.all = make([]booth, len(p.Stalls))
	h.jobs, h.done = make(chan job, underway+spareJobs), make(chan job, underway+spareJobs)
	h.spare.New = func() any { return &goods{} }
	h.sun = sun
	for range loaders {
		h.workers.Add(1)
		go func() {
			defer h.workers.Done()
			for j := range h.jobs {
				if j.thing != nil {
					j.thing.fill(models, l)
				} else {
					j.goods = h.spare.Get().(*goods)
					buildGoods(j.goods, p, j.stall, sun, models, l)
				}
				h.done <- j
			}
		}()
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

// free ends the loaders and frees what was sent.
func (h *booths) free(g *gpu) {
	h.end()
	for i := range h.all {
		h.drop(g, i)
	}
}

func (h *booths) drop(g *gpu, n int) {
	b := &h.all[n]
	if b.ready {
		g.freeMesh(&b.mesh)
		g.freeMesh(&b.tags)
		h.loaded--
	}
	*b = booth{near: b.near[:0], far: b.far[:0]}
}

// step asks for the goods of the stalls in view, near ones first, and sends
// what has been built. whole waits until everything in view is there.
func (h *booths) step(s *Scene, views []plan.StallView, reach float64, whole bool) {
	h.frame++
	missing := 0
	for _, v := range views {
		if !v.Open || float64(v.Distance) > reach {
			continue
		}
		b := &h.all[v.Stall]
		b.wanted = h.frame
		switch {
		case b.ready:
		case whole:
			if !b.asked {
				g := h.spare.Get().(*goods)
				buildGoods(g, s.plan, int(v.Stall), h.sun, s.opt.Models, s.letters)
				h.send(s, g)
			} else {
				missing++
			}
		case !b.asked && h.open < underway:
			h.ask(int(v.Stall))
		}
	}
	h.receive(s, missing > 0)
	if h.frame%16 == 0 {
		h.around(s)
	}
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

func (h *booths) ask(n int) {
	h.all[n].asked = true
	h.open++
	h.jobs <- job{stall: n}
}

// take sends what a loader has made.
func (h *booths) take(s *Scene, j job) {
	if j.thing != nil {
		s.things.deliver(s, j.thing)
		return
	}
	h.send(s, j.goods)
}

// send sends a stall's goods to the graphics card.
func (h *booths) send(s *Scene, g *goods) {
	b := &h.all[g.stall]
	b.mesh = upload(&s.gpu, g.vertices, g.indices)
	b.near, b.far = append(b.near[:0], g.near...), append(b.far[:0], g.far...)
	b.cards, b.contacts = g.cards, g.contacts
	b.tags = upload(&s.gpu, g.tags.vertices, g.tags.indices)
	b.ready, b.asked = true, true
	b.wanted = h.frame
	h.loaded++
	h.spare.Put(g)
}

// Settle loads all that is in view from a pose, and what is near it, and waits
// for it: for pictures and films, where nothing may still be on its way.
func (s *Scene) Settle(pose world.Pose, lens world.Lens) {
	_, high := s.picture.size(s.win.Size())
	s.cam.look(pose, lens, far, high)
	s.cull(pose, lens)
	s.things.settle(s)
	h := &s.booths
	h.step(s, s.stallViews, s.detail.cards, true)
	h.receive(s, true)
	for had := -1; had != h.loaded; {
		had = h.loaded
		h.around(s)
		h.receive(s, true)
	}
}

// around asks, while nothing more urgent is under way, for the stalls near the
// visitor whether in view or not, so that turning round shows them at once, and frees
// those that were not wanted for longest where too many are kept.
func (h *booths) around(s *Scene) {
	for n := range h.all {
		b := &h.all[n]
		st := &s.plan.Stalls[n]
		m := st.Box.Center()
		if max(math.Abs(m.X-s.cam.eye.X), math.Abs(m.Z-s.cam.eye.Z)) > keepWithin {
			continue
		}
		if b.ready {
			b.wanted = max(b.wanted, h.frame-1)
		} else if !b.asked && h.open < underway/2 {
			h.ask(n)
		}
	}
	if h.loaded <= keepBooths {
		return
	}
	var old []int
	for n := range h.all {
		if h.all[n].ready && h.all[n].wanted < h.frame-1 {
			old = append(old, n)
		}
	}
	slices.SortFunc(old, func(a, b int) int { return h.all[a].wanted - h.all[b].wanted })
	for _, n := range old[:min(len(old), h.loaded-keepBooths*9/10)] {
		h.drop(&s.gpu, n)
	}
}

// drawGoods draws the goods of the stalls in view, each item in the form that
// its size on the screen asks for: near models, or what stands for them farther
// away. Where the gaze is known, less is spent away from it.
func (s *Scene) drawGoods(near bool) {
	h := &s.booths
	for _, v := range s.stallViews {
		b := &h.all[v.Stall]
		if !v.Open || !b.ready || float64(v.Distance) > s.detail.cards {
			continue
		}
		if float64(v.Distance) > s.detail.goods {
			if !near {
				s.push(b.cards)
			}
		} else {
			s.pushGoods(&s.plan.Stalls[v.Stall], b, near)
		}
		s.flushMesh(&b.mesh)
	}
}

// pushGoods pushes those of a stall's items that are drawn near, or the others.
func (s *Scene) pushGoods(st *plan.Stall, b *booth, near bool) {
	for k := range int(st.Slots) {
		if (s.pixels(st.FirstSlot+world.SlotIndex(k)) >= s.detail.near) != near {
			continue
		}
		from := b.far
		if near {
			from = b.near
		}
		s.push(span{from[k], from[k+1] - from[k]})
	}
}

// pixels is how high an item of a shelf is on the screen, less where the gaze
// is known to be elsewhere: see Scene.SetGaze.
func (s *Scene) pixels(slot world.SlotIndex) float64 {
	q := &s.plan.Slots[slot]
	size := s.plan.ItemSize(slot, q.Item)
	d := r3.Sub(q.Pos, s.cam.eye)
	r := max(.1, r3.Norm(d))
	px := max(size.X, size.Y) / r * s.cam.pixels
	if !s.gazing {
		return px
	}
	// Resolution falls with eccentricity e as 1/(1+e/E2); E2 is some 2.3° for
	// acuity (Strasburger, Rentschler and Jüttner 2011), taken at four times that, since the gaze
	// may have moved on before the picture is seen.
	e := math.Acos(max(-1, min(1, r3.Dot(d, s.gaze)/r)))
	return px / (1 + e/foveal)
}

// foveal is the eccentricity at which half the detail is enough, radians.
const foveal = 9.2 * math.Pi / 180
