package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"souk/scene/market/model/library"
	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

// catalogueCmd makes, shows and checks catalogues and their floor plans.
type catalogueCmd struct {
	Generate catalogueGenerate `cmd:"" help:"Make a demo catalogue; print what is in it, and write it with -o."`
	Inspect  catalogueInspect  `cmd:"" help:"Print what is in a catalogue: counts, prices, sellers, a sample."`
	Check    catalogueCheck    `cmd:"" help:"Read a CSV file and report every bad row with its line, field and reason."`
	Plan     cataloguePlan     `cmd:"" help:"Lay the catalogue out as a market; print its measures, and draw it with -o."`
}

type catalogueGenerate struct {
	Items  int    `default:"2000" help:"How many items."`
	Seed   uint64 `default:"1" help:"The seed; the same gives the same catalogue."`
	Out    string `short:"o" placeholder:"FILE.csv" help:"Where to write it as CSV."`
	Sample int    `default:"8" help:"How many items to print."`
}

// Run generates the catalogue, writes it if asked to, and prints it.
func (cmd *catalogueGenerate) Run() error {
	began := time.Now()
	c, err := catalog.Generate(cmd.Items, cmd.Seed)
	if err != nil {
		return err
	}
	took := time.Since(began)
	if cmd.Out != "" {
		if err := writeWhole(cmd.Out, c.WriteCSV); err != nil {
			return err
		}
		fmt.Printf("wrote %s\n", cmd.Out)
	}
	fmt.Printf("generated in %.2f s\n", took.Seconds())
	return describeCatalogue(os.Stdout, c, cmd.Sample)
}

type catalogueInspect struct {
	Catalogue string `arg:"" default:"demo" help:"demo, demo:seed=1,items=2000, or a CSV file."`
	Sample    int    `default:"8" help:"How many items to print."`
}

// Run prints what is in the catalogue.
func (cmd *catalogueInspect) Run() error {
	c, err := catalog.Open(cmd.Catalogue)
	if err != nil {
		return err
	}
	if rep := c.Report(); rep != nil && rep.BadRows() > 0 {
		fmt.Printf("%d of %d rows are bad and left out; souklab catalogue check %s lists them\n", rep.BadRows(), rep.Rows, cmd.Catalogue)
	}
	return describeCatalogue(os.Stdout, c, cmd.Sample)
}

type catalogueCheck struct {
	File    string `arg:"" help:"The CSV file. A column map may lie beside it, with .columns.json added to the name."`
	Columns bool   `help:"Print the column map in use and stop."`
}

// Run prints the import's report. Bad rows make it fail, after the report.
func (cmd *catalogueCheck) Run() error {
	if cmd.Columns {
		m, err := catalog.ColumnsFor(cmd.File)
		if err != nil {
			return err
		}
		fmt.Printf("%s\n", m.JSON())
		return nil
	}
	c, rep, err := catalog.OpenCSV(cmd.File)
	brought := 0
	if c != nil {
		var refused []library.Refusal
		refused, brought = library.Of(c, nil).Check()
		for _, r := range refused {
			rep.BadModel(r.ID, r.Reason+" (until then its family's model stands in)")
		}
	}
	if rep != nil && rep.Rows > 0 {
		fmt.Print(rep)
	}
	if brought > 0 {
		fmt.Printf("  %d items bring a model of their own\n", brought)
	}
	if err == nil && rep.BadRows() > 0 {
		err = fmt.Errorf("%s: %d of %d rows are bad and would be left out; mend them as the report says", cmd.File, rep.BadRows(), rep.Rows)
	}
	return err
}

type cataloguePlan struct {
	Catalogue string `arg:"" default:"demo" help:"demo, demo:seed=1,items=2000, or a CSV file."`
	Seed      uint64 `default:"1" help:"The plan's seed."`
	Out       string `short:"o" placeholder:"FILE.png" help:"Where to draw the plan, seen from above."`
	Scale     int    `default:"0" help:"Pixels per metre; 0 makes the picture about 1600 pixels wide."`
}

// Run lays out the plan, prints its measures and draws it if asked to.
func (cmd *cataloguePlan) Run() error {
	c, err := catalog.Open(cmd.Catalogue)
	if err != nil {
		return err
	}
	began := time.Now()
	p, err := plan.New(c, cmd.Seed)
	if err != nil {
		return err
	}
	took := time.Since(began)
	size := [2]float64{p.Bounds.Max.X - p.Bounds.Min.X, p.Bounds.Max.Z - p.Bounds.Min.Z}
	fmt.Printf("plan of %s, seed %d: %d districts, %d aisles, %d stalls, %d shelf slots, %d pedestals, %.0f × %.0f m\n", c.Name, cmd.Seed,
		len(p.Districts), len(p.Aisles), len(p.Stalls), p.FirstFeature(), len(p.Slots)-int(p.FirstFeature()), size[0], size[1])
	fmt.Printf("fingerprint %s\nlaid out in %.2f s\n", p.Fingerprint(), took.Seconds())
	if cmd.Out == "" {
		return nil
	}
	scale := cmd.Scale
	if scale <= 0 {
		scale = max(4, int(1600/size[0]))
	}
	if size[0]*size[1]*float64(scale*scale) > 200e6 {
		return fmt.Errorf("drawing the plan: %d pixels per metre make a picture of more than 200 million pixels; lower --scale", scale)
	}
	if err := writeWhole(cmd.Out, func(w io.Writer) error { return drawPlan(w, p, scale) }); err != nil {
		return err
	}
	fmt.Printf("drew %s\n", cmd.Out)
	return nil
}

// writeWhole writes a file so that a failure leaves the old one: to a
// temporary beside it, synced, then renamed.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("writing %s: %w; give a folder that exists and can be written to", path, err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err := errors.Join(write(f), f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}

// describeCatalogue prints counts, price quantiles by root category, how the
// sellers' shares fall, and some items.
func describeCatalogue(w io.Writer, c *catalog.Catalog, sample int) error {
	fmt.Fprintf(w, "%s: %d items, %d categories, %d sellers\nfingerprint %s\n\n", c.Name, len(c.Items), len(c.Categories), len(c.Sellers), c.Fingerprint())
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "category\titems\tleaves\tprice 5%\t25%\t50%\t75%\t95%\tσ of log\t")
	for i, cat := range c.Categories {
		if cat.Parent != world.NoCategory {
			continue
		}
		prices, leaves, sd := pricesBelow(c, world.CategoryIndex(i))
		at := func(q float64) world.Cents { return prices[int(q*float64(len(prices)-1)+.5)] }
		fmt.Fprintf(tw, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%.2f\t\n", cat.Name.In("en"), len(prices), leaves, at(.05), at(.25), at(.5), at(.75), at(.95), sd)
	}
	tw.Flush()
	fmt.Fprintln(w)
	describeSellers(w, c)
	for k := range max(0, min(sample, len(c.Items))) {
		i := world.ItemIndex(k * len(c.Items) / sample)
		it := &c.Items[i]
		fmt.Fprintf(w, "\n%s  %s / %s\n  %s, %s, %d in stock, %s (%s), %.2f × %.2f × %.2f m\n  %s\n  %s\n", it.ID, it.Name.EN, it.Name.ZH, c.Path(it.Category, "en"),
			it.Price, it.Stock, c.Sellers[it.Seller].Name.In("en"), c.Sellers[it.Seller].Name.In("zh"), it.Look.Size.X, it.Look.Size.Y, it.Look.Size.Z,
			it.Description.EN, it.Description.ZH)
	}
	return nil
}

// pricesBelow are the sorted prices of a root's items, the number of its
// leaves in use, and the mean over its leaves of the standard deviation of the log price.
func pricesBelow(c *catalog.Catalog, root world.CategoryIndex) (prices []world.Cents, leaves int, sd float64) {
	type sums struct{ n, s, q float64 }
	by := make([]sums, len(c.Categories))
	for i := range c.Items {
		it := &c.Items[i]
		if c.Root(it.Category) != root {
			continue
		}
		prices = append(prices, it.Price)
		l, b := math.Log(float64(it.Price)), &by[it.Category]
		b.n, b.s, b.q = b.n+1, b.s+l, b.q+l*l
	}
	slices.Sort(prices)
	for _, b := range by {
		if b.n > 0 {
			leaves++
			sd += math.Sqrt(max(0, b.q/b.n-b.s*b.s/b.n/b.n))
		}
	}
	return prices, leaves, sd / float64(max(leaves, 1))
}

// describeSellers prints the largest sellers and the exponent of Zipf's law
// that fits the ranks best, by least squares on the logarithms.
func describeSellers(w io.Writer, c *catalog.Catalog) {
	n := make([]int, len(c.Sellers))
	order := make([]int, len(c.Sellers))
	for i := range order {
		order[i] = i
	}
	for i := range c.Items {
		n[c.Items[i].Seller]++
	}
	slices.SortStableFunc(order, func(a, b int) int { return n[b] - n[a] })
	var k, sx, sy, sxx, sxy float64
	for r, s := range order {
		if n[s] > 0 {
			x, y := math.Log(float64(r+1)), math.Log(float64(n[s]))
			k, sx, sy, sxx, sxy = k+1, sx+x, sy+y, sxx+x*x, sxy+x*y
		}
	}
	if k > 1 {
		fmt.Fprintf(w, "sellers: share of rank r falls as r^-%.2f\n", -(k*sxy-sx*sy)/(k*sxx-sx*sx))
	}
	for r, s := range order[:min(5, len(order))] {
		fmt.Fprintf(w, "  %d. %s (%s): %d items, %.1f %%\n", r+1, c.Sellers[s].Name.In("en"), c.Sellers[s].Name.In("zh"), n[s], 100*float64(n[s])/float64(len(c.Items)))
	}
}
