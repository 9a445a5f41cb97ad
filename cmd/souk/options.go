package main

import (
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"souk/attention/privacy"
	"souk/cmd/internal/loop"
	"souk/scene/market/lens"
)

// options are the flags.
type options struct {
	catalogue, connect, room, name, ranker, model string
	seed, person                                  uint64
	lang                                          string
	width, height                                 int
	fullscreen, hidden                            bool
	shopper                                       bool
	seconds                                       float64
	frames                                        int
	screenshot, record, report, data              string
	noRecord                                      bool
	consent                                       string
	quality                                       string
	scale                                         float64
	noReticle                                     bool
	filmed                                        filmOptions
	soaked                                        soakOptions
	paced                                         paceOptions
	hour, mouse                                   float64
	vignette, volume                              string
	snap                                          int // degrees; −1 is not given
	teleport, reducedMotion, captions             bool
	safeColours, invertY                          bool
	stereo                                        bool
	lens                                          string
	ipd                                           float64      // millimetres; 0 is the profile's
	optics                                        lens.Profile // where stereo
	head                                          string
	headSmooth                                    bool
}

// help is what -help says before the flags.
const help = `souk opens the market.

  souk                                           the demo's 2,000 items
  souk -catalogue demo:seed=1,items=50000        a large market
  souk -catalogue goods.csv -lang zh             your own goods, in Chinese
  souk -connect http://HOST:8080 -name Ada       walk where others are
  souk -hour 19.5 -quality ultra -fullscreen     an evening, with a graphics card
  souk -stereo -lens cardboard -head opentrack   two eyes and a head
  souk -film walk.mp4                            a film of a minute's walk
  souk -pace 60s                                 how quick is this machine?

Flags:
`

// parse reads the flags. The error is one sentence that names the flag; it is
// flag.ErrHelp where help was asked for, which is printed to stdout.
func parse(args []string, stdout io.Writer) (options, error) {
	var o options
	var minutes float64
	f := flag.NewFlagSet("souk", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.catalogue, "catalogue", "demo", "`SPEC`: demo, demo:seed=1,items=2000, or a .csv file")
	f.StringVar(&o.connect, "connect", "", "`URL` of a server; otherwise one is started inside")
	f.StringVar(&o.room, "room", "", "room of the server to walk in")
	f.StringVar(&o.name, "name", "", "name that others see")
	f.StringVar(&o.ranker, "ranker", "ranker", "what chooses for the pedestals: "+strings.Join(loop.Policies, ", "))
	f.StringVar(&o.model, "model", "", "model `FILE` (safetensors); otherwise the demo's or the server's")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the floor plan and of exploration")
	f.Uint64Var(&o.person, "person", 10, "which simulated shopper walks; the 10th likes and buys within a minute")
	f.StringVar(&o.lang, "lang", "", "language: en or zh; otherwise the last one used")
	f.IntVar(&o.width, "width", 1280, "width of the window, pixels")
	f.IntVar(&o.height, "height", 720, "height of the window, pixels")
	f.BoolVar(&o.fullscreen, "fullscreen", false, "fill the screen")
	f.BoolVar(&o.hidden, "hidden", false, "never show the window: for pictures and tests")
	f.BoolVar(&o.shopper, "shopper", false, "a simulated shopper walks instead of you")
	f.Float64Var(&o.seconds, "seconds", 0, "end after so many seconds; 0 is never")
	f.Float64Var(&minutes, "minutes", 0, "end after so many minutes; 0 is never")
	f.IntVar(&o.frames, "frames", 0, "end after so many frames, of 1/30 s each whatever the clock says; 0 is never")
	f.StringVar(&o.screenshot, "screenshot", "", "PNG `FILE` of the last frame")
	f.StringVar(&o.record, "record", "", "`DIR` for the recording; otherwise in the data folder")
	f.BoolVar(&o.noRecord, "no-record", false, "record nothing")
	f.StringVar(&o.report, "report", "", "`DIR` for report.md and report.json, with pictures and the recording; with -pace also each frame's times")
	f.StringVar(&o.consent, "consent", "", "what Souk may notice: none, local or share; otherwise you are asked once")
	f.StringVar(&o.quality, "quality", "", "how much is spent on a frame: "+strings.Join(qualityNames, ", ")+"; otherwise the last one set, auto at first, which measures the machine and lowers the resolution where frames take long")
	f.StringVar(&o.data, "data", "", "`DIR` for everything that is kept; otherwise your system's usual one")
	f.Float64Var(&o.scale, "scale", 0, "size of type, 0.8 to 1.5; otherwise the last one used")
	f.Float64Var(&o.hour, "hour", 0, "time of day, above 0 to 24; otherwise the last one set, late afternoon at first")
	f.Float64Var(&o.mouse, "mouse", 0, "speed of the mouse, 0.25 to 3; otherwise the last one set")
	f.BoolVar(&o.invertY, "invert-y", false, "pulling mouse and stick looks up")
	f.IntVar(&o.snap, "snap", -1, "turn by so many `DEGREES` at once: 0 (steadily), 30 or 45; otherwise the last one set")
	f.BoolVar(&o.teleport, "teleport", false, "go by steps, and to what was searched for, at once")
	f.StringVar(&o.vignette, "vignette", "", "dark edges while moving, against dizziness: off, low or high; otherwise the last one set")
	f.BoolVar(&o.reducedMotion, "reduced-motion", false, "nothing moves for its looks alone")
	f.BoolVar(&o.captions, "captions", false, "a line of text for each sound")
	f.StringVar(&o.volume, "volume", "", "how loud the market is: "+strings.Join(volumeNames, ", ")+"; otherwise the last one set, medium at first. It sounds on the system's default device (Linux: ALSA's; aplay -L lists them); off opens none")
	f.BoolVar(&o.safeColours, "safe-colours", false, "signal colours that stay apart for every kind of colour vision")
	f.BoolVar(&o.stereo, "stereo", false, "draw for two eyes, side by side")
	f.StringVar(&o.lens, "lens", "", "what is before the eyes, with -stereo: none, tv, cardboard, hmd or a `FILE`.json (docs/stereo.md)")
	f.Float64Var(&o.ipd, "ipd", 0, "distance of your pupils, `MM`, with -stereo; otherwise the profile's")
	f.StringVar(&o.head, "head", "", "head tracker: opentrack, opentrack:`PORT`, or sway, which needs none")
	f.BoolVar(&o.headSmooth, "head-smooth", false, "smooth a head tracker that trembles")
	f.BoolVar(&o.noReticle, "no-reticle", false, "show no reticle")
	o.filmed.flags(f)
	o.soaked.flags(f)
	o.paced.flags(f)
	if err := f.Parse(args); err != nil {
		if err == flag.ErrHelp {
			fmt.Fprint(stdout, help)
			f.SetOutput(stdout)
			f.PrintDefaults()
			return o, err
		}
		return o, fmt.Errorf("%w: see souk -help", err)
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("there is no argument %q: everything is said by flags, see souk -help", f.Arg(0))
	}
	if minutes != 0 && o.seconds != 0 {
		return o, fmt.Errorf("both -minutes %v and -seconds %v were given: give one", minutes, o.seconds)
	}
	o.seconds += 60 * minutes
	if ext := filepath.Ext(o.report); ext == ".md" || ext == ".json" {
		o.report = filepath.Dir(o.report)
	}
	if err := o.check(); err != nil {
		return o, err
	}
	if err := o.pace(); err != nil {
		return o, err
	}
	if err := o.soak(); err != nil {
		return o, err
	}
	return o, o.film()
}

// check refuses values that mean nothing.
func (o *options) check() error {
	oneOf := func(name, value string, of ...string) error {
		if slices.Contains(of, value) {
			return nil
		}
		return fmt.Errorf("-%s %q is unknown: give one of %s", name, value, strings.Join(of, ", "))
	}
	if err := oneOf("ranker", o.ranker, loop.Policies...); err != nil {
		return err
	}
	if o.quality != "" {
		if err := oneOf("quality", o.quality, qualityNames...); err != nil {
			return err
		}
	}
	if o.vignette != "" {
		if err := oneOf("vignette", o.vignette, "off", "low", "high"); err != nil {
			return err
		}
	}
	if o.volume != "" {
		if err := oneOf("volume", o.volume, volumeNames...); err != nil {
			return err
		}
	}
	if o.snap != -1 {
		if err := oneOf("snap", fmt.Sprint(o.snap), "0", "30", "45"); err != nil {
			return err
		}
	}
	if o.hour != 0 && !(o.hour > 0 && o.hour <= 24) {
		return fmt.Errorf("-hour %v is no time of day: give one above 0 and at most 24", o.hour)
	}
	if o.mouse != 0 && !(o.mouse >= 0.25 && o.mouse <= 3) {
		return fmt.Errorf("-mouse %v is out of range: give 0.25 to 3", o.mouse)
	}
	if o.lang != "" {
		if err := oneOf("lang", o.lang, "en", "zh"); err != nil {
			return err
		}
	}
	if o.consent != "" {
		if _, err := privacy.ParseTier(o.consent); err != nil {
			return fmt.Errorf("-consent %q is unknown: give none, local or share", o.consent)
		}
	}
	if o.width < 320 || o.height < 240 || o.width > 16384 || o.height > 16384 {
		return fmt.Errorf("-width %d -height %d is no window: give at least 320 × 240 and at most 16384 × 16384", o.width, o.height)
	}
	if !(o.seconds >= 0) || o.seconds > 1e7 {
		return fmt.Errorf("-seconds %v cannot be: give a number of at least 0", o.seconds)
	}
	if o.frames < 0 {
		return fmt.Errorf("-frames %d cannot be: give a number of at least 0", o.frames)
	}
	if o.scale != 0 && !(o.scale >= 0.8 && o.scale <= 1.5) {
		return fmt.Errorf("-scale %v is out of range: give 0.8 to 1.5", o.scale)
	}
	if err := o.viewer(); err != nil {
		return err
	}
	if o.noRecord && o.record != "" {
		return fmt.Errorf("-record %s and -no-record contradict each other: give one", o.record)
	}
	return nil
}
