//go:build cgo

package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"souk/world/catalog"
)

// program builds the program once.
func program(t *testing.T, env ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "souk")
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	return path
}

// needsDisplay skips a test where there is no display to open a window on.
func needsDisplay(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("slow")
	}
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no display; make test gives one")
	}
}

// The program itself, in its window: frames, picture, recording, report.
func TestProgramWalksAndLeavesEverything(t *testing.T) {
	needsDisplay(t)
	souk, dir := program(t), t.TempDir()
	shot := filepath.Join(dir, "shot.png")
	out, err := exec.Command(souk, "-catalogue", "demo:seed=1,items=300", "-shopper", "-frames", "60", "-width", "640", "-height", "360", "-quality", "low",
		"-screenshot", shot, "-report", filepath.Join(dir, "report")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	notBlank(t, shot, 640, 360)
	var f figures
	b, err := os.ReadFile(filepath.Join(dir, "report", "report.json"))
	if err == nil {
		err = json.Unmarshal(b, &f)
	}
	if err != nil || f.Frames != 60 || f.Recording == "" || !strings.Contains(string(out), "Recording: "+f.Recording) {
		t.Fatalf("report %+v, %v\n%s", f, err, out)
	}
	if res := replay(t, f.Recording); res.Different != 0 || res.Frames != 61 {
		t.Errorf("replay: %+v", res)
	}
}

// notBlank checks that a picture shows something: many colours, in all its quarters.
func notBlank(t *testing.T, path string, width, height int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds().Size() != image.Pt(width, height) {
		t.Fatalf("the picture is %v", img.Bounds())
	}
	for _, q := range []image.Point{{0, 0}, {width / 2, 0}, {0, height / 2}, {width / 2, height / 2}} {
		colours := map[color.Color]bool{}
		for y := q.Y; y < q.Y+height/2; y += 3 {
			for x := q.X; x < q.X+width/2; x += 3 {
				colours[img.At(x, y)] = true
			}
		}
		if len(colours) < 60 {
			t.Errorf("the quarter at %v has %d colours", q, len(colours))
		}
	}
}

// A signal ends the visit as closing the window does: everything is saved.
func TestInterruptSaves(t *testing.T) {
	needsDisplay(t)
	souk, dir := program(t), t.TempDir()
	cmd := exec.Command(souk, "-catalogue", "demo:seed=1,items=300", "-data", dir, "-consent", "local", "-volume", "off", "-width", "320", "-height", "240", "-quality", "low")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	// A recording is there before the window is, and grows once a second when frames are lived through.
	for size, grown := int64(0), 0; grown < 3; time.Sleep(500 * time.Millisecond) {
		if time.Since(start) > 2*time.Minute {
			t.Fatal("no frame is recorded after two minutes")
		}
		if m, _ := filepath.Glob(filepath.Join(dir, "visitor-1", "recordings", "*.mcap")); len(m) > 0 {
			if info, err := os.Stat(m[0]); err == nil && info.Size() > size {
				size, grown = info.Size(), grown+1
			}
		}
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	m, _ := filepath.Glob(filepath.Join(dir, "visitor-1", "recordings", "*.mcap"))
	if len(m) != 1 {
		t.Fatalf("recordings %v\n%s", m, &out)
	}
	if res := replay(t, m[0]); res.Different != 0 || res.Truncated || res.Frames == 0 {
		t.Errorf("replay: %+v", res)
	}
	if p, _ := filepath.Glob(filepath.Join(dir, "visitor-1", "profile-*.souk")); len(p) != 1 {
		t.Errorf("profiles %v", p)
	}
}

// A machine without a sound device says so in one line, and the visit goes on;
// with the volume off, or where nobody listens, it says nothing.
func TestWithoutASoundDevice(t *testing.T) {
	needsDisplay(t)
	souk := program(t)
	for _, tc := range []struct {
		args []string
		says int
	}{{nil, 1}, {[]string{"-volume", "off"}, 0}, {[]string{"-hidden"}, 0}, {[]string{"-hidden", "-volume", "high"}, 0}} {
		cmd := exec.Command(souk, append([]string{"-catalogue", "demo:seed=1,items=300", "-shopper", "-seconds", "3", "-no-record", "-data", t.TempDir(),
			"-width", "320", "-height", "240", "-quality", "low"}, tc.args...)...)
		cmd.Env = append(os.Environ(), "ALSA_CONFIG_PATH="+os.DevNull) // ALSA knows of no device at all
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil || errs.Len() != 0 {
			t.Errorf("%v: %v, %q", tc.args, err, &errs)
		}
		if n := strings.Count(out.String(), "The market is silent: no sound device"); n != tc.says {
			t.Errorf("%v: said %d times:\n%s", tc.args, n, &out)
		}
	}
}

// What goes wrong gets one sentence and a status other than 0.
func TestWhatGoesWrongGetsASentence(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	souk, dir := program(t), t.TempDir()
	csv := filepath.Join(dir, "broken.csv")
	if err := os.WriteFile(csv, []byte("nothing,of,use\n1,2,3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Generate(20, 1)
	if err != nil || len(c.Items) != 20 {
		t.Fatal(err)
	}
	model := filepath.Join(dir, "model.safetensors")
	if err := os.WriteFile(model, []byte("not a model"), 0o600); err != nil {
		t.Fatal(err)
	}
	display := os.Getenv("DISPLAY")
	for _, tc := range []struct {
		name, display string
		args          []string
		want          string
	}{
		{"no display", ":987", nil, "make run"},
		{"no such catalogue", display, []string{"-catalogue", filepath.Join(dir, "none.csv")}, "none.csv"},
		{"broken catalogue", display, []string{"-catalogue", csv}, "broken.csv"},
		{"no such model", display, []string{"-catalogue", "demo:seed=1,items=300", "-model", filepath.Join(dir, "none")}, "none"},
		{"broken model", display, []string{"-catalogue", "demo:seed=1,items=300", "-model", model}, "model.safetensors"},
		{"no server", display, []string{"-connect", "127.0.0.1:1"}, "joining 127.0.0.1:1"},
		{"no address", display, []string{"-connect", "::::"}, "joining ::::"},
		{"data is a file", display, []string{"-data", csv}, "-data"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.display == "" {
				t.Skip("no display; make test gives one")
			}
			cmd := exec.Command(souk, append([]string{"-frames", "1", "-width", "320", "-height", "240", "-data", filepath.Join(dir, "data")}, tc.args...)...)
			cmd.Env = append(os.Environ(), "DISPLAY="+tc.display, "WAYLAND_DISPLAY=")
			var errs bytes.Buffer
			cmd.Stderr = &errs
			err := cmd.Run()
			lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
			if err == nil || len(lines) != 1 || !strings.HasPrefix(lines[0], "souk: ") || !strings.Contains(lines[0], tc.want) {
				t.Errorf("%v: %q", err, errs.String())
			}
		})
	}
}

// Built without cgo the program is there, and says what it lacks.
func TestWithoutCgo(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	out, err := exec.Command(program(t, "CGO_ENABLED=0")).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "built without cgo") || strings.Count(string(out), "\n") != 1 {
		t.Errorf("%v: %q", err, out)
	}
}
