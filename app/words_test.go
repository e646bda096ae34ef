package app_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/app/operators"
	"frontdesk/payments"
)

func (w *world) personal(minor int64) app.Sale {
	w.t.Helper()
	r := w.request(minor)
	r.Client, r.Note = "Zwetelina", "allergic to ammonia"
	s, err := w.till.Charge(context.Background(), r)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func TestEraseWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.personal(4500)
	erase := func(id app.SaleID) string {
		return payments.CodeOf(w.till.EraseWords(t.Context(), id, app.Actor{Operator: "Nora"}))
	}
	if code := erase(s.ID); code != "sale.busy" {
		t.Errorf("while it is open: %q", code)
	}
	a := s.Attempts[0]
	w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: a.OrderID, Reference: "813705", Amount: a.Amount, Raw: []byte("posted")})
	if _, err := w.till.Refund(t.Context(), s.ID, app.RefundRequest{Amount: eur(500), Reason: "too short"}); err != nil {
		t.Fatal(err)
	}
	before := w.sale(s.ID)
	if code := erase("NONE"); code != "sale.missing" {
		t.Errorf("no sale: %q", code)
	}
	if code := erase(s.ID); code != "" {
		t.Fatalf("refused: %q", code)
	}
	if code := erase(s.ID); code != "words.erased" {
		t.Errorf("twice: %q", code)
	}
	for range 2 { // in hand, and as the next start reads it
		got := w.sale(s.ID)
		if got.Client != "" || got.Note != "" || got.Attempts[0].Refunds[0].Reason != "" || got.Erased.IsZero() {
			t.Errorf("words are left: %+v", got)
		}
		if got.State != before.State || got.Received != before.Received || got.Refunded != before.Refunded || got.Lines[0].Label != "Cut" {
			t.Errorf("%+v, before %+v", got, before)
		}
		if found, err := w.till.Sales(t.Context(), app.Query{Text: "Zwetelina"}); err != nil || len(found) != 0 {
			t.Errorf("%d found, %v", len(found), err)
		}
		for snap := range w.till.Watch(t.Context()) {
			if strings.Contains(snap.Recent[0].Client+snap.Recent[0].Note, "e") {
				t.Errorf("shown: %+v", snap.Recent[0])
			}
			break
		}
		w.restart()
	}
	// Late evidence still counts, and can be erased in its turn.
	w.notify(payments.Notice{Kind: payments.NoticeRollback, OrderID: a.OrderID, Amount: eur(4500), Raw: []byte("posted later")})
	w.want(s.ID, app.Unknown)
	if v, err := w.book.Verify(t.Context()); err != nil || v.Bad != 0 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestEraseNeedsTheRight(t *testing.T) {
	t.Parallel()
	g := &gate{rights: []operators.Right{operators.Charge}}
	w := &world{t: t, dir: t.TempDir(), rail: &fakeRail{start: time.Now()}, card: &fakeTerminal{}, inbox: newFakeInbox(), mode: payments.Practice, who: g}
	w.open()
	t.Cleanup(w.close)
	s := w.personal(4500)
	w.pay(s, "1")
	who := app.Actor{Operator: "A1", PIN: "2468"}
	refusedCode(t, w.till.EraseWords(t.Context(), s.ID, who), "operator.right")
	_, err := w.till.EraseBefore(t.Context(), time.Now().Add(time.Hour), who)
	refusedCode(t, err, "operator.right")
	_, err = w.till.Evidence(t.Context(), s.ID, who)
	refusedCode(t, err, "operator.right")
	g.rights = append(g.rights, operators.Settings)
	refusedCode(t, w.till.EraseWords(t.Context(), s.ID, app.Actor{Operator: "A1"}), "operator.pin")
	if got := w.sale(s.ID); got.Client != "Zwetelina" {
		t.Errorf("%+v", got)
	}
}

// After the owner's period all words go, but not those of what is still open, and
// nothing that is younger.
func TestEraseBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var old []app.SaleID
		for range 52 { // more than a page
			s := w.personal(4500)
			w.pay(s, "R"+string(s.ID))
			old = append(old, s.ID)
		}
		odd := w.personal(3000)
		w.notify(payments.Notice{Kind: payments.NoticeRollback, OrderID: odd.Attempts[0].OrderID, Amount: eur(3000)})
		time.Sleep(time.Minute)
		before := time.Now()
		time.Sleep(time.Minute)
		young := w.personal(2000)
		w.pay(young, "young")
		n, err := w.till.EraseBefore(context.Background(), before, app.Actor{})
		if err != nil || n != len(old) {
			t.Fatalf("%d erased, %v", n, err)
		}
		for _, id := range old {
			if s := w.sale(id); s.Client != "" || s.Erased.IsZero() || s.State != app.Paid {
				t.Fatalf("%+v", s)
			}
		}
		if w.sale(odd.ID).Client == "" || w.sale(young.ID).Client == "" {
			t.Error("too much was erased")
		}
		if n, err := w.till.EraseBefore(context.Background(), before, app.Actor{}); err != nil || n != 0 {
			t.Errorf("again: %d, %v", n, err)
		}
	})
}

// proof believes what begins with "good".
type proof struct{}

func (proof) VerifyAnswer([]byte) error {
	return &payments.Error{Op: "proof", Code: "store.none", Err: payments.ErrUnreachable}
}

func (proof) VerifyNotice(raw []byte) error {
	if strings.HasPrefix(string(raw), "good") {
		return nil
	}
	return errors.New("the signature does not fit")
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.proof = proof{}
	w.restart()
	s := w.personal(4500)
	a := s.Attempts[0]
	w.notify(payments.Notice{
		Kind: payments.NoticePaid, OrderID: a.OrderID, Reference: "813705", Amount: a.Amount, Provider: "2026-11-21 12:00:00", Raw: []byte("good=1"),
	})
	w.notify(payments.Notice{Kind: payments.NoticeOther, OrderID: a.OrderID, Method: "IPCOdd", Raw: []byte("bad=1")})
	w.rail.set(func(f *fakeRail) {
		f.status = func(_ context.Context, q app.StatusQuery) (payments.Answer, error) {
			return payments.Answer{Outcome: payments.Paid, OrderID: q.OrderID, Reference: "813705", Amount: q.Amount, Raw: []byte("{}")}, nil
		}
	})
	if err := w.till.CheckNow(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	e, err := w.till.Evidence(t.Context(), s.ID, app.Actor{})
	if err != nil {
		t.Fatal(err)
	}
	head, _ := w.book.State(t.Context())
	if e.Chain != app.ChainWhole || e.Head.Seq != head.Head || len(e.Head.Hash) != 32 || e.Desk != "Desk" || e.Mode != payments.Practice || e.Sale.State != app.Paid {
		t.Errorf("%+v", e)
	}
	told := map[app.Kind]string{}
	for _, l := range e.Lines {
		if len(l.Hash) != 32 || l.Event.Wall.IsZero() {
			t.Errorf("line %+v", l)
		}
		told[l.Event.Kind] = string(l.Raw) + "|" + l.Verified + "|" + l.Event.Provider
	}
	for kind, want := range map[app.Kind]string{
		app.PaymentSeen:  "good=1|valid|2026-11-21 12:00:00",
		app.NoticeOddity: "bad=1|invalid: the signature does not fit|",
		app.SaleOpened:   "||",

		app.StatusAnswered: "{}|unchecked: store.none|",
	} {
		if told[kind] != want {
			t.Errorf("%s: %q, want %q", kind, told[kind], want)
		}
	}
	if err := w.till.EraseWords(t.Context(), s.ID, app.Actor{}); err != nil {
		t.Fatal(err)
	}
	if e, err = w.till.Evidence(t.Context(), s.ID, app.Actor{}); err != nil || e.Chain != app.ChainWhole {
		t.Fatalf("%+v, %v", e, err)
	}
	for _, l := range e.Lines {
		if l.Raw != nil || l.Verified != "" || l.Event.Kind == app.PaymentSeen && l.Event.Reference != "813705" {
			t.Errorf("once erased: %+v", l)
		}
	}
	_, err = w.till.Evidence(t.Context(), "NONE", app.Actor{})
	refusedCode(t, err, "sale.missing")
}

func TestReceiptsStandInTheStory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.charge(4500)
	w.pay(s, "1")
	for _, n := range []app.ReceiptNote{
		{Kind: app.ReceiptSale, Way: app.ReceiptESCPOS, Failed: "printer.begun"},
		{Kind: app.ReceiptSale, Way: app.ReceiptESCPOS},
		{Kind: app.ReceiptCopy, Way: app.ReceiptPDF, Actor: app.Actor{Operator: "Nora"}},
		{Kind: app.ReceiptRefund, Refund: "P1", Way: app.ReceiptMail},
	} {
		if err := w.till.NoteReceipt(t.Context(), s.ID, n); err != nil {
			t.Fatal(err)
		}
	}
	got, events, _ := w.till.Sale(t.Context(), s.ID)
	last := events[len(events)-1]
	if len(events) != 8 || last.Kind != app.ReceiptPrinted || string(last.Data) != `{"kind":"refund","refund":"P1","way":"mail"}` || events[6].Operator != "Nora" {
		t.Errorf("the story is %+v", events)
	}
	if got.State != app.Paid || got.Received != eur(4500) {
		t.Errorf("%+v", got)
	}
	refusedCode(t, w.till.NoteReceipt(t.Context(), "NONE", app.ReceiptNote{}), "sale.missing")
	refusedCode(t, w.till.NoteReceipt(t.Context(), s.ID, app.ReceiptNote{Failed: strings.Repeat("x", 101)}), "text.limit")
}

// plain is a journal whose lines an older program has written down unsealed.
type plain struct{ *journal.Journal }

func (p plain) Append(ctx context.Context, events []app.Event, at *payments.Position) ([]app.Event, error) {
	for _, e := range events {
		if e.Kind == app.WordsErased {
			return nil, &payments.Error{Op: "erase words", Code: "words.plain", Err: payments.ErrRefused}
		}
	}
	return p.Journal.Append(ctx, events, at)
}

// What cannot be erased is told, and is no trouble of the journal.
func TestWordsThatCannotBeErased(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.personal(4500)
	w.pay(s, "813705")
	if err := w.till.Close(); err != nil {
		t.Fatal(err)
	}
	w.seq += 1000
	w.start(plain{w.book})
	if err := w.till.CheckNow(t.Context(), s.ID); err != nil { // a start asks at once, and the sale is busy meanwhile
		t.Fatal(err)
	}
	refusedCode(t, w.till.EraseWords(t.Context(), s.ID, app.Actor{}), "words.plain")
	if n, err := w.till.EraseBefore(t.Context(), time.Now().Add(time.Hour), app.Actor{}); err != nil || n != 0 {
		t.Errorf("%d, %v", n, err)
	}
	for snap := range w.till.Watch(t.Context()) {
		if len(snap.Trouble) != 0 {
			t.Errorf("trouble: %+v", snap.Trouble)
		}
		break
	}
	if got := w.sale(s.ID); got.Client == "" || !got.Erased.IsZero() {
		t.Errorf("%+v", got)
	}
}
