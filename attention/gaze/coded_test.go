package gaze_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/attention/gaze"
	"souk/input"
	"souk/world"
)

// coded is where human-coded eye movements lie, if this checkout has them:
// recordings of Andersson et al. 2017 ("One algorithm to rule them all?"),
// which are not part of Souk.
const coded = "../../../shared/data/gaze-coded"

// TestAgreementWithHumanCoders prints, for each kind of stimulus, Cohen's
// kappa of single samples against the coder, for fixations and for saccades,
// and holds the least that the detector must reach where it claims to: on still images. It knows no
// pursuit and no post-saccadic oscillation, so that on moving stimuli its
// fixations cannot agree with a coder's.
func TestAgreementWithHumanCoders(t *testing.T) {
	if _, err := os.Stat(coded); err != nil {
		t.Skipf("no human-coded recordings at %s: nothing to compare with", coded)
	}
	for _, c := range []struct {
		kind                     string
		leastFixation, leastJump float64
	}{{"images", 0.5, 0.7}, {"dots", -1, 0.55}, {"videos", -1, 0.55}} {
		files, err := filepath.Glob(filepath.Join(coded, c.kind, "*.mat"))
		if err != nil || len(files) == 0 {
			t.Errorf("no recordings of %s: %v", c.kind, err)
			continue
		}
		var fixation, jump agreement
		for _, file := range files {
			rec, err := readCoded(file)
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			rec.score(&fixation, &jump)
		}
		t.Logf("%s, %d recordings: kappa of fixations %.2f, of saccades %.2f", c.kind, len(files), fixation.kappa(), jump.kappa())
		if fixation.kappa() < c.leastFixation || jump.kappa() < c.leastJump {
			t.Errorf("%s: want at least %.2f and %.2f", c.kind, c.leastFixation, c.leastJump)
		}
	}
}

// agreement counts samples by what coder and detector say.
type agreement [2][2]float64

func (a *agreement) add(coder, detector bool) {
	b := map[bool]int{true: 1}
	a[b[coder]][b[detector]]++
}

// kappa is Cohen's (1960).
func (a *agreement) kappa() float64 {
	n := a[0][0] + a[0][1] + a[1][0] + a[1][1]
	same := (a[0][0] + a[1][1]) / n
	chance := ((a[0][0]+a[0][1])*(a[0][0]+a[1][0]) + (a[1][0]+a[1][1])*(a[0][1]+a[1][1])) / (n * n)
	return (same - chance) / (1 - chance)
}

// recording is samples with a coder's label each.
type recording struct {
	samples []input.Sample
	label   []int
}

func (r *recording) score(fixation, jump *agreement) {
	d := gaze.NewDetector(gaze.DefaultConfig())
	head := world.Upright(r3.Vec{}, 0, 0)
	var events []gaze.Event
	for i := range r.samples {
		events = d.Step(events, r.samples[i].T, head, r.samples[i:i+1])
	}
	if e, ok := d.Current(); ok {
		events = append(events, e)
	}
	k := 0
	for i, s := range r.samples {
		for k < len(events) && events[k].T1 < s.T {
			k++
		}
		kind := gaze.Gap
		if k < len(events) && s.T >= events[k].T0 {
			kind = events[k].Kind
		}
		if !s.Valid || r.label[i] == 0 || r.label[i] >= 5 {
			continue // blinks, and what the coder could not tell
		}
		fixation.add(r.label[i] == 1, kind == gaze.Fixation)
		jump.add(r.label[i] == 2, kind == gaze.Saccade)
	}
}

// readCoded reads one file: struct ETdata of a MATLAB 5 file.
func readCoded(file string) (*recording, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	fields := map[string][]float64{}
	if err := readMatlab(b[min(128, len(b)):], "", fields); err != nil {
		return nil, err
	}
	pos, res, size := fields["pos"], fields["screenRes"], fields["screenDim"]
	rate, dist := fields["sampFreq"], fields["viewDist"]
	if len(pos) == 0 || len(pos)%6 != 0 || len(res) < 2 || len(size) < 2 || len(rate) < 1 || len(dist) < 1 {
		return nil, fmt.Errorf("not an ETdata: pos has %d numbers", len(pos))
	}
	n := len(pos) / 6
	at := func(row, col int) float64 { return pos[col*n+row] }
	period := 1 / rate[0]
	if step := (at(n-1, 0) - at(0, 0)) / float64(n-1) / 1e6; step > 0 {
		period = step // the times are right where they are there
	}
	rec := &recording{}
	for i := range n {
		x, y := at(i, 3), at(i, 4)
		dir := r3.Vec{X: (x/res[0] - 0.5) * size[0], Y: (0.5 - y/res[1]) * size[1], Z: -dist[0]}
		rec.samples = append(rec.samples, input.Sample{
			T: float64(i+1) * period, Dir: dir, Valid: x != 0 && y != 0 && !math.IsNaN(x+y), Source: world.SourceEye,
		})
		rec.label = append(rec.label, int(at(i, 5)))
	}
	return rec, nil
}

// readMatlab puts the numeric arrays among the elements of b into out, by name
// or by field name.
func readMatlab(b []byte, name string, out map[string][]float64) error {
	for len(b) >= 8 {
		kind, data, rest := matlabElement(b)
		switch kind {
		case 15: // compressed
			z, err := zlib.NewReader(bytes.NewReader(data))
			if err != nil {
				return err
			}
			plain, err := io.ReadAll(z)
			if err != nil {
				return err
			}
			if err := readMatlab(plain, name, out); err != nil {
				return err
			}
		case 14: // matrix: flags, dimensions, name, then what it holds
			_, flags, in := matlabElement(data)
			_, _, in = matlabElement(in)
			_, own, in := matlabElement(in)
			if name == "" {
				name = string(own)
			}
			if len(flags) > 0 && flags[0] == 2 { // a struct: field names, then a matrix each
				_, width, in := matlabElement(in)
				_, names, in := matlabElement(in)
				w := int(binary.LittleEndian.Uint32(width))
				for ; len(names) >= w && len(in) >= 8; names = names[w:] {
					_, field, next := matlabElement(in)
					_ = field
					if err := readMatlab(in[:len(in)-len(next)], string(bytes.TrimRight(names[:w], "\x00")), out); err != nil {
						return err
					}
					in = next
				}
			} else if len(in) >= 8 {
				kind, raw, _ := matlabElement(in)
				out[name] = matlabNumbers(kind, raw)
			}
			name = ""
		}
		b = rest
	}
	return nil
}

// matlabElement takes the first element off b.
func matlabElement(b []byte) (kind uint32, data, rest []byte) {
	if len(b) < 8 {
		return 0, nil, nil
	}
	kind = binary.LittleEndian.Uint32(b)
	if size := kind >> 16; size != 0 { // a small element: all in eight bytes
		return kind & 0xffff, b[4 : 4+min(4, size)], b[8:]
	}
	size := int(binary.LittleEndian.Uint32(b[4:]))
	size = min(size, len(b)-8)
	data = b[8 : 8+size]
	if kind != 15 {
		size = (size + 7) &^ 7
	}
	return kind, data, b[8+min(size, len(b)-8):]
}

func matlabNumbers(kind uint32, b []byte) (v []float64) {
	le := binary.LittleEndian
	switch kind {
	case 1:
		for _, x := range b {
			v = append(v, float64(int8(x)))
		}
	case 2:
		for _, x := range b {
			v = append(v, float64(x))
		}
	case 3, 4:
		for ; len(b) >= 2; b = b[2:] {
			if x := le.Uint16(b); kind == 3 {
				v = append(v, float64(int16(x)))
			} else {
				v = append(v, float64(x))
			}
		}
	case 5, 6:
		for ; len(b) >= 4; b = b[4:] {
			if x := le.Uint32(b); kind == 5 {
				v = append(v, float64(int32(x)))
			} else {
				v = append(v, float64(x))
			}
		}
	case 7:
		for ; len(b) >= 4; b = b[4:] {
			v = append(v, float64(math.Float32frombits(le.Uint32(b))))
		}
	case 9:
		for ; len(b) >= 8; b = b[8:] {
			v = append(v, math.Float64frombits(le.Uint64(b)))
		}
	}
	return v
}
