package main

import (
	"context"
	"fmt"
	"image"
	"slices"

	"frontdesk/app"
	"frontdesk/app/local"
)

// unknownRefund gives money back while no answer of myPOS comes through.
func unknownRefund(ctx context.Context, s *stage) (string, error) {
	if err := s.outside.faults(ctx, append(noAnswers(), refundCut)...); err != nil {
		return "", err
	}
	if err := s.keys(ctx, "F4"); err != nil {
		return "", err
	}
	if err := s.giveBack(ctx, "refund-no-answer"); err != nil {
		return "", err
	}
	s.unknown.refund = s.sale.ID
	_, err := s.display.until(ctx, "a refund that is not known", instead(func() (bool, error) {
		var day local.Day
		err := s.ask(ctx, &day, "day", s.day)
		return slices.ContainsFunc(day.Differences, func(d local.Difference) bool { return d.Sale == s.sale.ID && d.Refund != "" }), err
	}))
	if err != nil {
		return "", err
	}
	return "A refund whose answer was lost is not known, and not sent again.", s.outcome(ctx, "refund-unknown")
}

// unknownPayment is seen, taken back, and nobody answers what it is now.
func unknownPayment(ctx context.Context, s *stage) (string, error) {
	if err := s.outside.faults(ctx, append(noAnswers(), takenBack)...); err != nil {
		return "", err
	}
	if err := s.offer(ctx, "52.00"); err != nil {
		return "", err
	}
	if err := s.pay(ctx, s.link); err != nil {
		return "", err
	}
	if err := s.becomes(ctx, "a payment that is not known", func(l local.Sale) bool { return l.State == app.Unknown }); err != nil {
		return "", err
	}
	s.unknown.payment = s.sale.ID
	if _, err := s.display.until(ctx, "NOT KNOWN YET", func(f *image.RGBA) bool { return f.RGBAAt(220, 720) == s.colours.unknown }); err != nil {
		return "", err
	}
	return "myPOS says that it took money back and answers nothing: not known.", s.shot(ctx, "payment-unknown")
}

// look goes to the line of a sale among what is to be looked at before the day is closed, and
// presses its button.
func (s *stage) look(ctx context.Context, id app.SaleID) error {
	if err := s.front(ctx); err != nil {
		return err
	}
	var day local.Day
	if err := s.ask(ctx, &day, "day", s.day); err != nil {
		return err
	}
	at := slices.IndexFunc(day.Differences, func(d local.Difference) bool { return d.Sale == id })
	if at < 0 {
		return fmt.Errorf("sale %s is no difference: %+v", id, day.Differences)
	}
	if err := s.keys(ctx, "F8", "Escape"); err != nil {
		return err
	}
	for range at + 1 {
		if err := s.keys(ctx, "Down"); err != nil {
			return err
		}
	}
	return s.keys(ctx, "Return")
}

// settlePayment says what the account shows: it did not go through.
func settlePayment(ctx context.Context, s *stage) (string, error) {
	if err := s.look(ctx, s.unknown.payment); err != nil {
		return "", err
	}
	if err := s.keys(ctx, "shift+Tab", "space"); err != nil {
		return "", err
	}
	if err := s.text(ctx, "700001"); err != nil {
		return "", err
	}
	if err := s.keys(ctx, "Tab"); err != nil {
		return "", err
	}
	if err := s.text(ctx, "18.30"); err != nil {
		return "", err
	}
	if err := s.answer(ctx, "settle-payment"); err != nil {
		return "", err
	}
	s.sale.ID = s.unknown.payment
	if err := s.becomes(ctx, "a payment that did not go through", func(l local.Sale) bool { return l.State == app.Withdrawn }); err != nil {
		return "", err
	}
	return "A day later the owner says, with number, time and PIN, that it did not go through.", s.shot(ctx, "payment-settled")
}

// settleRefund says that it went through.
func settleRefund(ctx context.Context, s *stage) (string, error) {
	if err := s.look(ctx, s.unknown.refund); err != nil {
		return "", err
	}
	if err := s.text(ctx, "700002"); err != nil {
		return "", err
	}
	if err := s.answer(ctx, "settle-refund"); err != nil {
		return "", err
	}
	s.sale.ID = s.unknown.refund
	if err := s.becomes(ctx, "a refund that went through", func(l local.Sale) bool { return l.RefundedMinor == 2200 }); err != nil {
		return "", err
	}
	return "And that the refund went through.", s.shot(ctx, "refund-settled")
}

// answer presses Enter, which leads to the PIN, and sends the answer.
func (s *stage) answer(ctx context.Context, name string) error {
	if err := s.keys(ctx, "Return"); err != nil {
		return err
	}
	if err := s.text(ctx, ownerPIN); err != nil {
		return err
	}
	if err := s.shot(ctx, name); err != nil {
		return err
	}
	return s.keys(ctx, "Return")
}

// answersAgain lets myPOS answer: what the owner said is what it says, too, and the desk tells that
// the customer still owes.
func answersAgain(ctx context.Context, s *stage) (string, error) {
	if err := s.front(ctx); err != nil {
		return "", err
	}
	if err := s.outside.faults(ctx); err != nil {
		return "", err
	}
	var day local.Day
	if err := s.ask(ctx, &day, "reconcile", s.day); err != nil {
		return "", err
	}
	s.sale.ID = s.unknown.payment
	if err := s.becomes(ctx, "a payment that was taken back", func(l local.Sale) bool { return l.State == app.Reversed }); err != nil {
		return "", err
	}
	if err := s.alarm(ctx, "the alarm over the till"); err != nil {
		return "", err
	}
	if err := s.shot(ctx, "answered"); err != nil {
		return "", err
	}
	return "myPOS answers again and bears the owner out: TAKEN BACK.", s.keys(ctx, "Escape")
}

// closeTheDay closes the day before, which is still open, knowing what the customer owes.
func closeTheDay(ctx context.Context, s *stage) (string, error) {
	if err := s.front(ctx); err != nil {
		return "", err
	}
	if err := s.keys(ctx, "F8"); err != nil {
		return "", err
	}
	if err := s.shot(ctx, "earlier-day"); err != nil {
		return "", err
	}
	if err := s.keys(ctx, "Return"); err != nil {
		return "", err
	}
	// It is compared with myPOS first; then there is the switch, and below it the PIN.
	_, err := s.display.until(ctx, "the switch with the keyboard", func(f *image.RGBA) bool {
		_, ring := area(f.SubImage(image.Rect(850, 300, 920, 600)).(*image.RGBA), s.colours.focus, 20)
		return ring > 0
	})
	if err != nil {
		return "", err
	}
	if err := s.keys(ctx, "space"); err != nil {
		return "", err
	}
	if err := s.text(ctx, ownerPIN); err != nil {
		return "", err
	}
	if err := s.shot(ctx, "close-day"); err != nil {
		return "", err
	}
	if err := s.keys(ctx, "Return"); err != nil {
		return "", err
	}
	var day local.Day
	_, err = s.display.until(ctx, "a day that is closed", instead(func() (bool, error) {
		err := s.ask(ctx, &day, "day", s.day)
		return day.Closed != nil, err
	}))
	if err != nil {
		return "", err
	}
	// The button that opens it again stands last.
	if err := s.keys(ctx, "shift+Tab"); err != nil {
		return "", err
	}
	return "F8 and Enter lead to the day that is open; its question, the PIN, Enter: closed.", s.shot(ctx, "closed")
}

// everythingAgrees holds both days against the truth of the stand-in.
func everythingAgrees(ctx context.Context, s *stage) (string, error) {
	var sum int64
	for _, name := range []string{s.day, ""} {
		var day local.Day
		words := []string{"day"}
		if name != "" {
			words = append(words, name)
		}
		if err := s.ask(ctx, &day, words...); err != nil {
			return "", err
		}
		if name == "" && day.Day == s.day {
			return "", fmt.Errorf("a day later it is still %s", day.Day)
		}
		for _, t := range day.Totals {
			sum += t.Minor
		}
	}
	t, err := s.truth(ctx)
	if err != nil {
		return "", err
	}
	var net int64
	for _, p := range t.Payments {
		if p.State == "approved" {
			net += p.Minor - p.RefundedMinor
		}
	}
	for _, c := range t.Terminal {
		switch {
		case c.State != "approved":
		case c.Kind == "refund":
			net -= c.Minor
		default:
			net += c.Minor
		}
	}
	if sum != net || net == 0 {
		return "", fmt.Errorf("the two days have %d, the truth %d", sum, net)
	}
	return fmt.Sprintf("Both days together have what the truth has: %d.%02d EUR.", net/100, net%100), nil
}

func wholeChain(ctx context.Context, s *stage) (string, error) {
	return "The journal's chain is whole.", s.chain(ctx)
}
