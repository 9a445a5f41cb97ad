package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"souk/attention/train/evaluation"
	"souk/attention/train/model"
	"souk/attention/train/sequence"
)

// evaluateCmd compares models on sequences.
type evaluateCmd struct {
	Sequences string        `help:"Sequences: a file with a line a user (user item item …), with a line an interaction (user item), CSV with user, item and time, or a folder with train, val and test as in gSASRec." required:"" type:"path"`
	Models    []string      `help:"Models to compare, and \"blend\" for the blend of the others; by default the standard ones and their blend. A model's settings may follow: als:dim=128,tau=5."`
	Seeds     int           `help:"Fits of each model that depends on chance." default:"3"`
	Search    float64       `help:"How many settings are tried, in units of each model's own number; 0: defaults only." default:"1"`
	Cases     int           `help:"Held-out cases that a setting is judged by, at most." default:"4000"`
	Budget    time.Duration `help:"Time after which no further setting is tried and no further seed begun; 0: none."`
	Refit     bool          `help:"Learn from validation's items too before the test." default:"true" negatable:""`
	Work      string        `help:"Folder for results on the way, so that the same command goes on where it was stopped; by default one in the user's cache, \"-\" for none." default:"" type:"path"`
	JSON      string        `name:"json" short:"o" help:"Write the report to this file too." type:"path"`
}

// Help is shown by --help.
func (c *evaluateCmd) Help() string {
	var b strings.Builder
	b.WriteString(`Settings and the blend's weights are chosen by each user's last item but one; then each user's last item is asked for, once, among all items that the user had not had.

Examples:
  souklab evaluate -sequences beauty-sequences.txt.gz
  souklab evaluate -sequences ml-1m/ -models transitions,als,blend -seeds 1 -o report.json
  souklab evaluate -sequences log.csv -models user-knn:people=500,popularity -search 0

Models:
`)
	for _, s := range model.Specs() {
		fmt.Fprintf(&b, "  %s: %s\n", s.Name, s.About)
	}
	fmt.Fprintf(&b, "\nStandard: %s.", strings.Join(evaluation.Default().Models, ", "))
	return b.String()
}

// Run is called by kong.
func (c *evaluateCmd) Run(ctx context.Context) error {
	set, err := sequence.Open(c.Sequences)
	if err != nil {
		return err
	}
	fmt.Println(set)
	cfg, err := c.config()
	if err != nil {
		return err
	}
	start := time.Now()
	if c.Budget > 0 {
		cfg.Late = func() bool { return time.Since(start) > c.Budget }
	}
	tell, finish := evaluationProgress(start)
	cfg.Tell = tell
	report, err := evaluation.Run(ctx, set, cfg)
	finish()
	if errors.Is(err, context.Canceled) {
		return errors.New("stopped before any model was judged; the same command goes on from here")
	}
	if err != nil {
		return err
	}
	fmt.Print(report.Table())
	fmt.Printf("%.0f s\n", time.Since(start).Seconds())
	if c.JSON != "" {
		text, err := json.MarshalIndent(report, "", "  ")
		if err != nil {
			return err
		}
		return saveText(c.JSON, append(text, '\n'))
	}
	return nil
}

func (c *evaluateCmd) config() (evaluation.Config, error) {
	cfg := evaluation.Default()
	cfg.Seeds, cfg.Search, cfg.Cases, cfg.Refit, cfg.Folder = c.Seeds, c.Search, c.Cases, c.Refit, c.Work
	switch filepath.Base(c.Work) {
	case "-":
		cfg.Folder = ""
	case ".":
		cache, err := os.UserCacheDir()
		if err != nil {
			return cfg, fmt.Errorf("there is no folder for results on the way (%w); name one with -work, or -work - for none", err)
		}
		cfg.Folder = filepath.Join(cache, "souk", "evaluate")
	}
	if len(c.Models) == 0 {
		return cfg, nil
	}
	cfg.Models, cfg.Settings = nil, map[string]model.Settings{}
	for _, m := range joinSettings(c.Models) {
		name, text, given := strings.Cut(m, ":")
		cfg.Models = append(cfg.Models, name)
		if !given {
			continue
		}
		cfg.Settings[name] = model.Settings{}
		for _, one := range strings.Split(text, ",") {
			k, v, _ := strings.Cut(one, "=")
			x, err := strconv.ParseFloat(v, 64)
			if err != nil {
				return cfg, fmt.Errorf("the setting %q of %s is no name=number", one, name)
			}
			cfg.Settings[name][k] = x
		}
	}
	return cfg, nil
}

// joinSettings undoes the split of lists at commas within one model's settings.
func joinSettings(list []string) []string {
	var out []string
	for _, e := range list {
		if strings.Contains(e, "=") && !strings.Contains(e, ":") && len(out) > 0 && strings.Contains(out[len(out)-1], ":") {
			out[len(out)-1] += "," + e
			continue
		}
		out = append(out, e)
	}
	return out
}

// evaluationProgress shows what is being done and the time left: a bar on a
// terminal, elsewhere a line for each twentieth of the work.
func evaluationProgress(start time.Time) (tell func(evaluation.Progress), finish func()) {
	if term.IsTerminal(int(os.Stderr.Fd())) {
		bar := progressbar.NewOptions64(1000, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("evaluating"),
			progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
		return func(p evaluation.Progress) {
			if p.What != "" {
				bar.Describe(p.What)
			}
			bar.Set64(int64(1000 * p.Done)) //nolint:errcheck // a bar that cannot be drawn harms nothing
		}, func() { bar.Finish() } //nolint:errcheck // as above
	}
	next := 0.05
	return func(p evaluation.Progress) {
		if p.Done < next || p.What == "" {
			return
		}
		next = p.Done + 0.05
		spent := time.Since(start)
		left := time.Duration(float64(spent) * (1 - p.Done) / p.Done)
		fmt.Fprintf(os.Stderr, "%3.0f %%, %s; about %s left\n", 100*p.Done, p.What, left.Round(time.Second))
	}, func() {}
}

// saveText writes a file beside its place and renames it.
func saveText(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".souklab-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = errors.Join(f.Chmod(0o644), f.Sync())
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name()) //nolint:errcheck // what could not be written goes
	}
	return err
}
