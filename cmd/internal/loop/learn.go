package loop

import (
	"context"
	"errors"

	"souk/attention"
	"souk/input/shopper"
)

type Lesson struct {
	Shoppers int
	Minutes  float64
	Seed     uint64
	Workers  int
	Shopper  shopper.Config
	Engine   attention.Config
	Done     func()
}

func (m *Market) Learn(ctx context.Context, l Lesson) error { return errors.New("not yet") }
