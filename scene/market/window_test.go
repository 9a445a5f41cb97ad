//go:build cgo

package market_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/go-gl/gl/v3.3-core/gl"

	"souk/scene/market"
	"souk/world"
)

// What OpenGL calls an error reaches the test that made it, in the driver's own
// words where it has them.
func TestDriverComplaintsAreHeard(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no display: set DISPLAY, for instance to an Xvfb")
	}
	win, err := market.Open(market.WindowOptions{Width: 64, Height: 64, Hidden: true, Debug: true})
	if err != nil {
		t.Fatal(err)
	}
	defer win.Close()
	if all := win.Complaints(); len(all) != 0 {
		t.Errorf("a new window complains: %q", all)
	}
	gl.Enable(0xBEEF)
	gl.BindTexture(gl.TEXTURE_2D, 1<<20) // a name that nobody made
	all := strings.Join(win.Complaints(), "\n")
	if !strings.Contains(all, "OpenGL says") {
		t.Errorf("of two wrong calls it says %q", all)
	}
	if win.Explains() && (!strings.Contains(all, "glEnable") || !strings.Contains(all, "glBindTexture")) {
		t.Errorf("the driver names the calls, and of them arrives %q", all)
	}
	if !win.Explains() {
		t.Log("skipped in part: this driver has no KHR_debug, and errors come as codes alone")
	}
	if all := win.Complaints(); len(all) != 0 {
		t.Errorf("complaints come twice: %q", all)
	}
}

// TestLostDisplayGetsASentence kills the display under a market that is being
// drawn, in a process of its own: it says so and lives on to save what is to be
// saved.
func TestLostDisplayGetsASentence(t *testing.T) {
	const asked = "SOUK_TEST_LOSE_DISPLAY"
	if os.Getenv(asked) != "" {
		drawUntilLost(t)
		return
	}
	if testing.Short() {
		t.Skip("slow")
	}
	xvfb, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Skip("no Xvfb to kill: install xvfb")
	}
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
	cmd := exec.Command(os.Args[0], "-test.run=^TestLostDisplayGetsASentence$", "-test.v", "-test.timeout=60s")
	cmd.Env = append(os.Environ(), asked+"=1", "DISPLAY=:"+strings.TrimSpace(number), "WAYLAND_DISPLAY=", "XAUTHORITY=/dev/null")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said = append(said, lines.Text())
		if lines.Text() == "drawing" {
			screen.Process.Kill()
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the process ended with %v", err)
	}
	all := strings.Join(said, "\n")
	if !strings.Contains(all, "said: draw in the window: the display went away") || !strings.Contains(all, "saved") {
		t.Errorf("without its display it said:\n%s", all)
	}
}

// drawUntilLost draws until the window says that it cannot be drawn in.
func drawUntilLost(t *testing.T) {
	// What the driver complains of without its display is no matter.
	win, err := market.Open(market.WindowOptions{Width: 320, Height: 200, Hidden: true})
	if err != nil {
		t.Fatal(err)
	}
	s := scene(t, win, demo(t, 300), market.Options{Quality: market.Low})
	if err := win.Lost(); err != nil {
		t.Fatalf("lost at the start: %v", err)
	}
	for i := 0; i < 2000; i++ {
		win.Poll(nil)
		s.Draw(float64(i)*.02, pose(0, 6, 0, 0), world.DesktopLens())
		win.SwapBuffers()
		if i == 3 {
			fmt.Println("drawing")
		}
		if err := win.Lost(); err != nil {
			fmt.Printf("said: %v\n", err)
			s.Close()
			win.Close()
			fmt.Println("saved")
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Error("the display was never lost")
}
