package merchant

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/payments/rest"
)

// Device is a terminal of the account. Raw is the object as received.
type Device struct {
	TerminalID   string // 8 digits
	SerialNumber string
	Model        string
	Name         string // of the terminal, often empty
	Status       string // "Active"; empty when not told
	Currency     string // empty when not told
	Raw          json.RawMessage
}

// DeviceQuery narrows a list of devices. Zero members narrow nothing.
type DeviceQuery struct {
	Page, Size   int // Size 1 to 100
	TerminalID   string
	SerialNumber string
	Model        string
}

// pageSize is the most a list gives at once; maxPages is where a list that does
// not end is given up.
const (
	pageSize = 100
	maxPages = 200
)

// Devices returns all devices of the account, over all pages.
func (c *Client) Devices(ctx context.Context) ([]Device, error) {
	const op = "merchant.devices"
	return all(op, func(page int) ([]Device, Paging, error) {
		return c.DevicePage(ctx, DeviceQuery{Page: page, Size: pageSize})
	}, func(d Device) string { return string(d.Raw) })
}

// all reads a list to its end; one that never ends gives rest.pages. An item
// that was seen before (the list moved) is left out.
func all[T any](op string, get func(page int) ([]T, Paging, error), key func(T) string) ([]T, error) {
	var list []T
	seen := map[string]bool{}
	read := 0
	for page := 1; page <= maxPages; page++ {
		items, p, err := get(page)
		if err != nil {
			return nil, err
		}
		fresh := 0
		for _, item := range items {
			if k := key(item); !seen[k] {
				seen[k] = true
				list, fresh = append(list, item), fresh+1
			}
		}
		read += len(items)
		if p.Ended(len(items), fresh, read) {
			return list, nil
		}
	}
	return nil, endless(op)
}

func endless(op string) error {
	return &payments.Error{Op: op, Code: "rest.pages", Err: payments.ErrUnknown}
}

// DevicePage returns one page of devices. When the newer call is not there, the
// older one is asked, which wants a body of {} (terminals 5).
func (c *Client) DevicePage(ctx context.Context, q DeviceQuery) ([]Device, Paging, error) {
	const op = "merchant.devices"
	v := url.Values{}
	pages(v, q.Page, q.Size)
	narrow(v, "terminal_id", q.TerminalID, "serial_number", q.SerialNumber, "model", q.Model)
	items, p, err := c.list(ctx, call{op: op, method: http.MethodGet, address: c.hosts.Devices + "/v1.1/devices", query: v}, "devices", "terminals", "items")
	if payments.CodeOf(err) == "rest.404" {
		items, p, err = c.list(ctx, call{
			op: op, method: http.MethodGet, address: c.hosts.Devices + "/v1/devices", query: v, body: struct{}{},
		}, "devices", "terminals", "items")
	}
	if err != nil {
		return nil, Paging{}, err
	}
	devices := make([]Device, 0, len(items))
	for _, o := range items {
		devices = append(devices, device(o))
	}
	return devices, p, nil
}

// Device returns one device by its terminal id; code rest.404 when the account
// has none.
func (c *Client) Device(ctx context.Context, terminalID string) (Device, error) {
	const op = "merchant.device"
	part, ok := pathPart(terminalID)
	if !ok {
		return Device{}, fieldFault(op, "rest.field", "terminal id")
	}
	o, err := c.object(ctx, call{op: op, method: http.MethodGet, address: c.hosts.Devices + "/v1.1/devices/" + part})
	if err != nil {
		return Device{}, err
	}
	if inner, ok := o.Object("device"); ok {
		o = inner
	}
	d := device(o)
	if d.TerminalID != terminalID {
		return Device{}, rest.Wrong(op, "another device than asked for")
	}
	return d, nil
}

func device(o rest.Object) Device {
	return Device{
		TerminalID:   o.Text("terminal_id", "tid"),
		SerialNumber: o.Text("serial_number", "serial"),
		Model:        o.Text("model", "terminal_model"),
		Name:         o.Text("terminal_name", "name"),
		Status:       o.Text("status"),
		Currency:     o.Text("device_currency", "currency"),
		Raw:          o.Raw(),
	}
}

// DeviceTransactionQuery narrows the payments of devices. Zero members narrow
// nothing; without days myPOS gives those of today.
type DeviceTransactionQuery struct {
	Page, Size      int
	From, To        time.Time // days, as they stand in their own zone
	TerminalID      string    // empty: all devices
	RRN, STAN       string
	ReferenceNumber string
}

// DeviceTransaction is a card-present payment as the account lists it. Amount
// is zero when number or currency cannot be read without guessing.
type DeviceTransaction struct {
	Reference       string // payment_reference
	ReferenceNumber string // our own, as sent to the terminal
	TerminalID      string
	Amount          money.Amount
	RRN, STAN       string
	CardLast4       string
	Status          string // as sent; proves nothing by itself
	PaymentStatus   string
	When            string // as sent
	Raw             json.RawMessage
}

// DeviceTransactions returns one page of the payments of devices.
func (c *Client) DeviceTransactions(ctx context.Context, q DeviceTransactionQuery) ([]DeviceTransaction, Paging, error) {
	const op = "merchant.device_transactions"
	address := c.hosts.Devices + "/v1.1/devices/transactions"
	if q.TerminalID != "" {
		part, ok := pathPart(q.TerminalID)
		if !ok {
			return nil, Paging{}, fieldFault(op, "rest.field", "terminal id")
		}
		address = c.hosts.Devices + "/v1.1/devices/" + part + "/transactions"
	}
	v := url.Values{}
	pages(v, q.Page, q.Size)
	days(v, q.From, q.To)
	narrow(v, "rrn", q.RRN, "stan", q.STAN, "reference_number", q.ReferenceNumber)
	items, p, err := c.list(ctx, call{op: op, method: http.MethodGet, address: address, query: v}, "transactions", "items")
	if err != nil {
		return nil, Paging{}, err
	}
	list := make([]DeviceTransaction, 0, len(items))
	for _, o := range items {
		t := DeviceTransaction{
			Reference:       o.Text("payment_reference"),
			ReferenceNumber: o.Text("reference_number"),
			TerminalID:      o.Text("terminal_id"),
			RRN:             o.Text("rrn"),
			STAN:            o.Text("stan"),
			CardLast4:       last4(o.Text("pan")),
			Status:          o.Text("tran_status", "status"),
			PaymentStatus:   o.Text("payment_status"),
			When:            o.Text("date", "transaction_date", "created_at"),
			Raw:             o.Raw(),
		}
		t.Amount, _ = rest.Money(o.Text("amount", "transaction_amount"), o.Text("currency", "transaction_currency"))
		list = append(list, t)
	}
	return list, p, nil
}

// last4 keeps the last four digits of a masked card number.
func last4(pan string) string {
	if len(pan) < 4 {
		return ""
	}
	tail := pan[len(pan)-4:]
	for _, d := range []byte(tail) {
		if d < '0' || d > '9' {
			return ""
		}
	}
	return tail
}

// RefundDevice gives money back for a card-present payment by its reference
// number. Nil means that myPOS took it. After ErrUnknown look at the list
// (DeviceTransactions) before anything else: the money may be on its way.
func (c *Client) RefundDevice(ctx context.Context, terminalID, referenceNumber string, amount money.Amount) error {
	const op = "merchant.device_refund"
	part, ok := pathPart(terminalID)
	if !ok || referenceNumber == "" || len(referenceNumber) > 50 || !plainText(referenceNumber) {
		return fieldFault(op, "rest.field", "terminal id or reference number")
	}
	if err := amount.Payable(); err != nil {
		return fieldFault(op, err.Error(), "amount")
	}
	_, err := c.do(ctx, call{
		op: op, method: http.MethodPost, address: c.hosts.Devices + "/v1.1/devices/" + part + "/refund", bare: true,
		body: map[string]any{"reference_number": referenceNumber, "amount": number(amount)},
	})
	return err
}

// number is an amount as a JSON number with the decimals of the wire.
func number(a money.Amount) json.RawMessage { return json.RawMessage(a.Checkout()) }

func pages(v url.Values, page, size int) {
	if page > 0 {
		v.Set("page", strconv.Itoa(page))
	}
	if size > 0 {
		v.Set("size", strconv.Itoa(min(size, pageSize)))
	}
}

// narrow adds pairs of name and value, empty values left out.
func narrow(v url.Values, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
}

func days(v url.Values, from, to time.Time) {
	if !from.IsZero() {
		v.Set("from_date", from.Format(time.DateOnly))
	}
	if !to.IsZero() {
		v.Set("to_date", to.Format(time.DateOnly))
	}
}
