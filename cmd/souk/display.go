package main

import (
	"fmt"
	"math"

	"souk/assets/words"
	"souk/attention/privacy"
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
	presses    []look.Press
	phase      client.Phase
	dirtySigns bool // the language changed

	wantPicture, wantFullscreen bool
}

// newDisplay makes the display for a session.
func newDisplay(s *session, faces *lettering.Faces) *display {
	lang, scale, reticle := s.set.Lang, s.set.Scale, true
	if s.set.Reticle != nil {
		reticle = *s.set.Reticle
	}
	if s.o.lang != "" {
		lang = s.o.lang
	}
	if s.o.scale != 0 {
		scale = s.o.scale
	}
	if lang != "zh" {
		lang = "en"
	}
	d := &display{s: s, promptItem: world.NoItem, refreshT: math.Inf(-1)}
	d.h = hud.New(faces, hud.Options{
		Width: s.o.width, Height: s.o.height, Scale: scale, Lang: lang, NoReticle: s.o.noReticle || !reticle,
		Keys: hud.Keys{
			Card: look.KeyOf(input.CommandCard), Like: look.KeyOf(input.CommandLike), Hide: look.KeyOf(input.CommandHide),
			Cart: look.KeyOf(input.CommandCart), Buy: look.KeyOf(input.CommandBuy), Panel: look.KeyOf(input.CommandPanel),
			Help: look.KeyOf(input.CommandHelp), Pause: look.KeyOf(input.CommandPause),
		},
	})
	d.help()
	d.h.AskConsent(s.mustAsk())
	return d
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
	case d.h.Typing():
		return look.Typing
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
	s.modal = d.h.Modal()
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
		return d.do(d.h.Click(int(x), int(y)))
	}
	d.free = false
	return nil
}

// obey carries out what was pressed.
func (d *display) obey() error {
	d.presses = d.s.hands.Presses(d.presses[:0])
	for _, p := range d.presses {
		var err error
		switch {
		case p.Command != input.CommandNone:
			err = d.command(p.Command)
		case p.Nav != look.NavNone:
			err = d.navigate(p.Nav)
		case p.Extra != look.ExtraNone:
			err = d.extra(p.Extra)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// navigate moves the choice, closes what is open, ends or sends what is typed.
func (d *display) navigate(n look.Nav) error {
	if d.h.Typing() {
		switch n {
		case look.NavErase:
			d.h.TypeErase()
		case look.NavAccept:
			d.send()
		case look.NavBack:
			d.h.Type(false)
		}
		return nil
	}
	moves := map[look.Nav]hud.Nav{look.NavUp: hud.NavUp, look.NavDown: hud.NavDown, look.NavLeft: hud.NavLeft,
		look.NavRight: hud.NavRight, look.NavNext: hud.NavNext, look.NavAccept: hud.NavAccept}
	if m, ok := moves[n]; ok {
		return d.do(d.h.Navigate(m))
	}
	switch {
	case n != look.NavBack || d.h.ConsentOpen() && d.s.mustAsk():
	case d.h.ConsentOpen():
		d.h.AskConsent(false) // the answer stays as it was
	case d.h.HelpOpen():
		d.h.OpenHelp(false)
	case d.h.CardOpen():
		d.closeCard()
	case d.h.PanelOpen():
		d.h.OpenPanel(false)
	default:
		d.free = true
	}
	return nil
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

// command carries out what was asked for by key or button.
func (d *display) command(c input.Command) error {
	s := d.s
	item := s.target()
	switch c {
	case input.CommandCard:
		if s.card != world.NoItem {
			d.closeCard()
			return nil
		}
		d.openCard(item)
		return nil
	case input.CommandPanel:
		d.h.OpenPanel(!d.h.PanelOpen())
		d.refreshT = math.Inf(-1)
		return nil
	case input.CommandHelp:
		d.h.OpenHelp(!d.h.HelpOpen())
		return nil
	case input.CommandPause:
		return d.do(hud.ActPause)
	case input.CommandErase:
		return d.do(hud.ActErase)
	case input.CommandLanguage:
		return d.do(hud.ActLanguage)
	case input.CommandChat:
		d.h.Type(true)
		return nil
	case input.CommandScreenshot:
		d.wantPicture = true
		return nil
	}
	return d.about(c, item)
}

// about carries out a command about an item.
func (d *display) about(c input.Command, item world.ItemIndex) error {
	if item == world.NoItem {
		d.say(notice{kind: noticeLookFirst})
		return nil
	}
	s, e := d.s, d.s.engine
	switch c {
	case input.CommandLike:
		d.say(s.toggle(world.EventLike, world.EventUnlike, e.Liked(item), item))
	case input.CommandHide:
		d.say(s.toggle(world.EventHide, world.EventUnhide, e.Hidden(item), item))
	case input.CommandCart:
		d.say(s.toggle(world.EventCart, world.EventUncart, s.inCart(item), item))
	case input.CommandBuy:
		d.say(s.act(world.EventPurchase, item))
	}
	d.refreshT = math.Inf(-1)
	return nil
}

// extra carries out what is asked of the program itself.
func (d *display) extra(e look.Extra) error {
	switch e {
	case look.ExtraReticle:
		d.h.SetReticle(!d.h.Reticle())
		on := d.h.Reticle()
		d.s.set.Reticle = &on
	case look.ExtraLarger:
		d.h.SetScale(d.h.Scale() + 0.1)
		d.s.set.Scale = d.h.Scale()
	case look.ExtraSmaller:
		d.h.SetScale(d.h.Scale() - 0.1)
		d.s.set.Scale = d.h.Scale()
	case look.ExtraFullscreen:
		d.wantFullscreen = true
		return nil
	}
	return d.s.set.save(d.s.home.settings)
}

// do carries out what a button asks for.
func (d *display) do(a hud.Action) error {
	s := d.s
	switch a {
	case hud.ActLike:
		return d.about(input.CommandLike, s.card)
	case hud.ActHide:
		return d.about(input.CommandHide, s.card)
	case hud.ActCart:
		return d.about(input.CommandCart, s.card)
	case hud.ActBuy:
		return d.about(input.CommandBuy, s.card)
	case hud.ActCloseCard:
		d.closeCard()
	case hud.ActClosePanel:
		d.h.OpenPanel(false)
	case hud.ActCloseHelp:
		d.h.OpenHelp(false)
	case hud.ActPause:
		return d.pause()
	case hud.ActErase:
		s.erase = true
		d.say(notice{kind: noticeErased})
		d.refreshT = math.Inf(-1)
	case hud.ActConsentNone:
		return d.consent(privacy.None)
	case hud.ActConsentLocal:
		return d.consent(privacy.Local)
	case hud.ActConsentShare:
		return d.consent(privacy.Share)
	case hud.ActLanguage:
		return d.language()
	case hud.ActChangeConsent:
		d.h.AskConsent(true)
	}
	return nil
}

// pause stops noticing or goes on; where there is no consent it asks for it.
func (d *display) pause() error {
	if !d.s.tier.Learns() {
		d.h.AskConsent(true)
		return nil
	}
	d.s.paused = !d.s.paused
	d.refreshT = math.Inf(-1)
	if d.s.paused {
		d.say(notice{kind: noticePaused, tone: hud.TonePause})
	} else {
		d.say(notice{kind: noticeResumed})
	}
	return nil
}

// consent takes the answer.
func (d *display) consent(t privacy.Tier) error {
	d.h.AskConsent(false)
	d.refreshT = math.Inf(-1)
	return d.s.setTier(t)
}

// language changes to the other one.
func (d *display) language() error {
	lang := "zh"
	if d.h.Lang() == "zh" {
		lang = "en"
	}
	d.h.SetLang(lang)
	d.help()
	d.s.set.Lang, d.refreshT, d.dirtySigns = lang, math.Inf(-1), true
	d.say(notice{kind: noticeLanguage})
	return d.s.set.save(d.s.home.settings)
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

// refresh brings the display up to date with the session, before it is drawn.
func (d *display) refresh(width, height int) {
	s := d.s
	d.notices = s.told(d.notices[:0])
	for _, n := range d.notices {
		d.say(n)
	}
	d.talk()
	d.attended(width, height)
	if s.shopper != nil {
		d.demonstrate()
	}
	if s.t-d.refreshT < refreshEvery {
		return
	}
	d.refreshT = s.t
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

// source is what attention is measured with now.
func (d *display) source() world.AttentionSource {
	switch {
	case d.s.shopper != nil:
		return world.SourceSimulated
	case d.s.released:
		return world.SourcePointer
	}
	return world.SourceViewCentre
}

// attended shows what is attended to: the reticle, its ring and the line under it.
func (d *display) attended(width, height int) {
	s := d.s
	if s.decision == nil {
		return
	}
	switch {
	case s.shopper != nil && s.gazeOK:
		up := math.Tan(s.lens.FovY / 2)
		x := (1 + s.gaze.X/-s.gaze.Z/(up*s.lens.Aspect)) / 2 * float64(width)
		y := (1 - s.gaze.Y/-s.gaze.Z/up) / 2 * float64(height)
		d.h.SetReticleAt(x, y)
	case s.released && s.pointing:
		d.h.SetReticleAt(d.mouseX, d.mouseY)
	case s.shopper == nil && !s.released:
		d.h.SetReticleAt(-1, -1)
	}
	f := &s.decision.Focus
	if f.Item == world.NoItem || f.Uncertain {
		d.h.SetAttention(hud.Prompt{}, 0)
		d.promptItem = world.NoItem
		return
	}
	if f.Item != d.promptItem || d.h.Lang() != d.promptLang {
		d.promptItem, d.promptLang = f.Item, d.h.Lang()
		it := &s.market.Catalog.Items[f.Item]
		d.prompt = hud.Prompt{Name: it.Name.In(d.promptLang), Price: it.Price.String(), ForYou: s.onPedestal(f.Item)}
	}
	d.h.SetAttention(d.prompt, f.Dwell)
}

// onPedestal says whether an item was chosen for the visitor.
func (s *session) onPedestal(item world.ItemIndex) bool {
	holding := s.engine.Holding()
	for slot := len(holding) - 1; slot >= 0 && s.market.Plan.Slots[slot].Stall < 0; slot-- {
		if holding[slot] == item {
			return true
		}
	}
	return false
}

// cardOf words the card of an item.
func (d *display) cardOf(item world.ItemIndex) hud.Card {
	s := d.s
	chosen := s.onPedestal(item)
	d.reasons = d.reasons[:0]
	if chosen && s.policy != nil {
		d.reasons = s.policy.Explain(d.reasons, item, 6)
	}
	c := hud.CardOf(s.market.Catalog, item, d.reasons, d.h.Lang())
	c.Stock, c.ForYou = s.stockOf(item), chosen
	c.Liked, c.Hidden, c.InCart = s.engine.Liked(item), s.engine.Hidden(item), s.inCart(item)
	return c
}

// panel words what Souk thinks. Before anything was liked or looked at, in this
// visit or in one before, it thinks nothing: what is popular is no taste.
func (d *display) panel() hud.Panel {
	s := d.s
	p := hud.Panel{Source: d.source(), Paused: s.paused, Off: !s.tier.Learns()}
	p.Heard = s.memory.Recent(s.market.Catalog, d.h.Lang(), s.t, 5)
	if s.decision != nil && s.policy != nil && (s.memory.Liked() || s.known) {
		p.Categories, p.Styles, p.Items = hud.TasteOf(s.market.Catalog, s.decision.Ranked, d.h.Lang())
	}
	return p
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

// talk moves chat to the log.
func (d *display) talk() {
	for _, c := range d.s.chats {
		d.h.Said(c.Name, c.Text)
	}
	d.s.chats = d.s.chats[:0]
}

// say shows a notice as a toast.
func (d *display) say(n notice) {
	w := d.words()
	with := map[noticeKind]string{
		noticeLiked: w.LikedToastF, noticeUnliked: w.UnlikedToastF, noticeHidden: w.HiddenToastF, noticeUnhidden: w.UnhiddenToastF,
		noticeCart: w.CartToastF, noticeUncart: w.UncartToastF, noticeBuying: w.BuyingToastF, noticeBought: w.BoughtToastF,
		noticeRefused: w.RefusedToastF, noticeCame: w.CameF, noticePicture: w.PictureToastF,
	}
	plain := map[noticeKind]string{
		noticeErased: w.ErasedToast, noticePaused: w.PausedToast, noticeResumed: w.ResumedToast, noticeLookFirst: w.LookFirst,
		noticeGone: w.ServerGone, noticeBack: w.ServerBack, noticeLanguage: w.LanguageToast, noticeNoChat: w.NoChatAlone,
	}
	if format, ok := with[n.kind]; ok {
		text := n.text
		if text == "" && n.item >= 0 && int(n.item) < len(d.s.market.Catalog.Items) {
			text = d.s.market.Catalog.Items[n.item].Name.In(d.h.Lang())
		}
		d.h.Toast(n.tone, fmt.Sprintf(format, text))
		return
	}
	if text, ok := plain[n.kind]; ok {
		d.h.Toast(n.tone, text)
		return
	}
	if n.text != "" {
		d.h.Toast(n.tone, n.text)
	}
}

// signs calls set for every pedestal that holds something, with the reason for
// its sign: after a profile was restored.
func (s *session) signs(set func(slot world.SlotIndex, item world.ItemIndex, reason rank.Reason)) {
	holding := s.engine.Holding()
	for slot := len(holding) - 1; slot >= 0 && s.market.Plan.Slots[slot].Stall < 0; slot-- {
		if holding[slot] == world.NoItem || s.policy == nil {
			continue
		}
		reason := rank.Reason{Item: world.NoItem}
		if r := s.policy.Explain(nil, holding[slot], 1); len(r) > 0 {
			reason = r[0]
		}
		set(world.SlotIndex(slot), holding[slot], reason)
	}
}
