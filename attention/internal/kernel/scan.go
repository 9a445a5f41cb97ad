package kernel

import "math"

// Block is how many rows of a [Quantised] matrix lie side by side.
const Block = 8

// Quantised is a matrix whose rows are whole numbers of 8 or 4 bits with a scale
// each: row i is Scale[i] times them (symmetric quantisation, zero stays zero).
//
// The numbers lie so that one pass gives eight rows at a time without a sum
// across a register: in blocks of eight rows, two dimensions by two, 16 bytes
//
//	r₀d₀ r₀d₁ r₁d₀ r₁d₁ … r₇d₀ r₇d₁
//
// which a multiply-and-add of pairs (VPMADDWD) turns into eight sums. With 4 bits
// the lower halves of the bytes are dimensions d₀ and d₁, the upper ones d₂
// and d₃, each 8 too large. Rows and dimensions are filled up with zeros.
type Quantised struct {
	Rows, Dim, Bits int
	Scale           []float32 // by row, the filled-up ones too

	data [][16]byte
	step int // dimensions in 16 bytes: 2 or 4
}

// NewQuantised makes a matrix of zeros with 8 or 4 bits a number.
func NewQuantised(rows, dim, bits int) *Quantised {
	m := &Quantised{Rows: rows, Dim: dim, Bits: bits, step: 16 / bits}
	blocks := (rows + Block - 1) / Block
	m.Scale = make([]float32, blocks*Block)
	m.data = make([][16]byte, blocks*m.words())
	if bits == 4 {
		for i := range m.data {
			for k := range m.data[i] {
				m.data[i][k] = 0x88
			}
		}
	}
	return m
}

// words is how many groups of 16 bytes a block has.
func (m *Quantised) words() int { return (m.Dim + m.step - 1) / m.step }

// block is where eight rows lie.
func (m *Quantised) block(b int) [][16]byte {
	words := m.words()
	return m.data[b*words : b*words+words]
}

// Bytes is the memory that the matrix takes.
func (m *Quantised) Bytes() int { return 16*len(m.data) + 4*len(m.Scale) }

// Set quantises a row: its largest number becomes 127 (or 7 with 4 bits), the
// rest is rounded to the nearest. Numbers must be finite.
func (m *Quantised) Set(i int, row []float32) {
	most := float32(0)
	for _, x := range row {
		most = max(most, x, -x)
	}
	limit := float64(int(1)<<(m.Bits-1) - 1)
	m.Scale[i] = float32(float64(most) / limit)
	for k := range m.Dim {
		v := 0
		if most > 0 {
			v = int(math.RoundToEven(float64(row[k]) / float64(most) * limit))
		}
		m.put(i, k, v)
	}
}

// place is where number k of row i lies: the byte, and by how many bits shifted.
func (m *Quantised) place(i, k int) (at *byte, shift uint) {
	at = &m.data[i/Block*m.words()+k/m.step][i%Block*2+k%2]
	return at, uint(k%m.step/2) * 4
}

func (m *Quantised) put(i, k, v int) {
	at, shift := m.place(i, k)
	if m.Bits == 8 {
		*at = byte(v)
		return
	}
	*at = *at&^(0xf<<shift) | byte(v+8)<<shift
}

// At is number k of row i, a whole number.
func (m *Quantised) At(i, k int) int {
	at, shift := m.place(i, k)
	if m.Bits == 8 {
		return int(int8(*at))
	}
	return int(*at>>shift&0xf) - 8
}

// Copy makes row i of m row j of another matrix of the same shape of row.
func (m *Quantised) Copy(i int, from *Quantised, j int) {
	m.Scale[i] = from.Scale[j]
	a, b := i%Block*2, j%Block*2
	to, of := m.block(i/Block), from.block(j/Block)
	for w := range to {
		to[w][a], to[w][a+1] = of[w][b], of[w][b+1]
	}
}

// Query is a vector in whole numbers of 16 bits, in the form that scans want.
type Query struct {
	Scale float32
	dim   int
	q     [][2]int64 // for the portable form, filled up with zeros
	wide  []int16    // for the vector form: each pair of numbers eight times
	sum   int64      // Σ q
}

// NewQuery makes a query of zeros for vectors of dim numbers.
func NewQuery(dim int) *Query {
	padded := (dim + 3) / 4 * 4
	return &Query{dim: dim, q: make([][2]int64, padded/2), wide: make([]int16, padded*Block)}
}

// Limit is the largest whole number in a query of dim numbers: with it no sum
// of products with 8-bit numbers, even where each is taken 128 too large, leaves 32 bits.
func Limit(dim int) int { return min(math.MaxInt16, math.MaxInt32/(255*dim)) }

// Set quantises u (dim finite numbers) into the query.
func (q *Query) Set(u []float32) {
	most := float32(0)
	for _, x := range u {
		most = max(most, x, -x)
	}
	limit := float64(Limit(q.dim))
	q.Scale = float32(float64(most) / limit)
	q.sum = 0
	for k, x := range u {
		v := int64(0)
		if most > 0 {
			v = int64(math.RoundToEven(float64(x) / float64(most) * limit))
		}
		q.q[k/2][k%2] = v
		q.sum += v
		for i := range Block {
			q.wide[k/2*2*Block+2*i+k%2] = int16(v)
		}
	}
}

// Scan writes the product of each row with the query, plus a bias by row:
//
//	dst[i] = Scale[i]·q.Scale·Σₖ row[i][k]·q[k] + bias[i]
//
// The sum is exact in whole numbers and what follows is three operations in
// float32, each rounded, so that the result is the same bits on every
// processor and in every build. dst and bias may be the same slice; both are
// Rows long.
func (m *Quantised) Scan(dst, bias []float32, q *Query) {
	full := m.Rows / Block
	m.scan(dst, bias, q, full)
	if rest := m.Rows - full*Block; rest > 0 {
		m.tail(dst[full*Block:m.Rows], bias[full*Block:m.Rows], q, full)
	}
}

// tail is the last block where it is not full.
func (m *Quantised) tail(dst, bias []float32, q *Query, block int) {
	var sums [Block]int32
	m.sums(&sums, q, block)
	for i := range dst {
		dst[i] = finish(sums[i], m.Scale[block*Block+i], q.Scale, bias[i])
	}
}

// finish keeps each step from being fused with the next: a fused one rounds once
// where two round twice, and some processors have it where others do not.
func finish(sum int32, scale, query, bias float32) float32 {
	return float32(float32(float32(sum)*scale)*query) + bias
}
