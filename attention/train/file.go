package train

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"souk/attention/rank"
	"souk/world/catalog"
)

const (
	// fileFormat is the newest version of the file that this build reads. It writes
	// the oldest that holds what there is. docs/model-file.md says what is in each.
	fileFormat = 3
	maxHeader  = 1 << 20
	maxItems   = 1 << 24
)

// tensor is one entry of the header, in the names of the safetensors format.
type tensor struct {
	Type    string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// header is the JSON of the file, its keys in the order in which they are written.
type header struct {
	Metadata   map[string]string `json:"__metadata__"`
	Content    *tensor           `json:"content,omitempty"`
	Expected   *tensor           `json:"expected,omitempty"`
	Factors    *tensor           `json:"factors"`
	Popularity *tensor           `json:"popularity"`

	NetworkItems   *tensor `json:"network_items,omitempty"`
	NetworkScale   *tensor `json:"network_scale,omitempty"`
	NetworkWeights *tensor `json:"network_weights,omitempty"`

	TransitionHigh   *tensor `json:"transition_high,omitempty"`
	TransitionLow    *tensor `json:"transition_low,omitempty"`
	TransitionScale  *tensor `json:"transition_scale,omitempty"`
	TransitionWeight *tensor `json:"transition_weight,omitempty"`
}

func (h *header) tensors() []*tensor {
	return []*tensor{h.Factors, h.Popularity, h.Content, h.Expected, h.TransitionHigh, h.TransitionLow, h.TransitionScale, h.TransitionWeight,
		h.NetworkItems, h.NetworkScale, h.NetworkWeights}
}

// payload is what comes behind the header, as it grows.
type payload []byte

// put lays down what write appends, and says where it is.
func (p *payload) put(kind string, write func([]byte) []byte, shape ...int) *tensor {
	from := len(*p)
	*p = write(*p)
	return &tensor{Type: kind, Shape: shape, Offsets: [2]int64{int64(from), int64(len(*p))}}
}

func (p *payload) floats(xs []float32, shape ...int) *tensor {
	return p.put("F32", func(b []byte) []byte {
		for _, x := range xs {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
		return b
	}, shape...)
}

func (p *payload) bytes(xs []byte, shape ...int) *tensor {
	return p.put("U8", func(b []byte) []byte { return append(b, xs...) }, shape...)
}

// LoadModel reads a model file and checks everything in it: see [ReadModel].
func LoadModel(path string) (*rank.Model, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("load model: %w: make one with souklab train", err)
	}
	m, err := ReadModel(b)
	if err != nil {
		return nil, fmt.Errorf("load model %s: %w", path, err)
	}
	return m, nil
}

// ReadModel reads a model from the bytes of a file. A file that is cut,
// damaged, of a newer version, of another shape than it says, or that holds a
// number that is none, is refused in one sentence. The model shares no memory
// with b.
func ReadModel(b []byte) (*rank.Model, error) {
	if len(b) < 8 {
		return nil, fmt.Errorf("%d bytes are too few for a model file: make it again with souklab train", len(b))
	}
	size := binary.LittleEndian.Uint64(b)
	if size < 2 || size > maxHeader {
		return nil, fmt.Errorf("not a model file: its header would be %d bytes long, at most %d are allowed", size, maxHeader)
	}
	if uint64(len(b)-8) < size {
		return nil, fmt.Errorf("cut within its header, after %d of %d bytes: copy it again, or make it again with souklab train", len(b)-8, size)
	}
	h, err := parseHeader(b[8 : 8+size])
	if err != nil {
		return nil, err
	}
	m, err := fromMetadata(h.Metadata)
	if err != nil {
		return nil, err
	}
	data := b[8+size:]
	want := int64(0)
	for _, t := range h.tensors() {
		if t != nil {
			want = max(want, t.Offsets[1])
		}
	}
	if int64(len(data)) != want {
		return nil, fmt.Errorf("%d bytes of numbers where its header says %d: the file is cut or damaged, copy it again or make it again with souklab train", len(data), want)
	}
	if m.Factors, err = numbers(data, "factors", h.Factors, m.Items, m.Dim); err != nil {
		return nil, err
	}
	if m.Popularity, err = numbers(data, "popularity", h.Popularity, m.Items); err != nil {
		return nil, err
	}
	if h.Content != nil {
		if m.ContentWeights, err = numbers(data, "content", h.Content, catalog.FeatureDim, m.Dim); err != nil {
			return nil, err
		}
	}
	if h.Expected != nil {
		if m.Expected, err = numbers(data, "expected", h.Expected, m.Items); err != nil {
			return nil, err
		}
	}
	if m.Transitions, err = readTransitions(h, data, m.Items); err != nil {
		return nil, err
	}
	if m.Network, err = readNetwork(h, data, m.Items); err != nil {
		return nil, err
	}
	if sum := checksum(data); h.Metadata["sha256"] != sum {
		return nil, errors.New("its numbers do not fit its checksum: the file is damaged, copy it again or make it again with souklab train")
	}
	if err := m.Check(); err != nil {
		return nil, fmt.Errorf("%w: make it again with souklab train", err)
	}
	m.Gram = rank.ComputeGram(m.Factors, m.Dim)
	m.Fingerprint = fingerprint(b)
	return m, nil
}

func parseHeader(b []byte) (*header, error) {
	var h header
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&h); err != nil {
		return nil, fmt.Errorf("its header is not JSON (%v): not a model file, or damaged", err)
	}
	// Spaces may pad the header, as in the format; anything else may not.
	if rest := b[d.InputOffset():]; len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New("there is something behind the JSON of its header: the file is damaged")
	}
	if h.Metadata == nil || h.Metadata["format"] != "souk-model" {
		return nil, errors.New("a safetensors file, but not a model of Souk: its metadata has no format souk-model")
	}
	return &h, nil
}

// fromMetadata makes a model without its numbers.
func fromMetadata(meta map[string]string) (*rank.Model, error) {
	version, err := strconv.Atoi(meta["version"])
	if err != nil || version < 1 {
		return nil, fmt.Errorf("metadata field version is %q, not a number: the file is damaged", meta["version"])
	}
	if version > fileFormat {
		return nil, fmt.Errorf("it is of version %d, this program reads up to %d: update Souk", version, fileFormat)
	}
	m := &rank.Model{Catalogue: meta["catalogue"], Trained: meta["trained"], Date: meta["date"]}
	for _, f := range []struct {
		name string
		to   *int
		most int
	}{{"items", &m.Items, maxItems}, {"dim", &m.Dim, rank.MaxDim}} {
		if *f.to, err = strconv.Atoi(meta[f.name]); err != nil || *f.to < 1 || *f.to > f.most {
			return nil, fmt.Errorf("metadata field %s is %q, not a number from 1 to %d: the file is damaged", f.name, meta[f.name], f.most)
		}
	}
	for _, f := range []struct {
		name string
		to   *float32
	}{{"temperature", &m.Temperature}, {"regularisation", &m.Regularisation}, {"base", &m.Base}} {
		x, err := strconv.ParseFloat(meta[f.name], 32)
		if err != nil || !(x > 0) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("metadata field %s is %q, not a number above 0: the file is damaged", f.name, meta[f.name])
		}
		*f.to = float32(x)
	}
	m.Blend, err = readBlend(meta)
	return m, err
}

// numbers reads one tensor of floats of the shape that the metadata promises.
func numbers(data []byte, name string, t *tensor, shape ...int) ([]float32, error) {
	b, err := bytesOf(data, name, "F32", 4, t, shape...)
	if err != nil {
		return nil, err
	}
	out := make([]float32, len(b)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return out, nil
}

// bytesOf finds the bytes of one tensor of a type, with so many bytes a number.
func bytesOf(data []byte, name, kind string, size int64, t *tensor, shape ...int) ([]byte, error) {
	if t == nil {
		return nil, fmt.Errorf("tensor %s is missing: not a complete model file, make it again with souklab train", name)
	}
	count := int64(1)
	for _, s := range shape {
		count *= int64(s)
	}
	same := len(t.Shape) == len(shape)
	for i := range shape {
		same = same && t.Shape[i] == shape[i]
	}
	if t.Type != kind || !same {
		return nil, fmt.Errorf("tensor %s is %s %v where the metadata asks for %s %v: the file is damaged", name, t.Type, t.Shape, kind, shape)
	}
	from, to := t.Offsets[0], t.Offsets[1]
	if from < 0 || to > int64(len(data)) || to-from != size*count {
		return nil, fmt.Errorf("tensor %s lies at bytes %d to %d of %d, %d numbers need %d: the file is damaged", name, from, to, len(data), count, size*count)
	}
	return data[from:to], nil
}

func checksum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func fingerprint(file []byte) string {
	sum := sha256.Sum256(file)
	return hex.EncodeToString(sum[:16])
}

// WriteModel is the bytes of a model file. The same model gives the same bytes.
func WriteModel(m *rank.Model) ([]byte, error) {
	if err := m.Check(); err != nil {
		return nil, fmt.Errorf("write model: %w", err)
	}
	var data payload
	h := header{}
	h.Factors = data.floats(m.Factors, m.Items, m.Dim)
	h.Popularity = data.floats(m.Popularity, m.Items)
	if len(m.ContentWeights) > 0 {
		h.Content = data.floats(m.ContentWeights, catalog.FeatureDim, m.Dim)
	}
	if m.Expected != nil {
		h.Expected = data.floats(m.Expected, m.Items)
	}
	putTransitions(&h, &data, m.Transitions, m.Items)
	putNetwork(&h, &data, m.Network)
	version := 1
	switch {
	case m.Network != nil || m.Expected != nil:
		version = 3
	case m.Transitions != nil || m.Blend != (rank.Blend{}):
		version = 2
	}
	h.Metadata = map[string]string{
		"format": "souk-model", "version": strconv.Itoa(version),
		"items": strconv.Itoa(m.Items), "dim": strconv.Itoa(m.Dim),
		"temperature": decimal(m.Temperature), "regularisation": decimal(m.Regularisation), "base": decimal(m.Base),
		"catalogue": m.Catalogue, "trained": m.Trained, "date": m.Date, "sha256": checksum(data),
	}
	putBlend(h.Metadata, m.Blend)
	putShape(h.Metadata, m.Network)
	head, err := json.Marshal(&h) // sorts the metadata's keys
	if err != nil {
		return nil, fmt.Errorf("write model: %w", err)
	}
	for (8+len(head))%8 != 0 {
		head = append(head, ' ')
	}
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(head)))
	return append(append(b, head...), data...), nil
}

// SaveModel writes a model file so that a crash leaves either the old file or
// the new one: into a file beside it, synced, renamed.
func SaveModel(path string, m *rank.Model) (err error) {
	b, err := WriteModel(m)
	if err != nil {
		return fmt.Errorf("save model %s: %w", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return fmt.Errorf("save model %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("save model %s: %w", path, err)
		}
	}()
	if _, err = f.Write(b); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	syncDir(filepath.Dir(path))
	return nil
}

// syncDir makes a rename last. Systems that cannot sync a folder say so in
// different ways; the file itself is safe by then, so that is no failure.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
