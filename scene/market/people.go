//go:build cgo

package market

import (
	"math"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// nearPeople is the distance to which people have limbs and faces, metres.
const nearPeople = 15.0

// figure is a person as it is drawn.
type figure struct {
	gait
	id      uint64
	name    string
	pose    world.Pose
	speed   float64
	colour  world.RGB
	looks   looks
	mesh    mesh
	spans   [parts]span
	label   mesh
	placard placard
	there   bool
}

type people struct {
	all    []figure
	breath float64 // seconds, for what stirs in who stands
}

func (p *people) load(*gpu) {}

func (p *people) free(g *gpu) {
	for i := range p.all {
		p.all[i].free(g)
	}
	p.all = nil
}

func (f *figure) free(g *gpu) {
	g.freeMesh(&f.mesh)
	g.freeMesh(&f.label)
}

// SetAvatars says who else is there: those not named are gone. The slice is
// copied. Call it as often as positions arrive.
func (s *Scene) SetAvatars(list []Avatar) {
	all := s.people.all
	for i := range all {
		all[i].there = false
	}
	for _, a := range list {
		var f *figure
		for i := range all {
			if all[i].id == a.ID {
				f = &all[i]
			}
		}
		if f == nil {
			all = append(all, figure{id: a.ID})
			f = &all[len(all)-1]
		}
		if f.name != a.Name {
			f.name = a.Name
			s.gpu.freeMesh(&f.label)
			p := labelOf(s.letters, []line{{a.Name, bold(52)}})
			f.placard.measure(&p)
			f.label = upload(&s.gpu, p.vertices, p.indices)
		}
		if f.mesh.array == 0 || f.colour != a.Colour {
			f.colour, f.looks = a.Colour, looksOf(a.ID, a.Colour)
			s.gpu.freeMesh(&f.mesh)
			m, spans := figureParts(f.looks)
			f.mesh, f.spans = solidMesh(&s.gpu, &m), spans
		}
		f.pose, f.speed, f.there = a.Pose, a.Speed, true
	}
	kept := all[:0]
	for i := range all {
		if all[i].there {
			kept = append(kept, all[i])
			continue
		}
		all[i].free(&s.gpu)
	}
	s.people.all = kept
}

func (p *people) step(_, dt float64) {
	p.breath += dt
	for i := range p.all {
		f := &p.all[i]
		yaw, pitch := f.pose.YawPitch()
		f.gait.step(f.pose.Pos, yaw, pitch, f.speed, dt)
	}
}

// ground is where a person stands.
func (f *figure) ground() r3.Vec {
	return v3(f.pose.Pos.X, f.pose.Pos.Y-eyesHigh, f.pose.Pos.Z)
}

// distance of a person from the eye; false where nothing of it is seen.
func (s *Scene) distanceOf(f *figure) (float64, bool) {
	eye := f.pose.Pos
	d := r3.Norm(r3.Sub(eye, s.cam.eye))
	return d, d > .4 && d < 60 && s.cam.sees(v3(eye.X, eye.Y-.8, eye.Z), v3(.5, 1, .5))
}

// draw draws the people in view.
func (p *people) draw(s *Scene) {
	if len(p.all) == 0 {
		return
	}
	prog := s.moving
	s.use(prog)
	gl.Uniform4f(prog.at("uGlow"), 0, 0, 0, 0)
	for i := range p.all {
		f := &p.all[i]
		d, seen := s.distanceOf(f)
		if !seen {
			continue
		}
		s.shade(prog, f.pose.Pos)
		p.figure(s, prog, f, d)
	}
}

// figure draws a person who is d metres away, with the program in use.
func (p *people) figure(s *Scene, prog *program, f *figure, d float64) {
	gl.BindVertexArray(f.mesh.array)
	frame := spin(f.ground(), f.body)
	for k := 0; k < 12; k++ {
		frame[k] *= float32(f.looks.scale)
	}
	if d <= nearPeople {
		p.limbs(s, prog, f, &frame)
		return
	}
	part := partFar
	if f.pace > .2 && math.Abs(math.Mod(f.phase*2, 1)-.5) > .2 {
		part = partStride
	}
	s.limb(prog, &frame, &matrix{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, f.spans[part])
}

// limbs draws a near person part by part.
func (p *people) limbs(s *Scene, prog *program, f *figure, frame *matrix) {
	walk := min(1, f.pace/.5)
	hips := f.hips(s.opt.ReducedMotion)
	breath, sway := 0.0, 0.0
	if !s.opt.ReducedMotion {
		t := p.breath + float64(f.id%97)
		breath, sway = .004*math.Sin(1.7*t)*(1-.5*walk), .012*math.Sin(.45*t)*(1-walk)
		sway += .014 * walk * math.Cos(2*math.Pi*f.phase)
	}
	drop := hips - hipHigh
	// The trunk leans into the way, and its upper end rises with the breath.
	top := v3(sway*1.4, neckHigh+drop+breath, -.02*walk-.03*smoothstep(1.6, 3, f.pace))
	trunk := bone(top, v3(sway, drop, 0), v3(0, 0, -1))
	trunk[12], trunk[13], trunk[14] = float32(sway), float32(drop), 0
	s.limb(prog, frame, &trunk, f.spans[partTrunk])
	sn, c := math.Sincos(f.head)
	nod := r3.NewRotation(f.nod, v3(c, 0, -sn))
	look := nod.Rotate(v3(-sn, 0, -c))
	head := bone(top, r3.Sub(top, nod.Rotate(v3(0, 1, 0))), look)
	s.limb(prog, frame, &head, f.spans[partHead])
	way := f.way
	if way == (r3.Vec{}) {
		way = v3(0, 0, -1)
	}
	for i, side := range [2]float64{-1, 1} {
		phase := f.phase + .5*float64(i)
		along, lift := f.foot(phase)
		hip := v3(side*hipWide+sway, hips, 0)
		ankle := r3.Add(v3(side*hipWide, ankleHigh+lift, 0), r3.Scale(along, way))
		front := v3(0, 0, -1)
		knee := joint(hip, ankle, front)
		thigh, shin := bone(hip, knee, front), bone(knee, ankle, front)
		s.limb(prog, frame, &thigh, f.spans[partThigh])
		s.limb(prog, frame, &shin, f.spans[partShin])
		// Arms swing against the legs.
		swing := -walk * (.42 + .25*smoothstep(1.5, 3, f.pace)) * math.Cos(2*math.Pi*phase)
		bend := .16 + walk*(.22+.18*math.Sin(2*math.Pi*phase)) + .9*smoothstep(2, 3, f.pace)
		from := v3(side*.196*f.looks.stout+sway*1.3, shoulder+drop+breath, top.Z)
		sw, cw := math.Sincos(swing)
		elbow := r3.Add(from, v3(side*.045, -.285*cw, -.285*sw))
		sb, cb := math.Sincos(swing + bend)
		hand := r3.Add(elbow, v3(-side*.01, -.25*cb, -.25*sb))
		upper, fore := bone(from, elbow, v3(0, .01, -1)), bone(elbow, hand, v3(0, .3, -1))
		s.limb(prog, frame, &upper, f.spans[partUpperArm])
		s.limb(prog, frame, &fore, f.spans[partForearm])
	}
}

// limb draws a part of the bound figure where its bone is in the figure's frame.
func (s *Scene) limb(prog *program, frame, bone *matrix, p span) {
	s.model = frame.times(bone)
	gl.UniformMatrix4fv(prog.at("uModel"), 1, false, &s.model[0])
	gl.DrawElementsWithOffset(gl.TRIANGLES, p.count, gl.UNSIGNED_INT, uintptr(p.first)*4)
	s.stats.DrawCalls++
	s.stats.Triangles += int(p.count) / 3
}

// drawFeet darkens the ground under people a little.
func (s *Scene) drawFeet() {
	began := false
	for i := range s.people.all {
		f := &s.people.all[i]
		d, seen := s.distanceOf(f)
		if !seen || d > 30 {
			continue
		}
		if !began {
			began = true
			s.use(s.halo)
			gl.Enable(gl.BLEND)
			gl.BlendFunc(gl.ZERO, gl.ONE_MINUS_SRC_COLOR)
			gl.DepthMask(false)
			gl.Uniform3f(s.halo.at("uRight"), 1, 0, 0)
			gl.Uniform3f(s.halo.at("uUp"), 0, 0, -1)
			gl.BindVertexArray(s.empty)
		}
		at := f.ground()
		gl.Uniform4f(s.halo.at("uCentre"), float32(at.X), float32(at.Y+.012), float32(at.Z), .44)
		gl.Uniform4f(s.halo.at("uGlow"), .62, .60, .56, float32(min(1, (30-d)/10)))
		gl.DrawArrays(gl.TRIANGLE_STRIP, 0, 4)
		s.stats.DrawCalls++
	}
	if began {
		gl.DepthMask(true)
		gl.Disable(gl.BLEND)
	}
}
