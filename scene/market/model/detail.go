package model

// Detail says how closely a model is meant to be seen.
type Detail uint8

// The details. A model fills the same box and has the same colours in all.
const (
	Near   Detail = iota // in the hand, on the shelf in front: at most 600 triangles
	Middle               // some steps away: at most 180
	Far                  // across the street: at most 60
	Details
)

// Budget is the most triangles that a model of the detail has; that of Far for
// a detail that there is none of.
func (d Detail) Budget() int { return [...]int{600, 180, 60}[min(d, Far)] }

// String is the detail's name: near, middle, far.
func (d Detail) String() string { return [...]string{"near", "middle", "far"}[min(d, Far)] }

// fineness bounds the parts of a model.
type fineness struct {
	round, rims  int // corners around a turned part, points of its profile
	tube, steps  int // corners around a tube, points of its path
	sheet        int // cells of a sheet each way
	small, sharp bool
	// small parts (a buckle, a label, a string) are there, edges of profiles are sharp.
}

// finenesses are tried in order until a model keeps to its detail's budget, so
// that a plain thing keeps more of its roundness than an elaborate one.
var finenesses = [Details][]fineness{
	Near: {{round: 64, rims: 64, tube: 64, steps: 64, sheet: 64, small: true, sharp: true}},
	Middle: {
		{round: 12, rims: 9, tube: 5, steps: 7, sheet: 6, small: true, sharp: true},
		{round: 10, rims: 7, tube: 4, steps: 6, sheet: 5, small: true, sharp: true},
		{round: 10, rims: 7, tube: 4, steps: 5, sheet: 5, sharp: true},
		{round: 8, rims: 6, tube: 3, steps: 4, sheet: 4, sharp: true},
		{round: 6, rims: 5, tube: 3, steps: 4, sheet: 3},
	},
	Far: {
		{round: 6, rims: 5, tube: 3, steps: 4, sheet: 3},
		{round: 6, rims: 4, tube: 3, steps: 3, sheet: 3},
		{round: 5, rims: 3, tube: 3, steps: 3, sheet: 2},
		{round: 4, rims: 3, tube: 3, steps: 2, sheet: 2},
	},
}

// fine is how the parts of a builder are bounded now.
func (b *Builder) fine() *fineness { return &finenesses[min(b.Detail, Far)][b.attempt] }

// far says whether a family is to build its simplest form.
func (b *Builder) far() bool { return b.Detail >= Far }

// plain says whether small parts are left out.
func (b *Builder) plain() bool { return !b.fine().small }
