package sequence

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// parts are the files of a folder in the form of gSASRec (Petrov and
// Macdonald 2023): a line of items a user, no user's name. Those that are absent are nil.
type parts struct {
	train, valInput, valOutput, testInput, testOutput [][]string
}

// openFolder reads such a folder. The test's answer is each user's last item;
// some users' last but one is the validation's, and their line of train ends
// before it. Whole sequences come out, so that here each user's last item but one may
// validate, not only those users'.
func openFolder(dir string) (*Set, error) {
	var p parts
	var absent []string
	for _, f := range []struct {
		name string
		into *[][]string
	}{{"train/input.txt", &p.train}, {"val/input.txt", &p.valInput}, {"val/output.txt", &p.valOutput},
		{"test/input.txt", &p.testInput}, {"test/output.txt", &p.testOutput}} {
		lines, err := readPart(filepath.Join(dir, filepath.FromSlash(f.name)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			absent = append(absent, f.name)
		case err != nil:
			return nil, fmt.Errorf("sequence: %s: %w", filepath.Join(dir, f.name), err)
		default:
			*f.into = lines
		}
	}
	s, err := p.set()
	if err != nil {
		if len(absent) > 0 {
			err = fmt.Errorf("%w (absent: %s)", err, strings.Join(absent, ", "))
		}
		return nil, fmt.Errorf("sequence: %s: %w", dir, err)
	}
	return s, nil
}

// readPart reads a part, plain or as the same name with .gz.
func readPart(path string) ([][]string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = os.Open(path + ".gz")
	}
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // read only
	in, err := uncompressed(f)
	if err != nil {
		return nil, err
	}
	lines, err := readLines(in)
	if err != nil {
		return nil, err
	}
	out := make([][]string, len(lines))
	for i, l := range lines {
		out[i] = l.fields
	}
	return out, nil
}

// set puts the parts together again.
func (p *parts) set() (*Set, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	var notes []string
	whole := p.testInput
	if whole == nil {
		var extended int
		whole, extended = p.trainAndValidation()
		switch {
		case p.valOutput != nil && p.valInput != nil:
			notes = append(notes, fmt.Sprintf("test/input.txt is absent: histories are the lines of train, %d of them with their answer of val", extended))
		case p.testOutput != nil:
			notes = append(notes, "test/input.txt and val are absent: histories are the lines of train, and where val held a user's last item but one, it is missing in that user's history")
		}
	} else if p.train == nil {
		notes = append(notes, "train/input.txt is absent: one learns from test/input.txt, which holds all but each user's last item")
	}
	b := newBuilder(false)
	for u, q := range whole {
		for _, item := range q {
			b.add(strconv.Itoa(u+1), item, 0)
		}
		if p.testOutput != nil {
			b.add(strconv.Itoa(u+1), p.testOutput[u][0], 0)
		}
	}
	s, err := b.set()
	if err != nil {
		return nil, err
	}
	s.NoTest = p.testOutput == nil
	if s.NoTest {
		notes = append(notes, "test/output.txt is absent: what is last here validates, and the test cannot be judged")
	}
	s.Notes = notes
	return s, nil
}

func (p *parts) check() error {
	switch {
	case p.train == nil && p.testInput == nil:
		return errors.New("there is neither train/input.txt nor test/input.txt to learn from")
	case (p.valInput == nil) != (p.valOutput == nil):
		return errors.New("of val/input.txt and val/output.txt only one is there; give both or none")
	case len(p.valInput) != len(p.valOutput):
		return fmt.Errorf("val/input.txt has %d lines and val/output.txt %d; they must match line by line", len(p.valInput), len(p.valOutput))
	}
	if p.testOutput != nil {
		from, name := p.testInput, "test/input.txt"
		if from == nil {
			from, name = p.train, "train/input.txt"
		}
		if len(from) != len(p.testOutput) {
			return fmt.Errorf("%s has %d lines and test/output.txt %d; they must match line by line", name, len(from), len(p.testOutput))
		}
	}
	for _, f := range []struct {
		name  string
		lines [][]string
	}{{"val/output.txt", p.valOutput}, {"test/output.txt", p.testOutput}} {
		for i, l := range f.lines {
			if len(l) != 1 {
				return fmt.Errorf("line %d of %s has %d items, must have the one that is asked for", i+1, f.name, len(l))
			}
		}
	}
	return nil
}

// trainAndValidation is each line of train, with the validation's answer behind
// it where the validation asks about that line. Lines carry no name: val's are
// looked for by what they hold, in order, each train line taken once.
func (p *parts) trainAndValidation() (whole [][]string, extended int) {
	whole = slices.Clone(p.train)
	lines := map[string][]int{}
	for u, q := range p.train {
		key := strings.Join(q, " ")
		lines[key] = append(lines[key], u)
	}
	for i, q := range p.valInput {
		key := strings.Join(q, " ")
		if at := lines[key]; len(at) > 0 {
			whole[at[0]] = append(slices.Clone(q), p.valOutput[i]...)
			lines[key] = at[1:]
			extended++
		}
	}
	return whole, extended
}
