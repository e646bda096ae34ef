package day_test

import (
	"context"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/journal"
	"frontdesk/payments"
)

// busy is a journal in which money comes in between the two ways of adding up.
type busy struct {
	*journal.Journal
	meanwhile func()
}

func (b *busy) Takings(ctx context.Context, p app.Period) ([]app.Takings, error) {
	list, err := b.Journal.Takings(ctx, p)
	if f := b.meanwhile; f != nil {
		b.meanwhile = nil
		f()
	}
	return list, err
}

// TestMoneyThatComesInWhileTheDayIsAddedUp is no difference.
func TestMoneyThatComesInWhileTheDayIsAddedUp(t *testing.T) {
	s := newSalon(t)
	s.paid(eur(4500), payments.RailLink, "Mia")
	ledger := &busy{Journal: s.Journal, meanwhile: func() { s.paid(eur(700), payments.RailLink, "Mia") }}
	var err error
	s.book, err = day.New(day.Config{Ledger: ledger, Till: s, Mode: payments.Practice, Now: func() time.Time { return s.now }, Zone: s.now.Location()})
	if err != nil {
		t.Fatal(err)
	}
	r := s.report("")
	if len(r.Differences) != 0 || len(r.Totals) != 1 || r.Totals[0].Payments != 5200 {
		t.Errorf("%+v %+v", r.Totals, r.Differences)
	}
}
