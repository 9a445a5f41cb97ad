package look

// Key is a key by its place on a US keyboard, numbered as in GLFW.
type Key uint16

// The keys that Souk uses.
const (
	KeySpace      Key = 32
	KeyMinus      Key = 45
	KeySlash      Key = 47
	KeyEqual      Key = 61
	KeyA          Key = 'A'
	KeyB          Key = 'B'
	KeyC          Key = 'C'
	KeyD          Key = 'D'
	KeyE          Key = 'E'
	KeyG          Key = 'G'
	KeyH          Key = 'H'
	KeyL          Key = 'L'
	KeyM          Key = 'M'
	KeyO          Key = 'O'
	KeyP          Key = 'P'
	KeyR          Key = 'R'
	KeyS          Key = 'S'
	KeyT          Key = 'T'
	KeyV          Key = 'V'
	KeyW          Key = 'W'
	KeyEscape     Key = 256
	KeyEnter      Key = 257
	KeyTab        Key = 258
	KeyBackspace  Key = 259
	KeyDelete     Key = 261
	KeyRight      Key = 262
	KeyLeft       Key = 263
	KeyDown       Key = 264
	KeyUp         Key = 265
	KeyPageUp     Key = 266
	KeyPageDown   Key = 267
	KeyHome       Key = 268
	KeyEnd        Key = 269
	KeyF1         Key = 290
	KeyF2         Key = 291
	KeyF10        Key = 299
	KeyF11        Key = 300
	KeyF12        Key = 301
	KeyKPEnter    Key = 335
	KeyLeftShift  Key = 340
	KeyLeftCtrl   Key = 341
	KeyRightShift Key = 344
	KeyRightCtrl  Key = 345
)

// PadButton is a button of a gamepad, numbered as in GLFW's gamepad mapping
// (the names are those of the most common pad).
type PadButton uint8

// The buttons.
const (
	PadA PadButton = iota
	PadB
	PadX
	PadY
	PadLeftBumper
	PadRightBumper
	PadBack
	PadStart
	PadGuide
	PadLeftThumb
	PadRightThumb
	PadUp
	PadRight
	PadDown
	PadLeft
	// The triggers, which GLFW has as axes.
	PadLeftTrigger
	PadRightTrigger
	// PadButtons is how many there are.
	PadButtons
)
