package server

import (
	"context"
	"errors"
	"slices"

	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

// Why a notice is not answered OK. The strings reach the log and metrics.
const (
	refusedStore     = "store unknown"
	refusedSignature = "signature"
	refusedSID       = "other store's SID"
	refusedOrder     = "order not registered"
	refusedAmount    = "amount or currency"
	refusedReference = "other reference"
	refusedDisk      = "not stored"
)

var (
	errBusy   = errors.New("relay: could not be stored in time")
	errClosed = errors.New("relay: shutting down")
	errUnsure = errors.New("relay: refused after a try of unknown fate")
	// errDamaged is for orders of which a notice may be lost.
	errDamaged = errors.New("relay: a notice of this order may stand in a damaged envelope")
)

// refusal says why a notice is not answered OK. It never holds content.
type refusal struct {
	reason string
	err    error // for the log
}

func (r *refusal) Error() string { return "relay: refused: " + r.reason }
func (r *refusal) Unwrap() error { return r.err }

// admit decides on one posted notice exactly as product.md 4 rule 6 says: nil
// means that it may be answered OK, because it is durable or needs not be.
func (s *Server) admit(ctx context.Context, storeID string, body []byte) error {
	st, err := s.stores.get(storeID)
	if err != nil {
		return &refusal{refusedStore, err}
	}
	msg, err := checkout.VerifyForm(body, st.certs...)
	if err != nil {
		return &refusal{refusedSignature, err}
	}
	if msg.SID != st.Store.SID {
		return &refusal{refusedSID, nil}
	}
	if msg.Method == checkout.MethodVerify {
		return nil
	}
	n := notice{
		kind: kindOther, received: s.cfg.Now(), order: s.keys.order(storeID, msg.SID, msg.OrderID),
		store: storeID, body: body,
	}
	if relay.IsOrder(msg.OrderID) { // no other is anybody's here, and a frame has no room for all of them
		n.orderID = msg.OrderID
	}
	n.reference = s.keys.reference(n.order, msg.Reference)
	switch msg.Method {
	case checkout.MethodNotify:
		n.kind = kindPurchase
	case checkout.MethodRollback:
		n.kind = kindRollback
	}
	n.repeat = repeatOf(n)
	// Waiting for the order and storing share the patience of the provider.
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	release, err := s.orders.hold(ctx, holdKey(n))
	if err != nil {
		return &refusal{refusedDisk, err}
	}
	defer release()
	rec, err := s.orders.get(ctx, n.order)
	if err != nil && !errors.Is(err, errNoOrder) {
		return &refusal{refusedDisk, err}
	}
	n.desk = s.roster.addressee(storeID, rec.Desk)
	if n.kind == kindPurchase {
		if err != nil {
			return &refusal{refusedOrder, nil}
		}
		return s.admitPurchase(ctx, rec, n, msg)
	}
	if s.needless(n) {
		return nil
	}
	return s.keep(ctx, n)
}

// holdKey says what is locked while a notice is decided on: its order, or for
// other methods the message itself, which may come under any order.
func holdKey(n notice) orderKey {
	if n.kind == kindOther && n.repeat != (repeatKey{}) {
		return orderKey(n.repeat)
	}
	return n.order
}

// needless reports whether another copy of a notice would tell nobody anything.
// Every copy of a Rollback reads the same, and each may mean that money moved
// again (product.md 4 rule 3): it is dropped only as long as the copy before
// was not yet sent to a desk, which will then look after this one arrived. An
// ack is too late to tell: the desk may have looked before it.
func (s *Server) needless(n notice) bool {
	at, found := s.repeats.find(n.repeat)
	return found && (n.kind != kindRollback || s.hub.waits(n.store, n.desk, at))
}

// admitPurchase is called with the order held, so that of two references that
// arrive at once exactly one is stored.
func (s *Server) admitPurchase(ctx context.Context, rec order, n notice, msg checkout.Message) error {
	amount, err := msg.Money()
	if err != nil || !slices.Contains(rec.Amounts, s.keys.amount(n.store, msg.SID, msg.OrderID, amount)) {
		return &refusal{refusedAmount, nil}
	}
	m := s.orders.mark(n.order, rec)
	if s.orders.unsure(rec, m) {
		return &refusal{refusedDisk, errDamaged}
	}
	if m.settled && m.reference == msg.Reference { // an older relay wrote it readable
		n.reference = msg.Reference
	}
	if m.settled {
		if m.reference == "" || m.reference != n.reference {
			return &refusal{refusedReference, nil}
		}
		if m.stored {
			return nil
		}
	}
	return s.keep(ctx, n)
}

// keep makes the notice durable and remembers what it means for its order.
func (s *Server) keep(ctx context.Context, n notice) error {
	n, err := s.seal(n)
	if err != nil {
		return &refusal{refusedDisk, err}
	}
	fate, err := s.lane.store(ctx, n)
	if to := s.roster.addressee(n.store, n.desk); fate == isStored && to != n.desk {
		// The desk was revoked meanwhile, and what it was to get was handed over
		// before this was there.
		n.desk = to
		if fate, err = s.lane.store(ctx, n); fate == notStored {
			fate = maybeStored // the first copy
		}
	}
	switch fate {
	case isStored:
		s.orders.note(n)
		return nil
	case maybeStored:
		s.orders.suspect(n)
	}
	return &refusal{refusedDisk, err}
}
