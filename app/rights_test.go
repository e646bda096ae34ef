package app_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// gate lets Anna do what her rights say, and asks for 2468 where it is given one.
type gate struct {
	rights []operators.Right
	asked  []string
}

func (g *gate) Allow(_ context.Context, who, pin string, right operators.Right, amount money.Amount) error {
	g.asked = append(g.asked, strings.Join([]string{who, pin, string(right), amount.String()}, "|"))
	for _, have := range g.rights {
		if have != right {
			continue
		}
		if needsPIN := right != operators.Charge && right != operators.Cancel; needsPIN && pin != "2468" {
			return &payments.Error{Op: "gate", Code: "operator.pin", Err: payments.ErrRefused}
		}
		return nil
	}
	return &payments.Error{Op: "gate", Code: "operator.right", Err: payments.ErrRefused}
}

func (g *gate) Name(who string) string {
	return map[string]string{"A1": "Anna"}[who]
}

func TestRightsAreAskedBeforeAnythingHappens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{rights: []operators.Right{operators.Charge, operators.Cancel}}
		w := &world{t: t, dir: t.TempDir(), rail: &fakeRail{start: time.Now()}, card: &fakeTerminal{}, inbox: newFakeInbox(), mode: payments.Practice, who: g}
		w.open()
		t.Cleanup(w.close)
		r := w.request(4500)
		r.Operator = "A1"
		s, err := w.till.Charge(context.Background(), r)
		if err != nil || s.Operator != "Anna" {
			t.Fatalf("got %q, %v", s.Operator, err)
		}
		w.pay(s, "813705")
		who := app.Actor{Operator: "A1", PIN: "2468"}
		refund := func(who app.Actor) string {
			_, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(500), Actor: who})
			return payments.CodeOf(err)
		}
		if code := refund(who); code != "operator.right" || len(w.rail.refunds) != 0 {
			t.Errorf("a refund without the right gave %q", code)
		}
		g.rights = append(g.rights, operators.RefundUpTo)
		if code := refund(app.Actor{Operator: "A1", PIN: "1111"}); code != "operator.pin" || len(w.rail.refunds) != 0 {
			t.Errorf("a refund with a wrong PIN gave %q", code)
		}
		if code := refund(who); code != "" {
			t.Errorf("refused: %q", code)
		}
		if last := g.asked[len(g.asked)-1]; last != "A1|2468|refund_up_to|5.00 EUR" {
			t.Errorf("asked %q", last)
		}
		refund(who) // another small one: the limit is one of the sale
		if last := g.asked[len(g.asked)-1]; last != "A1|2468|refund_up_to|10.00 EUR" {
			t.Errorf("asked %q", last)
		}
		if code := payments.CodeOf(w.till.Resolve(context.Background(), s.ID, app.Resolution{Evidence: "RRN 6231 at 14:03", Operator: "A1", PIN: "2468"})); code != "operator.right" {
			t.Errorf("resolve gave %q", code)
		}
		_, err = w.till.Again(context.Background(), s.ID, app.AgainRequest{Actor: who, DespiteUnknown: true})
		refusedCode(t, err, "operator.right")
		_, events, _ := w.till.Sale(context.Background(), s.ID)
		for _, e := range events {
			if strings.Contains(string(e.Data), "2468") || e.Kind == app.RefundIntended && e.Operator != "Anna" {
				t.Errorf("event %s by %q holds %s", e.Kind, e.Operator, e.Data)
			}
		}
	})
}

func TestNotesOfTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, e := range []app.DeskEvent{
		{Kind: app.DeviceAdded, Operator: "Anna", Data: map[string]string{"device": "D1", "label": "Front"}},
		{Kind: app.CredentialsRotated, Operator: "Anna", Data: map[string]string{"key_index": "2"}},
		{Kind: app.CredentialsRotated, Operator: "Anna", Data: map[string]string{"key_index": "2"}},
	} {
		if err := w.till.Note(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	s := w.charge(4500)
	w.restart()
	notes, err := w.till.Notes(t.Context(), 0, 2)
	if err != nil || len(notes) != 2 || notes[0].Kind != app.CredentialsRotated || notes[0].Data["key_index"] != "2" || notes[0].At.IsZero() {
		t.Fatalf("got %+v, %v", notes, err)
	}
	older, err := w.till.Notes(t.Context(), notes[1].Seq, 0)
	if err != nil || len(older) != 1 || older[0].Kind != app.DeviceAdded || older[0].Operator != "Anna" {
		t.Fatalf("got %+v, %v", older, err)
	}
	if sales, err := w.till.Sales(t.Context(), app.Query{}); err != nil || len(sales) != 1 || sales[0].ID != s.ID {
		t.Errorf("sales are %+v, %v", sales, err)
	}
	for _, bad := range []app.DeskEvent{
		{},
		{Kind: app.DeviceAdded, Operator: "4111 1111 1111 1111"},
		{Kind: app.CredentialsSaved, Data: map[string]string{"key": "-----BEGIN PRIVATE KEY-----"}},
	} {
		if err := w.till.Note(t.Context(), bad); payments.CodeOf(err) == "" {
			t.Errorf("%+v was written down", bad)
		}
	}
	if v, err := w.book.Verify(t.Context()); err != nil || v.Bad != 0 {
		t.Errorf("the chain: %+v, %v", v, err)
	}
}
