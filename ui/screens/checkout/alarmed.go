package checkout

import (
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// reversed is money that went back although the customer still owes it.
func (v view) reversed(m *Model) {
	c := v.c
	m.Tick.PanelLine = c.T("alarm.panel.reversed")
	if at, ok := v.backAt(); ok {
		m.Tick.PanelLine = c.T("checkout.panel.reversed", c.Clock(at))
	}
	m.Title = c.T("checkout.owes", v.sale.Client, v.sale.Amount)
	if v.sale.Client == "" {
		m.Title = c.T("checkout.owes.walkin", v.sale.Amount)
	}
	m.Lead = c.T("alarm.sentence.reversed")
	if slices.ContainsFunc(v.Events, func(e app.Event) bool { return e.Kind == app.RollbackSeen }) {
		m.Lead = c.T("checkout.sentence.reversed") // myPOS gave up waiting for us
	}
	m.Say = c.T("checkout.say.reversed", v.sale.Amount)
}

// reversedActs ask again: in the way that was used, else in one that works now.
func (v view) reversedActs(m *Model) {
	c := v.c
	m.Main = v.askAgain()
	var other Action
	switch {
	case m.Main.Act != ActTerminal && !v.onTerminal() && (v.may(payments.RailTerminal) || v.may(payments.RailCloud)):
		other = Action{Act: ActTerminal, Label: c.T("alarm.terminal"), Icon: "devices"}
	case v.onTerminal() && m.Main.Act != ActQR && v.codeRail() != "":
		other = Action{Act: ActQR, Label: c.T("pay.code"), Icon: "qr"}
	default:
		other = Action{Act: ActOpen, Label: c.T("checkout.open"), Icon: "payments"}
	}
	m.Side = []Action{other, v.later()}
	if v.may(payments.RailCash) && m.Main.Act != ActCash {
		m.Links = append(m.Links, Action{Act: ActCash, Label: c.T("alarm.cash")})
	}
	m.Links = append(m.Links, Action{Act: ActDrop, Label: c.T("alarm.drop")})
}

// askAgain collects once more on the way that was used, where that works now.
func (v view) askAgain() Action {
	act, rail := ActAgain, v.last.Rail
	switch {
	case v.Ways == nil || v.may(rail) && rail != payments.RailCash:
	case v.codeRail() != "":
		act = ActQR
	case v.may(payments.RailTerminal) || v.may(payments.RailCloud):
		act = ActTerminal
	case v.may(payments.RailCash):
		return Action{Act: ActCash, Label: v.c.T("charge.button.cash", v.sale.Amount)}
	}
	return Action{Act: act, Label: v.c.T("checkout.again", v.sale.Amount)}
}

// later keeps the alarm: a banner and the badge stay.
func (v view) later() Action {
	label := v.c.T("checkout.later")
	if v.More > 0 {
		label = v.c.T("alarm.later.more", v.More)
	}
	return Action{Act: ActClose, Label: label, Icon: "clock"}
}

// late is money that came in after the charge had ended.
func (v view) late(m *Model, open Action) {
	c := v.c
	m.Tick.PanelLine = c.T("checkout.panel.late", c.Clock(v.moneyAt()))
	m.Lead, m.Say = c.T("checkout.sentence.late"), c.T("checkout.say.late")
	m.Main = Action{Act: ActKeep, Label: c.T("checkout.keep", v.sale.Amount)}
	m.Side = []Action{open, v.later()}
	if v.Refunds {
		m.Lead = c.T("alarm.sentence.late")
		m.Side[0] = Action{Act: ActRefund, Label: c.T("alarm.refund.it"), Icon: "refund"}
	}
}

// twice is a sale that was paid more than once: the dialog of refunds opens with
// the payment and the sum that are too much.
func (v view) twice(m *Model, open Action) {
	c := v.c
	over, err := v.sale.Received.Sub(v.sale.Amount)
	if err == nil {
		m.Tick.PanelLine = c.T("checkout.panel.twice", over)
	}
	m.Amount, m.Facts, m.Steps = v.sale.Received, v.surplus(), v.steps(maxSteps-1)
	m.Lead, m.Say = c.T("checkout.sentence.twice"), c.T("checkout.say.twice")
	m.Main, m.Side = Action{Act: ActOpen, Label: open.Label}, []Action{v.later()}
	if _, amount, ok := v.sale.Surplus(); ok && v.Refunds {
		m.Main = Action{Act: ActRefund, Label: c.T("alarm.refund", amount)}
		m.Side = []Action{open, v.later()}
	}
	m.Links = []Action{{Act: ActDrop, Label: c.T("alarm.drop.twice")}}
}

// dropping is the question before an alarm is answered without money.
func (v view) dropping() Confirm {
	c, kind := v.c, "alarm.drop.reversed"
	if v.sale.State == app.Overpaid {
		kind = "alarm.drop.overpaid"
	}
	return Confirm{c.T(kind+".title", v.sale.Amount), c.T(kind + ".text"), c.T(kind + ".yes"), c.T("checkout.later")}
}

// proofLater says from when on a person may settle what is not known.
func (v view) proofLater() string {
	q, ok := v.question()
	if !ok || v.last.Unsure.IsZero() || q.May(v.Now) {
		return ""
	}
	at := q.From.In(v.Zone)
	if q.From.Sub(v.Now) < time.Hour {
		return v.c.T("alarm.proof.soon", v.c.Clock(at))
	}
	return v.c.T("alarm.proof.later", v.c.DayMonth(at), v.c.Clock(at))
}
