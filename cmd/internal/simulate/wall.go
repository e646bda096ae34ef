package simulate

import (
	"sync"
	"time"
)

// wall is the clock of one computer. It can be set wrong, and it stands still
// while the computer sleeps: then the time since the start stands still for good,
// and the time of day jumps at the end.
type wall struct {
	begun time.Time

	mu    sync.Mutex
	off   time.Duration // how far it is set wrong
	slept time.Duration
	since time.Time     // asleep since, zero when awake
	awake chan struct{} // closed while awake
}

func newWall() *wall {
	w := &wall{begun: time.Now(), awake: make(chan struct{})}
	close(w.awake)
	return w
}

// now is the time of day, without the hidden clock that Go keeps beside it: that
// one could not be set wrong.
func (w *wall) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if !w.since.IsZero() {
		now = w.since
	}
	return now.Add(w.off).Round(0)
}

// mono is the time since the start, without sleep.
func (w *wall) mono() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := time.Since(w.begun) - w.slept
	if !w.since.IsZero() {
		d -= time.Since(w.since)
	}
	return d
}

func (w *wall) set(off time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.off = off
}

func (w *wall) sleep() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.since.IsZero() {
		w.since, w.awake = time.Now(), make(chan struct{})
	}
}

func (w *wall) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.since.IsZero() {
		return
	}
	w.slept += time.Since(w.since)
	w.since = time.Time{}
	close(w.awake)
}

// up is closed while the computer is awake.
func (w *wall) up() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.awake
}
