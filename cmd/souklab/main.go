// Command souklab is the laboratory: it makes catalogues, simulates shoppers,
// trains and judges rankers, replays and checks recordings. It opens no window.
//
// Each command is a type in a file of its own with a Run(context.Context) error method; [cli]
// lists them.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli is the command line. Keep the commands in the order of the loop.
type cli struct {
	Catalogue         catalogueCmd     `cmd:"" help:"Make, show and check catalogues and their floor plans."`
	Simulate          simulateCmd      `cmd:"" help:"Send simulated shoppers through a market and write their event log."`
	SimulateLog       simulateLogCmd   `cmd:"" help:"Draw a large event log of people with a known taste, by chance alone."`
	Train             trainCmd         `cmd:"" help:"Make a model for the ranker from an event log, and judge it."`
	Evaluate          evaluateCmd      `cmd:"" help:"Compare models on sequences: settings by validation, then the test by full ranking."`
	Import            importCmd        `cmd:"" help:"Bring data in others' forms into ours."`
	Tune              tuneCmd          `cmd:"" help:"Search the settings of models by validation."`
	EvaluatePurchases purchasesCmd     `cmd:"" help:"Judge by a shop's log what people buy next, of items they never touched."`
	EvaluateOnline    onlineCmd        `cmd:"" help:"Replay new users of a shop's log: predict each view, then learn from it."`
	EvaluateLooks     looksCmd         `cmd:"" help:"Judge what is looked at apart from what is chosen, by our own event log."`
	Export            exportCmd        `cmd:"" help:"Write an event log as tables: ratings for Spark's ALS, or the rows in another form."`
	ImportFactors     importFactorsCmd `cmd:"" help:"Make a model for the ranker of the factors that Spark's ALS made."`
	Offpolicy         offpolicyCmd     `cmd:"" help:"Say what another policy would have earned, from the log of the one that ran."`
	Scenario          scenarioCmd      `cmd:"" help:"Time and memory of simulate-log, train and export at size."`
	Loop              loopCmd          `cmd:"" help:"The proof: the same shoppers with the ranker, popularity, chance and no placement."`
	Replay            replayCmd        `cmd:"" help:"Run a recording again: every decision must be the same; or show what another ranker would have placed."`
	Sound             soundCmd         `cmd:"" help:"Write the market's sounds as WAV files, and what they look like."`
	Model             modelCmd         `cmd:"" help:"Write the model of a thing for sale as glTF, or draw the contact sheet of all families."`
}

func main() { os.Exit(run(os.Args[1:])) }

// run parses the arguments, runs the command and returns the exit status: 0,
// 1 for a failure, 2 for a wrong command line. An interrupt cancels the
// command's context; the command saves what it has and returns.
func run(args []string) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("souklab"),
		kong.Description("The laboratory of Souk: catalogues, simulated shoppers, training, evaluation, replay."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(os.Stderr, "souklab:", err)
		return 2
	}
	k, err := parser.Parse(longFlags(args))
	if err != nil {
		fmt.Fprintf(os.Stderr, "souklab: %v; see souklab --help\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "souklab:", err)
		return 1
	}
	return 0
}

// longFlags lets a flag be written with one dash or two, as Go's own commands do:
// "-shoppers 3" becomes "--shoppers 3". What follows "--" stays as it is, and so do
// single letters and negative numbers.
func longFlags(args []string) []string {
	out := slices.Clone(args)
	for i, a := range out {
		if a == "--" {
			break
		}
		if len(a) > 2 && a[0] == '-' && (a[1] >= 'a' && a[1] <= 'z') {
			out[i] = "-" + a
		}
	}
	return out
}
