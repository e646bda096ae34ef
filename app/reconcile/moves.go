package reconcile

import (
	"encoding/json"
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// Moves are the movements of money that the events of one sale tell of. Cash is
// none: myPOS never hears of it.
// terminal tells the terminal id of a device, empty when it is not known.
func Moves(events []app.Event, terminal func(device string) string) []Move {
	sale := app.Fold(events)
	var list []Move
	for _, a := range sale.Attempts {
		if a.Rail == payments.RailCash || a.OrderID == "" {
			continue
		}
		if a.TerminalID == "" && a.Device != "" {
			a.TerminalID = terminal(a.Device)
		}
		own := slices.DeleteFunc(slices.Clone(events), func(e app.Event) bool { return e.Attempt != a.ID })
		list = append(list, payment(sale, a, own)...)
		for _, r := range a.Refunds {
			list = append(list, refund(sale, a, r, own))
		}
	}
	return list
}

// payment is the movement of an attempt, with its return when it was taken back.
func payment(s app.Sale, a app.Attempt, events []app.Event) []Move {
	seen, noticed, own, shared := evidence(events)
	if a.Rail == payments.RailLink { // its evidence is named by IPC_Trnref, a short number
		shared = append(shared, own...)
		own = nil
	}
	own = append(own, paymentReferences(events)...)
	m := Move{
		ID: string(a.ID), Sale: s.ID, Attempt: a.ID, Order: a.OrderID, Kind: In, Expect: May, Amount: a.Amount, At: seen,
		Own: names(append(own, a.OrderID)...), Shared: names(append(shared, a.Reference, a.RRN)...), Unsure: a.State == app.Unknown,
		Terminal: a.TerminalID, Reference: a.Reference, Rail: a.Rail, Noticed: noticed || a.Rail != payments.RailLink,
	}
	if m.At.IsZero() {
		m.At = s.Created
		if !a.Offered.IsZero() {
			m.At = a.Offered
		}
	}
	switch a.State {
	case app.Paid, app.PaidLate, app.PartRefunded, app.Refunded, app.Found:
		m.Expect = Must
	case app.Reversed:
		m.Expect = Gone
		back := m
		back.ID, back.Kind, back.Expect, back.Own, back.Shared = m.ID+"/back", Out, Taken, nil, names(append(m.Shared, m.Own...)...)
		back.At, back.Order = lastWall(events), ""
		return []Move{m, back}
	}
	return []Move{m}
}

// refund is the movement of a refund. What was added from the list is named by its
// entry: an entry that also names a refund that failed belongs to no other.
func refund(s app.Sale, a app.Attempt, r app.Refund, events []app.Event) Move {
	m := Move{
		ID: r.OrderID, Sale: s.ID, Attempt: a.ID, Order: r.OrderID, Kind: Out, Expect: May, Amount: r.Amount, At: r.Asked,
		Own: names(r.OrderID), Shared: names(r.Reference, a.OrderID, a.Reference, a.RRN), Unsure: r.State == app.RefundUnknown,
		Proof: r.Way == app.RefundReversal || r.Way == app.RefundOnline || a.Rail == payments.RailRequest, Terminal: a.TerminalID, Rail: a.Rail, Noticed: true,
	}
	if slices.ContainsFunc(events, func(e app.Event) bool {
		return e.Kind == app.RefundIntended && e.Source == app.FromList && e.Reference == r.OrderID
	}) {
		m.Own = names(r.OrderID, r.Reference)
	}
	switch r.State {
	case app.RefundFailed:
		m.Expect = Never
	case app.RefundDone:
		m.Expect = Must
		if !r.Settled.IsZero() {
			m.At = r.Settled
		}
	}
	return m
}

// evidence reads what the events of an attempt tell besides its fold: when money
// was first seen, whether a signed notice told of it, and the names the provider
// gave it.
func evidence(events []app.Event) (seen time.Time, noticed bool, own, shared []string) {
	for _, e := range events {
		paid := false
		switch e.Kind {
		case app.PaymentSeen, app.FoundPayment:
			paid, noticed = true, noticed || e.Source == app.FromNotice
			if e.Source == app.FromList {
				own = append(own, e.Reference)
			} else {
				shared = append(shared, e.Reference)
			}
		case app.StatusAnswered:
			var d app.StatusData
			if json.Unmarshal(e.Data, &d) != nil {
				continue
			}
			paid = d.Outcome == payments.Paid
			shared = append(shared, d.Reference)
		case app.TerminalOutcome:
			var d app.OutcomeData
			paid = json.Unmarshal(e.Data, &d) == nil && d.Outcome == payments.Paid
		case app.Resolved:
			var d app.ResolveData
			paid = json.Unmarshal(e.Data, &d) == nil && d.Paid && d.Refund == ""
		}
		if paid && seen.IsZero() {
			seen = e.Wall
		}
	}
	return seen, noticed, own, shared
}

// paymentReferences are what status answers say the payment is called in the
// list: the likely bridge to it (spec 10.2).
func paymentReferences(events []app.Event) (list []string) {
	for _, e := range events {
		var d app.StatusData
		var told struct {
			PaymentReference string `json:"PaymentReference"`
		}
		if e.Kind == app.StatusAnswered && json.Unmarshal(e.Data, &d) == nil && json.Unmarshal(d.Raw, &told) == nil {
			list = append(list, told.PaymentReference)
		}
	}
	return list
}

func lastWall(events []app.Event) (t time.Time) {
	for _, e := range events {
		if e.Kind == app.StatusAnswered || e.Kind == app.RollbackSeen {
			t = e.Wall
		}
	}
	return t
}

// names leaves out what is too short to be a name, and what is there twice.
func names(list ...string) []string {
	list = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return len(s) < shortest })
	slices.Sort(list)
	return slices.Compact(list)
}
