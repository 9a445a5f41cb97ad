//go:build cgo

package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// watchEvery is how many frames lie between two questions to the driver about
// errors: each waits for it.
const watchEvery = 120

// watch is an error where the window cannot be drawn in any longer, or the
// graphics card has run out of memory: the visit ends, and is saved. What else OpenGL finds wrong
// is said on the terminal once.
func (v *visitor) watch() error {
	if err := v.win.Lost(); err != nil {
		return err
	}
	if v.numbers.drawn%watchEvery != 0 {
		return nil
	}
	for _, c := range v.win.Complaints() {
		if strings.Contains(c, "out of memory") {
			return fmt.Errorf("drawing the market: %s; choose a lower -quality or a smaller window", c)
		}
		if !v.complained {
			v.complained = true
			v.say("The graphics driver complains, and the market may look wrong: %s.", c)
		}
	}
	return nil
}

// progress is a bar of n steps on the terminal, or nothing where there is none.
func progress(n int64, what string) *progressbar.ProgressBar {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return progressbar.DefaultSilent(n)
	}
	return progressbar.NewOptions64(n, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(what),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
}
