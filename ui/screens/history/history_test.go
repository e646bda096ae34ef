package history_test

import (
	"encoding/json"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/assets"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/history"
)

func event(t *testing.T, seq int64, kind app.Kind, data any) app.Event {
	t.Helper()
	raw, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 11, 21, 13, 38, 52, 0, time.UTC)
	return app.Event{
		Seq: seq, Sale: "S", Attempt: "A", Source: app.FromStatus, Kind: kind, Data: raw,
		Wall: start.Add(time.Duration(seq) * time.Second), Amount: money.Amount{Minor: 6000, Currency: "EUR"},
	}
}

func titles(lines []history.Line) []string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Title+" | "+l.Detail)
	}
	return out
}

func TestLinesTellTheStory(t *testing.T) {
	t.Parallel()
	opened := event(t, 1, app.SaleOpened, app.SaleData{})
	opened.Operator = "Nora"
	paid := event(t, 9, app.PaymentSeen, app.EvidenceData{CardLast4: "2091"})
	paid.Source, paid.Reference = app.FromNotice, "813690"
	asked := event(t, 10, app.RefundIntended, app.RefundData{Reason: "not happy"})
	asked.Operator = "Nora"
	events := []app.Event{
		opened,
		event(t, 2, app.AttemptIntended, app.IntentData{Rail: payments.RailLink, Words: "ORANGE FERN"}),
		event(t, 3, app.AttemptOffered, app.OfferData{}),
		event(t, 4, app.StatusAnswered, app.StatusData{Outcome: payments.Pending}),
		event(t, 5, app.StatusAnswered, app.StatusData{Outcome: payments.Pending}),
		event(t, 6, app.StatusAnswered, app.StatusData{Outcome: payments.Pending}),
		event(t, 7, app.CustomerOpened, nil),
		event(t, 8, app.StatusAnswered, app.StatusData{Outcome: payments.Pending}),
		paid,
		asked,
		event(t, 11, app.RefundSettled, app.RefundData{Outcome: payments.Refunded, Reference: "813699"}),
	}
	want := []string{
		"Nora charged 60.00 EUR | Intent stored before anything was sent",
		"QR code shown | Words ORANGE FERN",
		"Asked for the status: not paid yet | 3 times, first at 13:38:56",
		"Customer opened the page | ",
		"Asked for the status: not paid yet | Status answer from myPOS, signature checked",
		"Paid with card ending 2091 | Signed notice from myPOS, checked · 813690",
		"Refund of 60.00 EUR asked by Nora | Reason: not happy",
		"Refund confirmed by myPOS | Reference 813699",
	}
	got := history.Lines(events, text.New("en"), time.UTC)
	if diff := cmp.Diff(want, titles(got)); diff != "" {
		t.Error(diff)
	}
	rand.New(rand.NewSource(1)).Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	before := slices.Clone(events)
	if diff := cmp.Diff(got, history.Lines(events, text.New("en"), time.UTC)); diff != "" {
		t.Errorf("another order tells another story:\n%s", diff)
	}
	if diff := cmp.Diff(before, events); diff != "" {
		t.Error("the caller's events were reordered")
	}
}

// Every kind has words in every language and an icon that exists, and broken
// data never hides an event.
func TestEveryKindHasWordsAndIcon(t *testing.T) {
	t.Parallel()
	kinds := []app.Kind{
		app.SaleOpened, app.AttemptOffered, app.OfferFailed, app.CustomerOpened, app.PaymentSeen, app.RollbackSeen,
		app.AttemptDeclined, app.CancelAsked, app.AttemptWithdrawn, app.AttemptExpired, app.Resolved, app.LateKept,
		app.AlarmAnswered, app.NoticeOddity, app.FoundPayment, app.RefundIntended, app.RefundSettled, app.CashNoted,
		app.ReceiptPrinted, app.WordsErased, "from_the_future",
	}
	for _, lang := range text.Languages() {
		for _, k := range kinds {
			e := event(t, 1, k, nil)
			e.Data = json.RawMessage(`{"rail":7`)
			check(t, lang, string(k), history.Lines([]app.Event{e}, text.New(lang), time.UTC))
		}
		for _, o := range []payments.Outcome{payments.Paid, payments.Pending, payments.Declined, payments.Reversed, payments.Refunded, payments.Absent, payments.Unknown} {
			e := event(t, 1, app.StatusAnswered, app.StatusData{Outcome: o})
			check(t, lang, string(o), history.Lines([]app.Event{e}, text.New(lang), time.UTC))
		}
	}
}

func check(t *testing.T, lang, what string, lines []history.Line) {
	t.Helper()
	if len(lines) != 1 {
		t.Errorf("%s %s: %d lines", lang, what, len(lines))
		return
	}
	l := lines[0]
	if l.Title == "" || strings.ContainsAny(l.Title+l.Detail, "[{") {
		t.Errorf("%s %s: %q %q", lang, what, l.Title, l.Detail)
	}
	if _, err := assets.Icon(l.Icon); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

func TestStateMarkIcons(t *testing.T) {
	t.Parallel()
	for _, s := range []app.State{
		app.Preparing, app.Offered, app.Opened, app.Paid, app.Declined, app.Withdrawn, app.Expired, app.NotCharged,
		app.Cancelling, app.Unknown, app.Reversed, app.PaidLate, app.Overpaid, app.PartRefunded, app.Refunded, app.Found,
	} {
		icon, _ := history.StateMark(s)
		if _, err := assets.Icon(icon); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// Printing that began is told by how it ended, and by itself only when nothing
// more is known.
func TestReceiptsAndCash(t *testing.T) {
	t.Parallel()
	back := event(t, 6, app.RefundSettled, app.RefundData{OrderID: "R", Outcome: payments.Refunded})
	back.Source = app.FromOperator
	events := []app.Event{
		event(t, 1, app.SaleOpened, nil), event(t, 2, app.CashNoted, nil),
		event(t, 3, app.ReceiptPrinted, app.ReceiptData{Kind: "sale", Way: "escpos", Failed: "printer.begun"}),
		event(t, 4, app.ReceiptPrinted, app.ReceiptData{Kind: "sale", Way: "escpos"}),
		event(t, 5, app.RefundIntended, app.RefundData{OrderID: "R", Way: app.RefundCash}), back,
		event(t, 7, app.ReceiptPrinted, app.ReceiptData{Kind: "refund", Refund: "R", Way: "escpos", Failed: "printer.begun"}),
		event(t, 8, app.Resolved, app.ResolveData{Refund: "R", Paid: true, Evidence: "8136"}),
		event(t, 9, app.WordsErased, nil),
	}
	want := []string{
		"Charged 60.00 EUR", "Paid in cash", "Receipt handed over", "Refund of 60.00 EUR asked by The desk", "Given back from the drawer",
		"The receipt did not come out", "The desk settled the refund: it went back", "The desk erased the customer’s words",
	}
	var got []string
	for _, l := range history.Lines(events, text.New("en"), time.UTC) {
		got = append(got, l.Title)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
