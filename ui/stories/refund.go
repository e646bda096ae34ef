package stories

import (
	"context"
	"iter"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/refund"
)

// giver is a till that plans refunds of one sale and answers them as it was
// told.
type giver struct {
	frozen
	plan   app.RefundPlan
	fault  error
	after  app.Sale // what the sale is after a refund
	refuse error
}

func (g giver) RefundPlan(_ context.Context, _ app.SaleID, r app.RefundRequest) (app.RefundPlan, error) {
	p := g.plan
	p.Amount = r.Amount
	if r.Way != "" {
		p.Way = r.Way
	}
	return p, g.fault
}

func (g giver) Refund(context.Context, app.SaleID, app.RefundRequest) (app.Sale, error) {
	return g.after, g.refuse
}

func (g giver) WatchSale(context.Context, app.SaleID) iter.Seq[app.Checkout] {
	return func(func(app.Checkout) bool) {}
}

// lang is the sale of the pictures: 60.00 paid with a Mastercard.
func lang() app.Sale {
	s := sample{client: "Eva Lang", note: "Colour", minor: 6000, state: app.Paid, ago: 53 * time.Minute, card: "2091", words: "ORANGE FERN"}.sale()
	s.Attempts[0].CardName, s.Attempts[0].Reference = "Mastercard", "813 690 17"
	return s
}

func cardSale(s app.Sale) app.Sale {
	a := &s.Attempts[0]
	a.Rail, a.Device, a.DeviceLabel, a.RRN = payments.RailTerminal, "D1", "Front counter", "632514005912"
	return s
}

// planOf is what the till would send for all of a sale.
func planOf(s app.Sale) app.RefundPlan {
	a := s.Attempts[0]
	p := app.RefundPlan{
		Attempt: a.ID, Rail: a.Rail, Amount: s.Amount, Left: eur(a.Left()), OrderID: "PR4H8ZQ2M71KD0XW5T3B", Reference: a.Reference, PurchaseOrderID: a.OrderID,
		CardLast4: a.CardLast4, CardName: a.CardName, Device: a.Device, DeviceLabel: a.DeviceLabel, NeedsPIN: true, By: app.SendsIPCRefund,
	}
	switch a.Rail {
	case payments.RailTerminal:
		p.By, p.Way, p.Ways = app.SendsReversal, app.RefundReversal, []app.RefundWay{app.RefundReversal, app.RefundCard, app.RefundOnline}
	case payments.RailCash:
		p.By, p.Way, p.Ways = app.SendsDrawer, app.RefundCash, []app.RefundWay{app.RefundCash}
	case payments.RailRequest:
		p.By, p.Block = app.SendsPortal, &payments.Error{Op: "till.refund", Code: "refund.portal", Err: payments.ErrRefused}
	}
	return p
}

// given is a sale with one refund.
func given(s app.Sale, minor int64, state app.RefundState, change func(*app.Attempt, *app.Refund)) app.Sale {
	s.Attempts = slices.Clone(s.Attempts)
	a := &s.Attempts[0]
	r := app.Refund{
		OrderID: "PR4H8ZQ2M71KD0XW5T3B", Amount: eur(minor), State: state, Reason: "Not happy with the result", Operator: "Nora",
		Asked: now().Add(-9 * time.Second), Way: "",
	}
	if state == app.RefundDone {
		r.Reference, r.Settled = "813 699 80", now().Add(-2*time.Second)
		s.Refunded, s.Received = eur(minor), eur(s.Amount.Minor-minor)
		s.State, a.State = app.PartRefunded, app.PartRefunded
		if minor == s.Amount.Minor {
			s.State, a.State = app.Refunded, app.Refunded
		}
	}
	if change != nil {
		change(a, &r)
	}
	a.Refunds = []app.Refund{r}
	s.Revision++
	return s
}

// giving puts the dialog over the page of the sale.
func giving(st *Stage, s app.Sale, g giver, change func(*refund.Config)) (*refund.Dialog, error) {
	if !st.Look.Plain {
		page, err := paymentsScreen(st, shelf{sales: []app.Sale{s}})
		if err != nil {
			return nil, err
		}
		page.OpenSale(s.ID)
	}
	cfg := refund.Config{
		Till: g, Settler: frozen{}, Host: st.Host, Run: brief{}, Text: st.Text, Now: now, Zone: time.UTC,
		Person:  func() refund.Person { return refund.Person{ID: "nora", Name: "Nora", HasPIN: true} },
		Receipt: func(app.SaleID, string) {}, OnOpen: func(app.SaleID) {},
	}
	if change != nil {
		change(&cfg)
	}
	return refund.New(cfg)
}

// type types runes into the part that has the focus.
func typed(st *Stage, runes string) {
	for _, r := range runes {
		if f := st.Window.Canvas().Focused(); f != nil {
			f.TypedRune(r)
		}
	}
}

func key(st *Stage, names ...fyne.KeyName) {
	for _, n := range names {
		if f := st.Window.Canvas().Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: n})
		}
	}
}

// pictured are the stories that are compared pixel by pixel; the others by
// what stands in them.
func pictured(name string) bool {
	return slices.Contains([]string{"part", "terminal", "twice", "denied", "present-card", "done", "unknown"}, name)
}

// askStory is the form after some keys.
func askStory(name string, s app.Sale, g giver, change func(*refund.Config), keys func(*Stage)) Story {
	return Story{Name: "refund-" + name, Golden: pictured(name), Build: func(st *Stage) error {
		d, err := giving(st, s, g, change)
		if err != nil {
			return err
		}
		d.Open(s)
		if keys != nil {
			keys(st)
		}
		return nil
	}}
}

// outcomeStory is what came of a refund.
func outcomeStory(name string, s app.Sale) Story {
	return Story{Name: "refund-" + name, Golden: pictured(name), Build: func(st *Stage) error {
		d, err := giving(st, s, giver{}, nil)
		if err != nil {
			return err
		}
		d.Show(s, s.Attempts[0].Refunds[0].OrderID)
		return nil
	}}
}

func refundStories() []Story {
	return append(refundForms(), refundOutcomes()...)
}

func refundForms() []Story {
	whole := giver{plan: planOf(lang())}
	part := func(st *Stage) {
		typed(st, "2000")
		key(st, fyne.KeyReturn)
		typed(st, "2468")
	}
	blocked := func(code string) giver {
		g := whole
		g.plan.Block = &payments.Error{Op: "till.refund", Code: code, Err: payments.ErrRefused}
		return g
	}
	card := cardSale(lang())
	cash := lang()
	cash.Attempts[0].Rail, cash.Attempts[0].CardLast4, cash.Attempts[0].CardName, cash.Attempts[0].Reference = payments.RailCash, "", "", ""
	mail := lang()
	mail.Attempts[0].Rail = payments.RailRequest
	twice := sample{client: "Anna Berger", note: "Cut, blow-dry", minor: 4500, state: app.Overpaid, ago: 9 * time.Minute, card: "4417", received: 9000}.sale()
	first := twice.Attempts[0]
	first.ID, first.Rail, first.Device, first.DeviceLabel, first.State = "FIRST", payments.RailTerminal, "D1", "Front counter", app.Paid
	twice.Attempts = []app.Attempt{first, twice.Attempts[0]}
	second := giver{plan: planOf(sample{minor: 4500, state: app.Paid, card: "4417"}.sale())}
	return []Story{
		askStory("all", lang(), whole, nil, nil),
		askStory("part", lang(), whole, nil, part),
		askStory("toomuch", lang(), whole, nil, func(st *Stage) { typed(st, "6001") }),
		askStory("misfit", lang(), whole, nil, func(st *Stage) { typed(st, "1.234") }),
		askStory("zero", lang(), whole, nil, func(st *Stage) { key(st, fyne.KeyBackspace) }),
		askStory("wrong-pin", lang(), giver{plan: planOf(lang()), refuse: &payments.Error{Op: "till.refund", Code: "operator.pin", Err: payments.ErrRefused}}, nil,
			func(st *Stage) { part(st); key(st, fyne.KeyReturn) }),
		askStory("long-pin", lang(), whole, nil, func(st *Stage) { key(st, fyne.KeyReturn); typed(st, "246802") }),
		askStory("wait", lang(), whole, func(c *refund.Config) { c.Wait = func(string) time.Duration { return 28 * time.Second } }, nil),
		askStory("denied", lang(), whole, func(c *refund.Config) {
			c.Person = func() refund.Person {
				return refund.Person{ID: "mia", Name: "Mia", HasPIN: true, Denied: func(money.Amount) string { return "operator.right" }}
			}
		}, nil),
		askStory("busy", lang(), blocked("refund.busy"), nil, nil),
		askStory("terminal", card, giver{plan: planOf(card)}, nil, nil),
		askStory("terminal-busy", card, giver{plan: func() app.RefundPlan {
			p := planOf(card)
			p.Block = &payments.Error{Op: "till.refund", Code: "terminal.busy", Err: payments.ErrRefused}
			return p
		}()}, nil, nil),
		askStory("cash", cash, giver{plan: planOf(cash)}, nil, nil),
		askStory("portal", mail, giver{plan: planOf(mail)}, nil, nil),
		askStory("twice", twice, second, nil, nil),
	}
}

func refundOutcomes() []Story {
	card := cardSale(lang())
	at := func(name app.StageName) app.Sale {
		return given(card, 6000, app.RefundPending, func(a *app.Attempt, r *app.Refund) {
			r.Device, r.Way, a.Stage = "D1", app.RefundCard, app.Stage{Name: name}
		})
	}
	lost := func(asked time.Duration) app.Sale {
		return given(lang(), 2000, app.RefundUnknown, func(a *app.Attempt, r *app.Refund) {
			r.Code, r.Asked = "net.cut", now().Add(-asked)
			a.Checked, a.NextCheck = now().Add(-4*time.Second), now().Add(26*time.Second)
		})
	}
	cash := lang()
	cash.Attempts[0].Rail, cash.Attempts[0].CardLast4, cash.Attempts[0].CardName = payments.RailCash, "", ""
	return []Story{
		outcomeStory("running", given(lang(), 2000, app.RefundPending, nil)),
		outcomeStory("present-card", at(app.StagePresentCard)),
		outcomeStory("done", given(lang(), 2000, app.RefundDone, nil)),
		outcomeStory("done-cash", given(cash, 6000, app.RefundDone, nil)),
		outcomeStory("failed", given(lang(), 2000, app.RefundFailed, func(_ *app.Attempt, r *app.Refund) { r.Code = "status.13" })),
		outcomeStory("unknown", lost(3*time.Minute)),
		outcomeStory("unknown-old", lost(26*time.Hour)),
	}
}
