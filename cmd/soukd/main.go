// Command soukd is Souk's server: one program, one directory of data. It needs
// no cgo.
//
// Flags may be written with one dash or two. An interrupt or SIGTERM tells the
// clients to come back later, finishes what they have handed in, and ends with
// status 0; what keeps it from starting is one sentence and status 1; a wrong
// command line is status 2.
//
// Read run first.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"souk/attention/train"
	"souk/world/catalog"
	"souk/world/plan"
	"souk/world/server"
)

// flags is the command line.
type flags struct {
	Listen        string   `default:"127.0.0.1:8080" help:"Address to listen on; :8080 is every address of this machine, port 0 a free one."`
	Catalogue     string   `default:"demo" help:"What is for sale: demo, demo:seed=1,items=2000, or a CSV file."`
	PlanSeed      uint64   `default:"1" help:"Seed of the floor plan."`
	Data          string   `default:"soukd-data" help:"Directory of the database; made where it is missing." type:"path"`
	SetAside      bool     `help:"Keep a damaged database under another name and begin a new one."`
	Model         string   `help:"Model file to hand out to clients." type:"path"`
	Console       string   `help:"Directory with the files of the operator's console (make console); the folder console beside this program where there is one." type:"path"`
	OperatorToken string   `env:"SOUK_OPERATOR_TOKEN" help:"Secret that lets an operator watch. Without it one is made and kept in the data directory."`
	Origin        []string `help:"Further web origin whose pages may connect, such as https://example.org; may be repeated."`
	TLSCert       string   `name:"tls-cert" help:"Certificate (PEM) to serve with TLS." type:"path"`
	TLSKey        string   `name:"tls-key" help:"Key of the certificate (PEM)." type:"path"`
	Addr          string   `name:"addr-file" help:"File to write the address to once it listens, for scripts that use port 0." type:"path"`
	Verbose       bool     `short:"v" help:"Log every connection."`
	JSON          bool     `name:"json" help:"Log in JSON."`
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	var f flags
	code := -1
	parser, err := kong.New(&f, kong.Name("soukd"), kong.Description("The server of Souk."),
		kong.Writers(stdout, stderr), kong.Exit(func(c int) { code = c }))
	if err != nil {
		fmt.Fprintln(stderr, "soukd:", err)
		return 2
	}
	_, err = parser.Parse(doubleDashes(args))
	if code >= 0 { // --help
		return code
	}
	if err != nil {
		fmt.Fprintf(stderr, "soukd: %v; see soukd --help\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := f.serve(ctx, stderr); err != nil {
		fmt.Fprintln(stderr, "soukd:", err)
		return 1
	}
	return 0
}

// doubleDashes lets long flags be written with one dash, as Go's own programs do.
func doubleDashes(args []string) []string {
	out := make([]string, len(args))
	for i, a := range args {
		if a == "--" {
			copy(out[i:], args[i:])
			break
		}
		if len(a) > 2 && a[0] == '-' && a[1] != '-' {
			a = "-" + a
		}
		out[i] = a
	}
	return out
}

func (f *flags) serve(ctx context.Context, stderr io.Writer) error {
	log := f.logger(stderr)
	c, err := catalog.Open(f.Catalogue)
	if err != nil {
		return err
	}
	p, err := plan.New(c, f.PlanSeed)
	if err != nil {
		return fmt.Errorf("laying out the market: %w", err)
	}
	if err := f.checkModel(c); err != nil {
		return err
	}
	console, err := f.console()
	if err != nil {
		return err
	}
	token, err := f.operatorToken(log)
	if err != nil {
		return err
	}
	s, err := server.New(server.Config{Listen: f.Listen, Plan: p, Data: f.Data, SetAside: f.SetAside, Model: f.Model, Console: console,
		OperatorToken: token, Origins: f.Origin, TLSCert: f.TLSCert, TLSKey: f.TLSKey, Log: log})
	if err != nil {
		return err
	}
	if err := s.Start(); err != nil {
		return errors.Join(err, s.Close())
	}
	if f.Addr != "" {
		if err := writeAddr(f.Addr, s.Addr()); err != nil {
			return errors.Join(err, s.Close())
		}
	}
	<-ctx.Done()
	log.Info("going down: clients are told to come back later")
	if err := s.Close(); err != nil {
		return fmt.Errorf("going down: %w", err)
	}
	log.Info("down")
	return nil
}

// writeAddr writes the file whole or not at all: a script may be waiting for it.
func writeAddr(path, addr string) error {
	tmp := path + ".new"
	err := os.WriteFile(tmp, []byte(addr+"\n"), 0o644)
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		return fmt.Errorf("writing the address: %w", err)
	}
	return nil
}

func (f *flags) logger(w io.Writer) *slog.Logger {
	opts := &slog.HandlerOptions{Level: slog.LevelInfo}
	if f.Verbose {
		opts.Level = slog.LevelDebug
	}
	if f.JSON {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// checkModel refuses a model that no client of this market could use, before one downloads it.
func (f *flags) checkModel(c *catalog.Catalog) error {
	if f.Model == "" {
		return nil
	}
	if _, err := os.Stat(f.Model); err != nil {
		return nil // the server has the sentence for it
	}
	m, err := train.LoadModel(f.Model)
	if err != nil {
		return err
	}
	if m.Catalogue != c.Fingerprint() {
		return fmt.Errorf("the model %s was trained on another catalogue (%.12s) than %s (%.12s): train one with souklab train, or start with the catalogue it belongs to", f.Model, m.Catalogue, c.Name, c.Fingerprint())
	}
	return nil
}

func (f *flags) console() (fs.FS, error) {
	if f.Console == "" {
		// Where make build puts both, the console lies beside the program.
		if exe, err := os.Executable(); err == nil {
			beside := filepath.Join(filepath.Dir(exe), "console")
			if _, err := os.Stat(filepath.Join(beside, "index.html")); err == nil {
				return os.DirFS(beside), nil
			}
		}
		return nil, nil
	}
	if info, err := os.Stat(f.Console); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("there is no directory %s with the console's files: build it with make console, or start without -console", f.Console)
	}
	return os.DirFS(f.Console), nil
}

// operatorToken is the one given, or the one kept in the data directory, or a new one kept there.
func (f *flags) operatorToken(log *slog.Logger) (string, error) {
	if f.OperatorToken != "" {
		return f.OperatorToken, nil
	}
	path := filepath.Join(f.Data, "operator-token")
	b, err := os.ReadFile(path)
	if token := strings.TrimSpace(string(b)); err == nil && token != "" {
		return token, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("reading the operator's token: %w", err)
	}
	token := server.NewToken()
	if err := os.MkdirAll(f.Data, 0o700); err != nil {
		return "", fmt.Errorf("making the data directory: %w", err)
	}
	if err := os.WriteFile(path, []byte(token+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keeping the operator's token: %w", err)
	}
	log.Info("an operator's token was made", "file", path)
	return token, nil
}
