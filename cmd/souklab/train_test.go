package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// buildLab makes the program itself: signals go to processes.
func buildLab(t *testing.T) string {
	t.Helper()
	lab := filepath.Join(t.TempDir(), "souklab")
	if out, err := exec.Command("go", "build", "-o", lab, ".").CombinedOutput(); err != nil {
		t.Fatalf("build souklab: %v\n%s", err, out)
	}
	return lab
}

func TestTrainingStoppedByTheKeyboardSavesAndGoesOnToTheSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the program: skipped with -short")
	}
	lab, dir := buildLab(t), t.TempDir()
	events, catalogue := filepath.Join(dir, "e.parquet"), "demo:seed=1,items=400"
	must := func(args ...string) string {
		t.Helper()
		out, err := exec.Command(lab, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("souklab %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	must("simulate-log", "--people", "300", "--rows", "30000", "--catalogue", catalogue, "-o", events)
	args := func(out string) []string {
		return []string{"train", "--events", events, "--catalogue", catalogue, "--dim", "16", "--epochs", "12", "--date", "-", "-o", filepath.Join(dir, out)}
	}
	must(args("whole")...)
	whole, err := os.ReadFile(filepath.Join(dir, "whole"))
	if err != nil {
		t.Fatal(err)
	}
	work := filepath.Join(dir, "stopped.work")
	for _, kill := range []os.Signal{os.Interrupt, os.Kill} {
		cmd := exec.Command(lab, args("stopped")...)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
			if _, err := os.Stat(work); err == nil {
				break // an epoch is done
			}
		}
		cmd.Process.Signal(kill) //nolint:errcheck // it may have ended by itself, which the checks below see
		err := cmd.Wait()
		if kill == os.Interrupt && (err != nil || !strings.Contains(out.String(), "Stopped early")) {
			t.Errorf("interrupted: %v\n%s", err, out.String())
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "stopped.*.tmp")); kill == os.Interrupt && len(left) > 0 {
			t.Errorf("files are left behind: %v", left)
		}
		if again := must(args("stopped")...); !strings.Contains(again, "found done") {
			t.Errorf("after %v it began anew:\n%s", kill, again)
		}
		got, err := os.ReadFile(filepath.Join(dir, "stopped"))
		if err != nil || !bytes.Equal(got, whole) {
			t.Errorf("after %v and going on, the model has other bytes than in one go (%v)", kill, err)
		}
	}
	before := whole
	bad := filepath.Join(dir, "bad.csv")
	if err := os.WriteFile(bad, []byte("visitor,time,kind,item\nv,1,like,gone\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(lab, "train", "--events", bad, "--catalogue", catalogue, "-o", filepath.Join(dir, "whole")).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "1 unknown item") {
		t.Errorf("a log of another catalogue: %v\n%s", err, out)
	}
	if after, _ := os.ReadFile(filepath.Join(dir, "whole")); !bytes.Equal(before, after) {
		t.Error("a failed run has overwritten the model")
	}
}

func TestWhatIsExportedComesBackAsItWas(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	do := func(args ...string) {
		t.Helper()
		if code := run(args); code != 0 {
			t.Fatalf("souklab %v: exit status %d", args, code)
		}
	}
	do("simulate-log", "--people", "20", "--rows", "2000", "--dirt", "0.05", "-o", at("a.csv"))
	do("export", "--events", at("a.csv"), "--log", at("b.parquet"), "--parquet", at("ratings"))
	do("export", "--events", at("b.parquet"), "--log", at("c.csv"))
	a, err := os.ReadFile(at("a.csv"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := os.ReadFile(at("c.csv"))
	if err != nil || !bytes.Equal(a, c) {
		t.Errorf("from CSV to Parquet and back other bytes come (%v)", err)
	}
	if code := run([]string{"import-factors", at("ratings"), "--mapping", at("ratings/items.parquet"), "-o", at("m")}); code != 1 {
		t.Errorf("ratings are taken for factors: exit status %d", code)
	}
	if _, err := os.Stat(at("m")); err == nil {
		t.Error("a refused import has written a model")
	}
}
