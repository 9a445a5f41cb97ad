package sound

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// WriteWAV writes sides of equal length, one or two, as a RIFF WAVE file of 16
// bits. What is beyond ±1 is cut off there.
func WriteWAV(w io.Writer, sides ...[]float32) error {
	if len(sides) < 1 || len(sides) > 2 || len(sides[0]) != len(sides[len(sides)-1]) {
		return errors.New("writing sound: there are one or two sides, of equal length")
	}
	frame := 2 * len(sides)
	size := frame * len(sides[0])
	if size > math.MaxInt32 {
		return fmt.Errorf("writing sound: %d samples are more than a WAVE file holds: write less at once", len(sides[0]))
	}
	b := bufio.NewWriter(w)
	head := []any{[4]byte([]byte("RIFF")), uint32(36 + size), [8]byte([]byte("WAVEfmt ")), uint32(16), uint16(1), uint16(len(sides)),
		uint32(Rate), uint32(Rate * frame), uint16(frame), uint16(16), [4]byte([]byte("data")), uint32(size)}
	for _, v := range head {
		if err := binary.Write(b, binary.LittleEndian, v); err != nil {
			return err
		}
	}
	for i := range sides[0] {
		for _, s := range sides {
			v := uint16(int16(math.RoundToEven(32767 * float64(max(-1, min(1, s[i]))))))
			_ = b.WriteByte(byte(v)) // an error stays until Flush
			_ = b.WriteByte(byte(v >> 8))
		}
	}
	return b.Flush()
}
