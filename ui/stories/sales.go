package stories

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

//go:embed data/qr.txt
var code string

// Link is the address that the code of the stories holds.
const Link = "https://mirabelle.example/p/7K3QX9M2TDHBZ4N8RVWCJ5E6GA"

// modules reads the picture of the code.
func modules() [][]bool {
	var rows [][]bool
	for line := range strings.Lines(code) {
		line = strings.TrimSpace(line)
		row := make([]bool, len(line))
		for i := range line {
			row[i] = line[i] == '#'
		}
		rows = append(rows, row)
	}
	return rows
}

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

// sample describes an invented sale.
type sample struct {
	client, note string
	minor        int64
	state        app.State
	ago          time.Duration // since Charge was pressed
	card, words  string
	reason       string
	refunded     int64
	received     int64
	rail         payments.Rail
}

// sale makes a sale with one attempt from a sample.
func (s sample) sale() app.Sale {
	created := now().Add(-s.ago)
	if s.words == "" {
		s.words = "BLUE TULIP"
	}
	if s.rail == "" {
		s.rail = payments.RailLink
	}
	id := fmt.Sprintf("M7Q2XK49TDHB%04d", s.minor%10000)
	a := app.Attempt{
		ID: app.AttemptID(id), Rail: s.rail, State: s.state, OrderID: "PM7Q2XK49TDHB0C3RWZ5", Amount: eur(s.minor),
		Link: Link, Words: s.words, CardLast4: s.card, Offered: created.Add(time.Second), Expires: created.Add(15 * time.Minute),
		Checked: now().Add(-4 * time.Second), Reason: s.reason,
	}
	received := s.received
	switch s.state {
	case app.Paid, app.PartRefunded, app.Refunded, app.PaidLate:
		a.Reference, received = "813 705 42", s.minor-s.refunded
	case app.Overpaid: // the page was paid after the terminal
		a.Reference, a.State = "813 705 42", app.PaidLate
	case app.Found:
		a.Reference = "813 705 42"
	case app.Withdrawn:
		if s.reason != "" {
			a.Link, a.Offered = "", time.Time{}
		}
	case app.Preparing:
		a.Link, a.Offered = "", time.Time{}
	case app.Unknown:
		a.NextCheck = now().Add(8 * time.Second)
		a.Checked = now().Add(-5 * time.Second)
	}
	return app.Sale{
		ID: app.SaleID(id), Seq: 1000 - int64(s.ago/time.Second), Revision: 10, State: s.state, Amount: eur(s.minor),
		Received: eur(received), Refunded: eur(s.refunded),
		Lines: []app.Line{{Label: s.note, Amount: eur(s.minor)}}, Client: s.client, Operator: "Nora", Created: created,
		Attempts: []app.Attempt{a},
	}
}

func (s sample) checkout() app.Checkout {
	c := app.Checkout{Sale: s.sale()}
	switch s.state {
	case app.Offered, app.Opened, app.Declined, app.Cancelling:
		c.QR = modules()
	}
	return c
}

// moment is one event some time before now.
type moment struct {
	ago    time.Duration
	kind   app.Kind
	source app.Source
	data   any
}

// tale turns moments into the events of a sale, oldest first.
func tale(s sample, moments ...moment) ([]app.Event, error) {
	sale := s.sale()
	start := []moment{
		{s.ago, app.SaleOpened, app.FromOperator, app.SaleData{Client: s.client}},
		{s.ago, app.AttemptIntended, app.FromDesk, app.IntentData{Rail: payments.RailLink, Words: sale.Attempts[0].Words}},
		{s.ago - time.Second, app.AttemptOffered, app.FromDesk, app.OfferData{URL: Link}},
	}
	switch {
	case s.state == app.Found:
		start = nil
	case sale.Attempts[0].Offered.IsZero():
		start = start[:2]
	}
	var events []app.Event
	for i, m := range append(start, moments...) {
		raw, err := json.Marshal(m.data)
		if err != nil {
			return nil, err
		}
		amount := sale.Amount
		if m.kind == app.RefundIntended || m.kind == app.RefundSettled {
			amount = sale.Refunded
		}
		events = append(events, app.Event{
			Seq: int64(i + 1), Sale: sale.ID, Attempt: sale.Attempts[0].ID, Source: m.source, Kind: m.kind, Data: raw,
			Wall: now().Add(-m.ago), Amount: amount, Operator: "Nora", Reference: reference(m.kind),
		})
	}
	return events, nil
}

func reference(k app.Kind) string {
	if k == app.PaymentSeen {
		return "813 705 42"
	}
	return ""
}
