package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"souk/attention/signal"
	"souk/attention/train"
	"souk/attention/train/metric"
	"souk/attention/train/model"
	"souk/attention/train/sequence"
	"souk/attention/train/shop"
	"souk/attention/train/tune"
	"souk/world/catalog"
)

// tuneCmd searches the settings of models.
type tuneCmd struct {
	Sequences string   `help:"Sequences, in any form that souklab evaluate reads." type:"path" xor:"data"`
	Shop      string   `help:"A shop's log: CSV with the columns unix_time, user, item, event." type:"path" xor:"data"`
	Events    string   `help:"Our own event log: a CSV file, or a folder of them." type:"path" xor:"data"`
	Catalogue string   `help:"With --events: demo, demo:seed=1,items=2000, or a CSV file." default:"demo"`
	Model     []string `help:"Models to search: see souklab evaluate --help." required:""`
	Split     string   `help:"What validation holds out: last (each user's last item), time (the first item after a moment), kfold (the last item of every k-th user in turn)." enum:"last,time,kfold" default:"last"`
	Folds     int      `help:"With --split kfold: folds." default:"5"`
	Moment    float64  `help:"With --split time: share of all events that lie before the moment." default:"0.8"`
	Metric    string   `help:"What is made large." default:"NDCG@10"`
	Random    int      `help:"Trials at random; the first is the model's defaults." default:"20"`
	Local     int      `help:"Trials around the best after that." default:"10"`
	Finalists int      `help:"Best settings that are tried with more seeds." default:"3"`
	Seeds     int      `help:"Seeds of each finalist, at least 3." default:"3"`
	Seed      uint64   `help:"Seed of the search and of the first fits." default:"1"`
	Cases     int      `help:"Held-out items that a trial is judged by, at most; 0: all." default:"4000"`
	Board     string   `help:"Write curves for TensorBoard into this folder." type:"path"`
	Work      string   `help:"Folder for the journal, by which the same command goes on where it was stopped; by default one in the user's cache." type:"path"`
	Output    string   `short:"o" help:"Write the result to this file as JSON." type:"path"`
}

// Help is shown by --help.
func (c *tuneCmd) Help() string {
	return `Random search, then around the best; trials that are hopeless after some epochs are stopped; the best ones are judged with at least three seeds. The items kept for the test of souklab evaluate are never looked at. Ctrl-C loses the trial under way at most: give the same command again.

Examples:
  souklab tune -sequences beauty-sequences.txt.gz -model transitions
  souklab tune -sequences ml-1m/ -model als,neural -split time -board runs/ -o best.json
  souklab tune -shop events.csv.gz -model sessions -split kfold -folds 5
  souklab tune -events log/ -catalogue demo -model als -random 40 -local 20`
}

// Run is called by kong.
func (c *tuneCmd) Run(ctx context.Context) error {
	cfg := tune.Config{Random: c.Random, Local: c.Local, Finalists: c.Finalists, Seeds: c.Seeds, Seed: c.Seed}
	if err := cfg.Check(); err != nil {
		return err
	}
	kind, k, err := metric.ParseName(c.Metric)
	if err != nil {
		return err
	}
	data, err := c.data()
	if err != nil {
		return err
	}
	folds, err := tune.Split(data, tune.Kind(c.Split), c.Folds, c.Moment)
	if err != nil {
		return err
	}
	asked := 0
	for _, f := range folds {
		asked += len(f.Cases)
	}
	fmt.Printf("%d people, %d items; %d items held out in %d fold(s)\n", len(data.Histories), data.Items, asked, len(folds))
	found := map[string]*tune.Result{}
	for _, name := range c.Model {
		spec, err := model.Lookup(name)
		if err != nil {
			return err
		}
		one := &tuning{cmd: c, spec: spec, cfg: cfg, judging: tune.Judging{Folds: folds, Kind: kind, K: k, Most: c.Cases}}
		if found[name], err = one.run(ctx); err != nil {
			if errors.Is(err, context.Canceled) {
				return fmt.Errorf("stopped; the finished trials are in %s, and the same command goes on from there", one.path)
			}
			return err
		}
		one.print(found[name])
	}
	if c.Output == "" {
		return nil
	}
	text, err := json.MarshalIndent(found, "", "  ")
	if err != nil {
		return err
	}
	return saveText(c.Output, append(text, '\n'))
}

// data reads what the flags name.
func (c *tuneCmd) data() (*model.Data, error) {
	switch {
	case c.Sequences != "":
		set, err := sequence.Open(c.Sequences)
		if err != nil {
			return nil, err
		}
		return set.Test(true).Data, nil
	case c.Shop != "":
		l, err := shop.Read(c.Shop)
		if err != nil {
			return nil, err
		}
		fmt.Println(l.Reading)
		return l.Data(shop.DefaultWeights()), nil
	case c.Events != "":
		cat, err := catalog.Open(c.Catalogue)
		if err != nil {
			return nil, err
		}
		events, reading, err := train.ReadFiles(c.Events)
		if err != nil {
			return nil, err
		}
		kept, cleaning := train.Clean(events, cat, train.DefaultClean())
		fmt.Printf("%d rows read from %d file(s), %d bad; %s\n", reading.Rows, reading.Files, reading.Bad, cleaning)
		return train.Histories(kept, cat, signal.DefaultWeights()), nil
	}
	return nil, errors.New("there is nothing to learn from: give --sequences, --shop or --events")
}

// tuning is the search of one model.
type tuning struct {
	cmd     *tuneCmd
	spec    model.Spec
	cfg     tune.Config
	judging tune.Judging
	path    string
	curves  *curves
	trial   int64
}

func (t *tuning) run(ctx context.Context) (*tune.Result, error) {
	folder, err := workFolder(t.cmd.Work, "tune")
	if err != nil {
		return nil, err
	}
	print := tune.Fingerprint(t.judging.Folds, fmt.Sprint(t.spec.Name, t.spec.Parameters, t.cfg, t.judging.Kind, t.judging.K, t.judging.Most))
	t.path = filepath.Join(folder, t.spec.Name+"-"+print+".jsonl")
	journal, done, err := tune.OpenJournal(t.path, tune.Header{Model: t.spec.Name, Data: print, Config: t.cfg})
	if err != nil {
		return nil, err
	}
	defer journal.Close()
	if len(done) > 0 {
		fmt.Printf("%s: going on after %d trials of %s\n", t.spec.Name, len(done), t.path)
	}
	folder = ""
	if t.cmd.Board != "" {
		folder = filepath.Join(t.cmd.Board, t.spec.Name)
	}
	if t.curves, err = openCurves(folder); err != nil {
		return nil, err
	}
	t.judging.Epoch = t.epoch
	bar := labBar(t.spec.Name)
	defer bar.Finish() //nolint:errcheck // a bar that cannot be drawn harms nothing
	best := 0.0
	t.trial = int64(len(done))
	result, err := tune.Search(ctx, t.spec, t.judging.Judge(t.spec), t.cfg, done, func(tr tune.Trial, of int) error {
		if tr.Failed == "" && !tr.Stopped {
			best = max(best, tr.Score)
			t.curves.point("search/trial", int64(tr.Number), tr.Score)
		}
		t.curves.point("search/best", int64(tr.Number), best)
		bar.Describe(fmt.Sprintf("%s %d/%d, best %s %.4f", t.spec.Name, tr.Number+1, of, t.cmd.Metric, best))
		bar.Set64(1000 * int64(tr.Number+1) / int64(of)) //nolint:errcheck // as above
		if tr.Number < len(done) {
			return t.curves.failure()
		}
		t.trial = int64(tr.Number) + 1
		if err := journal.Append(tr); err != nil {
			return err
		}
		return t.curves.failure()
	})
	if e := t.curves.close(); err == nil {
		err = e
	}
	return &result, err
}

// epoch draws a trial's curves.
func (t *tuning) epoch(fold int, p model.Progress) {
	tag := fmt.Sprintf("trial-%03d/fold-%d/", t.trial, fold)
	if p.Loss != 0 {
		t.curves.point(tag+"loss", int64(p.Epoch), p.Loss)
	}
	if p.Validation != 0 {
		t.curves.point(tag+"validation", int64(p.Epoch), p.Validation)
	}
}

func (t *tuning) print(r *tune.Result) {
	stopped, failed := 0, 0
	for _, tr := range r.Trials {
		if tr.Stopped {
			stopped++
		}
		if tr.Failed != "" {
			if failed++; failed == 1 {
				fmt.Printf("%s: trial %d failed: %s\n", t.spec.Name, tr.Number, tr.Failed)
			}
		}
	}
	fmt.Printf("%s: %d trials, %d stopped as hopeless, %d failed; with the defaults %s is %.4f\n", t.spec.Name, len(r.Trials), stopped, failed, t.cmd.Metric, r.Trials[0].Score)
	for n, f := range r.Finalists {
		seeds := fmt.Sprintf("± %.4f (%d seeds)", f.Deviation, len(f.Scores))
		if t.spec.Seedless {
			seeds = "(whatever the seed)"
		}
		fmt.Printf("  %d. %s %.4f %s  %s\n", n+1, t.cmd.Metric, f.Mean, seeds, flags(t.spec, f.Settings))
	}
}

// flags are settings as souklab evaluate takes them.
func flags(spec model.Spec, set model.Settings) string {
	var parts []string
	for _, p := range spec.Parameters {
		parts = append(parts, fmt.Sprintf("%s=%.6g", p.Name, set[p.Name]))
	}
	return spec.Name + ":" + strings.Join(parts, ",")
}

// workFolder is the folder named, or one of the user's cache.
func workFolder(named, what string) (string, error) {
	if named != "" {
		return named, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("there is no folder for results on the way (%w); name one with -work", err)
	}
	return filepath.Join(cache, "souk", what), nil
}
