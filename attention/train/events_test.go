package train_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"souk/attention/train"
	"souk/world"
)

func TestEventsComeBackAsTheyWereWritten(t *testing.T) {
	want := []world.Event{
		{ID: "01", Visitor: "v,1", Session: "s\"", Time: 1.7e9 + 1.0/3, Kind: world.EventDwell, Item: "集", Dwell: 1.1, Exposure: 0.3, InView: 2,
			Eccentricity: 0.12345, Slot: world.NoSlot, Source: world.SourceEye},
		{ID: "02", Visitor: "v", Time: -3, Kind: world.EventPurchase, Item: "i\n2", Amount: 1290, Slot: 7, Source: world.SourceViewCentre},
		{ID: "03", Visitor: "v", Kind: world.EventPlace, Item: "i", Propensity: 1e-7},
	}
	var b bytes.Buffer
	if err := train.WriteCSV(&b, want); err != nil {
		t.Fatal(err)
	}
	got, rep, err := train.ReadCSV(&b, "f.csv")
	if err != nil || rep.Bad != 0 || rep.Rows != 3 {
		t.Fatalf("%+v, %v", rep, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBadRowsAreNamedByFileLineAndField(t *testing.T) {
	in := "\ufeffitem,Time,visitor,kind,dwell_s,slot,source,mood\n" +
		"i1,1,v,dwell,2.5,,eye,happy\n" +
		"i1,soon,v,dwell,2,,,\n" +
		"i1,2,v,stare,2,,,\n" +
		"i1,3,v,dwell,NaN,,,\n" +
		",4,v,dwell,1,,,\n" +
		"i1,,v,dwell,1,,,\n" +
		"i1,5,v,dwell,1,third,,\n" +
		"i1,6,v,dwell,1,,nose,\n" +
		"i\"1,7,v,dwell,1,,,\n" +
		"i2,8,v,like\n"
	got, rep, err := train.ReadCSV(strings.NewReader(in), "f.csv")
	if err != nil {
		t.Fatal(err)
	}
	want := []world.Event{{Visitor: "v", Time: 1, Kind: world.EventDwell, Item: "i1", Dwell: 2.5, Slot: world.NoSlot, Source: world.SourceEye},
		{Visitor: "v", Time: 8, Kind: world.EventLike, Item: "i2", Slot: world.NoSlot}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var lines []string
	for _, b := range rep.First {
		lines = append(lines, b.String())
	}
	wantLines := []string{
		`f.csv, line 3, field time: "soon" is not a finite number`,
		`f.csv, line 4, field kind: there is no kind "stare"`,
		`f.csv, line 5, field dwell_s: "NaN" is not a finite number`,
		`f.csv, line 6, field item: it is empty`,
		`f.csv, line 7, field time: it is empty`,
		`f.csv, line 8, field slot: "third" is not a whole number`,
		`f.csv, line 9, field source: there is no source "nose"`,
		`f.csv, line 10: bare " in non-quoted-field`,
	}
	if diff := cmp.Diff(wantLines, lines); diff != "" {
		t.Error(diff)
	}
	if rep.Rows != 10 || rep.Bad != 8 {
		t.Errorf("%d rows, %d bad", rep.Rows, rep.Bad)
	}
}

func TestAFileWithoutAUsableRowIsRefused(t *testing.T) {
	for in, want := range map[string]string{
		"":                                   "no rows",
		"visitor,time,kind,item\n":           "no rows",
		"visitor,time,kind\n":                "no column item",
		"visitor,time,kind,item\nv,x,like,i": "line 2, field time",
	} {
		if _, _, err := train.ReadCSV(strings.NewReader(in), "f.csv"); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "f.csv") {
			t.Errorf("%q: error %v, want one with %q", in, err, want)
		}
	}
	dir := t.TempDir()
	if _, _, err := train.ReadFiles(dir); err == nil || !strings.Contains(err.Error(), "no .csv") {
		t.Errorf("an empty folder: %v", err)
	}
	for _, name := range []string{"b.csv", "a.csv"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("visitor,time,kind,item\n"+name+",1,like,i\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, rep, err := train.ReadFiles(dir)
	if err != nil || len(got) != 2 || got[0].Visitor != "a.csv" || rep.Files != 2 {
		t.Errorf("a folder: %v, %+v, %v", got, rep, err)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add("visitor,time,kind,item,dwell_s,eccentricity_deg\nv,1,dwell,i,2,15\n")
	f.Add("visitor,time,kind,item\n\"v,1,like,i\n")
	f.Fuzz(func(t *testing.T, in string) {
		got, rep, err := train.ReadCSV(strings.NewReader(in), "f.csv")
		if err != nil {
			return
		}
		if len(got)+rep.Bad != rep.Rows {
			t.Fatalf("%d read + %d bad of %d", len(got), rep.Bad, rep.Rows)
		}
		for _, ev := range got {
			if ev.Item == "" || math.IsNaN(ev.Time) || ev.Kind == world.EventUnknown {
				t.Fatalf("row %+v", ev)
			}
		}
		var b bytes.Buffer
		if err := train.WriteCSV(&b, got); err != nil {
			t.Fatal(err)
		}
		again, _, err := train.ReadCSV(&b, "again")
		if err != nil || len(again) != len(got) {
			t.Fatalf("%d rows came back of %d: %v", len(again), len(got), err)
		}
	})
}
