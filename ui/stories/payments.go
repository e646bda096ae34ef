package stories

import (
	"context"
	"io"
	"time"

	"frontdesk/app"
	days "frontdesk/app/day"
	"frontdesk/payments"
	"frontdesk/ui/async"
	screen "frontdesk/ui/screens/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// shelf is a till that only answers what it was given.
type shelf struct {
	sales  []app.Sale
	events []app.Event
	err    error
}

func (s shelf) Sales(context.Context, app.Query) ([]app.Sale, error) { return s.sales, s.err }

func (s shelf) Sale(_ context.Context, id app.SaleID) (app.Sale, []app.Event, error) {
	for _, sale := range s.sales {
		if sale.ID == id {
			return sale, s.events, nil
		}
	}
	return app.Sale{}, nil, errFrozen
}

// page puts a screen's content where the shell will have it: right of the
// rail, under the strip.
func page(st *Stage, s *screen.Screen) {
	ground := widgets.NewSurface(widgets.Skin{Fill: theme.Canvas})
	rail := float32(88)
	if st.Look.Width < 1100 {
		rail = 80
	}
	st.Window.SetContent(widgets.Stack(ground, widgets.Pad(widgets.Insets{Top: 56, Left: rail}, s.Content())))
}

func paymentsScreen(st *Stage, till shelf) (*screen.Screen, error) {
	s, err := screen.New(screen.Config{
		Till: till, Run: async.Inline{}, Text: st.Text, Now: now, Zone: time.UTC, Desk: "Main desk",
		OnNew: func() {}, OnShow: func(app.Sale) {}, Host: st.Host, Acts: everyAct(),
	})
	if err != nil {
		return nil, err
	}
	page(st, s)
	s.Show()
	return s, nil
}

// archive does everything that can be done with sales, and nothing happens.
type archive struct{ frozen }

func (archive) EraseWords(context.Context, app.SaleID, app.Actor) error { return nil }

func (archive) Evidence(context.Context, app.SaleID, string, io.Writer, app.Actor) error { return nil }

func (archive) ExportSales(context.Context, app.Actor, io.Writer, app.Query, days.Format, bool) error {
	return nil
}

func everyAct() screen.Acts {
	return screen.Acts{
		Refund: func(app.Sale) {}, Refunded: func(app.Sale, string) {}, Receipt: func(app.SaleID, string) {},
		Keeper: archive{}, Checker: archive{}, Settler: archive{}, Eraser: archive{}, Witness: archive{}, Exporter: archive{},
		Save: func(name string, write func(io.Writer) error) (string, error) {
			return "/home/nora/Downloads/" + name, write(io.Discard)
		},
		Person: func() screen.Person { return screen.Person{ID: "nora", Name: "Nora", HasPIN: true} },
	}
}

func day() []app.Sale {
	const m = time.Minute
	list := []sample{
		{client: "Anna Berger", note: "Cut, blow-dry", minor: 4500, state: app.Offered, ago: m},
		{client: "Hanna Schmid", note: "Root colour", minor: 4800, state: app.Unknown, ago: 9 * m},
		{client: "Julia Horvat", note: "Brows", minor: 1200, state: app.Expired, ago: 15 * m},
		{client: "Paul Steiner", note: "Cut", minor: 2501, state: app.Paid, ago: 22 * m, card: "8872", rail: payments.RailTerminal},
		{client: "Nina Bauer", note: "Updo", minor: 7500, state: app.Reversed, ago: 35 * m, card: "6120"},
		{client: "Eva Lang", note: "Colour", minor: 6000, state: app.PartRefunded, ago: 53 * m, card: "2091", refunded: 2000},
		{note: "Shampoo 250 ml", minor: 1850, state: app.Paid, ago: 71 * m, card: "4406"},
		{client: "Sofia Ilieva", note: "Gift card", minor: 5000, state: app.Paid, ago: 88 * m, card: "7781", rail: payments.RailRequest},
		{client: "Marta Novak", note: "Cut", minor: 2500, state: app.Declined, ago: 187 * m},
		{client: "Wilhelmine von Hohenstein-Oberlangenfeld", note: "Balayage, Spitzenschnitt, Pflegekur", minor: 21000, state: app.PaidLate, ago: 200 * m, card: "1034"},
		{client: "Lea Wolf", note: "Manicure", minor: 2800, state: app.Paid, ago: 16 * 60 * m, card: "5512"},
		{client: "Ivana Petrova", note: "Manicure", minor: 2802, state: app.Withdrawn, ago: 17 * 60 * m},
	}
	var sales []app.Sale
	for _, s := range list {
		sales = append(sales, s.sale())
	}
	return sales
}

func paymentsStory(name string, till shelf, then func(*screen.Screen)) Story {
	return Story{Name: "payments-" + name, Golden: true, Build: func(st *Stage) error {
		s, err := paymentsScreen(st, till)
		if err == nil && then != nil {
			then(s)
		}
		return err
	}}
}

func paymentsStories() []Story {
	return []Story{
		paymentsStory("empty", shelf{}, nil),
		paymentsStory("none", shelf{}, func(s *screen.Screen) { s.SetFilter(screen.Filter{Group: screen.Attention, Text: "Berger 45"}) }),
		paymentsStory("error", shelf{err: &payments.Error{Op: "journal.sales", Code: "journal.corrupt"}}, nil),
		paymentsStory("export", shelf{sales: day()}, func(s *screen.Screen) {
			s.SetFilter(screen.Filter{Group: screen.Attention, Rail: payments.RailLink})
			s.Export()
		}),
		saleStory("sale-refunded", evaPart(), nil, evasTale()...),
		saleStory("sale-evidence", evaPart(), (*screen.Screen).Evidence, evasTale()...),
		saleStory("sale-erase", evaPart(), (*screen.Screen).Erase, evasTale()...),
		saleStory("sale-unknown", sample{client: "Hanna Schmid", note: "Root colour", minor: 4800, state: app.Unknown, ago: 9 * time.Minute, reason: app.ReasonContradiction}, nil,
			moment{8 * time.Minute, app.CustomerOpened, app.FromRelay, nil},
			moment{6 * time.Minute, app.StatusAnswered, app.FromStatus, app.StatusData{Outcome: payments.Unknown}}),
		saleStory("sale-late", sample{client: "Anna Berger", note: "Cut, blow-dry", minor: 4500, state: app.PaidLate, ago: 20 * time.Minute, card: "4417"}, nil,
			moment{19 * time.Minute, app.AttemptWithdrawn, app.FromDesk, nil},
			moment{time.Minute, app.PaymentSeen, app.FromNotice, app.EvidenceData{CardLast4: "4417"}}),
		saleOf("sale-refund-unknown", lostRefund(3*time.Minute), nil),
		saleOf("sale-refund-old", lostRefund(26*time.Hour), nil),
		saleOf("sale-erased", erased(), nil),
	}
}

// evaPart is the sale of the pictures: 20.00 of 60.00 went back.
func evaPart() sample {
	return sample{client: "Eva Lang", note: "Colour", minor: 6000, state: app.PartRefunded, ago: 54 * time.Minute, card: "2091", refunded: 2000, words: "ORANGE FERN"}
}

func evasTale() []moment {
	return []moment{
		{53 * time.Minute, app.CustomerOpened, app.FromRelay, nil},
		{52 * time.Minute, app.PaymentSeen, app.FromNotice, app.EvidenceData{CardLast4: "2091"}},
		{52 * time.Minute, app.ReceiptPrinted, app.FromDesk, app.ReceiptData{Kind: "sale", Way: "escpos"}},
		{18 * time.Minute, app.RefundIntended, app.FromOperator, app.RefundData{Reason: "Not happy with the result"}},
		{18 * time.Minute, app.RefundSettled, app.FromStatus, app.RefundData{Outcome: payments.Refunded, Reference: "813 699 80"}},
	}
}

// lostRefund is a sale with a refund whose answer was lost.
func lostRefund(asked time.Duration) app.Sale {
	return given(lang(), 2000, app.RefundUnknown, func(a *app.Attempt, r *app.Refund) {
		r.Code, r.Asked = "net.cut", now().Add(-asked)
		a.Checked, a.NextCheck = now().Add(-4*time.Second), now().Add(26*time.Second)
	})
}

// erased is a sale of a customer nobody knows any more.
func erased() app.Sale {
	s := lang()
	s.Client, s.Lines[0].Label = "", ""
	s.Erased = now().Add(-24 * time.Hour)
	return s
}

// saleOf is the page of a sale that was paid.
func saleOf(name string, s app.Sale, then func(*screen.Screen)) Story {
	return Story{Name: name, Golden: name == "sale-refund-unknown", Build: func(st *Stage) error {
		whole := evaPart()
		whole.refunded, whole.state = 0, app.Paid
		events, err := tale(whole, evasTale()[:3]...)
		if err != nil {
			return err
		}
		scr, err := paymentsScreen(st, shelf{sales: []app.Sale{s}, events: events})
		if err == nil {
			scr.OpenSale(s.ID)
			if then != nil {
				then(scr)
			}
		}
		return err
	}}
}

func saleStory(name string, s sample, then func(*screen.Screen), moments ...moment) Story {
	return Story{Name: name, Golden: true, Build: func(st *Stage) error {
		events, err := tale(s, moments...)
		if err != nil {
			return err
		}
		sale := s.sale()
		if s.refunded > 0 {
			a := &sale.Attempts[0]
			a.CardName = "Mastercard"
			a.Refunds = []app.Refund{{OrderID: "PR1", Amount: eur(s.refunded), State: app.RefundDone}}
		}
		scr, err := paymentsScreen(st, shelf{sales: []app.Sale{sale}, events: events})
		if err == nil {
			scr.OpenSale(sale.ID)
			if then != nil {
				then(scr)
			}
		}
		return err
	}}
}
