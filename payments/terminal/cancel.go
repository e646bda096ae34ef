package terminal

import (
	"context"
	"errors"
	"log/slog"
	"strconv"

	"frontdesk/payments"
)

var errSlave = errors.New("the terminal wants its bytes carried to the bank")

// Cancel asks the terminal to stop the running purchase or refund (STAGE 101,
// spec 3.9 E). It is a request only: the outcome of the call under way decides,
// and an approval may still win. Before the terminal has accepted the request,
// the cancel waits for that; while nothing has been sent yet, nothing will be. ErrRefused has terminal.idle when nothing runs and
// terminal.too_late when a card is being handled. Nothing else is ever cancelled
// or reversed by the driver.
func (t *Terminal) Cancel(context.Context) error {
	t.mu.Lock()
	f := t.running
	t.mu.Unlock()
	if f == nil {
		return problem("cancel", "terminal.idle", payments.ErrRefused, nil)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.over:
		return problem("cancel", "terminal.idle", payments.ErrRefused, nil)
	case f.cancelling:
		return nil
	case f.seen && !f.cancellable:
		return problem("cancel", "terminal.too_late", payments.ErrRefused, nil)
	}
	f.wanted = true
	select {
	case f.request <- struct{}{}:
	default: // one is waiting already
	}
	return nil
}

// want asks for a cancel from inside: a terminal in slave mode waits for a card
// that no bank would ever hear of.
func (f *flow) want() {
	f.mu.Lock()
	f.wanted = true
	f.mu.Unlock()
}

// arm says whether a cancel may be sent from now on, and sends a waiting one.
func (f *flow) arm(cancellable bool) {
	f.mu.Lock()
	f.seen, f.cancellable = true, cancellable
	f.mu.Unlock()
	f.sendCancel()
}

// sendCancel sends the cancel that is wanted when the last frame allows it. It
// waits for nothing: the operation goes on listening whatever becomes of it.
func (f *flow) sendCancel() {
	f.mu.Lock()
	now := f.wanted && f.cancellable && !f.cancelling
	if now {
		f.wanted, f.cancelling = false, true
	}
	f.mu.Unlock()
	if !now {
		return
	}
	sid, err := NewSID(f.t.entropy)
	if err != nil {
		f.t.log.Error("terminal cancel", slog.String("error", err.Error()))
		return
	}
	raw, err := Encode(f.t.request(f.k.method, sid, Text("STAGE", strconv.Itoa(WireCancel)), Text("STATUS", "0")))
	if err != nil {
		return
	}
	f.k.sids = append(f.k.sids, sid)
	f.t.log.Info("terminal cancel", slog.String("sid", sid), slog.String("of", f.sid))
	f.k.link.post(raw)
	f.tell(Stage{Name: f.name})
}

// aboutCancel reads a frame that carries the SID of a cancel. Its shape is not
// known (spec 11 #2), so it never is an outcome: STAGE 5 with STATUS 13 counts
// only when the operation itself stays silent from then on.
func (f *flow) aboutCancel(r reply) {
	switch {
	case r.stage == WireAccepted && r.status != StatusOK:
		f.turnedDown(r)
	case r.stage == WireEnd && r.status == StatusCancelled:
		f.stopped = true
		f.k.wait.Reset(f.t.timers.Grace)
	}
}

// turnedDown notes that the terminal will not stop. It is asked again only after
// its next step.
func (f *flow) turnedDown(r reply) {
	f.mu.Lock()
	was := f.cancelling
	f.cancelling, f.cancellable = false, false
	f.mu.Unlock()
	f.t.log.Info("terminal goes on", slog.Int("status", r.status), slog.Bool("cancel", was))
	if was {
		f.tell(Stage{Name: f.name, Code: "terminal.too_late"})
	}
}

func (f *flow) wasCancelled() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cancelling
}

// withdrawn reports whether a cancel came before the request was sent.
func (f *flow) withdrawn() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.wanted
}

// stand makes f what Cancel is about, until the returned func is called.
func (t *Terminal) stand(f *flow) (leave func()) {
	t.mu.Lock()
	t.running = f
	t.mu.Unlock()
	return func() {
		t.mu.Lock()
		t.running = nil
		t.mu.Unlock()
		f.mu.Lock()
		f.over = true
		f.mu.Unlock()
	}
}
