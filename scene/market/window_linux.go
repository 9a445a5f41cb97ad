//go:build cgo && linux

package market

/*
#cgo LDFLAGS: -lX11
#include <X11/Xlib.h>

// Xlib ends the process when its display goes away, before anything can be
// saved. Here it only says so, and every later request returns at once.
static int souk_display_lost;
static int souk_display_quiet(Display *d) { return 0; }
static void souk_display_gone(Display *d, void *data) { souk_display_lost = 1; }
static void souk_display_watch(void *d) {
	if (d == NULL) return;
	XSetIOErrorHandler(souk_display_quiet);
	XSetIOErrorExitHandler((Display*)d, souk_display_gone, NULL);
}
static int souk_display_is_lost(void) { return souk_display_lost; }
*/
import "C"

import (
	"unsafe"

	"github.com/go-gl/glfw/v3.3/glfw"
)

// watchDisplay keeps the process alive when the display goes away.
func watchDisplay() { C.souk_display_watch(unsafe.Pointer(glfw.GetX11Display())) }

func displayLost() bool { return C.souk_display_is_lost() != 0 }
