// Package privacy is the gate between what Souk notices and what leaves the
// machine: the visitor's consent, what each tier of it lets through, and a
// count of both.
//
// Raw gaze and head orientation have no way out at all: the protocol has no
// field for them, and a test of this package reads its schema and says so.
//
// Read [Tier] first, then [Gate.Filter].
package privacy

import (
	"fmt"
	"strings"

	"souk/world"
)

// Tier is what a visitor has agreed to. Each includes the one before; the zero
// value is the strictest.
type Tier uint8

// The tiers. The numbers are kept in settings: never reuse one.
const (
	// None: Souk does not learn from attention, and nothing about it leaves.
	None Tier = 0
	// Local: Souk learns on this machine; nothing about attention leaves it.
	Local Tier = 1
	// Share: what was looked at, per item and without gaze, is sent to the server too.
	Share Tier = 2
)

var tierNames = [...]string{"none", "local", "share"}

// String is the tier's name, as in flags and settings: "none", "local", "share".
func (t Tier) String() string {
	if int(t) < len(tierNames) {
		return tierNames[t]
	}
	return fmt.Sprintf("tier %d", uint8(t))
}

// ParseTier is the inverse of String.
func ParseTier(name string) (Tier, error) {
	for i, n := range tierNames {
		if n == name {
			return Tier(i), nil
		}
	}
	return None, fmt.Errorf("consent %q is none of %s", name, strings.Join(tierNames[:], ", "))
}

// Learns says whether the engine may learn from attention under this tier.
// Under None the caller sets attention.Frame.Paused.
func (t Tier) Learns() bool { return t == Local || t == Share }

// Allows says whether an event of a kind may leave the machine.
//
// Purchases and the cart are transactions with the server and pass under every
// tier. Likes, hidden items and opened cards tell of taste; they, and all that is
// measured, pass under Share alone. A tier or a kind that is unknown passes nothing.
func (t Tier) Allows(kind world.EventKind) bool {
	switch kind {
	case world.EventCart, world.EventUncart, world.EventPurchase:
		return true
	case world.EventExposure, world.EventDwell, world.EventOpen, world.EventLike, world.EventUnlike,
		world.EventHide, world.EventUnhide, world.EventPlace:
		return t == Share
	}
	return false
}
