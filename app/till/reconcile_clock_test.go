package till

import (
	"slices"
	"testing"
	"time"

	"frontdesk/app/reconcile"
)

// TestSalesOfAClockThatWasBehind are compared: their lines would else be offered as
// payments that nobody here has begun.
func TestSalesOfAClockThatWasBehind(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	s := m.terminal()
	now := time.Now().Add(90 * 24 * time.Hour) // as it was set right later
	moves, err := m.d.compare.gather(t.Context(), reconcile.Input{Now: now, Since: now.Add(-reach)})
	if err != nil || !slices.ContainsFunc(moves, func(v reconcile.Move) bool { return v.Sale == s.ID }) {
		t.Errorf("%+v, %v", moves, err)
	}
}
