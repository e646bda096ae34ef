package main

import (
	"context"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/local"
)

// sell takes an amount through a link and returns the sale.
func (r *rig) sell(ctx context.Context, amount string) local.Charged {
	r.t.Helper()
	c, err := r.charge(ctx, amount, "--wait", "90s")
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := newCustomer(nil).pay(c.first.Link, goodCard); err != nil {
		r.t.Fatal(err)
	}
	last, code := c.end(r.t)
	if code != exitDone {
		r.t.Fatalf("charge: %+v, exit %d: %s", last, code, c.stderr)
	}
	return last
}

// day runs a command that prints one day.
func (r *rig) day(words ...string) local.Day {
	r.t.Helper()
	out, code := r.ctl(append(words, "--json")...)
	days := lines[local.Day](r.t, out)
	if code != exitDone || len(days) != 1 {
		r.t.Fatalf("%v: exit %d: %s", words, code, out)
	}
	return days[0]
}

// A whole day through the built programs, the middle of it while another
// program without a window holds the folder.
func TestADayIsAddedUpClosedAndExported(t *testing.T) {
	t.Parallel()
	r := newRig(t).start().setup()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	sale := r.sell(ctx, "45.00")
	if out, code := r.ctl("refund", string(sale.Sale), "12.50"); code != exitDone {
		t.Fatalf("refund: exit %d: %s", code, out)
	}
	if d := r.day("reconcile"); d.Match.State != day.MatchDone || d.Match.Agree != 1 || d.Match.Probable != 0 || d.Match.Here != 2 || len(d.Differences) != 0 {
		t.Errorf("reconciled: %+v %+v", d.Match, d.Differences)
	}
	if out, code := r.ctl("reconcile"); code != exitDone || !strings.Contains(out, "1 sales agree") {
		t.Errorf("reconcile: exit %d: %s", code, out)
	}
	holder, err := r.charge(ctx, "20.00", "--note", "Waits for the customer", "--wait", "90s")
	if err != nil {
		t.Fatal(err)
	}
	d := r.day("day")
	if len(d.Totals) != 1 || d.Totals[0].Minor != 3250 || d.Totals[0].Refunds != -1250 || !d.Agrees || d.Closed != nil {
		t.Errorf("while another program holds the folder: %+v", d)
	}
	if len(d.Differences) != 1 || d.Differences[0].Code != "open" || d.Differences[0].Sale != holder.first.Sale || d.Differences[0].Money {
		t.Errorf("differences %+v", d.Differences)
	}
	out, code := r.ctl("export", "--comma")
	table := csv.NewReader(strings.NewReader(strings.TrimPrefix(out, "\ufeff")))
	table.Comma = ';'
	if rows, err := table.ReadAll(); err != nil || code != exitDone || len(rows) != 3 || rows[1][3] != "45,00" || rows[2][3] != "-12,50" || rows[2][12] != "PRACTICE" {
		t.Errorf("export: exit %d, %v: %s", code, err, out)
	}
	sealed := r.day("close-day") // an open sale without money does not stop it
	if sealed.Match.State != day.MatchDone || sealed.Match.Agree != 1 {
		t.Errorf("sealed match: %+v", sealed.Match)
	}
	if sealed.Closed == nil || len(sealed.Closed.Head) != 64 || sealed.Totals[0].Minor != 3250 {
		t.Errorf("closed: %+v", sealed)
	}
	if out, code := r.ctl("close-day", sealed.Day); code != exitNo || !strings.Contains(out, "day.closed") {
		t.Errorf("closing twice: exit %d: %s", code, out)
	}
	if _, err := newCustomer(nil).pay(holder.first.Link, goodCard); err != nil {
		t.Fatal(err)
	}
	if last, code := holder.end(t); code != exitDone || last.State != app.Paid {
		t.Fatalf("the holder: %+v, exit %d", last, code)
	}
	if d := r.day("day"); d.Day <= sealed.Day || d.Totals[0].Minor != 2000 {
		t.Errorf("after closing: %+v", d)
	}
	if d := r.day("day", sealed.Day); d.Totals[0].Minor != 3250 || d.Closed.Head != sealed.Closed.Head {
		t.Errorf("the sealed day: %+v", d)
	}
	if d := r.day("reopen-day", sealed.Day); d.Closed != nil || d.Totals[0].Minor != 5250 {
		t.Errorf("reopened: %+v", d)
	}
	if out, code := r.ctl("journal", "verify"); code != exitDone {
		t.Errorf("verify: exit %d: %s", code, out)
	}
}
