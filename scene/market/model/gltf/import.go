package gltf

import (
	"fmt"
	"math"

	khr "github.com/qmuntal/gltf"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
)

// Import reads a .glb into one mesh, in the file's metres, standing where it stands
// in the file. The nodes' places and turns are applied; skins, morphs, animations,
// cameras, lights, points and lines are left out. Base colour, vertex colours and the
// base colour texture become the vertices' colours: a texture is read at the vertices
// only, so a picture on two large triangles is lost. What a material is made of is
// guessed from its name, or else from how metallic, rough and clear it is; files that
// [Export] wrote come back as they were.
//
// Nothing but the bytes given is opened. A file that is damaged, breaks a limit or needs
// what is not read gives an error of one sentence with a cure; it never panics and uses
// memory in proportion to the limits.
func Import(raw []byte, lim Limits) (*model.Mesh, error) {
	f, err := open(raw, lim)
	if err != nil {
		return nil, err
	}
	im := &importer{file: f, images: map[int]*picture{}, reached: make([]bool, len(f.doc.Nodes))}
	roots, err := f.roots()
	if err != nil {
		return nil, err
	}
	for _, n := range roots {
		if err := im.node(n, identity); err != nil {
			return nil, err
		}
	}
	if im.mesh.Triangles() == 0 {
		return nil, fmt.Errorf("the file's scene has no triangles; export it with its meshes")
	}
	b := im.mesh.Bounds()
	if size := r3.Sub(b.Max, b.Min); max(size.X, size.Y, size.Z) < 1e-6 {
		return nil, fmt.Errorf("the model is smaller than a micrometre; export it in metres")
	}
	return &im.mesh, nil
}

// importer gathers the triangles of a file.
type importer struct {
	*file
	mesh    model.Mesh
	images  map[int]*picture // by texture
	reached []bool           // nodes
	texels  int              // of the images decoded so far
	read    int              // vertices and corners read so far, shared ones as often as they are used
}

// roots are the nodes of the scene that is shown.
func (f *file) roots() ([]int, error) {
	if len(f.doc.Scenes) == 0 {
		// Without a scene the nodes that nobody holds are shown.
		held := make([]bool, len(f.doc.Nodes))
		for _, n := range f.doc.Nodes {
			if n != nil {
				for _, c := range n.Children {
					if c >= 0 && c < len(held) {
						held[c] = true
					}
				}
			}
		}
		var roots []int
		for i := range held {
			if !held[i] {
				roots = append(roots, i)
			}
		}
		return roots, nil
	}
	scene := 0
	if f.doc.Scene != nil {
		scene = *f.doc.Scene
	}
	if scene < 0 || scene >= len(f.doc.Scenes) || f.doc.Scenes[scene] == nil {
		return nil, damaged("scene", scene)
	}
	return f.doc.Scenes[scene].Nodes, nil
}

// matrix is an affine map: three columns and an origin.
type matrix struct{ x, y, z, o r3.Vec }

var identity = matrix{x: r3.Vec{X: 1}, y: r3.Vec{Y: 1}, z: r3.Vec{Z: 1}}

func (m *matrix) turn(v r3.Vec) r3.Vec {
	return r3.Add(r3.Scale(v.X, m.x), r3.Add(r3.Scale(v.Y, m.y), r3.Scale(v.Z, m.z)))
}

func (m *matrix) place(v r3.Vec) r3.Vec { return r3.Add(m.o, m.turn(v)) }

// after is m applied after n.
func (m *matrix) after(n matrix) matrix {
	return matrix{m.turn(n.x), m.turn(n.y), m.turn(n.z), m.place(n.o)}
}

// volume is by how much the map enlarges volumes, less than 0 where it mirrors.
func (m *matrix) volume() float64 { return r3.Dot(r3.Cross(m.x, m.y), m.z) }

// own is a node's matrix in its parent.
func own(n *khr.Node) matrix {
	if a := n.MatrixOrDefault(); a != khr.DefaultMatrix {
		return matrix{r3.Vec{X: a[0], Y: a[1], Z: a[2]}, r3.Vec{X: a[4], Y: a[5], Z: a[6]}, r3.Vec{X: a[8], Y: a[9], Z: a[10]}, r3.Vec{X: a[12], Y: a[13], Z: a[14]}}
	}
	t, q, s := n.TranslationOrDefault(), n.RotationOrDefault(), n.ScaleOrDefault()
	l := math.Sqrt(q[0]*q[0] + q[1]*q[1] + q[2]*q[2] + q[3]*q[3])
	x, y, z, w := q[0]/l, q[1]/l, q[2]/l, q[3]/l
	return matrix{
		x: r3.Scale(s[0], r3.Vec{X: 1 - 2*(y*y+z*z), Y: 2 * (x*y + z*w), Z: 2 * (x*z - y*w)}),
		y: r3.Scale(s[1], r3.Vec{X: 2 * (x*y - z*w), Y: 1 - 2*(x*x+z*z), Z: 2 * (y*z + x*w)}),
		z: r3.Scale(s[2], r3.Vec{X: 2 * (x*z + y*w), Y: 2 * (y*z - x*w), Z: 1 - 2*(x*x+y*y)}),
		o: r3.Vec{X: t[0], Y: t[1], Z: t[2]},
	}
}

// node adds a node's mesh and its children's.
func (im *importer) node(i int, above matrix) error {
	if i < 0 || i >= len(im.doc.Nodes) || im.doc.Nodes[i] == nil {
		return damaged("node", i)
	}
	if im.reached[i] {
		return fmt.Errorf("node %d of the file hangs in two places or in itself; the nodes must be a tree, export it again", i)
	}
	im.reached[i] = true
	n := im.doc.Nodes[i]
	at := above.after(own(n))
	if n.Mesh != nil {
		if *n.Mesh < 0 || *n.Mesh >= len(im.doc.Meshes) || im.doc.Meshes[*n.Mesh] == nil {
			return damaged("mesh", *n.Mesh)
		}
		for k, p := range im.doc.Meshes[*n.Mesh].Primitives {
			if p == nil {
				return damaged("primitive", k)
			}
			if err := im.primitive(p, at); err != nil {
				return fmt.Errorf("mesh %d, primitive %d: %w", *n.Mesh, k, err)
			}
		}
	}
	for _, c := range n.Children {
		if err := im.node(c, at); err != nil {
			return err
		}
	}
	return nil
}

// corners lists the triangles' corners of a primitive by its mode.
func (im *importer) corners(p *khr.Primitive, places int) ([]uint32, error) {
	var order []uint32
	if p.Indices == nil {
		order = make([]uint32, places)
		for i := range order {
			order[i] = uint32(i)
		}
	} else {
		list, each, err := im.numbers(*p.Indices, "the list of corners")
		if err != nil {
			return nil, err
		}
		if each != 1 {
			return nil, fmt.Errorf("the list of corners holds vectors; export the file again")
		}
		order = make([]uint32, len(list))
		for i, x := range list {
			if !(x >= 0 && x < float64(places)) {
				return nil, fmt.Errorf("corner %d is vertex %g of %d; the file is damaged, export it again", i, x, places)
			}
			order[i] = uint32(x)
		}
	}
	var out []uint32
	switch p.Mode {
	case khr.PrimitiveTriangles:
		out = order[:len(order)/3*3]
	case khr.PrimitiveTriangleStrip:
		for i := 0; i+2 < len(order); i++ {
			out = append(out, order[i], order[i+1+i%2], order[i+2-i%2])
		}
	case khr.PrimitiveTriangleFan:
		for i := 1; i+1 < len(order); i++ {
			out = append(out, order[0], order[i], order[i+1])
		}
	}
	if all := im.mesh.Triangles() + len(out)/3; all > im.lim.Triangles {
		return nil, fmt.Errorf("the model has more than the %d triangles that are taken (at least %d); simplify it", im.lim.Triangles, all)
	}
	return out, nil
}

// bounded refuses a primitive before it is read that cannot keep to the limits: one
// accessor may stand behind thousands of primitives.
func (im *importer) bounded(p *khr.Primitive, places int) error {
	most := 3*im.lim.Triangles + 2
	lists := []int{places}
	if p.Indices != nil {
		lists = append(lists, *p.Indices)
	}
	im.read += 64
	for _, i := range lists {
		if i < 0 || i >= len(im.doc.Accessors) {
			return damaged("accessor", i)
		}
		n := im.doc.Accessors[i].Count
		if n > most {
			return fmt.Errorf("it has %d vertices or corners, more than the %d that are taken; simplify it", n, most)
		}
		im.read += max(0, n)
	}
	if im.read > 4*most+64_000 {
		return fmt.Errorf("the model has more vertices in all than are taken; simplify it and join its parts")
	}
	return nil
}

// primitive adds a primitive's triangles.
func (im *importer) primitive(p *khr.Primitive, at matrix) error {
	index, ok := p.Attributes[khr.POSITION]
	if !ok {
		return nil
	}
	if err := im.bounded(p, index); err != nil {
		return err
	}
	places, each, err := im.numbers(index, "POSITION")
	if err != nil {
		return err
	}
	if each != 3 {
		return fmt.Errorf("its places are no vectors of three; export the file again")
	}
	count := len(places) / 3
	corners, err := im.corners(p, count)
	if err != nil || len(corners) == 0 {
		return err
	}
	paint, err := im.paint(p, corners, count)
	if err != nil {
		return err
	}
	normals, err := im.normals(p, places, corners)
	if err != nil {
		return err
	}
	// Only vertices that triangles use are kept, in the order of their use.
	mirror := at.volume() < 0
	inverse := normalMap(at)
	moved := make([]int32, count)
	for i := 0; i < len(corners); i += 3 {
		a, b, c := corners[i], corners[i+1], corners[i+2]
		if a == b || b == c || a == c {
			continue
		}
		if mirror {
			b, c = c, b
		}
		for _, j := range [3]uint32{a, b, c} {
			if moved[j] == 0 {
				q := at.place(r3.Vec{X: places[3*j], Y: places[3*j+1], Z: places[3*j+2]})
				if !(math.Abs(q.X) < 1e6 && math.Abs(q.Y) < 1e6 && math.Abs(q.Z) < 1e6) {
					return fmt.Errorf("vertex %d lies at no place within 1,000 km; export the model in metres, near the origin", j)
				}
				im.mesh.Vertices = append(im.mesh.Vertices, paint.vertex(j, q, inverse.turn(normals[j])))
				moved[j] = int32(len(im.mesh.Vertices))
			}
			im.mesh.Indices = append(im.mesh.Indices, uint32(moved[j]-1))
		}
	}
	return nil
}

// normals are the primitive's, or those of its triangles' areas where it has none.
func (im *importer) normals(p *khr.Primitive, places []float64, corners []uint32) ([]r3.Vec, error) {
	out := make([]r3.Vec, len(places)/3)
	if index, ok := p.Attributes[khr.NORMAL]; ok {
		list, each, err := im.numbers(index, "NORMAL")
		if err != nil {
			return nil, err
		}
		if each != 3 || len(list) != len(places) {
			return nil, fmt.Errorf("it has %d normals for %d places; the file is damaged, export it again", len(list)/max(1, each), len(places)/3)
		}
		for i := range out {
			out[i] = r3.Vec{X: list[3*i], Y: list[3*i+1], Z: list[3*i+2]}
		}
		return out, nil
	}
	at := func(j uint32) r3.Vec { return r3.Vec{X: places[3*j], Y: places[3*j+1], Z: places[3*j+2]} }
	for i := 0; i < len(corners); i += 3 {
		n := r3.Cross(r3.Sub(at(corners[i+1]), at(corners[i])), r3.Sub(at(corners[i+2]), at(corners[i])))
		for _, j := range corners[i : i+3] {
			out[j] = r3.Add(out[j], n)
		}
	}
	return out, nil
}

// normalMap is the map that keeps normals upright on what m makes of a surface: the
// transposed inverse, up to a scale.
func normalMap(m matrix) matrix {
	n := matrix{x: r3.Cross(m.y, m.z), y: r3.Cross(m.z, m.x), z: r3.Cross(m.x, m.y)}
	if m.volume() < 0 {
		n.x, n.y, n.z = r3.Scale(-1, n.x), r3.Scale(-1, n.y), r3.Scale(-1, n.z)
	}
	return n
}
