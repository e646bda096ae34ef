package checkout_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/checkout"
)

// says reports whether words can be read on the window.
func (b *bench) says(words string) bool {
	return strings.Contains(test.RenderToMarkup(b.window.Canvas()), words)
}

// focus goes with Tab to the part that is called so.
func (b *bench) focus(t *testing.T, name string) {
	t.Helper()
	for range 30 {
		if f, ok := b.window.Canvas().Focused().(fyne.Accessible); ok && f.AccessibilityLabel() == name {
			return
		}
		b.window.Canvas().FocusNext()
	}
	t.Fatalf("nothing called %q can be reached", name)
}

// doors notes what the dialog leads to.
type doors struct{ went []string }

func doorBench(t *testing.T, ways ...payments.Rail) (*bench, *doors) {
	t.Helper()
	b, d := newBench(t), &doors{}
	dialog, err := checkout.New(checkout.Config{
		Till: b.till, Collector: b.till, Host: b.host, Run: inline{}, Text: text.New("en"), Now: func() time.Time { return b.now },
		Zone: time.UTC, Operator: func() string { return "Nora" }, Copy: func(string) {}, Mail: func(string, string) error { return nil },
		Devices: terminals, Ways: func() []payments.Rail { return ways },
		OnRefund:  func(s app.Sale) { d.went = append(d.went, "refund "+string(s.ID)) },
		OnReceipt: func(id app.SaleID) { d.went = append(d.went, "receipt "+string(id)) },
		OnDevices: func() { d.went = append(d.went, "devices") },
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Dialog = dialog
	return b, d
}

// P prints and F4 refunds, where there is something to print or to refund; both
// leave the dialog where it is.
func TestKeysOfAResult(t *testing.T) {
	for _, tc := range []struct {
		state app.State
		key   fyne.KeyName
		want  []string
	}{
		{app.Paid, fyne.KeyP, []string{"receipt S1"}},
		{app.Paid, fyne.KeyF4, []string{"refund S1"}},
		{app.PaidLate, fyne.KeyF4, []string{"refund S1"}},
		{app.Overpaid, fyne.KeyF4, []string{"refund S1"}},
		{app.PartRefunded, fyne.KeyF4, []string{"refund S1"}},
		{app.Refunded, fyne.KeyF4, nil},
		{app.Unknown, fyne.KeyF4, nil},
		{app.Unknown, fyne.KeyP, nil},
		{app.Reversed, fyne.KeyF4, nil},
		{app.Offered, fyne.KeyP, nil},
	} {
		b, d := doorBench(t, payments.RailLink)
		b.show(tc.state)
		b.press(tc.key)
		if _, shown := b.Shown(); !slices.Equal(d.went, tc.want) || !shown {
			t.Errorf("%s, %s: went to %v, shown %v", tc.state, tc.key, d.went, shown)
		}
	}
}

// A late payment is kept or refunded, a second one refunded.
func TestMoneyThatIsTooMuch(t *testing.T) {
	b, d := doorBench(t, payments.RailLink)
	b.show(app.PaidLate)
	b.focus(t, "Refund it")
	b.press(fyne.KeyReturn)
	if !slices.Equal(d.went, []string{"refund S1"}) {
		t.Errorf("late: %v", d.went)
	}
	b, d = doorBench(t, payments.RailLink)
	co := sale(app.Overpaid, b.now)
	co.Sale.Received = money.Amount{Minor: 9000, Currency: "EUR"}
	second := co.Sale.Attempts[0]
	co.Sale.Attempts[0].State = app.Paid
	second.ID, second.State = "B", app.Paid
	co.Sale.Attempts = append(co.Sale.Attempts, second)
	b.Open(co)
	b.now = b.now.Add(time.Second)
	if !b.says("Refund 45.00 EUR") {
		t.Error("what goes back is not told")
	}
	b.press(fyne.KeyReturn)
	if !slices.Equal(d.went, []string{"refund S1"}) {
		t.Errorf("twice: %v", d.went)
	}
}

// Money that went back is asked for on the way that was used, else on one that
// works now, and in cash where that is all there is.
func TestAskAgainTakesAWayThatWorks(t *testing.T) {
	for _, tc := range []struct {
		ways []payments.Rail
		want string
	}{
		{[]payments.Rail{payments.RailLink, payments.RailTerminal, payments.RailCash}, "again by link"},
		{[]payments.Rail{payments.RailRequest}, "again by request"},
		{[]payments.Rail{payments.RailTerminal, payments.RailCash}, "again by terminal"},
		{[]payments.Rail{payments.RailCash}, "again by cash"},
	} {
		b, _ := doorBench(t, tc.ways...)
		b.show(app.Reversed)
		b.press(fyne.KeyReturn)
		if b.says("Count it first") {
			b.now = b.now.Add(time.Second)
			b.press(fyne.KeyReturn)
		}
		if !slices.Equal(b.till.asked, []string{tc.want}) {
			t.Errorf("%v: asked %v", tc.ways, b.till.asked)
		}
	}
}

// An alarm that nobody will be paid for is answered only after a question, whose
// main button keeps it.
func TestLeavingItUnpaidIsAsked(t *testing.T) {
	b, _ := doorBench(t, payments.RailLink, payments.RailCash)
	b.show(app.Reversed)
	dialog := b.host.Top()
	b.focus(t, "Leave it unpaid…")
	b.press(fyne.KeyReturn)
	if b.host.Top() == dialog {
		t.Fatal("no question")
	}
	b.press(fyne.KeyReturn)
	if len(b.till.asked) != 0 || b.host.Top() != dialog {
		t.Fatalf("Enter answered it: %v", b.till.asked)
	}
	b.focus(t, "Leave it unpaid…")
	b.press(fyne.KeyReturn)
	b.focus(t, "Leave it unpaid")
	b.press(fyne.KeyReturn)
	if !slices.Equal(b.till.asked, []string{"keep by Nora"}) {
		t.Errorf("asked %v", b.till.asked)
	}
}

// A terminal that holds an earlier payment is looked after under Devices.
func TestUnfinishedLeadsToDevices(t *testing.T) {
	b, d := doorBench(t, payments.RailLink, payments.RailTerminal)
	b.Open(onTerminal(app.Withdrawn, func(a *app.Attempt) { a.Reason, a.Offered = "terminal.unfinished", time.Time{} }))
	b.now = b.now.Add(time.Second)
	b.press(fyne.KeyReturn)
	if _, shown := b.Shown(); !slices.Equal(d.went, []string{"devices"}) || shown {
		t.Errorf("went to %v, shown %v", d.went, shown)
	}
	alone := terminalView(onTerminal(app.Withdrawn, func(a *app.Attempt) { a.Reason, a.Offered = "terminal.unfinished", time.Time{} }), allWays())
	if alone.Main.Act == checkout.ActDevices {
		t.Error("a page that is not there is offered")
	}
}

// What became of the receipt is told by the last try of the sale's own one.
func TestReceiptThatWasNotPrinted(t *testing.T) {
	t.Parallel()
	event := func(kind, failed string) app.Event {
		raw, err := json.Marshal(app.ReceiptData{Kind: kind, Way: app.ReceiptESCPOS, Failed: failed})
		if err != nil {
			t.Fatal(err)
		}
		return app.Event{Kind: app.ReceiptPrinted, Data: raw}
	}
	for name, tc := range map[string]struct {
		events []app.Event
		want   bool
	}{
		"never tried":     {nil, false},
		"failed":          {[]app.Event{event(app.ReceiptSale, "printer.unreachable")}, true},
		"then printed":    {[]app.Event{event(app.ReceiptSale, "printer.unreachable"), event(app.ReceiptCopy, "")}, false},
		"another receipt": {[]app.Event{event(app.ReceiptSale, ""), event(app.ReceiptRefund, "printer.unreachable")}, false},
	} {
		in := checkout.Input{Checkout: sale(app.Paid, moment()), Events: tc.events, Now: moment(), Zone: time.UTC, Receipts: true}
		m := checkout.View(in, text.New("en"))
		label := "Print receipt"
		if tc.want {
			label = "Print again"
		}
		if (len(m.Notices) == 1) != tc.want || m.Side[0].Label != label || m.Side[0].Act != checkout.ActReceipt {
			t.Errorf("%s: notices %v, buttons %v", name, m.Notices, m.Side)
		}
	}
}

// Cash is shown as the word of whoever noted it, never as a card.
func TestPaidInCash(t *testing.T) {
	t.Parallel()
	co := sale(app.Paid, moment())
	co.Sale.Operator = "Nora"
	co.Sale.Attempts[0] = app.Attempt{ID: "A", Rail: payments.RailCash, State: app.Paid, Amount: co.Sale.Amount}
	m := checkout.View(checkout.Input{Checkout: co, Now: moment(), Zone: time.UTC, Events: []app.Event{{Kind: app.CashNoted, Wall: moment()}}}, text.New("en"))
	all := ""
	for _, f := range m.Facts {
		all += f.Label + ": " + f.Value + "; "
	}
	if !strings.Contains(all, "Cash") || !strings.Contains(all, "Noted by Nora") || strings.Contains(all, "myPOS") || strings.Contains(all, "TULIP") {
		t.Error(all)
	}
}
