package journal_test

import (
	"fmt"
	"strings"
	"testing"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// refund is the intent of one, as a till that counts badly would write it.
func refund(n int, order string, minor int64) app.Event {
	e := event(n, app.RefundIntended, app.FromOperator, order, app.RefundData{OrderID: order})
	e.Amount = eur(minor)
	return e
}

func result(n int, order string, minor int64, o payments.Outcome) app.Event {
	e := event(n, app.RefundSettled, app.FromStatus, order, app.RefundData{OrderID: order, Outcome: o})
	e.Amount = eur(minor)
	return e
}

func paid(rail payments.Rail) []app.Event {
	events := sale(1, "")
	events[1].Data = data(app.IntentData{Rail: rail, OrderID: "P1"})
	if rail == payments.RailCash {
		return append(events, event(1, app.CashNoted, app.FromOperator, "", nil))
	}
	return append(events, event(1, app.PaymentSeen, app.FromNotice, "7", nil))
}

// A till that forgets every rule is stopped by the database: nothing of what it
// asks for is written, on any rail (product.md 4 rule 5).
func TestRefundsAreBoundedByTheDatabase(t *testing.T) {
	t.Parallel()
	for _, rail := range []payments.Rail{payments.RailLink, payments.RailTerminal, payments.RailCash, payments.RailRequest} {
		for name, tt := range map[string]struct {
			before, bad []app.Event
			cash        bool // only the drawer is meant
		}{
			"more than was paid":    {nil, []app.Event{refund(1, "R1", 4501), result(1, "R1", 4501, payments.Refunded)}, false},
			"more than is left":     {[]app.Event{refund(1, "R1", 4000), result(1, "R1", 4000, payments.Refunded)}, []app.Event{refund(1, "R2", 501), result(1, "R2", 501, payments.Refunded)}, false},
			"both at once":          {nil, []app.Event{refund(1, "R1", 4000), result(1, "R1", 4000, payments.Refunded), refund(1, "R2", 501), result(1, "R2", 501, payments.Refunded)}, false},
			"nothing":               {nil, []app.Event{refund(1, "R1", 0), result(1, "R1", 0, payments.Refunded)}, false},
			"less than nothing":     {nil, []app.Event{refund(1, "R1", -1), result(1, "R1", -1, payments.Refunded)}, false},
			"the payment's order":   {nil, []app.Event{refund(1, "P1", 100), result(1, "P1", 100, payments.Refunded)}, false},
			"cash that is awaited":  {nil, []app.Event{refund(1, "R1", 100)}, true},
			"cash that is unknown":  {nil, []app.Event{refund(1, "R1", 100), result(1, "R1", 100, payments.Unknown)}, true},
			"an unknown one before": {[]app.Event{refund(1, "R1", 4000), result(1, "R1", 4000, payments.Unknown)}, []app.Event{refund(1, "R2", 501), result(1, "R2", 501, payments.Refunded)}, false},
			"two at a time":         {[]app.Event{refund(1, "R1", 100)}, []app.Event{refund(1, "R2", 100)}, false},
		} {
			if tt.cash != (rail == payments.RailCash) && (tt.cash || name == "an unknown one before" || name == "two at a time") {
				continue
			}
			t.Run(fmt.Sprintf("%s, %s", rail, name), func(t *testing.T) {
				t.Parallel()
				j := open(t, t.TempDir())
				put(t, j, paid(rail)...)
				if len(tt.before) > 0 {
					put(t, j, tt.before...)
				}
				before, err := j.State(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				_, err = j.Append(t.Context(), tt.bad, nil)
				if payments.CodeOf(err) != "journal.constraint" {
					t.Errorf("got %v", err)
				}
				if after, err := j.State(t.Context()); err != nil || after.Head != before.Head {
					t.Errorf("%d lines became %d, %v", before.Head, after.Head, err)
				}
				if v := verified(t, j); v.Bad != 0 {
					t.Errorf("the chain: %+v", v)
				}
			})
		}
	}
}

// The tables refuse what no event says, too.
func TestTablesRefuseRefunds(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	put(t, j, paid(payments.RailCash)...)
	put(t, j, refund(1, "R1", 4000), result(1, "R1", 4000, payments.Refunded))
	for name, statement := range map[string]string{
		"a second one":       `INSERT INTO refunds VALUES ('R2', (SELECT id FROM attempts), 501, 'done')`,
		"a larger one":       `UPDATE refunds SET minor = 4501`,
		"another one's name": `INSERT INTO refunds VALUES ('R1', (SELECT id FROM attempts), 1, 'done')`,
		"the payment's name": `INSERT INTO refunds VALUES ('P1', (SELECT id FROM attempts), 1, 'done')`,
		"awaited cash":       `INSERT INTO refunds VALUES ('R2', (SELECT id FROM attempts), 1, 'pending')`,
		"of no attempt":      `INSERT INTO refunds VALUES ('R2', 'NONE', 1, 'done')`,
	} {
		if err := j.Exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "constraint") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Cash is posted like all other money, with who gave it back.
func TestCashIsPosted(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	put(t, j, paid(payments.RailCash)...)
	back := refund(1, "R1", 1500)
	back.Operator = "Lea"
	put(t, j, back, result(1, "R1", 1500, payments.Refunded))
	var lines []string
	if err := j.Postings(t.Context(), app.Period{From: at(0), To: at(59)}, func(p app.Posting) error {
		lines = append(lines, fmt.Sprint(p.Kind, " ", p.Rail, " ", p.Operator, " ", p.Amount, " ", p.OrderID))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := "payment cash Anna 45.00 EUR P1, refund cash Lea -15.00 EUR P1"; strings.Join(lines, ", ") != want {
		t.Errorf("got %q", lines)
	}
	if sums, err := j.Sums(t.Context(), app.Query{Rail: payments.RailCash}); err != nil || len(sums) != 1 || sums[0].Received != (money.Amount{Minor: 3000, Currency: "EUR"}) {
		t.Errorf("%+v, %v", sums, err)
	}
	rebuiltSame(t, j)
}
