package catalog_test

import (
	"bytes"
	"testing"

	"souk/world/catalog"
)

// TestRoundTripThroughCSV holds that a written catalogue reads back equal.
func TestRoundTripThroughCSV(t *testing.T) {
	for _, items := range []int{1, 7, 300, 2000} {
		c, err := catalog.Generate(items, uint64(items))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := c.WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		got, rep, err := catalog.ImportCSV(&b, "round.csv", catalog.DefaultColumns())
		if err != nil {
			t.Fatal(err)
		}
		if rep.BadRows() != 0 || rep.Mended != 0 {
			t.Fatalf("%d items: the report is not clean:\n%s", items, rep)
		}
		if got.Fingerprint() != c.Fingerprint() {
			t.Errorf("%d items: the fingerprint differs after the round trip", items)
		}
	}
}
