package loop

import (
	"souk/attention/rank"
	"souk/world/catalog"
)

func demoModel(c *catalog.Catalog) *rank.Model { return nil }
