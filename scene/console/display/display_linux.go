// Package display ends the program with one sentence where there is no
// display, before Ebitengine looks for one: its own initialisation panics.
//
// It must be initialised before Ebitengine, which Go does as long as it imports
// syscall alone: of the packages that are ready, the first in order of import
// paths comes first, and Ebitengine waits for packages that sort after this one.
package display

import "syscall"

func init() {
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY"} {
		if v, ok := syscall.Getenv(name); ok && v != "" {
			return
		}
	}
	const sentence = "soukview: there is no display here: start it where there is one, or open the server's /console/ in a browser\n"
	syscall.Write(2, []byte(sentence)) //nolint:errcheck // there is nobody left to tell
	syscall.Exit(1)
}
