package main

import (
	"bytes"
	"image"
	"image/png"
)

// savePicture writes a picture as PNG, whole or not at all.
func savePicture(path string, img image.Image) error {
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, img); err != nil {
		return err
	}
	return writeWhole(path, b.Bytes())
}
