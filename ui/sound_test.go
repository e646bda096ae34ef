package ui

import (
	"testing"

	"frontdesk/app"
)

func TestEars(t *testing.T) {
	sale := func(id app.SaleID, state app.State) app.Sale { return app.Sale{ID: id, State: state} }
	recent := func(sales ...app.Sale) app.Snapshot { return app.Snapshot{Recent: sales} }
	var e ears
	for i, step := range []struct {
		name string
		snap app.Snapshot
		want string
	}{
		{"what was there at the start", app.Snapshot{Recent: []app.Sale{sale("A", app.Paid)}, Alarms: []app.Sale{sale("X", app.Reversed)}}, ""},
		{"a code is shown", app.Snapshot{Recent: []app.Sale{sale("B", app.Offered), sale("A", app.Paid)}, Alarms: []app.Sale{sale("X", app.Reversed)}}, ""},
		{"it is paid", recent(sale("B", app.Paid), sale("A", app.Paid)), SoundPaid},
		{"told again", recent(sale("B", app.Paid), sale("A", app.Paid)), ""},
		{"a part goes back", recent(sale("B", app.PartRefunded), sale("A", app.Paid)), ""},
		{"the refund failed after all", recent(sale("B", app.Paid), sale("A", app.Paid)), ""},
		{"another is not known", recent(sale("C", app.Unknown), sale("B", app.Paid)), ""},
		{"and is paid", recent(sale("C", app.Paid), sale("B", app.Paid)), SoundPaid},
		{"one that was begun elsewhere is paid", recent(sale("D", app.Paid), sale("C", app.Paid)), SoundPaid},
		{"one is taken back while one is paid", app.Snapshot{
			Recent: []app.Sale{sale("E", app.Paid), sale("D", app.Reversed)}, Alarms: []app.Sale{sale("D", app.Reversed)},
		}, SoundAlarm},
		{"the alarm stays", app.Snapshot{Recent: []app.Sale{sale("E", app.Paid)}, Alarms: []app.Sale{sale("D", app.Reversed)}}, ""},
		{"it becomes another", app.Snapshot{Recent: []app.Sale{sale("E", app.Paid)}, Alarms: []app.Sale{sale("D", app.Overpaid)}}, SoundAlarm},
		{"it is answered", recent(sale("E", app.Paid), sale("D", app.Overpaid)), ""},
	} {
		if got := e.listen(step.snap); got != step.want {
			t.Errorf("%d, %s: %q, want %q", i, step.name, got, step.want)
		}
	}
}
