// Package sound is what the market sounds like: the moments that the display
// captions, steps on paving, and what is always there: a murmur, wind, crickets
// in the evening. All of it is computed from a seed; there are no recordings.
//
// A [Bank] holds the sounds, a [Mixer] plays them to two ears as they are placed
// around a head. Neither knows of a device: scene/sound/speaker has one, and
// whoever wants a file calls [Mixer.Mix] by itself and then [WriteWAV].
//
// Read [NewBank] first, then [Mixer.Mix].
package sound

// Rate is samples a second, everywhere here.
const Rate = 48000
