package table

import (
	"fmt"

	"souk/attention/train/als"
	"souk/world"
	"souk/world/catalog"
)

// RatingRow is a row of what Spark's ALS reads: setUserCol, setItemCol,
// setRatingCol. The rating is a confidence, for implicitPrefs = true.
type RatingRow struct {
	User   int32   `parquet:"user"`
	Item   int32   `parquet:"item"`
	Rating float32 `parquet:"rating"`
}

// ItemRow says which item a number stands for. The catalogue's fingerprint is
// on every row: what comes back is checked against it.
type ItemRow struct {
	Item      int32  `parquet:"item"`
	ID        string `parquet:"id"`
	Catalogue string `parquet:"catalogue,dict"`
}

// UserRow says which visitor a number stands for.
type UserRow struct {
	User    int32  `parquet:"user"`
	Visitor string `parquet:"visitor"`
}

// Ratings writes a matrix as ratings.parquet's rows: confidence × preference
// where positive. Pairs that speak only against an item are counted and left out: Spark's
// model has no place for them but a negative rating, which means the same as in ours only if it says so, and so
// the rating there is −confidence if against is true. It returns how many pairs were left out.
func Ratings(path string, m *als.Matrix, against bool) (left int, err error) {
	w, err := Create[RatingRow](path)
	if err != nil {
		return 0, err
	}
	for u := range m.Users {
		for k := m.Start[u]; k < m.Start[u+1]; k++ {
			r := m.Confidence[k] * m.Preference[k]
			if r == 0 && against {
				r = -m.Confidence[k]
			}
			if r == 0 {
				left++
				continue
			}
			if err := w.Write(RatingRow{int32(u), m.Col[k], r}); err != nil {
				w.Abort()
				return left, err
			}
		}
	}
	return left, w.Close()
}

// Items writes which item each number of the ratings stands for.
func Items(path string, c *catalog.Catalog) error {
	w, err := Create[ItemRow](path)
	if err != nil {
		return err
	}
	for i := range c.Items {
		if err := w.Write(ItemRow{int32(i), c.Items[i].ID, c.Fingerprint()}); err != nil {
			w.Abort()
			return err
		}
	}
	return w.Close()
}

// Users writes which visitor each number of the ratings stands for.
func Users(path string, visitors []string) error {
	w, err := Create[UserRow](path)
	if err != nil {
		return err
	}
	for u, v := range visitors {
		if err := w.Write(UserRow{int32(u), v}); err != nil {
			w.Abort()
			return err
		}
	}
	return w.Close()
}

// CheckItems says whether an item table, as [Items] wrote it, is of this catalogue.
func CheckItems(path string, c *catalog.Catalog) error {
	seen := 0
	err := read(path, []string{"item", "id", "catalogue"}, func(r *ItemRow, number int64) error {
		if r.Catalogue != c.Fingerprint() {
			return fmt.Errorf("read table %s, row %d: it is of the catalogue %s, not of %s (%s): give the catalogue that the ratings were exported with", path, number, clip(r.Catalogue), c.Name, c.Fingerprint())
		}
		if i, ok := c.Index(r.ID); !ok || i != world.ItemIndex(r.Item) {
			return fmt.Errorf("read table %s, row %d: item %d is %q, which is another in %s", path, number, r.Item, clip(r.ID), c.Name)
		}
		seen++
		return nil
	})
	if err == nil && seen != len(c.Items) {
		err = fmt.Errorf("read table %s: %d items, %s has %d", path, seen, c.Name, len(c.Items))
	}
	return err
}

// FactorRow is a row of ALSModel.itemFactors and .userFactors.
type FactorRow struct {
	ID       int32     `parquet:"id"`
	Features []float32 `parquet:"features,list"`
}

// maxDim bounds what a file may ask for.
const maxDim = 1024

// ReadFactors reads the factors of a Spark model: a Parquet file or the folder
// of parts that Spark writes. It returns them row by row, n × dim: a row that
// the file lacks, which Spark leaves out where there was no rating, is 0 and not counted in found.
// An id outside of 0 to n−1, an id that comes twice, rows of different length and
// numbers that are none are refused, as is a file that is cut.
func ReadFactors(path string, n int) (factors []float32, dim, found int, err error) {
	parts, err := Parts(path)
	if err != nil {
		return nil, 0, 0, err
	}
	seen := make([]bool, n)
	for _, part := range parts {
		err := read(part, []string{"id", "features"}, func(r *FactorRow, number int64) error {
			if dim == 0 {
				if len(r.Features) < 1 || len(r.Features) > maxDim {
					return fmt.Errorf("read factors %s, row %d: %d features, must be 1 to %d", part, number, len(r.Features), maxDim)
				}
				dim = len(r.Features)
				factors = make([]float32, n*dim)
			}
			switch {
			case len(r.Features) != dim:
				return fmt.Errorf("read factors %s, row %d: %d features where others have %d: the parts are of different models", part, number, len(r.Features), dim)
			case r.ID < 0 || int(r.ID) >= n:
				return fmt.Errorf("read factors %s, row %d: the id %d, must be 0 to %d: the factors are of another catalogue", part, number, r.ID, n-1)
			case seen[r.ID]:
				return fmt.Errorf("read factors %s, row %d: the id %d comes twice: the folder holds more than one model", part, number, r.ID)
			}
			for i, x := range r.Features {
				if x-x != 0 {
					return fmt.Errorf("read factors %s, row %d: feature %d of id %d is %v, no finite number", part, number, i, r.ID, x)
				}
			}
			seen[r.ID] = true
			found++
			copy(factors[int(r.ID)*dim:], r.Features)
			return nil
		})
		if err != nil {
			return nil, 0, 0, err
		}
	}
	if found == 0 {
		return nil, 0, 0, fmt.Errorf("read factors %s: it has no rows", path)
	}
	return factors, dim, found, nil
}
