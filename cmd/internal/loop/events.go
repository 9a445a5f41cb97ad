package loop

import "souk/world"

type EventFile struct{ n int }

func CreateEvents(path string) (*EventFile, error)   { return &EventFile{}, nil }
func (f *EventFile) Write(rows []world.Event) error { f.n += len(rows); return nil }
func (f *EventFile) Rows() int                      { return f.n }
func (f *EventFile) Close() error                   { return nil }
