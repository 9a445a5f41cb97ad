//go:build cgo || windows || darwin

package speaker

import (
	"io"
	"time"

	"github.com/ebitengine/oto/v3"
)

// ahead is how much sound the device itself holds; waiting is how much Oto holds
// before it, and at times twice that. Less, and a machine whose cores are all
// busy drawing stutters; more, and one hears that a sound comes late.
const (
	ahead   = 80 * time.Millisecond
	waiting = 40 * time.Millisecond
)

// playing is Oto's device with its one player, which is kept from being
// collected.
type playing struct {
	*oto.Context
	player *oto.Player
}

// openDevice opens the machine's usual device.
func openDevice(from io.Reader, rate int, ready func()) (device, error) {
	hush()
	c, opened, err := oto.NewContext(&oto.NewContextOptions{SampleRate: rate, ChannelCount: 2, Format: oto.FormatFloat32LE, BufferSize: ahead})
	if err != nil {
		return nil, err
	}
	<-opened
	if err := c.Err(); err != nil {
		return nil, err
	}
	ready()
	p := c.NewPlayer(from)
	p.SetBufferSize(int(waiting.Seconds()*float64(rate)) * 8) // bytes: Oto reads that much at once
	p.Play()
	return &playing{c, p}, nil
}
