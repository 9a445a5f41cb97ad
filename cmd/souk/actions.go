package main

import (
	"math"

	"souk/attention"
	"souk/attention/privacy"
	"souk/scene/hud"
	"souk/world"
	"souk/world/client"
	"souk/world/store"
)

// targetMemory is for how long a command still means what was attended to
// last, seconds: the eyes are faster than the hand.
const targetMemory = 2.0

// notice is something that the display is to say: a tone and the item or text.
type notice struct {
	tone hud.Tone
	kind noticeKind
	item world.ItemIndex
	text string
	more int // things beside the item
}

// noticeKind says which sentence it is.
type noticeKind uint8

const (
	noticeLiked noticeKind = iota + 1
	noticeUnliked
	noticeHidden
	noticeUnhidden
	noticeCart
	noticeUncart
	noticeBuying
	noticeBought
	noticeRefused
	noticeErased
	noticePaused
	noticeResumed
	noticeLookFirst
	noticeGone
	noticeBack
	noticeCame
	noticePicture
	noticeText
	noticeLanguage
	noticeNoChat
)

// targetReach is how far beside an item's silhouette a command still means it,
// radians, and targetRange how far away it may be, metres.
const (
	targetReach = 2.5 * math.Pi / 180
	targetRange = 15.0
)

// target is the item that a command is about: the one on the card, the one
// attended to, or else the one nearest to where attention points: a command is
// on purpose, and needs less certainty than learning does.
func (s *session) target() world.ItemIndex {
	if s.card != world.NoItem {
		return s.card
	}
	if s.lastItem != world.NoItem && s.t-s.lastItemT <= targetMemory {
		return s.lastItem
	}
	item, best := world.NoItem, targetReach
	if !s.gazeOK {
		return item
	}
	dir := s.head.Rotate(s.gaze)
	for i := range s.views {
		v := &s.views[i]
		if v.Item == world.NoItem || v.Distance > targetRange {
			continue
		}
		cos := dir.X*float64(v.Dir[0]) + dir.Y*float64(v.Dir[1]) + dir.Z*float64(v.Dir[2])
		beside := math.Acos(max(-1, min(1, cos))) - float64(min(v.HalfWidth, v.HalfHeight))
		if beside < best {
			item, best = v.Item, beside
		}
	}
	return item
}

// act does something to an item: the engine learns of it in the next step, the
// server where it is a transaction. A purchase is an action only once the
// receipt is there. It returns what to say.
func (s *session) act(kind world.EventKind, item world.ItemIndex) notice {
	if item < 0 || int(item) >= len(s.market.Catalog.Items) {
		return notice{kind: noticeLookFirst}
	}
	id := s.market.Catalog.Items[item].ID
	n := notice{item: item}
	switch kind {
	case world.EventLike:
		n.kind, n.tone = noticeLiked, hud.ToneLike
	case world.EventUnlike:
		n.kind = noticeUnliked
	case world.EventHide:
		n.kind, n.tone = noticeHidden, hud.ToneHide
	case world.EventUnhide:
		n.kind = noticeUnhidden
	case world.EventCart:
		n.kind, n.tone = noticeCart, hud.ToneCart
		s.setCart(id, 1)
	case world.EventUncart:
		n.kind, n.tone = noticeUncart, hud.ToneCart
		s.setCart(id, 0)
	case world.EventPurchase:
		return s.buy(item)
	}
	s.actions = append(s.actions, attention.Action{T: s.t, Kind: kind, Item: item})
	return n
}

// toggle is act with the kind or its opposite, as the item stands.
func (s *session) toggle(on, off world.EventKind, is bool, item world.ItemIndex) notice {
	if is {
		return s.act(off, item)
	}
	return s.act(on, item)
}

// buy asks the server for one of an item.
func (s *session) buy(item world.ItemIndex) notice {
	if s.net.cli == nil {
		return notice{kind: noticeGone, tone: hud.ToneWarn}
	}
	if s.stockOf(item) <= 0 {
		return notice{kind: noticeRefused, tone: hud.ToneWarn, item: item}
	}
	id, err := s.net.cli.Buy(store.Line{Item: s.market.Catalog.Items[item].ID, Quantity: 1})
	if err != nil {
		return notice{kind: noticeText, tone: hud.ToneWarn, text: err.Error()}
	}
	s.buying[id] = item
	return notice{kind: noticeBuying, tone: hud.ToneBought, item: item}
}

// stockOf is what is left of an item, as the server last said.
func (s *session) stockOf(item world.ItemIndex) int32 {
	if n, ok := s.stock[item]; ok {
		return n
	}
	return s.market.Catalog.Items[item].Stock
}

// arrived takes in what the server said.
func (s *session) arrived(in *client.Inbox) {
	c := s.market.Catalog
	for _, l := range in.Stock {
		if item, ok := c.Index(l.Item); ok {
			s.stock[item] = l.Quantity
		}
	}
	if in.CartChanged {
		s.answered()
	}
	s.cartChanged = s.cartChanged || len(in.Stock) > 0
	for _, r := range in.Receipts {
		item, mine := s.buying[r.ID]
		delete(s.buying, r.ID)
		switch {
		case r.OK:
			for _, l := range r.Lines {
				if i, ok := c.Index(l.Item); ok {
					item = i
					s.actions = append(s.actions, attention.Action{T: s.t, Kind: world.EventPurchase, Item: i})
					s.numbers.purchases++
				}
			}
			s.bought(r.Lines)
			s.tell(notice{kind: noticeBought, tone: hud.ToneBought, item: item, more: len(r.Lines) - 1})
		case mine:
			s.tell(notice{kind: noticeRefused, tone: hud.ToneWarn, item: item})
		default:
			s.tell(notice{kind: noticeText, tone: hud.ToneWarn, text: r.Reason})
		}
	}
	for _, text := range in.Notices {
		s.tell(notice{kind: noticeText, tone: hud.ToneWarn, text: text})
	}
	s.numbers.meet(s, in.Avatars)
	if len(s.chats) < 100 {
		s.chats = append(s.chats, in.Chats...)
	}
}

// tell queues something for the display.
func (s *session) tell(n notice) {
	if len(s.numbers.notices) < 64 {
		s.numbers.notices = append(s.numbers.notices, n)
	}
}

// told takes what is queued.
func (s *session) told(dst []notice) []notice {
	dst = append(dst, s.numbers.notices...)
	s.numbers.notices = s.numbers.notices[:0]
	return dst
}

// setTier changes the consent. With a change to or from none everything is
// forgotten: what was learned with consent does not outlast it, and what was
// done without it does not count afterwards.
func (s *session) setTier(t privacy.Tier) error {
	s.erase = s.erase || s.tier.Learns() != t.Learns() && s.decision != nil
	s.tier = t
	s.gate.SetTier(t)
	s.set.Consent = t.String()
	if !t.Learns() {
		if err := s.stopRecording(); err != nil {
			return err
		}
		if err := s.forgetProfile(); err != nil {
			return err
		}
	} else if err := s.startRecording(); err != nil {
		s.say("%v.", err)
	}
	return s.set.save(s.home.settings)
}
