package train

import (
	"fmt"
	"strconv"

	"souk/attention/rank/selfattention"
)

// shapeFields are the metadata of a network's shape, but for its items.
func shapeFields(s *selfattention.Shape) []struct {
	name string
	to   *int
} {
	return []struct {
		name string
		to   *int
	}{
		{"network_dim", &s.Dim}, {"network_heads", &s.Heads}, {"network_blocks", &s.Blocks},
		{"network_inner", &s.Inner}, {"network_length", &s.Length},
	}
}

// putNetwork lays the numbers of a network behind the data; its shape is for putShape.
func putNetwork(h *header, data *payload, n *selfattention.Network) {
	if n == nil {
		return
	}
	h.NetworkScale = data.floats(n.Scale, len(n.Scale))
	h.NetworkWeights = data.floats(n.Rest, len(n.Rest))
	h.NetworkItems = data.put("I8", func(b []byte) []byte {
		for _, q := range n.Table {
			b = append(b, byte(q))
		}
		return b
	}, n.Shape.Items, n.Shape.Dim)
}

// putShape adds a network's shape and weight to the metadata, unless there is none.
func putShape(meta map[string]string, n *selfattention.Network) {
	if n == nil {
		return
	}
	s := n.Shape
	for _, f := range shapeFields(&s) {
		meta[f.name] = strconv.Itoa(*f.to)
	}
	meta["network_weight"] = decimal(n.Weight)
}

// readNetwork reads the network; nil where the file has none.
func readNetwork(h *header, data []byte, items int) (*selfattention.Network, error) {
	if h.NetworkItems == nil && h.NetworkScale == nil && h.NetworkWeights == nil {
		return nil, nil
	}
	s := selfattention.Shape{Items: items}
	for _, f := range shapeFields(&s) {
		var err error
		if *f.to, err = strconv.Atoi(h.Metadata[f.name]); err != nil {
			return nil, fmt.Errorf("metadata field %s is %q, not a number: the file is damaged", f.name, h.Metadata[f.name])
		}
	}
	if err := s.Check(); err != nil {
		return nil, fmt.Errorf("%w: the file is damaged", err)
	}
	weight, err := strconv.ParseFloat(h.Metadata["network_weight"], 32)
	if err != nil {
		return nil, fmt.Errorf("metadata field network_weight is %q, not a number: the file is damaged", h.Metadata["network_weight"])
	}
	scale, err := numbers(data, "network_scale", h.NetworkScale, items)
	if err != nil {
		return nil, err
	}
	rest, err := numbers(data, "network_weights", h.NetworkWeights, s.Weights())
	if err != nil {
		return nil, err
	}
	b, err := bytesOf(data, "network_items", "I8", 1, h.NetworkItems, items, s.Dim)
	if err != nil {
		return nil, err
	}
	table := make([]int8, len(b))
	for i, q := range b {
		table[i] = int8(q)
	}
	n, err := selfattention.New(s, float32(weight), table, scale, rest)
	if err != nil {
		return nil, fmt.Errorf("%w: the file is damaged", err)
	}
	return n, nil
}
