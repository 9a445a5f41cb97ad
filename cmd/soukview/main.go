// Command soukview is the operator's console: the market's floor from above
// with the people on it and a live heat map of attention. It runs in a window
// and, built for WebAssembly, in a browser, where soukd serves it at /console/.
//
// Read [feed.run] to see where the news comes from, and scene/console for what is drawn.
package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hajimehoshi/ebiten/v2"

	"souk/scene/console"
)

// show runs the console until it is closed.
func show(server, token string, opt console.Options, w, h int) error {
	f, err := newFeed(server, token)
	if err != nil {
		return err
	}
	defer f.close()
	c, err := console.New(f, opt)
	if err != nil {
		return err
	}
	ebiten.SetWindowTitle("Souk · operator's console")
	ebiten.SetWindowSize(w, h)
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	ebiten.SetRunnableOnUnfocused(true)
	if err := ebiten.RunGame(c); err != nil && !errors.Is(err, ebiten.Termination) {
		if s := err.Error(); strings.Contains(s, "DISPLAY") || strings.Contains(s, "X11") || strings.Contains(s, "display") {
			return fmt.Errorf("opening the window: %w: start it where there is a display, or open the server's /console/ in a browser", err)
		}
		return fmt.Errorf("showing the console: %w", err)
	}
	return nil
}
