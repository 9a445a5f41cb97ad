package transformer

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
)

// TestGradientsAgreeWithALibrarysAutograd compares loss and every single
// gradient with those of testdata/gradients.py, which writes the network down a second time, in JAX.
func TestGradientsAgreeWithALibrarysAutograd(t *testing.T) {
	file, err := os.ReadFile("testdata/gradients.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Loss      float64
		Sequences [][]int32
		Gradients map[string][]float64
	}
	if err := json.Unmarshal(file, &golden); err != nil {
		t.Fatal(err)
	}
	c := Config{Items: 23, Dim: 12, Heads: 3, Blocks: 2, Inner: 20, Length: 9, GELU: true, Absolute: true, Relative: true}
	tr, err := NewTrainer(c, Training{Tokens: 100, Rate: 1e-3, Deviation: 0.1}, golden.Sequences)
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, part := range tr.weights.tensors {
		for i := range part.Data {
			v := 0.5 * math.Sin(0.7*float64(at)+0.3)
			if strings.HasSuffix(part.Name, "gain") {
				v++
			}
			part.Data[i] = float32(v)
			at++
		}
	}
	tr.batch.Reset()
	for _, s := range golden.Sequences {
		tr.batch.Add(s)
	}
	if loss := tr.gradients(Dropout{}, 0); math.Abs(loss-golden.Loss) > 1e-5*golden.Loss {
		t.Errorf("the loss is %v, JAX says %v", loss, golden.Loss)
	}
	if len(golden.Gradients) != len(tr.gradient.tensors) {
		t.Errorf("%d tensors, JAX has %d", len(tr.gradient.tensors), len(golden.Gradients))
	}
	for _, part := range tr.gradient.tensors {
		want := golden.Gradients[part.Name]
		if len(want) != len(part.Data) {
			t.Errorf("%s has %d numbers, JAX says %d", part.Name, len(part.Data), len(want))
			continue
		}
		largest := 0.0
		for _, w := range want {
			largest = max(largest, math.Abs(w))
		}
		for i, w := range want {
			if d := math.Abs(float64(part.Data[i]) - w); d > 2e-5*largest+1e-6 {
				t.Errorf("%s[%d]: %v, JAX says %v", part.Name, i, part.Data[i], w)
				break
			}
		}
	}
}
