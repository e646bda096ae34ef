package refund

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Reasons that can be chosen; the last one is typed. The names are parts of
// text keys.
const (
	reasonUnhappy = iota
	reasonAmount
	reasonTwice
	reasonOther
	noReason = -1
)

func reasonKeys() []string { return []string{"unhappy", "amount", "twice", "other"} }

// form is what is asked before anything is sent.
type form struct {
	d       *Dialog
	sale    app.Sale
	choices []app.Attempt // that have something left, newest first
	at      int
	whole   bool
	entry   money.Entry
	misfit  bool // a key of the amount was not taken: what stands there is not what was typed
	reason  int
	way     app.RefundWay // chosen; empty leaves it to the till
	orderID string        // of the refund that will be sent

	plan    app.RefundPlan
	fault   error // of planning
	planned bool  // plan or fault belongs to what stands in the form
	asked   int
	busy    bool
	said    string // what a refusal said
	pinSaid string

	mode     *widgets.Segments
	box      *amountBox
	over     *widgets.Paragraph
	overRow  *fyne.Container
	reasons  []*widgets.FilterChip
	other    *widgets.Field
	otherRow *fyne.Container
	ways     *fyne.Container
	pin      *widgets.PINBoxes
	pinName  *widgets.Text
	pinHint  *widgets.Paragraph
	pinRow   *fyne.Container
	right    *fyne.Container // what will be sent
	send     *widgets.Button
	keep     *widgets.Button
	left     *fyne.Container
	root     fyne.CanvasObject
}

// newForm prefills the surplus of a sale that was paid twice, else everything
// that is left of the newest payment.
func newForm(d *Dialog, s app.Sale) *form {
	f := &form{d: d, sale: s, whole: true, reason: noReason, entry: money.NewEntry(s.Amount.Currency)}
	for _, a := range slices.Backward(s.Attempts) {
		if a.Left() > 0 {
			f.choices = append(f.choices, a)
		}
	}
	if a, surplus, ok := s.Surplus(); ok {
		f.at = max(slices.IndexFunc(f.choices, func(o app.Attempt) bool { return o.ID == a.ID }), 0)
		f.reason = reasonTwice
		if surplus.Minor != a.Left() && f.entry.Set(surplus) {
			f.whole = false
		}
	}
	f.build()
	return f
}

// attempt is the payment that is refunded; the newest one where none has
// anything left.
func (f *form) attempt() app.Attempt {
	if len(f.choices) > 0 {
		return f.choices[f.at]
	}
	if n := len(f.sale.Attempts); n > 0 {
		return f.sale.Attempts[n-1]
	}
	return app.Attempt{}
}

func (f *form) amount(minor int64) money.Amount {
	return money.Amount{Minor: minor, Currency: f.sale.Amount.Currency}
}

// value is what goes back as it stands in the form.
func (f *form) value() money.Amount {
	switch {
	case !f.whole:
		return f.entry.Amount()
	case len(f.choices) == 0:
		return f.sale.Amount // the till says why not
	}
	return f.amount(f.attempt().Left())
}

func (f *form) tooMuch() bool { return len(f.choices) > 0 && f.value().Minor > f.attempt().Left() }

// reasonWords is what is written down.
func (f *form) reasonWords() string {
	switch f.reason {
	case noReason:
		return ""
	case reasonOther:
		return strings.TrimSpace(f.other.Text())
	}
	return f.d.cfg.Text.T("refund.reason." + reasonKeys()[f.reason])
}

func (f *form) request() app.RefundRequest {
	r := app.RefundRequest{
		Amount: f.value(), Reason: f.reasonWords(), Way: f.way, OrderID: f.orderID,
		Actor: app.Actor{Operator: f.d.cfg.Person().ID},
	}
	if len(f.choices) > 0 {
		r.Attempt = f.attempt().ID
	}
	return r
}

// ask lets the till plan what stands in the form; an answer that was overtaken
// by another key is dropped.
func (f *form) ask() {
	f.asked++
	f.planned = false
	if f.value().Minor == 0 || f.tooMuch() {
		f.show()
		return
	}
	asked, r, id, cfg := f.asked, f.request(), f.sale.ID, f.d.cfg
	f.show()
	cfg.Run.Go(func(ctx context.Context) {
		plan, err := cfg.Till.RefundPlan(ctx, id, r)
		cfg.Run.Do(func() {
			if asked == f.asked && f.d.form == f {
				f.take(plan, err)
			}
		})
	})
}

func (f *form) take(plan app.RefundPlan, err error) {
	f.planned, f.fault = true, err
	if err == nil {
		f.plan = plan
		if f.orderID == "" {
			f.orderID = plan.OrderID
		}
		if !slices.Contains(plan.Ways, f.way) {
			f.way = ""
		}
	}
	f.showWays()
	f.show()
}

// asksPIN reports whether the PIN is asked for; until the till has said so, who
// has one is expected to type it.
func (f *form) asksPIN() bool {
	if f.planned && f.fault == nil {
		return f.plan.NeedsPIN
	}
	return f.d.cfg.Person().HasPIN
}

func (f *form) wait() time.Duration {
	if f.d.cfg.Wait == nil || !f.asksPIN() {
		return 0
	}
	return f.d.cfg.Wait(f.d.cfg.Person().ID)
}

// denied is the code of why the person may not give so much back.
func (f *form) denied() string {
	may := f.d.cfg.Person().Denied
	if may == nil {
		return ""
	}
	all := f.value()
	for _, a := range f.sale.Attempts {
		for _, r := range a.Refunds {
			if r.State != app.RefundFailed {
				all.Minor += r.Amount.Minor
			}
		}
	}
	return may(all)
}

// blocked is why the till would refuse it now; empty when it would not.
func (f *form) blocked() (words, code string) {
	c := f.d.cfg.Text
	if code := f.denied(); code != "" {
		p := c.Problem(code)
		return p.What + " " + p.Do, code
	}
	switch {
	case !f.planned:
		return "", ""
	case f.fault != nil:
		p := c.Failure(f.fault)
		return p.What + " " + p.Do, p.Code
	}
	v := PreviewOf(f.plan, c)
	return v.Blocked, v.Code
}

// portal reports whether nothing can be sent from here: a person does it.
func (f *form) portal() bool {
	words, _ := f.blocked()
	return f.planned && words != "" && (f.fault == nil && f.plan.By == app.SendsPortal || payments.CodeOf(f.fault) == "refund.portal")
}

// hindrance is what still has to be done before the button can be pressed.
func (f *form) hindrance() (words string, ready bool) {
	c := f.d.cfg.Text
	blocked, _ := f.blocked()
	switch {
	case f.busy, blocked != "":
		return "", false
	case f.misfit:
		return c.T("refund.why.misfit"), false
	case f.value().Minor == 0:
		return c.T("refund.why.zero"), false
	case f.tooMuch():
		return c.T("refund.why.toomuch"), false
	case !f.planned:
		return "", false
	case f.reason == reasonOther && f.reasonWords() == "":
		return c.T("refund.why.reason"), false
	case f.wait() > 0:
		return c.T("refund.why.wait", c.Duration(f.wait())), false
	case f.asksPIN() && len(f.pin.Digits()) < widgets.PINLeast:
		return c.T("refund.why.pin"), false
	}
	return "", true
}

// enter does what Enter means: the next thing that is missing, else the button.
func (f *form) enter() {
	_, ready := f.hindrance()
	switch {
	case f.portal():
		f.d.Close()
	case ready:
		f.submit()
	case f.busy || f.misfit || f.value().Minor == 0 || f.tooMuch():
	case f.reason == reasonOther && f.reasonWords() == "":
		f.other.Focus()
	case f.planned && f.asksPIN() && f.wait() == 0 && !f.pin.Disabled():
		f.d.cfg.Host.Canvas().Focus(f.pin)
	}
}

// submit sends it. The order number is that of the plan, so a second press is
// the same refund.
func (f *form) submit() {
	if _, ready := f.hindrance(); !ready {
		return
	}
	f.busy, f.said, f.pinSaid = true, "", ""
	r, id, cfg := f.request(), f.sale.ID, f.d.cfg
	r.Way = f.plan.Way // what is shown is what is sent
	if f.asksPIN() {
		r.Actor.PIN = f.pin.Digits()
	}
	f.send.SetBusy(cfg.Text.T("refund.sending"))
	f.show()
	cfg.Run.Go(func(ctx context.Context) {
		s, err := cfg.Till.Refund(ctx, id, r)
		cfg.Run.Do(func() {
			if f.d.form == f {
				f.answered(r.OrderID, s, err)
			}
		})
	})
}

// answered shows what came of it, or why it was refused.
func (f *form) answered(orderID string, s app.Sale, err error) {
	f.busy = false
	f.send.SetBusy("")
	if s.ID != "" {
		f.d.sale = newer(f.d.sale, s)
	}
	if err == nil && orderID == "" {
		orderID = newestRefund(s)
	}
	if _, _, found := find(f.d.sale, orderID); found {
		f.d.watch(orderID)
		return
	}
	switch code := payments.CodeOf(err); code {
	case "operator.pin_needed", "operator.pin", "operator.wait":
		f.plan.NeedsPIN = true
		f.pin.Clear(code == "operator.pin")
		if code == "operator.pin" {
			f.pinSaid = f.d.cfg.Text.Failure(err).What
		}
		f.show()
		f.d.cfg.Host.Canvas().Focus(f.pin)
	default:
		f.said = f.d.cfg.Text.Failure(err).Text()
		f.pin.Clear(false)
		f.show()
	}
}

// because chooses a reason; pressing it again takes it away.
func (f *form) because(i int) {
	if f.busy {
		return
	}
	if f.reason == i {
		i = noReason
	}
	f.reason = i
	f.show()
	if i == reasonOther {
		f.other.Focus()
	}
}

func gap(h float32) fyne.CanvasObject {
	return widgets.Sized(1, h, widgets.NewSurface(widgets.Skin{Fill: theme.None}))
}

// tick renews the countdown until the next PIN.
func (f *form) tick() {
	if f.busy {
		return
	}
	if wait := f.wait(); wait > 0 || f.pin.Disabled() {
		f.show()
	}
}
