package main

import (
	"errors"
	"flag"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// The pictures a second of a film, and how long one is unless it is said,
// seconds.
const (
	filmRate    = 30
	filmSeconds = 60.0
)

// cameras are the values of -camera.
var cameras = []string{"rails", "shopper"}

// filmOptions are the flags of a film.
type filmOptions struct {
	path   string
	camera string
	rate   int
}

// flags adds the flags of a film.
func (o *filmOptions) flags(f *flag.FlagSet) {
	f.StringVar(&o.path, "film", "", "`FILE` (.mp4, .mov, .mkv) for a film of a walk by the simulated shopper; a folder, or no ffmpeg: numbered pictures. It has sound unless the volume is off")
	f.StringVar(&o.camera, "camera", cameras[0], "who leads a film: rails (past the sights, and over the roofs at the end) or shopper")
	f.IntVar(&o.rate, "rate", filmRate, "pictures a second of a film; its time goes on by them, whatever the clock says")
}

// film fits the other flags to a film: a simulated shopper walks, nothing is
// recorded, nobody is asked.
func (o *options) film() error {
	f := &o.filmed
	if f.path == "" {
		return nil
	}
	switch ext := strings.ToLower(filepath.Ext(f.path)); {
	case !slices.Contains(cameras, f.camera):
		return fmt.Errorf("-camera %q is unknown: give one of %s", f.camera, strings.Join(cameras, ", "))
	case f.rate < 10 || f.rate > 120:
		return fmt.Errorf("-rate %d is no film: give 10 to 120 pictures a second", f.rate)
	case ext != "" && !slices.Contains(filmKinds, ext):
		return fmt.Errorf("-film %s: there is no film of the kind %s; give a name that ends in %s, or a folder for pictures", f.path, ext, strings.Join(filmKinds, ", "))
	case o.width%2 != 0 || o.height%2 != 0:
		return fmt.Errorf("-width %d -height %d cannot be a film: give even numbers", o.width, o.height)
	}
	o.shopper, o.noReticle = true, true
	o.noRecord = o.record == ""
	if o.quality == "" || o.quality == "auto" {
		o.quality = "ultra" // a film's pictures may take their time
	}
	if o.seconds == 0 {
		o.seconds = filmSeconds
	}
	if o.frames == 0 {
		o.frames = int(o.seconds*float64(f.rate) + .5)
	}
	o.seconds = 0
	return nil
}

// filmKinds are the containers that a film can be written to.
var filmKinds = []string{".mp4", ".mov", ".mkv"}

// reel takes the pictures of a film, one after another and all of one size.
type reel interface {
	// add appends a picture.
	add(*image.RGBA) error
	// close finishes the film and returns where it is. After an error of add
	// it says what is left, if anything.
	close() (path string, err error)
}

// openReel begins a film: with ffmpeg where it is on PATH, else as numbered
// pictures in a folder beside it, which note says in a sentence.
func openReel(path string, width, height, rate int) (r reel, note string, err error) {
	ext := strings.ToLower(filepath.Ext(path))
	if ext == "" {
		r, err = openFrames(path)
		return r, "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, "", fmt.Errorf("making the film's folder: %w", err)
	}
	tool, err := exec.LookPath("ffmpeg")
	if err != nil {
		dir := strings.TrimSuffix(path, filepath.Ext(path)) + "-frames"
		r, err = openFrames(dir)
		return r, fmt.Sprintf("There is no ffmpeg on PATH, so the film becomes pictures in %s: install ffmpeg and run it again, or later ffmpeg -framerate %d -i %s %s",
			dir, rate, filepath.Join(dir, frameName), path), err
	}
	r, err = openFFmpeg(tool, path, width, height, rate)
	return r, "", err
}

// frameName is the name of a picture by its number, as ffmpeg has it too.
const frameName = "%05d.png"

// frames is a film as numbered pictures in a folder.
type frames struct {
	dir string
	n   int
}

// openFrames begins a folder of pictures. One that holds pictures of a film
// already is an error: they would be mixed.
func openFrames(dir string) (*frames, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the folder for the film's pictures: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, fmt.Sprintf(frameName, 1))); !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("the folder %s holds the pictures of another film: remove them or name another folder", dir)
	}
	return &frames{dir: dir}, nil
}

func (f *frames) add(img *image.RGBA) error {
	f.n++
	if err := savePicture(filepath.Join(f.dir, fmt.Sprintf(frameName, f.n)), img); err != nil {
		return fmt.Errorf("saving picture %d of the film: %w", f.n, err)
	}
	return nil
}

func (f *frames) close() (string, error) { return f.dir, nil }
