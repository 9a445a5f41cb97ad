package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// ColumnMap names the column of a CSV file that each field comes from. An
// empty name means that the file has no such column. Only ID, one of the names,
// Category and Price must be there.
type ColumnMap struct {
	ID            string `json:"id"`
	NameEN        string `json:"name_en"`
	NameZH        string `json:"name_zh"`
	DescriptionEN string `json:"description_en"`
	DescriptionZH string `json:"description_zh"`
	Category      string `json:"category"`    // a path, "Home/Lighting/Lamps"
	CategoryZH    string `json:"category_zh"` // the same path in Chinese, as many parts
	Family        string `json:"family"`      // see Families; guessed from the category's name where empty
	SellerID      string `json:"seller_id"`   // made from the seller's name where empty
	SellerEN      string `json:"seller_en"`
	SellerZH      string `json:"seller_zh"`
	Price         string `json:"price"`      // "12.90", in the market's currency
	Stock         string `json:"stock"`      // whole number; 1 where empty
	Attributes    string `json:"attributes"` // "style=Nordic; material=oak"
	Primary       string `json:"primary"`    // "#b8915f", or three numbers in 0…1
	Accent        string `json:"accent"`
	Width         string `json:"width"` // metres, "0.28"
	Height        string `json:"height"`
	Depth         string `json:"depth"`
	Shape         string `json:"shape"` // four numbers in 0…1, "0.5 0.2 0.7 0.1"
	Model         string `json:"model"` // the item's own model, a .glb in the file's folder or below: "models/lamp.glb"
}

// DefaultColumns is the map by which [Catalog.WriteCSV] writes: each column
// has the name that its field has in JSON.
func DefaultColumns() ColumnMap {
	var m ColumnMap
	v := reflect.ValueOf(&m).Elem()
	for i := range v.NumField() {
		v.Field(i).SetString(v.Type().Field(i).Tag.Get("json"))
	}
	return m
}

// ParseColumnMap reads a map from JSON. Fields that it does not name keep
// their default; an unknown field is an error, since it is likely a slip.
func ParseColumnMap(raw []byte) (ColumnMap, error) {
	m := DefaultColumns()
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return ColumnMap{}, fmt.Errorf("%w; write it as {\"id\": \"SKU\", \"price\": \"Preis\"} with the fields of ColumnMap", err)
	}
	return m, nil
}

// JSON is the map as a file holds it, for a person to change.
func (m ColumnMap) JSON() []byte {
	raw, _ := json.MarshalIndent(m, "", "  ") // a struct of strings has no way to fail
	return raw
}

// clip shortens a text of a file for a message, at a character's edge.
func clip(s string) string {
	const most = 160
	s = strings.ToValidUTF8(s, "?")
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// columns are the places of the fields in a row; −1 for none.
type columns struct {
	id, nameEN, nameZH, descEN, descZH, category, categoryZH, family, sellerID, sellerEN, sellerZH,
	price, stock, attributes, primary, accent, width, height, depth, shape, model int
}

// locate finds the mapped columns in a header. A column that is mapped by
// default and missing is merely absent; the error names a needed one.
func (m ColumnMap) locate(header []string) (columns, error) {
	at := map[string]int{}
	for i, h := range header {
		h = strings.TrimSpace(h)
		if _, twice := at[h]; twice && h != "" {
			return columns{}, fmt.Errorf("line 1: the column %q stands there twice; rename one of them", h)
		}
		at[h] = i
	}
	find := func(name string) int {
		if i, ok := at[strings.TrimSpace(name)]; ok && name != "" {
			return i
		}
		return -1
	}
	c := columns{id: find(m.ID), nameEN: find(m.NameEN), nameZH: find(m.NameZH), descEN: find(m.DescriptionEN), descZH: find(m.DescriptionZH),
		category: find(m.Category), categoryZH: find(m.CategoryZH), family: find(m.Family), sellerID: find(m.SellerID),
		sellerEN: find(m.SellerEN), sellerZH: find(m.SellerZH), price: find(m.Price), stock: find(m.Stock), attributes: find(m.Attributes),
		primary: find(m.Primary), accent: find(m.Accent), width: find(m.Width), height: find(m.Height), depth: find(m.Depth), shape: find(m.Shape), model: find(m.Model)}
	for _, need := range []struct {
		at          int
		field, name string
	}{{c.id, "id", m.ID}, {max(c.nameEN, c.nameZH), "name_en", m.NameEN}, {c.category, "category", m.Category}, {c.price, "price", m.Price}} {
		if need.at < 0 {
			return columns{}, fmt.Errorf("line 1: there is no column %q for the field %s (the columns are %s); rename it or map it in a file with the name of the CSV file and .columns.json added",
				need.name, need.field, clip(strings.Join(header, ", ")))
		}
	}
	return c, nil
}
