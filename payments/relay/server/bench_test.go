package server

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
)

// BenchmarkNotices: notices of registered orders, verified and durable, by as
// many at once as a busy evening of many salons would bring.
func BenchmarkNotices(b *testing.B) {
	const posters = 64
	r := newRig(b)
	bodies := make([][]byte, b.N)
	work := make(chan int)
	var wg sync.WaitGroup
	each := func(do func(i int)) {
		for range posters {
			wg.Go(func() {
				for i := range work {
					do(i)
				}
			})
		}
		for i := range b.N {
			work <- i
		}
		close(work)
		wg.Wait()
		work = make(chan int)
	}
	each(func(i int) {
		id := fmt.Sprintf("P%019d", i)
		r.register(id, "45.00", fmt.Sprintf("%026d", i))
		bodies[i] = r.signer.notify(b, id, "45.00", "1")
	})
	web := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: posters}}
	defer web.CloseIdleConnections()
	b.ResetTimer()
	each(func(i int) {
		resp, err := web.Post(r.web.URL+"/n/"+storeA, "application/x-www-form-urlencoded", bytes.NewReader(bodies[i]))
		if err != nil {
			b.Error(err)
			return
		}
		text, err := io.ReadAll(resp.Body)
		if err != nil || string(text) != "OK" || resp.Body.Close() != nil {
			b.Errorf("%v %s", err, text)
		}
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "notices/s")
}
