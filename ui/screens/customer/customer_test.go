package customer_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/customer"
	"frontdesk/ui/theme"
)

func checkout(s app.State, revision int64) app.Checkout {
	return app.Checkout{
		Sale: app.Sale{
			ID: "S1", Revision: revision, State: s, Amount: money.Amount{Minor: 4500, Currency: "EUR"},
			Client: "Anna Berger", Note: "Cut", Attempts: []app.Attempt{{Words: "BLUE TULIP"}},
		},
		QR: [][]bool{{true}},
	}
}

// The customer is thanked only for money that came, and sees a code only while
// it may be paid.
func TestScenes(t *testing.T) {
	t.Parallel()
	for state, want := range map[app.State]customer.Scene{
		"": customer.Idle, app.Preparing: customer.Pay, app.Offered: customer.Pay, app.Opened: customer.Pay,
		app.Paid: customer.Thanks, app.PaidLate: customer.Thanks, app.Overpaid: customer.Thanks, app.Declined: customer.Pay,
		app.Withdrawn: customer.Notice, app.Expired: customer.Notice, app.Cancelling: customer.Notice,
		app.Unknown: customer.Notice, app.Reversed: customer.Notice, app.NotCharged: customer.Notice, app.Found: customer.Idle,
	} {
		m := customer.View(checkout(state, 1), "Salon", text.New("en"))
		if m.Scene != want || (m.QR != nil) != (want == customer.Pay) {
			t.Errorf("%q: scene %s with code %v, want %s", state, m.Scene, m.QR != nil, want)
		}
	}
}

func TestWindowFollowsTheSale(t *testing.T) {
	a := test.NewTempApp(t)
	th, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(th)
	w := customer.New(a, "Salon Mirabelle", payments.Practice, text.New("en"))
	w.Update(checkout(app.Offered, 5))
	if w.Open() {
		t.Fatal("the window opened by itself")
	}
	w.Toggle()
	windows := a.Driver().AllWindows()
	win := windows[len(windows)-1]
	sees := func(words string) bool { return strings.Contains(test.RenderToMarkup(win.Canvas()), words) }
	if !sees("BLUE TULIP") || !sees("PRACTICE: no real money") || sees("Anna Berger") {
		t.Error("words or frame are missing, or the client's name is shown")
	}
	w.Update(checkout(app.Paid, 6))
	w.Update(checkout(app.Offered, 5))
	if !sees("Thank you") {
		t.Error("an older revision replaced the thanks")
	}
	w.Update(app.Checkout{})
	if sees("45.00") {
		t.Error("the amount stayed for the next customer")
	}
	win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF9})
	if w.Open() {
		t.Error("F9 does not close the window")
	}
}
