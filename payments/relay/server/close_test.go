package server

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"frontdesk/payments/relay"
)

// TestPollsMeetTheEnd: desks that ask while the relay shuts down are turned
// away or answered, and nobody is counted in after the count.
func TestPollsMeetTheEnd(t *testing.T) {
	r := newRig(t)
	var desks sync.WaitGroup
	stop, asked := make(chan struct{}), make(chan struct{}, 1000)
	for range 4 {
		desks.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				in := relay.Poll{Frames: []relay.Frame{{Type: relay.FrameHello}}, WaitMS: 1}
				if status := r.desk(deskA, "POST", relay.PathPoll, in, nil); status != http.StatusOK && status != http.StatusServiceUnavailable {
					t.Errorf("poll: %d", status)
				}
				select {
				case asked <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 8 {
		<-asked
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := r.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if r.enter() {
		t.Error("a stream was let in after the end")
	}
	close(stop)
	desks.Wait()
}
