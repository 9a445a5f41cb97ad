package plan

import "gonum.org/v1/gonum/spatial/r3"

// search is the working memory of one path search, kept between searches.
type search struct {
	mark   []uint32 // the round in which a square was reached
	cost   []int32
	prev   []int8 // the direction it was reached by
	round  uint32
	open   []node
	points []r3.Vec
}

type node struct {
	bound int32 // twice the cost so far and three times the least that can still come
	cell  int32
}

// The eight directions; a straight step costs 5, a diagonal one 7.
var directions = [8]struct{ dx, dz, cost int }{{1, 0, 5}, {-1, 0, 5}, {0, 1, 5}, {0, -1, 5}, {1, 1, 7}, {1, -1, 7}, {-1, 1, 7}, {-1, -1, 7}}

// run finds a short way over the free squares from a to b by A* (Hart,
// Nilsson, Raphael 1968) with the octile distance as the bound. Diagonal steps
// need both squares beside them free. The bound is weighted by 3/2 (Pohl 1970): in
// rows of stalls the bare distance misleads so far that nearly all ground would be searched; the way
// is at most half as long again as the shortest, and seldom is longer.
func (s *search) run(w *walkGrid, a, b int) bool {
	if s.round++; s.round == 0 {
		clear(s.mark)
		s.round = 1
	}
	bx, bz := b%w.nx, b/w.nx
	bound := func(c int) int32 {
		dx, dz := c%w.nx-bx, c/w.nx-bz
		dx, dz = max(dx, -dx), max(dz, -dz)
		return 3 * int32(5*max(dx, dz)+2*min(dx, dz))
	}
	s.open = s.open[:0]
	s.mark[a], s.cost[a], s.prev[a] = s.round, 0, -1
	s.push(node{bound(a), int32(a)})
	for len(s.open) > 0 {
		n := s.pop()
		c := int(n.cell)
		if c == b {
			return true
		}
		if n.bound > 2*s.cost[c]+bound(c) {
			continue // reached more cheaply since
		}
		cx, cz := c%w.nx, c/w.nx
		for k, d := range directions {
			x, z := cx+d.dx, cz+d.dz
			if x < 0 || z < 0 || x >= w.nx || z >= w.nz || !w.free[z*w.nx+x] {
				continue
			}
			if k >= 4 && (!w.free[cz*w.nx+x] || !w.free[z*w.nx+cx]) {
				continue
			}
			to, cost := z*w.nx+x, s.cost[c]+int32(d.cost)
			if s.mark[to] == s.round && s.cost[to] <= cost {
				continue
			}
			s.mark[to], s.cost[to], s.prev[to] = s.round, cost, int8(k)
			s.push(node{2*cost + bound(to), int32(to)})
		}
	}
	return false
}

// corners appends the squares of the found way at which it turns, from a to b.
func (s *search) corners(w *walkGrid, a, b int, y float64) {
	first := len(s.points)
	add := func(c int) {
		x, z := w.middle(c)
		s.points = append(s.points, r3.Vec{X: x, Y: y, Z: z})
	}
	add(b)
	for c := b; c != a; {
		k := s.prev[c]
		back := c - directions[k].dz*w.nx - directions[k].dx
		if back == a || s.prev[back] != k {
			add(back)
		}
		c = back
	}
	for i, j := first, len(s.points)-1; i < j; i, j = i+1, j-1 {
		s.points[i], s.points[j] = s.points[j], s.points[i]
	}
}

// push and pop keep open as a binary heap by bound, then by cell, so that
// equal searches go the same way.
func (s *search) push(n node) {
	s.open = append(s.open, n)
	i := len(s.open) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !less(s.open[i], s.open[up]) {
			break
		}
		s.open[i], s.open[up] = s.open[up], s.open[i]
		i = up
	}
}

func (s *search) pop() node {
	top := s.open[0]
	last := len(s.open) - 1
	s.open[0] = s.open[last]
	s.open = s.open[:last]
	for i := 0; ; {
		c := 2*i + 1
		if c >= last {
			break
		}
		if c+1 < last && less(s.open[c+1], s.open[c]) {
			c++
		}
		if !less(s.open[c], s.open[i]) {
			break
		}
		s.open[i], s.open[c] = s.open[c], s.open[i]
		i = c
	}
	return top
}

func less(a, b node) bool { return a.bound < b.bound || a.bound == b.bound && a.cell < b.cell }
