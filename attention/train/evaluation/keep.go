package evaluation

import (
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"souk/attention/train/model"
	"souk/attention/train/sequence"
)

// version of what is kept: raised where the same settings give another result.
const version = 2

// kept is a folder of results by name; a nil one keeps nothing.
type kept struct {
	folder      string
	fingerprint string
}

func openKept(folder string, s *sequence.Set) (*kept, error) {
	k := &kept{folder: folder, fingerprint: fingerprint(s)}
	if folder == "" {
		return k, nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("evaluation: the folder for results: %w", err)
	}
	return k, nil
}

// fingerprint is the same for the same sequences, by number and time.
func fingerprint(s *sequence.Set) string {
	h := sha256.New()
	var b []byte
	put := func(v uint64) { b = binary.LittleEndian.AppendUint64(b, v) }
	put(uint64(len(s.Items)))
	if s.NoTest {
		put(math.MaxUint64)
	}
	for u, q := range s.Sequences {
		put(uint64(len(q)))
		for i, item := range q {
			put(uint64(item))
			if s.Times != nil {
				put(math.Float64bits(s.Times[u][i]))
			}
		}
		h.Write(b) //nolint:errcheck // a hash cannot fail
		b = b[:0]
	}
	return hex.EncodeToString(h.Sum(b))
}

// key names a result by all that it depends on.
func (r *run) key(kind, name string, of ...any) string {
	text, err := json.Marshal([]any{version, r.kept.fingerprint, kind, name, of})
	if err != nil {
		return "" // settings are finite numbers, checked before; a result without a name is not kept
	}
	sum := sha256.Sum256(text)
	return fmt.Sprintf("%s-%s-%s", kind, name, hex.EncodeToString(sum[:8]))
}

// whole are all settings of a model, the defaults too: a result is not taken
// any more when a default has changed.
func whole(spec model.Spec, set model.Settings) model.Settings {
	out := model.Settings{}
	for _, p := range spec.Parameters {
		out[p.Name] = spec.Value(set, p.Name)
	}
	return out
}

// load reads a result; a file that is cut or of another form is as if it were not there.
func (k *kept) load(key string, into any) bool {
	if k.folder == "" || key == "" {
		return false
	}
	text, err := os.ReadFile(filepath.Join(k.folder, key+".json"))
	return err == nil && json.Unmarshal(text, into) == nil
}

func (k *kept) outcome(key string) (outcome, bool) {
	var o outcome
	ok := k.load(key, &o)
	return o, ok && len(o.Places) > 0
}

func (k *kept) save(key string, v any) error {
	if k.folder == "" || key == "" {
		return nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("evaluation: %s: %w", key, err)
	}
	return k.write(key+".json", text)
}

// write writes beside the place and renames, so that a crash leaves no half of a result.
func (k *kept) write(name string, bytes []byte) error {
	f, err := os.CreateTemp(k.folder, ".result-*")
	if err != nil {
		return fmt.Errorf("evaluation: %w", err)
	}
	_, err = f.Write(bytes)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(k.folder, name))
	}
	if err != nil {
		os.Remove(f.Name()) //nolint:errcheck // what could not be written goes
		return fmt.Errorf("evaluation: writing %s: %w", filepath.Join(k.folder, name), err)
	}
	return nil
}

// loadModel reads a fitted model back, where its kind can be written at all.
func (k *kept) loadModel(key string, m any) bool {
	r, ok := m.(encoding.BinaryUnmarshaler)
	if !ok || k.folder == "" {
		return false
	}
	bytes, err := os.ReadFile(filepath.Join(k.folder, key+".bin"))
	if errors.Is(err, fs.ErrNotExist) || err != nil || len(bytes) < sha256.Size {
		return false
	}
	body := bytes[sha256.Size:]
	sum := sha256.Sum256(body)
	return string(sum[:]) == string(bytes[:sha256.Size]) && r.UnmarshalBinary(body) == nil
}

// saveModel keeps a fitted model behind its checksum, where its kind can be written.
func (k *kept) saveModel(key string, m any) error {
	w, ok := m.(encoding.BinaryMarshaler)
	if !ok || k.folder == "" {
		return nil
	}
	body, err := w.MarshalBinary()
	if err != nil {
		return fmt.Errorf("evaluation: %s: %w", key, err)
	}
	sum := sha256.Sum256(body)
	return k.write(key+".bin", append(sum[:], body...))
}

// bytes reads a file of the folder; nil where there is none.
func (k *kept) bytes(name string) []byte {
	if k.folder == "" {
		return nil
	}
	b, err := os.ReadFile(filepath.Join(k.folder, name))
	if err != nil {
		return nil
	}
	return b
}

// saveState keeps a fit under way: the state first, so that a crash between the
// two files leaves a state that is an epoch ahead of what is said of it, never behind.
func (k *kept) saveState(key string, f fitted, state []byte) error {
	if k.folder == "" || key == "" || len(state) == 0 {
		return nil
	}
	if err := k.write(key+".state", state); err != nil {
		return err
	}
	return k.save(key, f)
}
