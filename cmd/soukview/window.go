//go:build !js

package main

import (
	"fmt"
	"image"
	"image/png"
	"os"

	"github.com/alecthomas/kong"

	"souk/scene/console"
	"souk/scene/lettering"
)

type flags struct {
	Server     string `help:"Address of the server, http:// or https://." default:"http://127.0.0.1:8080" placeholder:"URL"`
	Token      string `help:"The operator's token, as given to soukd." env:"SOUK_OPERATOR_TOKEN"`
	Lang       string `help:"Language, en or zh; L changes it." enum:"en,zh" default:"en"`
	Width      int    `help:"Width of the window, pixels." default:"1280"`
	Height     int    `help:"Height of the window, pixels." default:"720"`
	Frames     int    `help:"Stop after so many frames (for tests)."`
	Wait       bool   `help:"With -frames: count from the first heat on."`
	Screenshot string `help:"With -frames: write the last frame to this PNG file." placeholder:"FILE"`
}

func main() {
	var f flags
	kong.Parse(&f, kong.Name("soukview"), kong.Description(`The operator's console of Souk: people and attention on the market's floor, live.

Examples:
  soukview                                        a server on this machine
  soukview --server https://souk.example --token T   one elsewhere`))
	if err := run(f); err != nil {
		fmt.Fprintln(os.Stderr, "soukview:", err)
		os.Exit(1)
	}
}

func run(f flags) error {
	if f.Width < 320 || f.Height < 240 {
		return fmt.Errorf("a window of %d×%d is too small: give --width of at least 320 and --height of at least 240", f.Width, f.Height)
	}
	if f.Screenshot != "" && f.Frames <= 0 {
		return fmt.Errorf("--screenshot needs --frames N: the picture is of the last frame")
	}
	opt := console.Options{Frames: f.Frames, Wait: f.Wait, Lang: f.Lang}
	if faces, err := lettering.LoadFonts(); err == nil && faces.Chinese() {
		// A font that has gone since is no reason not to open.
		opt.Chinese, _ = os.ReadFile(faces.ChineseFont())
	}
	var failed error
	if f.Screenshot != "" {
		opt.Shot = func(img image.Image) { failed = writePNG(f.Screenshot, img) }
	}
	if err := show(f.Server, f.Token, opt, f.Width, f.Height); err != nil {
		return err
	}
	return failed
}

func writePNG(name string, img image.Image) error {
	w, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("writing the screenshot: %w", err)
	}
	if err := png.Encode(w, img); err != nil {
		w.Close()
		return fmt.Errorf("writing the screenshot %s: %w", name, err)
	}
	return w.Close()
}
