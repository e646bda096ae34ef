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
		Mode: payments.Live, Day: "2026-11-21", Agrees: true, Match: days.Match{State: days.MatchDone, At: now(), Agree: 2, Here: 2, Listed: 2},
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
	if v.Number != "65.00" || v.Ways[0].Amount != "45.00" || v.Ways[1].Name != "Front" || v.Figures[1].Value != "32.50" || !strings.Contains(v.Label, "60.00 EUR") {
		t.Errorf("%+v", v)
	}
}

func found() *days.Entry {
	return &days.Entry{Key: "E1", Reference: "81369017", At: now(), Amount: eur(1800), Last4: "3380", Device: "Front", Kind: days.EntryPayment}
}

func TestWhatIsToBeLookedAtSaysWhatToDo(t *testing.T) {
	t.Parallel()
	r := report()
	sale := func(s app.State) app.Sale {
		return app.Sale{ID: app.SaleID(s), State: s, Amount: eur(4500), Client: "Nina", Created: now()}
	}
	back := found()
	back.Kind = days.EntryRefund
	r.Differences = []days.Difference{
		{Code: days.NotKnown, Money: true, Sale: sale(app.Unknown), Do: days.DoCheck},
		{Code: days.RefundUnknown, Money: true, Sale: sale(app.Paid), Do: days.DoResolve},
		{Code: days.TakenBack, Money: true, Sale: sale(app.Reversed), Do: days.DoAskAgain},
		{Code: days.PaidTwice, Money: true, Sale: sale(app.Overpaid), Do: days.DoRefund},
		{Code: days.PaidLate, Money: true, Sale: sale(app.PaidLate), Do: days.DoKeep},
		{Code: days.NotListed, Money: true, Sale: sale(app.Paid), Do: days.DoCheck},
		{Code: days.AmountDiffers, Money: true, Sale: sale(app.Paid), Entry: found(), Do: days.DoOpen},
		{Code: days.RefundNotListed, Sale: sale(app.Refunded), Do: days.DoOpen},
		{Code: days.RefundNotHere, Money: true, Entry: back, Do: days.DoOpen},
		{Code: days.NotHere, Money: true, Entry: found(), Do: days.DoAdopt},
		{Code: days.FoundPayment, Sale: sale(app.Found), Do: days.DoOpen},
		{Code: days.StillOpen, Sale: sale(app.Offered), Do: days.DoOpen},
		{Code: "day.differs"}, // has a banner of its own
	}
	for _, how := range []days.How{days.HowPaidAgain, days.HowRefunded, days.HowKept, days.HowKnown, days.HowAdded} {
		r.Settled = append(r.Settled, days.Difference{How: how, Sale: sale(app.Paid), At: now(), Done: now(), By: "Nora", Way: "terminal"})
	}
	for _, lang := range text.Languages() {
		v := day.Show(r, text.New(lang), now(), time.UTC)
		if v.Money != 9 || len(v.Looks) != 12 || len(v.Ticked) != 5 {
			t.Fatalf("%s: %d about money, %d looks, %d settled", lang, v.Money, len(v.Looks), len(v.Ticked))
		}
		keys := map[string]bool{}
		for i, l := range v.Looks {
			if l.Do != r.Differences[i].Do || strings.ContainsAny(l.Title+l.Sentence+l.Action, "[{") {
				t.Errorf("%s: %+v", lang, l)
			}
			keys[l.Key] = true
		}
		for _, l := range v.Ticked {
			if strings.ContainsAny(l.Title+l.Sentence, "[{") || !strings.Contains(l.Sentence, "Nora") {
				t.Errorf("%s: %+v", lang, l)
			}
		}
	}
}

func TestHowTheDayComparesIsTold(t *testing.T) {
	t.Parallel()
	for _, lang := range text.Languages() {
		seen := map[string]bool{}
		for _, m := range []days.Match{
			{},
			{State: days.MatchNever},
			{State: days.MatchOff},
			{State: days.MatchRunning},
			{State: days.MatchDone, At: now()},
			{State: days.MatchDone, At: now(), Agree: 1, Here: 1, Listed: 1},
			{State: days.MatchDone, At: now(), Agree: 24, Fresh: 2, Here: 26, Listed: 24},
			{State: days.MatchFailed, At: now(), Code: "match.clock"},
		} {
			r := report()
			r.Match = m
			got := day.Show(r, text.New(lang), now(), time.UTC).Match
			if got.Words == "" || strings.ContainsAny(got.Words+got.Detail, "[{") || got.Open == (m.State == days.MatchOff) {
				t.Errorf("%s: %+v", lang, got)
			}
			seen[got.Words] = true
		}
		if len(seen) != 7 {
			t.Errorf("%s: only %d sentences", lang, len(seen))
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
	report  days.Report
	refuse  error
	asked   []string
	matched func(*days.Report) // what comparing changes
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

func (b *shelf) ReopenFor(_ context.Context, by app.Actor, name, reason string) error {
	b.asked = append(b.asked, "reopen "+name+" "+by.Operator+" "+reason)
	return b.refuse
}

func (b *shelf) Export(context.Context, app.Actor, io.Writer, string, days.Format, bool) error {
	return errors.ErrUnsupported
}

func (b *shelf) CheckNow(_ context.Context, id app.SaleID) error {
	b.asked = append(b.asked, "check "+string(id))
	return nil
}

func (b *shelf) Keep(_ context.Context, id app.SaleID, by string) error {
	b.asked = append(b.asked, "keep "+string(id)+" "+by)
	return b.refuse
}

func (b *shelf) Reconcile(context.Context) error {
	b.asked = append(b.asked, "reconcile")
	if b.matched != nil {
		b.matched(&b.report)
	}
	return nil
}

func (b *shelf) Adopt(_ context.Context, e days.Entry, by app.Actor) (app.SaleID, error) {
	b.asked = append(b.asked, "adopt "+e.Key+" "+by.Operator+" "+by.PIN)
	return "S", b.refuse
}

func (b *shelf) DayPDF(_ context.Context, name string, _ io.Writer, by app.Actor) error {
	b.asked = append(b.asked, "pdf "+name+" "+by.Operator)
	return b.refuse
}

func (b *shelf) PrintDay(_ context.Context, name string, by app.Actor) error {
	b.asked = append(b.asked, "print "+name+" "+by.Operator)
	return b.refuse
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
	var s *day.Screen
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		if !host.Key(e) {
			s.Key(e)
		}
	})
	s, err = day.New(day.Config{
		Book: b, Till: b, Account: b, Paper: b, Run: atOnce{}, Host: host, Text: text.New("en"), Now: now, Zone: time.UTC,
		Person: func() day.Person { return who }, OnShow: func(s app.Sale) { b.asked = append(b.asked, "show "+string(s.ID)) },
		OnRefund:  func(s app.Sale) { b.asked = append(b.asked, "refund "+string(s.ID)) },
		OnResolve: func(s app.Sale, refund string) { b.asked = append(b.asked, "resolve "+string(s.ID)+" "+refund) },
		Save:      func(_ string, write func(io.Writer) error) (string, error) { return "there", write(io.Discard) },
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

// The morning after: F8 and Enter lead to the day that is still open and ask about that one.
func TestAnEarlierDayIsClosedFirst(t *testing.T) {
	b := &shelf{report: report()}
	b.report.Earlier = "2026-11-20"
	b.matched = func(*days.Report) { t.Error("a day that cannot be closed is compared") }
	s, w := newScreen(t, b, day.Person{ID: "nora", Name: "Nora", MayClose: true})
	s.Key(key(fyne.KeyF8))
	if !strings.Contains(test.RenderToMarkup(w.Canvas()), "Friday 20 November is still open.") {
		t.Error("nothing is said")
	}
	b.want(t)
	b.report.Day, b.report.Earlier = "2026-11-20", ""
	press(w, fyne.KeyReturn)
	b.want(t, "report 2026-11-20")
	press(w, fyne.KeyReturn)
	b.want(t, "close 2026-11-20 nora ", "report 2026-11-20")
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

// Down goes to the first thing to look at and on, Enter does what its button
// says, and the focus stays where it was when the day is read again.
func TestTheListIsWorkedThroughWithTheKeyboard(t *testing.T) {
	b := &shelf{report: report()}
	sale := func(id app.SaleID, s app.State) app.Sale {
		return app.Sale{ID: id, State: s, Amount: eur(4500), Client: "Nina", Created: now()}
	}
	b.report.Differences = []days.Difference{
		{Code: days.NotKnown, Money: true, Sale: sale("A", app.Unknown), Do: days.DoCheck, Key: "1"},
		{Code: days.RefundUnknown, Money: true, Sale: sale("B", app.Paid), Refund: "P1", Do: days.DoResolve, Key: "2"},
		{Code: days.TakenBack, Money: true, Sale: sale("C", app.Reversed), Do: days.DoAskAgain, Key: "3"},
		{Code: days.PaidTwice, Money: true, Sale: sale("D", app.Overpaid), Do: days.DoRefund, Key: "4"},
		{Code: days.PaidLate, Money: true, Sale: sale("E", app.PaidLate), Do: days.DoKeep, Key: "5"},
	}
	s, w := newScreen(t, b, day.Person{ID: "nora", Name: "Nora", MayClose: true})
	s.Key(key(fyne.KeyDown))
	press(w, fyne.KeyReturn)
	b.want(t, "check A", "report ")
	press(w, fyne.KeyDown, fyne.KeyReturn, fyne.KeyDown, fyne.KeyReturn, fyne.KeyDown, fyne.KeyReturn)
	b.want(t, "resolve B P1", "show C", "refund D")
	b.refuse = &payments.Error{Code: "sale.missing", Err: payments.ErrRefused}
	press(w, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	b.want(t, "keep E nora", "report ")
	if !strings.Contains(test.RenderToMarkup(w.Canvas()), text.New("en").Problem("sale.missing").What) {
		t.Error("why it failed is not told")
	}
	b.report.Differences = b.report.Differences[:4] // it was answered elsewhere
	s.Show()
	b.asked = nil
	press(w, fyne.KeyReturn)
	b.want(t, "refund D")
}

func TestALineAtMyPOSIsAddedWithAPIN(t *testing.T) {
	b := &shelf{report: report()}
	b.report.Differences = []days.Difference{{Code: days.NotHere, Money: true, Entry: found(), Do: days.DoAdopt, Key: "1"}}
	s, w := newScreen(t, b, day.Person{ID: "nora", Name: "Nora", HasPIN: true, MayClose: true})
	s.Key(key(fyne.KeyDown))
	press(w, fyne.KeyReturn)
	for _, r := range "258" {
		w.Canvas().Focused().TypedRune(r)
	}
	press(w, fyne.KeyReturn)
	b.want(t) // half a PIN asks nothing
	w.Canvas().Focused().TypedRune('0')
	b.refuse = &payments.Error{Code: "adopt.used", Err: payments.ErrRefused}
	press(w, fyne.KeyReturn)
	b.want(t, "adopt E1 nora 2580")
	if !strings.Contains(test.RenderToMarkup(w.Canvas()), "belongs to a sale here already") {
		t.Error("the refusal is not told")
	}
	b.refuse = nil
	for _, r := range "2580" {
		w.Canvas().Focused().TypedRune(r)
	}
	press(w, fyne.KeyReturn)
	b.want(t, "adopt E1 nora 2580", "report ")
	if w.Canvas().Overlays().Top() != nil {
		t.Error("the dialog stays")
	}
}

// What was given back in the portal is added to its sale, and the words say so.
func TestARefundAtMyPOSIsAddedToItsSale(t *testing.T) {
	b := &shelf{report: report()}
	back := found()
	back.Kind = days.EntryRefund
	b.report.Differences = []days.Difference{
		{Code: days.RefundNotHere, Money: true, Entry: back, Do: days.DoAdoptRefund, Sale: app.Sale{ID: "S", State: app.Paid}, Key: "1"},
	}
	s, w := newScreen(t, b, day.Person{ID: "nora", Name: "Nora", MayClose: true})
	s.Key(key(fyne.KeyDown))
	press(w, fyne.KeyReturn)
	if shown := test.RenderToMarkup(w.Canvas()); !strings.Contains(shown, "as given back") || strings.Contains(shown, "as a sale") {
		t.Error("the sheet does not say what is added")
	}
	press(w, fyne.KeyReturn)
	b.want(t, "adopt E1 nora ", "report ")
}

// A closing compares first: what it finds is asked about before anything is
// sealed.
func TestClosingComparesFirst(t *testing.T) {
	b := &shelf{report: report()}
	b.report.Match = days.Match{State: days.MatchDone, At: now().Add(-time.Hour)}
	b.matched = func(r *days.Report) {
		r.Match.At = now()
		r.Differences = []days.Difference{{Code: days.NotHere, Money: true, Entry: found(), Do: days.DoAdopt, Key: "1"}}
	}
	s, w := newScreen(t, b, day.Person{ID: "nora", Name: "Nora", MayClose: true})
	s.Key(key(fyne.KeyF8))
	b.want(t, "reconcile", "report 2026-11-21")
	if !strings.Contains(test.RenderToMarkup(w.Canvas()), "18.00 EUR at myPOS, no sale here") {
		t.Error("what stays open is not named")
	}
	w.Canvas().Focused().TypedRune(' ') // the switch has the focus
	press(w, fyne.KeyReturn)
	b.want(t, "close 2026-11-21 nora  open", "report 2026-11-21")
}

func TestADayIsPrintedAndWritten(t *testing.T) {
	b := &shelf{report: report()}
	s, w := newScreen(t, b, day.Person{ID: "nora", Name: "Nora", MayClose: true})
	s.Print()
	b.refuse = &payments.Error{Code: "printer.paper", Err: payments.ErrUnreachable}
	press(w, fyne.KeyReturn)
	b.want(t, "print 2026-11-21 nora")
	if !strings.Contains(test.RenderToMarkup(w.Canvas()), text.New("en").Problem("printer.paper").What) {
		t.Error("the trouble of the printer is not told")
	}
	b.refuse = nil
	press(w, fyne.KeyReturn, fyne.KeyEscape)
	b.want(t, "print 2026-11-21 nora")
	s.Export()
	press(w, fyne.KeyReturn)
	b.want(t, "pdf 2026-11-21 nora")
	if !strings.Contains(test.RenderToMarkup(w.Canvas()), "Saved as there") {
		t.Error("where it is saved is not told")
	}
}

func TestTheDayIsReadAgainWhileItIsCompared(t *testing.T) {
	b := &shelf{report: report()}
	s, _ := newScreen(t, b, day.Person{Name: "Nora", MayClose: true})
	s.Tick()
	b.want(t)
	s.Compare()
	b.want(t, "reconcile", "report ")
}

func TestADayIsOpenedAgainForAReason(t *testing.T) {
	b := &shelf{report: report()}
	b.report.Closed = &app.ClosedDay{DayData: app.DayData{Day: "2026-11-21"}, At: now()}
	s, w := newScreen(t, b, day.Person{ID: "nora", Name: "Nora", MayClose: true})
	s.Reopen()
	press(w, fyne.KeyReturn)
	b.want(t) // no reason yet
	for _, r := range "forgot Eva" {
		w.Canvas().Focused().TypedRune(r)
	}
	press(w, fyne.KeyReturn)
	b.want(t, "reopen 2026-11-21 nora forgot Eva", "report 2026-11-21")
}
