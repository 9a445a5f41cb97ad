package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"souk/scene/sound"
)

// track is the sound of a film: mixed by the film's own time, kept as raw
// samples of 16 bits until the pictures are whole. A nil one is silent.
type track struct {
	scape *soundscape
	file  *os.File
	out   *bufio.Writer
	mixed int // samples of each side
	block []float32
}

// newTrack begins the sound of a film. It needs no device.
func newTrack(hour float64) (*track, error) {
	f, err := os.CreateTemp("", "souk-film-*.s16")
	if err != nil {
		return nil, fmt.Errorf("keeping the film's sound: %w", err)
	}
	return &track{scape: recorded(hour), file: f, out: bufio.NewWriterSize(f, 1<<16)}, nil
}

// recorded is a soundscape that someone else than a device mixes.
func recorded(hour float64) *soundscape {
	c := newSoundscape(func(string, ...any) {})
	c.hour = hour
	b := sound.NewBank(1)
	c.mixer.SetBank(b)
	c.bank.Store(b)
	c.off, c.taped = false, true
	return c
}

// until goes on to a moment of the film, seconds.
func (k *track) until(t float64) {
	if k == nil {
		return
	}
	n := int(math.Round(t*sound.Rate)) - k.mixed
	if n <= 0 {
		return
	}
	if cap(k.block) < 2*n {
		k.block = make([]float32, 2*n)
	}
	block := k.block[:2*n]
	k.scape.mixer.Mix(block)
	k.mixed += n
	for _, v := range block {
		s := uint16(int16(math.RoundToEven(32767 * float64(v))))
		_ = k.out.WriteByte(byte(s)) // an error stays until Flush
		_ = k.out.WriteByte(byte(s >> 8))
	}
}

// into puts the sound into a film that is whole; where it cannot, the film stays
// as it is. The samples are gone afterwards.
func (k *track) into(path string) error {
	if k == nil {
		return nil
	}
	defer os.Remove(k.file.Name())
	err := k.out.Flush()
	if e := k.file.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("keeping the film's sound: %w", err)
	}
	ext := filepath.Ext(path)
	part := strings.TrimSuffix(path, ext) + ".sound" + ext
	defer os.Remove(part) // gone already where all went well
	args := []string{"-hide_banner", "-loglevel", "error", "-y", "-i", path, "-f", "s16le", "-ar", fmt.Sprint(sound.Rate), "-ac", "2", "-i", k.file.Name(),
		"-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-b:a", "192k"}
	if ext != ".mkv" {
		args = append(args, "-movflags", "+faststart")
	}
	cmd := exec.Command("ffmpeg", append(args, part)...)
	apart(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("putting the sound into %s: ffmpeg says: %s (%w)", path, tail(out), err)
	}
	return os.Rename(part, path)
}
