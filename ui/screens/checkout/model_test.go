package checkout_test

import (
	"strings"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/screens/checkout"
)

func states() []app.State {
	return []app.State{
		app.Preparing, app.Offered, app.Opened, app.Paid, app.Declined, app.Withdrawn, app.Expired, app.NotCharged,
		app.Cancelling, app.Unknown, app.Reversed, app.PaidLate, app.Overpaid, app.PartRefunded, app.Refunded, app.Found,
	}
}

func view(s app.State, now time.Time, change func(*checkout.Input)) checkout.Model {
	in := checkout.Input{Checkout: sale(s, now), Now: now.Add(4 * time.Second), Zone: time.UTC, Desk: "Main desk"}
	if change != nil {
		change(&in)
	}
	return checkout.View(in, text.New("en"))
}

// Every state has a word, and a result has exactly one main button; while the
// customer may still pay, leaving asks first.
func TestEveryStateIsComplete(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 14, 33, 0, 0, time.UTC)
	for _, s := range states() {
		m := view(s, now, nil)
		if m.Word == "" || strings.ContainsAny(m.Word, "[{") {
			t.Errorf("%s: word %q", s, m.Word)
		}
		if m.Waiting == (m.Main.Act != "") {
			t.Errorf("%s: waiting %v and main button %q", s, m.Waiting, m.Main.Act)
		}
		if !m.Waiting && m.Tick.PanelLine == "" {
			t.Errorf("%s: no line on the panel", s)
		}
		running := s == app.Preparing || s == app.Offered || s == app.Opened || s == app.Declined
		if asks := m.Confirm != (checkout.Confirm{}); asks != running {
			t.Errorf("%s: question %v, want %v", s, asks, running)
		}
		if m.Closes && m.Waiting {
			t.Errorf("%s: closes while waiting", s)
		}
	}
}

// The dialog says why it is not known, in words, and never shows a bare code.
func TestUnknownSaysWhy(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 14, 33, 0, 0, time.UTC)
	for _, lang := range text.Languages() {
		c := text.New(lang)
		leads := map[string]bool{}
		for _, reason := range []string{app.ReasonRollback, app.ReasonOnce, app.ReasonContradiction, app.ReasonOlder} {
			in := checkout.Input{Checkout: sale(app.Unknown, now), Now: now, Zone: time.UTC}
			in.Checkout.Sale.Attempts[0].Reason = reason
			m := checkout.View(in, c)
			if m.Lead != c.Problem(reason).What || strings.ContainsAny(m.Lead, "[{") || leads[m.Lead] {
				t.Errorf("%s %s: %q", lang, reason, m.Lead)
			}
			leads[m.Lead] = true
		}
	}
	if m := view(app.Unknown, now, func(in *checkout.Input) { in.Checkout.Sale.Attempts[0].Reason = "never.heard" }); m.Lead != "" {
		t.Errorf("a reason without words: %q", m.Lead)
	}
}

// While it is not known whether the money moved, nothing on the dialog charges.
func TestUnknownNeverOffersAnotherCharge(t *testing.T) {
	t.Parallel()
	m := view(app.Unknown, time.Date(2026, 11, 21, 14, 33, 0, 0, time.UTC), nil)
	for _, a := range append(m.Side, m.Main) {
		if a.Act == checkout.ActAgain {
			t.Errorf("%q charges again", a.Label)
		}
	}
	if m.LockTitle != "Do not charge again" {
		t.Errorf("lock %q", m.LockTitle)
	}
}

func TestCountdown(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 14, 33, 0, 0, time.UTC)
	for _, tc := range []struct {
		next time.Duration
		line string
		ring float32
	}{{12 * time.Second, "next look in 8 s", 8.0 / 12}, {4 * time.Second, "looking now", 0}, {0, "looking now", 0}} {
		m := view(app.Unknown, now, func(in *checkout.Input) { in.Checkout.Sale.Attempts[0].NextCheck = now.Add(tc.next) })
		if m.Tick.PanelLine != tc.line || m.Tick.Ring != tc.ring {
			t.Errorf("%v: %q %v, want %q %v", tc.next, m.Tick.PanelLine, m.Tick.Ring, tc.line, tc.ring)
		}
	}
}

func TestDeclinedWaitsWhileThePageIsOpen(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 14, 33, 0, 0, time.UTC)
	if m := view(app.Declined, now, nil); m.Main.Act != checkout.ActCode {
		t.Errorf("page open: main %q", m.Main.Act)
	}
	if m := view(app.Declined, now, func(in *checkout.Input) { in.ShowCode = true }); !m.Waiting || m.QR == nil {
		t.Error("the code does not come back")
	}
	if m := view(app.Declined, now, func(in *checkout.Input) { in.Now = now.Add(time.Hour) }); m.Main.Act != checkout.ActAgain {
		t.Errorf("page ended: main %q", m.Main.Act)
	}
}

// A sale that was paid more than one way tells of the attempt that holds the money: its own time, proof
// and card, not those of one that was taken back, withdrawn or given up.
func TestPaidTellsOfTheAttemptThatHoldsTheMoney(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 14, 33, 0, 0, time.UTC)
	paid := app.Attempt{ID: "B", Rail: payments.RailLink, State: app.Paid, Reference: "700004", CardLast4: "1111"}
	other := func(s app.State) app.Attempt {
		return app.Attempt{ID: "A", Rail: payments.RailTerminal, State: s, Reference: "700003", CardLast4: "9999", DeviceLabel: "Front"}
	}
	first := app.Event{Attempt: "A", Kind: app.TerminalOutcome, Source: app.FromTerminal, Wall: now.Add(2 * time.Second)}
	notice := app.Event{Attempt: "B", Kind: app.PaymentSeen, Source: app.FromNotice, Wall: now.Add(21 * time.Second)}
	status := app.Event{Attempt: "B", Kind: app.StatusAnswered, Source: app.FromStatus, Wall: now.Add(21 * time.Second), Data: []byte(`{"outcome":"paid"}`)}
	for name, tc := range map[string]struct {
		attempts []app.Attempt
		proof    app.Event
		words    string
	}{
		"asked again after it was taken back": {[]app.Attempt{other(app.Reversed), paid}, notice, "Signed notice"},
		"by status alone":                     {[]app.Attempt{other(app.Reversed), paid}, status, "Signed answer"},
		"before the terminal was withdrawn":   {[]app.Attempt{paid, other(app.Withdrawn)}, notice, "Signed notice"},
	} {
		m := view(app.Paid, now, func(in *checkout.Input) {
			in.Checkout.Sale.Attempts, in.Events = tc.attempts, []app.Event{first, tc.proof}
			in.Now = now.Add(time.Minute)
		})
		all := ""
		for _, f := range m.Facts {
			all += f.Label + ": " + f.Value + "; "
		}
		for _, want := range []string{"14:33:21, 21 s after", "700004", "1111", tc.words} {
			if !strings.Contains(all, want) {
				t.Errorf("%s: no %q in %s", name, want, all)
			}
		}
	}
}

func TestCancellingHidesTheCode(t *testing.T) {
	t.Parallel()
	m := view(app.Cancelling, time.Date(2026, 11, 21, 14, 33, 0, 0, time.UTC), nil)
	if m.QR != nil || !m.Locked {
		t.Errorf("code shown %v, locked %v", m.QR != nil, m.Locked)
	}
}

func TestMailHoldsTheLinkOnce(t *testing.T) {
	t.Parallel()
	m := view(app.Offered, time.Date(2026, 11, 21, 14, 33, 0, 0, time.UTC), nil)
	if strings.Count(m.Mail.Body, link) != 1 || !strings.Contains(m.Mail.Body, "BLUE TULIP") || m.Mail.Subject != "Your payment of 45.00 EUR" {
		t.Errorf("mail %+v", m.Mail)
	}
}
