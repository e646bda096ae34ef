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

// online is the path of online payments.
const online = "/v1.1/online-payments"

// Request asks for a payment on myPOS's page. With ClientName empty it is made
// for a QR code (qr_generated): payable only by whoever has its address. With
// one it is a normal request, which needs Language too. Empty members are left
// out. Reason, DBA and ClientName are free text and made safe to send.
type Request struct {
	Amount      money.Amount
	BookingText string    // our own id; comes back in the account; sent as it is or refused
	Reason      string    // shown to the customer
	DBA         string    // on the customer's statement
	ClientName  string    // normal requests only
	Language    string    // two letters; normal requests only
	Expires     time.Time // last day, as it stands in its own zone; zero: not told
	NotifyGSM   string    // number that gets a message when paid
}

// Created is a payment request that was made: its code and the address of the
// page, which can be put into a QR code.
type Created struct{ Code, URL string }

// CreateRequest makes a payment request. It cannot be taken back: no call for
// that exists. After ErrUnknown it may exist; Requests with the booking text
// shows it, and nothing was paid before its address was shown to anybody.
func (c *Client) CreateRequest(ctx context.Context, r Request) (Created, error) {
	const op = "merchant.create_request"
	r.Reason, r.DBA, r.ClientName = words(r.Reason, maxWords), words(r.DBA, maxDBA), words(r.ClientName, maxWords)
	if err := r.check(op); err != nil {
		return Created{}, err
	}
	body := map[string]any{
		"qr_generated": r.ClientName == "",
		"amount":       number(r.Amount),
		"currency":     string(r.Amount.Currency),
	}
	put(body, "client_name", r.ClientName, "payment_request_lang", strings.ToUpper(r.Language), "reason", r.Reason,
		"booking_text", r.BookingText, "dba", r.DBA, "notify_gsm", r.NotifyGSM)
	putDay(body, "expired_date", r.Expires)
	o, err := c.object(ctx, call{op: op, method: http.MethodPost, address: c.hosts.Transactions + online + "/payment-request", body: body})
	if err != nil {
		return Created{}, err
	}
	made := Created{o.Text("code"), o.Text("payment_request_url", "url")}
	if made.Code == "" || !pageAddress(made.URL) {
		return Created{}, rest.Wrong(op, "no code or no address in the answer")
	}
	return made, nil
}

func (r Request) check(op string) error {
	if err := r.Amount.Chargeable(); err != nil {
		return fieldFault(op, err.Error(), "amount")
	}
	if (r.ClientName == "") != (r.Language == "") || r.Language != "" && len(r.Language) != 2 {
		return fieldFault(op, "rest.field", "a normal request needs name and language, one for a QR code has neither")
	}
	return sendable(op, r.BookingText, r.Language, r.NotifyGSM)
}

// pageAddress reports whether text can be shown as the address of a page.
func pageAddress(text string) bool {
	if len(text) > 2048 || !plainText(text) {
		return false
	}
	plain, _, _ := strings.Cut(text, "?")
	plain, _, _ = strings.Cut(plain, "#")
	_, ok := rest.Host(plain)
	return ok
}

// put adds pairs of name and text, empty texts left out.
func put(body map[string]any, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			body[pairs[i]] = pairs[i+1]
		}
	}
}

func putDay(body map[string]any, name string, day time.Time) {
	if !day.IsZero() {
		body[name] = day.Format(time.DateOnly)
	}
}

// PaymentRequest is a request as the account lists it. Status is a number whose
// meaning is not published: it may be shown, it proves nothing. Amount is zero
// when it cannot be read without guessing.
type PaymentRequest struct {
	Code        string
	URL         string
	Status      string
	Amount      money.Amount
	BookingText string
	Reason      string
	ClientName  string
	Created     string // as sent
	Expires     string // as sent
	Raw         json.RawMessage
}

// RequestQuery narrows a list of payment requests. Zero members narrow nothing,
// but for Currency: myPOS takes EUR when none is named.
type RequestQuery struct {
	Page, Size  int // Size 1 to 100
	Status      string
	Code        string
	Currency    money.Currency
	From, To    time.Time // days
	BookingText string
	ClientName  string
}

// Requests returns one page of payment requests.
func (c *Client) Requests(ctx context.Context, q RequestQuery) ([]PaymentRequest, Paging, error) {
	const op = "merchant.requests"
	v := url.Values{}
	size := q.Size
	if size == 0 {
		size = pageSize
	}
	pages(v, q.Page, size)
	days(v, q.From, q.To)
	narrow(v, "status", q.Status, "code", q.Code, "currency", string(q.Currency),
		"booking_text", q.BookingText, "client_name", q.ClientName)
	items, p, err := c.list(ctx, call{
		op: op, method: http.MethodGet, address: c.hosts.Transactions + online + "/payment-requests", query: v,
	}, "items", "payment_requests")
	if err != nil {
		return nil, Paging{}, err
	}
	list := make([]PaymentRequest, 0, len(items))
	for _, o := range items {
		list = append(list, paymentRequest(o))
	}
	return list, p, nil
}

// Request returns one payment request by its code.
func (c *Client) Request(ctx context.Context, code string) (PaymentRequest, error) {
	const op = "merchant.request"
	part, ok := pathPart(code)
	if !ok {
		return PaymentRequest{}, fieldFault(op, "rest.field", "code")
	}
	return c.oneRequest(ctx, code, call{op: op, method: http.MethodGet, address: c.hosts.Transactions + online + "/payment-request/" + part})
}

// Remind sends the customer a reminder by text message, e-mail or both.
func (c *Client) Remind(ctx context.Context, code, gsm, email string) (PaymentRequest, error) {
	const op = "merchant.remind"
	part, ok := pathPart(code)
	if !ok || gsm == "" && email == "" {
		return PaymentRequest{}, fieldFault(op, "rest.field", "code, or neither number nor address")
	}
	if err := sendable(op, gsm, email); err != nil {
		return PaymentRequest{}, err
	}
	body := map[string]any{}
	put(body, "gsm", gsm, "email", email)
	return c.oneRequest(ctx, code, call{
		op: op, method: http.MethodPatch, body: body,
		address: c.hosts.Transactions + online + "/payment-request/" + part + "/reminder",
	})
}

func (c *Client) oneRequest(ctx context.Context, code string, q call) (PaymentRequest, error) {
	o, err := c.object(ctx, q)
	if err != nil {
		return PaymentRequest{}, err
	}
	if inner, ok := o.Object("payment_request", "details"); ok {
		o = inner
	}
	r := paymentRequest(o)
	if r.Code == "" {
		r.Code = code
	}
	if r.Code != code {
		return PaymentRequest{}, rest.Wrong(q.op, "another request than asked for")
	}
	return r, nil
}

func paymentRequest(o rest.Object) PaymentRequest {
	r := PaymentRequest{
		Code:        o.Text("code"),
		URL:         o.Text("payment_request_url", "url"),
		Status:      o.Text("status"),
		BookingText: o.Text("booking_text"),
		Reason:      o.Text("reason"),
		ClientName:  o.Text("client_name"),
		Created:     o.Text("created_at", "date", "created_date"),
		Expires:     o.Text("expired_date", "expire_date"),
		Raw:         o.Raw(),
	}
	r.Amount, _ = rest.Money(o.Text("amount"), o.Text("currency"))
	if r.URL != "" && !pageAddress(r.URL) {
		r.URL = ""
	}
	return r
}
