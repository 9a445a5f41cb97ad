// Package sequence holds what people touched, one sequence a person in order of
// time: read from the forms that the field publishes, split to learn and to judge.
//
// Read [Open] first, then [Set.Validation] and [Set.Test].
package sequence

import (
	"fmt"

	"souk/attention/train/model"
)

// Set is a catalogue of sequences. Items and users are numbered from 0; their
// names in the file are kept.
type Set struct {
	Items []string // name by item, in order of number where all names are numbers, else of first appearance
	Users []string // name by user, in order of appearance; numbers from 1 where the form has no names
	// Sequences are the items of each user, oldest first.
	Sequences [][]int32
	// Times are in step with Sequences; nil where a form has only the order.
	Times [][]float64
	// NoTest says that the last item of each user is not known, so that there
	// is nothing to test by: what stands last here is for validation.
	NoTest bool
	// Notes say in a sentence each what the form left open and how it was read.
	Notes []string
}

// Interactions is how many there are in all.
func (s *Set) Interactions() int {
	n := 0
	for _, q := range s.Sequences {
		n += len(q)
	}
	return n
}

// String counts users, items and interactions.
func (s *Set) String() string {
	return fmt.Sprintf("%d users, %d items, %d interactions", len(s.Users), len(s.Items), s.Interactions())
}

// Split is what to learn from and what to be judged by.
type Split struct {
	Data  *model.Data
	Cases []model.Case
}

// Validation asks for the last known item that no test asks for, of each user
// who has one more before it, and lets one learn from all that came before.
func (s *Set) Validation() Split {
	out := s.empty()
	for u := range s.Sequences {
		h := s.known(u)
		if n := len(h) - 1; n >= 1 {
			out.Cases = append(out.Cases, model.Case{History: h[:n], Target: h[n].Item})
			h = h[:n]
		}
		out.Data.Histories[u] = h
	}
	return out
}

// Test asks for the last item of each user who has one more before it. One
// learns from all that no question is about, or, where refit is false, from what
// validation lets learn from; either way the history asked about holds all
// before the item. There are no cases where the last item is not known.
func (s *Set) Test(refit bool) Split {
	out := s.empty()
	if !refit {
		out.Data = s.Validation().Data
	}
	for u, q := range s.Sequences {
		h := s.known(u)
		if len(h) < len(q) {
			out.Cases = append(out.Cases, model.Case{History: h, Target: q[len(h)]})
		}
		if refit {
			out.Data.Histories[u] = h
		}
	}
	return out
}

func (s *Set) empty() Split {
	return Split{Data: &model.Data{Items: len(s.Items), Histories: make([]model.History, len(s.Sequences))}}
}

// known is all of a user's history that no test asks for.
func (s *Set) known(u int) model.History {
	q := s.Sequences[u]
	if !s.NoTest && len(q) >= 2 {
		q = q[:len(q)-1]
	}
	h := make(model.History, len(q))
	for i, item := range q {
		h[i] = model.Touch{Item: item, Weight: 1, Time: float64(i)}
		if s.Times != nil {
			h[i].Time = s.Times[u][i]
		}
	}
	return h
}
