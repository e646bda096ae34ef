package till

import (
	"context"
	"testing"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/payments"
)

// racing writes something down between the comparison and the adding.
type racing struct {
	CompareTill
	write func()
}

func (r *racing) Adopt(ctx context.Context, ad app.Adoption, by app.Actor) (app.SaleID, error) {
	if r.write != nil {
		write := r.write
		r.write = nil
		write()
	}
	return r.CompareTill.Adopt(ctx, ad, by)
}

// TestALineIsComparedAgainUntilItIsAdded: what is sold in that moment keeps nobody
// from adding it, and what takes the line away does.
func TestALineIsComparedAgainUntilItIsAdded(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	for _, own := range []bool{false, true} {
		if _, err := m.d.PracticeTerminal().Typed(euro(1800), "3380", false); err != nil {
			t.Fatal(err)
		}
		r := m.report()
		m.want(r, day.NotHere)
		entry := *r.Differences[0].Entry
		direct := m.d.compare.cfg.Till
		race := &racing{CompareTill: direct, write: func() {
			if !own {
				if _, err := m.d.Till().Charge(t.Context(), app.ChargeRequest{
					Lines: []app.Line{{Amount: euro(300)}}, Currency: "EUR", Rail: payments.RailCash,
				}); err != nil {
					t.Error(err)
				}
				return
			}
			if _, err := direct.Adopt(t.Context(), app.Adoption{
				Reference: entry.Reference, Amount: entry.Amount, Rail: payments.RailTerminal,
			}, app.Actor{}); err != nil {
				t.Error(err)
			}
		}}
		m.d.compare.cfg.Till = race
		want := ""
		if own {
			want = "adopt.gone"
		}
		if _, err := m.d.Adopt(t.Context(), entry, app.Actor{}); payments.CodeOf(err) != want || race.write != nil {
			t.Errorf("%v, want %q", err, want)
		}
		m.d.compare.cfg.Till = direct
	}
	if r := m.seen(); r.Totals[0].Payments != 3900 {
		t.Errorf("%+v", r.Totals)
	}
}
