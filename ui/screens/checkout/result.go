package checkout

import (
	"encoding/json"
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/ui/screens/history"
	"frontdesk/ui/theme"
)

// steps shown at most, so that the timeline never meets the buttons.
const maxSteps = 3

// fallbackWait is how long a countdown runs when the till planned no look yet.
const fallbackWait = 10 * time.Second

func (v view) result(m *Model) {
	c := v.c
	m.Title = v.client()
	m.Subtitle = join(" · ", v.what(), v.rail())
	m.Details = v.last.Reason
	m.Closes = !(v.sale.State == app.Declined && v.pageOpen())
	m.Steps = v.steps(maxSteps)
	open := Action{Act: ActOpen, Label: c.T("checkout.open"), Icon: "payments"}
	fresh := v.leave(c.T("checkout.newsale"), "")
	switch v.sale.State {
	case app.Paid:
		v.paid(m)
		m.Notices = v.notices()
		m.Main, m.Side = fresh, v.papers(open)
	case app.Declined, app.Withdrawn, app.Expired, app.NotCharged:
		v.notPaid(m, open, v.retry(), fresh)
	case app.Unknown:
		v.unknown(m)
		v.unknownActs(m, open)
	case app.Reversed:
		v.reversed(m)
		v.reversedActs(m)
	case app.PaidLate:
		v.late(m, open)
	case app.Overpaid:
		v.twice(m, open)
	default:
		v.others(m)
		m.Main, m.Side = fresh, v.papers(open)
	}
}

// leave is the button that ends the dialog: the next sale, or back to what the
// alarm came over.
func (v view) leave(label, icon string) Action {
	if v.Alarm {
		return Action{Act: ActClose, Label: v.c.T("alarm.done")}
	}
	return Action{Act: ActNew, Label: label, Icon: icon}
}

// papers are the buttons beside the main one of a sale that brought money: its
// receipt, and the sale.
func (v view) papers(open Action) []Action {
	if !v.Receipts {
		return []Action{open}
	}
	print := Action{Act: ActReceipt, Label: v.c.T("checkout.receipt"), Icon: "printer", Key: "P"}
	if v.unprinted() != "" {
		print.Label = v.c.T("checkout.receipt.again")
	}
	return []Action{print, open}
}

func (v view) unknownActs(m *Model, open Action) {
	c := v.c
	m.Main = Action{Act: ActCheck, Label: c.T("checkout.check"), Icon: "refresh"}
	m.Side = []Action{v.leave(c.T("checkout.next"), "plus"), open}
	if v.Insists && v.sale.Received.Minor < v.sale.Amount.Minor {
		m.Links = []Action{{Act: ActInsist, Label: c.T("despite.link")}}
	}
	if v.maySettle() {
		m.Side[1] = Action{Act: ActSettle, Label: c.T("checkout.settle"), Icon: "pencil"}
	}
}

// notPaid is a charge that ended without money.
func (v view) notPaid(m *Model, open, again, fresh Action) {
	switch {
	case v.onTerminal():
		v.turnedDown(m)
		return
	case v.sale.State == app.Declined:
		v.declined(m, open, again)
		return
	}
	v.ended(m)
	again.Icon = "refresh"
	m.Main, m.Side = fresh, []Action{open, again}
	if v.sale.State == app.Expired || v.notMade() {
		again.Icon = ""
		fresh.Icon = "plus"
		m.Main, m.Side = again, []Action{open, fresh}
		if other, ok := v.otherWay(); ok {
			m.Side = []Action{open, other}
		}
	}
}

func (v view) paid(m *Model) {
	c := v.c
	at := v.moneyAt()
	m.Tick.PanelLine = c.T("checkout.panel.paid", c.Clock(at))
	m.Steps = nil
	card := v.rail()
	if v.last.CardLast4 != "" {
		card = c.T("fact.card", v.last.CardLast4, v.rail())
	}
	stamp := ""
	if len(v.Events) > 0 {
		stamp = c.Stamp(at)
	}
	if took := at.Sub(v.sale.Created); stamp != "" && took > 0 && took < time.Hour {
		stamp = c.T("fact.after", stamp, c.Duration(took))
	}
	facts := []Fact{
		{Label: c.T("fact.with"), Value: card},
		{Label: c.T("fact.words"), Value: v.last.Words, Words: true},
		{Label: c.T("fact.proof"), Value: v.proof(), Icon: "shield"},
		{Label: c.T("fact.time"), Value: stamp},
		{Label: c.T("fact.reference"), Value: v.last.Reference},
		{Label: c.T("fact.by"), Value: join(", ", v.sale.Operator, v.Desk)},
	}
	switch {
	case v.onTerminal():
		facts = v.cardFacts(v.proof(), stamp)
	case v.last.Rail == payments.RailCash:
		m.Subtitle = v.what()
		facts = []Fact{
			{Label: c.T("fact.with"), Value: c.T("rail.cash")},
			{Label: c.T("fact.proof"), Value: c.T("fact.proof.cash", v.sale.Operator), Icon: "cash"},
			{Label: c.T("fact.time"), Value: stamp},
			{Label: c.T("fact.by"), Value: join(", ", v.sale.Operator, v.Desk)},
		}
	}
	m.Facts = slices.DeleteFunc(facts, func(f Fact) bool { return f.Value == "" })
}

// proof names the strongest evidence there is that the money came.
func (v view) proof() string {
	found := ""
	for _, e := range v.Events {
		switch {
		case !v.about(e):
		case e.Kind == app.PaymentSeen && e.Source == app.FromNotice:
			return v.c.T("fact.proof.notice")
		case e.Source == app.FromList:
			found = v.c.T("fact.proof.entry")
		case e.Kind == app.StatusAnswered || e.Kind == app.PaymentSeen:
			found = v.c.T("fact.proof.status")
		case e.Kind == app.TerminalOutcome && e.Source == app.FromTerminal:
			found = v.c.T("pay.fact.proof")
		case e.Kind == app.Resolved:
			return v.c.T("fact.proof.operator", e.Operator)
		}
	}
	return found
}

// about reports whether an event belongs to the attempt that is told about.
func (v view) about(e app.Event) bool { return e.Attempt == "" || e.Attempt == v.last.ID }

// moneyAt is when the money of the attempt was first proven, else now. The status
// answer counts where nothing else told it.
func (v view) moneyAt() time.Time {
	var answered time.Time
	for _, e := range v.Events {
		switch {
		case !v.about(e):
		case slices.Contains([]app.Kind{app.PaymentSeen, app.Resolved, app.TerminalOutcome, app.CashNoted}, e.Kind):
			return e.Wall.In(v.Zone)
		case e.Kind == app.StatusAnswered && answered.IsZero():
			var d app.StatusData
			if json.Unmarshal(e.Data, &d) == nil && d.Outcome == payments.Paid {
				answered = e.Wall
			}
		}
	}
	if !answered.IsZero() {
		return answered.In(v.Zone)
	}
	return v.Now.In(v.Zone)
}

// backAt is when the provider last told that the money went back, as far as the
// events were read.
func (v view) backAt() (time.Time, bool) {
	for _, e := range slices.Backward(v.Events) {
		if e.Kind == app.RollbackSeen || e.Kind == app.StatusAnswered {
			return e.Wall.In(v.Zone), true
		}
	}
	return time.Time{}, false
}

func (v view) declined(m *Model, open, again Action) {
	c := v.c
	m.Tick.PanelLine = c.T("checkout.panel.declined")
	m.Lead, m.Say = c.T("checkout.sentence.declined"), c.T("checkout.say.declined")
	m.Main = again
	m.Side = []Action{{Act: ActClose, Label: c.T("checkout.stop"), Icon: "close"}, open}
	if v.pageOpen() {
		m.Lead = c.T("checkout.declined.open")
		m.Main = Action{Act: ActCode, Label: c.T("checkout.wait")}
		m.Side = []Action{{Act: ActCheck, Label: c.T("checkout.check"), Icon: "refresh"}, {Act: ActCancel, Label: c.T("checkout.cancel"), Icon: "close"}}
		m.Confirm = v.confirm()
	}
}

// notMade tells whether no code was ever shown.
func (v view) notMade() bool { return v.last.Offered.IsZero() && v.last.Reason != "" }

func (v view) ended(m *Model) {
	c := v.c
	m.Tick.PanelLine = c.T("checkout.panel.sofar")
	m.Lead, m.Say = c.T("checkout.sentence.withdrawn"), c.T("checkout.say.withdrawn")
	switch {
	case v.last.Rail == payments.RailRequest && !v.notMade():
		m.Lead, m.Say = c.T("pay.request.stays"), ""
	case v.notMade():
		m.Tick.PanelLine = c.T("checkout.panel.notmade")
		p := c.Problem(v.last.Reason)
		m.Lead, m.Say = join(" ", p.What, c.T("checkout.sentence.failed")), ""
	case v.sale.State == app.Expired:
		m.Say = c.T("checkout.say.expired")
	case v.sale.State == app.NotCharged:
		m.Tick.PanelLine, m.Lead, m.Say = c.T("checkout.panel.declined"), c.Sentence(app.NotCharged), ""
	}
}

func (v view) unknown(m *Model) {
	c := v.c
	m.Tint = true
	m.LockTitle, m.LockText = c.T("checkout.lock.title"), c.T("checkout.lock.text")
	switch {
	case v.onTerminal():
		v.lost(m)
	case c.Knows(v.last.Reason):
		m.Lead = c.Problem(v.last.Reason).What
		m.Steps = v.steps(maxSteps - 1) // the sentence takes the room of one
	}
	if v.proofLater() != "" {
		m.Steps = v.steps(maxSteps - 1)
	}
	left := v.last.NextCheck.Sub(v.Now)
	if v.last.NextCheck.IsZero() || left <= 0 {
		m.Tick.PanelLine, m.Tick.Ring = c.T("checkout.panel.looking"), 0
		return
	}
	whole := fallbackWait
	if from := v.last.Checked; !from.IsZero() && v.last.NextCheck.After(from) {
		whole = v.last.NextCheck.Sub(from)
	}
	m.Tick.Ring = min(float32(left)/float32(max(whole, left)), 1)
	m.Tick.PanelLine = c.T("checkout.panel.next", c.Duration(left))
	m.Tick.Next = Step{
		Icon: "clock", Family: theme.Amber, Title: c.T("checkout.next.title"), Detail: v.proofLater(), When: c.T("checkout.next.in", c.Duration(left)),
	}
}

func (v view) others(m *Model) {
	c := v.c
	switch v.sale.State {
	case app.PartRefunded, app.Refunded:
		m.Word = c.Word(app.Refunded)
		m.Tick.PanelLine = c.T("checkout.panel.refunded", v.sale.Refunded)
		m.Lead = c.T("checkout.sentence.refunded")
	default:
		m.Tick.PanelLine = c.T("checkout.panel.found")
		m.Lead = c.T("checkout.sentence.found")
	}
}

// steps returns the newest lines of the history, n at most.
func (v view) steps(n int) []Step {
	lines := history.Lines(v.Events, v.c, v.Zone)
	if len(lines) > 0 && v.sale.State != app.Found {
		lines = lines[1:] // "Nora charged": the dialog says that already
	}
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	var out []Step
	for _, l := range lines {
		out = append(out, Step{l.Icon, l.Family, l.Title, l.Detail, v.c.Stamp(l.At)})
	}
	return out
}
