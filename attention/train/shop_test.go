package train_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"souk/attention/train"
	"souk/attention/train/als"
	"souk/world"
)

// shopData is a folder with beauty-sequences.txt.gz: one line per person, the
// person's number and then those of the items in order of time. The data are
// Amazon's reviews of beauty products with at least five per person and item,
// 22,363 people and 12,101 items; they may not be shipped.
func shopData(t *testing.T) string {
	if dir := os.Getenv("SOUK_SHOP_DATA"); dir != "" {
		return dir
	}
	dir, _ := filepath.Abs(".")
	for range 5 {
		at := filepath.Join(dir, "shared", "data", "shop-events")
		if _, err := os.Stat(at); err == nil {
			return at
		}
		dir = filepath.Dir(dir)
	}
	t.Skip("there are no real shop events here: put them in a folder and name it in SOUK_SHOP_DATA")
	return ""
}

func readSequences(t *testing.T, path string) (users [][]int, items int) {
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("there are no real shop events here: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var seq []int
		for _, word := range strings.Fields(lines.Text())[1:] {
			i, err := strconv.Atoi(word)
			if err != nil {
				t.Fatal(err)
			}
			seq = append(seq, i-1)
			items = max(items, i)
		}
		users = append(users, seq)
	}
	return users, items
}

// On real data the factorisation must reach what such models are known to
// reach: on these sequences, last item out, all items ranked, a first
// factorisation had HR@10 .0419 and NDCG@10 .0207, popularity .0115 and .0055.
func TestOnARealShopTheFactorisationReachesWhatIsKnown(t *testing.T) {
	if testing.Short() {
		t.Skip("half a minute: skipped with -short")
	}
	users, items := readSequences(t, filepath.Join(shopData(t), "beauty-sequences.txt.gz"))
	entries := make([][]als.Entry, len(users))
	last := make([]world.ItemIndex, len(users))
	count := make([]float32, items)
	for u, seq := range users {
		last[u] = world.ItemIndex(seq[len(seq)-1])
		had := make([]bool, items)
		for _, i := range seq[:len(seq)-1] {
			had[i] = true
			count[i]++
		}
		for i, h := range had {
			if h && i != int(last[u]) {
				entries[u] = append(entries[u], als.Entry{Item: world.ItemIndex(i), Confidence: 1, Preference: 1})
			}
		}
	}
	m := als.NewMatrix(entries, items)
	cfg := als.Default()
	cfg.Epochs, cfg.Regularisation, cfg.Base = 8, 0.005, 0.05
	fit, err := als.Fit(context.Background(), m, cfg)
	if err != nil {
		t.Fatal(err)
	}
	hr, ndcg := at10(train.Ranks(fit.Items, m, last, cfg))
	popHR, popNDCG := at10(train.RanksBy(func(dst []float32, _ int) { copy(dst, count) }, m, last))
	t.Logf("ALS HR@10 %.4f NDCG@10 %.4f; popularity HR@10 %.4f NDCG@10 %.4f", hr, ndcg, popHR, popNDCG)
	if hr < 0.038 || ndcg < 0.019 {
		t.Errorf("ALS reaches HR@10 %.4f, NDCG@10 %.4f; known are .0419 and .0207", hr, ndcg)
	}
	if math.Abs(popHR-0.0115) > 0.002 {
		t.Errorf("popularity reaches HR@10 %.4f, known is .0115: the protocol differs", popHR)
	}
}

func at10(ranks []int) (hr, ndcg float64) {
	for _, r := range ranks {
		if r <= 10 {
			hr++
			ndcg += 1 / math.Log2(1+float64(r))
		}
	}
	return hr / float64(len(ranks)), ndcg / float64(len(ranks))
}
