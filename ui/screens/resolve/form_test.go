package resolve_test

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
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/async"
	"frontdesk/ui/screens/resolve"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

// unknown is a sale whose payment, or one refund of it, is not known.
func unknown(device, refund string, since time.Time) app.Sale {
	a := app.Attempt{ID: "A", State: app.Unknown, Amount: eur(4500), Unsure: since, Device: device}
	if device != "" {
		a.DeviceLabel = "Front counter"
	}
	if refund != "" {
		a.State = app.Paid
		a.Refunds = []app.Refund{{OrderID: "older", State: app.RefundDone, Amount: eur(500)}, {OrderID: refund, State: app.RefundUnknown, Amount: eur(2000), Asked: since}}
	}
	return app.Sale{ID: "S1", Attempts: []app.Attempt{{ID: "0", State: app.Withdrawn}, a}}
}

func TestAboutAndWhen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		device, refund string
		want           resolve.Question
	}{
		"payment":          {"", "", resolve.Question{Sale: "S1", Attempt: "A", Amount: eur(4500), From: noon().Add(24 * time.Hour)}},
		"terminal":         {"FRONT001", "", resolve.Question{Sale: "S1", Attempt: "A", Amount: eur(4500), Where: "Front counter", From: noon().Add(3 * time.Minute)}},
		"refund":           {"", "R1", resolve.Question{Sale: "S1", Attempt: "A", Refund: "R1", Amount: eur(2000), From: noon().Add(24 * time.Hour)}},
		"terminal, refund": {"FRONT001", "R1", resolve.Question{Sale: "S1", Attempt: "A", Refund: "R1", Amount: eur(2000), Where: "Front counter", From: noon().Add(3 * time.Minute)}},
	} {
		q, ok := resolve.About(unknown(c.device, c.refund, noon()), c.refund)
		if diff := cmp.Diff(c.want, q); !ok || diff != "" {
			t.Errorf("%s: %v\n%s", name, ok, diff)
		}
		if q.May(q.From.Add(-time.Nanosecond)) || !q.May(q.From) {
			t.Errorf("%s: asked at the wrong time", name)
		}
	}
	for name, refund := range map[string]string{"a refund that is done": "older", "a payment that is known": "", "no such refund": "R9"} {
		if q, ok := resolve.About(unknown("", "R1", noon()), refund); ok {
			t.Errorf("%s: %+v", name, q)
		}
	}
}

// Of two payments that are not known the one is asked about that may be answered
// first: a terminal takes nothing until it is.
func TestAboutTheFirstThatMayBeAnswered(t *testing.T) {
	t.Parallel()
	s := unknown("", "", noon())
	s.Attempts = append(s.Attempts, app.Attempt{ID: "B", State: app.Unknown, Amount: eur(4500), Unsure: noon().Add(time.Hour), Device: "FRONT001"})
	if q, ok := resolve.About(s, ""); !ok || q.Attempt != "B" || !q.From.Equal(noon().Add(time.Hour+3*time.Minute)) {
		t.Errorf("%v, %+v", ok, q)
	}
}

// A refund through the account is looked up in the portal, a day later.
func TestAboutARefundThroughTheAccount(t *testing.T) {
	t.Parallel()
	s := unknown("FRONT001", "R1", noon())
	s.Attempts[1].Refunds[1].Way = app.RefundOnline
	if q, ok := resolve.About(s, "R1"); !ok || q.Where != "" || !q.From.Equal(noon().Add(resolve.AfterDay)) {
		t.Errorf("%v, %+v", ok, q)
	}
}

// till takes answers, or refuses them one after another.
type till struct {
	got  []app.Resolution
	code []string
}

func (s *till) Resolve(_ context.Context, _ app.SaleID, r app.Resolution) error {
	s.got = append(s.got, r)
	if n := len(s.got) - 1; n < len(s.code) && s.code[n] != "" {
		return &payments.Error{Op: "t", Code: s.code[n], Err: payments.ErrRefused}
	}
	return nil
}

type bench struct {
	*resolve.Form
	till   *till
	window fyne.Window
	closed int

	changed int
}

func open(t *testing.T, refund string, pin bool, code ...string) *bench {
	t.Helper()
	a := test.NewTempApp(t)
	th, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(th)
	b := &bench{till: &till{code: code}, window: a.NewWindow("till")}
	t.Cleanup(b.window.Close)
	b.window.SetContent(widgets.NewSurface(widgets.Skin{Fill: theme.Canvas}))
	b.window.Resize(fyne.NewSize(1280, 800))
	host := widgets.NewHost(b.window.Canvas())
	b.window.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { host.Key(e) })
	q, ok := resolve.About(unknown("", refund, noon()), refund)
	if !ok {
		t.Fatal("nothing to ask")
	}
	b.Form, err = resolve.Open(resolve.Config{
		Settler: b.till, Host: host, Run: async.Inline{}, Text: text.New("en"), Operator: func() string { return "nora" },
		AsksPIN: func() bool { return pin }, OnClosed: func() { b.closed++ }, Change: func() { b.changed++ },
	}, q)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) press(names ...fyne.KeyName) {
	for _, name := range names {
		e := &fyne.KeyEvent{Name: name}
		if f := b.window.Canvas().Focused(); f != nil {
			f.TypedKey(e)
			continue
		}
		b.window.Canvas().OnTypedKey()(e)
	}
}

func (b *bench) typed(words string) {
	for _, r := range words {
		b.window.Canvas().Focused().TypedRune(r)
	}
}

func (b *bench) says(words string) bool {
	return strings.Contains(test.RenderToMarkup(b.window.Canvas()), words)
}

// That something was not paid needs the number and the time of the last
// transaction; each missing part gets the cursor and a sentence, and nothing is
// asked of the till.
func TestNotPaidByKeyboard(t *testing.T) {
	b := open(t, "", false)
	b.window.Canvas().FocusPrevious() // to "It was not paid"
	b.window.Canvas().Focused().TypedRune(' ')
	b.press(fyne.KeyReturn)
	if !b.says("At least four digits") || len(b.till.got) != 0 {
		t.Fatalf("no word about the number; asked %v", b.till.got)
	}
	b.typed("623100000001")
	b.press(fyne.KeyReturn)
	if !b.says("Hours and minutes are needed") || len(b.till.got) != 0 {
		t.Fatalf("no word about the time; asked %v", b.till.got)
	}
	b.typed("20.11., 14:02")
	b.press(fyne.KeyReturn)
	want := []app.Resolution{{Evidence: "623100000001, 20.11., 14:02", Operator: "nora", Attempt: "A"}}
	if diff := cmp.Diff(want, b.till.got); diff != "" {
		t.Error(diff)
	}
	if b.Shown() || b.closed != 1 {
		t.Errorf("shown %v, closed %d", b.Shown(), b.closed)
	}
}

// Whoever has a PIN is asked for it before anything is sent.
func TestRefundWithPIN(t *testing.T) {
	b := open(t, "R1", true, "operator.pin", "")
	b.typed("4417")
	b.press(fyne.KeyReturn)
	if len(b.till.got) != 0 {
		t.Fatalf("sent without a PIN: %v", b.till.got)
	}
	b.typed("1111")
	b.press(fyne.KeyReturn)
	b.typed("2468")
	b.press(fyne.KeyReturn)
	want := []app.Resolution{
		{Paid: true, Evidence: "4417", Operator: "nora", PIN: "1111", Refund: "R1", Attempt: "A"},
		{Paid: true, Evidence: "4417", Operator: "nora", PIN: "2468", Refund: "R1", Attempt: "A"},
	}
	if diff := cmp.Diff(want, b.till.got); diff != "" {
		t.Error(diff)
	}
	if b.Shown() {
		t.Error("the form is still there")
	}
}

// What the till refuses stands at the field or below, and what was typed stays.
func TestRefusals(t *testing.T) {
	c := text.New("en")
	for _, code := range []string{"resolve.evidence", "resolve.early", "operator.right", "resolve.known"} {
		b := open(t, "", false, code)
		b.typed("4417")
		b.press(fyne.KeyReturn)
		if !b.Shown() || !b.says(strings.Fields(c.Problem(code).What)[0]) {
			t.Errorf("%s is not told", code)
		}
		b.press(fyne.KeyReturn) // the second time it is taken
		if got := len(b.till.got); b.Shown() || got != 2 {
			t.Errorf("%s: asked %d times", code, got)
		}
	}
}

// Whoever lacks the right lets somebody else come to the desk, and what was
// typed stays.
func TestSomebodyElseComes(t *testing.T) {
	b := open(t, "", false, "operator.right", "")
	b.typed("4417")
	b.press(fyne.KeyReturn)
	if !b.says("F10") {
		t.Fatal("nobody is told how somebody else comes")
	}
	b.press(fyne.KeyF10)
	if b.changed != 1 || !b.Shown() {
		t.Fatalf("changed %d times, shown %v", b.changed, b.Shown())
	}
	b.press(fyne.KeyReturn)
	if got := len(b.till.got); b.Shown() || got != 2 || b.till.got[1].Evidence != "4417" {
		t.Errorf("asked %+v", b.till.got)
	}
}

func TestEscapeLeaves(t *testing.T) {
	b := open(t, "", false)
	b.typed("4417")
	b.press(fyne.KeyEscape)
	if b.Shown() || len(b.till.got) != 0 || b.closed != 1 {
		t.Errorf("shown %v, asked %v", b.Shown(), b.till.got)
	}
}

func TestNeedsItsParts(t *testing.T) {
	if _, err := resolve.Open(resolve.Config{}, resolve.Question{}); err == nil {
		t.Error("a form without a till was made")
	}
}
