package catalog

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"souk/world"
)

// WriteCSV writes the catalogue with the columns of [DefaultColumns];
// [ImportCSV] reads it back to an equal catalogue where categories and sellers stand in the
// order of their ids, as [Generate] and [ImportCSV] leave them, each is used, and no text has blanks
// at its ends. It refuses names that the format could not carry: a category
// with "/", an attribute with "=" in its key or ";" in its value.
func (c *Catalog) WriteCSV(w io.Writer) error {
	for _, cat := range c.Categories {
		if strings.Contains(cat.Name.EN+cat.Name.ZH, "/") {
			return fmt.Errorf("writing catalogue %s: the category name %q holds a slash, which separates names in the file; rename it", c.Name, cat.Name.EN)
		}
	}
	cw := csv.NewWriter(w)
	header := reflect.ValueOf(DefaultColumns())
	row := make([]string, header.NumField())
	for i := range row {
		row[i] = header.Field(i).String()
	}
	cw.Write(row)
	for i := range c.Items {
		it := &c.Items[i]
		own := attribute(it, ModelKey)
		attrs, err := formatAttributes(slices.DeleteFunc(slices.Clone(it.Attributes), func(a world.Attribute) bool { return a.Key == ModelKey }))
		if err != nil {
			return fmt.Errorf("writing catalogue %s, item %q: %w", c.Name, it.ID, err)
		}
		zh := c.path(it.Category, func(t world.Text) string { return t.ZH })
		if strings.Trim(zh, "/") == "" {
			zh = ""
		}
		s, l := &c.Sellers[it.Seller], &it.Look
		row = append(row[:0], it.ID, it.Name.EN, it.Name.ZH, it.Description.EN, it.Description.ZH, c.path(it.Category, func(t world.Text) string { return t.EN }), zh,
			c.Categories[it.Category].Family, s.ID, s.Name.EN, s.Name.ZH, it.Price.String(), strconv.Itoa(int(it.Stock)), attrs,
			formatColour(l.Primary), formatColour(l.Accent), formatFloat(l.Size.X, 64), formatFloat(l.Size.Y, 64), formatFloat(l.Size.Z, 64),
			formatNumbers(l.Shape[:]), own)
		if err := cw.Write(row); err != nil {
			return fmt.Errorf("writing catalogue %s: %w", c.Name, err)
		}
	}
	cw.Flush()
	if err := cw.Error(); err != nil {
		return fmt.Errorf("writing catalogue %s: %w", c.Name, err)
	}
	return nil
}

func formatAttributes(as []world.Attribute) (string, error) {
	var b strings.Builder
	for i, a := range as {
		if strings.ContainsAny(a.Key, "=;") || strings.Contains(a.Value, ";") {
			return "", fmt.Errorf("the attribute %q=%q holds a separator of the file; rename it", a.Key, a.Value)
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(a.Key + "=" + a.Value)
	}
	return b.String(), nil
}

// formatColour writes six digits where they hold the colour exactly, else
// three numbers.
func formatColour(c world.RGB) string {
	n := uint32(0)
	for _, v := range [...]float32{c.R, c.G, c.B} {
		n = n<<8 | uint32(math.Round(float64(v)*255))
	}
	if rgb(n) == c {
		return fmt.Sprintf("#%06x", n)
	}
	return formatNumbers([]float32{c.R, c.G, c.B})
}

func formatNumbers(vs []float32) string {
	parts := make([]string, len(vs))
	for i, v := range vs {
		parts[i] = formatFloat(float64(v), 32)
	}
	return strings.Join(parts, " ")
}

func formatFloat(v float64, bits int) string { return strconv.FormatFloat(v, 'g', -1, bits) }
