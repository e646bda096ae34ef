package devices_test

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/payments/money"
	page "frontdesk/ui/screens/devices"
)

// holder is a desk whose terminal waits with a payment of another till.
type holder struct {
	*desk
	about app.Unfinished
	pins  []string
	code  []string // of the refusals, in order
}

func (h *holder) Unfinished(context.Context, string) (app.Unfinished, error) {
	return h.about, h.ask("unfinished")
}

func (h *holder) ReleaseDevice(_ context.Context, id string, about app.Unfinished, who app.Actor) error {
	h.pins = append(h.pins, id+" "+about.SID+" "+who.Operator+" "+who.PIN)
	if n := len(h.pins) - 1; n < len(h.code) && h.code[n] != "" {
		return &payments.Error{Op: "t", Code: h.code[n], Err: payments.ErrRefused}
	}
	return nil
}

func releaseBench(t *testing.T, code ...string) (*bench, *holder) {
	t.Helper()
	b := newBench(t, payments.Live, ready(func(*devices.Status) {}))
	h := &holder{desk: b.desk, code: code, about: app.Unfinished{
		SID: "of-another-till", Outcome: payments.Paid, Amount: money.Amount{Minor: 700, Currency: "EUR"}, Time: "21.11. 13:58",
		Card: payments.Card{RRN: "623100000017", Last4: "4417"},
	}}
	cfg := b.config()
	cfg.Desk = h
	p, err := page.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b.Page = p
	b.SetSnapshot(app.Snapshot{Mode: payments.Live})
	b.window.SetContent(b.Content())
	return b, h
}

// key presses a key on what has the focus, else on the topmost sheet.
func (b *bench) key(name fyne.KeyName) {
	e := &fyne.KeyEvent{Name: name}
	if f := b.window.Canvas().Focused(); f != nil {
		f.TypedKey(e)
		return
	}
	b.host.Key(e)
}

// Leaving the payment is the main button; letting go of it takes the PIN where
// the till asks for one, and a wrong one is asked for again.
func TestReleaseAsksForThePIN(t *testing.T) {
	b, h := releaseBench(t, "operator.pin_needed", "operator.pin", "")
	id := h.list[0].ID
	b.Release(id)
	if got := b.words(); !strings.Contains(got, "623100000017") || !strings.Contains(got, "7.00 EUR") {
		t.Fatalf("what it waits with is not told: %s", got)
	}
	b.key(fyne.KeyReturn)
	if b.host.Top() != nil || len(h.pins) != 0 {
		t.Fatalf("Enter let go: %v", h.pins)
	}
	b.Release(id)
	b.window.Canvas().FocusPrevious() // to "I looked it up, let go"
	b.key(fyne.KeyReturn)
	b.typed("1111")
	b.key(fyne.KeyReturn)
	if !strings.Contains(b.words(), "PIN") || b.host.Top() == nil {
		t.Fatal("the wrong PIN is not told")
	}
	b.typed("2468")
	b.key(fyne.KeyReturn)
	want := id + " of-another-till Nora |" + id + " of-another-till Nora 1111|" + id + " of-another-till Nora 2468"
	if got := strings.Join(h.pins, "|"); got != want || b.host.Top() != nil {
		t.Errorf("got %q, want %q; open %v", got, want, b.host.Top() != nil)
	}
}

// A payment that is another one by now is not let go of.
func TestReleaseIsRefused(t *testing.T) {
	b, h := releaseBench(t, "release.other")
	b.Release(h.list[0].ID)
	b.window.Canvas().FocusPrevious()
	b.key(fyne.KeyReturn)
	if b.host.Top() == nil || !strings.Contains(b.words(), "another payment by now") {
		t.Errorf("the refusal is not told: %s", b.words())
	}
}
