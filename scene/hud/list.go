package hud

// list is a list of which a window is shown and one row is chosen.
type list struct {
	n    int // rows in all
	sel  int // the chosen one, in [0, n) where there are any
	top  int // the first one shown
	rows int // shown, as it was last laid out
}

// resize changes the number of rows; the choice stays where it can.
func (l *list) resize(n int) {
	l.n = n
	l.sel = max(0, min(l.sel, n-1))
	l.fit(l.rows)
}

// fit says how many rows are shown, and brings the chosen one among them.
func (l *list) fit(rows int) {
	l.rows = max(1, rows)
	l.top = max(l.sel-l.rows+1, min(l.top, l.sel))
	l.top = max(0, min(l.top, l.n-l.rows))
}

// shown is the row behind the last one shown.
func (l *list) shown() int { return min(l.n, l.top+l.rows) }

// move obeys a move up or down, by row, by page or to an end; false where
// that is none, or does not move.
func (l *list) move(n Nav) bool {
	to := l.sel
	switch n {
	case NavUp:
		to--
	case NavDown:
		to++
	case NavPageUp:
		to -= l.rows
	case NavPageDown:
		to += l.rows
	case NavHome:
		to = 0
	case NavEnd:
		to = l.n - 1
	}
	to = max(0, min(to, l.n-1))
	moved := to != l.sel
	l.sel = to
	l.fit(l.rows)
	return moved
}

// wheel scrolls by rows; the choice goes along where it would be left behind.
func (l *list) wheel(rows int) {
	l.top = max(0, min(l.top+rows, l.n-l.rows))
	l.sel = max(l.top, min(l.sel, l.top+l.rows-1))
	l.sel = max(0, min(l.sel, l.n-1))
}
