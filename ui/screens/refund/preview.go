package refund

import (
	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
)

// Fact is a label with its value.
type Fact struct{ Label, Value string }

// Preview is what the right pane says will be sent.
type Preview struct {
	Title   string
	Facts   []Fact
	Steps   []string // what a person does in the portal
	Note    string
	Blocked string // why it cannot be done now; empty when it can
	Code    string // of the reason
	Portal  bool   // it is not sent from here at all
}

// PreviewOf says what a plan would send; an amount of zero is one that is not
// known yet. Of what the till would refuse it says only why. It is a pure
// function.
func PreviewOf(p app.RefundPlan, c *text.Catalog) Preview {
	v := Preview{Title: c.T("refund.sent.title"), Note: c.T("refund.note.once")}
	add := func(label, value string) {
		if value != "" {
			v.Facts = append(v.Facts, Fact{c.T(label), value})
		}
	}
	amount := "–"
	if p.Amount.Minor != 0 {
		amount = c.Amount(p.Amount)
	}
	switch p.By {
	case app.SendsDrawer:
		v.Title, v.Note = c.T("refund.nothing.title"), c.T("refund.note.drawer")
		add("refund.fact.from", c.T("refund.from.drawer"))
		add("refund.fact.amount", amount)
	case app.SendsPortal:
		v.Title, v.Note, v.Portal = c.T("refund.portal.title"), c.T("refund.note.portal"), true
		v.Steps = []string{c.T("refund.portal.1"), c.T("refund.portal.2", portalName(p, c)), c.T("refund.portal.3", p.Amount), c.T("refund.portal.4")}
	default:
		to := "myPOS"
		if p.DeviceLabel != "" && p.Way != app.RefundOnline {
			to = p.DeviceLabel
		}
		add("refund.fact.to", to)
		add("refund.fact.of", firstOf(p.Reference, p.PurchaseOrderID))
		add("refund.fact.amount", amount)
		if p.Way != "" {
			add("refund.fact.way", c.T("refund.way."+string(p.Way)))
		}
		add("refund.fact.goes", cardName(p.CardName, p.CardLast4, c))
		add("refund.fact.order", p.OrderID)
		if p.Way == app.RefundCard {
			v.Note = c.T("refund.note.card")
		}
	}
	if p.Block != nil {
		said := c.Failure(p.Block)
		v.Blocked, v.Code = said.What+" "+said.Do, said.Code
		if !v.Portal {
			v.refuse(c)
		}
	}
	return v
}

// refuse leaves nothing that would be sent.
func (v *Preview) refuse(c *text.Catalog) {
	v.Title, v.Facts, v.Note = c.T("refund.nothing.title"), nil, ""
}

// portalName is what the payment is found by in the portal.
func portalName(p app.RefundPlan, c *text.Catalog) string {
	return firstOf(p.Reference, p.PurchaseOrderID, cardName(p.CardName, p.CardLast4, c))
}

// cardName is the card as people know it: "Mastercard 2091".
func cardName(name, last4 string, c *text.Catalog) string {
	switch {
	case last4 == "":
		return name
	case name == "":
		return c.T("payments.card", last4)
	}
	return name + " " + last4
}

// paidBy is the card or the way in a sentence: "Mastercard ending 2091".
func paidBy(a app.Attempt, c *text.Catalog) string {
	switch {
	case a.Rail == payments.RailCash:
		return c.T("rail.cash")
	case a.CardName != "" && a.CardLast4 != "":
		return c.T("pay.fact.card.named", a.CardName, a.CardLast4)
	case a.CardLast4 != "":
		return c.T("refund.paid.card", a.CardLast4)
	case a.DeviceLabel != "":
		return a.DeviceLabel
	}
	return c.T("rail." + string(a.Rail))
}

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}
