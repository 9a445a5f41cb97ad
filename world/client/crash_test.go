package client_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"souk/world"
	"souk/world/client"
)

// crashDir, set in the environment, makes the test binary the victim of
// TestKilledClientKeepsWhatWasFlushed: it hands in rows, says how many are on
// disk after each Flush, and waits to be killed.
const crashDir = "SOUK_TEST_CRASH_DIR"

func TestVictim(t *testing.T) {
	dir := os.Getenv(crashDir)
	if dir == "" {
		t.Skip("runs only as the victim of another test")
	}
	c, err := client.Open(client.Config{Server: "127.0.0.1:1", Dir: dir, MinPause: time.Hour, MaxPause: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	n := c.State().Pending
	for {
		c.Add([]world.Event{{Kind: world.EventOpen, Item: "a", Time: 1.7e9}, {Kind: world.EventOpen, Item: "b", Time: 1.7e9}})
		if err := c.Flush(context.Background()); err != nil {
			t.Fatal(err)
		}
		n += 2
		fmt.Println("flushed", n)
	}
}

// TestKilledClientKeepsWhatWasFlushed kills a real process again and again
// while it writes its outbox. What it said was on disk is there for the next.
func TestKilledClientKeepsWhatWasFlushed(t *testing.T) {
	dir := t.TempDir()
	said := 0
	for round := range 4 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestVictim$")
		cmd.Env = append(os.Environ(), crashDir+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for seen := 0; seen < 20+7*round && lines.Scan(); {
			if s, ok := strings.CutPrefix(lines.Text(), "flushed "); ok {
				fmt.Sscan(s, &said)
				seen++
			}
		}
		cmd.Process.Kill()
		for lines.Scan() { // what it still said before the end
			if s, ok := strings.CutPrefix(lines.Text(), "flushed "); ok {
				fmt.Sscan(s, &said)
			}
		}
		cmd.Wait()
		c, err := client.Open(client.Config{Server: "127.0.0.1:1", Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		n := c.State().Pending
		c.Close()
		if n < said || n > said+2 {
			t.Fatalf("round %d: %d rows are there, %d were said to be on disk", round, n, said)
		}
	}
	if said < 80 {
		t.Errorf("the victims wrote %d rows in all, too few for a test", said)
	}
}
