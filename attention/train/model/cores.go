package model

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// OnAllCores does n things on all cores until ctx is cancelled. worker is called once for each
// goroutine and gives what does one thing there; what is done to one must not depend on another.
func OnAllCores(ctx context.Context, n int, worker func() func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range max(1, min(n, runtime.GOMAXPROCS(0))) {
		wg.Go(func() {
			do := worker()
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(i)
			}
		})
	}
	wg.Wait()
}
