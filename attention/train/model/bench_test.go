package model

import (
	"context"
	"math/rand/v2"
	"testing"
)

// shop has the size of Amazon Beauty: half of what people take follows from what they had before.
func shop() *Data {
	rng := rand.New(rand.NewPCG(12, 12))
	d := &Data{Items: 12000}
	for range 22000 {
		at := int32(rng.IntN(d.Items))
		var h []int32
		for range 5 + rng.IntN(6) {
			h = append(h, at)
			if at = (at + int32(1+rng.IntN(5))) % int32(d.Items); rng.Float64() < 0.5 {
				at = int32(float64(d.Items) * rng.Float64() * rng.Float64())
			}
		}
		d.Histories = append(d.Histories, history(h...))
	}
	return d
}

// BenchmarkScore is one person's scores of 12,000 items by each model; popularity, a
// copy of numbers, is the baseline.
func BenchmarkScore(b *testing.B) {
	d := shop()
	var parts []Part
	for _, name := range classic {
		set := Settings{}
		if name == "als" {
			set["epochs"] = 1
		}
		parts = append(parts, Part{name, fit(b, name, set, d, 1)})
	}
	w := Weights{Values: make([]float64, 2*perPart*len(parts))}
	for i, p := range parts {
		w.Parts = append(w.Parts, p.Name)
		w.Values[2*perPart*i+2] = 1
	}
	m, err := Mix(d.Items, parts, w)
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range append(parts, Part{"blend", m}) {
		b.Run(p.Name, func(b *testing.B) {
			s, dst := p.Model.NewScorer(), make([]float32, d.Items)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s.Score(dst, d.Histories[i%len(d.Histories)])
			}
		})
	}
}

// BenchmarkFit is one fit on 22,000 people and 12,000 items; popularity, one pass over the data, is the baseline.
func BenchmarkFit(b *testing.B) {
	d := shop()
	for _, name := range classic {
		b.Run(name, func(b *testing.B) {
			spec, err := Lookup(name)
			if err != nil {
				b.Fatal(err)
			}
			set := Settings{}
			if name == "als" {
				set["epochs"] = 1
			}
			b.ReportAllocs()
			for b.Loop() {
				m, err := spec.New(set)
				if err != nil {
					b.Fatal(err)
				}
				if err := m.Fit(context.Background(), d, Run{Seed: 1}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
