package ui

import (
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
	sales "frontdesk/ui/screens/payments"
	"frontdesk/ui/screens/refund"
	"frontdesk/ui/screens/resolve"
)

// buildRefund makes the dialog that gives money back; none where the till
// cannot.
func (w *Window) buildRefund() error {
	till, ok := w.cfg.Till.(refund.Till)
	if !ok {
		return nil
	}
	settler, _ := w.cfg.Till.(resolve.Settler)
	dialog, err := refund.New(refund.Config{
		Till: till, Settler: settler, Host: w.host, Run: w.run, Text: w.text, Now: w.cfg.Now, Zone: w.cfg.Zone,
		Person: w.giver, Wait: w.pinWait(), Receipt: w.receipts(), OnOpen: w.openInPayments,
	})
	if err != nil {
		return err
	}
	w.refund = dialog
	return nil
}

// buildSales makes the page of payments, and the dialog it opens.
func (w *Window) buildSales() (*sales.Screen, error) {
	if err := w.buildRefund(); err != nil {
		return nil, err
	}
	return sales.New(sales.Config{
		Till: w.cfg.Till, Run: w.run, Text: w.text, Now: w.cfg.Now, Zone: w.cfg.Zone, Desk: w.set.Desk,
		OnNew: func() { w.show(pageCharge) }, OnShow: w.openSale, Host: w.host, Devices: w.namedDevices(), People: w.namedPeople(),
		Acts: w.acts(),
	})
}

// refundOf asks how much of a sale goes back, over whatever is shown.
func (w *Window) refundOf(s app.Sale) {
	if w.refund == nil {
		return
	}
	if _, shown := w.refund.Shown(); !shown {
		w.refund.Open(s)
	}
}

// refundKey gives money of the sale back that the page is about (F4).
func (w *Window) refundKey() {
	if w.at != pagePayments || w.refund == nil {
		return
	}
	if s, ok := w.payments.Current(); ok {
		w.refundOf(s)
	}
}

// givesBack reports whether the till can give money back.
func (w *Window) givesBack() bool {
	_, ok := w.cfg.Till.(refund.Till)
	return ok
}

// refunding reports whether the dialog is open.
func (w *Window) refunding() bool {
	if w.refund == nil {
		return false
	}
	_, shown := w.refund.Shown()
	return shown
}

// tickSales moves what the clock moves on the page of a sale and in the dialog.
func (w *Window) tickSales() {
	if w.at == pagePayments {
		w.payments.Tick()
	}
	if w.refund != nil {
		w.refund.Tick()
	}
}

// giver is who would give the money back.
func (w *Window) giver() refund.Person {
	return refund.Person{
		ID: w.operator(), Name: w.operatorName(), HasPIN: w.cfg.Operators != nil && w.people.here.HasPIN, Denied: w.deniedRefund,
	}
}

// deniedRefund is the code of why whoever is at the desk may not give so much
// back.
func (w *Window) deniedRefund(a money.Amount) string {
	if w.cfg.Operators == nil {
		return ""
	}
	switch here := w.people.here; {
	case !here.May(operators.RefundUpTo) && !here.May(operators.RefundAny):
		return "operator.right"
	case w.snap.Mode == payments.Live && !slices.ContainsFunc(w.cfg.Operators.List(), func(o operators.Operator) bool { return o.Owner && o.HasPIN }):
		return "operator.pin_unset"
	case !here.MayRefund(a):
		return "operator.limit"
	}
	return ""
}

// pinWait is how long the next PIN of somebody must wait; nil where nobody has
// one.
func (w *Window) pinWait() func(string) time.Duration {
	if w.cfg.Operators == nil {
		return nil
	}
	return w.cfg.Operators.Wait
}

// acts are what can be done with sales here.
func (w *Window) acts() sales.Acts {
	a := sales.Acts{Save: w.cfg.Save, Receipt: w.receipts(), Person: w.salesPerson, Wait: w.pinWait()}
	if w.snap.Mode != payments.Live {
		a.Prefix = string(w.snap.Mode) + "-"
	}
	if w.refund != nil {
		a.Refund, a.Refunded = w.refundOf, func(s app.Sale, orderID string) { w.refund.Show(s, orderID) }
	}
	a.Keeper, a.Checker = w.cfg.Till, w.cfg.Till
	a.Settler, _ = w.cfg.Till.(resolve.Settler)
	a.Eraser, _ = w.cfg.Till.(sales.Eraser)
	a.Witness, _ = w.cfg.Desk.(sales.Witness)
	a.Exporter, _ = w.cfg.Days.(sales.Exporter)
	return a
}

// salesPerson is who would export, erase or keep.
func (w *Window) salesPerson() sales.Person {
	return sales.Person{ID: w.operator(), Name: w.operatorName(), HasPIN: w.cfg.Operators != nil && w.people.here.HasPIN, May: w.may}
}
