package main_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"souk/world"
	"souk/world/catalog"
	"souk/world/client"
	"souk/world/plan"
)

const token = "operator-of-the-test"

// market is a running soukd with one visitor in it who keeps looking at things.
type market struct{ addr string }

// open builds soukd, starts it on a free port and sends in a visitor who looks
// at an item every tenth of a second, near the spawn, until the test ends.
func open(t *testing.T, consoleDir string) market {
	t.Helper()
	dir := t.TempDir()
	soukd := build(t, dir, "soukd", nil)
	addrFile := filepath.Join(dir, "addr")
	cmd := exec.Command(soukd, "--listen", "127.0.0.1:0", "--addr-file", addrFile, "--data", filepath.Join(dir, "data"), "--operator-token", token)
	if consoleDir != "" {
		cmd.Args = append(cmd.Args, "--console", consoleDir)
	}
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting soukd: %v", err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("soukd ended with %v:\n%s", err, log.String())
		}
	})
	var m market
	for deadline := time.Now().Add(30 * time.Second); m.addr == ""; time.Sleep(20 * time.Millisecond) {
		if b, err := os.ReadFile(addrFile); err == nil {
			m.addr = strings.TrimSpace(string(b))
		} else if time.Now().After(deadline) {
			t.Fatalf("soukd did not come up in 30 s:\n%s", log.String())
		}
	}
	m.visit(t, filepath.Join(dir, "visitor"))
	return m
}

func (m market) visit(t *testing.T, dir string) {
	t.Helper()
	c, err := catalog.Open("demo")
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(c, 1)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cl, err := client.Dial(ctx, client.Config{Server: m.addr, Dir: dir, Name: "Ada"})
	if err != nil {
		t.Fatalf("the visitor did not get in: %v", err)
	}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
			}
			cl.SetPose(p.Spawn)
			slot := world.SlotIndex(i % 40)
			cl.Add([]world.Event{{Time: float64(time.Now().Unix()), Kind: world.EventDwell, Item: c.Items[p.Slots[slot].Item].ID, Slot: slot, Dwell: 1.5, Exposure: 0.01, InView: 3, Source: world.SourceSimulated}})
		}
	}()
	t.Cleanup(func() { close(stop); <-done; cl.Close() })
}

// build builds one of the commands and returns its path.
func build(t *testing.T, dir, name string, env []string) string {
	t.Helper()
	out := filepath.Join(dir, name)
	cmd := exec.Command("go", "build", "-o", out, "souk/cmd/"+name)
	cmd.Env = append(os.Environ(), env...)
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", name, err, b)
	}
	return out
}

// hot counts the pixels of the heat ramp's upper half left of the panel:
// orange to pale yellow, which nothing else on the floor is.
func hot(img image.Image) int {
	b := img.Bounds()
	n := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Min.X+b.Dx()*6/10; x++ {
			r, g, bl, _ := img.At(x, y).RGBA()
			if r > 0xb000 && g > 0x4000 && g < r && bl < g && r-bl > 0x5000 {
				n++
			}
		}
	}
	return n
}

// keep writes a picture where a person can look at it, if SOUK_PICTURES names a folder.
func keep(t *testing.T, name string, data []byte) {
	if dir := os.Getenv("SOUK_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Errorf("keeping the picture: %v", err)
		}
	}
}

func TestWindowShowsHeatFromARealServer(t *testing.T) {
	if os.Getenv("DISPLAY") == "" && runtime.GOOS == "linux" {
		t.Skip("no display: set DISPLAY, or run make test, which brings one")
	}
	m := open(t, "")
	dir := t.TempDir()
	view := build(t, dir, "soukview", nil)
	shot := filepath.Join(dir, "console.png")
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, view, "--server", "http://"+m.addr, "--token", token, "--frames", "120", "--wait", "--lang", "zh", "--screenshot", shot).CombinedOutput()
	if err != nil {
		t.Fatalf("soukview: %v\n%s", err, out)
	}
	data, err := os.ReadFile(shot)
	if err != nil {
		t.Fatal(err)
	}
	keep(t, "console-window.png", data)
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if n := hot(img); n < 50 {
		t.Errorf("%d hot pixels on the floor of a visitor who keeps looking at things, want at least 50", n)
	}
}

func TestBrowserShowsHeatFromARealServer(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: no browser")
	}
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here: make test installs it")
	}
	dir := t.TempDir()
	folder := filepath.Join(dir, "console")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	wasm := build(t, folder, "soukview", []string{"GOOS=js", "GOARCH=wasm"})
	if err := os.Rename(wasm, wasm+".wasm"); err != nil {
		t.Fatal(err)
	}
	copyFile(t, "index.html", filepath.Join(folder, "index.html"))
	copyFile(t, filepath.Join(goroot(t), "lib/wasm/wasm_exec.js"), filepath.Join(folder, "wasm_exec.js"))
	m := open(t, folder)

	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.WindowSize(1280, 720),
		chromedp.Flag("disable-gpu", false), chromedp.Flag("use-angle", "swiftshader"), chromedp.Flag("enable-unsafe-swiftshader", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, 120*time.Second)
	defer cancel()
	page := "http://" + m.addr + "/console/?token=" + url.QueryEscape(token)
	if err := chromedp.Do(ctx, chromedp.Navigate(page), chromedp.WaitVisible(chromedp.CSS(`body[data-state="live"]`)), chromedp.Sleep(2*time.Second)); err != nil {
		late, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer stop()
		state, e := chromedp.Run(late, chromedp.Evaluate[string]("document.body.dataset.state + ': ' + document.body.innerText"))
		t.Fatalf("the console in the browser did not come alive: %v (the page says %q, %v)", err, state, e)
	}
	data, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatalf("taking the picture: %v", err)
	}
	keep(t, "console-browser.png", data)
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if n := hot(img); n < 50 {
		t.Errorf("%d hot pixels on the floor, want at least 50", n)
	}
}

func goroot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatalf("asking for GOROOT: %v", err)
	}
	return strings.TrimSpace(string(out))
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestWrongCommandLinesGetOneSentence holds that nothing opens, and that the
// answer says what to do.
func TestWrongCommandLinesGetOneSentence(t *testing.T) {
	view := build(t, t.TempDir(), "soukview", nil)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--server", "nonsense"}, "give one like http://"},
		{[]string{"--width", "3"}, "too small"},
		{[]string{"--screenshot", "x.png"}, "--frames"},
		{[]string{"--no-such-flag"}, "no-such-flag"},
	} {
		cmd := exec.Command(view, c.args...)
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() == 0 {
			t.Errorf("%v: ended with %v, want a failure", c.args, err)
		}
		if !strings.Contains(string(out), c.want) || strings.Count(strings.TrimSpace(string(out)), "\n") > 0 {
			t.Errorf("%v: said %q, want one line with %q", c.args, out, c.want)
		}
	}
}

// TestNoDisplayGetsOneSentence holds that Ebitengine's panic is not what an
// operator on a bare machine sees.
func TestNoDisplayGetsOneSentence(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux can lack a display")
	}
	cmd := exec.Command(build(t, t.TempDir(), "soukview", nil))
	cmd.Env = append(os.Environ(), "DISPLAY=", "WAYLAND_DISPLAY=")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("ended with %v, want exit status 1", err)
	}
	if !strings.Contains(string(out), "no display") || strings.Count(string(out), "\n") != 1 {
		t.Errorf("said %q, want one line about the display", out)
	}
}
