package lens

import "math"

// Vertex is a corner of the mesh that bends an eye's picture: where it lies on
// the eye's half of the window, −1 to 1 from the left and the bottom, where
// each colour is fetched in the eye's picture, 0 to 1, and how bright it is.
type Vertex struct {
	X, Y           float32
	RedU, RedV     float32
	GreenU, GreenV float32
	BlueU, BlueV   float32
	Shade          float32 // 1, falling to 0 at the edge of the field
}

// Mesh appends an eye's mesh: columns × rows cells, corners row by row from the
// lower left, and the triangles that join them, counter-clockwise. The grid is
// even over the eye's picture, so that the edge of the field is the edge of the
// mesh and what is outside is never drawn; cells may reach past the half of the
// window, which is to be cut off there. columns and rows are at least 1.
//
// Between corners the graphics card interpolates linearly: with 40 × 40 cells
// (as many as the Cardboard SDK takes) the error is below a third of a pixel at 1280 × 720.
func (p *Profile) Mesh(side Side, width, height, columns, rows int, vertices []Vertex, indices []uint32) ([]Vertex, []uint32) {
	f := p.Eyes(width, height)[side].Frustum
	first := uint32(len(vertices))
	for j := 0; j <= rows; j++ {
		for i := 0; i <= columns; i++ {
			u, v := float64(i)/float64(columns), float64(j)/float64(rows)
			vertices = append(vertices, p.vertex(side, width, height, f, u, v))
		}
	}
	row := uint32(columns + 1)
	for j := range uint32(rows) {
		for i := range uint32(columns) {
			a := first + j*row + i
			indices = append(indices, a, a+1, a+row+1, a, a+row+1, a+row)
		}
	}
	return vertices, indices
}

// vertex is the corner whose green is fetched at u, v.
func (p *Profile) vertex(side Side, width, height int, f Frustum, u, v float64) Vertex {
	x, y := u*(f.Left+f.Right)-f.Left, v*(f.Down+f.Up)-f.Down
	cx, cy := p.Through(side, width, height, x, y)
	c := Vertex{X: float32(cx), Y: float32(cy), Shade: 1}
	red, blue := 1.0, 1.0
	if p.Lenses {
		// The same place of the screen is seen elsewhere in another colour.
		red, blue = p.Red/p.Green, p.Blue/p.Green
		c.Shade = float32(edge(u, p.Vignette) * edge(v, p.Vignette))
	}
	at := func(k float64) (float32, float32) {
		a, b := f.At(x*k, y*k)
		return float32(a), float32(b)
	}
	c.RedU, c.RedV = at(red)
	c.GreenU, c.GreenV = at(1)
	c.BlueU, c.BlueV = at(blue)
	return c
}

// edge rises smoothly from 0 at both ends of [0,1] to 1 within the given part.
func edge(at, part float64) float64 {
	if part <= 0 {
		return 1
	}
	t := min(1, math.Min(at, 1-at)/part)
	return t * t * (3 - 2*t)
}
