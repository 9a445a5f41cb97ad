package market

// extent is a run of places: [first, first+count).
type extent struct{ first, count int32 }

// end is the place behind the last.
func (x extent) end() int32 { return x.first + x.count }

// extents shares out the places [0, size), in runs: the first gap that is wide
// enough, from the front (Knuth, The Art of Computer Programming 1, 2.5, algorithm A). The
// zero value has no places.
type extents struct {
	free []extent // gaps, from the front, none touching another
	size int32
	left int32 // places in the gaps
}

// newExtents is size places, all of them free.
func newExtents(size int32) extents {
	return extents{free: []extent{{0, size}}, size: size, left: size}
}

// taken is how many places are not free.
func (e *extents) taken() int32 { return e.size - e.left }

// take gives n places in a row, false where no gap is as wide. None are a run
// without places, which always fits.
func (e *extents) take(n int32) (extent, bool) {
	if n <= 0 {
		return extent{}, true
	}
	for i := range e.free {
		gap := &e.free[i]
		if gap.count < n {
			continue
		}
		x := extent{gap.first, n}
		gap.first, gap.count = gap.first+n, gap.count-n
		if gap.count == 0 {
			e.free = append(e.free[:i], e.free[i+1:]...)
		}
		e.left -= n
		return x, true
	}
	return extent{}, false
}

// give takes back what take gave; neighbouring gaps become one.
func (e *extents) give(x extent) {
	if x.count <= 0 {
		return
	}
	e.left += x.count
	i := 0
	for i < len(e.free) && e.free[i].first < x.first {
		i++
	}
	before := i > 0 && e.free[i-1].end() == x.first
	after := i < len(e.free) && e.free[i].first == x.end()
	switch {
	case before && after:
		e.free[i-1].count += x.count + e.free[i].count
		e.free = append(e.free[:i], e.free[i+1:]...)
	case before:
		e.free[i-1].count += x.count
	case after:
		e.free[i].first, e.free[i].count = x.first, e.free[i].count+x.count
	default:
		e.free = append(e.free, extent{})
		copy(e.free[i+1:], e.free[i:])
		e.free[i] = x
	}
}
