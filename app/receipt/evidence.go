package receipt

import (
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// testimony is the evidence of a sale as JSON holds it. Times are RFC 3339 in
// UTC; amounts are decimal texts beside the same in minor units.
type testimony struct {
	Format string        `json:"format"` // "frontdesk-evidence/1"
	Mark   string        `json:"mark,omitempty"`
	Mode   payments.Mode `json:"mode"`
	Desk   string        `json:"desk,omitempty"`
	Made   time.Time     `json:"made"`
	Chain  string        `json:"chain"` // "whole", or what is wrong with it
	Head   headShape     `json:"head"`
	Sale   saleShape     `json:"sale"`
	Events []eventShape  `json:"events"`
}

type headShape struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

type amountShape struct {
	Amount   string         `json:"amount"`
	Minor    int64          `json:"minor"`
	Currency money.Currency `json:"currency"`
}

type saleShape struct {
	ID       app.SaleID     `json:"id"`
	State    app.State      `json:"state"`
	Owed     amountShape    `json:"owed"`
	Received amountShape    `json:"received"`
	Refunded amountShape    `json:"refunded"`
	Client   string         `json:"client,omitempty"`
	Note     string         `json:"note,omitempty"`
	Operator string         `json:"operator,omitempty"`
	Created  time.Time      `json:"created"`
	Erased   time.Time      `json:"words_erased,omitzero"`
	Attempts []attemptShape `json:"attempts"`
}

type attemptShape struct {
	ID        app.AttemptID `json:"id"`
	Rail      payments.Rail `json:"rail"`
	State     app.State     `json:"state"`
	OrderID   string        `json:"order_id"`
	Reference string        `json:"reference,omitempty"`
	Amount    amountShape   `json:"amount"`
	Card      string        `json:"card,omitempty"`
	Last4     string        `json:"last4,omitempty"`
	AuthCode  string        `json:"auth_code,omitempty"`
	Device    string        `json:"device,omitempty"`
	Refunds   []refundShape `json:"refunds,omitempty"`
}

type refundShape struct {
	OrderID   string          `json:"order_id"`
	State     app.RefundState `json:"state"`
	Amount    amountShape     `json:"amount"`
	Reference string          `json:"reference,omitempty"`
	Operator  string          `json:"operator,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	Asked     time.Time       `json:"asked"`
	Settled   time.Time       `json:"settled,omitzero"`
}

// eventShape is one line of the journal. Raw is what was posted, byte for byte;
// Withheld says why it is not here.
type eventShape struct {
	Seq       int64          `json:"seq"`
	Hash      string         `json:"hash"`
	Attempt   app.AttemptID  `json:"attempt,omitempty"`
	Source    app.Source     `json:"source"`
	Kind      app.Kind       `json:"kind"`
	Reference string         `json:"reference,omitempty"`
	Amount    *amountShape   `json:"amount,omitempty"`
	Wall      time.Time      `json:"wall"`
	Mono      int64          `json:"mono_ns"`
	Provider  string         `json:"provider_time,omitempty"`
	Operator  string         `json:"operator,omitempty"`
	Data      map[string]any `json:"data,omitempty"`
	Verified  string         `json:"verified,omitempty"`
	Raw       []byte         `json:"raw,omitempty"`
	Withheld  string         `json:"raw_withheld,omitempty"`
}

// WriteEvidenceJSON writes the evidence of one sale as one JSON object: raw
// notices with the result of their verification, answers, who did what, both
// clocks and each line's place in the chain.
func WriteEvidenceJSON(w io.Writer, e app.Evidence, s Sheet) error {
	t := testimony{
		Format: "frontdesk-evidence/1", Mark: wordOf(text.New("en"), markOf(e.Mode, s.Simulated)), Mode: e.Mode, Desk: e.Desk, Made: e.Made.UTC(), Chain: e.Chain,
		Head: headShape{e.Head.Seq, hex.EncodeToString(e.Head.Hash)}, Sale: shapeSale(e.Sale),
	}
	for _, line := range e.Lines {
		t.Events = append(t.Events, shapeEvent(line))
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(t)
}

func shapeAmount(a money.Amount) amountShape {
	return amountShape{Amount: a.Decimal(), Minor: a.Minor, Currency: a.Currency}
}

func shapeSale(s app.Sale) saleShape {
	shape := saleShape{
		ID: s.ID, State: s.State, Owed: shapeAmount(s.Amount), Received: shapeAmount(s.Received), Refunded: shapeAmount(s.Refunded),
		Client: s.Client, Note: s.Note, Operator: s.Operator, Created: s.Created.UTC(), Erased: s.Erased, Attempts: []attemptShape{},
	}
	for _, a := range s.Attempts {
		attempt := attemptShape{
			ID: a.ID, Rail: a.Rail, State: a.State, OrderID: a.OrderID, Reference: a.Reference, Amount: shapeAmount(a.Amount),
			Card: a.CardName, Last4: lastFour(a.CardLast4), AuthCode: a.AuthCode, Device: a.DeviceLabel,
		}
		for _, r := range a.Refunds {
			attempt.Refunds = append(attempt.Refunds, refundShape{
				OrderID: r.OrderID, State: r.State, Amount: shapeAmount(r.Amount), Reference: r.Reference, Operator: r.Operator,
				Reason: r.Reason, Asked: r.Asked.UTC(), Settled: r.Settled,
			})
		}
		shape.Attempts = append(shape.Attempts, attempt)
	}
	return shape
}

func shapeEvent(line app.EvidenceLine) eventShape {
	e := line.Event
	shape := eventShape{
		Seq: e.Seq, Hash: hex.EncodeToString(line.Hash), Attempt: e.Attempt, Source: e.Source, Kind: e.Kind, Reference: e.Reference,
		Wall: e.Wall.UTC(), Mono: int64(e.Mono), Provider: e.Provider, Operator: e.Operator, Data: told(e), Verified: line.Verified,
	}
	if !e.Amount.IsZero() {
		amount := shapeAmount(e.Amount)
		shape.Amount = &amount
	}
	switch {
	case holdsCard(string(line.Raw)):
		shape.Withheld = "it holds a card number"
	default:
		shape.Raw = line.Raw
	}
	return shape
}

// told is what an event says besides its own fields. What was posted stands by
// itself, words of the customer stand in the sale, and an address under which
// somebody could still pay is nobody's business.
func told(e app.Event) map[string]any {
	var data map[string]any
	if json.Unmarshal(e.Data, &data) != nil {
		return nil
	}
	for _, name := range []string{"raw", "url", "link", "key", "note", "client", "lines"} {
		delete(data, name)
	}
	for name, value := range data {
		if s, ok := value.(string); ok && holdsCard(s) {
			delete(data, name)
		}
	}
	return data
}

// facts writes what an event says as short words, in a fixed order.
func facts(data map[string]any) string {
	var list []string
	for name, value := range data {
		raw, err := json.Marshal(value)
		if err != nil || string(raw) == "{}" || string(raw) == `""` {
			continue
		}
		list = append(list, name+" "+strings.Trim(string(raw), `"`))
	}
	slices.Sort(list)
	return strings.Join(list, apart)
}

// holdsCard reports whether a text holds a run of 13 to 19 digits, blanks and
// hyphens between them, that passes the check of card numbers.
func holdsCard(s string) bool {
	var digits []byte
	check := func() bool {
		return len(digits) >= 13 && len(digits) <= 19 && luhn(digits) && !isTime(digits)
	}
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9':
			digits = append(digits, c-'0')
		case c == ' ' || c == '-':
		default:
			if check() {
				return true
			}
			digits = digits[:0]
		}
	}
	return check()
}

// isTime reports whether 14 digits are a moment, as terminals write it.
func isTime(digits []byte) bool {
	text := make([]byte, len(digits))
	for i, d := range digits {
		text[i] = '0' + d
	}
	t, err := time.Parse("20060102150405", string(text))
	return err == nil && t.Year() >= 2000 && t.Year() < 2100
}

// luhn is the check of card numbers; digits are 0 to 9.
func luhn(digits []byte) bool {
	sum := 0
	for i, d := range slices.Backward(digits) {
		n := int(d)
		if (len(digits)-i)%2 == 0 {
			n *= 2
			if n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}
