package terminal

import (
	"context"
	"errors"
	"time"

	"frontdesk/payments"
)

// Test greets the terminal (PING in a session of its own, a pause) and asks what
// it is (GET_STATUS). It moves no money. Info.Code says why no payment could be
// taken; a terminal that cannot be spoken to at all gives an error: ErrRefused
// with terminal.occupied, terminal.slave or terminal.version, ErrUnreachable
// otherwise (terminal.unreachable, .refused, .silent, .cut, .slow, .stranger,
// .garbage, .endless, .stopped, .address, .port, .port_busy, .port_denied).
func (t *Terminal) Test(ctx context.Context) (Info, error) {
	release, err := t.take(ctx, nil)
	if err != nil {
		return Info{}, err
	}
	defer release()
	return t.health(ctx, "test")
}

// Prepare is Test right before a payment. Info.Last.SID is the record that must
// be on disk before Purchase is called: a later Lookup needs it. A Info.Code of
// terminal.unfinished means that the operation Info.Last.SID has to be settled
// and completed first.
func (t *Terminal) Prepare(ctx context.Context) (Info, error) {
	release, err := t.take(ctx, nil)
	if err != nil {
		return Info{}, err
	}
	defer release()
	return t.health(ctx, "prepare")
}

// Heartbeat keeps the terminal awake: a PING every Timers.Heartbeat until ctx
// ends, never during an operation, and a payment never waits for it. report gets
// nil or what is wrong, after each.
func (t *Terminal) Heartbeat(ctx context.Context, report func(error)) {
	for sleep(ctx, t.timers.Heartbeat) == nil {
		if err := t.beat(ctx); !errors.Is(err, ErrBusy) && ctx.Err() == nil {
			report(err)
		}
	}
}

func (t *Terminal) beat(ctx context.Context) error {
	ctx, yield := context.WithCancel(ctx)
	defer yield()
	release, err := t.take(ctx, yield)
	if err != nil {
		return err
	}
	defer release()
	err = t.ping(ctx, "heartbeat")
	if ctx.Err() != nil {
		return ErrBusy // somebody with a payment came
	}
	return err
}

func (t *Terminal) health(ctx context.Context, op string) (Info, error) {
	if err := t.greet(ctx, op); err != nil {
		return Info{}, err
	}
	r, err := t.ask(ctx, op, MethodGetStatus)
	if err != nil {
		return Info{}, err
	}
	return t.info(r), nil
}

// greet pings and waits until the terminal is done with its greeting.
func (t *Terminal) greet(ctx context.Context, op string) error {
	if err := t.ping(ctx, op); err != nil {
		return err
	}
	if err := sleep(ctx, t.timers.AfterPing); err != nil {
		return problem(op, "terminal.stopped", payments.ErrUnreachable, err)
	}
	return nil
}

func (t *Terminal) ping(ctx context.Context, op string) error {
	_, err := t.ask(ctx, op, MethodPing)
	return err
}

// ask carries out a method that moves no money and needs nobody, and returns
// the frame it ended with: STAGE 5, or a STAGE 1 that says no. A wrong protocol
// version is negotiated.
func (t *Terminal) ask(ctx context.Context, op, method string) (reply, error) {
	for range 3 {
		r, err := t.question(ctx, method, t.timers.FirstReply)
		if err != nil {
			code, cause := why(err)
			return r, problem(op, code, payments.ErrUnreachable, cause)
		}
		t.answered()
		switch {
		case r.slave():
			return r, problem(op, "terminal.slave", payments.ErrRefused, nil)
		case r.status == StatusBusy:
			return r, problem(op, "terminal.occupied", payments.ErrRefused, nil)
		case r.status != StatusVersion:
			return r, nil
		case !t.adopt(r):
			return r, problem(op, "terminal.version", payments.ErrRefused, nil)
		}
	}
	return reply{}, problem(op, "terminal.version", payments.ErrRefused, nil)
}

// question is one session: a request, and the frame it ends with.
func (t *Terminal) question(ctx context.Context, method string, first time.Duration, fields ...Field) (reply, error) {
	sid, err := NewSID(t.entropy)
	if err != nil {
		return reply{}, &lost{"terminal.config", err}
	}
	k, _, err := t.begin(ctx, method, sid, first, fields...)
	if err != nil {
		return reply{}, err
	}
	defer k.close()
	for {
		r, err := k.next(ctx)
		if err != nil {
			return r, err
		}
		switch {
		case r.stage == WireEnd, r.stage == WireAccepted && r.status != StatusOK, r.slave():
			return r, nil
		case r.stage == WireAccepted:
			t.adopt(r)
		}
	}
}

// info reads what GET_STATUS tells (spec 3.8).
func (t *Terminal) info(r reply) Info {
	f := r.frame
	t.mu.Lock()
	speaks := t.speaks
	t.mu.Unlock()
	i := Info{
		At:         t.now(),
		TerminalID: text(f, "TERMINAL_ID"),
		SerialNo:   text(f, "SN"),
		Merchant:   text(f, "MERCHANT_NAME"),
		MerchantID: text(f, "MERCHANT_ID"),
		Name:       text(f, "TERMINAL_NAME"),
		Software:   text(f, "SOFTWARE_VERSION"),
		Version:    speaks,
		Printer:    text(f, "PRINTER") == "1",
		Currency:   currencyOf(f),
		Last:       lastOf(r),
		Status:     r.status,
	}
	if r.status != StatusOK && r.status != StatusOptionalUpdate {
		i.Code = ruleOf(r.status).code
	}
	return i
}
