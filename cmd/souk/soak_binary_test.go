//go:build cgo

package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSoak walks for 10 s through a small market with everything on, at fixed
// steps as fast as it can be drawn, and holds that goroutines and objects, on the heap and
// on the graphics card, do not grow. The half hour in the large market, with memory's slope, is
//
//	souk -soak 30m
func TestSoak(t *testing.T) {
	needsDisplay(t)
	souk, dir := program(t), t.TempDir()
	out, err := exec.Command(souk, "-soak", "10s", "-catalogue", "demo:seed=1,items=300", "-hidden", "-width", "320", "-height", "240", "-quality", "low", "-report", dir).CombinedOutput()
	t.Logf("%s", out)
	if err != nil || !strings.Contains(string(out), "Soak: 10 s by the clock") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "soak.csv")); err != nil {
		t.Error(err)
	}
}

// The display is killed under the program: it says so in a sentence, and what
// it recorded can be replayed.
func TestLostDisplayLosesNothing(t *testing.T) {
	needsDisplay(t)
	xvfb, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Skip("no Xvfb to kill: install xvfb")
	}
	souk, dir := program(t), t.TempDir()
	screen := exec.Command(xvfb, "-displayfd", "3", "-screen", "0", "640x480x24", "-nolisten", "tcp")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	screen.ExtraFiles = []*os.File{w}
	if err := screen.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	defer screen.Wait()
	defer screen.Process.Kill()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("the display did not start: %v", err)
	}
	cmd := exec.Command(souk, "-shopper", "-catalogue", "demo:seed=1,items=300", "-width", "320", "-height", "240", "-quality", "low", "-report", dir, "-seconds", "300", "-volume", "off")
	cmd.Env = append(os.Environ(), "DISPLAY=:"+strings.TrimSpace(number), "WAYLAND_DISPLAY=", "XAUTHORITY=/dev/null")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said, recording := "", ""
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said += lines.Text() + "\n"
		if strings.HasPrefix(lines.Text(), "Others join") { // the market is open
			screen.Process.Kill()
		}
		if path, ok := strings.CutPrefix(lines.Text(), "Recording: "); ok {
			recording = path
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("it ends with %v", err)
	}
	if !strings.Contains(said, "souk: draw in the window: the display went away; start one and open the market again\n") {
		t.Errorf("it says:\n%s", said)
	}
	if recording == "" {
		t.Fatalf("there is no recording:\n%s", said)
	}
	if res := replay(t, recording); res.Different != 0 || res.Frames < 1 {
		t.Errorf("replay: %+v", res)
	}
}
