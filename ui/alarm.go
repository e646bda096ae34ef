package ui

import (
	"time"

	"frontdesk/app"
	"frontdesk/ui/screens/checkout"
)

// alarmGuard is how long nobody must have pressed anything before an alarm that
// came over the screen takes a press: what was being typed on the till is not
// for it.
const alarmGuard = 700 * time.Millisecond

// alarms brings sales that somebody must look at (taken back, paid twice, paid
// after cancel) over whatever the window shows, one after another. A customer
// who is being served goes first: while a charge waits, the banner alone tells.
type alarms struct {
	w      *Window
	dialog *checkout.Dialog
	// told holds the state in which a sale was shown last. A sale that is no
	// alarm any more is forgotten, so that it is shown when it becomes one again.
	told map[app.SaleID]app.State
	live bool // what is shown was asked for again: the customer's window follows
}

func newAlarms(w *Window) *alarms { return &alarms{w: w, told: map[app.SaleID]app.State{}} }

// build makes the dialog anew, in the language in force.
func (a *alarms) build() error {
	cfg := a.w.checkoutConfig()
	cfg.Guard, cfg.More, cfg.OnChange, cfg.OnNew = alarmGuard, a.waiting, a.shown, nil
	d, err := checkout.New(cfg)
	if err == nil {
		a.dialog = d
	}
	return err
}

// changed takes over the alarms of a newer snapshot.
func (a *alarms) changed() {
	now := map[app.SaleID]app.State{}
	for _, s := range a.w.snap.Alarms {
		if state, ok := a.told[s.ID]; ok && state == s.State {
			now[s.ID] = state
		}
	}
	a.told = now
	a.next()
}

// next shows the alarm that nobody has seen yet, unless something goes first.
func (a *alarms) next() {
	if id, shown := a.w.checkout.Shown(); shown { // it stands on the screen already
		for _, s := range a.w.snap.Alarms {
			if s.ID == id {
				a.told[id] = s.State
			}
		}
	}
	if a.held() {
		return
	}
	for _, s := range a.w.snap.Alarms {
		if _, told := a.told[s.ID]; !told {
			a.told[s.ID] = s.State
			a.dialog.Open(app.Checkout{Sale: s})
			return
		}
	}
}

// held reports whether the alarms wait: behind another one, a lock, the first
// start, a charge that a customer is asked to pay, or a refund that is asked for.
func (a *alarms) held() bool {
	if _, shown := a.dialog.Shown(); shown || a.w.first != nil || a.w.people.who != nil {
		return true
	}
	return a.w.charge.Busy() || a.w.checkout.Waiting() || a.w.refunding()
}

// waiting counts the alarms that come after the one that is shown.
func (a *alarms) waiting() int {
	n := 0
	for _, s := range a.w.snap.Alarms {
		if _, told := a.told[s.ID]; !told {
			n++
		}
	}
	return n
}

// shown follows the dialog. What went back is nobody's business but the desk's,
// so the customer's window shows a sale only once it is asked for again.
func (a *alarms) shown(co app.Checkout) {
	a.live = a.live || co.Sale.Live()
	if a.live {
		a.w.shown(co)
	}
	if co.Sale.ID == "" {
		a.live = false
	}
}

// charging reports whether a customer is being asked to pay in the dialog.
func (a *alarms) charging() bool { return a.live && a.dialog.Waiting() }

// checkoutConfig is what both dialogs over the till are made of: the one that
// Charge opens, and the one of alarms.
func (w *Window) checkoutConfig() checkout.Config {
	cfg := checkout.Config{
		Till: w.cfg.Till, Collector: w.cfg.Till, Settler: w.settler(), Host: w.host, Run: w.run, Text: w.text,
		Now: w.cfg.Now, Zone: w.cfg.Zone, Desk: w.set.Desk,
		Operator: w.operator,
		Copy:     w.cfg.Copy, Mail: w.mail, OnChange: w.shown, Ways: w.ways, Devices: w.fleet(),
		OnNew: func() { w.show(pageCharge); w.charge.Next() }, OnOpen: w.openInPayments,
	}
	if w.givesBack() {
		cfg.OnRefund = w.refundOf
	}
	if w.cfg.Operators != nil {
		cfg.Change, cfg.AsksPIN = w.change, func() bool { return w.people.here.HasPIN }
	}
	if open := w.receipts(); open != nil {
		cfg.OnReceipt = func(id app.SaleID) { open(id, "") }
	}
	if w.cfg.Devices != nil {
		cfg.OnDevices = func() { w.show(pageDevices) }
	}
	return cfg
}
