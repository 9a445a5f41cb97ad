package train

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"

	"souk/attention/rank"
)

// blendFields are the metadata of a blend.
func blendFields(b *rank.Blend) []struct {
	name string
	to   *float32
} {
	return []struct {
		name string
		to   *float32
	}{
		{"blend_factors", &b.Factors}, {"blend_transition", &b.Transition}, {"blend_content", &b.Content},
		{"blend_prior", &b.Prior}, {"blend_tau", &b.Tau},
	}
}

// putBlend adds a blend to the metadata, unless there is none.
func putBlend(meta map[string]string, b rank.Blend) {
	if b == (rank.Blend{}) {
		return
	}
	for _, f := range blendFields(&b) {
		meta[f.name] = decimal(*f.to)
	}
	meta["blend_recent"] = strconv.Itoa(b.Recent)
}

// readBlend reads a blend from the metadata; the zero value where there is none.
func readBlend(meta map[string]string) (b rank.Blend, err error) {
	if _, ok := meta["blend_factors"]; !ok {
		return b, nil
	}
	for _, f := range blendFields(&b) {
		x, err := strconv.ParseFloat(meta[f.name], 32)
		if err != nil || !(x >= 0) || math.IsInf(x, 0) {
			return b, fmt.Errorf("metadata field %s is %q, not a number of at least 0: the file is damaged", f.name, meta[f.name])
		}
		*f.to = float32(x)
	}
	if b.Recent, err = strconv.Atoi(meta["blend_recent"]); err != nil || b.Recent < 1 {
		return b, fmt.Errorf("metadata field blend_recent is %q, not a number above 0: the file is damaged", meta["blend_recent"])
	}
	return b, nil
}

func decimal(x float32) string { return strconv.FormatFloat(float64(x), 'g', -1, 32) }

// putTransitions lays the table of transitions behind the data.
func putTransitions(h *header, data *payload, t *rank.Transitions, items int) {
	if t == nil {
		return
	}
	h.TransitionScale = data.floats(t.Scale, items)
	h.TransitionLow = data.put("U16", func(b []byte) []byte {
		for _, x := range t.Low {
			b = binary.LittleEndian.AppendUint16(b, x)
		}
		return b
	}, items, t.Width)
	h.TransitionWeight = data.bytes(t.Weight, items, t.Width)
	if t.High != nil {
		h.TransitionHigh = data.bytes(t.High, items, t.Width)
	}
}

// readTransitions reads the table; nil where the file has none.
func readTransitions(h *header, data []byte, items int) (*rank.Transitions, error) {
	if h.TransitionLow == nil && h.TransitionHigh == nil && h.TransitionWeight == nil && h.TransitionScale == nil {
		return nil, nil
	}
	if h.TransitionLow == nil || len(h.TransitionLow.Shape) != 2 {
		return nil, fmt.Errorf("tensor transition_low is missing or no table: the file is damaged")
	}
	width := h.TransitionLow.Shape[1]
	if width < 1 || width > rank.MaxNeighbours {
		return nil, fmt.Errorf("tensor transition_low has %d neighbours an item, 1 to %d are possible: the file is damaged", width, rank.MaxNeighbours)
	}
	t := &rank.Transitions{Width: width}
	var err error
	if t.Scale, err = numbers(data, "transition_scale", h.TransitionScale, items); err != nil {
		return nil, err
	}
	low, err := bytesOf(data, "transition_low", "U16", 2, h.TransitionLow, items, width)
	if err != nil {
		return nil, err
	}
	t.Low = make([]uint16, items*width)
	for i := range t.Low {
		t.Low[i] = binary.LittleEndian.Uint16(low[2*i:])
	}
	weight, err := bytesOf(data, "transition_weight", "U8", 1, h.TransitionWeight, items, width)
	if err != nil {
		return nil, err
	}
	t.Weight = append([]uint8{}, weight...)
	if h.TransitionHigh != nil {
		high, err := bytesOf(data, "transition_high", "U8", 1, h.TransitionHigh, items, width)
		if err != nil {
			return nil, err
		}
		t.High = append([]uint8{}, high...)
	}
	return t, nil
}
