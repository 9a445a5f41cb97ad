//go:build cgo && linux && !android

package speaker

// #cgo pkg-config: alsa
// #include <alsa/asoundlib.h>
// static void quiet(const char *file, int line, const char *function, int err, const char *fmt, ...) {}
// static void hush(void) { snd_lib_error_set_handler(quiet); }
import "C"

// hush lets ALSA keep to itself what it writes to standard error: a page of it
// where there is no device, a line wherever a frame took long. What matters
// comes back as an error.
func hush() { C.hush() }
