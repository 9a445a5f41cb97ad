package prequential

import (
	"fmt"
	"strings"
)

// String is "1:1:0.1 after 1 event, …".
func (s Stages) String() string {
	var parts []string
	for i, name := range []string{"after 1 event", "2 to 5", "more"} {
		parts = append(parts, fmt.Sprintf("%g:%g:%g (%s)", s[i].FoldIn, s[i].Transitions, s[i].Prior, name))
	}
	return strings.Join(parts, ", ")
}

// Table is the report for people.
func (r *Result) Table(cfg Config) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d new users replayed, %d views predicted; %d users had no view to predict", r.People, r.Views, r.Short)
	if r.Unknown > 0 {
		fmt.Fprintf(&b, "; %d of the views were of items that nobody had touched before: they count as predicted or missed like all", r.Unknown)
	}
	if r.People == 0 {
		b.WriteString("\nThere is nothing to report.\n")
		return b.String()
	}
	fmt.Fprintf(&b, "\nHR@%d of the next view of an item not touched before [95 %% by %d resamples of the users]; in brackets, what the %s has more, user by user:\n",
		cfg.K, cfg.Resamples, r.names[0])
	row := func(name string, people int, value, more func(c int) string) {
		fmt.Fprintf(&b, "%s (%d users)\n", name, people)
		for c, contender := range r.names {
			fmt.Fprintf(&b, "  %-12s %s", contender, value(c))
			if c > 0 {
				fmt.Fprintf(&b, "  (%s)", more(c))
			}
			b.WriteByte('\n')
		}
	}
	for k, n := range cfg.After {
		row(fmt.Sprintf("after %d events", n), r.Counts[k],
			func(c int) string { return r.HR(c, k, cfg).String() }, func(c int) string { return r.Difference(c, k, cfg).String() })
	}
	row("every view", r.People, func(c int) string { return r.Overall(c, cfg).String() }, func(c int) string { return r.OverallDifference(c, cfg).String() })
	for c, name := range r.names {
		if r.Time[c] > 0 {
			fmt.Fprintf(&b, "update and ranking, %s: median %.2f ms, p99 %.2f ms\n", name, 1000*r.Time[c], 1000*r.Slow[c])
		}
	}
	return b.String()
}
