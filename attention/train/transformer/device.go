package transformer

import (
	"errors"

	"souk/attention/rank/selfattention"
)

// OnDevice is the network for a visitor's machine, its item table in 8 bits; weight is that of
// its scores in a ranking. It needs distances instead of positions, ReLU, and dimensions in multiples of 8 for each head.
func (m *Model) OnDevice(weight float32) (*selfattention.Network, error) {
	w := m.weights
	c := w.cfg
	if c.Absolute || !c.Relative || c.GELU {
		return nil, errors.New("self-attention: a device reads networks with distances, without positions, and with ReLU; train one of that shape")
	}
	table, scale := selfattention.Quantise(w.items, c.Dim)
	var rest []float32
	straight := func(x []float32) { rest = append(rest, x...) }
	turned := func(x []float32, in, out int) { // in × out to out × in
		for o := range out {
			for i := range in {
				rest = append(rest, x[i*out+o])
			}
		}
	}
	for i := range w.blocks {
		b := &w.blocks[i]
		straight(b.gain1)
		straight(b.bias1)
		turned(b.qkv, c.Dim, 3*c.Dim)
		straight(b.qkvBias)
		turned(b.out, c.Dim, c.Dim)
		straight(b.outBias)
		straight(b.distance)
		straight(b.gain2)
		straight(b.bias2)
		turned(b.up, c.Dim, c.Inner)
		straight(b.upBias)
		turned(b.down, c.Inner, c.Dim)
		straight(b.dBias)
	}
	straight(w.gain)
	straight(w.bias)
	return selfattention.New(selfattention.Shape{Items: c.Items, Dim: c.Dim, Heads: c.Heads, Blocks: c.Blocks, Inner: c.Inner, Length: c.Length}, weight, table, scale, rest)
}
