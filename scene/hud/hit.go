package hud

import (
	"image"
	"math"
)

// Action is what a click or the keyboard's choice asks for, and of which row
// where there are several: compare [Action.Kind].
type Action int32

// Kind is the action without its row.
func (a Action) Kind() Action { return a & 0xff }

// Row is the row that the action is about: of the list of its screen.
func (a Action) Row() int { return int(a >> 8) }

// Of is the action about a row.
func (a Action) Of(row int) Action { return a&0xff | Action(row)<<8 }

// The actions.
const (
	ActNone Action = iota
	ActLike        // of the item on the card
	ActHide
	ActCart
	ActBuy
	ActCloseCard
	ActPause
	ActErase // confirmed
	ActClosePanel
	ActCloseHelp
	ActConsentNone
	ActConsentLocal
	ActConsentShare
	ActLanguage
	ActChangeConsent
	ActOpen        // a screen: Screen(Row)
	ActCloseScreen // the one shown
	ActHelp
	ActPanel
	ActFreeMouse
	ActFullscreen
	ActTalk
	ActSend // what was typed as chat
	ActQuit
	ActGo     // to the item of a row of the search or the cart
	ActTake   // it into the cart, or out of it
	ActBuyRow // buy one of it
	ActLess   // one less of a line of the cart
	ActMore
	ActRemove
	ActBuyAll
	ActBack     // the setting of a row, to the value before
	ActForward  // and to the next
	ActDistrict // travel to the district of a row
	ActPlace    // travel to the place [HUD.Place] of the map
	actAskErase // shows the question; stays within the display
	actKeep
	actKey // of the keyboard for the gamepad
	actBox // the text of the search
	actZoomIn
	actZoomOut
)

// OpenScreen is the action that shows a screen.
func OpenScreen(s Screen) Action { return ActOpen.Of(int(s)) }

// Nav is a move of the choice.
type Nav uint8

// The moves.
const (
	NavUp Nav = iota + 1
	NavDown
	NavLeft
	NavRight
	NavNext
	NavAccept
	NavErase  // the character before the caret; in a list, the row
	NavDelete // the character behind it
	NavHome
	NavEnd
	NavPageUp
	NavPageDown
)

// hit is a rectangle that can be clicked and chosen.
type hit struct {
	box    rect
	action Action
}

// active is the layer that has the choice: the uppermost open one.
func (h *HUD) active() int {
	switch {
	case h.consent:
		return layerConsent
	case h.helpOn:
		return layerHelp
	case h.screen != ScreenNone:
		return screenLayers[h.screen]
	case h.cardOn && h.last == layerCard:
		return layerCard
	case h.panelOn:
		return layerPanel
	case h.cardOn:
		return layerCard
	}
	return -1
}

// Modal says whether a question or the help covers the market, so that nothing
// else is to be done meanwhile.
func (h *HUD) Modal() bool { return h.consent || h.helpOn }

// Covered says whether anything has the visitor's eyes instead of the market:
// a question, the help or a screen.
func (h *HUD) Covered() bool { return h.Modal() || h.screen != ScreenNone }

// Open says whether anything that can be clicked is open.
func (h *HUD) Open() bool { return h.active() >= 0 }

// Over says whether the point is on a panel, so that the pointer does not look
// at the market there.
func (h *HUD) Over(x, y int) bool {
	if h.Covered() {
		return true
	}
	p := image.Pt(x, y)
	for i := range h.layers {
		if p.In(h.layers[i].solid) {
			return true
		}
	}
	return false
}

// at finds the hit under a point.
func (h *HUD) at(x, y int) Action {
	px, py := float64(x)+0.5, float64(y)+0.5
	for i := layerCount - 1; i >= 0; i-- {
		for k := len(h.layers[i].hits) - 1; k >= 0; k-- { // a button in a row lies over it
			t := &h.layers[i].hits[k]
			if px >= t.box.x && px < t.box.x+t.box.w && py >= t.box.y && py < t.box.y+t.box.h {
				return t.action
			}
		}
		if h.Covered() && i == h.active() {
			return ActNone
		}
	}
	return ActNone
}

// ButtonOf is where the button for an action is, as last drawn; false where
// there is none.
func (h *HUD) ButtonOf(a Action) (image.Rectangle, bool) {
	for i := layerCount - 1; i >= 0; i-- {
		for _, t := range h.layers[i].hits {
			if t.action == a {
				return t.box.image(), true
			}
		}
	}
	return image.Rectangle{}, false
}

// Texts appends all that is written on the display, from the bottom to the top
// and as last drawn: for those who cannot see it, and for tests.
func (h *HUD) Texts(dst []string) []string {
	for i := range h.layers {
		for k := range h.layers[i].ops {
			if o := &h.layers[i].ops[k]; o.kind == opText {
				dst = append(dst, o.text)
			}
		}
	}
	return dst
}

// Hover moves the pointer.
func (h *HUD) Hover(x, y int) {
	a := h.at(x, y)
	if h.screen != ScreenNone && a != ActNone {
		h.pointAt(a)
	}
	if a == h.hover {
		return
	}
	h.touch(h.owner(h.hover), h.owner(a))
	h.hover = a
}

// owner is the layer whose buttons have an action.
func (h *HUD) owner(a Action) int {
	switch k := a.Kind(); {
	case k == actKey && h.chat.typing:
		return layerChat
	case k >= ActOpen && k <= ActPlace || k >= actKey:
		return max(0, h.active())
	}
	switch a {
	case ActLike, ActHide, ActCart, ActBuy, ActCloseCard:
		return layerCard
	case ActPause, ActErase, ActClosePanel, ActChangeConsent, actAskErase, actKeep:
		return layerPanel
	case ActCloseHelp:
		return layerHelp
	case ActConsentNone, ActConsentLocal, ActConsentShare, ActLanguage:
		return layerConsent
	}
	return layerReticle
}

// Click is what a click at a point asks for.
func (h *HUD) Click(x, y int) Action {
	a := h.at(x, y)
	if a == ActPlace {
		h.mapAt(x, y)
	}
	return h.do(a)
}

// Navigate moves the choice, or takes it: then it returns what it asks for.
func (h *HUD) Navigate(n Nav) Action {
	l := h.active()
	if l < 0 {
		return ActNone
	}
	if h.layers[l].stale {
		h.rebuild(l)
	}
	h.touch(l)
	if h.screen != ScreenNone && l == screenLayers[h.screen] {
		return h.do(h.navigateScreen(n))
	}
	hits := h.layers[l].hits
	if len(hits) == 0 || n > NavAccept {
		return ActNone
	}
	if h.focus < 0 || h.focus >= len(hits) {
		h.focus = h.first(hits)
		if n != NavAccept {
			return ActNone
		}
	}
	switch n {
	case NavAccept:
		return h.do(hits[h.focus].action)
	case NavNext:
		h.focus = (h.focus + 1) % len(hits)
	default:
		h.focus = nearest(hits, h.focus, n)
	}
	return ActNone
}

// first is where the choice starts: not on the closing cross where there is
// anything else.
func (h *HUD) first(hits []hit) int {
	for i, t := range hits {
		if t.action != ActCloseCard && t.action != ActClosePanel && t.action != ActLanguage {
			return i
		}
	}
	return 0
}

// nearest is the hit that lies best in a direction from another one.
func nearest(hits []hit, from int, n Nav) int {
	a := hits[from].box
	best, score := from, math.Inf(1)
	for i, t := range hits {
		dx, dy := t.box.x+t.box.w/2-a.x-a.w/2, t.box.y+t.box.h/2-a.y-a.h/2
		var along, aside float64
		switch n {
		case NavUp:
			along, aside = -dy, dx
		case NavDown:
			along, aside = dy, dx
		case NavLeft:
			along, aside = -dx, dy
		case NavRight:
			along, aside = dx, dy
		}
		if along <= 1 {
			continue
		}
		if s := along + 2*math.Abs(aside); s < score {
			best, score = i, s
		}
	}
	return best
}

// do handles what stays within the display.
func (h *HUD) do(a Action) Action {
	switch a {
	case actAskErase, actKeep:
		h.asking = a == actAskErase
		h.focus = -1
		h.touch(layerPanel)
		return ActNone
	case ActErase:
		h.asking = false
		h.focus = -1
		h.touch(layerPanel)
	case ActCloseScreen:
		h.Show(ScreenNone)
	}
	switch a.Kind() {
	case ActOpen:
		h.Show(Screen(a.Row()))
	case actKey:
		return h.strike(a.Row())
	case actBox:
		h.search.place = placeBox
		h.touch(layerSearch)
		return ActNone
	case actZoomIn, actZoomOut:
		h.Zoom(map[Action]int{actZoomIn: 1, actZoomOut: -1}[a.Kind()])
		return ActNone
	}
	return a
}

// opened gives the choice to a layer that was opened or closed.
func (h *HUD) opened(l int, open bool) {
	if open && (l == layerCard || l == layerPanel) {
		h.last = l
		h.Show(ScreenNone)
	}
	h.focus = -1
	h.hover = ActNone
	h.touch(l, layerPanel, layerCard, layerPrompt, layerHints, layerGuide, layerReticle, layerStatus)
}
