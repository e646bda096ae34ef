package ui

import (
	pageoperators "frontdesk/ui/screens/operators"
	sales "frontdesk/ui/screens/payments"
)

// namedDevices are the terminals that payments can be chosen by; nil where none
// are driven.
func (w *Window) namedDevices() func() []sales.Named {
	if w.cfg.Devices == nil {
		return nil
	}
	return func() []sales.Named {
		var list []sales.Named
		for _, d := range w.cfg.Devices.Devices() {
			list = append(list, sales.Named{ID: d.ID, Name: d.Label})
		}
		return list
	}
}

// namedPeople are who payments can be chosen by, under the names that stand in
// them; nil where everybody is the one owner.
func (w *Window) namedPeople() func() []sales.Named {
	if w.cfg.Operators == nil {
		return nil
	}
	return func() []sales.Named {
		var list []sales.Named
		for _, o := range w.cfg.Operators.List() {
			list = append(list, sales.Named{ID: o.Name, Name: pageoperators.Name(w.text, o)})
		}
		return list
	}
}
