package journal_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"frontdesk/app"
)

// Many write at once, some of them change their minds: what was answered is there,
// and the chain holds.
func TestManyWriteBesideEachOther(t *testing.T) {
	t.Parallel()
	const hands, each = 4, 8
	dir := t.TempDir()
	j := open(t, dir)
	var mu sync.Mutex
	wrote := map[app.SaleID]bool{}
	var all sync.WaitGroup
	for h := range hands {
		all.Go(func() {
			for n := range each {
				ctx, cancel := context.WithCancel(t.Context())
				if n%4 == h%4 {
					time.AfterFunc(time.Duration(n*h)*50*time.Microsecond, cancel)
				}
				id := h*each + n
				_, err := j.Append(ctx, sale(id, fmt.Sprint("visit", id)), nil)
				cancel()
				if err == nil {
					mu.Lock()
					wrote[sale(id, "")[0].Sale] = true
					mu.Unlock()
				} else if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if len(wrote) < hands*each/2 {
		t.Errorf("only %d sales were written", len(wrote))
	}
	for id := range wrote {
		if events, err := j.Sale(t.Context(), id); err != nil || len(events) == 0 {
			t.Errorf("%s: %d events, %v", id, len(events), err)
		}
	}
	if v := verified(t, j); v.Bad != 0 {
		t.Errorf("%+v", v)
	}
	rebuiltSame(t, j)
}
