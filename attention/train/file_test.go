package train_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"souk/attention/rank"
	"souk/attention/rank/selfattention"
	"souk/attention/train"
	"souk/world/catalog"
)

func smallModel() *rank.Model {
	m := &rank.Model{Items: 3, Dim: 2, Factors: []float32{1, 2, 3, 4, 5, -6}, Popularity: []float32{-1, -2, -3},
		Temperature: 0.25, Regularisation: 0.01, Base: 0.1, Catalogue: "abc", Trained: "by hand, \"quoted\" 集市", Date: "2026-01-02",
		ContentWeights: make([]float32, 2*catalog.FeatureDim)}
	m.ContentWeights[3] = 0.5
	return m
}

// blendedModel has what version 2 of the file added.
func blendedModel(tb testing.TB) *rank.Model {
	m := smallModel()
	var err error
	m.Transitions, err = rank.NewTransitions(3, 2, func(i int) []rank.Neighbour {
		return [][]rank.Neighbour{{{Item: 1, Weight: 0.5}, {Item: 2, Weight: 1}}, nil, {{Item: 0, Weight: 0.25}}}[i]
	})
	if err != nil {
		tb.Fatal(err)
	}
	m.Blend = rank.Blend{Factors: 0.5, Transition: 2, Content: 0.1, Prior: 0.3, Tau: 4, Recent: 20}
	return m
}

// networkModel has what version 3 of the file added.
func networkModel(tb testing.TB) *rank.Model {
	m := blendedModel(tb)
	s := selfattention.Shape{Items: 3, Dim: 8, Heads: 1, Blocks: 1, Inner: 16, Length: 5}
	rows, rest := make([]float32, 3*8), make([]float32, s.Weights())
	for i := range rows {
		rows[i] = float32(i%7) - 3
	}
	for i := range rest {
		rest[i] = float32(i%5) / 8
	}
	table, scale := selfattention.Quantise(rows, 8)
	var err error
	if m.Network, err = selfattention.New(s, 0.125, table, scale, rest); err != nil {
		tb.Fatal(err)
	}
	return m
}

// derived are the parts of a network that follow from the others.
var derived = cmpopts.IgnoreUnexported(selfattention.Network{})

func mustWrite(tb testing.TB, m *rank.Model) []byte {
	tb.Helper()
	b, err := train.WriteModel(m)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestAModelComesBackAsItWasSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.safetensors")
	plain := smallModel()
	plain.ContentWeights = nil
	expecting := blendedModel(t)
	expecting.Expected = []float32{0.5, 0, 0.25}
	bare := networkModel(t)
	bare.Transitions, bare.Blend = nil, rank.Blend{}
	for _, want := range []*rank.Model{smallModel(), plain, blendedModel(t), expecting, networkModel(t), bare} {
		if err := train.SaveModel(path, want); err != nil {
			t.Fatal(err)
		}
		got, err := train.LoadModel(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Fingerprint) != 32 {
			t.Errorf("fingerprint %q", got.Fingerprint)
		}
		want.Gram, want.Fingerprint = rank.ComputeGram(want.Factors, 2), got.Fingerprint
		if diff := cmp.Diff(want, got, derived); diff != "" {
			t.Error(diff)
		}
	}
	files, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if len(files) != 1 {
		t.Errorf("left behind: %v", files)
	}
}

func TestTheFileIsWhatTheDocumentSays(t *testing.T) {
	b := mustWrite(t, smallModel())
	size := binary.LittleEndian.Uint64(b)
	if (8+size)%8 != 0 {
		t.Errorf("the numbers begin at byte %d, not on a multiple of 8", 8+size)
	}
	head := string(b[8 : 8+size])
	for _, part := range []string{`"format":"souk-model"`, `"version":"1"`, `"factors":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]}`,
		`"popularity":{"dtype":"F32","shape":[3],"data_offsets":[24,36]}`, `"temperature":"0.25"`} {
		if !strings.Contains(head, part) {
			t.Errorf("%s is not in the header %s", part, head)
		}
	}
	if x := math.Float32frombits(binary.LittleEndian.Uint32(b[8+size+20:])); x != -6 {
		t.Errorf("the last factor is %v", x)
	}
	if !bytes.Equal(b, mustWrite(t, smallModel())) {
		t.Error("the same model gave other bytes")
	}
}

func TestABadModelFileGetsOneSentence(t *testing.T) {
	good := mustWrite(t, smallModel())
	edit := func(old, new string) []byte {
		b := bytes.Replace(bytes.Clone(good), []byte(old), []byte(new), 1)
		if bytes.Equal(b, good) {
			t.Fatalf("%s is not in the file", old)
		}
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)+uint64(len(new)-len(old)))
		return b
	}
	number := bytes.Clone(good)
	copy(number[len(number)-4:], []byte{0, 0, 0xc0, 0x7f}) // NaN
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"empty":            {nil, "too few"},
		"short":            {good[:30], "cut within its header"},
		"huge header":      {append([]byte{255, 255, 255, 255, 0, 0, 0, 0}, good[8:]...), "not a model file"},
		"cut":              {good[:len(good)-5], "cut or damaged"},
		"longer":           {append(bytes.Clone(good), 0), "cut or damaged"},
		"no JSON":          {append(append(bytes.Clone(good[:8]), bytes.Repeat([]byte("x"), len(good)-8)...), 0), "not JSON"},
		"another's file":   {edit("souk-model", "pt"), "not a model of Souk"},
		"newer":            {edit(`"version":"1"`, `"version":"4"`), "it is of version 4, this program reads up to 3: update Souk"},
		"no version":       {edit(`"version":"1"`, `"version":"x"`), "version"},
		"items":            {edit(`"items":"3"`, `"items":"4"`), "factors"},
		"items negative":   {edit(`"items":"3"`, `"items":"-3"`), "items"},
		"dim":              {edit(`"dim":"2"`, `"dim":"3"`), "factors"},
		"type":             {edit("F32", "F16"), "F16"},
		"shape":            {edit("[3,2]", "[2,3]"), "[2 3]"},
		"offsets":          {edit("[24,36]", "[28,36]"), "popularity"},
		"offsets negative": {edit("[24,36]", "[-9,36]"), "popularity"},
		"temperature":      {edit(`"temperature":"0.25"`, `"temperature":"NaN"`), "temperature"},
		"tensor missing":   {edit(`"factors"`, `"others"`), "factors is missing"},
		"flipped bit":      {number, "checksum"},
		"trailing JSON":    {edit(`36]}}`, `36]}}{}`), "behind the JSON"},
	} {
		_, err := train.ReadModel(c.b)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
	}
	if _, err := train.LoadModel(filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(err.Error(), "souklab train") {
		t.Errorf("a missing file: %v", err)
	}
	nan := smallModel()
	nan.Factors[2] = float32(math.Inf(1))
	if err := train.SaveModel(filepath.Join(t.TempDir(), "m"), nan); err == nil || !strings.Contains(err.Error(), "item 1") {
		t.Errorf("a model with +Inf was saved: %v", err)
	}
}

// damage makes a model or its file one that cannot be: spoil changes the model before it is written, else the
// first edit[0] of the file becomes edit[1].
type damage struct {
	spoil func(*rank.Model)
	edit  [2]string
	want  string // in the error
}

// refused holds that what is damaged is not written, or not read; good is the file of what model makes.
func (d damage) refused(t *testing.T, name string, model func(testing.TB) *rank.Model, good []byte) {
	t.Helper()
	var err error
	if d.spoil != nil {
		m := model(t)
		d.spoil(m)
		_, err = train.WriteModel(m)
	} else {
		b := bytes.Replace(bytes.Clone(good), []byte(d.edit[0]), []byte(d.edit[1]), 1)
		_, err = train.ReadModel(b)
	}
	if err == nil || !strings.Contains(err.Error(), d.want) {
		t.Errorf("%s: error %v, want one with %q", name, err, d.want)
	}
}

func TestTransitionsThatCannotBeAreRefused(t *testing.T) {
	good := mustWrite(t, blendedModel(t))
	size := binary.LittleEndian.Uint64(good)
	if head := string(good[8 : 8+size]); !strings.Contains(head, `"version":"2"`) || !strings.Contains(head, `"transition_low":{"dtype":"U16","shape":[3,2]`) {
		t.Fatalf("header %s", head)
	}
	for name, c := range map[string]damage{
		"no such item":  {spoil: func(m *rank.Model) { m.Transitions.Low[0] = 7 }, want: "followed by item 7"},
		"twice":         {spoil: func(m *rank.Model) { m.Transitions.Low[0] = m.Transitions.Low[1] }, want: "comes twice"},
		"not in order":  {spoil: func(m *rank.Model) { m.Transitions.Weight[0] = 1 }, want: "order of weight"},
		"scale":         {spoil: func(m *rank.Model) { m.Transitions.Scale[2] = -1 }, want: "scale of item 2"},
		"no decay":      {spoil: func(m *rank.Model) { m.Blend.Tau = 0 }, want: "decay is 0"},
		"weight":        {spoil: func(m *rank.Model) { m.Blend.Content = -1 }, want: "weights are"},
		"missing":       {edit: [2]string{`"transition_scale"`, `"transition_other"`}, want: "transition_scale is missing"},
		"type":          {edit: [2]string{"U16", "I16"}, want: "I16"},
		"blend missing": {edit: [2]string{"blend_tau", "blend_xxx"}, want: "blend_tau"},
		"blend text":    {edit: [2]string{`"blend_recent":"20"`, `"blend_recent":"2x"`}, want: "blend_recent"},
	} {
		c.refused(t, name, blendedModel, good)
	}
}

func TestANetworkThatCannotBeIsRefused(t *testing.T) {
	good := mustWrite(t, networkModel(t))
	size := binary.LittleEndian.Uint64(good)
	if head := string(good[8 : 8+size]); !strings.Contains(head, `"version":"3"`) || !strings.Contains(head, `"network_items":{"dtype":"I8","shape":[3,8]`) {
		t.Fatalf("header %s", head)
	}
	for name, c := range map[string]damage{
		"of other items":  {spoil: func(m *rank.Model) { m.Network.Shape.Items = 4 }, want: "4 items"},
		"no number":       {edit: [2]string{`"network_weight":"0.125"`, `"network_weight":"NaN"  `}, want: "weight in a score is NaN"},
		"text":            {edit: [2]string{`"network_heads":"1"`, `"network_heads":"x"`}, want: "network_heads"},
		"other shape":     {edit: [2]string{`"network_heads":"1"`, `"network_heads":"2"`}, want: "multiples of 8"},
		"other dimension": {edit: [2]string{`"network_inner":"16"`, `"network_inner":"24"`}, want: "network_weights"},
		"missing":         {edit: [2]string{`"network_scale"`, `"network_other"`}, want: "network_scale is missing"},
		"type":            {edit: [2]string{`"I8"`, `"U8"`}, want: "U8"},
	} {
		c.refused(t, name, networkModel, good)
	}
}

func TestAFailedSaveLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "m")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	bad := smallModel()
	bad.Items = 9
	if train.SaveModel(path, bad) == nil {
		t.Fatal("no error")
	}
	if b, _ := os.ReadFile(path); string(b) != "old" {
		t.Errorf("the old file is now %q", b)
	}
}

func FuzzReadModel(f *testing.F) {
	f.Add(mustWrite(f, smallModel()))
	f.Add(mustWrite(f, blendedModel(f)))
	f.Add(mustWrite(f, networkModel(f)))
	f.Add([]byte{2, 0, 0, 0, 0, 0, 0, 0, '{', '}'})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := train.ReadModel(b)
		if err != nil {
			return
		}
		if err := m.Check(); err != nil {
			t.Fatal(err)
		}
		again, err := train.ReadModel(mustWrite(t, m))
		if err != nil {
			t.Fatal(err)
		}
		m.Fingerprint, again.Fingerprint = "", ""
		if diff := cmp.Diff(m, again, derived); diff != "" {
			t.Fatal(diff)
		}
	})
}
