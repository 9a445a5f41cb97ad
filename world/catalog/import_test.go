package catalog_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"souk/world"
	"souk/world/catalog"
)

var update = flag.Bool("update", false, "rewrite the golden files under testdata")

// TestBadRowsAreReportedAndLeftOut holds the report to a golden file: each bad
// row with its file, line, field and reason.
func TestBadRowsAreReportedAndLeftOut(t *testing.T) {
	raw, err := os.ReadFile("testdata/bad.csv")
	if err != nil {
		t.Fatal(err)
	}
	c, rep, err := catalog.ImportCSV(bytes.NewReader(raw), "bad.csv", catalog.DefaultColumns())
	if err != nil {
		t.Fatal(err)
	}
	golden := "testdata/bad.report.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(rep.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), rep.String()); diff != "" {
		t.Errorf("the report differs (-want +got):\n%s", diff)
	}
	if c.Report() != rep {
		t.Error("the catalogue does not carry its report")
	}
	var got []string
	for i := range c.Items {
		got = append(got, c.Items[i].ID+" "+c.Path(c.Items[i].Category, "en")+" "+c.Family(world.ItemIndex(i))+" "+c.Items[i].Price.String())
	}
	good := []string{"a1 Home/Lighting/Lamps lamp 12.90", "a15 Kitchen/Teapots teapot 30.00", "a16 Home/Gizmos box 5.50", "a17 Home/Other vase 7.00"}
	if diff := cmp.Diff(good, got); diff != "" {
		t.Errorf("the items differ (-want +got):\n%s", diff)
	}
}

// TestUnusableFilesAreRefused holds that each gets one sentence with the cause
// and the cure.
func TestUnusableFilesAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, say string }{
		"empty":         {"", "it is empty"},
		"no header":     {"\"", "not CSV"},
		"no price":      {"id,name_en,category\na,b,c\n", `no column "price"`},
		"column twice":  {"id,id,name_en,category,price\n", "stands there twice"},
		"only a header": {"id,name_en,category,price\n", "none of its 0 rows"},
		"all bad":       {"id,name_en,category,price\na,b,c,x\n", `line 2, field price: "x" is not a price above 0`},
		"other charset": {"id,name_en,category,price\na,\xff\xfe,c,1\n", "save the file as UTF-8"},
	} {
		_, _, err := catalog.ImportCSV(strings.NewReader(c.text), "f.csv", catalog.DefaultColumns())
		if err == nil || !strings.Contains(err.Error(), c.say) || !strings.Contains(err.Error(), "f.csv") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; it should say %q", name, err, c.say)
		}
	}
	long := "id,name_en,category,price\na,b,c," + strings.Repeat("9€", 5000) + "\n"
	if _, _, err := catalog.ImportCSV(strings.NewReader(long), "f.csv", catalog.DefaultColumns()); err == nil || len(err.Error()) > 600 {
		t.Errorf("a long field makes a message of %d bytes", len(err.Error()))
	}
	if _, err := catalog.Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "it is a folder") {
		t.Errorf("a folder: %v", err)
	}
	broken := errors.New("the disk is gone")
	for _, before := range []string{"", "id,name_en,category,price\na,b,c,1\n"} {
		r := io.MultiReader(strings.NewReader(before), iotest.ErrReader(broken))
		if _, _, err := catalog.ImportCSV(r, "f.csv", catalog.DefaultColumns()); !errors.Is(err, broken) {
			t.Errorf("a read error after %q comes out as %v", before, err)
		}
	}
}

// TestColumnMapBesideTheFile holds that another shop's columns can be read,
// byte order mark and all.
func TestColumnMapBesideTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.csv")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.WriteFile(path, []byte("\ufeffSKU,Bezeichnung,Gruppe,Preis\nx-1,Vase blau,Haus/Vases,19.9\n"), 0o644))
	if _, err := catalog.Open(path); err == nil || !strings.Contains(err.Error(), ".columns.json") {
		t.Errorf("without a map: %v", err)
	}
	must(os.WriteFile(path+".columns.json", []byte(`{"id":"SKU","name_en":"Bezeichnung","category":"Gruppe","price":"Preis"}`), 0o644))
	c, err := catalog.Open(path)
	must(err)
	if i, ok := c.Index("x-1"); !ok || c.Items[i].Price != 1990 || c.Family(i) != "vase" || c.Name != path {
		t.Errorf("read %+v", c.Items)
	}
	must(os.WriteFile(path+".columns.json", []byte(`{"sku":"SKU"}`), 0o644))
	if _, err := catalog.Open(path); err == nil || !strings.Contains(err.Error(), `unknown field "sku"`) {
		t.Errorf("with a slip in the map: %v", err)
	}
}

// TestOpenSaysWhatIsWrongWithASpec holds the sentences for wrong specs.
func TestOpenSaysWhatIsWrongWithASpec(t *testing.T) {
	for spec, say := range map[string]string{
		"demo:items=0": "ask for 1 to", "demo:items=x": "no whole number", "demo:shops=3": `no part "shops"`, "missing.csv": "no such file", "demo:seed=-1": "no whole number",
	} {
		if _, err := catalog.Open(spec); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v; it should say %q", spec, err, say)
		}
	}
	c, err := catalog.Open("demo:seed=7,items=30")
	if err != nil || len(c.Items) != 30 || c.Name != "demo:seed=7,items=30" {
		t.Errorf("demo:seed=7,items=30: %v", err)
	}
}

// TestAssembleRefusesBrokenParts holds its checks one by one.
func TestAssembleRefusesBrokenParts(t *testing.T) {
	make3 := func() ([]world.Item, []world.Category, []world.Seller) {
		c, err := catalog.Generate(3, 1)
		if err != nil {
			t.Fatal(err)
		}
		return c.Items, c.Categories, c.Sellers
	}
	for name, spoil := range map[string]func(it *world.Item, cats []world.Category){
		"no id": func(it *world.Item, _ []world.Category) { it.ID = "" }, "no name": func(it *world.Item, _ []world.Category) { it.Name = world.Text{} },
		"price": func(it *world.Item, _ []world.Category) { it.Price = 0 }, "seller": func(it *world.Item, _ []world.Category) { it.Seller = 99 },
		"category": func(it *world.Item, _ []world.Category) { it.Category = -1 }, "inner": func(it *world.Item, _ []world.Category) { it.Category = 0 },
		"stock": func(it *world.Item, _ []world.Category) { it.Stock = -1 }, "size": func(it *world.Item, _ []world.Category) { it.Look.Size.X = 0 },
		"twice": func(it *world.Item, _ []world.Category) { it.ID = "i000002" }, "parent": func(_ *world.Item, c []world.Category) { c[0].Parent = 1 },
		"shape": func(it *world.Item, _ []world.Category) { it.Look.Shape[2] = 1.5 }, "colour": func(it *world.Item, _ []world.Category) { it.Look.Accent.G = -1 },
	} {
		items, cats, sellers := make3()
		spoil(&items[0], cats)
		if _, err := catalog.Assemble("x", items, cats, sellers); err == nil {
			t.Errorf("%s: it is accepted", name)
		}
	}
	if _, err := catalog.Assemble("x", nil, nil, nil); err == nil {
		t.Error("an empty catalogue is accepted")
	}
}

// FuzzImportCSV holds that no file makes the importer panic, that its counts
// add up, and that what it accepts can be written and read again unchanged.
func FuzzImportCSV(f *testing.F) {
	raw, err := os.ReadFile("testdata/bad.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	c, err := catalog.Generate(5, 2)
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := c.WriteCSV(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("id,name_en,category,price\n\"a\nb\",c,d/e,1\n"))
	f.Add([]byte("id,name_zh,category,price,category_zh\n一,二,a/a,3,b/c\n二,二,a,3,\n三,四,A/OTHER,3,\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, rep, err := catalog.ImportCSV(bytes.NewReader(raw), "f", catalog.DefaultColumns())
		sum := 0
		for _, n := range rep.Reasons {
			sum += n
		}
		if sum != rep.BadRows() {
			t.Fatalf("%d bad rows, %d reasons", rep.BadRows(), sum)
		}
		if err != nil {
			return
		}
		if len(c.Items) != rep.Good {
			t.Fatalf("%d items of %d good rows", len(c.Items), rep.Good)
		}
		var b bytes.Buffer
		if err := c.WriteCSV(&b); err != nil {
			return
		}
		again, rep, err := catalog.ImportCSV(&b, "again", catalog.DefaultColumns())
		if err != nil || rep.BadRows() > 0 {
			t.Fatalf("written, it does not read again: %v\n%s", err, rep)
		}
		if again.Fingerprint() != c.Fingerprint() {
			t.Fatalf("written and read again, it differs:\n%s", cmp.Diff(c.Items, again.Items)+cmp.Diff(c.Categories, again.Categories)+cmp.Diff(c.Sellers, again.Sellers))
		}
	})
}

// TestAnItemsOwnModelIsAnAttribute holds that the column and the attribute say the same, that
// both survive a file, and that how a thing is shown changes nothing of what it is like.
func TestAnItemsOwnModelIsAnAttribute(t *testing.T) {
	read := func(text string) *catalog.Catalog {
		t.Helper()
		c, rep, err := catalog.ImportCSV(strings.NewReader(text), "shop.csv", catalog.DefaultColumns())
		if err != nil || rep.BadRows() > 0 {
			t.Fatal(err, rep)
		}
		return c
	}
	column := read("id,name_en,category,price,attributes,model\na,Lamp,Lamps,10,material=oak,m/a b.glb\n")
	among := read("id,name_en,category,price,attributes\na,Lamp,Lamps,10,material=oak; model=m/a b.glb\n")
	plain := read("id,name_en,category,price,attributes\na,Lamp,Lamps,10,material=oak\n")
	if diff := cmp.Diff(column.Items, among.Items); diff != "" || column.Attribute(0, catalog.ModelKey) != "m/a b.glb" {
		t.Errorf("column and attribute differ: %s", diff)
	}
	if diff := cmp.Diff(plain.Features, column.Features); diff != "" {
		t.Errorf("the model changes the features: %s", diff)
	}
	var b bytes.Buffer
	if err := column.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	if again := read(b.String()); again.Fingerprint() != column.Fingerprint() {
		t.Errorf("written and read again it differs:\n%s", b.String())
	}
	column.Report().BadModel("a", "it is a teapot")
	if got := column.Report().Warnings; len(got) != 1 || got[0].Line != 2 || got[0].Field != "model" {
		t.Errorf("the warning is %+v", got)
	}
	_, rep, _ := catalog.ImportCSV(strings.NewReader("id,name_en,category,price,attributes,model\na,Lamp,Lamps,10,model=b.glb,a.glb\nb,Lamp,Lamps,1,,\n"), "shop.csv", catalog.DefaultColumns())
	if rep.BadRows() != 1 || rep.Bad[0].Field != "model" {
		t.Errorf("two models in a row: %v", rep)
	}
}
