package sound

// What the tests look at beside the interface.
var (
	Chance  = chance
	Plucked = plucked
	Struck  = struck
)

// Single is a wave in single precision.
func (w wave) Single() []float32 { return w.narrow(0) }

// Modes are pairs of ratio and seconds of a body.
func BarModes() []mode { return bar }

// Ratio and Ring are of a mode.
func (m mode) Ratio() float64 { return m.ratio }

// ClipOf makes a clip of samples as they are.
func ClipOf(samples []float32) Clip {
	c := Clip{padded: make([]float32, len(samples)+2*reach)}
	copy(c.padded[reach:], samples)
	return c
}

// Busy is how many voices sound.
func (m *Mixer) Busy() int { return m.busy }
