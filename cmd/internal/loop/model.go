package loop

import (
	"souk/assets"
	"souk/attention/rank"
	"souk/attention/train"
	"souk/world/catalog"
)

// demoModel is the model that Souk ships, where it belongs to the catalogue;
// nil where it does not, or is damaged.
func demoModel(c *catalog.Catalog) *rank.Model {
	m, err := train.ReadModel(assets.DemoModel())
	if err != nil || m.Catalogue != c.Fingerprint() {
		return nil
	}
	return m
}
