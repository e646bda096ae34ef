package async

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"
)

// Dispatcher is what screens need to do slow things.
type Dispatcher interface {
	// Go runs work beside the UI goroutine; ctx ends with the window.
	Go(work func(ctx context.Context))
	// Do runs f on the UI goroutine, soon. From there it is safe too.
	Do(f func())
}

// Window is the Dispatcher of a running window. The zero value is not usable.
type Window struct {
	ctx  context.Context
	work sync.WaitGroup
}

// NewWindow makes a dispatcher whose work ends with ctx.
func NewWindow(ctx context.Context) *Window { return &Window{ctx: ctx} }

// Go starts a goroutine.
func (w *Window) Go(work func(ctx context.Context)) {
	w.work.Go(func() { work(w.ctx) })
}

// Do queues f for the UI goroutine. It does nothing once the window has ended.
func (w *Window) Do(f func()) {
	if w.ctx.Err() != nil {
		return
	}
	fyne.Do(f)
}

// Wait blocks until all work has ended; cancel the context first.
func (w *Window) Wait() { w.work.Wait() }

// Inline is a Dispatcher for tests and pictures: everything happens at once,
// on the calling goroutine. Work that waits for its context never returns
// there.
type Inline struct{}

// Go runs work and returns when it is done.
func (Inline) Go(work func(ctx context.Context)) { work(context.Background()) }

// Do runs f.
func (Inline) Do(f func()) { f() }
