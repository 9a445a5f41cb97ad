package lens

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
)

// maxFile bounds a profile's file, bytes.
const maxFile = 1 << 16

// file is a profile as people write it: millimetres and degrees, each said in
// the key. What is left out keeps what the profile named by Base has.
type file struct {
	Name         *string     `json:"name"`
	Base         *string     `json:"base"`
	IPD          *float64    `json:"ipd_mm"`
	ScreenToLens *float64    `json:"screen_to_lens_mm"`
	InterLens    *float64    `json:"inter_lens_mm"`
	Align        *string     `json:"align"`
	Tray         *float64    `json:"tray_to_lens_mm"`
	Screen       *[2]float64 `json:"screen_mm"`
	Field        *field      `json:"field_deg"`
	Distortion   *[2]float64 `json:"distortion"`
	Colour       *[3]float64 `json:"colour"`
	Vignette     *float64    `json:"vignette"`
	MaxOversize  *float64    `json:"max_oversize"`
	FovY         *float64    `json:"fov_y_deg"`
	Squeeze      *bool       `json:"squeeze"`
	Plane        *float64    `json:"plane_m"`
}

// field is how far the left eye sees, degrees.
type field struct {
	Outer *float64 `json:"outer"`
	Inner *float64 `json:"inner"`
	Down  *float64 `json:"down"`
	Up    *float64 `json:"up"`
}

// Load is the profile of a built-in name, or of a JSON file; docs/stereo.md
// has the format. The error is one sentence that names the file and the field.
func Load(spec string) (Profile, error) {
	for _, p := range Builtin() {
		if p.Name == spec {
			return p, nil
		}
	}
	if !strings.HasSuffix(strings.ToLower(spec), ".json") {
		return Profile{}, fmt.Errorf("the lens profile %q is unknown: give one of %s, or a .json file", spec, names())
	}
	f, err := os.Open(spec)
	if err != nil {
		return Profile{}, fmt.Errorf("read the lens profile: %w; give one of %s, or a .json file that exists", err, names())
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return Profile{}, fmt.Errorf("read the lens profile %s: %w", spec, err)
	}
	p, err := Parse(b)
	if err != nil {
		return Profile{}, fmt.Errorf("read the lens profile %s: %w", spec, err)
	}
	return p, nil
}

// names lists the built-in profiles.
func names() string {
	var n []string
	for _, p := range Builtin() {
		n = append(n, p.Name)
	}
	return strings.Join(n, ", ")
}

// Parse reads a profile from JSON. Unknown keys are errors: a mistyped one
// would be a wrong lens. What Parse returns without an error passes Check.
func Parse(b []byte) (Profile, error) {
	if len(b) > maxFile {
		return Profile{}, fmt.Errorf("the file is over %d bytes, more than a profile can need; check that it is one", maxFile)
	}
	var f file
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return Profile{}, sentence(b, d.InputOffset(), err)
	}
	if d.More() {
		return Profile{}, errors.New("there is more after the profile's closing brace; a file holds one profile")
	}
	base := "cardboard"
	if f.Base != nil {
		base = *f.Base
	}
	for _, p := range Builtin() {
		if p.Name == base {
			if err := f.apply(&p); err != nil {
				return Profile{}, err
			}
			return p, p.Check()
		}
	}
	return Profile{}, fmt.Errorf("base %q is unknown: give one of %s", base, names())
}

// sentence says where JSON is wrong, by line.
func sentence(b []byte, offset int64, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		return fmt.Errorf("line %d: %s is a %s where a %s belongs; see docs/stereo.md", line(b, kind.Offset), kind.Field, kind.Value, kind.Type)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the file ends before the profile does; is it whole?")
	}
	return fmt.Errorf("line %d: %s; see docs/stereo.md", line(b, offset), strings.TrimPrefix(err.Error(), "json: "))
}

// line is the number of the line at an offset.
func line(b []byte, offset int64) int {
	return 1 + bytes.Count(b[:max(0, min(int64(len(b)), offset))], []byte("\n"))
}

// apply writes what the file says over a profile.
func (f *file) apply(p *Profile) error {
	p.Name = "own"
	if f.Name != nil {
		p.Name = *f.Name
	}
	if f.Align != nil {
		aligns := map[string]Align{"bottom": Bottom, "centre": Centre, "center": Centre, "top": Top}
		a, ok := aligns[*f.Align]
		if !ok {
			return fmt.Errorf("align %q is unknown: give bottom, centre or top", *f.Align)
		}
		p.Align = a
	}
	set := func(to *float64, v *float64, unit float64) {
		if v != nil {
			*to = *v * unit
		}
	}
	const mm = 1e-3
	set(&p.IPD, f.IPD, mm)
	set(&p.ScreenToLens, f.ScreenToLens, mm)
	set(&p.InterLens, f.InterLens, mm)
	set(&p.Tray, f.Tray, mm)
	set(&p.Vignette, f.Vignette, 1)
	set(&p.MaxOversize, f.MaxOversize, 1)
	set(&p.FovY, f.FovY, degrees)
	set(&p.Plane, f.Plane, 1)
	if f.Field != nil {
		set(&p.Outer, f.Field.Outer, degrees)
		set(&p.Inner, f.Field.Inner, degrees)
		set(&p.Down, f.Field.Down, degrees)
		set(&p.Up, f.Field.Up, degrees)
	}
	if f.Screen != nil {
		p.ScreenWidth, p.ScreenHeight = f.Screen[0]*mm, f.Screen[1]*mm
	}
	if f.Distortion != nil {
		p.Distortion = Distortion{f.Distortion[0], f.Distortion[1]}
	}
	if f.Colour != nil {
		p.Red, p.Green, p.Blue = f.Colour[0], f.Colour[1], f.Colour[2]
	}
	if f.Squeeze != nil {
		p.Squeeze = *f.Squeeze
	}
	return nil
}

// Check says in one sentence what is wrong with a profile; nil where an eye
// can be drawn by it.
func (p *Profile) Check() error {
	// What people read is in the units of the file.
	in := func(key, unit string, v, scale, least, most float64) error {
		if v >= least && v <= most {
			return nil
		}
		return fmt.Errorf("%s is %.4g%s, which is not between %.4g and %.4g; see docs/stereo.md for how to measure it", key, v/scale, unit, least/scale, most/scale)
	}
	const mm = 1e-3
	if err := in("ipd_mm", " mm", p.IPD, mm, .030, .090); err != nil {
		return err
	}
	if !p.Lenses {
		return cmp.Or(in("fov_y_deg", "°", p.FovY, degrees, 10*degrees, 140*degrees), in("plane_m", " m", p.Plane, 1, 0, 1000), p.tooNear())
	}
	for _, c := range []struct {
		key, unit             string
		v, scale, least, most float64
	}{
		{"screen_mm (width)", " mm", p.ScreenWidth, mm, .040, 1}, {"screen_mm (height)", " mm", p.ScreenHeight, mm, .020, 1},
		{"screen_to_lens_mm", " mm", p.ScreenToLens, mm, .010, .500}, {"inter_lens_mm", " mm", p.InterLens, mm, .020, p.ScreenWidth - .010},
		{"field_deg outer", "°", p.Outer, degrees, 5 * degrees, 80 * degrees}, {"field_deg inner", "°", p.Inner, degrees, 5 * degrees, 80 * degrees},
		{"field_deg down", "°", p.Down, degrees, 5 * degrees, 80 * degrees}, {"field_deg up", "°", p.Up, degrees, 5 * degrees, 80 * degrees},
		{"distortion K1", "", p.Distortion.K1, 1, -2, 10}, {"distortion K2", "", p.Distortion.K2, 1, -10, 10},
		{"colour (red)", "", p.Red, 1, .9, 1.1}, {"colour (green)", "", p.Green, 1, .9, 1.1}, {"colour (blue)", "", p.Blue, 1, .9, 1.1},
		{"vignette", "", p.Vignette, 1, 0, .5}, {"max_oversize", "", p.MaxOversize, 1, .25, 2},
	} {
		if err := in(c.key, c.unit, c.v, c.scale, c.least, c.most); err != nil {
			return err
		}
	}
	if p.Align != Centre {
		if err := in("tray_to_lens_mm", " mm", p.Tray, mm, .005, p.ScreenHeight-.005); err != nil {
			return err
		}
	}
	s := p.screen()
	corner := math.Hypot(max(s.Left, s.Right), max(s.Down, s.Up))
	if p.Distortion.folds(corner) {
		return fmt.Errorf("distortion [%g, %g] folds the picture over within the screen; measure K1 and K2 again, or give a smaller screen_mm", p.Distortion.K1, p.Distortion.K2)
	}
	return nil
}

// tooNear says that without lenses the plane leaves an eye nothing on one side.
func (p *Profile) tooNear() error {
	if p.Plane > 0 && p.IPD/2/p.Plane > math.Tan(p.FovY/2)/2 {
		return fmt.Errorf("plane_m is %.3g m, too near for eyes %.0f mm apart; give 0.5 or more", p.Plane, p.IPD*1e3)
	}
	return nil
}
