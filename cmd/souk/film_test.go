package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

func TestFilmFlags(t *testing.T) {
	for _, tc := range []struct{ args, want string }{
		{"-film out.avi", "no film of the kind .avi"},
		{"-film out.mp4 -camera drone", "rails, shopper"},
		{"-film out.mp4 -rate 5", "10 to 120"},
		{"-film out.mp4 -width 641", "even numbers"},
	} {
		if _, err := parse(strings.Fields(tc.args), io.Discard); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.args, err)
		}
	}
	o, err := parse([]string{"-film", "a.mp4", "-rate", "60"}, io.Discard)
	if err != nil || o.frames != 3600 || o.quality != "ultra" || !o.shopper || !o.noRecord || o.seconds != 0 {
		t.Errorf("a minute at 60 pictures a second: %+v, %v", o, err)
	}
	if o, err := parse([]string{"-film", "a.mp4", "-seconds", "2.5"}, io.Discard); err != nil || o.frames != 75 {
		t.Errorf("2.5 s: %d frames, %v", o.frames, err)
	}
}

// floor lays out a market.
func floor(t *testing.T, items int) *plan.Plan {
	t.Helper()
	c, err := catalog.Generate(items, 1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(c, 1)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The rails go where one can walk, turn no faster than a neck, and
// end over the roofs, in markets of every size.
func TestRailsAreAWalkOverTheGroundAndUp(t *testing.T) {
	for _, items := range []int{1, 40, 300, 2000, 20000} {
		for _, seconds := range []float64{4, 60} {
			p := floor(t, items)
			r := newRails(p, seconds)
			const dt = 1.0 / 30
			had := r.pose(0)
			if d := r3.Norm(r3.Sub(had.Pos, p.Spawn.Pos)); d > .5 {
				t.Errorf("%d items: it begins %.1f m from where visitors come in", items, d)
			}
			walked := 0.0
			for at := dt; at <= seconds; at += dt {
				q := r.pose(at)
				step := r3.Norm(r3.Sub(q.Pos, had.Pos)) / dt
				walked += step * dt
				if step > 4 {
					t.Fatalf("%d items, %.1f s: %.1f m/s", items, at, step)
				}
				if cos := r3.Dot(q.Ahead(), had.Ahead()); cos < math.Cos(110*math.Pi/180*dt) {
					t.Fatalf("%d items, %.1f s: it turns by %.0f° a second", items, at, math.Acos(cos)/dt*180/math.Pi)
				}
				if q.Pos.Y < plan.StallHeight && !p.Walkable(q.Pos) {
					t.Fatalf("%d items, %.1f s: nobody can stand at %v", items, at, q.Pos)
				}
				if had = q; math.IsNaN(q.Pos.X + q.Pos.Y + q.Pos.Z + q.Rot.Real) {
					t.Fatalf("%d items, %.1f s: %v", items, at, q)
				}
			}
			if seconds > 50 && had.Pos.Y < railHigh*.9 || had.Pos.Y < plan.EyeHeight+.5 {
				t.Errorf("%d items: it ends %.1f m up", items, had.Pos.Y)
			}
			if seconds > 50 && walked < 20 {
				t.Errorf("%d items: only %.0f m in a minute", items, walked)
			}
		}
	}
}

// The extras walk where one can walk, keep out of the camera, and are the same
// from the same seed.
func TestExtrasWalkAroundTheCamera(t *testing.T) {
	p := floor(t, 2000)
	r := newRails(p, 60)
	a, b, c := newExtras(p, 10, p.Spawn.Pos), newExtras(p, 10, p.Spawn.Pos), newExtras(p, 11, p.Spawn.Pos)
	walked, apart := 0.0, false
	for at := 0.0; at < 40; at += 1.0 / 30 {
		had := a.all[0].pos
		camera := r.pose(at)
		for _, e := range []*extras{a, b, c} {
			e.step(1.0/30, camera)
		}
		if d := r3.Norm(r3.Sub(a.all[0].pos, had)); d < 1 {
			walked += d
		}
		for i := range a.all {
			if !p.Walkable(a.all[i].pos) {
				t.Fatalf("%.1f s: %s stands at %v", at, a.all[i].name, a.all[i].pos)
			}
			if a.all[i].pos != b.all[i].pos {
				t.Fatalf("%.1f s: two films of a seed differ", at)
			}
			apart = apart || a.all[i].pos != c.all[i].pos
		}
	}
	if walked < 5 || !apart {
		t.Errorf("the first walked %.1f m; seeds differ: %v", walked, apart)
	}
	if all := a.among(nil); len(all) != len(extraNames) || all[0].Pose == (world.Pose{}) {
		t.Errorf("%d people are among the others", len(all))
	}
}

// test pictures of a film: a field of colour that changes.
func fields(w, h, n int) (all []*image.RGBA) {
	for i := range n {
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				img.SetRGBA(x, y, color.RGBA{uint8(x + i*8), uint8(y), 90, 255})
			}
		}
		all = append(all, img)
	}
	return all
}

// Without ffmpeg on PATH a film is numbered pictures, and it says how they
// become a film.
func TestWithoutFFmpegAFilmIsPictures(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	dir := t.TempDir()
	r, note, err := openReel(filepath.Join(dir, "out.mp4"), 64, 48, 30)
	if err != nil || !strings.Contains(note, "no ffmpeg on PATH") || !strings.Contains(note, "-framerate 30") {
		t.Fatalf("%q, %v", note, err)
	}
	pictures := fields(64, 48, 3)
	for _, img := range pictures {
		if err := r.add(img); err != nil {
			t.Fatal(err)
		}
	}
	at, err := r.close()
	if err != nil || at != filepath.Join(dir, "out-frames") {
		t.Fatalf("%s, %v", at, err)
	}
	for i, want := range pictures {
		f, err := os.Open(filepath.Join(at, fmt.Sprintf("%05d.png", i+1)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(f)
		f.Close()
		if err != nil || got.At(20, 20) != want.At(20, 20) {
			t.Errorf("picture %d: %v, %v", i+1, got.At(20, 20), err)
		}
	}
	// A second film does not mix with the first.
	if _, _, err := openReel(at, 64, 48, 30); err == nil || !strings.Contains(err.Error(), "another film") {
		t.Errorf("into the same folder: %v", err)
	}
}

// needsFFmpeg skips what only a real ffmpeg shows.
func needsFFmpeg(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"ffmpeg", "ffprobe"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no %s on PATH: install ffmpeg to have films tested too", tool)
		}
	}
}

// probe asks ffprobe about a film: codec, size and how many pictures it decodes.
func probe(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.Command("ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries", "stream=codec_name,width,height,pix_fmt,nb_read_frames", "-of", "csv=p=0", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", path, err, out)
	}
	return strings.TrimSpace(string(out))
}

// probeSound asks ffprobe about a film's sound: codec, rate, sides, seconds.
func probeSound(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.Command("ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", "stream=codec_name,sample_rate,channels,duration", "-of", "csv=p=0", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", path, err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestFFmpegMakesAFilm(t *testing.T) {
	needsFFmpeg(t)
	for _, name := range []string{"out.mp4", "out.mkv", "new/folder/out.MOV"} {
		path := filepath.Join(t.TempDir(), name)
		r, note, err := openReel(path, 64, 48, 30)
		if err != nil || note != "" {
			t.Fatalf("%q, %v", note, err)
		}
		for _, img := range fields(64, 48, 20) {
			if err := r.add(img); err != nil {
				t.Fatal(err)
			}
		}
		if at, err := r.close(); err != nil || at != path {
			t.Fatalf("%s, %v", at, err)
		}
		if got := probe(t, path); !strings.Contains(got, "64,48,yuv420p,20") {
			t.Errorf("%s: %s", name, got)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.part*")); len(left) > 0 {
			t.Errorf("%s leaves %v", name, left)
		}
	}
}

// What ffmpeg cannot do is said in its own last line, and an older film stays.
func TestFFmpegsTroubleIsSaid(t *testing.T) {
	needsFFmpeg(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "out.mp4")
	if err := os.WriteFile(path, []byte("an older film"), 0o600); err != nil {
		t.Fatal(err)
	}
	// A folder where the film is to be written: ffmpeg cannot open it.
	if err := os.Mkdir(filepath.Join(dir, "out.part.mp4"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "out.part.mp4", "keep"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r, _, err := openReel(path, 64, 48, 30)
	if err != nil {
		t.Fatal(err)
	}
	for _, img := range fields(64, 48, 500) {
		if err = r.add(img); err != nil {
			break
		}
	}
	if err == nil {
		_, err = r.close()
	}
	if err == nil || !strings.Contains(err.Error(), "ffmpeg says: ") || !strings.Contains(err.Error(), "out.part.mp4") || strings.Contains(err.Error(), "\n") {
		t.Errorf("it says %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "an older film" {
		t.Errorf("the older film is %q, %v", b, err)
	}
	// A picture of another size does not tear the film.
	good, _, err := openReel(filepath.Join(dir, "b.mp4"), 64, 48, 30)
	if err != nil {
		t.Fatal(err)
	}
	if err := good.add(fields(32, 48, 1)[0]); err == nil || !strings.Contains(err.Error(), "resized") {
		t.Errorf("another size: %v", err)
	}
	if _, err := good.close(); err == nil {
		t.Error("a film without a picture is no error")
	}
}
