package market

import (
	"testing"

	"pgregory.net/rapid"
)

// Whatever is taken and given back, in whatever order: no place is given twice,
// the gaps are in order, apart and all that is not given, and what is all given back is one gap.
func TestExtentsGiveEachPlaceOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int32Range(1, 400).Draw(t, "size")
		e := newExtents(size)
		var given []extent
		hold := func() {
			used := make([]bool, size)
			mark := func(x extent, what string) {
				for p := x.first; p < x.end(); p++ {
					if used[p] {
						t.Fatalf("place %d is %s and something else: given %v, free %v", p, what, given, e.free)
					}
					used[p] = true
				}
			}
			for _, x := range given {
				mark(x, "given")
			}
			left := int32(0)
			for i, x := range e.free {
				mark(x, "free")
				if left += x.count; x.count <= 0 || i > 0 && e.free[i-1].end() >= x.first {
					t.Fatalf("gaps %v", e.free)
				}
			}
			for p, u := range used {
				if !u {
					t.Fatalf("place %d is lost: given %v, free %v", p, given, e.free)
				}
			}
			if left != e.left {
				t.Fatalf("%d places are free, and %d are said to be", left, e.left)
			}
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			if len(given) > 0 && rapid.Bool().Draw(t, "give") {
				i := rapid.IntRange(0, len(given)-1).Draw(t, "which")
				e.give(given[i])
				given = append(given[:i], given[i+1:]...)
			} else {
				n := rapid.Int32Range(0, size/3+1).Draw(t, "n")
				widest := int32(0)
				for _, x := range e.free {
					widest = max(widest, x.count)
				}
				x, ok := e.take(n)
				if ok != (n <= widest) || ok && x.count != n {
					t.Fatalf("take %d of gaps up to %d: %v, %v", n, widest, x, ok)
				}
				if ok && n > 0 {
					given = append(given, x)
				}
			}
			hold()
		}
		for _, x := range given {
			e.give(x)
		}
		if len(e.free) != 1 || e.free[0] != (extent{0, size}) {
			t.Fatalf("all given back leaves %v", e.free)
		}
	})
}
