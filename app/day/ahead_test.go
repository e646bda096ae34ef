package day_test

import (
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// TestAClockThatWasAheadMovesNoMoney: a payment that a clock dated later than the
// closing is sealed once, and stands in the day that sealed it.
func TestAClockThatWasAheadMovesNoMoney(t *testing.T) {
	s := newSalon(t)
	s.paid(eur(1000), payments.RailLink, "Lea")
	right := s.now
	s.now = right.Add(18 * time.Minute)
	s.paid(eur(4500), payments.RailLink, "Lea")
	s.now = right.Add(time.Minute)
	s.want("", s.close("", false))
	s.now = right.Add(2 * time.Minute)
	s.paid(eur(200), payments.RailLink, "Lea")
	s.want("", s.close("", false))
	days, err := s.Days(t.Context(), "", 10)
	if err != nil || len(days) != 2 {
		t.Fatalf("%v, %v", days, err)
	}
	for i, want := range []int64{200, 5500} { // newest first
		var held int64
		err := s.Postings(t.Context(), app.Period{Day: days[i].Day}, func(p app.Posting) error {
			held += p.Amount.Minor
			return nil
		})
		if err != nil || days[i].Totals[0].Net() != want || held != want {
			t.Errorf("%s is sealed with %d and holds %d, want %d (%v)", days[i].Day, days[i].Totals[0].Net(), held, want, err)
		}
	}
}
