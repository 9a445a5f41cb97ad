package main

import (
	"math"
	"strings"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/assets/words"
	"souk/attention/rank"
	"souk/input"
	"souk/input/look"
	"souk/scene/hud"
	"souk/scene/lettering"
	"souk/world"
	"souk/world/client"
)

// refreshEvery is how often the panels are worded anew, seconds; pointerRest
// is for how long a mouse that rests still points, seconds: a hand that lies
// still says nothing about the eyes.
const (
	refreshEvery = 0.25
	pointerRest  = 2.0
	hintsFor     = 45.0
	cardFor      = 5.0 // a simulated shopper's card stays open
	panelFor     = 4.0 // and the panel, before a picture
	// paintBudget is how many pixels of the display a frame paints, about: some 1 ms.
	paintBudget  = 40_000
	pictureEvery = 15.0
)

// display is what lies over the market, and what it asks for.
type display struct {
	s *session
	h *hud.HUD

	free       bool // the mouse was let go by Esc
	mouseX     float64
	mouseY     float64
	mouseT     float64 // when it last moved
	refreshT   float64
	prompt     hud.Prompt
	promptItem world.ItemIndex
	promptLang string
	reasons    []rank.Reason
	notices    []notice
	phase      client.Phase
	dirtySigns bool // the language changed

	prefs    preferences // of this visit
	reticle  string      // its look while it is off
	find     finder
	marks    hud.Marks
	sought   world.ItemIndex // looked for; NoItem is nothing
	pathTo   world.SlotIndex // where the way on the map leads,
	pathFrom r3.Vec          // and from where it was sought
	lineBuffers
	comfort   comfort
	scape     *soundscape   // nil makes no sound
	clipboard func() string // what was copied elsewhere; nil where there is no such thing

	wantPicture, wantFullscreen, wantQuit bool
}

// newDisplay makes the display for a session.
func newDisplay(s *session, faces *lettering.Faces) *display {
	d := &display{s: s, promptItem: world.NoItem, refreshT: math.Inf(-1), prefs: preferred(s.set.preferences, &s.o), reticle: "usual", sought: world.NoItem, pathTo: world.NoSlot}
	keys, buttons := named()
	d.h = hud.New(faces, hud.Options{Width: s.o.width, Height: s.o.height, Scale: d.prefs.Scale, Lang: d.prefs.Lang, Keys: keys, Buttons: buttons})
	d.h.SetMap(s.market.Plan)
	d.h.SetBudget(paintBudget)
	d.help()
	d.apply()
	d.h.AskConsent(s.mustAsk())
	return d
}

// named are the keys and the gamepad's buttons that the display mentions, as
// the table of controls writes them.
func named() (keys, buttons hud.Keys) {
	for _, n := range [...]struct {
		p           look.Press
		key, button *string
	}{
		{look.Press{Command: input.CommandCard}, &keys.Card, &buttons.Card}, {look.Press{Command: input.CommandLike}, &keys.Like, &buttons.Like},
		{look.Press{Command: input.CommandHide}, &keys.Hide, &buttons.Hide}, {look.Press{Command: input.CommandCart}, &keys.Cart, &buttons.Cart},
		{look.Press{Command: input.CommandBuy}, &keys.Buy, &buttons.Buy}, {look.Press{Command: input.CommandPanel}, &keys.Panel, &buttons.Panel},
		{look.Press{Command: input.CommandHelp}, &keys.Help, &buttons.Help}, {look.Press{Command: input.CommandPause}, &keys.Pause, &buttons.Pause},
		{look.Press{Command: input.CommandSearch}, &keys.Search, &buttons.Search}, {look.Press{Command: input.CommandShowCart}, &keys.ShowCart, &buttons.ShowCart},
		{look.Press{Command: input.CommandMap}, &keys.Map, &buttons.Map}, {look.Press{Command: input.CommandSettings}, &keys.Settings, &buttons.Settings},
		{look.Press{Command: input.CommandMenu}, &keys.Menu, &buttons.Menu}, {look.Press{Command: input.CommandChat}, &keys.Talk, &buttons.Talk}, {look.Press{Extra: look.ExtraFullscreen}, &keys.Fullscreen, &buttons.Fullscreen},
	} {
		*n.key, *n.button = look.Names(n.p)
		if len(*n.button) > len("D-pad ↑") { // a sentence is no name for a button
			*n.button = ""
		}
	}
	keys.Menu, _, _ = strings.Cut(keys.Menu, " ")
	return keys, buttons
}

// help words the table of controls.
func (d *display) help() {
	var rows []hud.HelpRow
	for _, b := range look.Bindings() {
		rows = append(rows, hud.HelpRow{Keys: b.Keys, Pad: b.Pad, What: b.What.In(d.h.Lang())})
	}
	d.h.SetHelp(rows)
}

// words are the texts of the language.
func (d *display) words() *words.Words { return words.In(d.h.Lang()) }

// mode says what keys and mouse are for.
func (d *display) mode() look.Mode {
	switch {
	case d.h.Modal():
		return look.Modal
	case d.h.Writing():
		return look.Typing
	case d.h.Screen() != hud.ScreenNone:
		return look.Choosing
	case d.h.Open() || d.free:
		return look.Pointing
	}
	return look.Walking
}

// before prepares a step: who has the mouse, and where it points.
func (d *display) before(width, height int) {
	s := d.s
	mode := d.mode()
	s.hands.SetMode(mode)
	s.modal = d.h.Covered()
	s.released = mode != look.Walking
	s.pointing = false
	if s.released && s.t-d.mouseT <= pointerRest && !d.h.Over(int(d.mouseX), int(d.mouseY)) {
		s.pointer, s.pointing = [2]float64{2*d.mouseX/float64(width) - 1, 1 - 2*d.mouseY/float64(height)}, true
	}
}

// mouse moves the pointer.
func (d *display) mouse(x, y float64) {
	d.mouseX, d.mouseY, d.mouseT = x, y, d.s.t
	if d.s.released {
		d.h.Hover(int(x), int(y))
	}
}

// click is the left button: on a panel it does what is there; on the market it
// catches a mouse that was let go.
func (d *display) click(x, y float64) error {
	if !d.s.released {
		return nil
	}
	if d.h.Over(int(x), int(y)) {
		d.h.SetPad(false)
		return d.do(d.h.Click(int(x), int(y)))
	}
	d.free = false
	return nil
}

// obey carries out what was pressed. What a press means hangs on what the one
// before it opened.
func (d *display) obey() error {
	for {
		d.s.hands.SetMode(d.mode())
		p, ok := d.s.hands.Next()
		if !ok {
			d.seek()
			return nil
		}
		d.h.SetPad(p.Pad)
		var err error
		switch {
		case p.Rune != 0:
			d.h.TypeRune(p.Rune)
			d.seek()
		case p.Command != input.CommandNone:
			err = d.command(p.Command)
		case p.Nav != look.NavNone:
			err = d.navigate(p)
		case p.Extra != look.ExtraNone:
			err = d.extra(p.Extra)
		}
		if err != nil {
			return err
		}
	}
}

// moves are the hands' moves as the display's.
var moves = map[look.Nav]hud.Nav{look.NavUp: hud.NavUp, look.NavDown: hud.NavDown, look.NavLeft: hud.NavLeft, look.NavRight: hud.NavRight,
	look.NavNext: hud.NavNext, look.NavAccept: hud.NavAccept, look.NavErase: hud.NavErase, look.NavDelete: hud.NavDelete,
	look.NavHome: hud.NavHome, look.NavEnd: hud.NavEnd, look.NavPageUp: hud.NavPageUp, look.NavPageDown: hud.NavPageDown}

// navigate moves the choice or the caret, closes what is open, ends or sends
// what is typed.
func (d *display) navigate(p look.Press) error {
	switch {
	case p.Nav == look.NavPaste:
		d.paste()
	case p.Nav == look.NavBack:
		d.back(p.Pad)
	case d.h.Typing() && p.Pad:
		return d.do(d.h.Keys(moves[p.Nav]))
	case d.h.Typing() && p.Nav == look.NavAccept:
		d.send()
	case d.h.Typing():
		d.h.Edit(moves[p.Nav])
	default:
		err := d.do(d.h.Navigate(moves[p.Nav]))
		d.seek()
		return err
	}
	return nil
}

// back closes the innermost thing that is open; where nothing is, Esc opens
// the menu.
func (d *display) back(pad bool) {
	switch {
	case d.h.ConsentOpen() && d.s.mustAsk():
	case d.h.ConsentOpen():
		d.h.AskConsent(false) // the answer stays as it was
	case d.h.HelpOpen():
		d.h.OpenHelp(false)
	case d.h.Typing():
		d.h.Type(false)
	case d.h.Screen() != hud.ScreenNone:
		d.h.Back()
	case d.h.CardOpen():
		d.closeCard()
	case d.h.PanelOpen():
		d.h.OpenPanel(false)
	case !pad:
		d.open(hud.ScreenMenu)
	}
}

// paste types what was copied elsewhere, the first line of it.
func (d *display) paste() {
	if d.clipboard == nil {
		return
	}
	for _, r := range d.clipboard() {
		if r == '\n' || r == '\r' {
			break
		}
		d.h.TypeRune(r)
	}
	d.seek()
}

// send says what was typed.
func (d *display) send() {
	text := d.h.Draft()
	d.h.Type(false)
	if text == "" {
		return
	}
	if d.s.net.cli == nil {
		d.say(notice{kind: noticeNoChat, tone: hud.ToneWarn})
		return
	}
	if err := d.s.net.cli.Chat(text); err != nil {
		d.say(notice{kind: noticeText, tone: hud.ToneWarn, text: err.Error()})
	}
}

// openCard opens the card of an item: that, too, is something done on purpose.
func (d *display) openCard(item world.ItemIndex) {
	if item == world.NoItem {
		d.say(notice{kind: noticeLookFirst})
		return
	}
	d.s.card = item
	d.s.act(world.EventOpen, item)
	d.h.ShowCard(d.cardOf(item))
}

// closeCard closes the card.
func (d *display) closeCard() {
	d.s.card = world.NoItem
	d.h.CloseCard()
}

// wheel turns the mouse's wheel by notches, up positive.
func (d *display) wheel(notches float64) {
	d.h.Scroll(notches, int(d.mouseX), int(d.mouseY))
}

// sounds tells of the sounds of what happened by itself.
func (d *display) sounds() {
	s := d.s
	if s.placed {
		s.placed = false
		d.sound(hud.CuePlaced, "")
	}
	if s.journey.arrived {
		s.journey.arrived = false
		d.sound(hud.CueArrived, "")
	}
	if s.cartChanged {
		s.cartChanged, d.find.stale = false, true
		d.refreshT = math.Inf(-1)
	}
}

// refresh brings the display up to date with the session, before it is drawn.
func (d *display) refresh(width, height int) {
	s := d.s
	d.notices = s.told(d.notices[:0])
	for _, n := range d.notices {
		d.say(n)
	}
	d.talk()
	d.sounds()
	d.seek()
	d.attended(width, height)
	if s.shopper != nil {
		d.demonstrate()
	}
	if s.t-d.refreshT < refreshEvery {
		return
	}
	d.refreshT = s.t
	d.screens()
	d.h.SetHints(s.t-s.began < hintsFor || d.free)
	d.h.SetStatus(d.status())
	if s.card != world.NoItem {
		d.h.ShowCard(d.cardOf(s.card))
	}
	if d.h.PanelOpen() {
		d.h.SetPanel(d.panel())
	}
}

// demonstrate shows what a person would open, while a simulated shopper walks:
// the card that it opened, and the panel now and then.
func (d *display) demonstrate() {
	s := d.s
	if show := s.opened != world.NoItem && s.t-s.openedT < cardFor; show && s.card != s.opened {
		s.card = s.opened
		d.h.ShowCard(d.cardOf(s.card))
	} else if !show && s.card != world.NoItem {
		d.closeCard()
	}
	at := math.Mod(s.t-s.began, 2*pictureEvery)
	d.h.OpenPanel(s.card == world.NoItem && at > pictureEvery-panelFor && at < pictureEvery+1)
}

// status words the line at the top, and says when the connection is lost.
func (d *display) status() hud.Status {
	s := d.s
	st := hud.Status{
		People: len(s.others()), Recording: s.rec != nil, Noticing: s.tier.Learns() && !s.modal, Paused: s.paused && s.tier.Learns(), Source: d.source(),
	}
	if s.net.cli == nil {
		return st
	}
	state := s.net.cli.State()
	switch state.Phase {
	case client.Connecting:
		st.Link = hud.LinkConnecting
	case client.Online:
		st.Link = hud.LinkOnline
	default:
		st.Link = hud.LinkOffline
	}
	if state.Phase != d.phase {
		switch {
		case state.Phase == client.Offline && d.phase == client.Online:
			d.say(notice{kind: noticeGone, tone: hud.ToneWarn})
		case state.Phase == client.Online && d.phase == client.Offline:
			d.say(notice{kind: noticeBack})
		case state.Phase == client.Refused:
			d.say(notice{kind: noticeText, tone: hud.ToneWarn, text: state.Problem})
		}
		if state.Problem != "" {
			s.say("%s", state.Problem)
		}
		d.phase = state.Phase
	}
	return st
}
