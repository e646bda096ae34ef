package checkout

import (
	"frontdesk/ui/screens/resolve"
)

// Settler takes a person's answer about a payment that stayed unknown.
type Settler = resolve.Settler

// question is what a person could answer about the sale, once the time has
// come.
func (v view) question() (resolve.Question, bool) {
	if !v.Settles {
		return resolve.Question{}, false
	}
	return resolve.About(v.sale, "")
}

// maySettle reports whether a person may answer by now.
func (v view) maySettle() bool {
	q, ok := v.question()
	return ok && q.May(v.Now)
}

// Settle opens the form in which a person says what the terminal, or myPOS,
// shows.
func (d *Dialog) Settle() {
	if d.settling != nil || d.question != nil || d.busy != "" || d.cfg.Settler == nil {
		return
	}
	q, ok := resolve.About(d.in.Checkout.Sale, "")
	if !ok {
		return
	}
	form, err := resolve.Open(resolve.Config{
		Settler: d.cfg.Settler, Host: d.cfg.Host, Run: d.cfg.Run, Text: d.cfg.Text, Operator: d.cfg.Operator,
		AsksPIN: d.cfg.AsksPIN, Change: d.cfg.Change,
		OnClosed: func() { d.settling = nil },
	}, q)
	if err == nil {
		d.settling = form
	}
}
