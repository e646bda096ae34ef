package day_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"frontdesk/app"
	days "frontdesk/app/day"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/day"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

func now() time.Time { return time.Date(2026, 11, 21, 14, 33, 0, 0, time.UTC) }

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func report() days.Report {
	return days.Report{
		Mode: payments.Live, Day: "2026-11-21", Agrees: true,
		From: time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC),
		Totals: []app.DayTotal{{Currency: "EUR", Payments: 6500, Refunds: -500, Tips: 300, Count: 2}},
		Ways:   []days.Share{{Rail: payments.RailLink, Taken: eur(4500), Amount: eur(4000)}, {Rail: payments.RailTerminal, Name: "Front", Taken: eur(2000), Amount: eur(2000)}},
		Hours:  []days.Hour{{Hour: 1, Amount: eur(2000)}, {Hour: 22, Amount: eur(4500)}},
	}
}

func TestHoursAfterMidnightComeLast(t *testing.T) {
	t.Parallel()
	v := day.Show(report(), text.New("en"), now(), time.UTC)
	want := []day.Bar{
		{Hour: "22", Words: "45", Part: 1, Top: true}, {Hour: "23"}, {Hour: "0"}, {Hour: "1", Words: "20", Part: float32(2000) / 4500},
	}
	if diff := cmp.Diff(want, v.Takings[0].Bars); diff != "" {
		t.Error(diff)
	}
}

func TestNothingIsAddedAcrossWays(t *testing.T) {
	t.Parallel()
	v := day.Show(report(), text.New("en"), now(), time.UTC).Takings[0]
	if v.Number != "65.00" || v.Ways[0].Amount != "45.00" || v.Ways[1].Name != "Front" || v.Figures[3].Value != "60.00" {
		t.Errorf("%+v", v)
	}
}

func TestWhatIsToBeLookedAtSaysWhatToDo(t *testing.T) {
	t.Parallel()
	r := report()
	sale := func(s app.State) app.Sale {
		return app.Sale{ID: app.SaleID(s), State: s, Amount: eur(4500), Client: "Nina", Created: now()}
	}
	r.Differences = []days.Difference{
		{Code: days.NotKnown, Money: true, Sale: sale(app.Unknown)},
		{Code: days.RefundUnknown, Money: true, Sale: sale(app.Paid)},
		{Code: days.TakenBack, Money: true, Sale: sale(app.Reversed)},
		{Code: days.PaidTwice, Money: true, Sale: sale(app.Overpaid)},
		{Code: days.PaidLate, Money: true, Sale: sale(app.PaidLate)},
		{Code: days.FoundPayment, Sale: sale(app.Found)},
		{Code: days.StillOpen, Sale: sale(app.Offered)},
	}
	acts := []day.Act{day.Check, day.Check, day.Answer, day.Answer, day.Answer, day.Open, day.Answer}
	for _, lang := range text.Languages() {
		v := day.Show(r, text.New(lang), now(), time.UTC)
		if v.Money != 5 || len(v.Looks) != len(acts) {
			t.Fatalf("%s: %+v", lang, v)
		}
		for i, l := range v.Looks {
			if l.Act != acts[i] || strings.Contains(l.Title+l.Sentence+l.Action, "[") {
				t.Errorf("%s: %+v", lang, l)
			}
		}
	}
}

func TestDatesAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"21.11.2026": "2026-11-21", " 1.2.2026 ": "2026-02-01", "21/11/2026": "2026-11-21", "2026-11-21": "2026-11-21",
		"20.11.": "2026-11-20", "24.12": "2025-12-24", "31.2.2026": "", "soon": "", "": "",
	} {
		got, ok := day.ParseDate(typed, now())
		if got != want || ok != (want != "") {
			t.Errorf("%q: got %q, %t", typed, got, ok)
		}
	}
}

// shelf is a book of days that notes what it is asked for.
type shelf struct {
	report days.Report
	refuse error
	asked  []string
}

func (b *shelf) Report(_ context.Context, name string) (days.Report, error) {
	b.asked = append(b.asked, "report "+name)
	return b.report, nil
}

func (b *shelf) Close(_ context.Context, by app.Actor, name string, open bool) (days.Report, error) {
	words := "close " + name + " " + by.Operator + " " + by.PIN
	if open {
		words += " open"
	}
	b.asked = append(b.asked, words)
	return b.report, b.refuse
}

func (b *shelf) Reopen(_ context.Context, by app.Actor, name string) error {
	b.asked = append(b.asked, "reopen "+name+" "+by.Operator)
	return b.refuse
}

func (b *shelf) Export(context.Context, app.Actor, io.Writer, string, days.Format, bool) error {
	return errors.ErrUnsupported
}

func (b *shelf) CheckNow(_ context.Context, id app.SaleID) error {
	b.asked = append(b.asked, "check "+string(id))
	return nil
}

// atOnce does work where it stands.
type atOnce struct{}

func (atOnce) Go(work func(context.Context)) { work(context.Background()) }
func (atOnce) Do(f func())                   { f() }

func newScreen(t *testing.T, b *shelf, who day.Person) (*day.Screen, fyne.Window) {
	t.Helper()
	a := test.NewTempApp(t)
	th, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(th)
	w := a.NewWindow("day")
	t.Cleanup(w.Close)
	host := widgets.NewHost(w.Canvas())
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { host.Key(e) })
	s, err := day.New(day.Config{
		Book: b, Till: b, Run: atOnce{}, Host: host, Text: text.New("en"), Now: now, Zone: time.UTC,
		Person: func() day.Person { return who }, OnShow: func(app.Sale) {}, OnOpen: func(app.SaleID) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.SetContent(s.Content())
	w.Resize(fyne.NewSize(1192, 744))
	s.Show()
	b.asked = nil
	return s, w
}

func key(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }

func press(w fyne.Window, keys ...fyne.KeyName) {
	for _, k := range keys {
		w.Canvas().Focused().TypedKey(key(k))
	}
}

func (b *shelf) want(t *testing.T, asked ...string) {
	t.Helper()
	if diff := cmp.Diff(asked, b.asked); diff != "" {
		t.Errorf("asked of the book, -want +got:\n%s", diff)
	}
	b.asked = nil
}

func TestADayIsClosedWithTheKeyboard(t *testing.T) {
	b := &shelf{report: report()}
	s, w := newScreen(t, b, day.Person{ID: "nora", Name: "Nora", HasPIN: true, MayClose: true})
	s.Key(key(fyne.KeyF8))
	press(w, fyne.KeyReturn)
	b.want(t) // no PIN yet
	for _, r := range "2580" {
		w.Canvas().Focused().TypedRune(r)
	}
	b.refuse = &payments.Error{Code: "operator.pin", Err: payments.ErrRefused}
	press(w, fyne.KeyReturn)
	b.want(t, "close 2026-11-21 nora 2580")
	if !strings.Contains(test.RenderToMarkup(w.Canvas()), "The PIN is wrong.") {
		t.Error("the refusal is not told")
	}
	b.refuse = nil
	for _, r := range "2581" {
		w.Canvas().Focused().TypedRune(r)
	}
	press(w, fyne.KeyReturn)
	b.want(t, "close 2026-11-21 nora 2581", "report 2026-11-21")
	if w.Canvas().Overlays().Top() != nil {
		t.Error("the dialog stays")
	}
}

func TestUnsettledMoneyNeedsAWord(t *testing.T) {
	b := &shelf{report: report()}
	b.report.Differences = []days.Difference{{Code: days.NotKnown, Money: true, Sale: app.Sale{ID: "A", State: app.Unknown, Amount: eur(100), Created: now()}}}
	s, w := newScreen(t, b, day.Person{ID: "nora", Name: "Nora", MayClose: true})
	s.Close()
	w.Canvas().FocusNext()
	for range 8 {
		if f, ok := w.Canvas().Focused().(fyne.Accessible); ok && strings.HasPrefix(f.AccessibilityLabel(), "Close with what is open") {
			break
		}
		w.Canvas().FocusNext()
	}
	b.want(t)
	w.Canvas().Focused().TypedRune(' ')
	for range 8 {
		if f, ok := w.Canvas().Focused().(fyne.Accessible); ok && f.AccessibilityLabel() == "Close day" {
			break
		}
		w.Canvas().FocusNext()
	}
	press(w, fyne.KeyReturn)
	b.want(t, "close 2026-11-21 nora  open", "report 2026-11-21")
}

func TestWhoMayNotCloseIsTold(t *testing.T) {
	b := &shelf{report: report()}
	s, w := newScreen(t, b, day.Person{ID: "elena", Name: "Elena"})
	s.Close()
	if !strings.Contains(test.RenderToMarkup(w.Canvas()), "Elena may not close a day") {
		t.Error("nothing is said")
	}
	w.Canvas().OnTypedKey()(key(fyne.KeyReturn))
	b.want(t)
}

func TestTurningToOtherDays(t *testing.T) {
	b := &shelf{report: report()}
	s, _ := newScreen(t, b, day.Person{Name: "Nora", MayClose: true})
	s.Key(key(fyne.KeyRight)) // it is still running
	b.want(t)
	s.Key(key(fyne.KeyLeft))
	s.Key(key(fyne.KeyHome))
	b.want(t, "report 2026-11-20", "report ")
	b.report.Closed = &app.ClosedDay{DayData: app.DayData{Day: "2026-11-21"}, At: now()}
	s.Show()
	s.Key(key(fyne.KeyF8)) // closed already
	s.Key(key(fyne.KeyPageDown))
	b.want(t, "report ", "report 2026-11-22")
}
