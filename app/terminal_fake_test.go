package app_test

import (
	"context"
	"errors"
	"sync"

	"frontdesk/app"
	"frontdesk/payments"
)

// fakeTerminal is one scripted terminal behind the rail "terminal". It remembers
// its last transaction as a real one does. Nil functions succeed.
type fakeTerminal struct {
	mu       sync.Mutex
	last     string // SID of the last transaction
	open     string // SID that waits for Complete
	prepared int
	asked    int
	taken    []app.Offer // amounts that reached it
	done     []string    // SIDs completed
	stops    int
	prepare  func(context.Context, app.Offer) error
	collect  func(context.Context, app.Offer, func(app.Stage)) (payments.Answer, error)
	complete func(context.Context, app.Offer) error
	withdraw func(context.Context) error
	status   func(context.Context, app.StatusQuery) (payments.Answer, error)
}

func (f *fakeTerminal) Name() payments.Rail { return payments.RailTerminal }

func (f *fakeTerminal) Offer(context.Context, app.Offer) (app.Page, error) {
	return app.Page{}, errors.New("a terminal has no page")
}

func (f *fakeTerminal) Device(id string) (app.Device, error) {
	switch id {
	case "", "D1":
		return app.Device{ID: "D1", Label: "Front"}, nil
	case "D2":
		return app.Device{ID: "D2", Label: "Back"}, nil
	}
	return app.Device{}, &payments.Error{Op: "fake", Code: "device.missing", Err: payments.ErrRefused}
}

func (f *fakeTerminal) Prepare(ctx context.Context, o app.Offer) (string, error) {
	f.mu.Lock()
	f.prepared++
	previous, script := f.last, f.prepare
	f.mu.Unlock()
	if script != nil {
		return previous, script(ctx, o)
	}
	return previous, nil
}

func (f *fakeTerminal) Collect(ctx context.Context, o app.Offer, stage func(app.Stage)) (payments.Answer, error) {
	f.mu.Lock()
	f.taken = append(f.taken, o)
	script := f.collect
	f.mu.Unlock()
	if script != nil {
		return script(ctx, o, stage)
	}
	return f.pays(o), nil
}

// pays takes the money of an offer.
func (f *fakeTerminal) pays(o app.Offer) payments.Answer {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last, f.open = o.SID, o.SID
	return payments.Answer{
		Outcome: payments.Paid, OrderID: o.OrderID, Amount: o.Amount,
		Card: payments.Card{RRN: "623100000001", Last4: "1234", AuthCode: "P00123"},
	}
}

func (f *fakeTerminal) Complete(ctx context.Context, o app.Offer) error {
	f.mu.Lock()
	script := f.complete
	f.mu.Unlock()
	if script != nil {
		if err := script(ctx, o); err != nil {
			return err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done = append(f.done, o.SID)
	if f.open == o.SID {
		f.open = ""
	}
	return nil
}

func (f *fakeTerminal) Withdraw(ctx context.Context, _ string) error {
	f.mu.Lock()
	f.stops++
	script := f.withdraw
	f.mu.Unlock()
	if script != nil {
		return script(ctx)
	}
	return nil
}

func (f *fakeTerminal) Status(ctx context.Context, q app.StatusQuery) (payments.Answer, error) {
	f.mu.Lock()
	f.asked++
	script, last := f.status, f.last
	f.mu.Unlock()
	if script != nil {
		return script(ctx, q)
	}
	answer := payments.Answer{OrderID: q.OrderID, Outcome: payments.Unknown}
	switch last {
	case q.SID:
		answer.Outcome, answer.Amount, answer.Card.RRN = payments.Paid, q.Amount, "623100000001"
	case q.Previous:
		answer.Outcome = payments.Absent
	}
	return answer, nil
}

func (f *fakeTerminal) set(change func(*fakeTerminal)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f *fakeTerminal) count() (taken, done, asked, stops int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.taken), len(f.done), f.asked, f.stops
}

// givingTerminal is one that gives money back, too.
type givingTerminal struct{ *fakeTerminal }

func (g givingTerminal) Refund(_ context.Context, r app.RefundOrder) (payments.Answer, error) {
	return payments.Answer{Outcome: payments.Refunded, OrderID: r.OrderID, Amount: r.Amount}, nil
}

func (g givingTerminal) RefundWays(r app.RefundOrder) ([]app.RefundWay, error) {
	if r.Whole {
		return []app.RefundWay{app.RefundReversal, app.RefundCard}, nil
	}
	return []app.RefundWay{app.RefundCard}, nil
}
