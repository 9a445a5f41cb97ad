package als

import (
	"slices"

	"souk/world"
)

// Entry is all that is known of one person and one item.
type Entry struct {
	Item       world.ItemIndex
	Confidence float32 // sum of the signals', > 0
	Preference float32 // their mean preference, weighted by confidence, in [0,1]
	First      float64 // time of the first signal that was positive; 0 where none was
}

// Matrix is evidence as a sparse matrix of people × items, row by row.
type Matrix struct {
	Users, Items int
	Start        []int     // by user; Users+1: user u's entries are Start[u] to Start[u+1]
	Col          []int32   // item of each entry, ascending within a user
	Confidence   []float32 // > 0
	Preference   []float32 // in [0,1]
}

// NewMatrix makes a matrix from each user's entries, which must be of items
// below items, in ascending order, with finite confidence ≥ 0.
func NewMatrix(users [][]Entry, items int) *Matrix {
	m := &Matrix{Users: len(users), Items: items, Start: make([]int, 1, len(users)+1)}
	for _, entries := range users {
		m.Append(entries)
	}
	return m
}

// Append adds the entries of one more user after the others; Users is the caller's.
func (m *Matrix) Append(entries []Entry) {
	for _, e := range entries {
		m.Col = append(m.Col, int32(e.Item))
		m.Confidence = append(m.Confidence, e.Confidence)
		m.Preference = append(m.Preference, e.Preference)
	}
	m.Start = append(m.Start, len(m.Col))
}

// Entries is how many pairs of user and item there are.
func (m *Matrix) Entries() int { return len(m.Col) }

// Touched counts the items with evidence.
func (m *Matrix) Touched() int {
	seen := make([]bool, m.Items)
	n := 0
	for _, i := range m.Col {
		if !seen[i] {
			seen[i] = true
			n++
		}
	}
	return n
}

// Transpose is the matrix of items × people.
func (m *Matrix) Transpose() *Matrix {
	t := &Matrix{Users: m.Items, Items: m.Users, Start: make([]int, m.Items+1), Col: make([]int32, len(m.Col)),
		Confidence: make([]float32, len(m.Col)), Preference: make([]float32, len(m.Col))}
	for _, i := range m.Col {
		t.Start[i+1]++
	}
	for i := range m.Items {
		t.Start[i+1] += t.Start[i]
	}
	next := slices.Clone(t.Start)
	for u := range m.Users {
		for k := m.Start[u]; k < m.Start[u+1]; k++ {
			at := next[m.Col[k]]
			next[m.Col[k]]++
			t.Col[at], t.Confidence[at], t.Preference[at] = int32(u), m.Confidence[k], m.Preference[k]
		}
	}
	return t
}
