package payments_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/operators"
	"frontdesk/app/text"
	money "frontdesk/payments"
	"frontdesk/ui/async"
	"frontdesk/ui/screens/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// office remembers what it was asked to do.
type office struct {
	sales  []app.Sale
	query  app.Query
	by     app.Actor
	erased app.SaleID
	kept   app.SaleID
	files  map[string]string
	refuse error
}

func (o *office) Sales(context.Context, app.Query) ([]app.Sale, error) { return o.sales, nil }

func (o *office) Sale(_ context.Context, id app.SaleID) (app.Sale, []app.Event, error) {
	for _, s := range o.sales {
		if s.ID == id {
			return s, nil, nil
		}
	}
	return app.Sale{}, nil, errors.New("no such sale")
}

func (o *office) EraseWords(_ context.Context, id app.SaleID, by app.Actor) error {
	o.erased, o.by = id, by
	return o.refuse
}

func (o *office) Keep(_ context.Context, id app.SaleID, _ string) error {
	o.kept = id
	return nil
}

func (o *office) CheckNow(context.Context, app.SaleID) error { return nil }

func (o *office) ExportSales(_ context.Context, by app.Actor, w io.Writer, q app.Query, f day.Format, comma bool) error {
	o.query, o.by = q, by
	_, err := io.WriteString(w, string(f))
	return errors.Join(o.refuse, err)
}

func (o *office) Evidence(_ context.Context, id app.SaleID, format string, w io.Writer, by app.Actor) error {
	o.by = by
	_, err := io.WriteString(w, format+" "+string(id))
	return errors.Join(o.refuse, err)
}

func (o *office) save(name string, write func(io.Writer) error) (string, error) {
	var b strings.Builder
	if err := write(&b); err != nil {
		return "", err
	}
	o.files[name] = b.String()
	return "/desk/" + name, nil
}

type page struct {
	*payments.Screen
	office   *office
	host     *widgets.Host
	window   fyne.Window
	refunded app.SaleID
	denied   bool
}

func newPage(t *testing.T, sales ...app.Sale) *page {
	t.Helper()
	a := test.NewTempApp(t)
	th, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(th)
	p := &page{office: &office{sales: sales, files: map[string]string{}}, window: a.NewWindow("list")}
	t.Cleanup(p.window.Close)
	p.host = widgets.NewHost(p.window.Canvas())
	p.window.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		if !p.host.Key(e) {
			p.Key(e)
		}
	})
	p.Screen, err = payments.New(payments.Config{
		Till: p.office, Run: async.Inline{}, Text: text.New("en"), Now: now, Zone: time.UTC, Host: p.host, OnShow: func(app.Sale) {},
		Acts: payments.Acts{
			Refund: func(s app.Sale) { p.refunded = s.ID }, Refunded: func(app.Sale, string) {}, Receipt: func(app.SaleID, string) {},
			Keeper: p.office, Checker: p.office, Eraser: p.office, Witness: p.office, Exporter: p.office, Save: p.office.save, Prefix: "practice-",
			Person: func() payments.Person {
				return payments.Person{ID: "nora", Name: "Nora", HasPIN: true, May: func(operators.Right) bool { return !p.denied }}
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.window.SetContent(p.Content())
	p.window.Resize(fyne.NewSize(1192, 744))
	p.Show()
	return p
}

// press goes to a part by its name with Tab and presses it.
func (p *page) press(t *testing.T, name string) {
	t.Helper()
	if !p.reach(name) {
		t.Fatalf("nothing named %q can be reached", name)
	}
	p.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
}

func (p *page) reach(name string) bool {
	for range 30 {
		p.window.Canvas().FocusNext()
		if f, ok := p.window.Canvas().Focused().(fyne.Accessible); ok && strings.HasPrefix(f.AccessibilityLabel(), name) {
			return true
		}
	}
	return false
}

func (p *page) pin(digits string) {
	for _, r := range digits {
		p.window.Canvas().Focused().TypedRune(r)
	}
	p.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
}

// What is exported is what is chosen, with the PIN of who asks.
func TestExportWritesWhatIsChosen(t *testing.T) {
	p := newPage(t, sale("A", app.Paid, 4500, 4500, 0, time.Minute))
	p.SetFilter(payments.Filter{Group: payments.Paid, Text: "Cut"})
	p.press(t, "Export")
	p.pin("2468")
	name := "practice-frontdesk-payments-2026-11-21-1433.csv"
	if p.office.files[name] != "csv" || p.office.by != (app.Actor{Operator: "nora", PIN: "2468"}) || p.office.query.Text != "Cut" || len(p.office.query.States) == 0 {
		t.Errorf("%+v", p.office)
	}
	p.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if p.host.Top() != nil {
		t.Error("Esc leaves the sheet open")
	}
	p.denied = true
	p.press(t, "Export")
	p.office.files = map[string]string{}
	p.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(p.office.files) > 0 {
		t.Error("somebody without the right exported")
	}
}

func TestEvidenceIsSaved(t *testing.T) {
	p := newPage(t, sale("A", app.Paid, 4500, 4500, 0, time.Minute))
	p.OpenSale("A")
	p.press(t, "Evidence")
	p.office.refuse = &money.Error{Op: "till", Code: "operator.pin", Err: money.ErrRefused}
	p.pin("1111")
	if len(p.office.files) > 0 {
		t.Fatal("a wrong PIN left a file")
	}
	p.office.refuse = nil
	p.pin("2468")
	if p.office.files["practice-frontdesk-evidence-A.pdf"] != "pdf A" {
		t.Errorf("%v", p.office.files)
	}
}

// Words are erased from the menu, after a warning and with the PIN.
func TestWordsAreErasedWithThePIN(t *testing.T) {
	p := newPage(t, sale("A", app.Paid, 4500, 4500, 0, time.Minute), sale("B", app.Offered, 4500, 0, 0, time.Minute))
	p.OpenSale("A")
	p.press(t, "More")
	p.press(t, "Erase customer’s words")
	if p.office.erased != "" {
		t.Fatal("erased without a question")
	}
	p.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	p.press(t, "More")
	p.press(t, "Erase customer’s words")
	p.pin("2468")
	if p.office.erased != "A" || p.office.by.PIN != "2468" || p.host.Top() != nil {
		t.Errorf("%+v", p.office)
	}
	p.OpenSale("B") // still open
	p.press(t, "More")
	if p.reach("Erase customer’s words") {
		p.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	if p.office.erased != "A" {
		t.Error("the words of an open sale were erased")
	}
}

// F4 is about the sale that is shown, or the row that has the focus.
func TestCurrentSale(t *testing.T) {
	p := newPage(t, sale("A", app.Paid, 4500, 4500, 0, time.Minute), sale("B", app.Paid, 1200, 1200, 0, time.Minute))
	if _, ok := p.Current(); ok {
		t.Error("a sale is chosen although no row has the focus")
	}
	for range 30 {
		p.window.Canvas().FocusNext()
		if s, ok := p.Current(); ok {
			if s.ID != "A" {
				t.Errorf("%s comes first", s.ID)
			}
			break
		}
	}
	p.window.Canvas().FocusNext()
	if s, ok := p.Current(); !ok || s.ID != "B" {
		t.Errorf("the second row is %q, %v", s.ID, ok)
	}
	p.Find()
	for _, want := range []app.SaleID{"A", "B", "B"} {
		p.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		if s, ok := p.Current(); !ok || s.ID != want {
			t.Errorf("Down goes to %q, not %q", s.ID, want)
		}
	}
	p.OpenSale("A")
	if s, ok := p.Current(); !ok || s.ID != "A" {
		t.Errorf("the page of A is about %q", s.ID)
	}
	p.press(t, "Refund")
	if p.refunded != "A" {
		t.Errorf("refunded %q", p.refunded)
	}
}

func TestALatePaymentIsKept(t *testing.T) {
	p := newPage(t, sale("A", app.PaidLate, 4500, 4500, 0, time.Minute))
	p.OpenSale("A")
	p.press(t, "Keep 45.00 EUR")
	if p.office.kept != "A" {
		t.Error("it was not kept")
	}
}

// What is not known is told on the page, with the time from which a person may
// answer.
func TestWhatIsNotKnownIsDescribed(t *testing.T) {
	t.Parallel()
	s := sale("A", app.Paid, 6000, 6000, 0, time.Hour)
	s.Attempts[0].Refunds = []app.Refund{
		{OrderID: "R1", Amount: eur(1000), State: app.RefundDone}, {OrderID: "R2", Amount: eur(2000), State: app.RefundUnknown, Asked: now()},
	}
	for _, lang := range text.Languages() {
		d := payments.Describe(s, nil, text.New(lang), time.UTC, "")
		if len(d.Unsure) != 1 || d.Unsure[0].Refund != "R2" || d.Unsure[0].Question.May(now()) || !d.Unsure[0].Question.May(now().Add(24*time.Hour)) {
			t.Errorf("%s: %+v", lang, d.Unsure)
		}
		if want := text.New(lang).T("sale.stays.open", text.New(lang).Number(eur(2000))); d.Meaning != want {
			t.Errorf("%s: the amount is %q, want %q", lang, d.Meaning, want)
		}
		if !d.Refundable || !d.Receipts || len(d.Attempts) != 3 || d.Attempts[2].Refund != "R2" {
			t.Errorf("%s: %+v", lang, d)
		}
	}
}
