//go:build js

package main

import (
	"syscall/js"

	"souk/scene/console"
)

// main shows the server that the page came from; ?token=… is the operator's
// token. The page's data-state becomes "live" when the first heat is drawn:
// what a test or a watchdog may look at.
func main() {
	body := js.Global().Get("document").Get("body")
	loc := js.Global().Get("location")
	query := js.Global().Get("URLSearchParams").New(loc.Get("search"))
	token := ""
	if t := query.Call("get", "token"); t.Type() == js.TypeString {
		token = t.String()
	}
	opt := console.Options{Notice: func() { body.Get("dataset").Set("state", "live") }}
	if err := show(loc.Get("origin").String(), token, opt, 1280, 720); err != nil {
		body.Get("dataset").Set("state", "failed")
		js.Global().Get("document").Call("getElementById", "note").Set("textContent", "soukview: "+err.Error())
	}
}
