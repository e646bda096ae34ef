package merchant

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"frontdesk/payments/money"
	"frontdesk/payments/rest"
)

// Sign says which way money went. The words of the API are not certain, so an
// unknown one is neither.
type Sign string

// Signs.
const (
	Credit Sign = "credit" // into the account
	Debit  Sign = "debit"  // out of it
)

// Transaction is one line of the account (spec 10.2). Amounts are zero when
// number or currency cannot be read without guessing. Raw is the line as
// received and is kept as evidence.
type Transaction struct {
	ID              string // number of the line
	Reference       string // payment_reference, e.g. POSA00120029SK5F
	Type            string // three digits; 001 fee, 002 cash, 003 bank transfer
	Operation       string // operation_type
	Sign            Sign   // empty when not understood
	Amount          money.Amount
	Original        money.Amount // before conversion; Amount when the line names none
	Date            time.Time    // zero when not understood; without zone it is taken for UTC
	When            string       // the date as sent
	ReferenceNumber string       // own reference of the payment
	TerminalID      string
	SerialNumber    string
	Account         string
	Texts           []string // every text of the line, in the order sent
	Raw             json.RawMessage
}

// Query narrows a list of transactions. Zero members narrow nothing.
type Query struct {
	Page, Size int       // Size 1 to 100
	Oldest     bool      // oldest first; newest first otherwise
	From, To   time.Time // moments
	Types      []string  // three digits each
	After      string    // start_trn_id: only lines after this id
}

// Transactions returns one page of the account's lines, newest first.
func (c *Client) Transactions(ctx context.Context, q Query) ([]Transaction, Paging, error) {
	const op = "merchant.transactions"
	v := url.Values{"order": {"1"}}
	if q.Oldest {
		v.Set("order", "0")
	}
	pages(v, q.Page, q.Size)
	if !q.From.IsZero() {
		v.Set("from_date", q.From.UTC().Format(stampLayout))
	}
	if !q.To.IsZero() {
		v.Set("to_date", q.To.UTC().Format(stampLayout))
	}
	narrow(v, "transaction_types", strings.Join(q.Types, ","), "start_trn_id", q.After)
	items, p, err := c.list(ctx, call{
		op: op, method: http.MethodGet, address: c.hosts.Transactions + "/v1.1/transactions", query: v,
	}, "transactions", "items")
	if err != nil {
		return nil, Paging{}, err
	}
	list := make([]Transaction, 0, len(items))
	for _, o := range items {
		list = append(list, transaction(o))
	}
	return list, p, nil
}

// stampLayout is how moments stand in a question.
const stampLayout = "2006-01-02T15:04:05Z"

func transaction(o rest.Object) Transaction {
	t := Transaction{
		ID:              o.Text("id", "transaction_id"),
		Reference:       o.Text("payment_reference", "reference"),
		Type:            o.Text("transaction_type"),
		Operation:       o.Text("operation_type"),
		Sign:            sign(o.Text("sign")),
		When:            o.Text("date", "transaction_date"),
		ReferenceNumber: o.Text("reference_number"),
		TerminalID:      o.Text("terminal_id"),
		SerialNumber:    o.Text("serial_number"),
		Account:         o.Text("account_number"),
		Texts:           o.Texts(),
		Raw:             o.Raw(),
	}
	t.Date = moment(t.When)
	amount, currency := o.Text("transaction_amount", "amount"), o.Text("transaction_currency", "currency")
	t.Amount, _ = rest.Money(amount, currency)
	original, in := o.Text("original_amount"), o.Text("original_currency")
	if original == "" && in == "" {
		original, in = amount, currency
	}
	t.Original, _ = rest.Money(original, in)
	return t
}

func sign(text string) Sign {
	switch strings.ToUpper(strings.TrimSpace(text)) {
	case "C", "CR", "CREDIT", "+":
		return Credit
	case "D", "DR", "DEBIT", "-":
		return Debit
	}
	return ""
}

// moment reads the times seen in samples; zero for anything else.
func moment(text string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return t
		}
	}
	return time.Time{}
}

// Line is one line of the details of a transaction. An empty value makes it a
// heading.
type Line struct{ Title, Value string }

// Details are what the account tells about one transaction. Reversal and Fee
// are false when not told.
type Details struct {
	Reference     string
	Type          string
	CanBeReversed bool
	Reversal, Fee bool
	Lines         []Line
	Raw           json.RawMessage
}

// Transaction returns the details of one transaction by its payment reference.
func (c *Client) Transaction(ctx context.Context, reference string) (Details, error) {
	const op = "merchant.transaction"
	part, ok := pathPart(reference)
	if !ok {
		return Details{}, fieldFault(op, "rest.field", "payment reference")
	}
	o, err := c.object(ctx, call{op: op, method: http.MethodGet, address: c.hosts.Transactions + "/v1.1/transactions/" + part})
	if err != nil {
		return Details{}, err
	}
	d := details(o)
	if d.Reference == "" {
		d.Reference = reference
	}
	if d.Reference != reference {
		return Details{}, rest.Wrong(op, "another transaction than asked for")
	}
	return d, nil
}

// maxDetails is how many references one question may name.
const maxDetails = 5

// Details returns the details of up to five transactions, in the order of the
// answer; references that were not answered are missing.
func (c *Client) Details(ctx context.Context, references ...string) ([]Details, error) {
	const op = "merchant.details"
	if len(references) == 0 || len(references) > maxDetails {
		return nil, fieldFault(op, "rest.field", "one to five references")
	}
	for _, r := range references {
		if _, ok := pathPart(r); !ok || strings.Contains(r, ",") {
			return nil, fieldFault(op, "rest.field", "payment reference")
		}
	}
	items, _, err := c.list(ctx, call{
		op: op, method: http.MethodGet, address: c.hosts.Transactions + "/v1.1/transactions/details",
		query: url.Values{"references": {strings.Join(references, ",")}},
	}, "transactions_details", "details", "items")
	if err != nil {
		return nil, err
	}
	list := make([]Details, 0, len(items))
	for _, o := range items {
		list = append(list, details(o))
	}
	return list, nil
}

func details(o rest.Object) Details {
	d := Details{Reference: o.Text("reference", "payment_reference"), Raw: o.Raw()}
	if g, ok := o.Object("general"); ok {
		d.Type = g.Text("transactionType", "transaction_type")
		d.CanBeReversed, _ = g.Bool("canRequestReversal")
		d.Reversal, _ = g.Bool("isReversal")
		d.Fee, _ = g.Bool("isFee")
	}
	lines, _ := o.List("details")
	for _, l := range lines {
		d.Lines = append(d.Lines, Line{l.Text("title"), l.Text("value")})
	}
	return d
}
