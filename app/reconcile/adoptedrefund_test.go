package reconcile

import (
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// TestARefundThatFailedHereAndIsAdded: somebody has answered that a refund was not
// made, and the list shows it by its own order. Once it is added, the list and the
// journal agree.
func TestARefundThatFailedHereAndIsAdded(t *testing.T) {
	t.Parallel()
	notice := event(app.PaymentSeen, app.FromNotice, "700001", eur(4500), app.EvidenceData{})
	asked := event(app.RefundIntended, app.FromOperator, order(901), eur(500), app.RefundData{OrderID: order(901)})
	lost := event(app.RefundSettled, app.FromStatus, order(901), eur(500), app.RefundData{OrderID: order(901), Outcome: payments.Unknown})
	failed := event(app.Resolved, app.FromOperator, "9", eur(0), app.ResolveData{Refund: order(901), Evidence: "700009 14:03"})
	line := listed("1", Out, 500, order(901), order(1))
	in := Input{Lines: []Line{listed("0", In, 4500, order(1)), line}, Now: noon.Add(48 * time.Hour), Since: noon.Add(-time.Hour)}

	in.Moves = Moves(story(payments.RailLink, notice, asked, lost, failed), func(string) string { return "" })
	r := Match(in)
	if len(r.RefundNotHere) != 1 || r.RefundNotHere[0].Sale != "S" {
		t.Fatalf("%v", places(r))
	}
	added := []app.Event{
		event(app.RefundIntended, app.FromList, order(902), eur(500), app.RefundData{OrderID: order(902)}),
		event(app.RefundSettled, app.FromList, order(902), eur(500), app.RefundData{OrderID: order(902), Outcome: payments.Refunded, Reference: line.Reference}),
	}
	in.Moves = Moves(story(payments.RailLink, append([]app.Event{notice, asked, lost, failed}, added...)...), func(string) string { return "" })
	if r = Match(in); len(r.RefundNotHere) != 0 || len(r.RefundNotListed) != 0 || len(r.Agree) != 2 {
		t.Errorf("%v", places(r))
	}
}

// TestARefundThatRunsKeepsItsLine: while its answer is on the way, its line settles
// no other one of the same payment and amount whose answer was lost.
func TestARefundThatRunsKeepsItsLine(t *testing.T) {
	t.Parallel()
	lost := with(given(1, 500), func(m *Move) { m.Expect, m.Unsure, m.Proof, m.Own = May, true, true, []string{order(901)} })
	runs := with(lost, func(m *Move) {
		m.ID, m.Order, m.Own, m.Unsure, m.At = "RUNS", order(902), []string{order(902)}, false, noon.Add(2*time.Hour)
	})
	in := Input{
		Lines: []Line{listed("0", In, 4500, order(1)), listed("1", Out, 500, order(1))},
		Moves: []Move{paid(1, 4500), lost, runs}, Now: noon.Add(3 * time.Hour), Since: noon.Add(-time.Hour),
	}
	if r := Match(in); len(r.Settled) != 0 || len(r.Doubt) != 1 || len(r.RefundNotHere) != 0 {
		t.Errorf("%v", places(r))
	}
	in.Moves[2].Expect = Must // it was answered
	if r := Match(in); len(r.Settled) != 0 || len(r.Agree) != 2 {
		t.Errorf("%v", places(r))
	}
	in.Moves = in.Moves[:2]
	if r := Match(in); len(r.Settled) != 1 {
		t.Errorf("%v", places(r))
	}
}
