package checkout_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/checkout"
	"frontdesk/ui/widgets"
)

func moment() time.Time { return time.Date(2026, 11, 21, 14, 33, 0, 0, time.UTC) }

// onTerminal is a sale that is collected on the front terminal.
func onTerminal(s app.State, change func(*app.Attempt)) app.Checkout {
	co := sale(s, moment())
	co.QR = nil
	a := &co.Sale.Attempts[0]
	a.Rail, a.Link, a.Words, a.Device, a.DeviceLabel = payments.RailTerminal, "", "", "FRONT001", "Front counter"
	if change != nil {
		change(a)
	}
	return co
}

func terminals() []devices.Status {
	front := devices.Device{ID: "FRONT001", Label: "Front counter", Model: "Ultra", Driver: devices.TCP, Enabled: true, Default: true}
	bar := devices.Device{ID: "COLOUR02", Label: "Bar", Driver: devices.Serial, Enabled: true}
	return []devices.Status{{Device: front, Health: devices.Ready}, {Device: bar, Health: devices.Ready}}
}

func allWays() []payments.Rail {
	return []payments.Rail{payments.RailLink, payments.RailTerminal}
}

func terminalView(co app.Checkout, ways []payments.Rail) checkout.Model {
	in := checkout.Input{Checkout: co, Now: moment().Add(4 * time.Second), Zone: time.UTC, Devices: terminals(), Ways: ways}
	return checkout.View(in, text.New("en"))
}

// Each stage has its own word and sentence, and only before the card is read
// may the payment be cancelled.
func TestEveryStageIsTold(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range []struct {
		state  app.State
		stage  app.Stage
		cancel bool
		done   int // steps done
	}{
		{app.Preparing, app.Stage{}, true, 0},
		{app.Offered, app.Stage{Name: app.StageSent, Cancellable: true}, true, 1},
		{app.Offered, app.Stage{Name: app.StagePresentCard, Cancellable: true}, true, 1},
		{app.Offered, app.Stage{Name: app.StagePresentCard}, false, 1},
		{app.Opened, app.Stage{Name: app.StageCardRead}, false, 2},
		{app.Opened, app.Stage{Name: app.StageCurrency, Offer: "30.43 USD"}, false, 2},
		{app.Opened, app.Stage{Name: app.StagePIN}, false, 2},
		{app.Opened, app.Stage{Name: app.StagePINWrong, TriesLeft: 2}, false, 2},
		{app.Opened, app.Stage{Name: app.StageAuthorising}, false, 2},
		{app.Cancelling, app.Stage{Name: app.StagePresentCard}, false, 1},
	} {
		m := terminalView(onTerminal(c.state, func(a *app.Attempt) { a.Stage, a.Cancellable = c.stage, c.stage.Cancellable }), allWays())
		name := string(c.state) + " " + string(c.stage.Name)
		if !m.Waiting || m.Terminal.Label != "Front counter" || m.Terminal.Kind != "myPOS Ultra, on the network" || m.QR != nil || m.Words != "" {
			t.Errorf("%s: %+v", name, m)
		}
		if m.Terminal.CanCancel != c.cancel || (m.Confirm != checkout.Confirm{}) != c.cancel || m.Terminal.Foot == "" || m.Closes {
			t.Errorf("%s: cancel %v, question %v", name, m.Terminal.CanCancel, m.Confirm)
		}
		done := 0
		for i, s := range m.Terminal.Steps {
			switch {
			case s.Progress == widgets.Done:
				done++
			case i == c.done && s.Progress != widgets.Now:
				t.Errorf("%s: step %d is not the one that happens", name, i)
			}
		}
		if done != c.done {
			t.Errorf("%s: %d steps done", name, done)
		}
		if all := m.Word + m.Sentence + m.Terminal.Foot; strings.ContainsAny(all, "[{") {
			t.Errorf("%s: %s", name, all)
		}
		seen[m.Word] = true
	}
	if len(seen) != 9 {
		t.Errorf("the words are %v", seen)
	}
}

func TestStageTellsWhatTheTerminalTold(t *testing.T) {
	t.Parallel()
	view := func(s app.Stage) string {
		return terminalView(onTerminal(app.Opened, func(a *app.Attempt) { a.Stage = s }), allWays()).Sentence
	}
	for want, s := range map[string]app.Stage{
		"That PIN was wrong. 1 try is left.":                          {Name: app.StagePINWrong, TriesLeft: 1},
		"The customer types the PIN once more.":                       {Name: app.StagePINWrong},
		"The terminal offers to pay 30.43 USD. The customer chooses.": {Name: app.StageCurrency, Offer: "30.43 USD"},
	} {
		if got := view(s); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	odd := view(app.Stage{Name: app.StagePresentCard, Code: "terminal.unsupported_card"})
	if !strings.Contains(odd, text.New("en").Problem("terminal.unsupported_card").What) || !strings.Contains(odd, "tap") {
		t.Errorf("another card: %q", odd)
	}
}

// What was taken but still needs a hand stands above the facts.
func TestPaidOnATerminal(t *testing.T) {
	t.Parallel()
	co := onTerminal(app.Paid, func(a *app.Attempt) {
		a.CardName, a.CardLast4, a.RRN, a.AuthCode, a.TerminalID = "Visa", "4417", "623100000001", "P00123", "80012345"
		a.Tip = co300()
		a.SignatureNeeded, a.NoPaper = true, true
	})
	m := terminalView(co, allWays())
	facts := ""
	for _, f := range m.Facts {
		facts += f.Label + ": " + f.Value + "\n"
	}
	for _, want := range []string{"Visa ending 4417", "3.00 EUR", "Front counter, number 80012345", "623100000001", "P00123"} {
		if !strings.Contains(facts, want) {
			t.Errorf("no %s in %s", want, facts)
		}
	}
	if len(m.Notices) != 2 || m.Notices[0].Title != "Ask for a signature" || m.Notices[1].Title != "No paper, but paid" {
		t.Errorf("notices %+v", m.Notices)
	}
}

// Ended without money: the reason in words, the terminal again, and the second
// rail beside it; where the terminal never began, the second rail first.
func TestTurnedDown(t *testing.T) {
	t.Parallel()
	began := moment()
	for name, c := range map[string]struct {
		state   app.State
		reason  string
		offered time.Time
		ways    []payments.Rail
		main    checkout.Act
		other   bool
	}{
		"declined":      {app.Declined, "approval.51", began, allWays(), checkout.ActAgain, true},
		"customer":      {app.NotCharged, "terminal.cancelled", began, allWays(), checkout.ActAgain, true},
		"busy":          {app.Withdrawn, "terminal.busy", time.Time{}, allWays(), checkout.ActQR, true},
		"gone, alone":   {app.Withdrawn, "terminal.unreachable", time.Time{}, []payments.Rail{payments.RailTerminal}, checkout.ActAgain, false},
		"request rail":  {app.Withdrawn, "terminal.busy", time.Time{}, []payments.Rail{payments.RailRequest, payments.RailTerminal}, checkout.ActQR, true},
		"no reason":     {app.NotCharged, "", began, allWays(), checkout.ActAgain, true},
		"odd reason":    {app.Declined, "never.heard", began, allWays(), checkout.ActAgain, true},
		"stopped early": {app.Withdrawn, "", time.Time{}, allWays(), checkout.ActAgain, true},
	} {
		m := terminalView(onTerminal(c.state, func(a *app.Attempt) { a.Reason, a.Offered = c.reason, c.offered }), c.ways)
		acts := []checkout.Act{m.Main.Act}
		for _, s := range m.Side {
			acts = append(acts, s.Act)
		}
		if m.Main.Act != c.main || slices.Contains(acts, checkout.ActQR) != c.other || !slices.Contains(acts, checkout.ActAgain) {
			t.Errorf("%s: buttons %v", name, acts)
		}
		if m.Lead == "" || strings.ContainsAny(m.Lead, "[{") || m.Word == "CANCELLED" || !m.Closes {
			t.Errorf("%s: %q under %q", name, m.Lead, m.Word)
		}
	}
}

// After three minutes of silence more is said than that we keep asking.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	lead := func(unsure time.Duration) string {
		m := terminalView(onTerminal(app.Unknown, func(a *app.Attempt) {
			a.Reason, a.Unsure = "terminal.lost", moment().Add(4*time.Second-unsure)
		}), allWays())
		if m.LockTitle != "Do not charge again" {
			t.Errorf("no lock: %+v", m)
		}
		return m.Lead
	}
	early, late := lead(179*time.Second), lead(180*time.Second)
	if !strings.Contains(early, "We ask Front counter by ourselves") || !strings.Contains(late, "Front counter stays silent") {
		t.Errorf("early %q, late %q", early, late)
	}
}

func TestRequestSaysThatItStays(t *testing.T) {
	t.Parallel()
	request := func(s app.State) checkout.Model {
		co := sale(s, moment())
		co.Sale.Attempts[0].Rail = payments.RailRequest
		return terminalView(co, []payments.Rail{payments.RailRequest})
	}
	m := request(app.Offered)
	if m.Words != "" || !strings.Contains(m.Tick.Caption, "cannot be withdrawn") || !strings.Contains(m.Confirm.Text, "cannot be taken back") {
		t.Errorf("waiting: %+v", m)
	}
	if m = request(app.Withdrawn); !strings.Contains(m.Lead, "expires today") {
		t.Errorf("withdrawn: %q", m.Lead)
	}
}

// terminalBench is the dialog of a desk with terminals.
func terminalBench(t *testing.T, list []devices.Status) *bench {
	t.Helper()
	b := newBench(t)
	d, err := checkout.New(checkout.Config{
		Till: b.till, Collector: b.till, Host: b.host, Run: inline{}, Text: text.New("en"), Now: func() time.Time { return b.now },
		Zone: time.UTC, Operator: func() string { return "Nora" }, Copy: func(string) {}, Mail: func(string, string) error { return nil },
		Devices: func() []devices.Status { return list }, Ways: allWays,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Dialog = d
	return b
}

func TestUseTerminal(t *testing.T) {
	b := terminalBench(t, terminals())
	b.show(app.Offered)
	b.UseTerminal()
	if !slices.Equal(b.till.asked, []string{"again by terminal"}) {
		t.Errorf("asked %v", b.till.asked)
	}
}

// A customer who may be paying right now is asked about first, and the safe
// answer has the focus.
func TestUseTerminalAsksWhileTheCustomerPays(t *testing.T) {
	b := terminalBench(t, terminals())
	b.show(app.Opened)
	dialog := b.host.Top()
	b.UseTerminal()
	if b.host.Top() == dialog || len(b.till.asked) != 0 {
		t.Fatalf("no question; asked %v", b.till.asked)
	}
	b.press(fyne.KeyReturn)
	if b.host.Top() != dialog || len(b.till.asked) != 0 {
		t.Errorf("Enter did not keep waiting: %v", b.till.asked)
	}
	b.UseTerminal()
	b.window.Canvas().FocusPrevious()
	b.press(fyne.KeyReturn)
	if !slices.Equal(b.till.asked, []string{"again by terminal"}) {
		t.Errorf("asked %v", b.till.asked)
	}
}

func TestUseTerminalChoosesAmongSeveral(t *testing.T) {
	list := terminals()
	list[0].Default = false
	b := terminalBench(t, list)
	b.show(app.Offered)
	dialog := b.host.Top()
	b.UseTerminal()
	if b.host.Top() == dialog || len(b.till.asked) != 0 {
		t.Fatalf("nothing to choose from; asked %v", b.till.asked)
	}
}

// Once the card is read Escape neither cancels nor leaves.
func TestEscapeWhileTheCardIsRead(t *testing.T) {
	b := terminalBench(t, terminals())
	b.Open(onTerminal(app.Opened, func(a *app.Attempt) { a.Stage = app.Stage{Name: app.StagePIN} }))
	b.now = b.now.Add(time.Second)
	dialog := b.host.Top()
	b.press(fyne.KeyEscape)
	if b.host.Top() != dialog || len(b.till.asked) != 0 {
		t.Errorf("asked %v", b.till.asked)
	}
}

func co300() money.Amount { return money.Amount{Minor: 300, Currency: "EUR"} }

// answers is a till that takes a person's answer, or refuses it.
type answers struct {
	got  []app.Resolution
	code []string // of the refusals, in order
}

func (a *answers) Resolve(_ context.Context, _ app.SaleID, r app.Resolution) error {
	a.got = append(a.got, r)
	if n := len(a.got) - 1; n < len(a.code) && a.code[n] != "" {
		return &payments.Error{Op: "t", Code: a.code[n], Err: payments.ErrRefused}
	}
	return nil
}

func settleBench(t *testing.T, a *answers, unsure time.Duration) *bench {
	t.Helper()
	b := newBench(t)
	d, err := checkout.New(checkout.Config{
		Till: b.till, Collector: b.till, Settler: a, Host: b.host, Run: inline{}, Text: text.New("en"), Now: func() time.Time { return b.now },
		Zone: time.UTC, Operator: func() string { return "Nora" }, Copy: func(string) {}, Mail: func(string, string) error { return nil },
		Devices: terminals, Ways: allWays,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Dialog = d
	b.Open(onTerminal(app.Unknown, func(a *app.Attempt) { a.Reason, a.Unsure = "terminal.lost", b.now.Add(-unsure) }))
	b.now = b.now.Add(time.Second)
	return b
}

func (b *bench) typed(words string) {
	for _, r := range words {
		b.window.Canvas().Focused().TypedRune(r)
	}
}

// The answer of a person needs evidence, and a PIN where the till asks for one.
func TestSettleByHand(t *testing.T) {
	a := &answers{code: []string{"operator.pin_needed", "operator.pin", ""}}
	b := settleBench(t, a, 4*time.Minute)
	dialog := b.host.Top()
	b.Settle()
	b.press(fyne.KeyReturn) // no evidence: nothing is asked
	b.typed("623100000001")
	b.press(fyne.KeyReturn) // no PIN
	b.typed("1111")
	b.press(fyne.KeyReturn) // a wrong one
	b.typed("2468")
	b.press(fyne.KeyReturn)
	want := []app.Resolution{
		{Paid: true, Operator: "Nora", Attempt: "A", Evidence: "623100000001"},
		{Paid: true, Operator: "Nora", Attempt: "A", Evidence: "623100000001", PIN: "1111"},
		{Paid: true, Operator: "Nora", Attempt: "A", Evidence: "623100000001", PIN: "2468"},
	}
	if diff := cmp.Diff(want, a.got); diff != "" {
		t.Error(diff)
	}
	if b.host.Top() != dialog {
		t.Error("the sheet is still there")
	}
}

func TestSettleComesAfterThreeMinutes(t *testing.T) {
	t.Parallel()
	side := func(unsure time.Duration, settles bool) bool {
		in := checkout.Input{
			Checkout: onTerminal(app.Unknown, func(a *app.Attempt) { a.Unsure = moment().Add(-unsure) }), Now: moment(), Zone: time.UTC, Settles: settles,
		}
		return slices.ContainsFunc(checkout.View(in, text.New("en")).Side, func(a checkout.Action) bool { return a.Act == checkout.ActSettle })
	}
	if side(179*time.Second, true) || !side(180*time.Second, true) || side(time.Hour, false) {
		t.Error("settling is offered at the wrong time")
	}
}

// An answer of the terminal that arrives meanwhile ends the question.
func TestSettleEndsWhenTheTerminalAnswers(t *testing.T) {
	b := settleBench(t, &answers{}, 4*time.Minute)
	dialog := b.host.Top()
	b.Settle()
	if b.host.Top() == dialog {
		t.Fatal("no sheet")
	}
	paid := onTerminal(app.Paid, nil)
	paid.Sale.Revision += 10
	b.Update(paid, nil)
	if b.host.Top() != dialog {
		t.Error("the question stands over PAID")
	}
}
