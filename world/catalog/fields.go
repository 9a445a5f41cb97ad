package catalog

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"souk/world"
)

// finish numbers the categories and sellers and assembles the catalogue.
func (im *importer) finish(name string) (*Catalog, *Report, error) {
	if len(im.items) == 0 {
		first := ""
		if len(im.rep.Bad) > 0 {
			first = fmt.Sprintf(" (the first: %s)", im.rep.Bad[0].Error())
		}
		return nil, im.rep, fmt.Errorf("catalogue %s: none of its %d rows can be used%s; mend them or map the columns in a file with .columns.json added to the name",
			name, im.rep.Rows, first)
	}
	cats, at := im.tree.finish()
	order := make([]*soldBy, 0, len(im.sellers))
	for _, s := range im.sellers {
		order = append(order, s)
	}
	slices.SortFunc(order, func(a, b *soldBy) int { return cmp.Compare(a.ID, b.ID) })
	sellers := make([]world.Seller, len(order))
	for i, s := range order {
		s.index, sellers[i] = world.SellerIndex(i), s.Seller
	}
	for i := range im.items {
		im.items[i].Category, im.items[i].Seller = at[im.paths[i]], im.sold[i].index
	}
	c, err := Assemble(name, im.items, cats, sellers)
	if err != nil {
		return nil, im.rep, err
	}
	c.report = im.rep
	return c, im.rep, nil
}

// parsePath splits a category path into its names, and its Chinese twin
// where there is one; of that, single names may be empty ("家/").
func parsePath(m ColumnMap, en, zh string) (path, pathZH []string, fail *failure) {
	for name := range strings.SplitSeq(en, "/") {
		if name = strings.TrimSpace(name); name != "" {
			path = append(path, strings.Clone(name))
		}
	}
	if len(path) == 0 || len(path) > maxDepth {
		return nil, nil, &failure{m.Category, fmt.Sprintf("%q is not a path of 1 to %d names; write it as Home/Lighting/Lamps", clip(en), maxDepth)}
	}
	if zh == "" {
		return path, nil, nil
	}
	for name := range strings.SplitSeq(zh, "/") {
		pathZH = append(pathZH, strings.Clone(strings.TrimSpace(name)))
	}
	if len(pathZH) != len(path) {
		return nil, nil, &failure{m.CategoryZH, fmt.Sprintf("%q has %d names where %q has %d; give as many", clip(zh), len(pathZH), clip(en), len(path))}
	}
	return path, pathZH, nil
}

// parsePrice reads "12", "12.9" or "12.90" as 1290 cents, without rounding
// through a binary fraction. A comma is not taken for a point: "1,290" would be
// read wrongly somewhere.
func parsePrice(s string) (world.Cents, bool) {
	whole, part, dot := strings.Cut(s, ".")
	if dot && (len(part) == 0 || len(part) > 2) || len(whole) == 0 || len(whole) > 12 {
		return 0, false
	}
	for len(part) < 2 {
		part += "0"
	}
	n, err := strconv.ParseUint(whole+part, 10, 63)
	c := world.Cents(n)
	return c, err == nil && c > 0 && c <= maxPrice
}

func parseAttributes(s string) ([]world.Attribute, bool) {
	var as []world.Attribute
	for part := range strings.SplitSeq(s, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		k, v, ok := strings.Cut(part, "=")
		k, v = strings.TrimSpace(k), strings.TrimSpace(v)
		if !ok || k == "" || v == "" || len(as) == maxAttributes {
			return nil, false
		}
		as = append(as, world.Attribute{Key: strings.Clone(k), Value: strings.Clone(v)})
	}
	return as, true
}

// ParseColour reads a colour as a catalogue's file has it: "#b8915f", or three numbers
// in [0,1]. An empty text is none.
func ParseColour(s string) (world.RGB, bool) {
	c, ok := parseColour(s, world.RGB{})
	return c, ok && s != ""
}

// parseColour reads "#rrggbb" or three numbers in [0,1].
func parseColour(s string, none world.RGB) (world.RGB, bool) {
	if s == "" {
		return none, true
	}
	if h, ok := strings.CutPrefix(s, "#"); ok {
		n, err := strconv.ParseUint(h, 16, 32)
		return rgb(uint32(n)), err == nil && len(h) == 6
	}
	var v [3]float32
	ok := parseNumbers(s, v[:])
	return world.RGB{R: v[0], G: v[1], B: v[2]}, ok
}

func parseShape(s string) ([4]float32, bool) {
	if s == "" {
		return [4]float32{.5, .5, .2, .5}, true
	}
	var v [4]float32
	ok := parseNumbers(s, v[:])
	return v, ok
}

// parseNumbers reads exactly as many numbers in [0,1] as dst has room for.
func parseNumbers(s string, dst []float32) bool {
	fields := strings.Fields(s)
	if len(fields) != len(dst) {
		return false
	}
	for i, f := range fields {
		v, err := strconv.ParseFloat(f, 32)
		if err != nil || !(v >= 0 && v <= 1) {
			return false
		}
		dst[i] = float32(math.Abs(v)) // "-0" is 0
	}
	return true
}
