package shop

import (
	"fmt"
	"strings"
)

// Target is an item that a person buys later, without having touched it before.
type Target struct {
	User, Item int32 // rows of the log; NoItem where the log has no such item
}

// NoItem stands for an item that the log does not know: no ranking can hold it,
// and so it counts as missed.
const NoItem int32 = -1

// ReadTargets reads a CSV file with the columns user and item, each row an item that the
// user bought after the log ends. Targets of items that the log does not know
// are kept, as missed, and counted; rows of unknown users, of items that the user
// had touched, and repeated rows are refused and counted.
func (l *Log) ReadTargets(path string) ([]Target, Reading, error) {
	rep := Reading{Path: path}
	var out []Target
	touched := map[Target]bool{}
	for _, e := range l.Events {
		touched[Target{e.User, e.Item}] = true
	}
	seen := map[string]bool{}
	err := rows(path, []string{"user", "item"}, &rep, func(line int, f []string) (Reason, bool) {
		if f[0] == "" || f[1] == "" {
			return NoName, false
		}
		name := strings.Join(f, "\x00")
		if seen[name] {
			return Duplicate, false
		}
		seen[name] = true
		u, ok := l.users[f[0]]
		if !ok {
			return UnknownUser, false
		}
		i, ok := l.items[f[1]]
		if !ok {
			if rep.First[UnknownItem] == 0 {
				rep.First[UnknownItem] = line
			}
			i = NoItem
		}
		t := Target{u, i}
		if touched[t] {
			return Touched, false
		}
		out = append(out, t)
		return 0, true
	})
	if err != nil {
		return nil, rep, err
	}
	if len(out) == 0 {
		return nil, rep, fmt.Errorf("read targets: no row of %s can be used (%s): give users of the log, and items that they had not touched", path, rep)
	}
	return out, rep, nil
}

// Unknown counts the targets that the log does not know.
func Unknown(targets []Target) int {
	n := 0
	for _, t := range targets {
		if t.Item == NoItem {
			n++
		}
	}
	return n
}
