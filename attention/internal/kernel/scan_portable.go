package kernel

import "encoding/binary"

// scanPortable is Scan for whole blocks in plain Go.
func (m *Quantised) scanPortable(dst, bias []float32, q *Query, blocks int) {
	var sums [Block]int32
	for b := range blocks {
		m.sums(&sums, q, b)
		at := b * Block
		d, s, o := dst[at:at+Block], m.Scale[at:at+Block], bias[at:at+Block]
		for i, x := range sums {
			d[i] = finish(x, s[i], q.Scale, o[i])
		}
	}
}

// sums is one block's products in whole numbers.
func (m *Quantised) sums(sums *[Block]int32, q *Query, block int) {
	data := m.block(block)
	if m.Bits == 8 {
		sums8(sums, data, q)
	} else {
		sums4(sums, data, q)
	}
}

// sums8 multiplies two rows at a time: 64 bits hold two numbers of 8 bits, 32
// bits apart and made positive by adding 128, so that one multiplication by
// q gives two products, and sums of them stay apart but for a borrow that
// split takes back. Σ (v+128)·q − 128·Σq is what was asked for.
func sums8(sums *[Block]int32, data [][16]byte, q *Query) {
	const lanes, flip = 0x000000ff_000000ff, 0x80808080_80808080
	var s02, s13, s46, s57 int64
	pairs := q.q[:len(data)]
	for k := range data {
		d, q0, q1 := &data[k], pairs[k][0], pairs[k][1]
		w := binary.LittleEndian.Uint64(d[:8]) ^ flip
		s02 += int64(w&lanes)*q0 + int64(w>>8&lanes)*q1
		s13 += int64(w>>16&lanes)*q0 + int64(w>>24&lanes)*q1
		w = binary.LittleEndian.Uint64(d[8:]) ^ flip
		s46 += int64(w&lanes)*q0 + int64(w>>8&lanes)*q1
		s57 += int64(w>>16&lanes)*q0 + int64(w>>24&lanes)*q1
	}
	split(sums, s02, s13, s46, s57, 128*q.sum)
}

// sums4 is sums8 for numbers of 4 bits, 8 too large.
func sums4(sums *[Block]int32, data [][16]byte, q *Query) {
	const lanes = 0x0000000f_0000000f
	var s02, s13, s46, s57 int64
	pairs := q.q[:2*len(data)]
	for k := range data {
		d, p, r := &data[k], &pairs[2*k], &pairs[2*k+1]
		w := binary.LittleEndian.Uint64(d[:8])
		s02 += int64(w&lanes)*p[0] + int64(w>>8&lanes)*p[1] + int64(w>>4&lanes)*r[0] + int64(w>>12&lanes)*r[1]
		s13 += int64(w>>16&lanes)*p[0] + int64(w>>24&lanes)*p[1] + int64(w>>20&lanes)*r[0] + int64(w>>28&lanes)*r[1]
		w = binary.LittleEndian.Uint64(d[8:])
		s46 += int64(w&lanes)*p[0] + int64(w>>8&lanes)*p[1] + int64(w>>4&lanes)*r[0] + int64(w>>12&lanes)*r[1]
		s57 += int64(w>>16&lanes)*p[0] + int64(w>>24&lanes)*p[1] + int64(w>>20&lanes)*r[0] + int64(w>>28&lanes)*r[1]
	}
	split(sums, s02, s13, s46, s57, 8*q.sum)
}

// split takes pairs of sums apart: the upper one has lost what the lower one
// borrowed.
func split(sums *[Block]int32, s02, s13, s46, s57, excess int64) {
	for i, s := range [4]int64{s02, s13, s46, s57} {
		low := int64(int32(s))
		at := i/2*4 + i%2
		sums[at] = int32(low - excess)
		sums[at+2] = int32((s-low)>>32 - excess)
	}
}
