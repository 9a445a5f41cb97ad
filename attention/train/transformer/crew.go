package transformer

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// grain is how many tokens a goroutine takes at a time. It is fixed, and so are
// the sums over tokens: per grain, then grain by grain.
const grain = 64

// each calls f for all of 0..n on all cores.
func each(n int, f func(worker, i int)) { eachOf(workers(), n, f) }

// eachOf is each with worker numbers below most: the number of cores may change
// from one call to the next. Which worker gets what is left to chance and must not matter.
func eachOf(most, n int, f func(worker, i int)) {
	w := min(workers(), most, n)
	if w <= 1 {
		for i := range n {
			f(0, i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	work := func(worker int) {
		for {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			f(worker, i)
		}
	}
	for k := 1; k < w; k++ {
		wg.Go(func() { work(k) })
	}
	work(0)
	wg.Wait()
}

func workers() int { return max(1, runtime.GOMAXPROCS(0)) }

// grains calls f for each grain of n rows, on all cores.
func grains(n int, f func(g, from, to int)) {
	each((n+grain-1)/grain, func(_, g int) { f(g, g*grain, min(n, (g+1)*grain)) })
}

// mix is a 64-bit hash (Steele, Lea and Flood 2014: the finaliser of
// SplitMix64): random numbers by place instead of by order.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// dropout zeroes each of x with the given probability and scales the rest up
// (Srivastava et al. 2014). The key and the place decide which, so that the
// gradient drops the same; at is the place of x[0], a multiple of 4.
func dropout(x []float32, p float32, key uint64, at int) {
	if p <= 0 {
		return
	}
	cut := uint64(p * 65536)
	factor := [2]float32{65536 / float32(65536-cut), 0}
	at /= 4
	for ; len(x) >= 4; x = x[4:] {
		u := mix(key + uint64(at))
		at++
		x[0] *= factor[(u&0xffff-cut)>>63]
		x[1] *= factor[(u>>16&0xffff-cut)>>63]
		x[2] *= factor[(u>>32&0xffff-cut)>>63]
		x[3] *= factor[(u>>48-cut)>>63]
	}
	u := mix(key + uint64(at))
	for i := range x {
		x[i] *= factor[(u>>(16*i)&0xffff-cut)>>63]
	}
}
