package train

import (
	"fmt"
	"strings"
)

// Table is the report for people: what was kept, what was learned from, and how the
// model ranks the held-out items beside popularity and chance.
func (r *Report) Table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Cleaning)
	fmt.Fprintf(&b, "%d people, %d items, %d pairs", r.Users, r.Items, r.Entries)
	if r.Epochs > 0 { // 0: factors that were made elsewhere
		fmt.Fprintf(&b, "; %d epochs, hold of content %g", r.Epochs, r.Blend)
	}
	b.WriteByte('\n')
	if r.Note != "" {
		fmt.Fprintf(&b, "No metrics: %s.\n", r.Note)
	}
	if len(r.Metrics) > 0 {
		people := fmt.Sprintf("%d people", r.Judged)
		if r.Judged < r.Candidates {
			people = fmt.Sprintf("%d people, drawn from %d", r.Judged, r.Candidates)
		}
		fmt.Fprintf(&b, "The last item of %s, ranked among all items they had not had:\n", people)
		fmt.Fprintf(&b, "%-12s%-28s%-28s\n", "", "Recall@20 [95 %]", "NDCG@20 [95 %]")
		for _, m := range r.Metrics {
			fmt.Fprintf(&b, "%-12s%-28s%-28s\n", m.Name, m.Recall, m.NDCG)
		}
	}
	if s := r.Network.String(); s != "" {
		b.WriteString(s + "\n")
	}
	return b.String()
}
