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

	"souk/attention/rank"
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
	for _, content := range []bool{true, false} {
		want := smallModel()
		if !content {
			want.ContentWeights = nil
		}
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
		if diff := cmp.Diff(want, got); diff != "" {
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
		"newer":            {edit(`"version":"1"`, `"version":"2"`), "update Souk"},
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
		if diff := cmp.Diff(m, again); diff != "" {
			t.Fatal(diff)
		}
	})
}
