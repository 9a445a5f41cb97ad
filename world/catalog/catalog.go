// Package catalog is the market's catalogue: the items, their category tree
// and their sellers, generated from a seed or read from a CSV file.
//
// Read [Catalog] first, then Generate and ImportCSV.
package catalog

import (
	"souk/world"
)

// FeatureDim is the length of an item's content features: hashed words of its
// name, description and attributes, its category path, its colours, its shape, its price.
const FeatureDim = 64

// Catalog is a whole catalogue. It is immutable once made and safe for
// concurrent use.
type Catalog struct {
	// Name says where the catalogue comes from in a form that makes it again:
	// "demo:seed=1,items=2000" or the path of a file.
	Name       string
	Items      []world.Item // by world.ItemIndex
	Categories []world.Category
	Sellers    []world.Seller
	// Features holds FeatureDim numbers for each item, row by row, each row of
	// unit length: what a ranker may know of an item that nobody has touched.
	Features []float32

	byID        map[string]world.ItemIndex
	fingerprint string
}
