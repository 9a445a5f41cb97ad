// Command souk is the market in a window: walk, look, and what you are likely
// to care about appears in front of you. It starts a server inside itself
// unless it is told of another.
//
//	souk                                   open the market
//	souk -connect http://host:port         join one
//	souk -shopper -seconds 60 -report DIR  let a simulated shopper walk, and report
//	souk -film out.mp4                     a film of a minute's walk
//	souk -soak 30m                         walk, and fail where memory grows
//
// The loop without its window is session.go, and is tested without one; what
// the visitor asks for is in actions.go, what the display says in display.go;
// the window is in window.go. Read [run] first, then session.step.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run parses the arguments, opens the market and returns the exit status: 0, 1
// for a failure, 2 for a wrong command line. An interrupt ends the visit as
// closing the window does: everything is saved.
func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "souk: %v\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := visit(ctx, o, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "souk: %v\n", err)
		return 1
	}
	return 0
}
