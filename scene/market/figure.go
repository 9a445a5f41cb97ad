package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
)

// A figure's parts, in the order of its mesh. Legs and arms hang down from
// their joint at the origin; trunk and head stand where they are on a person who stands.
const (
	partTrunk = iota
	partHead
	partThigh
	partShin
	partUpperArm
	partForearm
	partFar    // all of a person who stands, of few triangles
	partStride // and of one who walks
	parts
)

// looks are what tells people apart, all from their number.
type looks struct {
	coat, trousers, trim, skin, hair, shoes world.RGB
	dress                                   int // 0 jacket, 1 coat, 2 robe, 3 apron
	head                                    int // 0 short hair, 1 long, 2 bun, 3 straw hat, 4 turban, 5 cap
	scale                                   float64
	stout                                   float64 // width against the usual
}

// looksOf dresses a person in a coat of the given colour.
func looksOf(id uint64, c world.RGB) looks {
	k := func(salt int) float64 { return chance(id, salt, 80) }
	l := looks{coat: c, dress: int(k(3) * 4), head: int(k(4) * 6), scale: .93 + .12*k(5), stout: .92 + .22*k(6)}
	l.skin = model.Mix(world.RGB{R: .95, G: .78, B: .64}, world.RGB{R: .38, G: .25, B: .18}, float32(k(1)))
	hairs := [...]world.RGB{{R: .09, G: .07, B: .06}, {R: .22, G: .14, B: .09}, {R: .45, G: .28, B: .14}, {R: .66, G: .48, B: .26}, {R: .62, G: .60, B: .57}, {R: .42, G: .18, B: .10}}
	l.hair = hairs[int(k(2)*float64(len(hairs)))]
	cloths := [...]world.RGB{{R: .24, G: .25, B: .33}, {R: .42, G: .34, B: .26}, {R: .66, G: .60, B: .50}, {R: .20, G: .30, B: .30}, {R: .36, G: .22, B: .22}}
	l.trousers = cloths[int(k(7)*float64(len(cloths)))]
	trims := [...]world.RGB{cream, {R: .86, G: .68, B: .28}, {R: .62, G: .20, B: .18}, {R: .18, G: .38, B: .42}, model.Mix(c, cream, .75)}
	l.trim = trims[int(k(8)*float64(len(trims)))]
	l.shoes = model.Mix(world.RGB{R: .20, G: .13, B: .09}, world.RGB{R: .48, G: .30, B: .18}, float32(k(9)))
	return l
}

// figureParts builds all parts of a person; spans say where each lies.
func figureParts(l looks) (m model.Mesh, spans [parts]span) {
	for i, build := range [parts]func(*model.Builder, looks){trunk, head, thigh, shin, upperArm, forearm,
		func(b *model.Builder, l looks) { farFigure(b, l, 0) }, func(b *model.Builder, l looks) { farFigure(b, l, .26) }} {
		var b model.Builder
		b.Home()
		build(&b, l)
		spans[i] = span{int32(len(m.Indices)), int32(len(b.Mesh.Indices))}
		base := uint32(len(m.Vertices))
		m.Vertices = append(m.Vertices, b.Mesh.Vertices...)
		for _, j := range b.Mesh.Indices {
			m.Indices = append(m.Indices, base+j)
		}
	}
	return m, spans
}

// squeeze makes what was added from a vertex on wider and flatter: people are
// not turned on a lathe.
func squeeze(b *model.Builder, from int, x, z float64) {
	for i := from; i < len(b.Mesh.Vertices); i++ {
		v := &b.Mesh.Vertices[i]
		z := z + (1-z)*smoothstep(.95, .5, float64(v.Y)) // skirts leave room for the knees
		v.X, v.Z = v.X*float32(x), v.Z*float32(z)
		n := v3(float64(v.Normal[0])/x, float64(v.Normal[1]), float64(v.Normal[2])/z)
		k := 127 / math.Sqrt(n.X*n.X+n.Y*n.Y+n.Z*n.Z)
		v.Normal = [3]int8{int8(n.X * k), int8(n.Y * k), int8(n.Z * k)}
	}
}

func rim(r, y float64) model.Rim { return model.Rim{R: r, Y: y} }

func trunk(b *model.Builder, l looks) {
	from := len(b.Mesh.Vertices)
	b.Paint(l.coat, model.Cloth)
	const n = 9
	shoulders := []model.Rim{rim(.150, 1.06), rim(.172, 1.24), rim(.178, 1.34), rim(.150, 1.425), rim(.062, 1.475)}
	switch l.dress {
	case 0:
		b.Lathe(n, append([]model.Rim{rim(.176, .77), rim(.166, .92)}, shoulders...)...)
	case 1:
		b.Lathe(n, append([]model.Rim{rim(.235, .50), rim(.172, .92)}, shoulders...)...)
	case 2:
		b.Lathe(n, append([]model.Rim{rim(.285, .14), rim(.245, .52), rim(.170, .93)}, shoulders...)...)
	default:
		b.Lathe(n, append([]model.Rim{rim(.172, .80), rim(.166, .93)}, shoulders...)...)
	}
	b.Paint(l.trim, model.Cloth)
	if l.dress == 3 { // an apron over the front
		b.Quad(v3(-.13, .52, -.235), v3(-.13, 1.0, -.205), v3(.13, 1.0, -.205), v3(.13, .52, -.235))
		b.Quad(v3(-.10, 1.0, -.205), v3(-.09, 1.30, -.195), v3(.09, 1.30, -.195), v3(.10, 1.0, -.205))
	}
	b.Lathe(n, rim(.172, .985), rim(.163, 1.045)) // a sash
	b.Lathe(8, rim(.085, 1.452), rim(.064, 1.49)) // a collar
	squeeze(b, from, l.stout, .70*l.stout)
	b.Paint(l.skin, model.Leather)
	b.Lathe(7, rim(.052, 1.44), rim(.050, 1.55))
}

// head is built around the neck, so that it turns about it: its origin is neckHigh
// above the ground.
func head(b *model.Builder, l looks) {
	const up = 1.635 - neckHigh
	b.Paint(l.skin, model.Leather)
	b.Ball(v3(0, up, 0), v3(.088, .122, .104), 9)
	b.Tri(v3(-.014, up-.022, -.103), v3(0, up+.02, -.100), v3(0, up-.02, -.127))
	b.Tri(v3(0, up+.02, -.100), v3(.014, up-.022, -.103), v3(0, up-.02, -.127))
	b.Tri(v3(-.014, up-.022, -.103), v3(0, up-.02, -.127), v3(.014, up-.022, -.103))
	// What is painted on a face lies on its curve.
	face := func(x, y, w, h float64) {
		at := func(x, y float64) r3.Vec {
			d := 1 - x*x/(.088*.088) - (y-up)*(y-up)/(.122*.122)
			return v3(x, y, -.104*math.Sqrt(max(.1, d))-.001)
		}
		b.Quad(at(x-w, y-h), at(x-w, y+h), at(x+w, y+h), at(x+w, y-h))
	}
	for _, x := range []float64{-.036, .036} {
		b.Paint(world.RGB{R: .08, G: .06, B: .06}, model.Matt)
		face(x, up+.018, .012, .009)
		b.Paint(model.Dim(l.hair, .8), model.Matt)
		face(x*1.05, up+.043, .018, .004)
	}
	b.Paint(model.Mix(l.skin, world.RGB{R: .60, G: .22, B: .20}, .5), model.Matt)
	face(0, up-.060, .024, .005)
	b.Paint(l.hair, model.Cloth)
	cap := func(low float64) {
		b.Ball(v3(0, up+.036, .020), v3(.107, .112, .109), 7)
		if low > 0 {
			b.Prism(v3(-.085, up-low, .045), v3(.085, up+.03, .115), 1.05, .9)
		}
	}
	switch l.head {
	case 0:
		cap(0)
	case 1:
		cap(.20)
	case 2:
		cap(0)
		b.Ball(v3(0, up+.10, .095), v3(.045, .045, .045), 5)
	case 3:
		b.Ball(v3(0, up+.018, .022), v3(.104, .088, .108), 6)
		b.Paint(world.RGB{R: .86, G: .72, B: .44}, model.Wicker)
		b.Lathe(8, rim(.21, up+.055), rim(.10, up+.075), rim(.09, up+.15), rim(0, up+.165))
		b.Lathe(8, rim(.10, up+.07), rim(.21, up+.05))
	case 4:
		b.Paint(l.trim, model.Cloth)
		b.Lathe(9, rim(.095, up+.030), rim(.122, up+.060), rim(.118, up+.115), rim(.070, up+.150), rim(0, up+.155))
	case 5:
		b.Ball(v3(0, up+.018, .022), v3(.104, .088, .108), 6)
		b.Paint(l.trim, model.Cloth)
		b.Lathe(9, rim(.102, up+.060), rim(.098, up+.125), rim(0, up+.135))
	}
}

func thigh(b *model.Builder, l looks) {
	if l.dress == 2 {
		return // a robe hides it
	}
	b.Paint(l.trousers, model.Cloth)
	b.Tube(7, .083*l.stout, .060, v3(0, .04, 0), v3(0, -thighLong-.01, 0))
}

func shin(b *model.Builder, l looks) {
	b.Paint(l.trousers, model.Cloth)
	top := .02
	if l.dress == 2 {
		top = -shinLong + .10
	}
	b.Tube(7, .060, .047, v3(0, top, 0), v3(0, -shinLong-.015, .004))
	b.Paint(l.shoes, model.Leather)
	b.Prism(v3(-.044, -shinLong-ankleHigh, -.165), v3(.044, -shinLong+.015, .062), .82, .74)
}

func upperArm(b *model.Builder, l looks) {
	b.Paint(model.Dim(l.coat, .93), model.Cloth)
	b.Lathe(7, rim(.046, -.295), rim(.060, -.03), rim(.045, .035), rim(0, .055))
}

func forearm(b *model.Builder, l looks) {
	c := l.coat
	if l.dress == 3 {
		c = l.skin // sleeves rolled up
	}
	b.Paint(model.Dim(c, .93), model.Cloth)
	b.Tube(6, .047, .036, v3(0, .012, 0), v3(0, -.225, 0))
	b.Paint(l.skin, model.Leather)
	b.Prism(v3(-.018, -.315, -.036), v3(.018, -.215, .030), .9, .8)
}

// farFigure is a person from far: at most 60 triangles.
func farFigure(b *model.Builder, l looks, stride float64) {
	prong := func(c world.RGB, p, q r3.Vec, r float64) { // three sides without ends
		b.Paint(c, model.Cloth)
		at := func(o r3.Vec, k int, r float64) r3.Vec {
			sn, c := math.Sincos(float64(k) / 3 * 2 * math.Pi)
			return v3(o.X+r*sn, o.Y, o.Z+r*c)
		}
		for k := range 3 {
			b.Quad(at(q, k, r*.7), at(q, k+1, r*.7), at(p, k+1, r), at(p, k, r))
		}
	}
	low := .80
	switch l.dress {
	case 1:
		low = .50
	case 2:
		low = .16
	}
	b.Paint(l.coat, model.Cloth)
	b.Lathe(4, rim(.16+.13*(1-low), low), rim(.21, 1.34), rim(.05, 1.49))
	if l.dress != 2 {
		prong(l.trousers, v3(-hipWide, .9, 0), v3(-hipWide, 0, -stride), .09)
		prong(l.trousers, v3(hipWide, .9, 0), v3(hipWide, 0, stride), .09)
	}
	prong(l.coat, v3(-.19, 1.38, 0), v3(-.22, .78, stride*.8), .055)
	prong(l.coat, v3(.19, 1.38, 0), v3(.22, .78, -stride*.8), .055)
	b.Paint(l.skin, model.Leather)
	b.Lathe(4, rim(0, 1.50), rim(.10, 1.58), rim(.09, 1.68))
	c := l.hair
	if l.head > 2 {
		c = l.trim
	}
	b.Paint(c, model.Cloth)
	b.Lathe(4, rim(.115, 1.65), rim(0, 1.80))
}
