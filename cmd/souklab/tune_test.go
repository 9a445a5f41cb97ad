package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"souk/attention/train/board"
)

// The test binary is the laboratory where it is started again with this set.
const asLaboratory = "SOUK_TEST_AS_SOUKLAB"

func TestMain(m *testing.M) {
	if os.Getenv(asLaboratory) != "" {
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// laboratory is a process of its own, so that it can be killed.
func laboratory(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asLaboratory+"=1")
	return cmd
}

// smallShop is a log in which items follow each other by twos.
func smallShop(t *testing.T, users int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("unix_time,user,item,event\n")
	rng := rand.New(rand.NewPCG(5, 5))
	for u := range users {
		at := 1_400_000_000 + 3000*u
		for range 4 {
			k := rng.IntN(40)
			fmt.Fprintf(&b, "%d,u%d,i%d,view\n%d,u%d,i%d,%s\n", at, u, 2*k, at+20, u, 2*k+1, []string{"view", "buy", "cart"}[rng.IntN(3)])
			at += 100
		}
	}
	path := filepath.Join(t.TempDir(), "events.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestASearchThatIsKilledGoesOnAndEndsInTheSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("some seconds: skipped with -short")
	}
	dir, events := t.TempDir(), smallShop(t, 150)
	args := func(name string) []string {
		return []string{"tune", "-shop", events, "-model", "transitions", "-random", "60", "-local", "20", "-finalists", "1", "-cases", "100",
			"-work", filepath.Join(dir, name), "-board", filepath.Join(dir, name+"-board"), "-o", filepath.Join(dir, name+".json")}
	}
	if out, err := laboratory(args("whole")...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd := laboratory(args("killed")...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	journal := filepath.Join(dir, "killed", "transitions-*.jsonl")
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if names, _ := filepath.Glob(journal); len(names) == 1 {
			if text, _ := os.ReadFile(names[0]); bytes.Count(text, []byte("\n")) >= 3 {
				break
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("no trial was finished in two minutes")
		}
	}
	cmd.Process.Kill() //nolint:errcheck // one that has ended is as good
	cmd.Wait()         //nolint:errcheck // it was killed
	out, err := laboratory(args("killed")...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if !strings.Contains(string(out), "going on after") {
		t.Errorf("it did not go on: %s", out)
	}
	a, _ := os.ReadFile(filepath.Join(dir, "whole.json"))
	b, _ := os.ReadFile(filepath.Join(dir, "killed.json"))
	if len(a) == 0 || !bytes.Equal(a, b) {
		t.Errorf("the results differ:\n%s\n%s", a, b)
	}
	if tags := curvesIn(t, filepath.Join(dir, "whole-board", "transitions")); tags["search/best"] == 0 || tags["search/trial"] == 0 {
		t.Errorf("the curves of the search are not all in %v", tags)
	}
}

func TestATrialDrawsItsCurvesByEpoch(t *testing.T) {
	dir := t.TempDir()
	out, err := laboratory("tune", "-shop", smallShop(t, 40), "-model", "neural", "-random", "1", "-local", "0", "-finalists", "1",
		"-cases", "20", "-work", dir, "-board", filepath.Join(dir, "board")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	tags := curvesIn(t, filepath.Join(dir, "board", "neural"))
	for _, tag := range []string{"trial-000/fold-0/validation", "trial-000/fold-0/loss", "trial-002/fold-0/loss"} {
		if tags[tag] < 2 {
			t.Errorf("there is no curve %s in %v", tag, tags)
		}
	}
}

// curvesIn counts the points of each curve in the only event file of a folder.
func curvesIn(t *testing.T, folder string) map[string]int {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(folder, "*tfevents*"))
	if len(files) != 1 {
		t.Fatalf("the event files in %s are %v, want one", folder, files)
	}
	f, err := os.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	written, err := board.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	tags := map[string]int{}
	for _, e := range written {
		for _, s := range e.Scalars {
			tags[s.Tag]++
		}
	}
	return tags
}

func TestShopCommandsSayWhatIsWrong(t *testing.T) {
	events := smallShop(t, 100)
	targets := filepath.Join(t.TempDir(), "targets.csv")
	os.WriteFile(targets, []byte("user,item\nu1,unheard-of\nstranger,i1\n"), 0o644)
	for _, c := range []struct {
		args []string
		want string
		rc   bool // it succeeds
	}{
		{[]string{"evaluate-purchases", "-events", events, "-targets", targets, "-models", "popularity", "-resamples", "10"}, "1 of items that the log does not know: they count as missed", true},
		{[]string{"evaluate-purchases", "-events", events, "-targets", targets, "-models", "popularity", "-resamples", "10"}, "1 of unknown users (first in line 3)", true},
		{[]string{"evaluate-purchases", "-events", events, "-targets", events}, "no row of", false},
		{[]string{"evaluate-purchases", "-events", events, "-targets", targets, "-models", "oracle"}, `there is no model "oracle"`, false},
		{[]string{"evaluate-online", "-events", events, "-new", "1"}, "give a share between 0 and 1", false},
		{[]string{"evaluate-online", "-events", events, "-after", "3,1"}, "give ascending ones", false},
		{[]string{"evaluate-online", "-events", events, "-waves", "90"}, "too few for 90 waves", false},
		{[]string{"tune", "-model", "als"}, "give --sequences, --shop or --events", false},
		{[]string{"tune", "-model", "als", "-shop", events, "-seeds", "1"}, "must be at least 3", false},
		{[]string{"tune", "-model", "als", "-shop", events, "-metric", "luck@3"}, "luck", false},
		{[]string{"tune", "-model", "als", "-shop", filepath.Dir(targets)}, "directory", false},
	} {
		out, err := laboratory(c.args...).CombinedOutput()
		if (err == nil) != c.rc || !strings.Contains(string(out), c.want) {
			t.Errorf("souklab %s: %v, want %q in\n%s", strings.Join(c.args, " "), err, c.want, out)
		}
	}
}

func TestTheReplayOfNewUsersPrintsEachContender(t *testing.T) {
	out, err := laboratory("evaluate-online", "-events", smallShop(t, 150), "-waves", "2", "-after", "1,2", "-resamples", "50").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{"75 new users replayed", "after 1 events", "after 2 events", "device", "last item", "popularity", "every view", "update and ranking, device: median"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
}
