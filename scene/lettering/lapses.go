package lettering

import "slices"

// mostCut bounds the shortened texts that are remembered.
const mostCut = 64

// Lapses are what could not be set as it was given, since the faces were made:
// the runes for which another one stands because no font has them, sorted, and the
// texts that were shortened to fit their place, the first 64. A screen on which neither is to
// be seen was drawn with faces that have none: so tests hold their pictures.
func (f *Faces) Lapses() (missing []rune, cut []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, known := range f.runes {
		for r, s := range known {
			if !s.exact {
				missing = append(missing, r)
			}
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing), slices.Clone(f.shortened)
}

// Runes is how many different runes have been set or asked about so far.
func (f *Faces) Runes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, known := range f.runes {
		n += len(known)
	}
	return n
}

// shorten remembers a text that did not fit. The caller holds the lock.
func (f *Faces) shorten(text string) {
	if len(f.shortened) < mostCut && !slices.Contains(f.shortened, text) {
		f.shortened = append(f.shortened, text)
	}
}
