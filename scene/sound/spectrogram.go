package sound

import (
	"math"

	"gonum.org/v1/gonum/dsp/fourier"
)

// Spectrogram is power by time and frequency: a row for each hop samples, with
// window/2 + 1 values from 0 Hz to half of [Rate], under a Hann window. A sine
// of amplitude 1 has a power of 1 where it lies. What is shorter than a window
// is taken with silence around it.
func Spectrogram(side []float32, window, hop int) [][]float64 {
	fft := fourier.NewFFT(window)
	hann := make([]float64, window)
	for i := range hann {
		hann[i] = .5 - .5*math.Cos(2*math.Pi*float64(i)/float64(window))
	}
	seq, coeff := make([]float64, window), make([]complex128, window/2+1)
	var rows [][]float64
	for at := 0; at < len(side); at += hop {
		for i := range seq {
			seq[i] = 0
			if k := at + i - window/2; k >= 0 && k < len(side) {
				seq[i] = hann[i] * float64(side[k])
			}
		}
		coeff = fft.Coefficients(coeff, seq)
		row := make([]float64, len(coeff))
		for i, c := range coeff {
			row[i] = (real(c)*real(c) + imag(c)*imag(c)) * 16 / float64(window*window)
		}
		rows = append(rows, row)
	}
	return rows
}

// Bands are the powers of a sound in thirds of an octave from 50 Hz to 16 kHz,
// as shares of all of it: what it sounds like, without how loud it is.
func Bands(side []float32) (bands [26]float64) {
	const window = 8192
	sum := 0.0
	for _, row := range Spectrogram(side, window, window/2) {
		for i, p := range row {
			hz := float64(i) * Rate / window
			if k := int(math.Floor(3*math.Log2(hz/50) + .5)); k >= 0 && k < len(bands) {
				bands[k] += p
				sum += p
			}
		}
	}
	for k := range bands {
		bands[k] /= max(sum, 1e-30)
	}
	return bands
}

// Centroid is the mean frequency of a sound, weighed by power, Hz: low is dull,
// high is bright.
func Centroid(side []float32) float64 {
	const window = 4096
	sum, moment := 0.0, 0.0
	for _, row := range Spectrogram(side, window, window/2) {
		for i, p := range row {
			sum += p
			moment += p * float64(i) * Rate / window
		}
	}
	return moment / max(sum, 1e-30)
}
