package train

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"souk/attention/train/als"
	"souk/attention/train/latent"
)

const (
	phaseJudge = "judge"
	phaseFinal = "final"
)

// state is how far a training is, after an epoch.
type state struct {
	Key          string
	Phase        string
	Epoch        int
	Users, Items []float32

	// Of the judging, which the final phase keeps for a next rerun:
	Most                 float64
	Since, Best          int
	Curve                []float64
	BestUsers, BestItems []float32
	Judged               *state // in the final phase: the end of the judging

	Tastes *latent.State // of latent regression, in place of all but the first two
}

// work is the file of a training under way. A nil work does nothing.
type work struct {
	path string
	key  string
	had  *state // what was found; nil: nothing
	last *state // the end of the judging
}

// openWork reads the file where it is there and belongs to this training. One
// of another, or that is damaged, is passed over and will be overwritten: it holds nothing that cannot be computed again.
func openWork(path, key string) *work {
	w := &work{path: path, key: key}
	f, err := os.Open(path)
	if err != nil {
		return w
	}
	defer f.Close()
	var s state
	if gob.NewDecoder(f).Decode(&s) == nil && s.Key == key {
		w.had = &s
	}
	return w
}

// resume puts the factors where they were in this phase, and returns the
// state; nil where there is none.
func (w *work) resume(phase string, f *als.Factors) *state {
	if w == nil || w.had == nil {
		return nil
	}
	s := w.had
	if s.Phase == phaseFinal && phase == phaseJudge {
		s = s.Judged
	}
	if s == nil || s.Phase != phase || len(s.Users) != len(f.Users) || len(s.Items) != len(f.Items) {
		return nil
	}
	if phase == phaseJudge {
		w.last = s
	}
	copy(f.Users, s.Users)
	copy(f.Items, s.Items)
	return s
}

// resumeTastes is where a fit of latent regression was stopped in this phase; nil where there is none.
func (w *work) resumeTastes(phase string) *latent.State {
	if w == nil || w.had == nil {
		return nil
	}
	s := w.had
	if s.Phase == phaseTastes && phase == phaseJudgeTastes {
		s = s.Judged
	}
	if s == nil || s.Phase != phase {
		return nil
	}
	if phase == phaseJudgeTastes {
		w.last = s
	}
	return s.Tastes
}

// save writes the state, beside its place first. A disk that is full costs the
// chance to go on later, and not the training: so no error comes back.
func (w *work) save(s state) {
	if w == nil {
		return
	}
	s.Key = w.key
	if s.Phase == phaseJudge || s.Phase == phaseJudgeTastes {
		w.last = &s
	} else {
		s.Judged = w.last
	}
	f, err := os.CreateTemp(filepath.Dir(w.path), filepath.Base(w.path)+".*.tmp")
	if err != nil {
		return
	}
	err = gob.NewEncoder(f).Encode(&s)
	if err == nil {
		err = f.Sync()
	}
	f.Close()
	if err == nil {
		err = os.Rename(f.Name(), w.path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
}

func (w *work) saveFinal(epoch int, f *als.Factors) {
	w.save(state{Phase: phaseFinal, Epoch: epoch, Users: f.Users, Items: f.Items})
}

func (w *work) remove() {
	if w != nil {
		os.Remove(w.path)
	}
}

// fingerprint names the data and the settings: the same name, the same model.
func (t *trainer) fingerprint() string {
	h := sha256.New()
	cfg := t.cfg
	cfg.Work, cfg.Date, cfg.Bootstrap, cfg.Networks = "", "", 0, NetworksAuto
	fmt.Fprintf(h, "%+v %s %d %d\n", cfg, t.cat.Fingerprint(), t.all.Users, t.all.Items)
	var b []byte
	for _, entries := range t.people {
		b = b[:0]
		for _, e := range entries {
			b = binary.LittleEndian.AppendUint32(b, uint32(e.Item))
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(e.Confidence))
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(e.Preference))
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(e.First))
		}
		h.Write(b)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
