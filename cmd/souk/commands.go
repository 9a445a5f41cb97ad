package main

import (
	"math"

	"souk/attention/privacy"
	"souk/input"
	"souk/input/look"
	"souk/scene/hud"
	"souk/world"
)

// command carries out what was asked for by key or button.
func (d *display) command(c input.Command) error {
	if done, err := d.onScreen(c); done {
		return err
	}
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
		return d.do(hud.ActPanel)
	case input.CommandSearch:
		d.open(hud.ScreenSearch)
		return nil
	case input.CommandShowCart:
		d.open(hud.ScreenCart)
		return nil
	case input.CommandMap:
		d.open(hud.ScreenMap)
		return nil
	case input.CommandSettings:
		d.open(hud.ScreenSettings)
		return nil
	case input.CommandMenu:
		d.open(hud.ScreenMenu)
		return nil
	case input.CommandQuit:
		d.wantQuit = true
		return nil
	case input.CommandHelp:
		return d.do(hud.ActHelp)
	case input.CommandPause:
		return d.do(hud.ActPause)
	case input.CommandErase:
		return d.do(hud.ActErase)
	case input.CommandLanguage:
		return d.do(hud.ActLanguage)
	case input.CommandChat:
		return d.do(hud.ActTalk)
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
	d.refreshT, d.find.stale = math.Inf(-1), true
	return nil
}

// extra carries out what is asked of the program itself.
func (d *display) extra(e look.Extra) error {
	switch e {
	case look.ExtraReticle:
		if d.prefs.Reticle == "off" {
			d.prefs.Reticle = d.reticle
		} else {
			d.reticle, d.prefs.Reticle = d.prefs.Reticle, "off"
		}
		d.s.set.Reticle = d.prefs.Reticle
	case look.ExtraLarger, look.ExtraSmaller:
		by := 0.1
		if e == look.ExtraSmaller {
			by = -by
		}
		d.prefs.Scale = math.Round(10*math.Max(hud.MinScale, math.Min(hud.MaxScale, d.prefs.Scale+by))) / 10
		d.s.set.Scale = d.prefs.Scale
	case look.ExtraRecentre:
		d.s.recentreHead()
		return nil
	case look.ExtraFullscreen:
		d.wantFullscreen = true
		return nil
	}
	d.apply()
	return d.s.set.save(d.s.home.settings)
}

// do carries out what a button asks for.
func (d *display) do(a hud.Action) error {
	s := d.s
	switch a.Kind() {
	case hud.ActGo, hud.ActTake, hud.ActBuyRow, hud.ActLess, hud.ActMore, hud.ActRemove:
		return d.rowAction(a)
	case hud.ActOpen:
		d.h.Show(hud.ScreenNone) // as by its key, and not closed where it is shown already
		d.open(hud.Screen(a.Row()))
		return nil
	case hud.ActBack:
		return d.set(a.Row(), -1)
	case hud.ActForward:
		return d.set(a.Row(), 1)
	case hud.ActDistrict:
		d.travelTo(d.district(a.Row()))
		return nil
	}
	switch a {
	case hud.ActBuyAll:
		d.say(s.buyCart(d.cartLines))
	case hud.ActPlace:
		d.travelTo(d.h.Place())
	case hud.ActPanel:
		d.h.OpenPanel(!d.h.PanelOpen())
		d.refreshT = math.Inf(-1)
	case hud.ActHelp:
		d.h.Show(hud.ScreenNone)
		d.h.OpenHelp(!d.h.HelpOpen())
	case hud.ActFreeMouse:
		d.h.Show(hud.ScreenNone)
		d.free = true
	case hud.ActTalk:
		d.h.Show(hud.ScreenNone)
		d.h.Type(true)
	case hud.ActSend:
		d.send()
	case hud.ActFullscreen:
		d.h.Show(hud.ScreenNone)
		return d.extra(look.ExtraFullscreen)
	case hud.ActQuit:
		d.wantQuit = true
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
		d.h.Show(hud.ScreenNone)
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
	d.prefs.Lang, d.s.set.Lang = lang, lang
	d.apply()
	d.say(notice{kind: noticeLanguage})
	return d.s.set.save(d.s.home.settings)
}
