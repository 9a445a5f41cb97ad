package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"souk/scene/market/model/gltf"
)

// TestModelCommands holds the way from an item to its file and back into a
// catalogue, the pictures, and the exit status of each wrong turn.
func TestModelCommands(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	shop := "id,name_en,category,price,model\nown,Lamp,Lamps,10,lamp.glb\nlost,Lamp,Lamps,10,none.glb\n"
	if err := os.WriteFile(in("shop.csv"), []byte(shop), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{"model", "i000003", "--catalogue", "demo:items=40", "-o", in("item.glb"), "--textures", "32"}, 0},
		{[]string{"model", "3", "--catalogue", "demo:items=40", "-o", in("row.glb"), "--textures", "32"}, 0},
		{[]string{"model", "--family", "lamp", "--material", "brass", "--detail", "middle", "--textures", "0", "-o", in("lamp.glb"), "--picture", in("lamp.png"), "--cell", "64"}, 0},
		{[]string{"model", "own", "--catalogue", in("shop.csv"), "-o", in("own.glb"), "--textures", "0"}, 0},
		{[]string{"model", "lost", "--catalogue", in("shop.csv"), "-o", in("lost.glb")}, 1},
		{[]string{"catalogue", "check", in("shop.csv")}, 0},
		{[]string{"model", "--catalogue", "demo:items=30", "-sheet", in("sheet.png"), "--cell", "24", "--variants", "2"}, 0},
		{[]string{"model", "nobody", "-o", in("x.glb")}, 1},
		{[]string{"model", "--family", "spaceship", "-o", in("x.glb")}, 1},
		{[]string{"model", "--family", "lamp", "--shape", "1 2 3", "-o", in("x.glb")}, 1},
		{[]string{"model", "--family", "lamp", "--size", "1 1 -3", "-o", in("x.glb")}, 1},
		{[]string{"model", "--family", "lamp", "--colours", "red", "-o", in("x.glb")}, 1},
		{[]string{"model", "--family", "lamp", "-o", in("x.obj")}, 1},
		{[]string{"model", "i000001", "--family", "lamp", "-o", in("x.glb")}, 1},
		{[]string{"model", "i000001"}, 1},
		{[]string{"model", "i000001", "--detail", "closer", "-o", in("x.glb")}, 2},
	} {
		if got := run(c.args); got != c.want {
			t.Errorf("souklab %v: exit status %d, want %d", c.args, got, c.want)
		}
	}
	a, errA := os.ReadFile(in("item.glb"))
	b, errB := os.ReadFile(in("row.glb"))
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("the item by id and by row differ: %v, %v", errA, errB)
	}
	lamp, err := os.ReadFile(in("own.glb"))
	if err != nil {
		t.Fatal(err)
	}
	if m, err := gltf.Import(lamp, gltf.DefaultLimits()); err != nil || m.Triangles() < 60 {
		t.Errorf("the lamp that was brought: %v", err)
	}
	for name, least := range map[string]int{"lamp.png": 64, "sheet.png": 100} {
		f, err := os.Open(in(name))
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(f)
		f.Close()
		if err != nil || img.Bounds().Dx() < least {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(in("x.glb")); err == nil {
		t.Error("a wrong command wrote a file")
	}
}
