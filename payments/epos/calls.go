package epos

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/payments/rest"
)

// Sale asks for a payment on a terminal. Reference is our own, unique for ever
// and on disk before Create is called.
type Sale struct {
	Reference   string // up to 50 letters, digits and "-"
	Amount      money.Amount
	Tip         money.Amount // zero: none
	TerminalID  string       // eight digits
	Description string
	Operator    string // up to 4 characters
}

// Create asks a terminal for a payment. The answer is pending as a rule. After
// ErrUnknown the payment may exist: Lookup. A terminal that is busy gives
// epos.busy, after the list showed that the payment is not there.
func (c *Client) Create(ctx context.Context, s Sale) (Payment, error) {
	const op = "epos.create"
	amount, err := s.amount(op)
	if err != nil {
		return Payment{}, err
	}
	body := map[string]any{
		"reference_number": s.Reference, "amount": amount, "description": s.Description, "terminal_id": s.TerminalID,
		"app_name": c.config.AppName, "app_version": c.config.AppVersion, "operator_code": s.Operator,
	}
	o, err := c.do(ctx, call{op: op, method: http.MethodPost, path: paymentsPath, body: body})
	if err != nil {
		if payments.CodeOf(err) == "rest.409" {
			return c.afterConflict(ctx, op, s)
		}
		return Payment{}, recode(err, map[string]string{"rest.403": "epos.forbidden", "rest.404": "epos.terminal"})
	}
	p := payment(o)
	if p.ID == "" {
		return Payment{}, rest.Wrong(op, "there is no payment in the answer")
	}
	if err := p.Proves(s); err != nil && (p.Reference != "" || !p.Amount.IsZero()) {
		return Payment{}, rest.Wrong(op, "another payment than asked for")
	}
	return p, nil
}

const paymentsPath = "/epos/v1/payments"

// afterConflict tells a busy terminal from a payment that exists already: what
// 409 means is not documented. A reference is sent once and this was its
// answer, so the list is asked for the one case left, a proxy that repeated it.
func (c *Client) afterConflict(ctx context.Context, op string, s Sale) (Payment, error) {
	p, err := c.Lookup(ctx, s.TerminalID, s.Reference)
	switch {
	case errors.Is(err, ErrAbsent):
		return Payment{}, fieldFault(op, "epos.busy", "the terminal is busy")
	case err != nil:
		return Payment{}, &payments.Error{Op: op, Code: payments.CodeOf(err), Err: payments.ErrUnknown}
	case p.Proves(s) != nil:
		return Payment{}, rest.Wrong(op, "another payment has this reference")
	}
	return p, nil
}

// amount checks a sale and encodes its amount for the wire.
func (s Sale) amount(op string) (map[string]any, error) {
	if !reference(s.Reference) || !terminal(s.TerminalID) {
		return nil, fieldFault(op, "epos.reference", "reference or terminal id")
	}
	if len(s.Operator) > 4 || len(s.Description) > 255 || !plain(s.Operator) || !plain(s.Description) {
		return nil, fieldFault(op, "epos.text", "operator or description")
	}
	value, err := encode(op, s.Amount)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"value": value, "currency_code": string(s.Amount.Currency)}
	if s.Tip != (money.Amount{}) {
		if s.Tip.Currency != s.Amount.Currency {
			return nil, fieldFault(op, string(money.ErrMixed), "tip")
		}
		if out["tip"], err = encode(op, s.Tip); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func encode(op string, a money.Amount) (int64, error) {
	value, err := a.EPOS()
	if err == nil {
		err = a.Payable()
	}
	if err != nil {
		return 0, fieldFault(op, err.Error(), "amount")
	}
	return value, nil
}

func reference(text string) bool {
	return text != "" && len(text) <= 50 && !strings.ContainsFunc(text, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

func terminal(text string) bool {
	return len(text) == 8 && !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
}

func plain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// Payment asks what became of a payment; code epos.missing when there is none.
func (c *Client) Payment(ctx context.Context, id string) (Payment, error) {
	const op = "epos.payment"
	path, err := one(op, id)
	if err != nil {
		return Payment{}, err
	}
	o, err := c.do(ctx, call{op: op, method: http.MethodGet, path: path})
	if err != nil {
		return Payment{}, recode(err, missing())
	}
	p := payment(o)
	if p.ID != id {
		return Payment{}, rest.Wrong(op, "another payment than asked for")
	}
	return p, nil
}

func missing() map[string]string { return map[string]string{"rest.404": "epos.missing"} }

// one is the path of one payment.
func one(op, id string) (string, error) {
	if !reference(id) {
		return "", fieldFault(op, "epos.reference", "id of a payment")
	}
	return paymentsPath + "/" + id, nil
}

// Cancel asks for the end of a payment. Nil means that it was asked, nothing
// more: the payment can still succeed, so go on asking Payment.
func (c *Client) Cancel(ctx context.Context, id string) error {
	const op = "epos.cancel"
	path, err := one(op, id)
	if err != nil {
		return err
	}
	_, err = c.do(ctx, call{op: op, method: http.MethodDelete, path: path, bare: true})
	return recode(err, missing())
}

// Reverse asks for the whole of a payment back. The answer is pending as a rule.
// After ErrUnknown ask Payment before anything else.
func (c *Client) Reverse(ctx context.Context, id, terminalID, description string) (Payment, error) {
	const op = "epos.reverse"
	path, err := one(op, id)
	if err != nil {
		return Payment{}, err
	}
	return c.giveBack(ctx, op, path+"/reversal", terminalID, description, nil)
}

// Refund gives money back on a card held to the terminal. The gateway links it
// to no sale and takes no reference: after ErrUnknown only the list of the
// terminal can tell.
func (c *Client) Refund(ctx context.Context, terminalID string, amount money.Amount, description string) (Payment, error) {
	const op = "epos.refund"
	value, err := encode(op, amount)
	if err != nil {
		return Payment{}, err
	}
	return c.giveBack(ctx, op, paymentsPath+"/refund", terminalID, description,
		map[string]any{"value": value, "currency_code": string(amount.Currency)})
}

func (c *Client) giveBack(ctx context.Context, op, path, terminalID, description string, amount map[string]any) (Payment, error) {
	if !terminal(terminalID) || len(description) > 255 || !plain(description) {
		return Payment{}, fieldFault(op, "epos.text", "terminal id or description")
	}
	body := map[string]any{
		"description": description, "terminal_id": terminalID,
		"app_name": c.config.AppName, "app_version": c.config.AppVersion,
	}
	if amount != nil {
		body["amount"] = amount
	}
	o, err := c.do(ctx, call{op: op, method: http.MethodPost, path: path, body: body})
	if err != nil {
		return Payment{}, recode(err, map[string]string{"rest.403": "epos.forbidden", "rest.404": "epos.missing", "rest.409": "epos.busy"})
	}
	p := payment(o)
	if p.ID == "" {
		return Payment{}, rest.Wrong(op, "there is no payment in the answer")
	}
	return p, nil
}

// List is one page of payments. Total members are 0 when not told.
type List struct {
	Payments    []Payment
	Page, Pages int
	Total       int
	More        bool // there is a page after this one
}

// Payments returns one page, from 1, of the payments of a terminal, 1 to 100 a
// page. How they are sorted is not documented.
func (c *Client) Payments(ctx context.Context, terminalID string, page, size int) (List, error) {
	const op = "epos.list"
	if !terminal(terminalID) || page < 1 || size < 1 || size > 100 {
		return List{}, fieldFault(op, "epos.reference", "terminal id, page or size")
	}
	o, err := c.do(ctx, call{op: op, method: http.MethodGet, path: paymentsPath, query: url.Values{
		"terminal_id": {terminalID}, "page": {strconv.Itoa(page)}, "size": {strconv.Itoa(size)},
	}})
	if err != nil {
		return List{}, err
	}
	items, ok := o.List("items", "payments")
	if !ok {
		return List{}, rest.Wrong(op, "there is no list in the answer")
	}
	l := List{Page: page}
	for _, item := range items {
		l.Payments = append(l.Payments, payment(item))
	}
	inner, ok := o.Object("pagination")
	if !ok {
		inner = o
	}
	l.Pages, _ = inner.Int("total_pages")
	l.Total, _ = inner.Int("total_count", "total")
	more, told := inner.Bool("has_next_page")
	l.More = more || !told && (l.Pages > page || l.Pages == 0 && len(items) == size)
	return l, nil
}

// ErrAbsent means that the list was read from both ends and does not hold the
// reference. It is no proof that nothing was charged.
var ErrAbsent = errors.New("not in the list")

// lookupSize and lookupPages are how much Lookup reads at each end of the list.
const (
	lookupSize  = 50
	lookupPages = 2
)

// Lookup finds a payment by its reference in the first two and last two pages
// of a terminal's payments. ErrAbsent when all of them were read and none
// carries it; code epos.twice (ErrUnknown) when more than one does.
func (c *Client) Lookup(ctx context.Context, terminalID, ref string) (Payment, error) {
	const op = "epos.lookup"
	if !reference(ref) {
		return Payment{}, fieldFault(op, "epos.reference", "reference")
	}
	found := map[string]Payment{}
	last := 0
	read := func(page int) error {
		l, err := c.Payments(ctx, terminalID, page, lookupSize)
		if err != nil {
			return err
		}
		last = max(last, l.Pages)
		if l.More {
			last = max(last, page+1)
		}
		for _, p := range l.Payments {
			if p.Reference == ref && p.ID != "" {
				found[p.ID] = p
			}
		}
		return nil
	}
	var pages []int
	for page := 1; page == 1 || page <= min(last, lookupPages); page++ {
		if err := read(page); err != nil {
			return Payment{}, err
		}
		pages = append(pages, page)
	}
	for page := max(last-lookupPages+1, 1); page <= last; page++ {
		if slices.Contains(pages, page) {
			continue
		}
		if err := read(page); err != nil {
			return Payment{}, err
		}
		pages = append(pages, page)
	}
	return single(op, found)
}

func single(op string, found map[string]Payment) (Payment, error) {
	switch len(found) {
	case 0:
		return Payment{}, &payments.Error{Op: op, Code: "epos.missing", Err: ErrAbsent}
	case 1:
		for _, p := range found {
			return p, nil
		}
	}
	return Payment{}, &payments.Error{Op: op, Code: "epos.twice", Err: payments.ErrUnknown}
}

// Terminal is a terminal the gateway can reach.
type Terminal struct {
	TerminalID   string
	SerialNumber string
	Model        string
	Name         string
	Currency     string
	Status       string
}

// Terminals returns the terminals of the merchant, over all pages.
func (c *Client) Terminals(ctx context.Context) ([]Terminal, error) {
	const op, size, most = "epos.terminals", 100, 200
	var list []Terminal
	for page := 1; page <= most; page++ {
		o, err := c.do(ctx, call{op: op, method: http.MethodGet, path: "/pos/v1/terminals", query: url.Values{
			"page": {strconv.Itoa(page)}, "size": {strconv.Itoa(size)},
		}})
		if err != nil {
			return nil, err
		}
		items, ok := o.List("terminals", "items")
		if !ok {
			return nil, rest.Wrong(op, "there is no list in the answer")
		}
		for _, item := range items {
			list = append(list, terminalOf(item))
		}
		if len(items) < size {
			return list, nil
		}
	}
	return nil, rest.Wrong(op, "the list does not end")
}

func terminalOf(o rest.Object) Terminal {
	return Terminal{
		TerminalID: o.Text("terminal_id"), SerialNumber: o.Text("serial_number"), Model: o.Text("model"),
		Name: o.Text("terminal_name"), Currency: o.Text("device_currency"), Status: o.Text("status"),
	}
}

// Terminal returns one terminal with what only its own page tells: name, currency
// and status. Codes epos.terminal, epos.forbidden.
func (c *Client) Terminal(ctx context.Context, terminalID string) (Terminal, error) {
	const op = "epos.terminal"
	if !terminal(terminalID) {
		return Terminal{}, fieldFault(op, "epos.reference", "terminal id")
	}
	o, err := c.do(ctx, call{op: op, method: http.MethodGet, path: "/pos/v1/terminals/" + terminalID})
	if err != nil {
		return Terminal{}, recode(err, map[string]string{"rest.403": "epos.forbidden", "rest.404": "epos.terminal"})
	}
	t := terminalOf(o)
	if t.TerminalID != "" && t.TerminalID != terminalID {
		return Terminal{}, rest.Wrong(op, "another terminal is in the answer")
	}
	t.TerminalID = terminalID
	return t, nil
}

// Active reports whether the gateway calls the terminal active, or tells no status.
func (t Terminal) Active() bool { return t.Status == "" || strings.EqualFold(t.Status, "active") }
