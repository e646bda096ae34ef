package refund_test

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/refund"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

const fresh = "PR4H8ZQ2M71KD0XW5T3B"

func now() time.Time { return time.Date(2026, 11, 21, 14, 33, 0, 0, time.UTC) }

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func paidSale() app.Sale {
	return app.Sale{
		ID: "SALE", Revision: 1, State: app.Paid, Client: "Eva Lang", Amount: eur(6000), Received: eur(6000), Refunded: eur(0), Created: now().Add(-time.Hour),
		Attempts: []app.Attempt{{ID: "A", Rail: payments.RailLink, State: app.Paid, Amount: eur(6000), Reference: "813", CardLast4: "2091"}},
	}
}

// after is the sale with a refund in a state.
func after(s app.RefundState, minor int64) app.Sale {
	sale := paidSale()
	sale.Revision = 5
	sale.Attempts[0].Refunds = []app.Refund{{OrderID: fresh, Amount: eur(minor), State: s, Operator: "Nora", Asked: now()}}
	if s == app.RefundDone {
		sale.State, sale.Attempts[0].State, sale.Refunded = app.PartRefunded, app.PartRefunded, eur(minor)
	}
	return sale
}

// till plans and refunds as it was told, and remembers.
type till struct {
	plan    app.RefundPlan
	planned []app.RefundRequest
	sent    []app.RefundRequest
	sale    app.Sale
	refuse  []error // one for each refund
	checked int
	fault   error // of checking
}

func (t *till) RefundPlan(_ context.Context, _ app.SaleID, r app.RefundRequest) (app.RefundPlan, error) {
	t.planned = append(t.planned, r)
	p := t.plan
	p.Amount = r.Amount
	if r.Way != "" {
		p.Way = r.Way
	}
	return p, nil
}

func (t *till) Refund(_ context.Context, _ app.SaleID, r app.RefundRequest) (app.Sale, error) {
	t.sent = append(t.sent, r)
	if n := len(t.sent); n <= len(t.refuse) && t.refuse[n-1] != nil {
		return app.Sale{}, t.refuse[n-1]
	}
	return t.sale, nil
}

func (t *till) WatchSale(context.Context, app.SaleID) iter.Seq[app.Checkout] {
	return func(func(app.Checkout) bool) {}
}

func (t *till) CheckNow(context.Context, app.SaleID) error {
	t.checked++
	return t.fault
}

func (t *till) Resolve(context.Context, app.SaleID, app.Resolution) error { return nil }

// run does work at once, or keeps it while it holds.
type run struct {
	hold bool
	work []func(context.Context)
}

func (r *run) Go(w func(context.Context)) {
	r.work = append(r.work, w)
	if !r.hold {
		r.release(len(r.work) - 1)
	}
}

func (r *run) Do(f func()) { f() }

// release does the work that was kept under a number.
func (r *run) release(i int) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if w := r.work[i]; w != nil {
		r.work[i] = nil
		w(ctx)
	}
}

type bench struct {
	*refund.Dialog
	t      *testing.T
	till   *till
	run    *run
	host   *widgets.Host
	window fyne.Window
	now    time.Time
	wait   time.Duration
	denied string
	paper  string
	opened app.SaleID
}

func newBench(t *testing.T) *bench {
	t.Helper()
	a := test.NewTempApp(t)
	th, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(th)
	b := &bench{t: t, run: &run{}, now: now(), window: a.NewWindow("till")}
	b.till = &till{sale: after(app.RefundDone, 2000), plan: app.RefundPlan{
		Attempt: "A", Rail: payments.RailLink, Left: eur(6000), OrderID: fresh, Reference: "813", CardLast4: "2091", NeedsPIN: true, By: app.SendsIPCRefund,
	}}
	t.Cleanup(b.window.Close)
	b.window.SetPadded(false)
	b.window.SetContent(widgets.NewSurface(widgets.Skin{Fill: theme.Canvas}))
	b.window.Resize(fyne.NewSize(1280, 800))
	b.host = widgets.NewHost(b.window.Canvas())
	b.window.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { b.host.Key(e) })
	b.Dialog, err = refund.New(refund.Config{
		Till: b.till, Settler: b.till, Host: b.host, Run: b.run, Text: text.New("en"), Now: func() time.Time { return b.now }, Zone: time.UTC,
		Person: func() refund.Person {
			return refund.Person{ID: "nora", Name: "Nora", HasPIN: true, Denied: func(money.Amount) string { return b.denied }}
		},
		Wait:    func(string) time.Duration { return b.wait },
		Receipt: func(_ app.SaleID, orderID string) { b.paper = orderID },
		OnOpen:  func(id app.SaleID) { b.opened = id },
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) key(names ...fyne.KeyName) {
	for _, n := range names {
		e := &fyne.KeyEvent{Name: n}
		if f := b.window.Canvas().Focused(); f != nil {
			f.TypedKey(e)
			continue
		}
		b.window.Canvas().OnTypedKey()(e)
	}
}

func (b *bench) typed(runes string) {
	for _, r := range runes {
		if f := b.window.Canvas().Focused(); f != nil {
			f.TypedRune(r)
		}
	}
}

func (b *bench) words() string {
	var all strings.Builder
	var visit func(o fyne.CanvasObject)
	visit = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *canvas.Text:
			all.WriteString(o.Text + "\n")
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(o).Objects() {
				visit(c)
			}
		case *fyne.Container:
			for _, c := range o.Objects {
				visit(c)
			}
		}
	}
	for _, o := range b.window.Canvas().Overlays().List() {
		visit(o)
	}
	return strings.Join(strings.Fields(all.String()), " ")
}

func (b *bench) shows(words string) {
	b.t.Helper()
	if !strings.Contains(b.words(), words) {
		b.t.Errorf("%q cannot be read in:\n%s", words, b.words())
	}
}

func (b *bench) lacks(words string) {
	b.t.Helper()
	if strings.Contains(b.words(), words) {
		b.t.Errorf("%q stands in:\n%s", words, b.words())
	}
}

func (b *bench) sent(n int) {
	b.t.Helper()
	if len(b.till.sent) != n {
		b.t.Fatalf("%d refunds were sent: %+v", len(b.till.sent), b.till.sent)
	}
}

// A part is given back with the keyboard alone, and what is sent is what was
// planned.
func TestAPartWithTheKeyboard(t *testing.T) {
	for _, typed := range []string{"2000", "20,00", "20."} {
		b := newBench(t)
		b.Open(paidSale())
		b.shows("Everything, 60.00")
		b.typed(typed)
		b.shows("40.00 stays")
		b.key(fyne.KeyReturn) // to the PIN
		b.sent(0)
		b.typed("2468")
		b.key(fyne.KeyReturn)
		b.sent(1)
		r := b.till.sent[0]
		if r.Amount != eur(2000) || r.Actor != (app.Actor{Operator: "nora", PIN: "2468"}) || r.OrderID != fresh || r.Attempt != "A" {
			t.Errorf("sent %+v", r)
		}
		for _, p := range b.till.planned {
			if p.Actor.PIN != "" {
				t.Error("a plan was asked for with the PIN")
			}
		}
		b.shows("REFUNDED")
		b.shows("20.00 of 60.00 went back")
		b.key(fyne.KeyEscape)
		if b.host.Top() != nil {
			t.Error("Esc leaves the outcome open")
		}
		b.sent(1)
	}
}

// What does not fit is said, and neither Enter nor the button goes on before
// somebody has looked.
func TestAnAmountThatDidNotFitIsLookedAt(t *testing.T) {
	for typed, stands := range map[string]string{
		"1.234": "1.23", "1,234.50": "1.23", "12٫5": "0.12", "2x20": "0.02",
	} {
		b := newBench(t)
		b.Open(paidSale())
		b.typed(typed)
		b.shows("A key did not fit. Backspace if " + stands + " EUR is right.")
		b.key(fyne.KeyReturn)
		b.typed("2468")
		b.key(fyne.KeyReturn)
		b.sent(0)
		b.key(fyne.KeyBackspace)
		b.lacks("A key did not fit")
		b.key(fyne.KeyReturn)
		b.typed("2468")
		b.key(fyne.KeyReturn)
		b.sent(1)
		if got := b.till.sent[0].Amount.Decimal(); got != stands {
			t.Errorf("%q: %s was sent, %s stood there", typed, got, stands)
		}
	}
	for _, typed := range []string{"€20,00", "020 ,00"} {
		b := newBench(t)
		b.Open(paidSale())
		b.typed(typed)
		b.shows("40.00 stays")
		b.lacks("A key did not fit")
	}
}

func TestEverythingIsEnterAndThePIN(t *testing.T) {
	b := newBench(t)
	b.till.sale = after(app.RefundDone, 6000)
	b.Open(paidSale())
	b.key(fyne.KeyReturn)
	b.typed("2468")
	b.key(fyne.KeyReturn)
	b.sent(1)
	if b.till.sent[0].Amount != eur(6000) {
		t.Errorf("sent %+v", b.till.sent[0])
	}
	b.shows("all of it went back")
}

// The way that is shown is the one that is asked for: a terminal that has taken
// another payment meanwhile must not try another way by itself.
func TestTheWayThatIsShownIsSent(t *testing.T) {
	b := newBench(t)
	b.till.plan.Rail, b.till.plan.By = payments.RailTerminal, app.SendsReversal
	b.till.plan.Way, b.till.plan.Ways = app.RefundReversal, []app.RefundWay{app.RefundReversal, app.RefundCard}
	b.Open(paidSale())
	b.key(fyne.KeyReturn)
	b.typed("2468")
	b.key(fyne.KeyReturn)
	b.sent(1)
	if got := b.till.sent[0].Way; got != app.RefundReversal {
		t.Errorf("sent by way %q", got)
	}
}

// A double press, and a press while the answer is awaited, are one refund.
func TestTwoPressesAreOneRefund(t *testing.T) {
	b := newBench(t)
	b.Open(paidSale())
	b.key(fyne.KeyReturn)
	b.typed("2468")
	b.run.hold = true
	b.key(fyne.KeyReturn, fyne.KeyReturn)
	b.key(fyne.KeyEscape) // does not go away while it is on its way
	if b.host.Top() == nil {
		t.Fatal("the dialog went away while the refund was being sent")
	}
	b.shows("Sending…")
	b.Update(after(app.RefundPending, 6000)) // the intent is on disk
	b.shows("REFUNDING")
	b.key(fyne.KeyReturn, fyne.KeyReturn)
	for i := range b.run.work {
		b.run.release(i)
	}
	b.sent(1)
}

// An answer to what stood in the form before is dropped.
func TestAnOldPlanIsDropped(t *testing.T) {
	b := newBench(t)
	b.run.hold = true
	b.Open(paidSale())
	b.typed("2")
	first := len(b.run.work) - 1
	b.typed("000")
	b.run.release(len(b.run.work) - 1)
	b.till.plan.Block = &payments.Error{Op: "till.refund", Code: "refund.busy", Err: payments.ErrRefused}
	b.run.release(first)
	b.lacks("Another refund")
	b.shows("20.00 EUR")
}

func TestWhatCannotBeGivenBackIsNeverAsked(t *testing.T) {
	for name, c := range map[string]struct {
		keys  func(*bench)
		words string
	}{
		"nothing":  {func(b *bench) { b.key(fyne.KeyDelete) }, "Type how much goes back."},
		"too much": {func(b *bench) { b.typed("6001") }, "Only 60.00 EUR of this payment is left"},
		"no right": {func(b *bench) { b.denied = "operator.right"; b.typed("100") }, "may not do that"},
		"busy": {func(b *bench) {
			b.till.plan.Block = &payments.Error{Op: "till.refund", Code: "refund.busy", Err: payments.ErrRefused}
			b.typed("100")
		}, "Another refund of this payment is not settled yet."},
		"listed": {func(b *bench) {
			b.till.plan.By, b.till.plan.Block = "", &payments.Error{Op: "till.refund", Code: "refund.listed", Err: payments.ErrRefused}
			b.typed("100")
		}, "Open Day, add it there as a refund, then give back what is left."},
		"portal": {func(b *bench) {
			b.till.plan.By = app.SendsPortal
			b.till.plan.Block = &payments.Error{Op: "till.refund", Code: "refund.portal", Err: payments.ErrRefused}
			b.typed("100")
		}, "Refund 1.00 EUR there."},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.Open(paidSale())
			c.keys(b)
			b.shows(c.words)
			b.key(fyne.KeyReturn)
			b.typed("2468")
			b.key(fyne.KeyReturn)
			b.sent(0)
		})
	}
}

func TestAWrongPINIsTypedAgain(t *testing.T) {
	b := newBench(t)
	b.till.refuse = []error{&payments.Error{Op: "till.refund", Code: "operator.pin", Err: payments.ErrRefused}}
	b.Open(paidSale())
	b.typed("2000")
	b.key(fyne.KeyReturn)
	b.typed("1111")
	b.key(fyne.KeyReturn)
	b.shows("The PIN is wrong.")
	b.wait = 28 * time.Second
	b.Tick()
	b.shows("Wrong too often. Again in 28 s.")
	b.typed("2468")
	b.key(fyne.KeyReturn)
	b.sent(1)
	b.wait = 0
	b.Tick()
	b.typed("2468")
	b.key(fyne.KeyReturn)
	b.sent(2)
	if b.till.sent[1].Actor.PIN != "2468" || b.till.sent[1].OrderID != b.till.sent[0].OrderID {
		t.Errorf("sent %+v", b.till.sent)
	}
	b.shows("REFUNDED")
}

// A sale paid twice comes with its surplus and the reason.
func TestPaidTwiceIsPrefilled(t *testing.T) {
	b := newBench(t)
	s := paidSale()
	s.State, s.Received = app.Overpaid, eur(10000)
	second := s.Attempts[0]
	second.ID, second.State, second.Amount = "B", app.PaidLate, eur(6000)
	s.Attempts = append(s.Attempts, second)
	b.Open(s)
	b.key(fyne.KeyReturn)
	b.typed("2468")
	b.key(fyne.KeyReturn)
	b.sent(1)
	if r := b.till.sent[0]; r.Attempt != "B" || r.Amount != eur(4000) || r.Reason != "Paid twice" {
		t.Errorf("sent %+v", r)
	}
}

func TestAnotherReasonIsTyped(t *testing.T) {
	b := newBench(t)
	b.Open(paidSale())
	for range 12 {
		b.window.Canvas().FocusNext()
		if f, ok := b.window.Canvas().Focused().(fyne.Accessible); ok && f.AccessibilityLabel() == "Other…" {
			break
		}
	}
	b.key(fyne.KeyReturn)
	b.shows("Type the reason.")
	b.typed("Wrong colour")
	b.key(fyne.KeyReturn)
	b.typed("2468")
	b.key(fyne.KeyReturn)
	b.sent(1)
	if got := b.till.sent[0].Reason; got != "Wrong colour" {
		t.Errorf("reason %q", got)
	}
}

// A lost refund offers to ask, never to send it again.
func TestALostRefundIsNeverSentAgain(t *testing.T) {
	b := newBench(t)
	b.till.sale = after(app.RefundUnknown, 2000)
	b.till.fault = &payments.Error{Op: "till.check", Code: "net.timeout"}
	b.Open(paidSale())
	b.typed("2000")
	b.key(fyne.KeyReturn)
	b.typed("2468")
	b.key(fyne.KeyReturn)
	b.sent(1)
	b.shows("NOT KNOWN YET")
	b.shows("It counts as done until we know.")
	b.key(fyne.KeyReturn) // meant for the form
	b.now = b.now.Add(time.Second)
	b.key(fyne.KeyReturn, fyne.KeyReturn)
	b.shows("Nothing was sent again.")
	b.sent(1)
	if b.till.checked != 2 {
		t.Errorf("asked %d times", b.till.checked)
	}
	b.lacks("Try again")
	b.shows("from 22 November, 14:33")
	b.now = b.now.Add(25 * time.Hour)
	b.Tick()
	b.lacks("from 22 November, 14:33")
	b.shows("Settle with proof")
	b.Update(after(app.RefundDone, 2000))
	b.shows("REFUNDED")
}

func TestARefusedRefundMayBeTriedAgain(t *testing.T) {
	b := newBench(t)
	s := after(app.RefundFailed, 2000)
	s.Attempts[0].Refunds[0].Code = "status.13"
	b.till.sale = s
	b.Open(paidSale())
	b.key(fyne.KeyReturn)
	b.typed("2468")
	b.key(fyne.KeyReturn)
	b.shows("NOT REFUNDED")
	b.shows("Nothing went back.")
	b.now = b.now.Add(time.Second)
	b.till.plan.OrderID = "PANOTHER000000000000"
	b.key(fyne.KeyReturn)
	b.shows("Refund Eva Lang")
	b.till.sale = after(app.RefundDone, 6000)
	b.key(fyne.KeyReturn)
	b.typed("2468")
	b.key(fyne.KeyReturn)
	b.sent(2)
	if b.till.sent[1].OrderID != "PANOTHER000000000000" {
		t.Errorf("the second try went under %s", b.till.sent[1].OrderID)
	}
}

func TestTheReceiptOfARefund(t *testing.T) {
	b := newBench(t)
	b.Show(after(app.RefundDone, 2000), fresh)
	b.now = b.now.Add(time.Second)
	b.window.Canvas().FocusPrevious()
	b.key(fyne.KeyReturn)
	if b.paper != fresh {
		t.Errorf("printed %q", b.paper)
	}
}

func TestNewNeedsItsParts(t *testing.T) {
	if _, err := refund.New(refund.Config{}); err == nil {
		t.Error("an empty Config was accepted")
	}
}
