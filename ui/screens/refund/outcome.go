package refund

import (
	"time"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/resolve"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Act is what a button of an outcome does.
type Act string

// Acts of buttons.
const (
	ActClose   Act = "close"
	ActReceipt Act = "receipt"
	ActAgain   Act = "again" // the form once more, after a refusal
	ActCheck   Act = "check"
	ActSettle  Act = "settle"
	ActOpen    Act = "open"
)

// Action is a button.
type Action struct {
	Act         Act
	Label, Icon string
}

// Tick is what the clock changes: the line on the panel and the countdown.
type Tick struct {
	Line string
	Ring float32
}

// Outcome is everything shown of a refund that was sent.
type Outcome struct {
	State               app.RefundState
	Mark                widgets.Mark
	Word                string
	Amount              money.Amount
	Tint                bool
	Tick                Tick
	Title, Lead         string
	LockTitle, LockText string
	Steps               []widgets.Step // on a terminal
	Facts               []Fact
	Code                string // for support
	Main                Action
	Side                []Action
}

// View is what an outcome is drawn from.
type View struct {
	Sale    app.Sale
	Refund  string // its OrderID
	Now     time.Time
	Zone    *time.Location
	Settles bool // a person may answer here
	Prints  bool // receipts can be made here
	Opens   bool // the page of the sale can be shown
}

// find returns the refund of an order number and the payment it belongs to.
func find(s app.Sale, orderID string) (app.Attempt, app.Refund, bool) {
	for _, a := range s.Attempts {
		for _, r := range a.Refunds {
			if orderID != "" && r.OrderID == orderID {
				return a, r, true
			}
		}
	}
	return app.Attempt{}, app.Refund{}, false
}

// newestRefund is the order number of the refund that was asked last.
func newestRefund(s app.Sale) string {
	var id string
	var at time.Time
	for _, a := range s.Attempts {
		for _, r := range a.Refunds {
			if id == "" || r.Asked.After(at) {
				id, at = r.OrderID, r.Asked
			}
		}
	}
	return id
}

func newer(a, b app.Sale) app.Sale {
	if b.Revision < a.Revision && a.ID == b.ID {
		return a
	}
	return b
}

// Describe says what is shown of a refund. It is a pure function.
func Describe(v View, c *text.Catalog) Outcome {
	a, r, _ := find(v.Sale, v.Refund)
	o := Outcome{State: r.State, Amount: r.Amount, Title: v.Sale.Client}
	if o.Title == "" {
		o.Title = c.T("walkin")
	}
	shut := Action{ActClose, c.T("refund.shut"), ""}
	var sides []Action
	if v.Opens {
		sides = []Action{{ActOpen, c.T("checkout.open"), "payments"}}
	}
	switch r.State {
	case app.RefundDone:
		o.done(v, a, r, c)
		o.Main = Action{ActClose, c.T("refund.close"), ""}
		if v.Prints {
			o.Side = []Action{{ActReceipt, c.T("refund.receipt"), "printer"}}
		}
	case app.RefundFailed:
		o.failed(v, r, c)
		o.Main, o.Side = Action{ActAgain, c.T("refund.again"), ""}, []Action{shut}
		if a.Left() == 0 {
			o.Main, o.Side = shut, nil
		}
	case app.RefundUnknown:
		o.unknown(v, a, r, c)
		o.Main, o.Side = Action{ActCheck, c.T("checkout.check"), "refresh"}, append([]Action{shut}, sides...)
		if q, ok := resolve.About(v.Sale, r.OrderID); ok && v.Settles && q.May(v.Now) {
			o.Side = []Action{shut, {ActSettle, c.T("checkout.settle"), "pencil"}}
		}
	default:
		o.running(v, a, r, c)
		o.Side = []Action{{ActClose, c.T("refund.leave"), ""}}
	}
	return o
}

func (o *Outcome) done(v View, a app.Attempt, r app.Refund, c *text.Catalog) {
	o.Mark, o.Word = widgets.Mark{Family: theme.Grey, Icon: "refund"}, c.T("refund.word.done")
	whole, left := came(v.Sale), money.Amount{Currency: a.Amount.Currency}
	for _, one := range v.Sale.Attempts {
		left.Minor += one.Left()
	}
	o.Tick.Line = c.T("refund.line.part", c.Number(v.Sale.Refunded), c.Number(whole))
	if v.Sale.Refunded.Minor >= whole.Minor {
		o.Tick.Line = c.T("refund.line.all")
	}
	switch {
	case a.Rail == payments.RailCash:
		o.Lead = c.T("refund.lead.cash", r.Amount)
	case r.Way == app.RefundReversal:
		o.Lead = c.T("refund.lead.reversal")
	default:
		o.Lead = c.T("refund.lead.done")
	}
	o.Facts = facts(c, [][2]string{
		{"refund.fact.goes", goesTo(a, c)},
		{"refund.fact.stays", c.Amount(left)},
		{"fact.reference", r.Reference},
		{"refund.fact.number", r.OrderID},
		{"refund.fact.reason", r.Reason},
		{"refund.fact.by", joined(r.Operator, stamp(r.Settled, v.Zone, c))},
	})
}

// came is all that was paid for a sale, which may be more than once.
func came(s app.Sale) money.Amount {
	sum := money.Amount{Currency: s.Amount.Currency}
	for _, a := range s.Attempts {
		switch a.State {
		case app.Paid, app.PaidLate, app.PartRefunded, app.Refunded, app.Found:
			sum.Minor += a.Amount.Minor
		}
	}
	return sum
}

func (o *Outcome) failed(v View, r app.Refund, c *text.Catalog) {
	o.Mark, o.Word = widgets.Mark{Family: theme.Red, Icon: "close"}, c.T("refund.word.failed")
	o.Tick.Line = c.T("refund.line.failed")
	p := c.Problem(r.Code)
	o.Lead = c.T("refund.lead.failed")
	if c.Knows(r.Code) {
		o.Lead = p.What + " " + c.T("refund.lead.nothing") + " " + p.Do
	}
	o.Code = r.Code
	o.Facts = facts(c, [][2]string{{"refund.fact.number", r.OrderID}, {"refund.fact.asked", joined(r.Operator, stamp(r.Asked, v.Zone, c))}})
}

func (o *Outcome) unknown(v View, a app.Attempt, r app.Refund, c *text.Catalog) {
	o.Mark, o.Word, o.Tint = widgets.Mark{Family: theme.Amber, Icon: "question"}, c.Word(app.Unknown), true
	o.LockTitle, o.LockText = c.T("refund.lock.title"), c.T("refund.lock.text")
	if c.Knows(r.Code) {
		o.Lead = c.Problem(r.Code).What
	}
	o.Code = r.Code
	o.Tick = look(a, v.Now, c)
	o.Facts = facts(c, [][2]string{
		{"refund.fact.number", r.OrderID}, {"refund.fact.asked", joined(r.Operator, stamp(r.Asked, v.Zone, c))},
	})
	if q, ok := resolve.About(v.Sale, r.OrderID); ok && v.Settles && !q.May(v.Now) {
		o.Facts = append(o.Facts, Fact{c.T("refund.fact.settle"), c.T("refund.settle.from", c.DayMonth(q.From.In(v.Zone)), c.Clock(q.From.In(v.Zone)))})
	}
}

// look is when the till asks next.
func look(a app.Attempt, now time.Time, c *text.Catalog) Tick {
	left := a.NextCheck.Sub(now)
	if a.NextCheck.IsZero() || left <= 0 {
		return Tick{Line: c.T("checkout.panel.looking")}
	}
	whole := left
	if !a.Checked.IsZero() && a.NextCheck.After(a.Checked) {
		whole = max(whole, a.NextCheck.Sub(a.Checked))
	}
	return Tick{Line: c.T("checkout.panel.next", c.Duration(left)), Ring: min(float32(left)/float32(max(whole, time.Second)), 1)}
}

func (o *Outcome) running(v View, a app.Attempt, r app.Refund, c *text.Catalog) {
	o.Mark, o.Word, o.Tint = widgets.Mark{Family: theme.Blue, Icon: "hourglass"}, c.T("refund.word.running"), true
	o.Lead = c.T("refund.lead.running")
	if v.Now.After(r.Asked) {
		o.Tick.Line = c.T("pay.for", c.Duration(v.Now.Sub(r.Asked)))
	}
	o.Facts = facts(c, [][2]string{{"refund.fact.number", r.OrderID}, {"refund.fact.reason", r.Reason}})
	if r.Device == "" || r.Way == app.RefundOnline {
		return
	}
	stage := string(a.Stage.Name)
	if stage == "" || !c.Has("pay.word."+stage) {
		stage = "waking"
	}
	o.Word, o.Lead, o.Mark.Icon = c.T("pay.word."+stage), c.T("pay.sentence."+stage), stageIcon(a.Stage.Name)
	at := 1
	switch a.Stage.Name {
	case "":
		at = 0
	case app.StageCardRead, app.StagePIN, app.StagePINWrong, app.StageAuthorising:
		at = 2
	}
	for i, key := range []string{"sent", "card", "bank", "stored"} {
		if key == "card" && r.Way == app.RefundReversal {
			continue // no card is asked for
		}
		s := widgets.Step{Title: c.T("refund.step." + key)}
		switch {
		case i < at:
			s.Progress = widgets.Done
		case i == at, i == 2 && at == 1 && r.Way == app.RefundReversal:
			s.Progress, s.Icon = widgets.Now, stageIcon(a.Stage.Name)
		}
		o.Steps = append(o.Steps, s)
	}
}

func stageIcon(s app.StageName) string {
	switch s {
	case app.StagePresentCard:
		return "tap"
	case app.StageCardRead:
		return "card"
	case app.StagePIN, app.StagePINWrong:
		return "pin"
	}
	return "hourglass"
}

// facts keeps those that say something.
func facts(c *text.Catalog, all [][2]string) []Fact {
	var kept []Fact
	for _, f := range all {
		if f[1] != "" {
			kept = append(kept, Fact{c.T(f[0]), f[1]})
		}
	}
	return kept
}

func goesTo(a app.Attempt, c *text.Catalog) string {
	if a.Rail == payments.RailCash {
		return c.T("refund.to.customer")
	}
	return cardName(a.CardName, a.CardLast4, c)
}

func stamp(t time.Time, zone *time.Location, c *text.Catalog) string {
	if t.IsZero() {
		return ""
	}
	return c.Stamp(t.In(zone))
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}
