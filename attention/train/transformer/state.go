package transformer

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"math"
	"slices"
)

// stateMagic begins the state of a trainer; its last digit is the version.
const stateMagic = "souk self-attention state 1\n"

// stateHeader is what a state says before its numbers.
type stateHeader struct {
	Config    Config
	Training  Training
	Sequences uint64 // hash of what it was trained on
	Steps     int
	Epochs    int
	Epoch     progress
	Best      float64
	Since     int
	Averaged  bool
	Kept      bool
}

// State is all that a trainer knows, to go on later with [Resume]: a line that
// names the format, the length of a JSON header and the header, float32 numbers
// (weights, Adam's two means, then the running mean and the best weights where there are any), and a CRC-32C of all before;
// everything little-endian.
func (t *Trainer) State() []byte {
	h := stateHeader{Config: t.cfg, Training: t.training, Sequences: fingerprint(t.sequences), Steps: t.steps, Epochs: t.epochs, Epoch: t.epoch,
		Best: t.bestScore, Since: t.since, Averaged: t.average != nil, Kept: t.best != nil}
	head, err := json.Marshal(h)
	if err != nil { // numbers and bools only, all finite: Check and Judge see to it
		return nil
	}
	out := make([]byte, 0, len(stateMagic)+len(head)+8+4*len(t.weights.all)*5)
	out = append(out, stateMagic...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(head)))
	out = append(out, head...)
	for _, part := range t.stateParts() {
		for _, x := range *part {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
		}
	}
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (t *Trainer) stateParts() []*[]float32 {
	parts := []*[]float32{&t.weights.all, &t.mean, &t.square}
	if t.average != nil {
		parts = append(parts, &t.average)
	}
	if t.best != nil {
		parts = append(parts, &t.best)
	}
	return parts
}

// Resume continues from a state. The shape, the settings and the sequences have to be those
// that it was trained with; then further epochs give the same bytes as if there had been no pause.
func Resume(c Config, o Training, sequences [][]int32, state []byte) (*Trainer, error) {
	h, numbers, err := readState(state)
	if err != nil {
		return nil, err
	}
	if h.Config != c || h.Training != o {
		return nil, fmt.Errorf("self-attention: the state was trained with other settings; use those or begin anew")
	}
	t, err := NewTrainer(c, o, sequences)
	if err != nil {
		return nil, err
	}
	if h.Sequences != fingerprint(t.sequences) {
		return nil, fmt.Errorf("self-attention: the state was trained on other data; use that or begin anew")
	}
	if h.Averaged != (t.average != nil) || h.Steps < 0 || h.Epochs < 0 || h.Since < 0 || h.Epoch.Windows < 0 || h.Epoch.Tokens < 0 {
		return nil, fmt.Errorf("self-attention: the state contradicts itself; begin anew")
	}
	if h.Kept {
		t.best = make([]float32, len(t.weights.all))
	}
	if want := 4 * len(t.weights.all) * len(t.stateParts()); len(numbers) != want {
		return nil, fmt.Errorf("self-attention: the state holds %d bytes of numbers, must be %d; it is cut or damaged: begin anew", len(numbers), want)
	}
	for _, part := range t.stateParts() {
		for i := range *part {
			(*part)[i] = math.Float32frombits(binary.LittleEndian.Uint32(numbers[4*i:]))
		}
		if slices.ContainsFunc(*part, notFinite) {
			return nil, fmt.Errorf("self-attention: the state holds a number that is not finite; begin anew, with a lower rate")
		}
		numbers = numbers[4*len(*part):]
	}
	t.steps, t.epochs, t.epoch, t.bestScore, t.since = h.Steps, h.Epochs, h.Epoch, h.Best, h.Since
	return t, nil
}

func readState(state []byte) (h stateHeader, numbers []byte, err error) {
	damaged := func(what string) error {
		return fmt.Errorf("self-attention: this is no state of a trainer (%s); begin anew", what)
	}
	rest, ok := bytes.CutPrefix(state, []byte(stateMagic))
	if !ok {
		return h, nil, damaged("it does not begin as one, or is of another version")
	}
	if len(rest) < 8 {
		return h, nil, damaged("it is cut")
	}
	body := state[:len(state)-4]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(state[len(body):]) {
		return h, nil, damaged("its checksum is wrong")
	}
	rest = rest[:len(rest)-4]
	n := int(binary.LittleEndian.Uint32(rest))
	rest = rest[4:]
	if n < 0 || n > len(rest) {
		return h, nil, damaged("it is cut")
	}
	if err := json.Unmarshal(rest[:n], &h); err != nil {
		return h, nil, damaged(err.Error())
	}
	return h, rest[n:], nil
}

// fingerprint is a hash of sequences.
func fingerprint(sequences [][]int32) uint64 {
	f := fnv.New64a()
	var b []byte
	for _, s := range sequences {
		b = binary.LittleEndian.AppendUint32(b[:0], uint32(len(s)))
		for _, x := range s {
			b = binary.LittleEndian.AppendUint32(b, uint32(x))
		}
		f.Write(b)
	}
	return f.Sum64()
}

// Judge tells the trainer how good its network is on held-out cases, more is
// better; the best is kept and is what [Trainer.Best] returns. It says for how many judgements
// in a row none was better than the best: for stopping early. What is not finite counts as worse.
func (t *Trainer) Judge(score float64) (since int) {
	if !math.IsNaN(score) && !math.IsInf(score, 0) && (t.best == nil || score > t.bestScore) {
		t.bestScore, t.since = score, 0
		if t.best == nil {
			t.best = make([]float32, len(t.weights.all))
		}
		copy(t.best, t.current())
		return 0
	}
	t.since++
	return t.since
}

// Best is the network that was judged best, or as it is where none was.
func (t *Trainer) Best() *Model {
	if t.best == nil {
		return t.Model()
	}
	w := newWeights(t.cfg)
	copy(w.all, t.best)
	return newModel(w)
}

// current is the running mean of weights where one is kept, else the weights.
func (t *Trainer) current() []float32 {
	if t.average != nil {
		return t.average
	}
	return t.weights.all
}
