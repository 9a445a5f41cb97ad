package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/lettering"
	"souk/scene/market/model"
	"souk/scene/market/model/gltf"
	"souk/scene/market/model/library"
	"souk/scene/market/model/portrait"
	"souk/world"
	"souk/world/catalog"
)

// modelCmd writes and draws the models of things for sale.
type modelCmd struct {
	Item      string `arg:"" optional:"" help:"The item: its id, or its row in the catalogue, from 1."`
	Catalogue string `default:"demo" help:"demo, demo:seed=1,items=2000, or a CSV file."`
	Family    string `help:"Instead of an item: a kind of thing, as lamp or chair."`
	Shape     string `default:"0.4 0.3 0.6 0.4" help:"With --family: slender to squat, round to angular, plain to ornate, and one that is free, each from 0 to 1."`
	Colours   string `default:"#a8452f #e8dcc0" help:"With --family: its two colours."`
	Material  string `help:"With --family: what it is made of, as oak, brass, glass, linen."`
	Size      string `help:"With --family: width, height and depth in metres, as 0.3 0.5 0.3."`
	Detail    string `default:"near" enum:"near,middle,far" help:"How closely it is seen: near, middle or far."`
	Out       string `short:"o" placeholder:"FILE.glb" help:"Where to write the model as binary glTF 2.0."`
	Picture   string `placeholder:"FILE.png" help:"Draw the model."`
	Textures  int    `default:"256" help:"Texels, the side of the materials' textures in the file; 0 leaves them out."`
	Sheet     string `placeholder:"FILE.png" help:"Draw the contact sheet of all families."`
	Columns   int    `default:"5" help:"Families side by side on the sheet."`
	Variants  int    `default:"3" help:"Items of each family on the sheet."`
	Cell      int    `default:"200" help:"Pixels, the side of a picture or of each item on the sheet."`
}

// Help is shown below the flags.
func (cmd *modelCmd) Help() string {
	return `Examples:
  souklab model i000042 -o kettle.glb
  souklab model 42 --catalogue shop.csv -o thing.glb --picture thing.png
  souklab model --family lamp --shape "0.2 0.1 0.9 0.7" --material brass -o lamp.glb
  souklab model --sheet sheet.png --columns 8 --cell 240

Families: ` + strings.Join(catalog.Families(), ", ")
}

// Run writes what is asked for.
func (cmd *modelCmd) Run(ctx context.Context) error {
	if cmd.Out == "" && cmd.Picture == "" && cmd.Sheet == "" {
		return errors.New("there is nothing to write: give -o FILE.glb, --picture FILE.png or --sheet FILE.png")
	}
	if cmd.Cell < 16 || cmd.Cell > 2000 || cmd.Columns < 1 || cmd.Variants < 1 || cmd.Variants > 12 || cmd.Textures < 0 || cmd.Textures > 1024 {
		return errors.New("--cell is 16 to 2000 pixels, --columns at least 1, --variants 1 to 12, --textures 0 to 1024 texels: give such")
	}
	var d model.Detail
	for d.String() != cmd.Detail {
		d++
	}
	if cmd.Sheet != "" {
		if err := cmd.sheet(ctx, d); err != nil {
			return err
		}
	}
	if cmd.Out == "" && cmd.Picture == "" {
		return nil
	}
	m, o, err := cmd.model(d)
	if err != nil {
		return err
	}
	if cmd.Out != "" {
		if !strings.EqualFold(filepath.Ext(cmd.Out), ".glb") {
			return fmt.Errorf("writing %s: models are written as binary glTF; give a name that ends in .glb", cmd.Out)
		}
		if err := writeWhole(cmd.Out, func(w io.Writer) error { return gltf.Export(w, m, o) }); err != nil {
			return err
		}
		b := m.Bounds()
		fmt.Printf("wrote %s: %s, %d triangles, %.2f × %.2f × %.2f m\n", cmd.Out, strings.TrimSpace(o.Item+" "+o.Family), m.Triangles(),
			b.Max.X-b.Min.X, b.Max.Y-b.Min.Y, b.Max.Z-b.Min.Z)
	}
	if cmd.Picture == "" {
		return nil
	}
	img := image.NewRGBA(image.Rect(0, 0, cmd.Cell, cmd.Cell))
	portrait.New(1).Draw(img, img.Rect, m, portrait.View{Yaw: -.45, Pitch: .32, Table: tableColour(0)})
	if err := writeWhole(cmd.Picture, func(w io.Writer) error { return png.Encode(w, img) }); err != nil {
		return err
	}
	fmt.Printf("drew %s\n", cmd.Picture)
	return nil
}

// sheet draws the contact sheet.
func (cmd *modelCmd) sheet(ctx context.Context, d model.Detail) error {
	c, err := catalog.Open(cmd.Catalogue)
	if err != nil {
		return err
	}
	faces, err := lettering.LoadFonts()
	if err != nil {
		return err
	}
	img, err := sheet{columns: cmd.Columns, variants: cmd.Variants, cell: cmd.Cell, detail: d}.draw(ctx, c, faces)
	if err != nil {
		return err
	}
	if err := writeWhole(cmd.Sheet, func(w io.Writer) error { return png.Encode(w, img) }); err != nil {
		return err
	}
	fmt.Printf("drew %s, %d × %d pixels\n", cmd.Sheet, img.Rect.Dx(), img.Rect.Dy())
	return nil
}

// model is the mesh that is asked for, and what its file says of it.
func (cmd *modelCmd) model(d model.Detail) (*model.Mesh, gltf.Options, error) {
	o := gltf.Options{Detail: d, TextureSize: cmd.Textures, Seed: 1}
	if cmd.Textures == 0 {
		o.TextureSize = -1
	}
	if (cmd.Item == "") == (cmd.Family == "") {
		return nil, o, errors.New("say what to model: an item's id or row, or --family NAME, and not both")
	}
	if cmd.Family != "" {
		s, err := cmd.spec()
		if err != nil {
			return nil, o, err
		}
		o.Family = s.Family
		return model.Build(s, d), o, nil
	}
	c, err := catalog.Open(cmd.Catalogue)
	if err != nil {
		return nil, o, err
	}
	i, ok := c.Index(cmd.Item)
	if !ok {
		row, err := strconv.Atoi(cmd.Item)
		if err != nil || row < 1 || row > len(c.Items) {
			return nil, o, fmt.Errorf("%s has no item %q: give an id as %s, or a row from 1 to %d", c.Name, cmd.Item, c.Items[0].ID, len(c.Items))
		}
		i = world.ItemIndex(row - 1)
	}
	o.Item, o.Family = c.Items[i].ID, c.Family(i)
	l := library.Of(c, nil)
	m := l.Mesh(i, c.Items[i].Look.Size, d)
	for _, r := range l.Refused() {
		return nil, o, fmt.Errorf("the item %s brings %s, which cannot be shown: %s", r.ID, r.Path, r.Reason)
	}
	return m, o, nil
}

// spec is the thing that the flags describe.
func (cmd *modelCmd) spec() (s model.Spec, err error) {
	s = model.Spec{Family: strings.ToLower(cmd.Family), Material: cmd.Material}
	if !catalog.KnownFamily(s.Family) {
		return s, fmt.Errorf("there is no family %q: give one of %s", cmd.Family, strings.Join(catalog.Families(), ", "))
	}
	shape, ok := numbers(cmd.Shape, 4, 0, 1)
	if !ok {
		return s, fmt.Errorf("--shape %q is not four numbers from 0 to 1: write it as \"0.4 0.3 0.6 0.4\"", cmd.Shape)
	}
	for i := range s.Look.Shape {
		s.Look.Shape[i] = float32(shape[i])
	}
	s.Look.Size = catalog.FamilySize(s.Family)
	if cmd.Size != "" {
		size, ok := numbers(cmd.Size, 3, .001, 10)
		if !ok {
			return s, fmt.Errorf("--size %q is not three lengths of 0.001 to 10 m: write it as \"0.3 0.5 0.3\"", cmd.Size)
		}
		s.Look.Size = r3.Vec{X: size[0], Y: size[1], Z: size[2]}
	}
	colours := strings.Fields(cmd.Colours)
	if len(colours) != 2 {
		return s, fmt.Errorf("--colours %q are not two colours: write them as \"#a8452f #e8dcc0\"", cmd.Colours)
	}
	for i, to := range []*world.RGB{&s.Look.Primary, &s.Look.Accent} {
		if *to, ok = catalog.ParseColour(colours[i]); !ok {
			return s, fmt.Errorf("%q is no colour: write it as #a8452f", colours[i])
		}
	}
	return s, nil
}

// numbers reads exactly n numbers between lo and hi.
func numbers(text string, n int, lo, hi float64) ([]float64, bool) {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' })
	if len(words) != n {
		return nil, false
	}
	out := make([]float64, n)
	for i, w := range words {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil || !(v >= lo && v <= hi) {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}
