package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// ffmpeg is a film that ffmpeg makes of the pictures on its standard input. It
// is written beside its place and moved there when it is whole, so that an older film of the
// name is only ever replaced by a new one.
type ffmpeg struct {
	path, part string
	cmd        *exec.Cmd
	in         io.WriteCloser
	said       lastLine
	w, h, n    int
	failed     bool
}

// openFFmpeg starts ffmpeg: H.264 where it can, else MPEG-4.
func openFFmpeg(tool, path string, w, h, rate int) (*ffmpeg, error) {
	list, err := exec.Command(tool, "-hide_banner", "-loglevel", "error", "-encoders").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("making the film %s: asking %s what it can: %w: %s", path, tool, err, tail(list))
	}
	codec := []string{"-c:v", "mpeg4", "-q:v", "3"}
	if bytes.Contains(list, []byte(" libx264 ")) {
		codec = []string{"-c:v", "libx264", "-preset", "medium", "-crf", "19"}
	}
	ext := filepath.Ext(path)
	f := &ffmpeg{path: path, part: strings.TrimSuffix(path, ext) + ".part" + ext, w: w, h: h}
	args := append([]string{"-hide_banner", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgba",
		"-s", fmt.Sprintf("%dx%d", w, h), "-framerate", strconv.Itoa(rate), "-i", "-", "-an"}, codec...)
	args = append(args, "-pix_fmt", "yuv420p")
	if ext != ".mkv" {
		args = append(args, "-movflags", "+faststart")
	}
	f.cmd = exec.Command(tool, append(args, f.part)...)
	f.cmd.Stderr = &f.said
	apart(f.cmd) // an interrupt of ours must not end it before the last picture
	if f.in, err = f.cmd.StdinPipe(); err == nil {
		err = f.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("making the film %s: starting %s: %w", path, tool, err)
	}
	return f, nil
}

func (f *ffmpeg) add(img *image.RGBA) error {
	if img.Rect.Dx() != f.w || img.Rect.Dy() != f.h {
		return fmt.Errorf("making the film %s: the window was resized from %d×%d to %d×%d; leave it as it is, or use -hidden", f.path, f.w, f.h, img.Rect.Dx(), img.Rect.Dy())
	}
	for y := range f.h {
		row := img.Pix[y*img.Stride : y*img.Stride+4*f.w]
		if img.Stride == 4*f.w {
			row = img.Pix[:4*f.w*f.h]
		}
		if _, err := f.in.Write(row); err != nil {
			f.failed = true
			_, err = f.close()
			return err
		}
		if len(row) > 4*f.w {
			break // all rows at once
		}
	}
	f.n++
	return nil
}

// close ends ffmpeg's input and waits until the film is whole.
func (f *ffmpeg) close() (string, error) {
	if f.cmd == nil {
		return "", nil
	}
	closed := f.in.Close()
	err := f.cmd.Wait()
	f.cmd = nil
	if err == nil && !f.failed {
		err = closed
	}
	if err == nil && f.failed {
		err = errors.New("it took no more pictures")
	}
	if err == nil && f.n == 0 {
		os.Remove(f.part)
		return "", fmt.Errorf("making the film %s: it ended before its first picture", f.path)
	}
	if err == nil {
		err = os.Rename(f.part, f.path)
	}
	if err != nil {
		os.Remove(f.part)
		if said := f.said.String(); said != "" {
			return "", fmt.Errorf("making the film %s: ffmpeg says: %s (%w)", f.path, said, err)
		}
		return "", fmt.Errorf("making the film %s: ffmpeg: %w", f.path, err)
	}
	return f.path, nil
}

// lastLine keeps the last line that was written to it.
type lastLine struct {
	mu   sync.Mutex
	text []byte
}

func (l *lastLine) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	const most = 4096
	if len(l.text) > most {
		l.text = append(l.text[:0], l.text[len(l.text)-most:]...)
	}
	return len(p), nil
}

func (l *lastLine) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return tail(l.text)
}

// tail is the last line of an output that says something.
func tail(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
