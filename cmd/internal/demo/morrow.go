package main

import (
	"context"
	"fmt"
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

func closeTheDay(ctx context.Context, s *stage) (string, error) {
	if err := s.outside.faults(ctx); err != nil {
		return "", err
	}
	if err := s.front(ctx); err != nil {
		return "", err
	}
	if err := s.keys(ctx, "F8"); err != nil {
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
	_, err := s.display.until(ctx, "a day that is closed", instead(func() (bool, error) {
		err := s.ask(ctx, &day, "day", s.day)
		return day.Closed != nil, err
	}))
	if err != nil {
		return "", err
	}
	return "F8, the PIN, Enter: the day is closed.", s.shot(ctx, "closed")
}

// everythingAgrees holds the day against the truth of the stand-in.
func everythingAgrees(ctx context.Context, s *stage) (string, error) {
	var day local.Day
	if err := s.ask(ctx, &day, "day", s.day); err != nil {
		return "", err
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
	if len(day.Totals) != 1 || day.Totals[0].Minor != net {
		return "", fmt.Errorf("the day has %+v, the truth %d", day.Totals, net)
	}
	return fmt.Sprintf("The day and the truth have the same %s EUR, and the journal's chain is whole.", day.Totals[0].Net), s.chain(ctx)
}
