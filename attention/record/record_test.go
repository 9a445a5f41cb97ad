package record_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/foxglove/mcap/go/mcap"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"souk/attention"
	"souk/attention/record"
	"souk/input"
)

func TestEveryFieldOfFrameAndDecisionComesBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	want := make([]record.Entry, 3)
	for i := range want {
		want[i].Number = uint64(i)
		fill(reflect.ValueOf(&want[i].Frame).Elem(), rng, 3)
		fill(reflect.ValueOf(&want[i].Decision).Elem(), rng, 3)
	}
	r, err := record.NewReader(bytes.NewReader(write(t, header(), want)), "test")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if diff := cmp.Diff(header(), r.Header()); diff != "" {
		t.Errorf("header (-written +read):\n%s", diff)
	}
	for i := range want {
		var got record.Entry
		if err := r.Next(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Errorf("entry %d (-written +read):\n%s", i, diff)
		}
	}
	if err := r.Next(new(record.Entry)); !errors.Is(err, io.EOF) || r.Truncated() {
		t.Errorf("at the end: %v, truncated %v; want EOF, false", err, r.Truncated())
	}
}

func TestFloatsComeBackToTheBit(t *testing.T) {
	negative := math.Copysign(0, -1)
	e := record.Entry{}
	e.Frame.T, e.Frame.Lens.FovY, e.Frame.Lens.Far = negative, math.NaN(), math.Inf(1)
	e.Frame.Samples = []input.Sample{{T: negative, Confidence: float32(negative)}, {Confidence: math.MaxFloat32}}
	e.Decision.Focus.P = float32(negative)
	e.Decision.Focus.Dwell = math.SmallestNonzeroFloat64
	next := e
	next.Number = 1
	next.Decision.Focus.P = 0 // differs from −0 in its sign alone
	want := encodeAll(t, []record.Entry{e, next})
	if bytes.Equal(want[0], want[1]) {
		t.Fatal("0 and −0 have one encoding")
	}
	if n, _, err := prefix(t, write(t, header(), []record.Entry{e, next}), want); n != 2 || err != nil {
		t.Fatalf("%d entries, %v", n, err)
	}
}

func TestASessionComesBack(t *testing.T) {
	entries := session(400, 20, 1)
	data := write(t, header(), entries)
	n, truncated, err := prefix(t, data, encodeAll(t, entries))
	if n != len(entries) || truncated || err != nil {
		t.Fatalf("%d of %d entries, truncated %v, %v", n, len(entries), truncated, err)
	}
}

func TestTheSameSessionIsTheSameFile(t *testing.T) {
	if a, b := write(t, header(), session(200, 10, 2)), write(t, header(), session(200, 10, 2)); !bytes.Equal(a, b) {
		t.Errorf("two files of %d and %d bytes differ", len(a), len(b))
	}
}

func TestAFileCutAnywhereOpensUpToTheCut(t *testing.T) {
	entries := session(150, 3, 3)
	want := encodeAll(t, entries)
	data := write(t, header(), entries)
	const step = 499
	last, opened := 0, false
	for cut := 0; cut < len(data); cut++ {
		if cut > 2500 && cut < len(data)-200 && cut%step != 0 {
			continue
		}
		n, truncated, err := prefix(t, data[:cut], want)
		switch {
		case err != nil && opened:
			t.Fatalf("cut at %d: %v, though it opened at a shorter one", cut, err)
		case err == nil:
			opened = true
			if n < last {
				t.Fatalf("cut at %d: %d entries, fewer than at a shorter one", cut, n)
			}
			if last = n; n < len(entries) && !truncated {
				t.Fatalf("cut at %d: %d of %d entries and Truncated is false", cut, n, len(entries))
			}
		}
	}
	if last != len(entries) {
		t.Errorf("cut by one byte: %d of %d entries", last, len(entries))
	}
}

func TestADamagedByteNeverGivesAWrongEntry(t *testing.T) {
	entries := session(90, 4, 4)
	want := encodeAll(t, entries)
	data := write(t, header(), entries)
	whole := 0
	for at := 0; at < len(data); at += 1 + at%211 {
		damaged := bytes.Clone(data)
		damaged[at] ^= 1 << (at % 8)
		if n, _, err := prefix(t, damaged, want); err == nil && n == len(want) {
			whole++ // a byte that no entry needs: of the index, or of a time
		} else if err != nil && !strings.Contains(err.Error(), "test") {
			t.Errorf("byte %d: the message %q does not name the file", at, err)
		}
	}
	t.Logf("%d bytes, %d of those changed are not needed", len(data), whole)
}

func TestZerosAfterAPowerCutAreATornTail(t *testing.T) {
	entries := session(200, 4, 5)
	data := write(t, header(), entries)
	torn := append(bytes.Clone(data[:len(data)*2/3]), make([]byte, 4096)...)
	n, truncated, err := prefix(t, torn, encodeAll(t, entries))
	if err != nil && !errors.Is(err, record.ErrDamaged) {
		t.Fatal(err)
	}
	if n == 0 || !truncated {
		t.Errorf("%d entries, truncated %v", n, truncated)
	}
}

func TestAPublicReaderDecodesItByTheSchemaInside(t *testing.T) {
	entries := session(150, 5, 6)
	data := write(t, header(), entries)
	r, err := mcap.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	info, err := r.Info()
	if err != nil {
		t.Fatal(err)
	}
	if n := info.ChannelCounts(); n["souk/frame"] != 150 || n["souk/decision"] != 150 || len(info.ChunkIndexes) < 2 {
		t.Errorf("the index says %v in %d chunks", n, len(info.ChunkIndexes))
	}
	it, err := r.Messages(mcap.UsingIndex(true))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	err = mcap.Range(it, func(s *mcap.Schema, c *mcap.Channel, m *mcap.Message) error {
		if s.Encoding != "protobuf" || c.MessageEncoding != "protobuf" {
			t.Fatalf("encodings %q, %q", s.Encoding, c.MessageEncoding)
		}
		got := dynamic(t, s, m.Data)
		fields := got.Descriptor().Fields()
		number := got.Get(fields.ByName("number")).Uint()
		if got.Get(fields.ByName("t")).Float() != entries[number].Frame.T {
			t.Errorf("%s %d: t is wrong", s.Name, number)
		}
		if c.Topic == "souk/frame" && got.Get(fields.ByName("samples")).Message().Get(
			fields.ByName("samples").Message().Fields().ByName("dir_x")).List().Get(1).Float() != entries[number].Frame.Samples[1].Dir.X {
			t.Errorf("%s %d: the second sample is wrong", s.Name, number)
		}
		seen++
		return nil
	})
	if err != nil || seen != 300 {
		t.Errorf("%d messages, %v", seen, err)
	}
}

// dynamic decodes a message by nothing but the schema record beside it.
func dynamic(t *testing.T, s *mcap.Schema, data []byte) protoreflect.Message {
	t.Helper()
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(s.Data, &set); err != nil {
		t.Fatal(err)
	}
	files, err := protodesc.NewFiles(&set)
	if err != nil {
		t.Fatal(err)
	}
	d, err := files.FindDescriptorByName(protoreflect.FullName(s.Name))
	if err != nil {
		t.Fatal(err)
	}
	m := dynamicpb.NewMessage(d.(protoreflect.MessageDescriptor))
	if err := proto.Unmarshal(data, m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWhatCannotBeOpenedSaysWhy(t *testing.T) {
	whole := write(t, header(), session(3, 2, 7))
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":      {nil, "not an MCAP file"},
		"other file": {[]byte("PK\x03\x04 something else"), "not an MCAP file"},
		"magic only": {mcap.Magic, "ends before its header"},
		"no header":  {otherMCAP(t), "without Souk's header"},
		"damaged":    {flip(whole, 120), "header is damaged"},
	} {
		_, err := record.NewReader(bytes.NewReader(c.data), "some.mcap")
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "some.mcap") {
			t.Errorf("%s: %v; want one with %q and the file's name", name, err, c.want)
		}
	}
	_, err := record.Open(filepath.Join(t.TempDir(), "none.mcap"))
	if !errors.Is(err, os.ErrNotExist) && (err == nil || !strings.Contains(err.Error(), "no such file")) {
		t.Errorf("missing file: %v", err)
	}
}

func flip(data []byte, at int) []byte {
	d := bytes.Clone(data)
	d[at] ^= 0x10
	return d
}

// otherMCAP is a finished MCAP file of somebody else's.
func otherMCAP(t *testing.T) []byte {
	var b bytes.Buffer
	w, err := mcap.NewWriter(&b, &mcap.WriterOptions{IncludeCRC: true, Chunked: true, Compression: mcap.CompressionZSTD})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteHeader(&mcap.Header{}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCreateNeverWritesOverAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "s.mcap")
	w, err := record.Create(path, header())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); !errors.Is(err, record.ErrClosed) {
		t.Errorf("second Close: %v", err)
	}
	if err := w.Write(&attention.Frame{}, &attention.Decision{}); !errors.Is(err, record.ErrClosed) {
		t.Errorf("Write after Close: %v", err)
	}
	if _, err := record.Create(path, header()); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("second Create: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("a recording is for its owner alone: %v, %v", info.Mode(), err)
	}
	if diff := cmp.Diff(record.Header{}, mustHeader(t, write(t, record.Header{}, nil)), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("an empty header (-written +read):\n%s", diff)
	}
}

func mustHeader(t *testing.T, data []byte) record.Header {
	r, err := record.NewReader(bytes.NewReader(data), "test")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	return r.Header()
}

func FuzzReader(f *testing.F) {
	entries := session(70, 2, 8)
	data := write(f, header(), entries)
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add(data[:200])
	f.Add(flip(data, 700))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := record.NewReader(bytes.NewReader(data), "fuzz")
		if err != nil {
			return
		}
		defer r.Close()
		var e record.Entry
		for n := uint64(0); r.Next(&e) == nil; n++ {
			if e.Number != n {
				t.Fatalf("entry %d says it is %d", n, e.Number)
			}
		}
	})
}
