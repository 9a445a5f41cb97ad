//go:build cgo

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// small are the flags of a small film of a small market.
func small(dir, film string, more ...string) []string {
	return append([]string{"-catalogue", "demo:seed=1,items=300", "-hidden", "-width", "320", "-height", "240", "-quality", "low", "-data", filepath.Join(dir, "data"), "-film", film}, more...)
}

// The program makes a film of as many pictures as were asked for; an interrupt
// leaves the shorter film, whole.
func TestProgramFilms(t *testing.T) {
	needsDisplay(t)
	needsFFmpeg(t)
	souk, dir := program(t), t.TempDir()
	out, err := exec.Command(souk, small(dir, filepath.Join(dir, "a.mp4"), "-seconds", "1.5", "-rate", "20")...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Film: "+filepath.Join(dir, "a.mp4")+", 1.5 s, 320×240") {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := probe(t, filepath.Join(dir, "a.mp4")); !strings.Contains(got, "320,240,yuv420p,30") {
		t.Errorf("the film is %s", got)
	}
	if got := probeSound(t, filepath.Join(dir, "a.mp4")); !strings.HasPrefix(got, "aac,48000,2,1.5") {
		t.Errorf("its sound is %q", got)
	}
	cmd := exec.Command(souk, small(dir, filepath.Join(dir, "b.mp4"), "-seconds", "600", "-camera", "shopper", "-volume", "off")...)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// The interrupt comes when there is something of a film.
	part := filepath.Join(dir, "b.part.mp4")
	for began := time.Now(); time.Since(began) < 30*time.Second; time.Sleep(50 * time.Millisecond) {
		if _, err := os.Stat(part); err == nil {
			break
		}
	}
	time.Sleep(500 * time.Millisecond)
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || !strings.Contains(said.String(), "cut short; 600 s were asked for") {
		t.Fatalf("%v\n%s", err, said.String())
	}
	if got := probe(t, filepath.Join(dir, "b.mp4")); !strings.Contains(got, "320,240,yuv420p,") || strings.HasSuffix(got, ",0") {
		t.Errorf("the film that was cut short is %s", got)
	}
	if got := probeSound(t, filepath.Join(dir, "b.mp4")); got != "" {
		t.Errorf("with the volume off its sound is %q", got)
	}
}

// The same without ffmpeg: pictures, and a film of a seed is the same each time.
func TestProgramFilmsWithoutFFmpeg(t *testing.T) {
	needsDisplay(t)
	souk, dir := program(t), t.TempDir()
	for _, name := range []string{"a", "b"} {
		cmd := exec.Command(souk, small(dir, filepath.Join(dir, name+".mp4"), "-frames", "6")...)
		cmd.Env = append(os.Environ(), "PATH="+dir)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "no ffmpeg on PATH") || !strings.Contains(string(out), "Film: "+filepath.Join(dir, name+"-frames")) {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	list, err := filepath.Glob(filepath.Join(dir, "a-frames", "*.png"))
	if err != nil || len(list) != 6 {
		t.Fatalf("%d pictures, %v", len(list), err)
	}
	notBlank(t, list[5], 320, 240)
	a, err := os.ReadFile(list[5])
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "b-frames", filepath.Base(list[5])))
	if err != nil || string(a) != string(b) {
		t.Errorf("two films of a seed differ in their sixth picture (%v)", err)
	}
}
