package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"souk/attention/privacy"
	"souk/world/store"
)

// home is where things are kept: settings, and the place of this visitor,
// which no other running program uses.
type home struct {
	settings string // file
	place    string // folder
	lock     io.Closer
}

// maxPlaces bounds how many visitors one user's machine may run at a time.
const maxPlaces = 16

// openHome claims the first free place under dir ("" is the system's usual
// folders): a second program at the same time is a second visitor.
func openHome(dir string) (*home, error) {
	config, data := dir, dir
	if dir == "" {
		base, err := os.UserConfigDir()
		if err != nil {
			return nil, fmt.Errorf("finding where settings are kept: %w; name a folder with -data", err)
		}
		config = filepath.Join(base, "souk")
		data = config
		if runtime.GOOS == "linux" {
			data = filepath.Join(filepath.Dir(base), ".local", "share", "souk")
			if x := os.Getenv("XDG_DATA_HOME"); x != "" {
				data = filepath.Join(x, "souk")
			}
		}
	}
	h := &home{settings: filepath.Join(config, "settings.json")}
	for i := 1; i <= maxPlaces; i++ {
		place := filepath.Join(data, fmt.Sprintf("visitor-%d", i))
		if err := os.MkdirAll(place, 0o700); err != nil {
			return nil, fmt.Errorf("making the folder %s: %w; name another one with -data", place, err)
		}
		lock, err := store.LockDir(place)
		if errors.Is(err, store.ErrInUse) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("claiming the folder %s: %w; name another one with -data", place, err)
		}
		h.place, h.lock = place, lock
		return h, nil
	}
	return nil, fmt.Errorf("%d visitors are running in %s: close one, or name another folder with -data", maxPlaces, data)
}

// Close lets another program have the place.
func (h *home) Close() error { return h.lock.Close() }

// settings are what is remembered between visits.
type settings struct {
	// Consent is the answer to the question; "" where it was never asked.
	Consent string `json:"consent"`
	preferences
}

// tier is the consent; asked is false where there was no answer yet.
func (s *settings) tier() (tier privacy.Tier, asked bool) {
	tier, err := privacy.ParseTier(s.Consent)
	return tier, err == nil
}

// loadSettings reads the settings. A damaged file is kept aside, and said to
// be in note: then the question is asked again.
func loadSettings(path string) (s settings, note string) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return s, ""
	}
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err == nil && s.Consent != "" {
		_, err = privacy.ParseTier(s.Consent)
	}
	if err != nil {
		return settings{}, fmt.Sprintf("The settings in %s cannot be read (%v); %s, and you are asked anew.", path, err, aside(path))
	}
	return s, ""
}

// save writes the settings.
func (s *settings) save(path string) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err == nil {
		err = writeWhole(path, append(b, '\n'))
	}
	if err != nil {
		return fmt.Errorf("keeping the settings in %s: %w", path, err)
	}
	return nil
}

// aside moves a damaged file out of the way and says where to.
func aside(path string) string {
	to := fmt.Sprintf("%s.damaged-%s", path, time.Now().Format("20060102-150405"))
	if err := os.Rename(path, to); err != nil {
		return fmt.Sprintf("it could not be kept aside (%v)", err)
	}
	return "it was kept as " + to
}

// writeWhole writes a file whole or not at all, readable by its owner alone.
func writeWhole(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already where all went well
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}
