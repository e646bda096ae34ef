package app

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"sync"
)

// board shows what the till knows: the newest snapshot and the sales in hand.
// Old values are overwritten, so a slow reader costs nothing.
type board struct {
	mu      sync.Mutex
	snap    Snapshot
	sales   map[SaleID]Sale
	changed chan struct{} // closed at the next change
	closed  bool
}

func newBoard() *board { return &board{changed: make(chan struct{})} }

// show replaces what is shown. The map is not changed afterwards.
func (b *board) show(s Snapshot, sales map[SaleID]Sale) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s.Revision = b.snap.Revision + 1
	b.snap, b.sales = s, maps.Clone(sales)
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *board) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.closed = true
		close(b.changed)
	}
}

// look returns what is shown and a channel that closes when it changes.
func (b *board) look() (Snapshot, map[SaleID]Sale, <-chan struct{}, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.snap, b.sales, b.changed, !b.closed
}

// Watch yields the newest snapshot at once and then each newer one, until ctx
// ends, the till closes or the loop breaks. A slow reader misses the ones in
// between, never the newest.
func (t *Till) Watch(ctx context.Context) iter.Seq[Snapshot] {
	return func(yield func(Snapshot) bool) {
		var last uint64
		for {
			snap, _, changed, open := t.board.look()
			if snap.Revision > last {
				last = snap.Revision
				if !yield(snap) {
					return
				}
			}
			if !open || !waitChange(ctx, t, changed) {
				return
			}
		}
	}
}

func waitChange(ctx context.Context, t *Till, changed <-chan struct{}) bool {
	select {
	case <-changed:
		return true
	case <-ctx.Done():
	case <-t.life.Done():
	}
	return false
}

// WatchSale yields the sale with its code at once and then each change of it,
// as Watch does. An unknown sale yields nothing.
func (t *Till) WatchSale(ctx context.Context, id SaleID) iter.Seq[Checkout] {
	return func(yield func(Checkout) bool) {
		var shown Checkout
		for {
			_, sales, changed, open := t.board.look()
			s, here := sales[id]
			if !here { // an old one: how it ended may have been shown and let go of meanwhile
				if s, _, _ = t.Sale(ctx, id); s.ID == "" && shown.Sale.ID == "" {
					return
				}
				here = s.ID != ""
			}
			if here && !reflect.DeepEqual(s, shown.Sale) {
				shown = t.checkout(s, shown)
				if !yield(shown) {
					return
				}
			}
			if !open || !waitChange(ctx, t, changed) {
				return
			}
		}
	}
}

// checkout adds the code of the newest attempt, drawn once per link.
func (t *Till) checkout(s Sale, last Checkout) Checkout {
	link, before := newestLink(s), newestLink(last.Sale)
	c := Checkout{Sale: s}
	switch {
	case link == "" || t.cfg.QR == nil:
	case link == before && last.QR != nil:
		c.QR = last.QR
	default:
		code, err := t.cfg.QR(link)
		if err != nil {
			t.cfg.Log.Error("no code for the link", "sale", string(s.ID), "err", err)
		}
		c.QR = code
	}
	return c
}

func newestLink(s Sale) string {
	if len(s.Attempts) == 0 {
		return ""
	}
	return s.Attempts[len(s.Attempts)-1].Link
}

// await waits until the sale meets the condition. The last sale seen is
// returned with the error of ctx, or ErrClosed, when that comes first.
func (t *Till) await(ctx context.Context, id SaleID, met func(Sale) bool) (Sale, error) {
	for {
		_, sales, changed, _ := t.board.look()
		s, here := sales[id]
		if !here {
			var err error
			if s, _, err = t.Sale(ctx, id); err != nil {
				return Sale{}, err
			}
		}
		if met(s) {
			return s, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return s, ctx.Err()
		case <-t.life.Done():
			return s, ErrClosed
		}
	}
}

// Sales returns sales, newest first. It reads what is committed and does not
// wait for anything else.
func (t *Till) Sales(ctx context.Context, q Query) ([]Sale, error) {
	return t.cfg.Journal.Sales(ctx, q)
}

// Sums adds up all sales that q selects, its Before and Limit left out, by
// currency. Its error wraps errors.ErrUnsupported where the journal is no Summer.
func (t *Till) Sums(ctx context.Context, q Query) ([]SaleSum, error) {
	j, ok := t.cfg.Journal.(Summer)
	if !ok {
		return nil, fmt.Errorf("sums: %w", errors.ErrUnsupported)
	}
	return j.Sums(ctx, q)
}

// Sale returns one sale and its events by Seq, or ErrNotFound.
func (t *Till) Sale(ctx context.Context, id SaleID) (Sale, []Event, error) {
	events, err := t.cfg.Journal.Sale(ctx, id)
	if err != nil {
		return Sale{}, nil, err
	}
	if len(events) == 0 {
		return Sale{}, nil, refuse("sale", "sale.missing", ErrNotFound)
	}
	_, sales, _, _ := t.board.look()
	if s, here := sales[id]; here && s.Revision == events[len(events)-1].Seq {
		return s, events, nil // with the times of its checks
	}
	return Fold(events), events, nil
}
