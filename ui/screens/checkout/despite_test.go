package checkout_test

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/screens/checkout"
)

// stern is a till that takes another attempt only after the codes it refuses
// with, one after the other, are used up.
type stern struct {
	*calls
	got  []app.AgainRequest
	code []string
}

func (s *stern) Again(_ context.Context, _ app.SaleID, r app.AgainRequest) (app.Sale, error) {
	s.got = append(s.got, r)
	if n := len(s.got) - 1; n < len(s.code) && s.code[n] != "" {
		return app.Sale{}, &payments.Error{Op: "t", Code: s.code[n], Err: payments.ErrRefused}
	}
	return app.Sale{}, nil
}

// insists is a settler at whose desk somebody may charge despite an unknown
// payment, or may not.
type insists struct {
	answers
	may bool
}

func (i *insists) MayInsist() bool { return i.may }

func insistBench(t *testing.T, may bool, code ...string) (*bench, *stern) {
	t.Helper()
	b := newBench(t)
	s := &stern{calls: b.till, code: code}
	d, err := checkout.New(checkout.Config{
		Till: b.till, Collector: s, Settler: &insists{may: may}, Host: b.host, Run: inline{}, Text: text.New("en"), Now: func() time.Time { return b.now },
		Zone: time.UTC, Operator: func() string { return "Nora" }, Copy: func(string) {}, Mail: func(string, string) error { return nil },
		Devices: terminals, Ways: allWays,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Dialog = d
	co := onTerminal(app.Unknown, func(a *app.Attempt) { a.Reason, a.Unsure = "terminal.lost", b.now.Add(-time.Minute) })
	co.Sale.Received.Minor = 0
	b.Open(co)
	b.now = b.now.Add(time.Second)
	return b, s
}

// Going on asking is the main button; charging again takes a way, and the PIN
// where the till asks for one. A wrong PIN is asked for once more.
func TestInsistAsksForThePIN(t *testing.T) {
	b, till := insistBench(t, true, "operator.pin_needed", "operator.pin", "")
	dialog := b.host.Top()
	b.Insist()
	b.press(fyne.KeyReturn) // the safe answer has the focus
	if b.host.Top() != dialog || len(till.got) != 0 {
		t.Fatalf("Enter charged again: %v", till.got)
	}
	b.Insist()
	b.focus(t, "Charge again by QR code")
	b.press(fyne.KeyReturn) // no PIN yet: its boxes get the focus
	b.typed("1111")
	b.press(fyne.KeyReturn)
	b.typed("2468")
	b.press(fyne.KeyReturn)
	want := func(pin string) app.AgainRequest {
		return app.AgainRequest{Rail: payments.RailLink, DespiteUnknown: true, Actor: app.Actor{Operator: "Nora", PIN: pin}}
	}
	if diff := cmp.Diff([]app.AgainRequest{want(""), want("1111"), want("2468")}, till.got); diff != "" {
		t.Error(diff)
	}
	if b.host.Top() != dialog {
		t.Error("the question is still there")
	}
}

// What the till refuses stands in the question, which stays.
func TestInsistIsRefused(t *testing.T) {
	b, till := insistBench(t, true, "operator.right")
	dialog := b.host.Top()
	b.Insist()
	b.focus(t, "Charge again on Bar")
	b.press(fyne.KeyReturn)
	if len(till.got) != 1 || till.got[0].Rail != payments.RailTerminal || till.got[0].Device != "COLOUR02" {
		t.Errorf("asked %+v", till.got)
	}
	if b.host.Top() == dialog || !b.says("This operator may not do that.") {
		t.Error("the refusal is not told")
	}
}

func TestInsistNeedsTheRight(t *testing.T) {
	b, _ := insistBench(t, false)
	dialog := b.host.Top()
	b.Insist()
	if b.host.Top() != dialog || b.says("Charge again all the same") {
		t.Error("it is offered to somebody without the right")
	}
}
