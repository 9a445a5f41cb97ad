package snap_test

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
	"pgregory.net/rapid"

	"souk/attention/internal/snap"
)

func TestWhatIsWrittenIsReadBackBitForBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Uint64().Draw(t, "bits")
		i := rapid.Int64().Draw(t, "i")
		b := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		ok := rapid.Bool().Draw(t, "ok")
		var w snap.Writer
		w.F64(math.Float64frombits(f))
		w.I64(i)
		w.I32(int32(i))
		w.Bytes(b)
		w.Bool(ok)
		w.F32(1.5)
		w.Vec(r3.Vec{X: 1, Y: math.Inf(-1), Z: math.Copysign(0, -1)})
		r := snap.NewReader(w.Buf, "a test")
		if got := math.Float64bits(r.F64()); got != f {
			t.Fatalf("bits %x, want %x", got, f)
		}
		if got := r.I64(); got != i {
			t.Fatalf("int %d, want %d", got, i)
		}
		if got := r.I32(); got != int32(i) {
			t.Fatalf("int %d, want %d", got, int32(i))
		}
		if got := r.Bytes(); string(got) != string(b) {
			t.Fatalf("bytes %x, want %x", got, b)
		}
		if r.Bool() != ok || r.F32() != 1.5 {
			t.Fatal("bool or float32 differ")
		}
		if v := r.Vec(); v.X != 1 || !math.IsInf(v.Y, -1) || !math.Signbit(v.Z) {
			t.Fatalf("vector %v", v)
		}
		if err := r.Done(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestDamageIsOneSentence(t *testing.T) {
	var w snap.Writer
	w.U64(1 << 60)
	for name, read := range map[string]func(*snap.Reader){
		"short":     func(r *snap.Reader) { r.Vec() },
		"count":     func(r *snap.Reader) { r.Count(8) },
		"bytes":     func(r *snap.Reader) { r.Bytes() },
		"left over": func(r *snap.Reader) { r.Byte() },
	} {
		r := snap.NewReader(w.Buf, "a test")
		read(r)
		err := r.Done()
		if err == nil || !strings.Contains(err.Error(), "the saved state of a test is damaged") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
