package board_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"souk/attention/train/board"
)

type buffer struct{ bytes.Buffer }

func (*buffer) Close() error { return nil }

func clock() time.Time { return time.Unix(1_700_000_000, 500_000_000) }

func written(t *testing.T, points func(w *board.Writer)) []byte {
	t.Helper()
	var b buffer
	w, err := board.NewWriter(&b, clock)
	if err != nil {
		t.Fatal(err)
	}
	points(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The bytes are put together here by hand, as
// docs/tensorboard.md lays them out; Python's tensorboard 2.21.0 reads such files.
func TestTheBytesAreThoseOfTheFormat(t *testing.T) {
	got := hex.EncodeToString(written(t, func(w *board.Writer) { w.Scalar("a", 3, 0.5) }))
	want := "1800000000000000" + "a37f4b22" + // 24 bytes, and their masked checksum
		"09" + "00002040fc54d941" + "1a0d" + hex.EncodeToString([]byte("brain.Event:2")) + // wall time; file_version
		"FOOT" + // checksum of the payload
		"1700000000000000"
	head, rest, _ := strings.Cut(want, "FOOT")
	if !strings.HasPrefix(got, head) {
		t.Errorf("the file begins\n%s, not\n%s", got[:len(head)], head)
	}
	if after := got[len(head)+8:]; !strings.HasPrefix(after, rest) {
		t.Errorf("the second record begins %s, not %s", after[:16], rest)
	}
	if !strings.Contains(got, "1003"+"2a0a"+"0a08"+"0a0161"+"150000003f") {
		t.Errorf("step 3 with a = 0.5 is not in %s", got)
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := []board.Event{{Wall: 1_700_000_000.5, Version: board.Version}}
		data := written(t, func(w *board.Writer) {
			for range rapid.IntRange(0, 20).Draw(rt, "points") {
				tag := rapid.StringN(1, 20, 100).Draw(rt, "tag")
				step := rapid.Int64().Draw(rt, "step")
				v := rapid.Float32().Draw(rt, "value")
				if err := w.Scalar(tag, step, float64(v)); err != nil {
					rt.Fatal(err)
				}
				want = append(want, board.Event{Wall: 1_700_000_000.5, Step: step, Scalars: []board.Scalar{{Tag: tag, Value: v}}})
			}
		})
		got, err := board.Read(bytes.NewReader(data))
		if err != nil {
			rt.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			rt.Fatal(d)
		}
	})
}

func TestACutFileGivesWhatCameBefore(t *testing.T) {
	data := written(t, func(w *board.Writer) { w.Scalar("loss", 1, 2); w.Scalar("loss", 2, 1) })
	whole, _ := board.Read(bytes.NewReader(data))
	for n := range data {
		got, err := board.Read(bytes.NewReader(data[:n]))
		if err != nil && !errors.Is(err, board.ErrCut) {
			t.Fatalf("cut at byte %d: %v", n, err)
		}
		if d := cmp.Diff(whole[:len(got)], append([]board.Event{}, got...)); d != "" {
			t.Fatalf("cut at byte %d: %s", n, d)
		}
	}
}

func TestEveryDamagedByteIsNoticed(t *testing.T) {
	data := written(t, func(w *board.Writer) { w.Scalar("loss", 1, 2) })
	for n := range data {
		bad := bytes.Clone(data)
		bad[n] ^= 0x10
		if _, err := board.Read(bytes.NewReader(bad)); err == nil {
			t.Errorf("byte %d was changed, and nothing was said", n)
		}
	}
}

func TestWhatCannotBeDrawnIsRefused(t *testing.T) {
	w, _ := board.NewWriter(new(buffer), clock)
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300} {
		if w.Scalar("loss", 1, v) == nil {
			t.Errorf("%v was written", v)
		}
	}
	for _, tag := range []string{"", strings.Repeat("x", board.MaxTag+1)} {
		if w.Scalar(tag, 1, 0) == nil {
			t.Errorf("a tag of %d bytes was written", len(tag))
		}
	}
}

func TestTwoWritersOfTheSameSecondHaveTwoFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs", "a")
	for range 2 {
		w, err := board.Create(dir, "train", clock)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 2 || !strings.Contains(files[0].Name(), "tfevents") {
		t.Errorf("the files are %v, want two with tfevents in their names", files)
	}
	if _, err := board.Create(dir, "../x", clock); err == nil {
		t.Error("a name that leaves the folder was taken")
	}
}

func FuzzRead(f *testing.F) {
	var b buffer
	w, _ := board.NewWriter(&b, clock)
	w.Scalar("loss", 1, 2)
	w.Close()
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:20])
	f.Fuzz(func(t *testing.T, data []byte) {
		events, err := board.Read(bytes.NewReader(data))
		if err != nil && !strings.HasPrefix(err.Error(), "board: record ") {
			t.Errorf("%d events, and an error without a place: %v", len(events), err)
		}
	})
}
