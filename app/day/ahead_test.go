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

// TestAClockThatWasDaysAheadHidesNoMoney: what it has dated counts on the day that
// runs and is sealed with it; what comes later belongs to the next day.
func TestAClockThatWasDaysAheadHidesNoMoney(t *testing.T) {
	s := newSalon(t)
	s.paid(eur(1000), payments.RailCash, "Lea")
	right := s.now
	s.now = right.AddDate(1, 0, 3)
	s.paid(eur(4500), payments.RailCash, "Lea")
	s.now = right.Add(time.Minute)
	r, err := s.book.Report(t.Context(), "")
	if err != nil || len(r.Totals) != 1 || r.Totals[0].Net() != 5500 || !r.Agrees {
		t.Errorf("%+v, agrees %t, %v", r.Totals, r.Agrees, err)
	}
	s.want("", s.close("", false))
	s.now = right.AddDate(0, 0, 1)
	s.paid(eur(200), payments.RailCash, "Lea")
	r, err = s.book.Report(t.Context(), "")
	if err != nil || len(r.Totals) != 1 || r.Totals[0].Net() != 200 || !r.Agrees || !r.From.Before(s.now) || !r.Until.After(s.now) {
		t.Errorf("the next day: %+v from %v until %v, %v", r.Totals, r.From, r.Until, err)
	}
	s.want("", s.close("", false))
	days, err := s.Days(t.Context(), "", 10)
	if err != nil || len(days) != 2 || days[0].Totals[0].Net() != 200 || days[1].Totals[0].Net() != 5500 {
		t.Errorf("%+v, %v", days, err)
	}
}
