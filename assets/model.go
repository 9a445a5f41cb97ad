// Package assets embeds what Souk ships: the demo's model.
//
// Read [DemoModel] first. The strings of the screens are in assets/words.
package assets

import _ "embed"

//go:generate mkdir -p ../build
//go:generate go run ../cmd/souklab simulate --quiet --shoppers 1500 --minutes 8 --workers 2 --placement random --catalogue demo:seed=1,items=2000 --events ../build/demo-events.csv
//go:generate go run ../cmd/souklab train --events ../build/demo-events.csv --catalogue demo:seed=1,items=2000 --date - -o demo.safetensors

// DemoCatalogue is the catalogue that the demo model belongs to.
const DemoCatalogue = "demo:seed=1,items=2000"

//go:embed demo.safetensors
var demoModel []byte

// DemoModel is the model file of the demo catalogue, for train.ReadModel (see
// docs/model-file.md). It was trained on simulated shoppers under random
// placement; go generate ./assets makes it again. The caller must not write to it.
func DemoModel() []byte { return demoModel }
