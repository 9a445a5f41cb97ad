package sequence_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"souk/attention/train/sequence"
)

func read(t *testing.T, text string) *sequence.Set {
	t.Helper()
	s, err := sequence.Read(strings.NewReader(text))
	if err != nil {
		t.Fatalf("reading %q: %v", text, err)
	}
	return s
}

func TestEveryFormOfFileGivesTheSameSequences(t *testing.T) {
	want := [][]int32{{0, 1, 2}, {2, 1}}
	forms := map[string]string{
		"a line a user":                        "7 10 20 30\n9 30 20\n",
		"a line a user, tabs, no last newline": "7\t10  20 30\r\n\n9 30 20",
		"a comment":                            "# users\n7 10 20 30\n9 30 20\n",
		"a line an interaction":                "7 10\n7 20\n9 30\n7 30\n9 20\n",
		"csv with a header in another order":   "timestamp,item_id,user_id\n3,30,7\n1,10,7\n2,20,7\n1,30,9\n2,20,9\n",
		"csv without a header":                 "7,10,1\n7,20,2\n7,30,2\n9,30,1\n9,20,5\n",
		"csv with dates":                       "user,item,date\n7,30,2024-01-03\n7,10,2024-01-01\n7,20,2024-01-02 10:00:00\n9,30,2024-01-01\n9,20,2024-01-02T00:00:00Z\n",
	}
	for name, text := range forms {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		z.Write([]byte(text)) //nolint:errcheck // into memory
		z.Close()             //nolint:errcheck // as above
		for _, form := range []string{text, packed.String()} {
			s := read(t, form)
			if !reflect.DeepEqual(s.Sequences, want) {
				t.Errorf("%s: sequences are %v, want %v", name, s.Sequences, want)
			}
			if strings.Join(s.Items, " ") != "10 20 30" || strings.Join(s.Users, " ") != "7 9" || s.Interactions() != 5 {
				t.Errorf("%s: items %v, users %v, %d interactions", name, s.Items, s.Users, s.Interactions())
			}
		}
	}
}

func TestItemsThatAreNoNumbersAreNumberedAsTheyComeUp(t *testing.T) {
	s := read(t, "u b a\nv a c\n")
	if strings.Join(s.Items, " ") != "b a c" {
		t.Errorf("items are %v", s.Items)
	}
}

func TestEqualTimesKeepTheOrderOfTheFile(t *testing.T) {
	s := read(t, "user,item,time\n1,5,9\n1,4,3\n1,3,3\n1,2,3\n")
	if got := s.Sequences[0]; !reflect.DeepEqual(got, []int32{2, 1, 0, 3}) {
		t.Errorf("order is %v", got)
	}
	if !reflect.DeepEqual(s.Times[0], []float64{3, 3, 3, 9}) {
		t.Errorf("times are %v", s.Times[0])
	}
}

func TestBadInputIsSaidInOneSentenceWithItsPlace(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(strings.Repeat("1 2 3\n", 9000))) //nolint:errcheck // into memory
	z.Close()                                        //nolint:errcheck // as above
	for name, c := range map[string]struct{ text, want string }{
		"nothing":              {"", "no line"},
		"a user alone":         {"1 2 3\n4\n", `line 2 has the user "4" and no item`},
		"a user twice":         {"1 2 3\n4 5 6\n1 7 8\n", "line 3"},
		"one item":             {"1 5\n2 5\n", "only 1 item"},
		"binary":               {"1 2\x00 3\n", "byte 0"},
		"a time that is none":  {"user,item,time\n1,2,yesterday\n", `line 2: the time "yesterday"`},
		"a time that is NaN":   {"user,item,time\n1,2,3\n1,3,NaN\n", "line 3"},
		"a missing column":     {"1,2\n", "user, item and time"},
		"a row of other width": {"user,item,time\n1,2,3\n1,2\n", "line 3"},
		"no item in a row":     {"user,item,time\n1,,3\n", "line 2 has no user or no item"},
		"a file that is cut":   {packed.String()[:packed.Len()/2], "ends in the middle"},
	} {
		_, err := sequence.Read(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error is %v, want one line with %q", name, err, c.want)
		}
	}
	if _, err := sequence.Open(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a path that is not there is no error")
	}
}

// folder writes the files of gSASRec's form.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAFolderOfSplitsIsPutTogetherWhateverIsAbsent(t *testing.T) {
	// Users 1 and 3 are in the training alike; the second of them validates.
	all := map[string]string{
		"train/input.txt": "1 2 3\n4 5 6\n1 2 3\n", "val/input.txt": "4 5 6\n", "val/output.txt": "7\n",
		"test/input.txt": "1 2 3\n4 5 6 7\n1 2 3\n", "test/output.txt": "8\n9\n2\n",
	}
	whole := [][]int32{{0, 1, 2, 7}, {3, 4, 5, 6, 8}, {0, 1, 2, 1}}
	without := func(names ...string) map[string]string {
		out := map[string]string{}
		for k, v := range all {
			out[k] = v
		}
		for _, n := range names {
			delete(out, n)
		}
		return out
	}
	for name, c := range map[string]struct {
		files  map[string]string
		want   [][]int32
		noTest bool
		note   string
	}{
		"whole":                  {all, whole, false, ""},
		"no train":               {without("train/input.txt"), whole, false, "train/input.txt is absent"},
		"no test input":          {without("test/input.txt"), whole, false, "1 of them with their answer"},
		"no test output":         {without("test/output.txt"), [][]int32{{0, 1, 2}, {3, 4, 5, 6}, {0, 1, 2}}, true, "the test cannot be judged"},
		"no test":                {without("test/output.txt", "test/input.txt"), [][]int32{{0, 1, 2}, {3, 4, 5, 6}, {0, 1, 2}}, true, "the test cannot be judged"},
		"no test input, no val":  {without("test/input.txt", "val/input.txt", "val/output.txt"), [][]int32{{0, 1, 2, 6}, {3, 4, 5, 7}, {0, 1, 2, 1}}, false, "missing"},
		"train and nothing else": {map[string]string{"train/input.txt": "1 2 3\n2 3 1\n"}, [][]int32{{0, 1, 2}, {1, 2, 0}}, true, "cannot be judged"},
	} {
		s, err := sequence.Open(folder(t, c.files))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !reflect.DeepEqual(s.Sequences, c.want) || s.NoTest != c.noTest || !strings.Contains(strings.Join(s.Notes, "; "), c.note) {
			t.Errorf("%s: %v, no test %v, notes %q", name, s.Sequences, s.NoTest, s.Notes)
		}
		if got := len(s.Test(true).Cases) == 0; got != c.noTest {
			t.Errorf("%s: no test cases is %v, want %v", name, got, c.noTest)
		}
	}
}

func TestAFolderThatContradictsItselfIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"empty":                    {map[string]string{"readme": ""}, "neither train/input.txt nor test/input.txt"},
		"answers for other users":  {map[string]string{"test/input.txt": "1 2\n3 4\n", "test/output.txt": "5\n"}, "2 lines and test/output.txt 1"},
		"two answers":              {map[string]string{"test/input.txt": "1 2\n", "test/output.txt": "5 6\n"}, "line 1 of test/output.txt has 2 items"},
		"questions without answer": {map[string]string{"train/input.txt": "1 2\n", "val/input.txt": "1 2\n"}, "only one is there"},
	} {
		if _, err := sequence.Open(folder(t, c.files)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want %q", name, err, c.want)
		}
	}
}

func TestNoQuestionIsLearnedFrom(t *testing.T) {
	s := read(t, "a 1 2 3 4\nb 2 3\nc 4 9\nc2 3 1 1\nd 7\n")
	v, test, strict := s.Validation(), s.Test(true), s.Test(false)
	if len(v.Cases) != 2 || len(test.Cases) != 4 {
		t.Fatalf("%d validation and %d test cases, want 2 and 4", len(v.Cases), len(test.Cases))
	}
	lengths := func(sp sequence.Split) (out []int) {
		for _, h := range sp.Data.Histories {
			out = append(out, len(h))
		}
		return out
	}
	for name, c := range map[string]struct{ got, want []int }{
		"validation": {lengths(v), []int{2, 1, 1, 1, 1}}, "test": {lengths(test), []int{3, 1, 1, 2, 1}}, "strict": {lengths(strict), []int{2, 1, 1, 1, 1}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: one learns from %v items a user, want %v", name, c.got, c.want)
		}
	}
	if c := v.Cases[0]; len(c.History) != 2 || s.Items[c.Target] != "3" {
		t.Errorf("the first validation case is %v", c)
	}
	if c := strict.Cases[0]; len(c.History) != 3 || s.Items[c.Target] != "4" {
		t.Errorf("the first test case is %v", c)
	}
}

func TestWhatIsSavedIsReadBackAndAFailedSaveKeepsTheOldFile(t *testing.T) {
	s := read(t, "user,item,time\nu1,x,1\nu1,y,2\nu2,y,1\n")
	for _, name := range []string{"s.txt", "s.txt.gz"} {
		path := filepath.Join(t.TempDir(), name)
		if err := s.Save(path); err != nil {
			t.Fatal(err)
		}
		back, err := sequence.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back.Sequences, s.Sequences) || !reflect.DeepEqual(back.Items, s.Items) || !reflect.DeepEqual(back.Users, s.Users) {
			t.Errorf("%s: read back as %+v", name, back)
		}
		before, _ := os.ReadFile(path)
		bad := read(t, "user,item,time\nan user,x,1\nu1,y,2\n")
		if err := bad.Save(path); err == nil || !strings.Contains(err.Error(), `"an user"`) {
			t.Errorf("a name with a space: error is %v", err)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
			t.Error("a failed save changed the file")
		}
	}
}

func FuzzAnyBytesGiveASetOrASentence(f *testing.F) {
	for _, s := range []string{"7 10 20\n9 30\n", "1 2\n1 3\n", "user,item,time\n1,2,3\n", "\x1f\x8b\x08", "a,\"b\nc,d", "# x\n", "1 99999999999999999999 -5\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := sequence.Read(bytes.NewReader(text))
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Fatal("an error without words")
			}
			return
		}
		for u, q := range s.Sequences {
			for _, item := range q {
				if item < 0 || int(item) >= len(s.Items) {
					t.Fatalf("user %d has item %d of %d", u, item, len(s.Items))
				}
			}
			if s.Times != nil && len(s.Times[u]) != len(q) {
				t.Fatal("times are not in step")
			}
		}
		for _, c := range append(s.Validation().Cases, s.Test(true).Cases...) {
			if len(c.History) == 0 {
				t.Fatal("a case without a history")
			}
		}
	})
}

// TestBeautyHasItsPublishedSize reads the real catalogue, where it lies beside the repository.
func TestBeautyHasItsPublishedSize(t *testing.T) {
	path := "../../../../shared/data/shop-events/beauty-sequences.txt.gz"
	if _, err := os.Stat(path); err != nil {
		t.Skip("the catalogue Beauty is not here:", err)
	}
	s, err := sequence.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.String(); got != "22363 users, 12101 items, 198502 interactions" {
		t.Error(got)
	}
}
