package app_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"frontdesk/app"
	"frontdesk/payments"
)

// Whoever watches an old sale sees how it ended, however slowly it reads: the
// till lets go of such a sale with the very commit that ends it.
func TestASlowWatcherOfAnOldSaleSeesTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		cash := w.request(4500)
		cash.Rail = payments.RailCash
		old, err := w.till.Charge(context.Background(), cash)
		if err != nil {
			t.Fatal(err)
		}
		for range 25 {
			if _, err := w.till.Charge(context.Background(), cash); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		read, last := make(chan struct{}), atomic.Value{}
		go func() {
			for c := range w.till.WatchSale(ctx, old.ID) {
				last.Store(c.Sale.State)
				<-read
			}
		}()
		synctest.Wait()
		if _, err := w.till.Refund(context.Background(), old.ID, app.RefundRequest{Amount: eur(4500)}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.till.Charge(context.Background(), cash); err != nil { // shown once more, without the old one
			t.Fatal(err)
		}
		synctest.Wait()
		close(read)
		synctest.Wait()
		if got := last.Load(); got != app.Refunded {
			t.Errorf("the last that was seen is %q", got)
		}
	})
}
