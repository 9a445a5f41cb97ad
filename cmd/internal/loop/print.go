package loop

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// Print writes the report as tables for people.
func (r *Report) Print(w io.Writer) error {
	p := &printer{w: w}
	p.f("The loop: %d shoppers, %g minutes each, first seed %d, catalogue %s\n", r.Shoppers, r.Minutes, r.Seed, r.Catalogue)
	p.f("Model: %s\n", r.Model)
	if r.Trained != "" {
		p.f("  %s\n", r.Trained)
	}
	p.f("Figures are means over shoppers with 95 %% bootstrap intervals; \"ranker ahead by\" is the paired difference on the same shoppers.\n")
	for i := 0; i < len(r.Conditions); {
		j := i
		for j < len(r.Conditions) && r.Conditions[j].NoiseDeg == r.Conditions[i].NoiseDeg {
			j++
		}
		p.noise(r.Conditions[i:j])
		i = j
	}
	r.verdict(p)
	return p.err
}

type printer struct {
	w   io.Writer
	err error
}

func (p *printer) f(format string, a ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, a...)
	}
}

func (p *printer) noise(conditions []Condition) {
	p.f("\nGaze noise %g°\n", conditions[0].NoiseDeg)
	p.f("  %-50s", "")
	for _, c := range conditions {
		p.f("  %-24s", c.Policy)
	}
	p.f("\n")
	for k, m := range Metrics() {
		p.f("  %-50s", m.Name+" ("+m.Unit+")")
		for _, c := range conditions {
			p.f("  %-24s", c.Figures[k].Estimate)
		}
		p.f("\n")
		if m.Key == "attention" || m.Key == "exposure" || m.Key == "purchases-relevant" {
			p.f("  %-50s", "    ranker ahead by")
			for _, c := range conditions {
				if c.Figures[k].Ahead == nil {
					p.f("  %-24s", "")
				} else {
					p.f("  %-24s", *c.Figures[k].Ahead)
				}
			}
			p.f("\n")
		}
	}
	row := func(name string, of func(Condition) string) {
		p.f("  %-50s", name)
		for _, c := range conditions {
			p.f("  %-24s", of(c))
		}
		p.f("\n")
	}
	row("Gini of sellers' exposure", func(c Condition) string { return fmt.Sprintf("%.3f, pedestals %.3f", c.GiniAll, c.GiniPedestal) })
	row("placements, purchases per session", func(c Condition) string {
		return fmt.Sprintf("%.1f, %.2f", c.PlacementsPerSession, c.PurchasesPerSession)
	})
	row("focus right / found", func(c Condition) string {
		return fmt.Sprintf("%.0f %% / %.0f %%", 100*c.FocusPrecision, 100*c.FocusRecall)
	})
	p.f("  NDCG@%d of the ranking by true utility (1 is the oracle's)\n", knowingDepth)
	for k, n := range knowingSteps {
		row(fmt.Sprintf("    after %d events", n), func(c Condition) string {
			if k >= len(c.Knowing) {
				return "–"
			}
			return c.Knowing[k].NDCG.String()
		})
	}
	for k, share := range knowingShares {
		row(fmt.Sprintf("    events until %.0f %% of the oracle's", 100*share), func(c Condition) string {
			if c.EventsTo[k].Events == 0 {
				return "not reached"
			}
			return fmt.Sprint(c.EventsTo[k].Events)
		})
	}
	row("relevant on pedestals, by minute", func(c Condition) string {
		var b strings.Builder
		for i, e := range c.Curve {
			if i > 0 {
				b.WriteByte(' ')
			}
			if math.IsNaN(e.Value) {
				b.WriteByte('-')
				continue
			}
			fmt.Fprintf(&b, "%.0f", 100*e.Value)
		}
		return b.String()
	})
}

// String is the figure with its interval.
func (e Estimate) String() string {
	if math.IsNaN(e.Value) {
		return "–"
	}
	return fmt.Sprintf("%.3f [%.3f, %.3f]", e.Value, e.Low, e.High)
}

// verdict says in one line per noise and rival whether the ranker is ahead.
func (r *Report) verdict(p *printer) {
	if len(r.Verdicts) == 0 {
		return
	}
	p.f("\nThe ranker is ahead with intervals that do not overlap in:\n")
	type key struct {
		deg    float64
		versus string
	}
	var order []key
	ahead, behind := map[key][]string{}, map[key][]string{}
	for _, v := range r.Verdicts {
		k := key{v.NoiseDeg, v.Versus}
		if len(ahead[k])+len(behind[k]) == 0 {
			order = append(order, k)
		}
		if v.Ahead {
			ahead[k] = append(ahead[k], v.Key)
		} else {
			behind[k] = append(behind[k], v.Key)
		}
	}
	for _, k := range order {
		p.f("  %g° against %s: %s", k.deg, k.versus, orNone(ahead[k]))
		if len(behind[k]) > 0 {
			p.f("; not in: %s", strings.Join(behind[k], ", "))
		}
		p.f("\n")
	}
}

func orNone(s []string) string {
	if len(s) == 0 {
		return "nothing"
	}
	return strings.Join(s, ", ")
}

// Plot writes the learning curves as a PNG: the share of pedestal exposure on
// relevant items by the minute, for each policy, at each level of noise.
func (r *Report) Plot(path string) error {
	p := plot.New()
	p.Title.Text = fmt.Sprintf("What stands on the pedestals is relevant (%d shoppers, 95 %% intervals)", r.Shoppers)
	p.X.Label.Text, p.Y.Label.Text = "minute of the visit", "share of pedestal exposure on relevant items"
	p.Y.Min, p.X.Min = 0, 0
	p.Legend.Top = true
	p.Add(plotter.NewGrid())
	colours := map[string]color.RGBA{
		"ranker": {R: 200, G: 60, B: 30, A: 255}, "popularity": {R: 40, G: 90, B: 170, A: 255}, "random": {R: 90, G: 90, B: 90, A: 255},
	}
	dashes := [][]vg.Length{nil, {vg.Points(6), vg.Points(3)}, {vg.Points(2), vg.Points(2)}}
	nth, longest := -1, 0.0
	last := math.NaN()
	for _, c := range r.Conditions {
		if c.NoiseDeg != last {
			nth, last = nth+1, c.NoiseDeg
		}
		var xy plotter.XYs
		var errs plotter.YErrors
		for i, e := range c.Curve {
			if !math.IsNaN(e.Value) {
				// A little apart, so that intervals can be told from one another.
				x := float64(i) + 0.5 + 0.06*float64(nth-1)
				longest = max(longest, x)
				xy = append(xy, plotter.XY{X: x, Y: e.Value})
				errs = append(errs, struct{ Low, High float64 }{e.Value - e.Low, e.High - e.Value})
			}
		}
		if len(xy) == 0 {
			continue
		}
		line, err := plotter.NewLine(xy)
		if err != nil {
			return fmt.Errorf("plot %s at %g°: %w", c.Policy, c.NoiseDeg, err)
		}
		line.Color, line.Width = colours[c.Policy], vg.Points(1.5)
		line.Dashes = dashes[nth%len(dashes)]
		bars, err := plotter.NewYErrorBars(struct {
			plotter.XYer
			plotter.YErrorer
		}{xy, errs})
		if err != nil {
			return fmt.Errorf("plot %s at %g°: %w", c.Policy, c.NoiseDeg, err)
		}
		bars.Color = colours[c.Policy]
		p.Add(line, bars)
		p.Legend.Add(fmt.Sprintf("%s, %g°", c.Policy, c.NoiseDeg), line)
	}
	p.X.Max = longest * 1.3 // room for the legend
	if err := p.Save(22*vg.Centimeter, 13*vg.Centimeter, path); err != nil {
		return fmt.Errorf("write the plot: %w; choose a file that ends in .png with -plot", err)
	}
	return nil
}
