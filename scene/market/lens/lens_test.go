package lens_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"souk/scene/market/lens"
)

const (
	width, height = 1280, 720
)

func profiles() []lens.Profile { return lens.Builtin() }

func TestBuiltInProfilesPassTheirOwnCheck(t *testing.T) {
	for _, p := range profiles() {
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		if q, err := lens.Load(p.Name); err != nil || q != p {
			t.Errorf("%s by its name: %v, %v", p.Name, q, err)
		}
	}
}

// A point of the screen, seen through the lens and looked for again, is found
// where it was.
func TestInverseUndoesTheLens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(profiles()[2:]).Draw(t, "profile")
		d := p.Distortion
		if rapid.Bool().Draw(t, "any coefficients") {
			d = lens.Distortion{K1: rapid.Float64Range(-.2, 3).Draw(t, "K1"), K2: rapid.Float64Range(0, 3).Draw(t, "K2")}
		}
		r := rapid.Float64Range(0, 1.2).Draw(t, "r")
		seen := d.Forward(r)
		if back := d.Inverse(seen); math.Abs(back-r) > 1e-6 {
			t.Fatalf("%v: %v is seen at %v, which comes from %v", d, r, seen, back)
		}
		if back := d.Inverse(-seen); math.Abs(back+r) > 1e-6 {
			t.Fatalf("%v: the other side: %v", d, back)
		}
	})
}

func TestInverseStaysFiniteWhereTheLensFolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := lens.Distortion{K1: rapid.Float64Range(-3, 3).Draw(t, "K1"), K2: rapid.Float64Range(-3, 3).Draw(t, "K2")}
		want := rapid.Float64Range(0, 50).Draw(t, "seen")
		r := d.Inverse(want)
		if math.IsNaN(r) || math.IsInf(r, 0) || r < 0 {
			t.Fatalf("%v of %v is %v", d, want, r)
		}
		// It is the place, or nothing nearer the middle comes as far.
		if got := d.Forward(r); math.Abs(got-want) > 1e-6*(1+want) {
			for q := range 100 {
				if x := d.Forward(r * float64(q) / 100); x > got+1e-9*(1+math.Abs(got)) {
					t.Fatalf("%v of %v is %v, seen at %v, and %v is seen further out", d, want, r, got, r*float64(q)/100)
				}
			}
		}
	})
}

// The middle of each lens is where straight ahead is seen; the two halves are
// mirror images.
func TestStraightAheadIsBehindTheLensesMiddle(t *testing.T) {
	p := lens.Cardboard()
	lx, ly := p.Through(lens.Left, width, height, 0, 0)
	rx, ry := p.Through(lens.Right, width, height, 0, 0)
	// From the window's middle each lens is half their distance away.
	gotX, gotY := (1-lx)/2*p.ScreenWidth/2, (ly+1)/2*p.ScreenHeight
	if math.Abs(gotX-p.InterLens/2) > 1e-9 || math.Abs(gotY-p.Tray) > 1e-9 {
		t.Errorf("the left lens is %v m from the middle and %v m above the tray", gotX, gotY)
	}
	if math.Abs(rx+lx) > 1e-12 || ry != ly {
		t.Errorf("left %v %v, right %v %v", lx, ly, rx, ry)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(profiles()).Draw(t, "profile")
		x, y := rapid.Float64Range(-1.2, 1.2).Draw(t, "x"), rapid.Float64Range(-1.2, 1.2).Draw(t, "y")
		lx, ly := p.Through(lens.Left, width, height, x, y)
		rx, ry := p.Through(lens.Right, width, height, -x, y)
		if math.Abs(lx+rx) > 1e-9 || math.Abs(ly-ry) > 1e-9 {
			t.Fatalf("%s: left %v %v, right %v %v", p.Name, lx, ly, rx, ry)
		}
	})
}

func TestSeenIsThroughBackwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(profiles()).Draw(t, "profile")
		side := rapid.SampledFrom([]lens.Side{lens.Left, lens.Right}).Draw(t, "side")
		cx, cy := rapid.Float64Range(-1, 1).Draw(t, "x"), rapid.Float64Range(-1, 1).Draw(t, "y")
		x, y := p.Seen(side, width, height, cx, cy)
		if bx, by := p.Through(side, width, height, x, y); math.Abs(bx-cx) > 1e-6 || math.Abs(by-cy) > 1e-6 {
			t.Fatalf("%s: %v %v is seen at %v %v and comes from %v %v", p.Name, cx, cy, x, y, bx, by)
		}
	})
}

// The view between the eyes holds what each sees; the display's panel is in
// both eyes' views, at its depth too.
func TestCoverHoldsTheEyesAndTheEyesHoldThePanel(t *testing.T) {
	for _, p := range profiles() {
		c := p.Cover(width, height)
		x, y, w, h := p.Panel(width, height)
		for _, e := range p.Eyes(width, height) {
			f := e.Frustum
			if c.Wider(f) != c || c.Left != c.Right || c.Down != c.Up {
				t.Errorf("%s: %+v does not hold %+v", p.Name, c, f)
			}
			shift := p.IPD / 2 / 1.5
			if !(x+shift <= f.Left && x+shift <= f.Right && y <= f.Down && y <= f.Up) || w < 200 || h < 200 {
				t.Errorf("%s: a panel of %v %v, %d × %d, is not in %+v", p.Name, x, y, w, h, f)
			}
		}
	}
}

func TestEyesAreApartAndSeeOutward(t *testing.T) {
	for _, p := range profiles() {
		e := p.Eyes(width, height)
		if d := e[1].Offset - e[0].Offset; math.Abs(d-p.IPD) > 1e-12 || e[0].Offset > 0 {
			t.Errorf("%s: the eyes are %v m apart", p.Name, d)
		}
		for _, eye := range e {
			f := eye.Frustum
			if !(f.Left > .1 && f.Right > .1 && f.Down > .1 && f.Up > .1) {
				t.Errorf("%s sees %+v", p.Name, f)
			}
		}
	}
	// A lens over the outer part of its half sees less outward than inward only
	// where the screen ends there.
	p := lens.Cardboard()
	f := p.Eyes(width, height)[0].Frustum
	d := p.ScreenToLens
	if want := p.Distortion.Forward((p.ScreenWidth - p.InterLens) / 2 / d); math.Abs(f.Left-want) > 1e-12 {
		t.Errorf("the left eye sees %v outward; the screen's edge is at %v", f.Left, want)
	}
}

// On a 3D television what is at the plane lies on one place of the screen, what
// is nearer is crossed, what is farther is not.
func TestPlaneLiesOnTheScreen(t *testing.T) {
	p := lens.TV()
	disparity := func(distance float64) float64 {
		l, _ := p.Through(lens.Left, width, height, p.IPD/2/distance, 0)
		r, _ := p.Through(lens.Right, width, height, -p.IPD/2/distance, 0)
		return l - r
	}
	if d := disparity(p.Plane); math.Abs(d) > 1e-12 {
		t.Errorf("at the plane the halves differ by %v", d)
	}
	if near, far := disparity(1), disparity(40); !(near > 0 && far < 0) {
		t.Errorf("near %v, far %v", near, far)
	}
}

func TestMeshBendsAndFetchesColoursApart(t *testing.T) {
	p := lens.HMD()
	v, idx := p.Mesh(lens.Left, width, height, 20, 10, nil, nil)
	if len(v) != 21*11 || len(idx) != 20*10*6 {
		t.Fatalf("%d corners, %d indices", len(v), len(idx))
	}
	f := p.Eyes(width, height)[0].Frustum
	for _, c := range v {
		x, y := float64(c.GreenU)*(f.Left+f.Right)-f.Left, float64(c.GreenV)*(f.Down+f.Up)-f.Down
		// From the screen through the lens one is back at what is fetched.
		sx := (float64(c.X)+1)/2*p.ScreenWidth/2 - (p.ScreenWidth-p.InterLens)/2
		sy := (float64(c.Y)+1)/2*p.ScreenHeight - p.ScreenHeight/2
		r := math.Hypot(sx, sy) / p.ScreenToLens
		if r > 0 {
			k := p.Distortion.Forward(r) / r / p.ScreenToLens
			if math.Abs(sx*k-x) > 1e-5 || math.Abs(sy*k-y) > 1e-5 {
				t.Fatalf("a corner at %v %v fetches %v %v and shows %v %v", c.X, c.Y, x, y, sx*k, sy*k)
			}
		}
		u, _ := f.At(x*p.Red, y*p.Red)
		if math.Abs(u-float64(c.RedU)) > 1e-5 {
			t.Fatalf("red is fetched at %v, not %v", c.RedU, u)
		}
		u, _ = f.At(x*p.Blue, y*p.Blue)
		if math.Abs(u-float64(c.BlueU)) > 1e-5 {
			t.Fatalf("blue is fetched at %v, not %v", c.BlueU, u)
		}
		onEdge := c.GreenU == 0 || c.GreenU == 1 || c.GreenV == 0 || c.GreenV == 1
		if onEdge != (c.Shade == 0) {
			t.Fatalf("at %v %v the shade is %v", c.GreenU, c.GreenV, c.Shade)
		}
	}
	// All triangles look at the viewer: the mesh does not fold.
	for i := 0; i < len(idx); i += 3 {
		a, b, c := v[idx[i]], v[idx[i+1]], v[idx[i+2]]
		if (b.X-a.X)*(c.Y-a.Y)-(b.Y-a.Y)*(c.X-a.X) <= 0 {
			t.Fatalf("triangle %d is turned away", i/3)
		}
	}
}

// Straight lines between the mesh's corners stay within a third of a pixel
// of the true curve at 40 × 40 cells.
func TestMeshIsFineEnough(t *testing.T) {
	const cells = 40
	for _, p := range profiles() {
		f := p.Eyes(width, height)[0].Frustum
		worst := 0.0
		at := func(i, j float64) (x, y float64) {
			return p.Through(lens.Left, width, height, i/cells*(f.Left+f.Right)-f.Left, j/cells*(f.Down+f.Up)-f.Down)
		}
		for i := range cells {
			for j := range cells {
				ax, ay := at(float64(i), float64(j))
				bx, by := at(float64(i+1), float64(j+1))
				mx, my := at(float64(i)+.5, float64(j)+.5)
				if math.Abs(mx) > 1 || math.Abs(my) > 1 {
					continue
				}
				worst = max(worst, math.Hypot(((ax+bx)/2-mx)*width/4, ((ay+by)/2-my)*height/2))
			}
		}
		t.Logf("%s: %.2f pixels", p.Name, worst)
		if worst > 1.0/3 {
			t.Errorf("%s: %.2f pixels", p.Name, worst)
		}
	}
}

func TestTargetKeepsAPixelAPixelAtTheMiddle(t *testing.T) {
	p := lens.HMD()
	p.MaxOversize = 2
	w, _ := p.Target(width, height)
	f := p.Eyes(width, height)[0].Frustum
	perTangent := float64(w) / (f.Left + f.Right)
	l, _ := p.Through(lens.Left, width, height, -1e-4, 0)
	r, _ := p.Through(lens.Left, width, height, 1e-4, 0)
	onScreen := (r - l) / 2 * width / 2 / 2e-4
	if math.Abs(perTangent/onScreen-1) > .01 {
		t.Errorf("the picture has %.1f pixels where the screen has %.1f", perTangent, onScreen)
	}
	p.MaxOversize = .5
	if w, h := p.Target(width, height); w > width/4 || h > height/2 {
		t.Errorf("%d×%d is over half of the half", w, h)
	}
	none := lens.None()
	if w, h := none.Target(width, height); w != width/2 || h != height {
		t.Errorf("without a lens the picture is %d×%d", w, h)
	}
}

func TestFileOfAnOwnViewer(t *testing.T) {
	const text = `{
	"name": "attic", "base": "hmd", "ipd_mm": 61, "screen_to_lens_mm": 40, "inter_lens_mm": 62,
	"align": "bottom", "tray_to_lens_mm": 33, "screen_mm": [121, 68],
	"field_deg": {"outer": 45, "inner": 40, "down": 44, "up": 43},
	"distortion": [0.2, 0.1], "colour": [0.99, 1, 1.02], "vignette": 0.1, "max_oversize": 1.2
}`
	path := filepath.Join(t.TempDir(), "attic.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := lens.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "attic" || p.IPD != .061 || p.Align != lens.Bottom || p.ScreenWidth != .121 || math.Abs(p.Outer-math.Pi/4) > 1e-12 ||
		p.Distortion != (lens.Distortion{K1: .2, K2: .1}) || p.Blue != 1.02 || !p.Lenses || !p.Chromatic() {
		t.Errorf("%+v", p)
	}
}

func TestWrongFilesGetASentence(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{`, "ends before"},
		{``, "ends before"},
		{`{"ipd_mm": 63}{}`, "closing brace"},
		{"{\n\"ipd\": 63}", `unknown field "ipd"`},
		{"{\n\n\"ipd_mm\": \"wide\"}", "line 3: ipd_mm is a string where"},
		{"{\n\"ipd_mm\": 63,,}", "line 2"},
		{`{"ipd_mm": 630}`, "ipd_mm is 630 mm, which is not between 30 and 90"},
		{`{"base": "rift"}`, `base "rift" is unknown`},
		{`{"align": "left"}`, `align "left" is unknown`},
		{`{"distortion": [-0.9, 0]}`, "folds"},
		{`{"inter_lens_mm": 108}`, "inter_lens_mm"},
		{`{"tray_to_lens_mm": 60}`, "tray_to_lens_mm"},
		{`{"field_deg": {"up": 89}}`, "field_deg up is 89°"},
		{`{"base": "tv", "plane_m": 0.05}`, "too near"},
		{`{"base": "tv", "fov_y_deg": 5}`, "fov_y_deg is 5°"},
		{`{"colour": [1, 1, 2]}`, "colour (blue)"},
		{`{"name": "` + strings.Repeat("x", 1<<16) + `"}`, "65536 bytes"},
	} {
		_, err := lens.Parse([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40s: %v, not %q in one line", c.text, err, c.want)
		}
	}
	for spec, want := range map[string]string{"rift": "none, tv, cardboard, hmd", "/nowhere/x.json": "/nowhere/x.json"} {
		if _, err := lens.Load(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", spec, err)
		}
	}
}

// Whatever a file holds, what is read without an error can be drawn.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"base":"hmd","ipd_mm":64,"distortion":[0.2,0.1]}`))
	f.Add([]byte(`{"base":"tv","plane_m":3,"squeeze":false}`))
	f.Add([]byte(`{"screen_mm":[100,50],"field_deg":{"up":40}}`))
	f.Add([]byte(`[1,2`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := lens.Parse(b)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without a sentence")
			}
			return
		}
		w, h := p.Target(width, height)
		if w < 1 || h < 1 || w > 2*width || h > 2*height {
			t.Errorf("a target of %d×%d", w, h)
		}
		for side := lens.Left; side <= lens.Right; side++ {
			v, _ := p.Mesh(side, width, height, 6, 6, nil, nil)
			for _, c := range v {
				if math.IsNaN(float64(c.X+c.Y+c.RedU+c.GreenV+c.BlueU)) || math.IsInf(float64(c.X+c.Y), 0) {
					t.Fatalf("%+v has a corner %+v", p, c)
				}
			}
		}
	})
}

func BenchmarkInverse(b *testing.B) {
	d := lens.Cardboard().Distortion
	b.Run("newton", func(b *testing.B) {
		b.ReportAllocs()
		s := 0.0
		for i := 0; b.Loop(); i++ {
			s += d.Inverse(float64(i%1000) / 700)
		}
		_ = s
	})
	// The baseline: halving the interval to the same accuracy.
	b.Run("bisection", func(b *testing.B) {
		b.ReportAllocs()
		s := 0.0
		for i := 0; b.Loop(); i++ {
			want := float64(i%1000) / 700
			lo, hi := 0.0, 2.0
			for hi-lo > 1e-12 {
				if m := (lo + hi) / 2; d.Forward(m) < want {
					lo = m
				} else {
					hi = m
				}
			}
			s += lo
		}
		_ = s
	})
}
