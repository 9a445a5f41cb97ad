package sequence

import (
	"cmp"
	"slices"
	"strconv"
)

// names numbers things by the order in which they come up.
type names struct {
	index map[string]int32
	list  []string
}

func newNames() *names { return &names{index: map[string]int32{}} }

func (n *names) number(name string) int32 {
	if i, ok := n.index[name]; ok {
		return i
	}
	i := int32(len(n.list))
	n.index[name] = i
	n.list = append(n.list, name)
	return i
}

// sortItems gives items numbers in the order of their names where all of these
// are numbers, so that the same data in another order of lines is the same data.
func sortItems(items []string, sequences [][]int32) []string {
	value := make([]int64, len(items))
	for i, name := range items {
		v, err := strconv.ParseInt(name, 10, 64)
		if err != nil {
			return items
		}
		value[i] = v
	}
	order := make([]int32, len(items))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(value[a], value[b]) })
	at, sorted := make([]int32, len(items)), make([]string, len(items))
	for to, from := range order {
		at[from], sorted[to] = int32(to), items[from]
	}
	for _, q := range sequences {
		for i := range q {
			q[i] = at[q[i]]
		}
	}
	return sorted
}
