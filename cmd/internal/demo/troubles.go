package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"net/http"

	"frontdesk/app"
	"frontdesk/app/local"
	"frontdesk/cmd/internal/payer"
	"frontdesk/payments/checkout"
)

// Mishaps of the stand-in, as lines of its fault script.
const (
	// slowAnswer lets our "OK" come too late, ten seconds after the payment was seen.
	slowAnswer = `{"kind":"notify_slow","delay_ms":10500}`
	// refundCut makes the refund and breaks its answer.
	refundCut = `{"kind":"http_error","method":"IPCRefund","done":true}`
	// takenBack reverses a payment that was seen, at once.
	takenBack = `{"kind":"rollback_twice"}`
)

// noAnswers breaks every answer about what became of money, and lets customers pay.
func noAnswers() []string {
	var all []string
	for _, method := range []string{
		checkout.MethodStatus, checkout.MethodTxnStatus, checkout.MethodTxnLog,
		"rest.transactions", "rest.transaction", "rest.details", "rest.device_transactions",
	} {
		all = append(all, fmt.Sprintf(`{"kind":"http_error","method":%q,"count":-1}`, method))
	}
	return all
}

// troubles is a salon's day on which everything goes wrong with money that can, and what the desk
// does about it, with the keyboard alone; and the day after, on which the owner settles the rest.
func troubles() play {
	return play{before: salon, parts: []part{
		{acts: []act{
			{name: "open", do: opened},
			{name: "refund all: charge", do: paidByLink("45.00")},
			{name: "refund all", do: refundAll},
			{name: "refund a part: charge", do: paidOnTerminal("60.00")},
			{name: "refund a part", do: refundPart},
			{name: "taken back: charge", do: takenBackLater},
			{name: "taken back: alarm", do: alarmOfTakenBack},
			{name: "taken back: ask again", do: askAgain},
			{name: "paid late", do: paidLate},
			{name: "paid late: keep", do: keepIt},
			{name: "paid twice", do: paidTwice},
			{name: "paid twice: refund", do: refundTheSecond},
			{name: "by hand", do: typedByHand},
			{name: "by hand: add", do: addAsSale},
			{name: "unknown refund: charge", do: paidByLink("22.00")},
			{name: "unknown refund", do: unknownRefund},
			{name: "unknown payment", do: unknownPayment},
			{name: "close", last: true, do: closeWindow},
		}},
		{flags: []string{"--sim-clock", "+25h"}, acts: []act{
			{name: "a day later", do: opened},
			{name: "settle the payment", do: settlePayment},
			{name: "settle the refund", do: settleRefund},
			{name: "answers again", do: answersAgain},
			{name: "close the day", do: closeTheDay},
			{name: "truth", do: everythingAgrees},
			{name: "close", last: true, do: closeWindow},
			{name: "verify", last: true, do: wholeChain},
		}},
	}}
}

// offer types an amount on the till, presses Enter and reads the code.
func (s *stage) offer(ctx context.Context, amount string) error {
	if err := s.front(ctx); err != nil {
		return err
	}
	// What was cancelled stands on the pad again, to be charged another way.
	if err := s.display.press(ctx, "Delete"); err != nil {
		return err
	}
	if err := s.text(ctx, amount); err != nil {
		return err
	}
	if err := s.keys(ctx, "Return"); err != nil {
		return err
	}
	s.link = ""
	if _, err := s.display.until(ctx, "a code that can be read", func(f *image.RGBA) bool {
		s.link = readCode(f)
		return s.link != ""
	}); err != nil {
		return err
	}
	err := s.newest(ctx)
	if err == nil && s.sale.Amount != amount {
		err = fmt.Errorf("typed %s, the sale is one of %s", amount, s.sale.Amount)
	}
	return err
}

// front puts away what lies over the till until the till is there.
func (s *stage) front(ctx context.Context) error {
	for range 6 {
		f, err := s.display.still(ctx)
		if err != nil {
			return err
		}
		if f.RGBAAt(chargeSpot().X, chargeSpot().Y) == s.colours.paper {
			return nil
		}
		if err := s.keys(ctx, "Escape"); err != nil {
			return err
		}
	}
	return errors.New("the till does not come to the front")
}

// paidByLink charges on the keyboard and lets a customer pay.
func paidByLink(amount string) func(context.Context, *stage) (string, error) {
	return func(ctx context.Context, s *stage) (string, error) {
		if err := s.offer(ctx, amount); err != nil {
			return "", err
		}
		if err := s.pay(ctx, s.link); err != nil {
			return "", err
		}
		return fmt.Sprintf("Charged %s EUR, paid by the customer.", amount), s.paid(ctx)
	}
}

// paid waits for PAID in the journal and on the screen.
func (s *stage) paid(ctx context.Context) error {
	if err := s.becomes(ctx, "a sale that is paid", func(l local.Sale) bool { return l.State == app.Paid }); err != nil {
		return err
	}
	return s.panel(ctx, "the green panel of PAID", s.colours.paid)
}

// panel waits for a large field of a colour, and for the screen to rest.
func (s *stage) panel(ctx context.Context, what string, c color.RGBA) error {
	_, err := s.display.until(ctx, what, func(f *image.RGBA) bool {
		_, pixels := area(f, c, 30)
		return pixels > 60_000
	})
	if err == nil {
		_, err = s.display.still(ctx)
	}
	return err
}

// paidOnTerminal charges and goes over to the terminal.
func paidOnTerminal(amount string) func(context.Context, *stage) (string, error) {
	return func(ctx context.Context, s *stage) (string, error) {
		if err := s.offer(ctx, amount); err != nil {
			return "", err
		}
		if err := s.keys(ctx, "shift+Tab", "Return"); err != nil {
			return "", err
		}
		return fmt.Sprintf("Charged %s EUR on the terminal instead.", amount), s.paid(ctx)
	}
}

// takenBackLater pays; the stand-in takes our answer for late, and the money back.
func takenBackLater(ctx context.Context, s *stage) (string, error) {
	if err := s.outside.faults(ctx, slowAnswer); err != nil {
		return "", err
	}
	if err := s.offer(ctx, "38.00"); err != nil {
		return "", err
	}
	paying := make(chan error, 1)
	go func() { paying <- s.pay(ctx, s.link) }()
	if err := s.paid(ctx); err != nil {
		return "", err
	}
	s.paying = paying
	if err := s.front(ctx); err != nil {
		return "", err
	}
	return "38.00 EUR are PAID, and the desk goes on: Payments.", s.keys(ctx, "F3")
}

func alarmOfTakenBack(ctx context.Context, s *stage) (string, error) {
	<-s.paying // the customer's page says what it says
	if err := s.becomes(ctx, "a payment that was taken back", func(l local.Sale) bool { return l.State == app.Reversed }); err != nil {
		return "", err
	}
	if err := s.alarm(ctx, "the alarm over the list"); err != nil {
		return "", err
	}
	if err := s.outside.faults(ctx); err != nil {
		return "", err
	}
	return "TAKEN BACK came over the list.", s.shot(ctx, "taken-back")
}

// alarm waits for an alarm, and for what it tells of how that came.
func (s *stage) alarm(ctx context.Context, what string) error {
	if err := s.panel(ctx, what, s.colours.practice); err != nil {
		return err
	}
	story := image.Rect(596, 400, 632, 520) // the marks of its lines
	_, err := s.display.until(ctx, what+" with its story", func(f *image.RGBA) bool {
		_, paper := area(f.SubImage(story).(*image.RGBA), s.colours.paper, 1)
		return paper < story.Dx()*story.Dy()-100
	})
	return err
}

func askAgain(ctx context.Context, s *stage) (string, error) {
	if err := s.keys(ctx, "Return"); err != nil {
		return "", err
	}
	s.link = ""
	if _, err := s.display.until(ctx, "another code", func(f *image.RGBA) bool {
		s.link = readCode(f)
		return s.link != ""
	}); err != nil {
		return "", err
	}
	if err := s.pay(ctx, s.link); err != nil {
		return "", err
	}
	if err := s.paid(ctx); err != nil {
		return "", err
	}
	if n := len(s.sale.Attempts); n != 2 {
		return "", fmt.Errorf("the sale has %d attempts", n)
	}
	return "Enter asks again, on the same sale: PAID.", s.shot(ctx, "asked-again")
}

// opens charges and lets a customer go as far as the card page.
func (s *stage) opens(ctx context.Context, amount string) (*payer.Payer, payer.Page, error) {
	if err := s.offer(ctx, amount); err != nil {
		return nil, payer.Page{}, err
	}
	who, err := s.payer()
	if err != nil {
		return nil, payer.Page{}, err
	}
	card, err := who.Open(ctx, s.link)
	if err != nil {
		return nil, payer.Page{}, err
	}
	err = s.becomes(ctx, "a page that was opened", func(l local.Sale) bool { return l.State == app.Opened })
	if err == nil {
		_, err = s.display.still(ctx)
	}
	return who, card, err
}

func paidLate(ctx context.Context, s *stage) (string, error) {
	who, card, err := s.opens(ctx, "27.00")
	if err != nil {
		return "", err
	}
	if err := s.keys(ctx, "Escape", "shift+Tab", "Return"); err != nil {
		return "", err
	}
	if err := s.becomes(ctx, "a charge that was cancelled", func(l local.Sale) bool { return l.State == app.Withdrawn }); err != nil {
		return "", err
	}
	if _, err := who.Card(ctx, card, payer.GoodCard); err != nil {
		return "", err
	}
	if err := s.becomes(ctx, "a late payment", func(l local.Sale) bool { return l.State == app.PaidLate }); err != nil {
		return "", err
	}
	if err := s.alarm(ctx, "PAID AFTER CANCEL"); err != nil {
		return "", err
	}
	return "Cancelled, and paid all the same: the alarm says so.", s.shot(ctx, "paid-late")
}

func keepIt(ctx context.Context, s *stage) (string, error) {
	if err := s.keys(ctx, "Return"); err != nil {
		return "", err
	}
	return "Enter keeps it.", s.paid(ctx)
}

func paidTwice(ctx context.Context, s *stage) (string, error) {
	who, card, err := s.opens(ctx, "30.00")
	if err != nil {
		return "", err
	}
	if err := s.keys(ctx, "shift+Tab", "Return", "shift+Tab", "Return"); err != nil {
		return "", err
	}
	if err := s.paid(ctx); err != nil {
		return "", err
	}
	if _, err := who.Card(ctx, card, payer.GoodCard); err != nil {
		return "", err
	}
	if err := s.becomes(ctx, "a sale that was paid twice", func(l local.Sale) bool { return l.State == app.Overpaid }); err != nil {
		return "", err
	}
	if err := s.alarm(ctx, "PAID TWICE"); err != nil {
		return "", err
	}
	return "Paid on the terminal and on the phone: PAID TWICE.", s.shot(ctx, "paid-twice")
}

func refundTheSecond(ctx context.Context, s *stage) (string, error) {
	if err := s.keys(ctx, "Return"); err != nil {
		return "", err
	}
	if err := s.giveBack(ctx, "refund-second"); err != nil {
		return "", err
	}
	if err := s.becomes(ctx, "a sale paid once", func(l local.Sale) bool { return l.State == app.Paid && l.RefundedMinor == 3000 }); err != nil {
		return "", err
	}
	return "Enter, the PIN, Enter: the second payment went back.", s.outcome(ctx, "second-refunded")
}

// typedByHand lets somebody use the terminal without the till.
func typedByHand(ctx context.Context, s *stage) (string, error) {
	if _, err := s.outside.control(ctx, http.MethodPost, "terminal/typed", `{"amount":"18.00","last4":"3380"}`); err != nil {
		return "", err
	}
	var day local.Day
	if err := s.ask(ctx, &day, "reconcile"); err != nil {
		return "", err
	}
	if len(day.Differences) != 1 || day.Differences[0].Minor != 1800 {
		return "", fmt.Errorf("differences: %+v", day.Differences)
	}
	if err := s.front(ctx); err != nil {
		return "", err
	}
	if err := s.keys(ctx, "F8"); err != nil {
		return "", err
	}
	return "18.00 EUR were typed on the terminal by hand: F8 names them before closing.", s.shot(ctx, "day-differs")
}

func addAsSale(ctx context.Context, s *stage) (string, error) {
	if err := s.keys(ctx, "Escape"); err != nil {
		return "", err
	}
	if err := s.shot(ctx, "day-with-difference"); err != nil {
		return "", err
	}
	if err := s.keys(ctx, "Down", "Return"); err != nil {
		return "", err
	}
	if err := s.text(ctx, ownerPIN); err != nil {
		return "", err
	}
	if err := s.shot(ctx, "add-as-sale"); err != nil {
		return "", err
	}
	if err := s.keys(ctx, "Return"); err != nil {
		return "", err
	}
	var failure error
	_, err := s.display.until(ctx, "the sale that was added", func(*image.RGBA) bool {
		failure = s.newest(ctx)
		return failure != nil || s.sale.Minor == 1800 && s.sale.State == app.Paid
	})
	if err = errors.Join(failure, err); err != nil {
		return "", err
	}
	_, err = s.display.until(ctx, "a day with nothing to look at", func(f *image.RGBA) bool {
		_, mark := area(f.SubImage(image.Rect(148, 660, 188, 710)).(*image.RGBA), s.colours.paidChip, 10)
		return mark > 300
	})
	if err != nil {
		return "", err
	}
	return "Enter on the line, the PIN, Enter: it is a sale.", s.shot(ctx, "added")
}
