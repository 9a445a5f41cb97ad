package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// light is what the sun, the sky, the air and the lamps give at an hour:
// linear, and exposed already, so that noon and night both use the screen's whole
// range. The shaders' uniforms and the sky's picture come from the same
// numbers: haze and sky agree.
type light struct {
	sunDir   r3.Vec     // towards what casts shadows: the sun, at night the moon
	sun      [3]float32 // what it gives a surface that faces it
	sky      [3]float32 // ambient from above
	earth    [3]float32 // ambient from below
	haze     [3]float32 // the horizon's colour, all round
	hazeRate float32    // per metre
	glow     [3]float32 // of what is attended
	lamp     [3]float32 // what a lantern gives a surface a metre away; nothing by day
	lantern  float32    // how bright what glows is itself: paper by day, a light in the evening
	lamps    float64    // part of the lanterns' and windows' light, in [0,1]
	zenith   [3]float64
	middle   [3]float64 // of the sky, a third up
	dusk     float64    // how much the sky glows where the sun goes down, in [0,1]
	cloud    [3]float64 // clouds where no sun reaches them from below
	stars    float64    // in [0,1]
	disc     r3.Vec     // towards the sun's disc, which sinks below the horizon
	moon     float64    // how much of the moon is seen, in [0,1]
}

// DefaultHour is the hour of [Options] that are silent: a late afternoon.
const DefaultHour = 16.5

// moonDir is where the moon stands: over the main street's far gate.
var moonDir = heading(196, 27)

// heading is a direction by its turn from +z over +x and its height, degrees.
func heading(turn, up float64) r3.Vec {
	s, c := math.Sincos(turn * math.Pi / 180)
	u, v := math.Sincos(up * math.Pi / 180)
	return r3.Vec{X: s * v, Y: u, Z: c * v}
}

// moment is the light at one hour of the table below: between two of them all
// numbers are mixed.
type moment struct {
	hour, turn, up                                float64 // of the sun's disc: see heading
	sun, sky, earth, haze, zenith, middle, cloud  [3]float64
	hazeRate, lamps, dusk, stars, moon, moonlight float64
}

// day is the light of a day, in order of hours. The first and the last are the same night.
var day = [...]moment{
	{hour: 0, turn: -190, up: -50, sun: rgb(.13, .17, .27), sky: rgb(.085, .110, .205), earth: rgb(.045, .050, .085), haze: rgb(.050, .066, .130), zenith: rgb(.0035, .0075, .036), middle: rgb(.013, .024, .082), cloud: rgb(.030, .038, .075), hazeRate: .0085, lamps: 1, stars: 1, moon: 1, moonlight: 1},
	{hour: 4.6, turn: -110, up: -14, sun: rgb(.09, .12, .20), sky: rgb(.085, .105, .195), earth: rgb(.045, .050, .085), haze: rgb(.060, .070, .130), zenith: rgb(.0045, .010, .042), middle: rgb(.020, .032, .095), cloud: rgb(.035, .040, .080), hazeRate: .0085, lamps: 1, dusk: .12, stars: .9, moon: .8, moonlight: 1},
	{hour: 5.3, turn: -96, up: -5, sun: rgb(0, 0, 0), sky: rgb(.17, .18, .27), earth: rgb(.11, .10, .13), haze: rgb(.27, .22, .25), zenith: rgb(.020, .045, .14), middle: rgb(.11, .13, .26), cloud: rgb(.13, .12, .19), hazeRate: .0100, lamps: .9, dusk: .75, stars: .25, moon: .3},
	{hour: 6.6, turn: -80, up: 8, sun: rgb(.98, .66, .40), sky: rgb(.36, .37, .45), earth: rgb(.32, .26, .23), haze: rgb(.78, .62, .54), zenith: rgb(.11, .20, .46), middle: rgb(.40, .46, .62), cloud: rgb(.74, .62, .60), hazeRate: .0115, lamps: .3, dusk: .55},
	{hour: 9, turn: -48, up: 33, sun: rgb(1.42, 1.24, .98), sky: rgb(.46, .52, .62), earth: rgb(.48, .42, .35), haze: rgb(.82, .81, .78), zenith: rgb(.13, .31, .64), middle: rgb(.39, .59, .85), cloud: rgb(1, .97, .93), hazeRate: .0105},
	{hour: 12.5, turn: 0, up: 66, sun: rgb(1.58, 1.46, 1.24), sky: rgb(.48, .54, .65), earth: rgb(.52, .46, .38), haze: rgb(.78, .81, .84), zenith: rgb(.11, .29, .66), middle: rgb(.34, .57, .89), cloud: rgb(1, .98, .96), hazeRate: .0095},
	{hour: DefaultHour, turn: 41.88, up: 37.62, sun: rgb(1.46, 1.18, .84), sky: rgb(.47, .50, .57), earth: rgb(.54, .44, .34), haze: rgb(.83, .77, .68), zenith: rgb(.13, .30, .62), middle: rgb(.36, .55, .80), cloud: rgb(1, .95, .88), hazeRate: .0105},
	{hour: 18.3, turn: 88, up: 11, sun: rgb(1.40, .84, .38), sky: rgb(.37, .37, .46), earth: rgb(.40, .29, .21), haze: rgb(.86, .60, .40), zenith: rgb(.085, .17, .45), middle: rgb(.42, .42, .54), cloud: rgb(.80, .60, .52), hazeRate: .0110, lamps: .35, dusk: .6},
	{hour: 19.1, turn: 108, up: 1.5, sun: rgb(.42, .18, .07), sky: rgb(.24, .25, .38), earth: rgb(.20, .15, .16), haze: rgb(.58, .34, .24), zenith: rgb(.030, .062, .22), middle: rgb(.20, .21, .38), cloud: rgb(.30, .23, .30), hazeRate: .0100, lamps: .85, dusk: 1, stars: .05},
	{hour: 19.5, turn: 114, up: -2.5, sun: rgb(0, 0, 0), sky: rgb(.185, .200, .335), earth: rgb(.135, .110, .140), haze: rgb(.42, .245, .175), zenith: rgb(.012, .030, .140), middle: rgb(.070, .110, .300), cloud: rgb(.130, .115, .200), hazeRate: .0090, lamps: 1, dusk: .95, stars: .25, moon: .2},
	{hour: 20.4, turn: 128, up: -10, sun: rgb(.05, .065, .105), sky: rgb(.110, .135, .245), earth: rgb(.065, .065, .100), haze: rgb(.120, .105, .160), zenith: rgb(.006, .013, .060), middle: rgb(.030, .044, .130), cloud: rgb(.050, .055, .105), hazeRate: .0085, lamps: 1, dusk: .4, stars: .8, moon: .8, moonlight: 1},
	{hour: 22, turn: 150, up: -30, sun: rgb(.13, .17, .27), sky: rgb(.085, .110, .205), earth: rgb(.045, .050, .085), haze: rgb(.050, .066, .130), zenith: rgb(.0035, .0075, .036), middle: rgb(.013, .024, .082), cloud: rgb(.030, .038, .075), hazeRate: .0085, lamps: 1, stars: 1, moon: 1, moonlight: 1},
	{hour: 24, turn: 170, up: -50, sun: rgb(.13, .17, .27), sky: rgb(.085, .110, .205), earth: rgb(.045, .050, .085), haze: rgb(.050, .066, .130), zenith: rgb(.0035, .0075, .036), middle: rgb(.013, .024, .082), cloud: rgb(.030, .038, .075), hazeRate: .0085, lamps: 1, stars: 1, moon: 1, moonlight: 1},
}

func rgb(r, g, b float64) [3]float64 { return [3]float64{r, g, b} }

// lightAt is the light at an hour of the day; hours beyond a day begin anew,
// and what is no number is [DefaultHour].
func lightAt(hour float64) light {
	if math.IsNaN(hour) || math.IsInf(hour, 0) {
		hour = DefaultHour
	}
	hour = math.Mod(math.Mod(hour, 24)+24, 24)
	i := 0
	for i+2 < len(day) && day[i+1].hour <= hour {
		i++
	}
	a, b := &day[i], &day[i+1]
	t := (hour - a.hour) / (b.hour - a.hour)
	n := func(x, y float64) float64 { return x + (y-x)*t }
	c := func(x, y [3]float64) [3]float64 { return [3]float64{n(x[0], y[0]), n(x[1], y[1]), n(x[2], y[2])} }
	f := func(x [3]float64) [3]float32 { return [3]float32{float32(x[0]), float32(x[1]), float32(x[2])} }
	l := light{
		sun: f(c(a.sun, b.sun)), sky: f(c(a.sky, b.sky)), earth: f(c(a.earth, b.earth)), haze: f(c(a.haze, b.haze)),
		hazeRate: float32(n(a.hazeRate, b.hazeRate)), zenith: c(a.zenith, b.zenith), middle: c(a.middle, b.middle), cloud: c(a.cloud, b.cloud),
		lamps: n(a.lamps, b.lamps), dusk: n(a.dusk, b.dusk), stars: n(a.stars, b.stars), moon: n(a.moon, b.moon),
		glow: [3]float32{1, .78, .40}, disc: heading(n(a.turn, b.turn), n(a.up, b.up)),
	}
	lamps := float32(l.lamps)
	l.lamp = [3]float32{1.15 * lamps, .66 * lamps, .27 * lamps}
	l.lantern = .80 + .85*lamps
	// Shadows change from the sun to the moon where neither gives any.
	l.sunDir = l.disc
	if max(a.moonlight, b.moonlight) > 0 {
		l.sunDir = moonDir
	}
	if l.sunDir.Y < .05 { // a sun at the horizon still lights along the streets
		l.sunDir.Y = .05
		l.sunDir = r3.Unit(l.sunDir)
	}
	return l
}

// finishes are specular, gloss, translucency and mirror by model.Material.
var finishes = [12][4]float32{
	{.05, 8, 0, .00},    // matt
	{.14, 18, 0, .01},   // wood
	{.60, 90, 0, .035},  // ceramic
	{.85, 60, 0, .46},   // metal
	{1.0, 160, .3, .30}, // glass
	{.02, 6, .55, .00},  // cloth
	{.03, 8, .35, .00},  // paper
	{.22, 26, 0, .015},  // leather
	{.08, 12, 0, .005},  // stone
	{.10, 14, .6, .00},  // leaf
	{0, 8, 0, 0},        // glow
	{.12, 14, .1, .00},  // wicker
}
