package main

import (
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"text/tabwriter"

	"souk/scene/lettering"
	"souk/scene/sound"
)

// soundCmd writes the market's sounds, to be listened to without the market.
type soundCmd struct {
	Out     string  `short:"o" placeholder:"DIR" help:"Where to write each sound as a WAV file, a walk with all of them, and sheet.png: what they look like."`
	Seed    uint64  `default:"1" help:"The seed that the sounds are made from; the market uses 1."`
	Seconds float64 `default:"24" help:"The length of the walk, seconds."`
	Hour    float64 `default:"17" help:"The time of day of the walk, 0 to 24: crickets sing in the evening."`
}

// Help is shown below the flags.
func (cmd *soundCmd) Help() string {
	return `Examples:
  souklab sound                  a table: length, level, loudness, brightness
  souklab sound -o sounds        the same, WAV files and sounds/sheet.png
  souklab sound -o sounds --hour 20.5 --seconds 60`
}

// Run makes the sounds, prints what they are and writes what is asked for.
func (cmd *soundCmd) Run(ctx context.Context) error {
	if !(cmd.Seconds > 0 && cmd.Seconds <= 3600) || !(cmd.Hour >= 0 && cmd.Hour <= 24) {
		return errors.New("--seconds is above 0 and at most 3600, --hour 0 to 24: give such")
	}
	bank := sound.NewBank(cmd.Seed)
	all := bank.All()
	left, right := soundWalk(bank, cmd.Seconds, cmd.Hour)
	all = append(all, sound.Named{Name: "walk", Sides: [][]float32{left, right}})
	describeSounds(os.Stdout, all)
	if cmd.Out == "" {
		return nil
	}
	if err := os.MkdirAll(cmd.Out, 0o755); err != nil {
		return fmt.Errorf("making the folder for the sounds: %w; give another one with -o", err)
	}
	for _, s := range all {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := writeWhole(filepath.Join(cmd.Out, s.Name+".wav"), func(w io.Writer) error { return sound.WriteWAV(w, s.Sides...) }); err != nil {
			return err
		}
	}
	faces, err := lettering.LoadFonts()
	if err != nil {
		return err
	}
	img := soundSheet(all, faces)
	if err := writeWhole(filepath.Join(cmd.Out, "sheet.png"), func(w io.Writer) error { return png.Encode(w, img) }); err != nil {
		return err
	}
	fmt.Printf("wrote %d sounds and sheet.png to %s\n", len(all), cmd.Out)
	return nil
}

// describeSounds prints a line a sound.
func describeSounds(w io.Writer, all []sound.Named) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "sound\tseconds\tpeak, dB\tloudest 400 ms, LUFS\tmean, LUFS\tcentroid, Hz\t")
	for _, s := range all {
		peak := 0.0
		for _, side := range s.Sides {
			for _, v := range side {
				peak = max(peak, math.Abs(float64(v)))
			}
		}
		most, mean := sound.Loudness(s.Sides...)
		fmt.Fprintf(tw, "%s\t%.2f\t%.1f\t%.1f\t%.1f\t%.0f\t\n", s.Name, float64(len(s.Sides[0]))/sound.Rate, 20*math.Log10(peak), most, mean, sound.Centroid(s.Sides[0]))
	}
	tw.Flush()
}
