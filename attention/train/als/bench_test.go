package als

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"souk/world"
)

// BenchmarkEpoch times an epoch beside the package implicit 0.7.3 (Ben
// Frederickson), where a Python that has it is found: named in SOUK_PYTHON, or python3. Both factorise
// the same confidences into the same number of factors under the same loss (λ not
// scaled, α₀ 1), with as many threads; the loss after all epochs and the seconds of
// processor are printed beside those of the clock.
//
//	go test ./attention/train/als -run '^$' -bench Epoch -benchtime 5x
func BenchmarkEpoch(b *testing.B) {
	for _, set := range []struct {
		name string
		dims []int
		make func(b *testing.B) *Matrix
	}{
		{"beauty", []int{64, 128}, beauty},
		{"1M", []int{64, 128, 256}, func(*testing.B) *Matrix { return sparse(6040, 3416, heavy(165), 1) }},
		{"10M", []int{64, 128}, func(b *testing.B) *Matrix {
			if testing.Short() {
				b.Skip("ten million entries: skipped with -short")
			}
			return sparse(100_000, 50_000, heavy(100), 1)
		}},
	} {
		b.Run(set.name, func(b *testing.B) {
			m := set.make(b)
			for k := range m.Col { // confidences of 2 to 5, all for
				c := float32(2 + k%4)
				m.Confidence[k], m.Preference[k] = c-1, c/(c-1)
			}
			folder := b.TempDir()
			writeMatrix(b, folder, m)
			for _, dim := range set.dims {
				b.Run(fmt.Sprint(dim), func(b *testing.B) { beside(b, m, dim, folder) })
			}
		})
	}
}

// heavy are row lengths with a long tail and about the given mean.
func heavy(mean int) func(u int) int {
	return func(u int) int {
		x := float64(u%97+1) / 97
		return 5 + int(float64(mean-5)*1.5*x*x*(1+float64(u%7)/6)*4/3)
	}
}

func beside(b *testing.B, m *Matrix, dim int, folder string) {
	const lambda = 10
	constant := 0.0 // what the two ways to write the loss differ by
	for _, p := range m.Preference {
		constant += float64(p)
	}
	for _, way := range []struct {
		name  string
		steps int
	}{{"souk", 3}, {"exact-float64", 0}} {
		b.Run(way.name, func(b *testing.B) {
			if way.steps == 0 && (dim > 64 || m.Entries() > 2_000_000) {
				b.Skip("minutes")
			}
			f := New(m, Config{Dim: dim, Epochs: 1, Regularisation: lambda, Base: 1, Deviation: 0.1, Seed: 1, Steps: way.steps, Unscaled: true})
			b.ReportAllocs()
			cpu := cpuSeconds()
			for b.Loop() {
				if err := f.Epoch(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/epoch")
			b.ReportMetric((cpuSeconds()-cpu)/float64(b.N), "cpu-s/epoch")
			b.ReportMetric(f.Loss()-constant, "loss")
		})
	}
	for _, solver := range []string{"cg", "cholesky"} {
		b.Run("implicit-"+solver, func(b *testing.B) {
			if solver == "cholesky" && m.Entries() > 2_000_000 {
				b.Skip("minutes")
			}
			python := implicitPython(b)
			cmd := exec.CommandContext(b.Context(), python, "testdata/compare_implicit.py", folder, strconv.Itoa(m.Users), strconv.Itoa(m.Items),
				strconv.Itoa(dim), strconv.Itoa(lambda), strconv.Itoa(b.N), solver, strconv.Itoa(Workers()))
			cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "OPENBLAS_CORETYPE=") })
			out, err := cmd.Output()
			if err != nil {
				b.Fatalf("implicit: %v", err)
			}
			var seconds, cpu, loss float64
			if _, err := fmt.Sscan(string(out), &seconds, &cpu, &loss); err != nil {
				b.Fatalf("implicit printed %q: %v", out, err)
			}
			b.ReportMetric(0, "ns/op") // not of this process
			b.ReportMetric(seconds/float64(b.N), "s/epoch")
			b.ReportMetric(cpu/float64(b.N), "cpu-s/epoch")
			b.ReportMetric(loss, "loss")
		})
	}
}

// cpuSeconds is what this process has used of all cores: on a machine with
// other work it says more than the clock.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

func implicitPython(b *testing.B) string {
	python := os.Getenv("SOUK_PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import implicit").Run(); err != nil {
		b.Skipf("%s has no package implicit: pip install implicit==0.7.3, and name that python in SOUK_PYTHON", python)
	}
	return python
}

func writeMatrix(b *testing.B, folder string, m *Matrix) {
	start := make([]int64, len(m.Start))
	for i, s := range m.Start {
		start[i] = int64(s)
	}
	value := make([]float32, len(m.Confidence))
	for k, c := range m.Confidence {
		value[k] = c + 1
	}
	for name, data := range map[string]any{"start.i64": start, "col.i32": m.Col, "value.f32": value} {
		var buf bytes.Buffer
		if err := binary.Write(&buf, binary.LittleEndian, data); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), buf.Bytes(), 0o600); err != nil {
			b.Fatal(err)
		}
	}
}

// beauty is the matrix of the shop sequences that are not shipped.
func beauty(b *testing.B) *Matrix {
	name := filepath.Join("..", "..", "..", "..", "shared", "data", "shop-events", "beauty-sequences.txt.gz")
	if dir := os.Getenv("SOUK_SHOP_DATA"); dir != "" {
		name = filepath.Join(dir, "beauty-sequences.txt.gz")
	}
	f, err := os.Open(name)
	if err != nil {
		b.Skipf("there are no real shop events here: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	m := &Matrix{Start: make([]int, 1)}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var items []int
		for _, word := range strings.Fields(lines.Text())[1:] {
			i, err := strconv.Atoi(word)
			if err != nil {
				b.Fatal(err)
			}
			items = append(items, i-1)
			m.Items = max(m.Items, i)
		}
		slices.Sort(items)
		var entries []Entry
		for _, i := range slices.Compact(items) {
			entries = append(entries, Entry{Item: world.ItemIndex(i), Confidence: 1, Preference: 1})
		}
		m.Append(entries)
		m.Users++
	}
	return m
}
