package payments_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/payments"
	"frontdesk/ui/theme"
)

func now() time.Time { return time.Date(2026, 11, 21, 14, 33, 0, 0, time.UTC) }

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func sale(id string, s app.State, owed, received, refunded int64, ago time.Duration) app.Sale {
	return app.Sale{
		ID: app.SaleID(id), Seq: 100 - int64(ago/time.Minute), State: s, Amount: eur(owed), Received: eur(received), Refunded: eur(refunded),
		Created: now().Add(-ago), Attempts: []app.Attempt{{Rail: "link", State: s, Amount: eur(owed)}},
	}
}

func TestTotalsCountOnlyProvenMoney(t *testing.T) {
	t.Parallel()
	p := payments.List([]app.Sale{
		sale("A", app.Paid, 4500, 4500, 0, time.Minute),
		sale("B", app.Unknown, 9900, 0, 0, time.Minute),
		sale("C", app.Reversed, 7500, 0, 0, time.Minute),
		sale("D", app.PartRefunded, 6000, 4000, 2000, time.Minute),
		sale("E", app.Offered, 1000, 0, 0, time.Minute),
	}, nil, text.New("en"), now(), time.UTC)
	want := payments.Totals{
		Shown: "5 sales", Taken: "105.00 EUR", Refunded: "−20.00", Stays: "85.00 EUR",
		Unknown: "1 not known yet", Reversed: "1 taken back", Currency: "EUR",
	}
	if diff := cmp.Diff(want, p.Totals); diff != "" {
		t.Error(diff)
	}
}

func TestCurrenciesAreNeverAdded(t *testing.T) {
	t.Parallel()
	usd := sale("B", app.Paid, 0, 0, 0, time.Minute)
	usd.Amount, usd.Received, usd.Refunded = money.Amount{Minor: 1000, Currency: "USD"}, money.Amount{Minor: 1000, Currency: "USD"}, money.Amount{Currency: "USD"}
	p := payments.List([]app.Sale{sale("A", app.Paid, 4500, 4500, 0, time.Minute), usd}, nil, text.New("en"), now(), time.UTC)
	if p.Totals.Stays != "45.00 EUR, 10.00 USD" || p.Totals.Currency != "" || p.Rows[1].Amount != "10.00 USD" {
		t.Errorf("%+v, %q", p.Totals, p.Rows[1].Amount)
	}
}

func TestDaysAreHeaded(t *testing.T) {
	t.Parallel()
	p := payments.List([]app.Sale{
		sale("A", app.Paid, 1, 1, 0, time.Hour), sale("B", app.Paid, 1, 1, 0, 20*time.Hour), sale("C", app.Paid, 1, 1, 0, 21*time.Hour),
	}, nil, text.New("en"), now(), time.UTC)
	got := []string{p.Rows[0].Day, p.Rows[1].Day, p.Rows[2].Day}
	if diff := cmp.Diff([]string{"", "Friday 20 November", ""}, got); diff != "" {
		t.Error(diff)
	}
}

// late is a till whose answers come when the test lets them.
type late struct {
	asked   []app.Query
	answers map[string][]app.Sale
}

func (l *late) Sales(_ context.Context, q app.Query) ([]app.Sale, error) {
	l.asked = append(l.asked, q)
	return l.answers[q.Text], nil
}

func (l *late) Sale(_ context.Context, id app.SaleID) (app.Sale, []app.Event, error) {
	return sale(string(id), app.Paid, 4500, 4500, 0, time.Minute), nil, nil
}

// held keeps work until it is released.
type held struct{ work []func(context.Context) }

func (h *held) Go(w func(context.Context)) { h.work = append(h.work, w) }
func (h *held) Do(f func())                { f() }
func (h *held) release(i int)              { h.work[i](context.Background()) }

func newScreen(t *testing.T, till payments.Till, run *held, onNew func()) (*payments.Screen, fyne.Window) {
	t.Helper()
	a := test.NewTempApp(t)
	th, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(th)
	s, err := payments.New(payments.Config{Till: till, Run: run, Text: text.New("en"), Now: now, Zone: time.UTC, OnNew: onNew})
	if err != nil {
		t.Fatal(err)
	}
	w := a.NewWindow("list")
	t.Cleanup(w.Close)
	w.SetContent(s.Content())
	w.Resize(fyne.NewSize(1192, 744))
	return s, w
}

func shows(w fyne.Window, words string) bool {
	return strings.Contains(test.RenderToMarkup(w.Canvas()), words)
}

// An answer to an older question must not replace that of a newer one.
func TestOvertakenAnswerIsDropped(t *testing.T) {
	anna, eva := sale("A", app.Paid, 4500, 4500, 0, time.Minute), sale("E", app.Paid, 6000, 6000, 0, time.Minute)
	anna.Client, eva.Client = "Anna", "Eva"
	till, run := &late{answers: map[string][]app.Sale{"": {anna}, "eva": {eva}}}, &held{}
	s, w := newScreen(t, till, run, nil)
	s.Show()
	s.SetFilter(payments.Filter{Group: payments.Any, Text: " eva "})
	run.release(1)
	run.release(0)
	if !shows(w, ">Eva<") || shows(w, ">Anna<") {
		t.Error("the older answer won")
	}
}

func TestFilterAsksTheTill(t *testing.T) {
	till, run := &late{}, &held{}
	s, _ := newScreen(t, till, run, nil)
	s.SetFilter(payments.Filter{Group: payments.Attention, Text: "45"})
	run.release(0)
	q := till.asked[0]
	if q.Text != "45" || len(q.States) != 5 || !q.From.Equal(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("asked %+v", q)
	}
	s.SetFilter(payments.Filter{Group: payments.Any, AllDays: true})
	run.release(1)
	if q := till.asked[1]; !q.From.IsZero() || q.States != nil {
		t.Errorf("all days asked %+v", q)
	}
}

func TestKeysOpenAndLeaveASale(t *testing.T) {
	till, run := &late{answers: map[string][]app.Sale{"": {sale("A", app.Paid, 4500, 4500, 0, time.Minute)}}}, &held{}
	s, w := newScreen(t, till, run, nil)
	s.Show()
	run.release(0)
	for range 20 { // tab through search and chips to the first row
		w.Canvas().FocusNext()
		if f, ok := w.Canvas().Focused().(fyne.Accessible); ok && f.AccessibilityLabel() == "14:32, Walk-in, PAID, 45.00 EUR" {
			break
		}
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(run.work) != 2 {
		t.Fatal("Enter on a row does not open the sale")
	}
	run.release(1)
	if !shows(w, "What happened") {
		t.Fatal("the sale is not shown")
	}
	if !s.Key(&fyne.KeyEvent{Name: fyne.KeyEscape}) || shows(w, "What happened") {
		t.Error("Escape does not lead back to the list")
	}
	if s.Key(&fyne.KeyEvent{Name: fyne.KeyEscape}) {
		t.Error("Escape was used on a plain list")
	}
	s.Find()
	w.Canvas().Focused().TypedRune('x')
	if len(run.work) != 3 {
		t.Error("F3 and typing do not search")
	}
}
