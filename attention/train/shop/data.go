package shop

import (
	"math"

	"souk/attention/train/model"
	"souk/world"
)

// Weights say how much confidence an event is. All finite; View, Cart and Buy > 0.
type Weights struct {
	View, Cart, Buy float64
	// Dwell is what the longest look adds to View's share, ≥ 0: a view counts
	// View·(1 + Dwell·log(1 + gap)/log(1 + Cap)), gap being the seconds until the
	// person's next event, at most Cap: the log holds no dwell, and that is what is nearest to it.
	Dwell, Cap float64
}

// DefaultWeights are choices that were not searched; what matters more, how much each
// kind counts as a follower, is a setting of the models.
func DefaultWeights() Weights { return Weights{View: 1, Cart: 2, Buy: 4, Dwell: 0.5, Cap: 600} }

// history turns a person's events, in order of time, into touches.
func (w Weights) history(events []Event) model.History {
	h := make(model.History, 0, len(events))
	for i, e := range events {
		t := model.Touch{Item: e.Item, Kind: e.Kind, Time: e.Time}
		switch e.Kind {
		case world.EventCart:
			t.Weight = float32(w.Cart)
		case world.EventPurchase:
			t.Weight = float32(w.Buy)
		default:
			x := w.View
			if i+1 < len(events) && w.Dwell > 0 {
				gap := min(w.Cap, events[i+1].Time-e.Time)
				x *= 1 + w.Dwell*math.Log1p(gap)/math.Log1p(w.Cap)
			}
			t.Weight = float32(x)
		}
		h = append(h, t)
	}
	return h
}

// Data is the whole log as what models learn from: one history for each user.
func (l *Log) Data(w Weights) *model.Data {
	d := &model.Data{Items: len(l.Items)}
	for _, events := range l.ByUser() {
		d.Histories = append(d.Histories, w.history(events))
	}
	return d
}

// Cases are the targets with the history before each.
func (l *Log) Cases(d *model.Data, targets []Target) []model.Case {
	out := make([]model.Case, len(targets))
	for i, t := range targets {
		out[i] = model.Case{History: d.Histories[t.User], Target: t.Item}
	}
	return out
}

// Fold is data to learn from and the questions that were held out of it.
type Fold struct {
	Data  *model.Data
	Cases []model.Case
}

// Validation holds out, in each of n folds, the last purchase of every n-th user that is of
// an item without which there is something before: all events of that item, and all
// that the user did after the purchase. Two folds are like a file of targets for half
// of the users; with n < 2 all users are held out at once.
func (l *Log) Validation(w Weights, n int) []Fold {
	n = max(1, n)
	folds := make([]Fold, n)
	byUser := l.ByUser()
	for f := range folds {
		folds[f].Data = &model.Data{Items: len(l.Items)}
		for u, events := range byUser {
			if u%n == f {
				if before, target, ok := holdOut(events); ok {
					h := w.history(before)
					folds[f].Data.Histories = append(folds[f].Data.Histories, h)
					folds[f].Cases = append(folds[f].Cases, model.Case{History: h, Target: target})
					continue
				}
			}
			folds[f].Data.Histories = append(folds[f].Data.Histories, w.history(events))
		}
	}
	return folds
}

// holdOut splits a person's events before the last purchase; ok is false where
// there is none, or nothing is left.
func holdOut(events []Event) (before []Event, target int32, ok bool) {
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Kind != world.EventPurchase {
			continue
		}
		for _, e := range events {
			if e.Item != events[i].Item && e.Time <= events[i].Time {
				before = append(before, e)
			}
		}
		return before, events[i].Item, len(before) > 0
	}
	return nil, 0, false
}
