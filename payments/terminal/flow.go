package terminal

import (
	"context"
	"log/slog"
	"sync"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// flow is one operation that may move money, from its request to its end
// (spec 3.12). The goroutine of the call runs it; mu guards what Cancel sees.
type flow struct {
	t     *Terminal
	k     *talk
	op    string // for errors: purchase, refund, reverse
	sid   string
	asked money.Amount // zero-valued for a reversal
	tip   money.Amount
	back  bool // money goes to the customer
	show  func(Stage)
	// before runs before the request; what it returns ends the operation.
	before func(context.Context) error

	name     StageName // last shown
	accepted bool      // STAGE 1 with STATUS 0 came
	screen   bool      // the present-card screen was shown
	card     bool      // a card was read
	held     int       // STATUS of a failed step; -1 while none
	stopped  bool      // STAGE 5 with STATUS 13 came for the cancel and not for the operation
	slave    bool

	mu          sync.Mutex
	seen        bool // the terminal has answered
	cancellable bool
	wanted      bool // a cancel was asked for and not yet sent
	cancelling  bool // a cancel was sent and not turned down
	over        bool
	request     chan struct{} // one waiting request to cancel
}

// run sends the request and follows it to its end. Nothing is ever sent twice.
func (t *Terminal) run(ctx context.Context, f *flow, method string, fields ...Field) (Result, error) {
	k, left, err := t.begin(ctx, method, f.sid, t.timers.FirstReply, fields...)
	if err != nil {
		code, cause := why(err)
		if left {
			return f.unknown(code, cause)
		}
		condition := payments.ErrUnreachable
		if code == "terminal.request" {
			condition = payments.ErrRefused
		}
		return f.result(NotStarted, code), problem(f.op, code, condition, cause)
	}
	f.k, k.ask, k.asked = k, f.request, f.sendCancel
	r, err := f.follow(ctx)
	k.close()
	if err != nil {
		return f.broken(ctx, err)
	}
	t.answered()
	return f.end(ctx, r)
}

// follow reads frames until one of them ends the operation.
func (f *flow) follow(ctx context.Context) (reply, error) {
	for {
		r, err := f.k.next(ctx)
		if err != nil {
			return r, err
		}
		if r.sid != f.sid {
			f.aboutCancel(r)
			continue
		}
		if r.slave() && !f.slave {
			f.slave = true
			if r.stage == WireRelay {
				return r, &lost{"terminal.slave", errSlave}
			}
			f.want()
		} else if r.stage == WireRelay {
			return r, &lost{"terminal.slave", errSlave}
		}
		if f.ends(r) {
			return r, nil
		}
		f.step(r)
	}
}

// ends reports whether r is the end: STAGE 5, or a refusal at STAGE 1. A STAGE 1
// behind an accepted one answers a cancel, whatever SID it carries.
func (f *flow) ends(r reply) bool {
	if r.stage == WireAccepted && f.accepted && r.status != StatusOK {
		f.turnedDown(r)
		return false
	}
	return r.stage == WireEnd || r.stage == WireAccepted && r.status != StatusOK
}

// step shows what a frame between means, and remembers what failed.
func (f *flow) step(r reply) {
	s := Stage{Name: f.name}
	if ruleOf(r.status).middle != keep {
		f.held = r.status
		f.arm(false)
		return
	}
	switch r.stage {
	case WireAccepted:
		f.accepted = true
		s.Name, s.Cancellable = StageSent, true
	case WirePresentCard:
		f.screen = true
		s.Name, s.Cancellable = StagePresentCard, true
	case WireCard:
		s.Name = StageCardRead
		if r.status == StatusUnsupportedCard || r.status == StatusFallback {
			s.Name, s.Code = StagePresentCard, ruleOf(r.status).code
		} else {
			f.card = true
		}
	case WireOffer, WireChosen:
		s.Name, s.DCC = StageDCC, dccOf(r.frame)
	case WirePIN:
		s.Name = StagePIN
		s.TriesLeft, _ = number(r.frame, "TRIES_LEFT")
	case WirePINResult:
		s.Name = StageAuthorising
		if r.status == StatusWrongPIN {
			s.Name = StagePINWrong
			s.TriesLeft, _ = number(r.frame, "TRIES_LEFT")
		}
	default:
		return
	}
	f.name, f.held = s.Name, -1
	f.arm(s.Cancellable)
	f.tell(s)
}

func (f *flow) tell(s Stage) {
	f.mu.Lock()
	s.Cancelling = f.cancelling
	f.mu.Unlock()
	if f.show != nil {
		f.show(s)
	}
}

// end judges the frame that ended the operation.
func (f *flow) end(ctx context.Context, r reply) (Result, error) {
	out := details(r.frame, f.asked.Currency)
	class, code := Class(""), ruleOf(r.status).code
	if r.stage == WireAccepted {
		class = Class(ruleOf(r.status).start)
		if r.status == StatusVersion {
			f.t.adopt(r)
		}
	} else {
		class = judge(r.status, out.TxStatus, out.Approval)
	}
	switch {
	case class == Charged && !f.sameMoney(r):
		class, code = Unclear, "terminal.other_amount"
	case class == Charged:
		code = ""
	case class == Declined:
		code = declineCode(out.Approval)
	case class == Unclear && code == "":
		code = "terminal.odd"
	case r.status == StatusCancelled && f.slave:
		code = "terminal.slave"
	case r.status == StatusCancelled && !f.screen && !f.wasCancelled():
		code = "terminal.not_enabled"
	}
	f.fill(&out, class, code)
	out.Status = r.status
	out.NoPaper = class == Charged && (r.status == StatusNoPaper || r.status == StatusNoPrinter)
	out.Unfinished = r.stage == WireEnd || class == Unclear
	switch {
	case class == Unclear:
		return out, problem(f.op, code, payments.ErrUnknown, nil)
	case r.stage == WireAccepted && class == NotStarted:
		return out, problem(f.op, code, payments.ErrRefused, nil)
	case r.status == StatusCancelled && f.card:
		// A cancel behind a card that was read is asked about once more (spec 3.7).
		if taken, _ := f.recorded(ctx); taken {
			return f.unknown("terminal.contradiction", nil)
		}
	}
	return out, nil
}

// broken judges an operation that ended without its frame. Only a failed step
// that the terminal had announced before it fell silent is taken for an end, and
// only when its record does not say otherwise (spec 3.6).
func (f *flow) broken(ctx context.Context, err error) (Result, error) {
	code, cause := why(err)
	status := f.held
	if f.stopped {
		status = StatusCancelled
	}
	if code != "terminal.silent" || status < 0 || ruleOf(status).middle != notCharged {
		return f.unknown(code, cause)
	}
	taken, known := f.recorded(ctx)
	switch {
	case taken:
		return f.unknown("terminal.contradiction", cause)
	case !known:
		return f.unknown(code, cause)
	}
	out := f.result(NotCharged, ruleOf(status).code)
	out.Status, out.Unfinished = status, true
	return out, nil
}

// recorded asks for the record of the last transaction: whether it says that
// this operation took money, and whether the terminal could be asked at all and
// is done with it.
func (f *flow) recorded(ctx context.Context) (taken, known bool) {
	i, err := f.t.health(ctx, f.op)
	if err != nil {
		f.t.log.Warn("terminal record not seen", slog.String("sid", f.sid), slog.String("error", err.Error()))
		return false, false
	}
	ours := i.Last.SID == f.sid
	return ours && i.Last.Class == Charged, !ours || i.Last.Class != Unclear
}

// sameMoney compares what the outcome tells with what was asked. A total with
// the tip in it and one without are both read (spec 3.8 does not say which); a tip
// that is smaller than the one asked for is read only beside the whole of it all.
func (f *flow) sameMoney(r reply) bool {
	if f.asked.Currency == "" {
		return true
	}
	if text(r.frame, "CURRENCY", "CURRENCY_NAME") != "" && currencyOf(r.frame) != f.asked.Currency {
		return false
	}
	got, told := amountOf(r.frame, "AMOUNT", f.asked.Currency)
	tip, apart := amountOf(r.frame, "TIP_AMOUNT", f.asked.Currency)
	switch {
	case apart && tip.Minor < f.tip.Minor:
		return got.Minor == f.asked.Minor+f.tip.Minor
	case !apart:
		tip = f.tip
	}
	return !told || got.Minor == f.asked.Minor || got.Minor == f.asked.Minor+tip.Minor
}

func (f *flow) fill(out *Result, class Class, code string) {
	out.SID, out.Code = f.sid, code
	out.settle(class, f.back)
	if class == Charged && out.Tip.Minor < f.tip.Minor {
		out.Tip = f.tip
	}
	if out.Amount.IsZero() || class == Charged && f.asked.Currency != "" {
		out.Amount = f.asked
	}
}

func (f *flow) result(class Class, code string) Result {
	out := Result{Status: -1}
	f.fill(&out, class, code)
	return out
}

func (f *flow) unknown(code string, cause error) (Result, error) {
	out := f.result(Unclear, code)
	out.Unfinished = true
	return out, problem(f.op, code, payments.ErrUnknown, cause)
}
