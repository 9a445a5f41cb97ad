package main

import (
	"fmt"

	"souk/attention/rank"
	"souk/scene/hud"
	"souk/world"
)

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
		tx, ty := s.glass()
		x := (1 + s.gaze.X/-s.gaze.Z/tx) / 2 * float64(width)
		y := (1 - s.gaze.Y/-s.gaze.Z/ty) / 2 * float64(height)
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

// noticeCues are the notices that have a sound.
var noticeCues = map[noticeKind]hud.Cue{noticeCart: hud.CueCart, noticeBought: hud.CueBought, noticeRefused: hud.CueRefused, noticeCame: hud.CueNear}

// talk moves chat to the log.
func (d *display) talk() {
	for _, c := range d.s.chats {
		d.h.Said(c.Name, c.Text)
		d.sound(hud.CueChat, c.Name)
	}
	d.s.chats = d.s.chats[:0]
}

// say shows a notice as a toast.
func (d *display) say(n notice) {
	w := d.words()
	if cue, ok := noticeCues[n.kind]; ok {
		d.sound(cue, n.text)
	}
	if n.kind == noticeBought && n.more > 0 {
		d.h.Toast(n.tone, fmt.Sprintf(w.BoughtManyF, n.more+1))
		return
	}
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
