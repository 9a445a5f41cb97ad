package model

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Check says which setting is unknown, or outside of its range; nil if none is.
func (s Spec) Check(set Settings) error {
	for _, name := range slices.Sorted(maps.Keys(set)) {
		at := slices.IndexFunc(s.Parameters, func(p Parameter) bool { return p.Name == name })
		if at < 0 {
			var names []string
			for _, p := range s.Parameters {
				names = append(names, p.Name)
			}
			return fmt.Errorf("train: the model %s has no setting %q; it has %s", s.Name, name, strings.Join(names, ", "))
		}
		p, v := s.Parameters[at], set[name]
		if p.Whole && v != math.Trunc(v) {
			return fmt.Errorf("train: %s of the model %s is %v, must be a whole number", name, s.Name, v)
		}
		if math.IsNaN(v) || p.Low < p.High && (v < p.Low || v > p.High) {
			return fmt.Errorf("train: %s of the model %s is %v, must be from %v to %v", name, s.Name, v, p.Low, p.High)
		}
	}
	return nil
}

// values are all settings of a model, checked, with defaults for what is missing.
func values(name string, set Settings) (map[string]float64, error) {
	s, err := Lookup(name)
	if err != nil {
		return nil, err
	}
	if err := s.Check(set); err != nil {
		return nil, err
	}
	out := map[string]float64{}
	for _, p := range s.Parameters {
		out[p.Name] = s.Value(set, p.Name)
	}
	return out, nil
}

func sortItems(items []int32) { slices.Sort(items) }
