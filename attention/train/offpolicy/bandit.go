package offpolicy

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// maxActions and maxContexts bound what a file may ask for.
const (
	maxActions  = 1 << 20
	maxContexts = 1 << 10
)

// ReadBandit reads a log in the columns of the Open Bandit Dataset (Saito et al.
// 2020): item_id (from 0), position (from 1), click, propensity_score; others are passed over. A row
// that cannot be read is an error: its place in the file is named.
func ReadBandit(r io.Reader, name string) (*Log, error) {
	c := csv.NewReader(r)
	c.ReuseRecord = true
	head, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("read bandit log %s, line 1: %w: give a CSV file with a header line", name, err)
	}
	wanted := [4]string{"item_id", "position", "click", "propensity_score"}
	at := [4]int{-1, -1, -1, -1}
	for i, h := range head {
		for k, w := range wanted {
			if strings.TrimPrefix(strings.TrimSpace(h), "\ufeff") == w {
				at[k] = i
			}
		}
	}
	for k, i := range at {
		if i < 0 {
			return nil, fmt.Errorf("read bandit log %s, line 1: there is no column %s; a log has %s", name, wanted[k], strings.Join(wanted[:], ", "))
		}
	}
	l := new(Log)
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read bandit log %s: %w: the file is cut or damaged, fetch it again", name, err)
		}
		line, _ := c.FieldPos(0)
		var x [4]float64
		for k, i := range at {
			if x[k], err = strconv.ParseFloat(strings.TrimSpace(row[i]), 64); err != nil || x[k]-x[k] != 0 {
				return nil, fmt.Errorf("read bandit log %s, line %d, field %s: %q is not a finite number", name, line, wanted[k], row[i])
			}
		}
		for k, bound := range [2]float64{maxActions, maxContexts + 1} {
			if x[k] != float64(int(x[k])) || x[k] < float64(k) || x[k] >= bound {
				return nil, fmt.Errorf("read bandit log %s, line %d, field %s: %v, must be a whole number from %d and below %.0f", name, line, wanted[k], x[k], k, bound)
			}
		}
		if !(x[3] > 0 && x[3] <= 1) {
			return nil, fmt.Errorf("read bandit log %s, line %d, field propensity_score: %v, must be above 0 and at most 1", name, line, x[3])
		}
		l.Action, l.Context = append(l.Action, int32(x[0])), append(l.Context, int32(x[1])-1)
		l.Reward, l.Propensity = append(l.Reward, x[2]), append(l.Propensity, x[3])
		l.Actions, l.Contexts = max(l.Actions, int(x[0])+1), max(l.Contexts, int(x[1]))
	}
	if len(l.Action) == 0 {
		return nil, fmt.Errorf("read bandit log %s: it has no rows behind its header", name)
	}
	return l, nil
}

// Open opens a file for reading, unpacked where its name ends in .gz.
func Open(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(path, ".gz") {
		return struct {
			io.Reader
			io.Closer
		}{bufio.NewReaderSize(f, 1<<18), f}, nil
	}
	z, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<18))
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w: it is no gzip file, or cut", path, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{z, f}, nil
}
