//go:build cgo && !linux

package market

// Elsewhere the display cannot go away under a running program.
func watchDisplay() {}

func displayLost() bool { return false }
