package model

import "fmt"

// Join adds the questions of another fold, asked of the same parts fitted
// without that fold's targets.
func (q *Questions) Join(o *Questions) error {
	if fmt.Sprint(q.parts) != fmt.Sprint(o.parts) {
		return fmt.Errorf("train: questions to %v cannot be joined with questions to %v", o.parts, q.parts)
	}
	q.list = append(q.list, o.list...)
	for i := range q.list {
		q.list[i].fold = i % 2
	}
	return nil
}
