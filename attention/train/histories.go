package train

import (
	"souk/attention/signal"
	"souk/attention/train/model"
	"souk/world"
	"souk/world/catalog"
)

// Histories turns clean rows, in order of time, into what models of
// attention/train/model learn from: one history for each visitor, in the order of their first
// row, of all that counts for an item, by the weights of [Convert]. What counts against an item
// has no place in a history; what was taken back stays out with what it took back.
func Histories(events []world.Event, c *catalog.Catalog, w signal.Weights) *model.Data {
	d := &model.Data{Items: len(c.Items), Features: c.Features, Width: catalog.FeatureDim}
	index := map[string]int{}
	var normalisers []*signal.Normaliser
	for i := range events {
		ev := &events[i]
		item, ok := c.Index(ev.Item)
		if !ok {
			continue
		}
		u, ok := index[ev.Visitor]
		if !ok {
			u = len(d.Histories)
			index[ev.Visitor] = u
			d.Histories = append(d.Histories, nil)
			normalisers = append(normalisers, signal.NewNormaliser())
		}
		s, ok := toSignal(ev, item, false, w, normalisers[u])
		switch h := d.Histories[u]; {
		case ok && s.Undo:
			for k := len(h) - 1; k >= 0; k-- {
				if h[k].Item == int32(s.Item) && h[k].Kind == s.Kind {
					d.Histories[u] = append(h[:k], h[k+1:]...)
					break
				}
			}
		case ok && s.Preference > 0:
			d.Histories[u] = append(h, model.Touch{Item: int32(s.Item), Kind: s.Kind, Weight: s.Confidence, Time: ev.Time})
		}
	}
	return d
}
