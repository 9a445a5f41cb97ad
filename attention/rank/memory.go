package rank

// Memory is how much memory a part of a ranker takes.
type Memory struct {
	What  string
	Bytes int
	// Shared: the part is the model's, one for all visitors of a process; else
	// it is this visitor's.
	Shared bool
}

// Memory lists what the ranker holds, the model included, largest things by
// themselves. What belongs to the catalogue (the content features) is not in it.
func (r *Ranker) Memory() []Memory {
	m, d := r.model, r.model.Dim
	list := []Memory{
		{"factors, float32", 4 * len(m.Factors), true},
		{"factors for the scan", r.factorSketch.rows.Bytes(), false},
		{"popularity and prior", 4 * (len(m.Popularity) + len(r.prior)), true},
		{"Gram matrix, content weights", 8*(len(m.Gram)+len(r.gram)) + 4*len(m.ContentWeights), true},
	}
	if r.side != 0 && !m.Side.released { // the factors as they were stay with the model that was opened
		narrow := len(m.Side.Turn) / d
		list = append(list, Memory{"factors without side information", 4*m.Items*narrow + 8*len(m.Side.Turn), true})
	}
	if m.Transitions != nil {
		list = append(list, Memory{"transitions", m.Transitions.Bytes(), true})
	}
	if m.Network != nil {
		list = append(list, Memory{"network", m.Network.Bytes(), true})
	}
	if r.contentSketch != nil {
		list = append(list, Memory{"content for the scan", r.contentSketch.rows.Bytes(), false})
	}
	items := m.Items
	return append(list,
		Memory{"what may not be shown", items*(1+1+8+8+1) + 4*cap(r.touched), false},
		Memory{"scores", 4*(len(r.bias)+len(r.scores)) + len(r.inHead), false},
		Memory{"evidence", 40*cap(r.evidence.list) + 8*(2*(d*d+d)), false},
		Memory{"what was said of items themselves", 4*len(r.place) + 24*cap(r.itself.own), false},
		Memory{"proposals", r.packed.Bytes() + 4*(cap(r.base)+cap(r.drawn)) + 36*cap(r.lots.item) +
			8*(len(r.noise)+cap(r.best.keys)+cap(r.long.keys)+cap(r.wide.keys)+cap(r.drawTop.keys)+cap(r.pool)+cap(r.keys)), false},
		Memory{"solution and reasons", 8*(2*d*d+4*d) + 40*cap(r.why.parts) + 24*cap(r.head), false},
	)
}
