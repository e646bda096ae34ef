package ui

import (
	"frontdesk/app/operators"
	pageday "frontdesk/ui/screens/day"
)

// buildDay makes the page of business days; none where no days are kept.
func (w *Window) buildDay() error {
	if w.cfg.Days == nil {
		return nil
	}
	page, err := pageday.New(pageday.Config{
		Book: w.cfg.Days, Till: w.cfg.Till, Run: w.run, Host: w.host, Text: w.text, Now: w.cfg.Now, Zone: w.cfg.Zone,
		Person: w.person, OnShow: w.pressed, OnOpen: w.openInPayments, QR: w.cfg.QR, Save: w.cfg.Save,
	})
	if err != nil {
		return err
	}
	w.day = page
	return nil
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
