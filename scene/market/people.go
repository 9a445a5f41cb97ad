//go:build cgo

package market

import (
	"math"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/lettering"
	"souk/scene/market/model"
	"souk/world"
)

// figure is a person as it is drawn.
type figure struct {
	id     uint64
	name   string
	pose   world.Pose
	speed  float64
	phase  float64 // of the steps, radians
	colour world.RGB
	body   [3]mesh // trunk and head, leg, arm
	field  int
	there  bool
}

type people struct{ all []figure }

func (p *people) load(*gpu) {}

func (p *people) free(g *gpu) {
	for i := range p.all {
		for k := range p.all[i].body {
			g.freeMesh(&p.all[i].body[k])
		}
	}
	p.all = nil
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
			all = append(all, figure{id: a.ID, field: -1})
			f = &all[len(all)-1]
		}
		if f.name != a.Name {
			f.name = a.Name
			s.things.field(s, &f.field, []line{{a.Name, lettering.Style{Size: 52, Weight: lettering.Bold}}})
		}
		if f.body[0].array == 0 || f.colour != a.Colour {
			f.colour = a.Colour
			for k := range f.body {
				s.gpu.freeMesh(&f.body[k])
			}
			f.body = figureMeshes(&s.gpu, a.Colour, a.ID)
		}
		f.pose, f.speed, f.there = a.Pose, a.Speed, true
	}
	kept := all[:0]
	for i := range all {
		if all[i].there {
			kept = append(kept, all[i])
			continue
		}
		for k := range all[i].body {
			s.gpu.freeMesh(&all[i].body[k])
		}
		s.things.release(&all[i].field)
	}
	s.people.all = kept
}

// figureMeshes builds a person 1.75 m tall in a coat of the given colour.
func figureMeshes(g *gpu, c world.RGB, id uint64) [3]mesh {
	skin := model.Mix(world.RGB{R: .93, G: .76, B: .62}, world.RGB{R: .45, G: .30, B: .22}, float32(chance(id, 1, 80)))
	hair := model.Mix(world.RGB{R: .14, G: .10, B: .08}, world.RGB{R: .62, G: .42, B: .22}, float32(chance(id, 2, 80)))
	trousers := model.Dim(model.Mix(c, world.RGB{R: .25, G: .25, B: .32}, .75), .8)
	rim := func(r, y float64) model.Rim { return model.Rim{R: r, Y: y} }
	var b model.Builder
	b.Home()
	b.Paint(c, model.Cloth)
	b.Lathe(14, rim(.16, .70), rim(.21, .72), rim(.185, .95), rim(.17, 1.08), rim(.205, 1.30), rim(.19, 1.40), rim(.09, 1.47), rim(.07, 1.49))
	b.Paint(model.Mix(c, cream, .7), model.Cloth)
	b.Lathe(14, rim(.178, 1.0), rim(.19, 1.01), rim(.186, 1.06), rim(.172, 1.07))
	b.Paint(skin, model.Leather)
	b.Lathe(8, rim(.055, 1.46), rim(.055, 1.54))
	b.Ball(v3(0, 1.64, 0), v3(.105, .13, .115), 14)
	b.Ball(v3(0, 1.63, -.115), v3(.018, .025, .02), 6)
	b.Paint(hair, model.Cloth)
	b.Ball(v3(0, 1.685, .022), v3(.115, .115, .118), 12)
	b.Paint(world.RGB{R: .1, G: .08, B: .08}, model.Ceramic)
	for _, x := range []float64{-.042, .042} {
		b.Ball(v3(x, 1.655, -.102), v3(.013, .017, .012), 6)
	}
	trunk := solidMesh(g, &b.Mesh)
	var l model.Builder
	l.Home()
	l.Paint(trousers, model.Cloth) // from the hip, at the origin, down
	l.Tube(8, .088, .058, v3(0, 0, 0), v3(0, -.4, -.01), v3(0, -.74, 0))
	l.Paint(world.RGB{R: .22, G: .15, B: .11}, model.Leather)
	l.Ball(v3(0, -.745, -.05), v3(.055, .045, .12), 8)
	leg := solidMesh(g, &l.Mesh)
	var a model.Builder
	a.Home()
	a.Paint(model.Dim(c, .92), model.Cloth)
	a.Tube(7, .062, .045, v3(0, 0, 0), v3(0, -.28, .01), v3(0, -.52, -.04))
	a.Paint(skin, model.Leather)
	a.Ball(v3(0, -.56, -.05), v3(.042, .055, .045), 8)
	arm := solidMesh(g, &a.Mesh)
	return [3]mesh{trunk, leg, arm}
}

// step moves the legs on with the ground covered: a pair of steps is 1.4 m.
func (p *people) step(_, dt float64) {
	for i := range p.all {
		f := &p.all[i]
		f.phase = math.Mod(f.phase+dt*f.speed/1.4*2*math.Pi, 2*math.Pi)
	}
}

// draw draws the people in view with the moving program.
func (p *people) draw(s *Scene) {
	prog := s.moving
	gl.Uniform1f(prog.at("uFade"), 1.001)
	gl.Uniform4f(prog.at("uGlow"), 0, 0, 0, 0)
	for i := range p.all {
		f := &p.all[i]
		eye := f.pose.Pos
		if d := r3.Norm(r3.Sub(eye, s.cam.eye)); d < .4 || d > 60 || !s.cam.sees(v3(eye.X, eye.Y-.8, eye.Z), v3(.4, .95, .4)) {
			continue
		}
		yaw, _ := f.pose.YawPitch()
		walk := min(1, f.speed/.6)
		swing := math.Sin(f.phase) * walk
		foot := eye
		foot.Y = eye.Y - 1.655 + .03*walk*math.Abs(math.Cos(f.phase)) - .03*walk
		body := spin(foot, yaw)
		gl.UniformMatrix4fv(prog.at("uModel"), 1, false, &body[0])
		s.shade(prog, eye)
		s.drawMesh(&f.body[0])
		for _, side := range [2]float64{-1, 1} {
			limb(s, prog, &body, &f.body[1], v3(side*.095, .80, 0), .55*swing*side)
			limb(s, prog, &body, &f.body[2], v3(side*.235, 1.36, 0), -.5*swing*side)
		}
	}
}

// limb draws an arm or a leg hung at a joint of the body and swung to the front.
func limb(s *Scene, prog *program, body *matrix, m *mesh, joint r3.Vec, swing float64) {
	sn, c := math.Sincos(swing)
	local := matrix{1, 0, 0, 0, 0, float32(c), float32(sn), 0, 0, float32(-sn), float32(c), 0, float32(joint.X), float32(joint.Y), float32(joint.Z), 1}
	all := body.times(&local)
	gl.UniformMatrix4fv(prog.at("uModel"), 1, false, &all[0])
	s.drawMesh(m)
}
