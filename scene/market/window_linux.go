//go:build cgo && linux

package market

/*
#cgo LDFLAGS: -lX11
#include <poll.h>
#include <X11/Xlib.h>

// Xlib ends the process when its display goes away, before anything can be
// saved. Here it only says so, and every later request returns at once.
static int souk_display_lost;
static int souk_display_fd = -1;
static int souk_display_quiet(Display *d) { return 0; }
static void souk_display_gone(Display *d, void *data) { souk_display_lost = 1; }
static void souk_display_watch(void *d) {
	if (d == NULL) return;
	souk_display_fd = ConnectionNumber((Display*)d);
	XSetIOErrorHandler(souk_display_quiet);
	XSetIOErrorExitHandler((Display*)d, souk_display_gone, NULL);
}
// The connection is looked at before it is used: Mesa's software driver takes
// an answer that did not come for a size, and writes beside its buffers.
static int souk_display_is_lost(void) {
	if (!souk_display_lost && souk_display_fd >= 0) {
		struct pollfd p = { souk_display_fd, 0, 0 };
		if (poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR | POLLNVAL))) souk_display_lost = 1;
	}
	return souk_display_lost;
}
*/
import "C"

import (
	"unsafe"

	"github.com/go-gl/glfw/v3.3/glfw"
)

// watchDisplay keeps the process alive when the display goes away.
func watchDisplay() { C.souk_display_watch(unsafe.Pointer(glfw.GetX11Display())) }

func displayLost() bool { return C.souk_display_is_lost() != 0 }
