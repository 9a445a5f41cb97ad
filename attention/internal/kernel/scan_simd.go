//go:build goexperiment.simd && amd64

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

func (m *Quantised) scan(dst, bias []float32, q *Query, blocks int) {
	if !SIMD {
		m.scanPortable(dst, bias, q, blocks)
		return
	}
	if blocks == 0 {
		return
	}
	_, _ = dst[blocks*Block-1], bias[blocks*Block-1]
	if m.Bits == 8 {
		m.scan8(dst, bias, q, blocks)
	} else {
		m.scan4(dst, bias, q, blocks)
	}
	// What follows may be compiled to the older instructions, which are slow
	// while the upper halves are in use.
	archsimd.ClearAVXUpperBits()
}

// element is a pointer into a slice's memory; the scans' loops stay within what
// NewQuantised and NewQuery made, and checking each load would cost a third.
func element[T, E any](s []E, i int) *T {
	return (*T)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(s)), uintptr(i)*unsafe.Sizeof(s[0])))
}

func (m *Quantised) scan8(dst, bias []float32, q *Query, blocks int) {
	words, scale := m.words(), archsimd.BroadcastFloat32x8(q.Scale)
	b := 0
	for ; b+2 <= blocks; b += 2 {
		var s0, s1 archsimd.Int32x8
		first, second := b*words, (b+1)*words
		for w := range words {
			x := archsimd.LoadInt16x16(element[[16]int16](q.wide, w*16))
			s0 = s0.Add(load8(m.data, first+w).DotProductPairs(x))
			s1 = s1.Add(load8(m.data, second+w).DotProductPairs(x))
		}
		m.store(dst, bias, scale, s0, b)
		m.store(dst, bias, scale, s1, b+1)
	}
	if b < blocks {
		var s archsimd.Int32x8
		for w := range words {
			x := archsimd.LoadInt16x16(element[[16]int16](q.wide, w*16))
			s = s.Add(load8(m.data, b*words+w).DotProductPairs(x))
		}
		m.store(dst, bias, scale, s, b)
	}
}

func load8(data [][16]byte, i int) archsimd.Int16x16 {
	return archsimd.LoadInt8x16(element[[16]int8](data, i)).ExtendToInt16()
}

// scan4 leaves the upper halves of the bytes where they are, sixteen times too
// large, and makes the lower ones as large by doubling: a shift by a number that is
// no constant of the instruction is compiled with an older one, at the cost of the trap
// that scan avoids. A sixteenth of the query's scale takes it back, exactly.
func (m *Quantised) scan4(dst, bias []float32, q *Query, blocks int) {
	words := m.words()
	low, high := archsimd.BroadcastUint16x16(0xf), archsimd.BroadcastUint16x16(0xf0)
	sixteenth := archsimd.BroadcastFloat32x8(q.Scale / 16)
	excess := archsimd.BroadcastInt32x8(int32(-16 * 8 * q.sum))
	for b := range blocks {
		var s, t archsimd.Int32x8
		for w := range words {
			x := archsimd.LoadUint8x16(element[[16]uint8](m.data, b*words+w)).ExtendToUint16()
			s = s.Add(x.And(low).AsInt16x16().DotProductPairs(archsimd.LoadInt16x16(element[[16]int16](q.wide, w*32))))
			t = t.Add(x.And(high).AsInt16x16().DotProductPairs(archsimd.LoadInt16x16(element[[16]int16](q.wide, w*32+16))))
		}
		s = s.Add(s)
		s = s.Add(s)
		s = s.Add(s)
		s = s.Add(s)
		m.store(dst, bias, sixteenth, s.Add(t).Add(excess), b)
	}
}

// store is finish for eight rows. All eight go to memory at once: a scalar store
// a row makes a scan seventeen times slower.
func (m *Quantised) store(dst, bias []float32, query archsimd.Float32x8, s archsimd.Int32x8, b int) {
	x := s.ConvertToFloat32().Mul(archsimd.LoadFloat32x8(element[[8]float32](m.Scale, b*Block)))
	x = x.Mul(query).Add(archsimd.LoadFloat32x8(element[[8]float32](bias, b*Block)))
	x.Store(element[[8]float32](dst, b*Block))
}
