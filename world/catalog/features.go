package catalog

import (
	"math"
	"strings"
	"unicode"

	"souk/world"
)

// The blocks of a feature row and how much of its length each has. Attributes
// weigh most: they are what a shopper sees of an item's style.
const (
	attributeDims = 28
	textDims      = 12
	categoryDims  = 12
	colourDims    = 6
	shapeDims     = 4
	priceDims     = 2
)

var _ [FeatureDim]struct{} = [attributeDims + textDims + categoryDims + colourDims + shapeDims + priceDims]struct{}{}

// features computes the content features of all items. Words are hashed into
// few numbers with a random sign each (Weinberger et al. 2009, "Feature
// hashing for large scale multitask learning"); unlike there, each block is
// brought to a fixed length, so that a long description does not drown a colour.
// A row depends on its item and its category path alone, so that a model learnt on one
// catalogue can read another.
func features(c *Catalog) []float32 {
	all := make([]float32, len(c.Items)*FeatureDim)
	paths := make([][]string, len(c.Categories))
	for i := range c.Categories {
		paths[i] = strings.Split(strings.ToLower(c.Path(world.CategoryIndex(i), "en")), "/")
	}
	var row [FeatureDim]float64
	for i := range c.Items {
		row = [FeatureDim]float64{}
		fillFeatures(&row, &c.Items[i], paths[c.Items[i].Category])
		normalise(row[:], 1)
		out := all[i*FeatureDim : (i+1)*FeatureDim]
		for j, v := range row {
			out[j] = float32(v)
		}
	}
	return all
}

func fillFeatures(row *[FeatureDim]float64, it *world.Item, path []string) {
	rest := row[:]
	take := func(n int) []float64 {
		block := rest[:n]
		rest = rest[n:]
		return block
	}
	b := take(attributeDims)
	for _, a := range it.Attributes {
		if a.Key == ModelKey {
			continue
		}
		hashWord(b, "a", a.Key+"="+strings.ToLower(a.Value), 1)
	}
	normalise(b, .60)

	b = take(textDims)
	eachWord(it.Name.EN, func(w string) { hashWord(b, "t", w, 1) })
	eachWord(it.Description.EN, func(w string) { hashWord(b, "t", w, .5) })
	if it.Name.EN == "" {
		for _, r := range it.Name.ZH {
			hashWord(b, "t", string(r), 1)
		}
	}
	normalise(b, .25)

	b = take(categoryDims)
	for depth, name := range path {
		for k := range 3 { // several places each, so that two categories seldom look alike
			hashWord(b, "c"+string(rune('0'+k)), name, 1+.5*float64(depth))
		}
	}
	normalise(b, .55)

	b = take(colourDims)
	opponent(b[:3], it.Look.Primary)
	opponent(b[3:], it.Look.Accent)
	scale(b, .35)

	b = take(shapeDims)
	for k, v := range it.Look.Shape {
		b[k] = 2*float64(v) - 1
	}
	scale(b, .20)

	b = take(priceDims) // around the circle once in a factor of 10,000, so that near prices lie near
	s, cos := math.Sincos(2 * math.Pi * math.Log10(float64(max(it.Price, 1))/100) / 4)
	b[0], b[1] = s, cos
	scale(b, .25)
}

// opponent writes a colour as lightness, red–green and yellow–blue, each about
// in [−1,1].
func opponent(dst []float64, c world.RGB) {
	r, g, b := float64(c.R), float64(c.G), float64(c.B)
	dst[0] = 2*(.30*r+.59*g+.11*b) - 1
	dst[1] = r - g
	dst[2] = (r+g)/2 - b
}

// hashWord adds the weight, with the word's own sign, to the word's own place.
// The hash is FNV-1a, 32 bit, finished by a multiplication to mix the low bits.
func hashWord(block []float64, space, word string, weight float64) {
	h := uint32(2166136261)
	for _, s := range [...]string{space, "\x00", word} {
		for i := range len(s) {
			h = (h ^ uint32(s[i])) * 16777619
		}
	}
	h ^= h >> 15
	h *= 0x85ebca6b
	h ^= h >> 13
	if h&1 == 0 {
		weight = -weight
	}
	block[(h>>1)%uint32(len(block))] += weight
}

// stop are the words that say nothing of an item.
var stop = map[string]bool{"a": true, "an": true, "and": true, "the": true, "of": true, "in": true, "with": true, "for": true, "by": true,
	"to": true, "it": true, "is": true, "from": true, "on": true, "made": true}

func eachWord(text string, do func(string)) {
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if !stop[w] {
			do(w)
		}
	}
}

// normalise brings the vector to a length; the zero vector stays.
func normalise(v []float64, length float64) {
	var s float64
	for _, x := range v {
		s += x * x
	}
	if s > 0 {
		scale(v, length/math.Sqrt(s))
	}
}

func scale(v []float64, by float64) {
	for i := range v {
		v[i] *= by
	}
}
