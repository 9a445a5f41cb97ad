package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"text/tabwriter"
	"time"
)

// scenarioCmd runs the commands of training, one process after the other, at
// the size of a real market.
type scenarioCmd struct {
	People int    `help:"How many people." default:"100000"`
	Items  int    `help:"How many items." default:"50000"`
	Rows   int    `help:"How many rows of the event log." default:"10000000"`
	Dim    int    `help:"Numbers per item." default:"64"`
	Epochs int    `help:"Passes over the data, at most." default:"16"`
	Folder string `help:"Where to put the files; a temporary folder, removed at the end, by default." type:"path"`
}

// Help is shown below the flags.
func (c *scenarioCmd) Help() string {
	return `Prints the seconds and the peak memory of each stage: draw the log, clean + train + evaluate, export.

Examples:
  souklab scenario
  souklab scenario --people 1000 --items 2000 --rows 100000 --dim 16`
}

// Run is called by kong.
func (c *scenarioCmd) Run(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program's own file: %w", err)
	}
	folder := c.Folder
	if folder == "" {
		if folder, err = os.MkdirTemp("", "souk-scenario-*"); err != nil {
			return fmt.Errorf("make a folder for the scenario: %w; give one with --folder", err)
		}
		defer os.RemoveAll(folder)
	} else if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make the folder %s: %w; choose another with --folder", folder, err)
	}
	at := func(name string) string { return filepath.Join(folder, name) }
	catalogue := fmt.Sprintf("demo:seed=1,items=%d", c.Items)
	var stages []stage
	for _, s := range []struct {
		name string
		args []string
	}{
		{"draw the log", []string{"simulate-log", "--people", strconv.Itoa(c.People), "--rows", strconv.Itoa(c.Rows), "--catalogue", catalogue, "--dirt", "0.01", "-o", at("events.parquet")}},
		{"clean, train, evaluate", []string{"train", "--events", at("events.parquet"), "--catalogue", catalogue, "--dim", strconv.Itoa(c.Dim), "--epochs", strconv.Itoa(c.Epochs), "--als", "--date", "-", "-o", at("model.safetensors")}},
		{"export", []string{"export", "--events", at("events.parquet"), "--catalogue", catalogue, "--parquet", at("ratings")}},
	} {
		fmt.Printf("souklab %s\n", s.args[0])
		done, err := runStage(ctx, s.name, self, s.args)
		if err != nil {
			return err
		}
		stages = append(stages, done)
	}
	return printStages(stages, c)
}

// stage is what a command took.
type stage struct {
	name    string
	seconds float64
	cpu     float64
	peak    int64 // bytes; 0 where the system does not say
}

func runStage(ctx context.Context, name, self string, args []string) (stage, error) {
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return stage{}, fmt.Errorf("souklab %s: %w", args[0], err)
	}
	s := stage{name: name, seconds: time.Since(start).Seconds(), cpu: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && runtime.GOOS == "linux" {
		s.peak = u.Maxrss * 1024
	}
	return s, nil
}

func printStages(stages []stage, c *scenarioCmd) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\n%d people × %d items, %d rows, on %d cores\n", c.People, c.Items, c.Rows, runtime.GOMAXPROCS(0))
	fmt.Fprintln(w, "stage\tseconds\tof processor\tpeak MiB\t")
	total, cpu, peak := 0.0, 0.0, int64(0)
	for _, s := range stages {
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%d\t\n", s.name, s.seconds, s.cpu, s.peak>>20)
		total, cpu, peak = total+s.seconds, cpu+s.cpu, max(peak, s.peak)
	}
	fmt.Fprintf(w, "all\t%.1f\t%.1f\t%d\t\n", total, cpu, peak>>20)
	return w.Flush()
}
