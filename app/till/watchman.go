package till

import (
	"context"
	"sync"
	"time"

	"frontdesk/app/setup"
	"frontdesk/payments"
)

// watchman recognises two troubles by what passes through the rails
// (product.md 6): myPOS says paid and its notice does not come, and a customer
// who pressed Pay while myPOS knows nothing of the order. Its methods may be
// called from any goroutine.
type watchman struct {
	now func() time.Time
	// known reports whether the journal has a notice of the order.
	known func(ctx context.Context, order string) bool

	mu     sync.Mutex
	orders map[string]*sighting
	lost   time.Time // when a payment without its notice was last seen
	stuck  string    // code of the trouble on the page, "" for none
	since  time.Time
	refuse bool // the last test showed that myPOS refuses our key
}

// sighting is what was seen of one order in this run.
type sighting struct {
	opened  time.Time // the customer pressed Pay
	paid    time.Time // myPOS said paid for the first time
	noticed bool
}

// Troubles on the page of myPOS: it does not take the form at all, or it says
// that the signature is invalid.
const (
	codePageRejected  = "page.rejected"
	codePageSignature = "page.signature"
	codeNoticeLost    = "notify.lost"
)

// How long a notice may be late, how long a customer may be on the way to the
// page of myPOS, and how long a trouble is told after it was last seen.
const (
	noticeLate  = 30 * time.Second
	pageLate    = 90 * time.Second
	troubleStay = time.Hour
	maxSighting = 500
)

func newWatchman(now func() time.Time, known func(context.Context, string) bool) *watchman {
	return &watchman{now: now, known: known, orders: map[string]*sighting{}}
}

// of returns the sighting of an order. Called with the lock held.
func (w *watchman) of(order string) *sighting {
	s := w.orders[order]
	if s == nil {
		if len(w.orders) >= maxSighting { // an old one more or less tells nothing new
			clear(w.orders)
		}
		s = &sighting{}
		w.orders[order] = s
	}
	return s
}

// noticed takes a notice in.
func (w *watchman) noticed(n payments.Notice) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.of(n.OrderID)
	if n.Kind == payments.NoticeOpened {
		if s.opened.IsZero() {
			s.opened = w.now()
		}
		return
	}
	s.noticed = true
	w.lost, w.stuck = time.Time{}, "" // the way works
}

// answered takes a status answer in.
func (w *watchman) answered(ctx context.Context, order string, a payments.Answer, err error) {
	paid := err == nil && a.Outcome == payments.Paid
	before := paid && w.known(ctx, order)
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.of(order)
	now := w.now()
	switch {
	case paid:
		w.stuck = ""
		s.noticed = s.noticed || before
		if s.paid.IsZero() {
			s.paid = now
		}
		if !s.noticed && now.Sub(s.paid) >= noticeLate {
			w.lost = now
		}
	case err == nil && a.Outcome == payments.Absent && !s.opened.IsZero() && now.Sub(s.opened) >= pageLate:
		w.stuck, w.since = codePageRejected, now
	case err != nil && !s.opened.IsZero():
		switch payments.CodeOf(err) {
		case "status.2", "status.3", "answer.unsigned":
			w.stuck, w.since = codePageSignature, now
		}
	}
}

// conditions returns the troubles that stand.
func (w *watchman) conditions() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	var codes []string
	if !w.lost.IsZero() && now.Sub(w.lost) < troubleStay {
		codes = append(codes, codeNoticeLost)
	}
	switch {
	case w.stuck == "" || now.Sub(w.since) >= troubleStay:
	case w.refuse:
		codes = append(codes, codePageSignature)
	default:
		codes = append(codes, w.stuck)
	}
	return codes
}

// tested takes in what Test connection showed of the account.
func (w *watchman) tested(account setup.Row) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refuse = account.Result == setup.Fix
}
