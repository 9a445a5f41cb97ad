package main

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"

	"souk/scene/lettering"
	"souk/scene/market/model"
	"souk/scene/market/model/library"
	"souk/scene/market/model/portrait"
	"souk/world"
	"souk/world/catalog"
)

// sheet is a contact sheet: a card for each family, with some of its items on it.
type sheet struct {
	columns, variants int
	cell              int // pixels, of one portrait
	detail            model.Detail
}

// Colours of the sheet.
var (
	sheetGround = color.RGBA{38, 35, 33, 255}
	sheetInk    = color.RGBA{246, 238, 222, 255}
	sheetFaint  = color.RGBA{176, 164, 146, 255}
)

// draw draws the sheet of a catalogue's items; families without an item are left out.
func (s sheet) draw(ctx context.Context, c *catalog.Catalog, faces *lettering.Faces) (*image.RGBA, error) {
	cards := familyCards(c, s.variants)
	if len(cards) == 0 {
		return nil, fmt.Errorf("drawing the sheet: %s has no items", c.Name)
	}
	margin, foot, head := s.cell/10, s.cell*22/100, s.cell*46/100
	wide, high := s.variants*s.cell, s.cell+foot
	columns := min(s.columns, len(cards))
	rows := (len(cards) + columns - 1) / columns
	img := image.NewRGBA(image.Rect(0, 0, margin+columns*(wide+margin), head+rows*(high+margin)))
	draw.Draw(img, img.Rect, image.NewUniform(sheetGround), image.Point{}, draw.Src)
	title := lettering.Style{Size: float64(head) * .42, Weight: lettering.Bold}
	end := faces.Draw(img, float64(margin), float64(head)*.66, title, sheetInk, "The things of Souk")
	faces.Draw(img, end+float64(margin), float64(head)*.66, lettering.Style{Size: title.Size * .62}, sheetFaint,
		fmt.Sprintf("%d families · 市集里的 %d 类物品", len(cards), len(cards)))
	studio, models := portrait.New(1), library.Of(c, nil)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, card := range cards {
		at := image.Pt(margin+i%columns*(wide+margin), head+i/columns*(high+margin))
		table := tableColour(i)
		for k, item := range card.items {
			part := image.Rect(0, 0, s.cell, s.cell).Add(at).Add(image.Pt(k*s.cell, 0))
			g.Go(func() error {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				m := models.Mesh(item, c.Items[item].Look.Size, s.detail)
				b := m.Bounds()
				pitch := .3
				if flat := (b.Max.Y - b.Min.Y) / max(b.Max.X-b.Min.X, b.Max.Z-b.Min.Z); flat < .5 {
					pitch += .9 * (.5 - flat) // what lies is looked at from above
				}
				studio.Draw(img, part, m, portrait.View{Yaw: -.45 + .12*float64(k), Pitch: pitch, Fill: .74, Table: table})
				return nil
			})
		}
		for k := len(card.items); k < s.variants; k++ {
			fillRect(img, image.Rect(0, 0, s.cell, s.cell).Add(at).Add(image.Pt(k*s.cell, 0)), table)
		}
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for i, card := range cards {
		x, y := margin+i%columns*(wide+margin), head+i/columns*(high+margin)
		fillRect(img, image.Rect(x, y+s.cell, x+wide, y+high), world.RGB{R: .985, G: .97, B: .94})
		style := lettering.Style{Size: float64(foot) * .56, Weight: lettering.Bold}
		base := float64(y+s.cell) + float64(foot)*.68
		pen := faces.Draw(img, float64(x)+float64(foot)*.4, base, style, color.RGBA{44, 34, 28, 255}, card.name.EN)
		faces.Draw(img, pen+float64(foot)*.35, base, lettering.Style{Size: style.Size * .92}, color.RGBA{150, 84, 48, 255}, card.name.ZH)
	}
	return img, nil
}

func fillRect(img *image.RGBA, r image.Rectangle, c world.RGB) {
	draw.Draw(img, r, image.NewUniform(color.RGBA{uint8(c.R * 255), uint8(c.G * 255), uint8(c.B * 255), 255}), image.Point{}, draw.Src)
}

// tableColour goes round a few quiet colours.
func tableColour(i int) world.RGB {
	return [...]world.RGB{{R: .90, G: .87, B: .82}, {R: .80, G: .85, B: .86}, {R: .91, G: .83, B: .77}, {R: .84, G: .86, B: .79}, {R: .86, G: .82, B: .87}}[i%5]
}

// familyCard is a family with the items that show it.
type familyCard struct {
	family string
	name   world.Text
	items  []world.ItemIndex
}

// familyCards chooses n items of every family that has any: the first, and then always
// the one that looks least like those chosen.
func familyCards(c *catalog.Catalog, n int) []familyCard {
	by := map[string][]world.ItemIndex{}
	for i := range c.Items {
		f := c.Family(world.ItemIndex(i))
		by[f] = append(by[f], world.ItemIndex(i))
	}
	var cards []familyCard
	for _, family := range catalog.Families() {
		all := by[family]
		if len(all) == 0 {
			continue
		}
		card := familyCard{family: family, name: c.Categories[c.Items[all[0]].Category].Name, items: all[:1:1]}
		for len(card.items) < min(n, len(all)) {
			best, far := all[0], -1.0
			for _, i := range all {
				near := math.Inf(1)
				for _, j := range card.items {
					near = min(near, unlike(&c.Items[i].Look, &c.Items[j].Look))
				}
				if near > far {
					best, far = i, near
				}
			}
			card.items = append(card.items, best)
		}
		cards = append(cards, card)
	}
	return cards
}

// unlike is how far two looks are from one another.
func unlike(a, b *world.Look) float64 {
	sum := 0.0
	add := func(x, y float32) { sum += float64(x-y) * float64(x-y) }
	for i, weight := range [4]float32{1.5, 2.2, 1.5, 5} { // the last often chooses another form altogether
		add(weight*a.Shape[i], weight*b.Shape[i])
	}
	for _, p := range [2][2]world.RGB{{a.Primary, b.Primary}, {a.Accent, b.Accent}} {
		add(p[0].R, p[1].R)
		add(p[0].G, p[1].G)
		add(p[0].B, p[1].B)
	}
	return sum
}
