package ui

import (
	"frontdesk/app"
	"frontdesk/app/operators"
	pageday "frontdesk/ui/screens/day"
	"frontdesk/ui/screens/resolve"
	pagesettings "frontdesk/ui/screens/settings"
)

// buildDay makes the page of business days; none where no days are kept.
func (w *Window) buildDay() error {
	if w.cfg.Days == nil {
		return nil
	}
	cfg := pageday.Config{
		Book: w.cfg.Days, Till: w.cfg.Till, Account: w.cfg.Account, Paper: w.cfg.DayPaper, Run: w.run, Host: w.host, Text: w.text,
		Now: w.cfg.Now, Zone: w.cfg.Zone, Person: w.person, OnShow: w.pressed, OnRefund: w.refundOf, OnResolve: w.resolve,
		QR: w.cfg.QR, Save: w.cfg.Save,
	}
	if w.cfg.Desk != nil {
		cfg.OnConnect = func() { w.showSettings(pagesettings.REST) }
	}
	page, err := pageday.New(cfg)
	if err != nil {
		return err
	}
	w.day = page
	return nil
}

// resolve opens the form in which somebody says what became of a payment, or of
// the refund with an order number; where nothing is to be said the sale is shown.
func (w *Window) resolve(s app.Sale, refund string) {
	settler := w.settler()
	q, ok := resolve.About(s, refund)
	if !ok || settler == nil || !q.May(w.cfg.Now()) {
		w.pressed(s)
		return
	}
	if w.host.Top() != nil {
		return
	}
	_, err := resolve.Open(resolve.Config{
		Settler: settler, Host: w.host, Run: w.run, Text: w.text, Operator: w.operator,
		AsksPIN: func() bool { return w.person().HasPIN },
	}, q)
	if err != nil {
		w.pressed(s)
	}
}

// person is who would close the day.
func (w *Window) person() pageday.Person {
	return pageday.Person{
		ID: w.operator(), Name: w.operatorName(), HasPIN: w.cfg.Operators != nil && w.people.here.HasPIN,
		MayClose: w.may(operators.CloseDay),
	}
}

// closeDay goes to the day that is running and asks whether to close it (F8);
// on the page of another day it asks about that one.
func (w *Window) closeDay() {
	switch {
	case w.day == nil:
	case w.at == pageDay:
		w.day.Close()
	default:
		w.show(pageDay)
		w.day.CloseNext()
	}
}
