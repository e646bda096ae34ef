package checkout_test

import (
	"context"
	"errors"
	"image"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/payments/qr"
	"frontdesk/ui/async"
	"frontdesk/ui/screens/checkout"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

const link = "http://127.0.0.1:41234/p/7K3QX9M2TDHBZ4N8RVWCJ5E6GA"

// calls is a till that writes down what it was asked.
type calls struct {
	mu    sync.Mutex
	asked []string
	err   error
}

func (c *calls) ask(what string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, what)
	return c.err
}

func (c *calls) WatchSale(context.Context, app.SaleID) iter.Seq[app.Checkout] {
	return func(func(app.Checkout) bool) {}
}

func (c *calls) Sale(context.Context, app.SaleID) (app.Sale, []app.Event, error) {
	return app.Sale{}, nil, nil
}
func (c *calls) CheckNow(context.Context, app.SaleID) error { return c.ask("check") }
func (c *calls) Cancel(_ context.Context, _ app.SaleID, operator string) error {
	return c.ask("cancel by " + operator)
}

func (c *calls) Again(_ context.Context, _ app.SaleID, r app.AgainRequest) (app.Sale, error) {
	return app.Sale{}, c.ask("again by " + string(r.Rail))
}

func (c *calls) Keep(_ context.Context, _ app.SaleID, operator string) error {
	return c.ask("keep by " + operator)
}

// inline runs short work at once and leaves the following of the till out.
type inline struct{ async.Inline }

func (inline) Go(work func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // the ticker ends at once; calls of the till take no notice
	work(ctx)
}

type bench struct {
	*checkout.Dialog
	till   *calls
	host   *widgets.Host
	window fyne.Window
	now    time.Time
	copied string
	mailed string
	news   int
	opened app.SaleID
	mail   error
}

func newBench(t *testing.T) *bench {
	t.Helper()
	a := test.NewTempApp(t)
	th, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(th)
	b := &bench{till: &calls{}, now: time.Date(2026, 11, 21, 14, 33, 0, 0, time.UTC)}
	b.window = a.NewWindow("till")
	t.Cleanup(b.window.Close)
	b.window.SetPadded(false)
	b.window.SetContent(widgets.NewSurface(widgets.Skin{Fill: theme.Canvas}))
	b.window.Resize(fyne.NewSize(1280, 800))
	b.host = widgets.NewHost(b.window.Canvas())
	b.window.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { b.host.Key(e) })
	b.Dialog, err = checkout.New(checkout.Config{
		Till: b.till, Collector: b.till, Host: b.host, Run: inline{}, Text: text.New("en"),
		Now: func() time.Time { return b.now }, Zone: time.UTC, Desk: "Main desk", Operator: func() string { return "Nora" },
		Copy:  func(s string) { b.copied = s },
		Mail:  func(subject, body string) error { b.mailed = subject + "\n" + body; return b.mail },
		OnNew: func() { b.news++ }, OnOpen: func(id app.SaleID) { b.opened = id },
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// show brings the dialog into a state and lets the time pass in which a new
// body takes no presses.
func (b *bench) show(s app.State) {
	co := sale(s, b.now)
	if _, shown := b.Shown(); shown {
		b.Update(co, nil)
	} else {
		b.Open(co)
	}
	b.now = b.now.Add(time.Second)
}

func sale(s app.State, now time.Time) app.Checkout {
	eur := money.Amount{Minor: 4500, Currency: "EUR"}
	a := app.Attempt{
		ID: "A", Rail: payments.RailLink, State: s, Amount: eur, Link: link, Words: "BLUE TULIP",
		Offered: now, Expires: now.Add(15 * time.Minute), Checked: now,
	}
	co := app.Checkout{Sale: app.Sale{
		ID: "S1", Revision: now.Unix(), State: s, Amount: eur, Received: eur, Refunded: money.Amount{Currency: "EUR"},
		Client: "Anna Berger", Created: now, Attempts: []app.Attempt{a},
	}}
	if m, err := qr.Matrix(link); err == nil {
		co.QR = m
	}
	return co
}

// press sends a key as the window would: to what has the focus, else to the
// window.
func (b *bench) press(name fyne.KeyName) {
	e := &fyne.KeyEvent{Name: name}
	if f := b.window.Canvas().Focused(); f != nil {
		f.TypedKey(e)
		return
	}
	b.window.Canvas().OnTypedKey()(e)
}

func TestEnterPressesTheMainButton(t *testing.T) {
	for _, tc := range []struct {
		state app.State
		want  string
		news  int
		stays bool
	}{
		{app.Offered, "check", 0, true},
		{app.Paid, "", 1, false},
		{app.Expired, "again by link", 0, true},
		{app.Unknown, "check", 0, true},
		{app.Reversed, "again by link", 0, true},
		{app.PaidLate, "keep by Nora", 0, true},
		{app.Withdrawn, "", 1, false},
	} {
		for _, focus := range []bool{true, false} {
			b := newBench(t)
			b.show(tc.state)
			if !focus {
				b.window.Canvas().Unfocus()
				if tc.state == app.Offered {
					continue // there is no main button: the code is the action
				}
			}
			b.press(fyne.KeyReturn)
			if got := strings.Join(b.till.asked, ", "); got != tc.want || b.news != tc.news {
				t.Errorf("%s, focus %v: asked %q and %d new sales, want %q and %d", tc.state, focus, got, b.news, tc.want, tc.news)
			}
			if _, shown := b.Shown(); shown != tc.stays {
				t.Errorf("%s: dialog shown %v, want %v", tc.state, shown, tc.stays)
			}
		}
	}
}

// A press meant for the body before must not act on the one that replaced it.
func TestFreshResultTakesNoPress(t *testing.T) {
	b := newBench(t)
	b.show(app.Offered)
	b.Update(sale(app.Reversed, b.now), nil)
	b.press(fyne.KeyReturn)
	if len(b.till.asked) != 0 {
		t.Fatalf("asked %v at once", b.till.asked)
	}
	b.now = b.now.Add(time.Second)
	b.press(fyne.KeyReturn)
	if !slices.Equal(b.till.asked, []string{"again by link"}) {
		t.Fatalf("asked %v", b.till.asked)
	}
}

func TestEscapeNeverCancelsWithoutAsking(t *testing.T) {
	for _, state := range []app.State{app.Preparing, app.Offered, app.Opened, app.Declined} {
		b := newBench(t)
		b.show(state)
		dialog := b.host.Top()
		b.press(fyne.KeyEscape)
		if len(b.till.asked) != 0 {
			t.Errorf("%s: Escape alone asked for %v", state, b.till.asked)
		}
		if b.host.Top() == dialog {
			t.Fatalf("%s: no question", state)
		}
		b.press(fyne.KeyReturn) // the safe answer has the focus
		if b.host.Top() != dialog || len(b.till.asked) != 0 {
			t.Errorf("%s: Enter did not keep waiting (%v)", state, b.till.asked)
		}
		b.press(fyne.KeyEscape)
		b.window.Canvas().FocusPrevious() // to "Cancel the charge"
		b.press(fyne.KeyReturn)
		if !slices.Equal(b.till.asked, []string{"cancel by Nora"}) {
			t.Errorf("%s: asked %v", state, b.till.asked)
		}
		if _, shown := b.Shown(); !shown {
			t.Errorf("%s: the dialog went away before the answer", state)
		}
	}
}

func TestEscapeLeavesAResult(t *testing.T) {
	for _, state := range []app.State{app.Paid, app.Withdrawn, app.Expired, app.Unknown, app.Reversed, app.PaidLate, app.Overpaid, app.Refunded, app.Found} {
		b := newBench(t)
		b.show(state)
		b.press(fyne.KeyEscape)
		if _, shown := b.Shown(); shown || len(b.till.asked) != 0 || b.news != 0 {
			t.Errorf("%s: shown %v, asked %v, new %d", state, shown, b.till.asked, b.news)
		}
	}
}

func TestQuestionGoesWhenThePaymentArrives(t *testing.T) {
	b := newBench(t)
	b.show(app.Opened)
	b.press(fyne.KeyEscape)
	b.show(app.Paid)
	if _, shown := b.Shown(); !shown || b.host.Top() == nil {
		t.Fatal("the dialog is gone")
	}
	b.press(fyne.KeyReturn)
	if b.news != 1 || len(b.till.asked) != 0 {
		t.Errorf("the question stood over PAID: asked %v, new %d", b.till.asked, b.news)
	}
}

func TestOlderRevisionIsDropped(t *testing.T) {
	b := newBench(t)
	old := sale(app.Offered, b.now)
	b.show(app.Offered)
	b.show(app.Paid)
	b.Update(old, nil)
	b.press(fyne.KeyReturn)
	if b.news != 1 {
		t.Error("an old revision replaced PAID")
	}
}

func TestRefusalIsTold(t *testing.T) {
	b := newBench(t)
	b.till.err = &payments.Error{Op: "till.check", Code: "provider.unreachable", Err: errors.New("x")}
	b.show(app.Unknown)
	b.press(fyne.KeyReturn)
	if got := test.RenderToMarkup(b.window.Canvas()); !strings.Contains(got, "myPOS cannot be reached.") {
		t.Error("the refusal is not on the screen")
	}
	b.press(fyne.KeyReturn)
	if len(b.till.asked) != 2 {
		t.Errorf("the button stayed locked after a refusal: %v", b.till.asked)
	}
}

// A question that was refused must not be read as "nothing was paid".
func TestRefusedQuestionSaysNothingAboutMoney(t *testing.T) {
	b := newBench(t)
	b.till.err = &payments.Error{Op: "checkout.status", Code: "status.4", Err: payments.ErrRefused}
	b.show(app.Unknown)
	b.press(fyne.KeyReturn)
	got := test.RenderToMarkup(b.window.Canvas())
	if !strings.Contains(got, "does not know this store number.") || strings.Contains(got, "No money moved") {
		t.Error("a refused question is told as if it were about the payment")
	}
}

// The code on the rendered window is read back by another decoder.
func TestCodeIsReadFromThePicture(t *testing.T) {
	for _, scale := range []struct{ w, h float32 }{{1280, 800}, {1024, 700}} {
		b := newBench(t)
		b.window.Resize(fyne.NewSize(scale.w, scale.h))
		b.show(app.Offered)
		flat(b.host.Top())
		if got := read(t, b.window.Canvas().Capture()); got != link {
			t.Errorf("%v: read %q, want %q", scale, got, link)
		}
	}
}

// flat takes away the shadows, which are slow to draw in memory.
func flat(o fyne.CanvasObject) {
	switch part := o.(type) {
	case *canvas.Rectangle:
		part.Shadow = canvas.Shadow{}
	case *fyne.Container:
		for _, child := range part.Objects {
			flat(child)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(part).Objects() {
			flat(child)
		}
	}
}

func read(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	return result.GetText()
}

func TestNewNeedsItsParts(t *testing.T) {
	if _, err := checkout.New(checkout.Config{}); err == nil {
		t.Error("a dialog without a till was made")
	}
}
