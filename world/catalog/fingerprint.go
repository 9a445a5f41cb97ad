package catalog

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"

	"souk/world"
)

// fingerprint hashes a canonical encoding of the catalogue: counts first, then
// every field in order, strings with their length before them, numbers in
// little-endian order, so that no two catalogues share an encoding.
func fingerprint(c *Catalog) string {
	e := newEncoder()
	e.text("souk catalogue 1")
	e.number(uint64(len(c.Categories)))
	for _, cat := range c.Categories {
		e.text(cat.ID)
		e.texts(cat.Name)
		e.number(uint64(cat.Parent))
		e.text(cat.Family)
	}
	e.number(uint64(len(c.Sellers)))
	for _, s := range c.Sellers {
		e.text(s.ID)
		e.texts(s.Name)
	}
	e.number(uint64(len(c.Items)))
	for i := range c.Items {
		e.item(&c.Items[i])
	}
	return e.sum()
}

type encoder struct {
	h hash.Hash
	w *bufio.Writer
	b [8]byte
}

func newEncoder() *encoder {
	h := sha256.New()
	return &encoder{h: h, w: bufio.NewWriterSize(h, 1<<14)}
}

// The writes cannot fail: a hash takes everything.
func (e *encoder) number(n uint64) {
	binary.LittleEndian.PutUint64(e.b[:], n)
	e.w.Write(e.b[:])
}

func (e *encoder) text(s string) {
	e.number(uint64(len(s)))
	e.w.WriteString(s)
}

func (e *encoder) texts(t world.Text) {
	e.text(t.EN)
	e.text(t.ZH)
}

func (e *encoder) item(it *world.Item) {
	e.text(it.ID)
	e.texts(it.Name)
	e.texts(it.Description)
	e.number(uint64(it.Category))
	e.number(uint64(it.Seller))
	e.number(uint64(it.Price))
	e.number(uint64(it.Stock))
	e.number(uint64(len(it.Attributes)))
	for _, a := range it.Attributes {
		e.text(a.Key)
		e.text(a.Value)
	}
	l := &it.Look
	for _, v := range [...]float32{l.Primary.R, l.Primary.G, l.Primary.B, l.Accent.R, l.Accent.G, l.Accent.B,
		l.Shape[0], l.Shape[1], l.Shape[2], l.Shape[3]} {
		e.number(uint64(math.Float32bits(v)))
	}
	for _, v := range [...]float64{l.Size.X, l.Size.Y, l.Size.Z} {
		e.number(math.Float64bits(v))
	}
}

func (e *encoder) sum() string {
	e.w.Flush()
	return hex.EncodeToString(e.h.Sum(nil))
}
