package train

import (
	"fmt"
	"math"

	"souk/attention/rank/selfattention"
	"souk/attention/train/als"
	"souk/attention/train/transformer"
)

// Networks says for which logs a network is trained that has the last look at a ranking's head.
type Networks int

const (
	// NetworksAuto tries one where the log does not say what was in view. Where it does, the next
	// look goes to the next shelf, and what reads the order learns the floor plan.
	NetworksAuto Networks = iota
	NetworksNever
	NetworksAlways
)

// networkCases is how many people choose a network's epochs and weight, and networkJudges how many of the
// others, at most, decide whether it is carried: what was chosen by some cannot be judged by them.
const (
	networkCases  = 400
	networkJudges = 3000
)

// networkPredictions bounds the work of one training: about a minute on two cores. It is a
// number of predictions and not a time, so that the same log gives the same network everywhere.
const networkPredictions = 4_000_000

// NetworkReport is what became of the network.
type NetworkReport struct {
	Tried         bool
	Carried       bool
	People        int     // that it was judged by, none of whom chose its epochs and weight
	Epochs        int     // the best number of them
	Weight        float32 // of its scores
	Without, With float64 // NDCG@20 on validation
}

// String is a sentence; empty where none was tried.
func (n NetworkReport) String() string {
	if !n.Tried {
		return ""
	}
	verdict := "left out"
	if n.Carried {
		verdict = "carried"
	}
	return fmt.Sprintf("A network's last look, judged by %d people: NDCG@20 %.4f without, %.4f with (%d epochs, weight %.3g): %s.", n.People, n.Without, n.With, n.Epochs, n.Weight, verdict)
}

// networkSettings are those of a network that reads as many items as the ranker calls recent.
func networkSettings(items int, seed uint64) (transformer.Config, transformer.Training) {
	loss := transformer.Objective{Loss: transformer.Sampled, Negatives: 512}
	if items <= loss.Negatives {
		loss = transformer.Objective{Loss: transformer.Softmax}
	}
	return transformer.Config{Items: items, Dim: 64, Heads: 2, Blocks: 1, Inner: 128, Length: 20, Relative: true},
		transformer.Training{Objective: loss, Tokens: 512, Rate: 0.002, Warm: 200, Hidden: 0.4, Attention: 0.4, Deviation: 0.02, Average: 0.998, Seed: seed}
}

// networkTrainer begins a network on what each person wanted, in order, and says how many epochs the bound allows.
func (t *trainer) networkTrainer(m *als.Matrix) (*transformer.Trainer, int, error) {
	var sequences [][]int32
	for u := range m.Users {
		var s []int32
		for _, e := range t.inOrder(m, u) {
			s = append(s, int32(e.Item))
		}
		sequences = append(sequences, s)
	}
	c, o := networkSettings(m.Items, t.cfg.ALS.Seed)
	tr, err := transformer.NewTrainer(c, o, sequences)
	if err != nil {
		return nil, 0, err
	}
	return tr, max(1, min(40, networkPredictions/tr.Tokens())), nil
}

// judgeNetwork trains a network on the split and chooses its epochs and its weight by the device's own
// ranking of some people's validation items. It is kept where the mean gain over others is more than two of its standard errors.
func (t *trainer) judgeNetwork(s split, items []float32, temperature *float32) error {
	if t.cfg.Networks == NetworksNever || t.cfg.Networks == NetworksAuto && t.seen {
		return nil
	}
	tr, epochs, err := t.networkTrainer(s.train)
	if err != nil {
		return nil // nobody wanted two items: there is no order to learn
	}
	m := t.assemble(items, s.train, *temperature)
	if m.Blend = t.mix; t.mix.Transition > 0 {
		if m.Transitions, err = t.followers(s.train); err != nil {
			return err
		}
	}
	some, others := shareOut(s.valid)
	rep := &t.report.Network
	*rep = NetworkReport{Tried: true, People: len(others)}
	var best *selfattention.Network
	most := 0.0
	every := (epochs + 3) / 4
	for e := 1; e <= epochs; e++ {
		if _, err := tr.Epoch(t.ctx, nil); err != nil {
			if t.ctx.Err() != nil {
				return err
			}
			return nil // it diverged: the model does without
		}
		t.progress(Progress{Phase: "network", Epoch: e, Epochs: epochs, Done: 0.49 + 0.01*float64(e)/float64(epochs)})
		if e%every != 0 && e != epochs {
			continue
		}
		for _, share := range []float32{0.25, 0.5, 1, 2} {
			try := *m
			if try.Network, err = tr.Model().OnDevice(share * *temperature); err != nil {
				return err
			}
			ranks := ranksWith(t.deviceScores(&try, s.train), s.train, some)
			if ndcg := meanNDCG(ranks, 20); ndcg > most {
				most, best = ndcg, try.Network
				rep.Epochs, rep.Weight = e, try.Network.Weight
			}
		}
	}
	without := ranksWith(t.deviceScores(m, s.train), s.train, others)
	rep.Without = meanNDCG(without, 20)
	if best == nil {
		return nil
	}
	m.Network = best
	with := ranksWith(t.deviceScores(m, s.train), s.train, others)
	rep.With = meanNDCG(with, 20)
	if rep.Carried = surely(with, without); !rep.Carried {
		return nil
	}
	*temperature = fitTemperature(t.deviceScores(m, s.train), s.train, some)
	ranks := ranksWith(t.deviceScores(m, s.history), s.history, s.test)
	t.report.Metrics = append(t.report.Metrics, measure("network", ranks, t.cfg.Bootstrap, t.cfg.ALS.Seed))
	return nil
}

// shareOut gives a part of the targets to choose by, at most half of them, and others to judge by.
func shareOut(all []target) (some, others []target) {
	n := min(networkCases, len(all)/2)
	for k := range all {
		switch {
		case k*n/len(all) != (k+1)*n/len(all): // n of them, evenly spread
			some = append(some, all[k])
		case len(others) < networkJudges:
			others = append(others, all[k])
		}
	}
	return some, others
}

// surely says whether the mean gain of one list of places over another is more than two of its standard errors.
func surely(with, without []int) bool {
	n := float64(len(with))
	sum, squares := 0.0, 0.0
	for k := range with {
		d := gain(with[k], 20) - gain(without[k], 20)
		sum += d
		squares += d * d
	}
	mean := sum / n
	return mean > 2*math.Sqrt(max(0, squares/n-mean*mean)/n)
}

// network trains the network that was chosen on everything; nil where none was.
func (t *trainer) network() (*selfattention.Network, error) {
	if !t.report.Network.Carried {
		return nil, nil
	}
	tr, _, err := t.networkTrainer(t.all)
	if err != nil {
		return nil, err
	}
	for e := range t.report.Network.Epochs {
		if _, err := tr.Epoch(t.ctx, nil); err != nil {
			return nil, fmt.Errorf("train: the network on everything: %w", err)
		}
		t.progress(Progress{Phase: "network, final", Epoch: e + 1, Epochs: t.report.Network.Epochs, Done: 0.75 + float64(e+1)/float64(4*t.report.Network.Epochs)})
	}
	return tr.Model().OnDevice(t.report.Network.Weight)
}
