package evaluation

import (
	"fmt"
	"maps"

	"souk/attention/train/model"
)

// fitted is what is kept of a fit that can be gone on with.
type fitted struct {
	Epochs int     `json:"epochs"` // run so far
	Best   int     `json:"best"`   // after how many it was best by validation; 0: never asked
	Value  float64 `json:"value"`
	Done   bool    `json:"done"`
}

// fit fits a model. One that can be written is read back where it was kept, and
// one whose fit can be gone on with is gone on with. best is after how many
// epochs validation found it best, 0 where it did not ask.
func (r *run) fit(spec model.Spec, set model.Settings, d *model.Data, how model.Run, what, key string) (m model.Model, best int, err error) {
	if m, err = spec.New(set); err != nil {
		return nil, 0, err
	}
	r.tell(0, what)
	if r.kept.loadModel(key, m) {
		r.step(cost(spec), what)
		return m, 0, nil
	}
	var f fitted
	resumer, resumes := m.(model.Resumer)
	if state := r.kept.bytes(key + ".state"); resumes && state != nil && r.kept.load(key, &f) {
		if f.Done { // no further epoch: what was best is taken from the state
			set = maps.Clone(set)
			if set == nil {
				set = model.Settings{}
			}
			set["epochs"] = float64(f.Epochs)
			if m, err = spec.New(set); err != nil {
				return nil, 0, err
			}
			resumer = m.(model.Resumer)
		}
		resumer.Resume(state)
	}
	var failed error
	how.Progress = func(p model.Progress) {
		share := float64(p.Epoch) / float64(max(1, p.Epochs))
		r.tell(cost(spec)*share, fmt.Sprintf("%s, epoch %d of %d", what, p.Epoch, p.Epochs))
		f.Epochs = p.Epoch
		if p.Validation > f.Value {
			f.Best, f.Value = p.Epoch, p.Validation
		}
		if resumes && failed == nil && r.ctx.Err() == nil {
			failed = r.kept.saveState(key, f, resumer.State())
		}
	}
	if err = m.Fit(r.ctx, d, how); err == nil {
		err = failed
	}
	if err == nil {
		err = r.ctx.Err() // a fit that was cut short must not pass for a whole one
	}
	if err != nil {
		return nil, 0, err
	}
	r.step(cost(spec), what)
	if resumes && !f.Done {
		f.Done = how.Late == nil || !how.Late()
		return m, f.Best, r.kept.saveState(key, f, resumer.State())
	}
	return m, f.Best, r.kept.saveModel(key, m)
}
