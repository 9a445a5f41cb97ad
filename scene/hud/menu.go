package hud

import (
	"math"

	"souk/assets/words"
)

// menuEntry is a line of the menu.
type menuEntry struct {
	action Action
	sign   iconID
	label  func(*words.Words) string
	key    func(*Keys) string
}

// menuEntries is the way to everything, for every hand.
var menuEntries = []menuEntry{
	{ActCloseScreen, iconPlay, func(w *words.Words) string { return w.ResumeWalk }, nil},
	{OpenScreen(ScreenSearch), iconSearch, func(w *words.Words) string { return w.Search }, func(k *Keys) string { return k.Search }},
	{OpenScreen(ScreenCart), iconCart, func(w *words.Words) string { return w.Cart }, func(k *Keys) string { return k.ShowCart }},
	{OpenScreen(ScreenMap), iconMap, func(w *words.Words) string { return w.Map }, func(k *Keys) string { return k.Map }},
	{ActPanel, iconSpark, func(w *words.Words) string { return w.PanelTitle }, func(k *Keys) string { return k.Panel }},
	{OpenScreen(ScreenSettings), iconGear, func(w *words.Words) string { return w.Settings }, func(k *Keys) string { return k.Settings }},
	{ActTalk, iconTalk, func(w *words.Words) string { return w.Talk }, func(k *Keys) string { return k.Talk }},
	{ActChangeConsent, iconEye, func(w *words.Words) string { return w.Change }, nil},
	{ActHelp, iconKeyboard, func(w *words.Words) string { return w.HelpTitle }, func(k *Keys) string { return k.Help }},
	{ActFullscreen, iconScreen, func(w *words.Words) string { return w.FullScreen }, func(k *Keys) string { return k.Fullscreen }},
	{ActFreeMouse, iconMouse, func(w *words.Words) string { return w.FreeMouse }, nil},
	{ActQuit, iconExit, func(w *words.Words) string { return w.Quit }, nil},
}

// menuRow is the row of an action in the menu, −1 where it has none.
func menuRow(a Action) int {
	for i := range menuEntries {
		if menuEntries[i].action == a {
			return i
		}
	}
	return -1
}

// buildMenu lays the menu out in the middle.
func (h *HUD) buildMenu(b *builder) {
	h.menu.n = len(menuEntries)
	if h.screen != ScreenMenu {
		return
	}
	const rowH = 48.0
	b.fit(b.height-2*margin*b.u, func() float64 { return (68+18)*b.u + rowH*b.u*float64(len(menuEntries)) })
	u := b.u
	width := math.Min(460*u, b.width-2*margin*u)
	box := rect{(b.width - width) / 2, 0, width, (68+18)*u + rowH*u*float64(len(menuEntries))}
	box.y = math.Max(0, math.Round((b.height-box.h)/2))
	b.panel(box)
	y := b.header(box, iconMenu, b.w.Menu)
	for i := range menuEntries {
		e := &menuEntries[i]
		r := rect{box.x + 12*u, y + float64(i)*rowH*u, box.w - 24*u, (rowH - 4) * u}
		b.row(r, e.action, i == h.menu.sel)
		b.icon(e.sign, r.x+18*u, r.y+(r.h-22*u)/2, 22*u, colText)
		room := r.w - 70*u
		if e.key != nil && e.key(&h.keys) != "" {
			k := e.key(&h.keys)
			kw := math.Max(22*u, b.measure(styleKey, k)+12*u)
			b.key(r.x+r.w-14*u-kw, r.y+r.h/2, k, colMuted)
			room -= kw + 14*u
		}
		label := e.label(b.w)
		b.text(r.x+54*u, r.y, r.h, room, b.squeeze(styleLabel, room, label), colText, label)
	}
}
