package catalog

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// What a row may hold at most. The limits keep a damaged file from filling
// the memory; no shop comes near them.
const (
	maxField      = 20_000 // bytes of a field
	maxAttributes = 32
	maxDepth      = 8 // of a category path
	maxItems      = 5_000_000
)

// ImportCSV reads a catalogue from CSV (RFC 4180, UTF-8, a header in line 1)
// by the column map. The name is the file's, for the report and the errors. Bad
// rows are left out and reported; so is a row whose id an earlier row has. A file whose header
// lacks a needed column, or with no good row, is refused: the error is one
// sentence, and the report says the rest.
//
// Categories come out sorted by their path, sellers by the order of their
// ids, items in the order of the file.
func ImportCSV(r io.Reader, name string, m ColumnMap) (*Catalog, *Report, error) {
	rep := &Report{File: name}
	br := bufio.NewReader(r)
	if mark, _ := br.Peek(3); string(mark) == "\ufeff" {
		br.Discard(3)
	}
	cr := csv.NewReader(br)
	cr.FieldsPerRecord = -1
	cr.ReuseRecord = true
	header, err := cr.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return nil, rep, fmt.Errorf("catalogue %s: it is empty; the first line must name the columns", name)
		}
		if pe := (*csv.ParseError)(nil); errors.As(err, &pe) {
			return nil, rep, fmt.Errorf("catalogue %s: its first line is not CSV: %w; save it as comma-separated UTF-8", name, err)
		}
		return nil, rep, fmt.Errorf("reading the catalogue %s: %w", name, err)
	}
	cols, err := m.locate(header)
	if err != nil {
		return nil, rep, fmt.Errorf("catalogue %s, %w", name, err)
	}
	im := &importer{rep: rep, m: m, cols: cols, width: len(header), tree: newTree(), ids: map[string]int{}, sellers: map[string]*soldBy{}}
	rep.lines, rep.model = im.ids, m.Model
	if cols.model < 0 {
		rep.model = m.Attributes
	}
	for {
		rec, err := cr.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		rep.Rows++
		if err != nil {
			var pe *csv.ParseError
			if !errors.As(err, &pe) {
				return nil, rep, fmt.Errorf("reading the catalogue %s after line %d: %w", name, im.line, err)
			}
			im.line = pe.StartLine
			im.bad("", fmt.Sprintf("it is not CSV (%v); check its quotes", pe.Err))
			continue
		}
		im.line, _ = cr.FieldPos(0)
		im.row(rec)
	}
	return im.finish(name)
}

// soldBy is a seller while the importer runs.
type soldBy struct {
	world.Seller
	index world.SellerIndex
}

// importer turns rows into parts of a catalogue.
type importer struct {
	rep     *Report
	m       ColumnMap
	cols    columns
	width   int
	line    int
	tree    *tree
	ids     map[string]int // the line where an id stands
	sellers map[string]*soldBy
	items   []world.Item
	paths   []string // category id by item
	sold    []*soldBy
}

func (im *importer) bad(field, reason string) {
	im.rep.bad(BadRow{im.rep.File, im.line, field, reason})
}

// failure is what a field's parser says against a row.
type failure struct{ field, reason string }

// row takes in one row, or reports it.
func (im *importer) row(rec []string) {
	if len(rec) != im.width {
		im.bad("", fmt.Sprintf("it has %d fields where the header has %d; check its commas and quotes", len(rec), im.width))
		return
	}
	for i, f := range rec {
		if !utf8.ValidString(f) || len(f) > maxField {
			im.bad(strconv.Itoa(i+1), fmt.Sprintf("it is no UTF-8 text of at most %d bytes; save the file as UTF-8", maxField))
			return
		}
	}
	get := func(i int) string {
		if i < 0 {
			return ""
		}
		return strings.TrimSpace(rec[i])
	}
	it, fail := im.item(get)
	if fail != nil {
		im.bad(fail.field, fail.reason)
		return
	}
	path, pathZH, fail := parsePath(im.m, get(im.cols.category), get(im.cols.categoryZH))
	if fail != nil {
		im.bad(fail.field, fail.reason)
		return
	}
	family, known := im.family(get(im.cols.family), path)
	if it.Look.Size == (r3.Vec{}) {
		it.Look.Size, _ = familySize(family)
	}
	if s := it.Look.Size; !sane(s.X) || !sane(s.Y) || !sane(s.Z) {
		im.bad(im.m.Width, fmt.Sprintf("the size %g × %g × %g m is not within %g to %g m; write metres in all three of width, height and depth, or none", s.X, s.Y, s.Z, minSize, maxSize))
		return
	}
	if len(im.items) >= maxItems {
		im.bad("", fmt.Sprintf("the file has more than %d good rows; split it", maxItems))
		return
	}
	if len(im.tree.nodes)+len(path) > math.MaxInt16-1 && im.tree.nodes[pathID(path)] == nil {
		im.bad(im.m.Category, fmt.Sprintf("there are more than %d categories; use fewer", math.MaxInt16))
		return
	}
	if !known {
		im.rep.warn(BadRow{im.rep.File, im.line, im.m.Family, fmt.Sprintf("no model is known for %q; it becomes a %s; the families are %s",
			clip(get(im.cols.family)+" "+path[len(path)-1]), DefaultFamily, strings.Join(Families(), ", "))})
	}
	im.ids[it.ID] = im.line
	im.paths = append(im.paths, im.tree.add(path, pathZH, family))
	im.sold = append(im.sold, im.seller(get(im.cols.sellerID), get(im.cols.sellerEN), get(im.cols.sellerZH)))
	im.items = append(im.items, it)
	im.rep.Good++
}

// item reads all of an item but its category, seller and missing size.
func (im *importer) item(get func(int) string) (it world.Item, fail *failure) {
	c, m := &im.cols, &im.m
	it.ID = strings.Clone(get(c.id))
	if it.ID == "" {
		return it, &failure{m.ID, "it is empty; every row needs an id of its own"}
	}
	if first, twice := im.ids[it.ID]; twice {
		return it, &failure{m.ID, fmt.Sprintf("%q stands in line %d already; ids must differ", clip(it.ID), first)}
	}
	it.Name = world.Text{EN: strings.Clone(get(c.nameEN)), ZH: strings.Clone(get(c.nameZH))}
	if it.Name == (world.Text{}) {
		return it, &failure{m.NameEN, "the item has no name in either language; give it one"}
	}
	it.Description = world.Text{EN: strings.Clone(get(c.descEN)), ZH: strings.Clone(get(c.descZH))}
	var ok bool
	if it.Price, ok = parsePrice(get(c.price)); !ok {
		return it, &failure{m.Price, fmt.Sprintf("%q is not a price above 0; write it as 12.90", clip(get(c.price)))}
	}
	it.Stock = 1
	if s := get(c.stock); s != "" {
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil || n < 0 {
			return it, &failure{m.Stock, fmt.Sprintf("%q is not a whole number from 0; write it as 12", clip(s))}
		}
		it.Stock = int32(n)
	}
	if it.Attributes, ok = parseAttributes(get(c.attributes)); !ok {
		return it, &failure{m.Attributes, fmt.Sprintf("%q is not at most %d of key=value; write them as style=Nordic; material=oak", clip(get(c.attributes)), maxAttributes)}
	}
	if own := get(c.model); own != "" {
		if len(it.Attributes) >= maxAttributes || attribute(&it, ModelKey) != "" {
			return it, &failure{m.Model, fmt.Sprintf("%q is a second model beside that among the attributes, or attribute %d; give one", clip(own), maxAttributes+1)}
		}
		it.Attributes = append(it.Attributes, world.Attribute{Key: ModelKey, Value: strings.Clone(own)})
	}
	return it, im.look(&it.Look, get)
}

// look reads what an item looks like; what a file does not say comes out
// grey and plain, so that a bare price list makes a market.
func (im *importer) look(l *world.Look, get func(int) string) *failure {
	c, m := &im.cols, &im.m
	var ok bool
	if l.Primary, ok = parseColour(get(c.primary), world.RGB{R: .7, G: .68, B: .64}); !ok {
		return &failure{m.Primary, fmt.Sprintf("%q is not a colour; write it as #b8915f", clip(get(c.primary)))}
	}
	if l.Accent, ok = parseColour(get(c.accent), l.Primary); !ok {
		return &failure{m.Accent, fmt.Sprintf("%q is not a colour; write it as #b8915f", clip(get(c.accent)))}
	}
	if l.Shape, ok = parseShape(get(c.shape)); !ok {
		return &failure{m.Shape, fmt.Sprintf("%q is not four numbers from 0 to 1; write them as 0.5 0.2 0.7 0.1", clip(get(c.shape)))}
	}
	for _, p := range [...]struct {
		to   *float64
		col  int
		name string
	}{{&l.Size.X, c.width, m.Width}, {&l.Size.Y, c.height, m.Height}, {&l.Size.Z, c.depth, m.Depth}} {
		if s := get(p.col); s != "" {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil || !sane(v) {
				return &failure{p.name, fmt.Sprintf("%q is not a length of %g to %g m; write metres, as 0.28", clip(s), minSize, maxSize)}
			}
			*p.to = v
		}
	}
	return nil
}

// family decides an item's model: its own, its category's, or the default;
// known is false where a name was given or needed and nothing fits.
func (im *importer) family(name string, path []string) (string, bool) {
	if n := im.tree.nodes[pathID(path)]; n != nil && n.Family != "" {
		return n.Family, name == "" || KnownFamily(strings.ToLower(name))
	}
	if name = strings.ToLower(name); KnownFamily(name) {
		return strings.Clone(name), true
	}
	f, ok := guessFamily(path[len(path)-1])
	return f, ok && name == ""
}

func (im *importer) seller(id, en, zh string) *soldBy {
	if en == "" && zh == "" {
		en, zh = "Market", "市集"
		if id != "" {
			en, zh = id, ""
		}
	}
	if id == "" {
		id = strings.ToLower(world.Text{EN: en, ZH: zh}.In("en"))
	}
	s := im.sellers[id]
	if s == nil {
		s = &soldBy{Seller: world.Seller{ID: strings.Clone(id), Name: world.Text{EN: strings.Clone(en), ZH: strings.Clone(zh)}}}
		im.sellers[s.ID] = s
	}
	return s
}
