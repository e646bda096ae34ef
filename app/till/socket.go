package till

import (
	"context"
	"errors"
	"strings"
	"sync"

	"frontdesk/app"
	"frontdesk/app/rails"
	"frontdesk/payments"
)

// socket holds what the rails work with now. A save puts new wires in; calls
// under way end on the old ones, so that nothing is cut off.
type socket struct {
	mu      sync.Mutex
	wires   *wires
	changed chan struct{} // closed when wires are replaced
}

func newSocket(w *wires) *socket { return &socket{wires: w, changed: make(chan struct{})} }

// now returns the wires in use.
func (s *socket) now() *wires {
	w, _ := s.get()
	return w
}

func (s *socket) get() (*wires, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wires, s.changed
}

// change is closed when the wires in use are replaced.
func (s *socket) change() <-chan struct{} {
	_, changed := s.get()
	return changed
}

// put replaces the wires and returns those before.
func (s *socket) put(w *wires) *wires {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.wires
	s.wires = w
	close(s.changed)
	s.changed = make(chan struct{})
	return old
}

// linkRail is the hosted checkout, whatever it is connected to.
type linkRail struct {
	socket *socket
	watch  *watchman
}

var (
	_ app.Rail        = (*linkRail)(nil)
	_ app.Refunder    = (*linkRail)(nil)
	_ app.Seeker      = (*linkRail)(nil)
	_ app.Conditional = (*linkRail)(nil)
	_ app.Marker      = (*linkRail)(nil)

	_ app.RefundPlanner = (*linkRail)(nil)
)

// Name returns payments.RailLink.
func (l *linkRail) Name() payments.Rail { return payments.RailLink }

// Ready says why no link can be made.
func (l *linkRail) Ready() error {
	if code := l.socket.now().noLink; code != "" {
		return refused("link.ready", code)
	}
	return nil
}

// Mark names the private key of new orders, and their store.
func (l *linkRail) Mark() string {
	w := l.socket.now()
	return w.mark + ofStore + w.store.SID
}

// ofStore stands between key and store in a mark; older ones name the key alone.
const ofStore = "/"

// elsewhere reports whether an order is one of another store than the one that is
// connected now.
func elsewhere(mark string, w *wires) bool {
	_, store, told := strings.Cut(mark, ofStore)
	return told && store != w.store.SID
}

// Offer signs under the key the order began with, while it is there.
func (l *linkRail) Offer(ctx context.Context, o app.Offer) (app.Page, error) {
	w := l.socket.now()
	key, _, _ := strings.Cut(o.Mark, ofStore)
	link := w.links[key]
	if link == nil {
		link = w.links[w.mark]
	}
	if link == nil {
		return app.Page{}, refused("link.offer", w.noLink)
	}
	return link.Offer(ctx, o)
}

// Withdraw closes the pay page at the relay, which needs no key of the store.
func (l *linkRail) Withdraw(ctx context.Context, orderID string) error {
	w := l.socket.now()
	if w.keeper == nil {
		return unreachable("link.withdraw", w.noRelay())
	}
	return w.keeper.Close(ctx, orderID)
}

// Status asks myPOS.
func (l *linkRail) Status(ctx context.Context, q app.StatusQuery) (payments.Answer, error) {
	w := l.socket.now()
	link := w.links[w.mark]
	if link == nil {
		return payments.Answer{}, unreachable("link.status", w.noProvider())
	}
	a, err := link.Status(ctx, q)
	l.watch.answered(ctx, q.OrderID, a, err)
	return a, err
}

// Refund gives money back.
func (l *linkRail) Refund(ctx context.Context, r app.RefundOrder) (payments.Answer, error) {
	w := l.socket.now()
	link := w.links[w.mark]
	if link == nil {
		return payments.Answer{}, refused("link.refund", w.noProvider())
	}
	if elsewhere(r.Mark, w) {
		return payments.Answer{}, refused("link.refund", "refund.portal")
	}
	return link.Refund(ctx, r)
}

// RefundWays says why nothing can be given back now, or not from here: in another
// store the number of a payment may be that of somebody else's.
func (l *linkRail) RefundWays(r app.RefundOrder) ([]app.RefundWay, error) {
	w := l.socket.now()
	link := w.links[w.mark]
	if link == nil {
		return nil, refused("link.refund", w.noProvider())
	}
	if elsewhere(r.Mark, w) {
		return nil, refused("link.refund", "refund.portal")
	}
	return link.RefundWays(r)
}

// RefundStatus looks for a refund whose answer was lost in the account.
func (l *linkRail) RefundStatus(ctx context.Context, r app.RefundOrder) (payments.Answer, error) {
	w := l.socket.now()
	if w.merchant == nil {
		return payments.Answer{}, unreachable("link.refund", "request.account")
	}
	return rails.RefundInList(ctx, w.merchant, r)
}

// inbox delivers notices, whatever relay they come from.
type inbox struct {
	socket *socket
	watch  *watchman
}

var (
	_ app.Inbox       = (*inbox)(nil)
	_ app.Conditional = (*inbox)(nil)
)

// Ready says why no notices come.
func (i *inbox) Ready() error {
	if w := i.socket.now(); w.inbox == nil {
		return refused("inbox.ready", w.noRelay())
	}
	return nil
}

// Proof is the last moment at which the way was shown to work.
func (i *inbox) Proof() payments.Proof {
	if w := i.socket.now(); w.inbox != nil {
		return w.inbox.Proof()
	}
	return payments.Proof{}
}

// Receive follows the wires: when they are replaced it goes on where it was.
func (i *inbox) Receive(ctx context.Context, from payments.Position, deliver func(context.Context, payments.Position, payments.Notice) error) error {
	at := from
	for ctx.Err() == nil {
		w, changed := i.socket.get()
		if w.inbox == nil {
			select {
			case <-changed:
			case <-ctx.Done():
			}
			continue
		}
		inner, cancel := context.WithCancelCause(ctx)
		var follow sync.WaitGroup
		follow.Go(func() {
			select {
			case <-changed:
				cancel(errReplaced)
			case <-inner.Done():
			}
		})
		err := w.inbox.Receive(inner, at, func(ctx context.Context, p payments.Position, n payments.Notice) error {
			err := deliver(ctx, p, n)
			if err == nil {
				at = p
				i.watch.noticed(n)
			}
			return err
		})
		replaced := errors.Is(context.Cause(inner), errReplaced)
		cancel(nil)
		follow.Wait()
		if !replaced {
			return err
		}
	}
	return ctx.Err()
}

// errReplaced ends a stream whose wires are no longer in use.
var errReplaced = errors.New("connected anew")

func refused(op, code string) error {
	return &payments.Error{Op: op, Code: code, Err: payments.ErrRefused}
}

func unreachable(op, code string) error {
	return &payments.Error{Op: op, Code: code, Err: payments.ErrUnreachable}
}
