package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/local"
)

// TestARefundOfAnOlderJournalIsNotSentTwice: a copy is put back that does not know of a
// refund. No program has compared since, so the next refund waits for the list and is
// refused for what stands there.
func TestARefundOfAnOlderJournalIsNotSentTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t).start().setup()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	sale := string(r.sell(ctx, "45.00").Sale)
	must := func(args ...string) string {
		t.Helper()
		out, code := r.ctl(args...)
		if code != exitDone {
			t.Fatalf("%v: exit %d: %s", args, code, out)
		}
		return out
	}
	copied := lines[local.Copied](t, must("journal", "backup", "--json"))[0].Path
	must("refund", sale, "20.00")
	must("journal", "restore", copied)

	before := len(r.truth().Refunds)
	out, code := r.ctl("refund", sale, "10.00")
	if code != exitNo || !strings.Contains(out, "refund.listed") || !strings.Contains(out, "Open Day") {
		t.Errorf("refund: exit %d: %s", code, out)
	}
	if n := len(r.truth().Refunds); before != 1 || n != before {
		t.Errorf("%d refunds at myPOS, were %d", n, before)
	}
	if s := r.sales(); len(s) != 1 || s[0].State != app.Paid {
		t.Errorf("%+v", s)
	}
	if d := r.day("reconcile"); len(d.Differences) != 1 || d.Differences[0].Code != day.RefundNotHere || string(d.Differences[0].Sale) != sale {
		t.Errorf("%+v", d.Differences)
	}
}
