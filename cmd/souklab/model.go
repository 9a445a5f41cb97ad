package main

import (
	"context"
	"fmt"
	"image/png"
	"io"

	"souk/scene/lettering"
	"souk/scene/market/model"
	"souk/world/catalog"
)

// modelCmd shows and writes the models of things for sale.
type modelCmd struct {
	Catalogue string `default:"demo" help:"demo, demo:seed=1,items=2000, or a CSV file."`
	Sheet     string `placeholder:"FILE.png" help:"Draw the contact sheet of all families."`
	Columns   int    `default:"5" help:"Families side by side on the sheet."`
	Variants  int    `default:"3" help:"Items of each family on the sheet."`
	Cell      int    `default:"200" help:"Pixels, of each item on the sheet."`
	Detail    string `default:"near" enum:"near,middle,far" help:"How closely the model is seen: near, middle or far."`
}

// Run draws the sheet.
func (cmd *modelCmd) Run(ctx context.Context) error {
	c, err := catalog.Open(cmd.Catalogue)
	if err != nil {
		return err
	}
	faces, err := lettering.LoadFonts()
	if err != nil {
		return err
	}
	var d model.Detail
	for d.String() != cmd.Detail {
		d++
	}
	img, err := sheet{columns: cmd.Columns, variants: cmd.Variants, cell: cmd.Cell, detail: d}.draw(ctx, c, faces)
	if err != nil {
		return err
	}
	if err := writeWhole(cmd.Sheet, func(w io.Writer) error { return png.Encode(w, img) }); err != nil {
		return err
	}
	fmt.Printf("drew %s, %d × %d\n", cmd.Sheet, img.Rect.Dx(), img.Rect.Dy())
	return nil
}
