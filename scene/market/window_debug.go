//go:build cgo

package market

import (
	"fmt"
	"strings"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
	"github.com/go-gl/glfw/v3.3/glfw"
)

// mostComplaints bounds what is kept of a driver that complains every frame.
const mostComplaints = 64

// Complaints is what OpenGL has called an error or undefined behaviour since
// the last call, oldest first; empty where all is well. A window opened with
// Debug gets them in the driver's own words (KHR_debug) where the driver has
// them, and every window the code of an error that is pending.
func (w *Window) Complaints() []string {
	all := w.complaints
	w.complaints = nil
	if err := check("since the last look"); err != nil {
		all = append(all, err.Error())
	}
	return all
}

// Explains says whether the driver words its complaints: see [Window.Complaints].
func (w *Window) Explains() bool { return w.explains }

// debug asks the driver to say what it finds wrong at the call that is wrong.
func (w *Window) debug() {
	if !glfw.ExtensionSupported("GL_KHR_debug") {
		return
	}
	w.explains = true
	gl.Enable(gl.DEBUG_OUTPUT)
	gl.Enable(gl.DEBUG_OUTPUT_SYNCHRONOUS)
	gl.DebugMessageCallback(func(_, kind, _, _ uint32, _ int32, message string, _ unsafe.Pointer) {
		if kind != gl.DEBUG_TYPE_ERROR && kind != gl.DEBUG_TYPE_UNDEFINED_BEHAVIOR || len(w.complaints) >= mostComplaints {
			return
		}
		w.complaints = append(w.complaints, strings.Join(strings.Fields(message), " "))
	}, nil)
}

// Lost is nil while the window can be drawn in. Afterwards it is why it cannot,
// in one sentence: the display went away, or the graphics card was reset and
// forgot everything. Nothing can be drawn in the window from then on; what is to be saved,
// still can be. It is cheap enough to be asked once a frame.
func (w *Window) Lost() error {
	if displayLost() {
		return fmt.Errorf("draw in the window: the display went away; start one and open the market again")
	}
	if w.resets == nil || w.win == nil {
		return nil
	}
	switch w.resets() {
	case gl.NO_ERROR:
		return nil
	case gl.GUILTY_CONTEXT_RESET:
		return fmt.Errorf("draw in the window: the graphics card was reset while it drew the market; open it again, with a lower -quality")
	default:
		return fmt.Errorf("draw in the window: the graphics card was reset; open the market again")
	}
}

// watch finds out how the driver says that it forgot everything.
func (w *Window) watch() {
	switch {
	case glfw.ExtensionSupported("GL_KHR_robustness"):
		w.resets = gl.GetGraphicsResetStatus
	case glfw.ExtensionSupported("GL_ARB_robustness"):
		w.resets = gl.GetGraphicsResetStatusARB
	}
}
