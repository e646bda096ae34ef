package ui_test

import (
	"context"
	"crypto/rand"
	"net/url"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/ui"
	"frontdesk/ui/async"
)

// givers is a till with one paid sale that can go back.
type givers struct {
	desk
	sale app.Sale
	sent []app.RefundRequest
}

func (g *givers) Sales(context.Context, app.Query) ([]app.Sale, error) {
	return []app.Sale{g.sale}, nil
}

func (g *givers) Sale(context.Context, app.SaleID) (app.Sale, []app.Event, error) {
	return g.sale, nil, nil
}

func (g *givers) RefundPlan(_ context.Context, _ app.SaleID, r app.RefundRequest) (app.RefundPlan, error) {
	return app.RefundPlan{Attempt: "A", Amount: r.Amount, Left: eur(4500), OrderID: "PNEW", By: app.SendsIPCRefund}, nil
}

func (g *givers) Refund(_ context.Context, _ app.SaleID, r app.RefundRequest) (app.Sale, error) {
	g.sent = append(g.sent, r)
	s := g.sale
	s.Revision++
	s.Attempts = []app.Attempt{s.Attempts[0]}
	s.Attempts[0].Refunds = []app.Refund{{OrderID: r.OrderID, Amount: r.Amount, State: app.RefundDone}}
	return s, nil
}

// short runs work at once with a context that has ended.
type short struct{ async.Inline }

func (short) Go(work func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	work(ctx)
}

// F4 on the page of a sale, Enter, Enter: the money goes back once.
func TestF4GivesBackWithTheKeyboard(t *testing.T) {
	a, w := test.NewTempApp(t), test.NewTempWindow(t, nil)
	till := &givers{sale: app.Sale{
		ID: "S", Revision: 1, State: app.Paid, Client: "Eva Lang", Amount: eur(4500), Received: eur(4500), Created: time.Date(2026, 11, 21, 13, 40, 0, 0, time.UTC),
		Attempts: []app.Attempt{{ID: "A", Rail: payments.RailLink, State: app.Paid, Amount: eur(4500), Reference: "813"}},
	}}
	keep := &memory{}
	keep.s.Begun = true
	u, err := ui.New(ui.Config{
		Till: till, Canvas: w.Canvas(), App: a, Settings: keep, Async: short{}, Open: func(*url.URL) error { return nil }, Copy: func(string) {},
		Entropy: rand.Reader, Now: func() time.Time { return time.Date(2026, 11, 21, 14, 32, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.SetContent(u.Content())
	w.Resize(fyne.NewSize(1280, 800))
	s := &stand{Window: u, keep: keep, window: w}
	s.key(fyne.KeyF4) // on Charge it means nothing
	if w.Canvas().Overlays().Top() != nil {
		t.Fatal("F4 opened something over Charge")
	}
	s.press(t, "Payments")
	for range 30 { // down to the row
		w.Canvas().FocusNext()
		if f, ok := w.Canvas().Focused().(fyne.Accessible); ok && f.AccessibilityLabel() == "13:40, Eva Lang, PAID, 45.00 EUR" {
			break
		}
	}
	s.key(fyne.KeyF4)
	s.shows(t, "Refund Eva Lang")
	s.key(fyne.KeyReturn)
	if len(till.sent) != 1 || till.sent[0].OrderID != "PNEW" || till.sent[0].Amount != eur(4500) {
		t.Fatalf("sent %+v", till.sent)
	}
	s.shows(t, "REFUNDED")
	s.key(fyne.KeyEscape)
	if w.Canvas().Overlays().Top() != nil || len(till.sent) != 1 {
		t.Errorf("sent %+v", till.sent)
	}
}
