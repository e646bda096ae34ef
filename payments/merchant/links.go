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

// Link is a payment link to be made: one article that any number of customers
// can buy. It carries no order id, so a payment by link can be recognised only by Name.
type Link struct {
	Article      string       // item_name
	Price        money.Amount // of one piece
	Account      string       // settlement account; "" leaves it to myPOS
	Language     string       // two letters, "" leaves it to the customer
	Name         string       // custom_name
	Quantity     int          // at least 1
	Website      string
	SMS, Email   bool // notices to the merchant
	AskName      bool
	HideQuantity bool
	Expires      time.Time // last day, as it stands in its own zone; zero: not told
}

// LinkChange changes a link. Members that are nil stay.
type LinkChange struct {
	Language     *string
	Name         *string
	SMS, Email   *bool
	AskName      *bool
	Website      *string
	Enable       *bool // false ends the link
	HideQuantity *bool
	Expires      *time.Time
}

// LinkDetails is a link as the account lists it. Enabled is false when not told.
type LinkDetails struct {
	Code    string
	URL     string
	Name    string
	Article string
	Price   money.Amount
	Status  string // as sent
	Enabled bool
	Expires string // as sent
	Raw     json.RawMessage
}

// CreateLink makes a link and returns its address and code. The code is the
// last part of the address when the answer names none.
func (c *Client) CreateLink(ctx context.Context, l Link) (Created, error) {
	const op = "merchant.create_link"
	if err := l.Price.Chargeable(); err != nil {
		return Created{}, fieldFault(op, err.Error(), "price")
	}
	l.Article, l.Name = words(l.Article, maxWords), words(l.Name, maxWords)
	if l.Article == "" || l.Name == "" || l.Quantity < 1 {
		return Created{}, fieldFault(op, "rest.field", "article, name or quantity is missing")
	}
	if err := sendable(op, l.Account, l.Language, l.Website); err != nil {
		return Created{}, err
	}
	body := map[string]any{
		"item_name": l.Article, "item_price": number(l.Price), "currency": string(l.Price.Currency),
		"account_number": l.Account, "custom_name": l.Name, "quantity": l.Quantity,
		"send_sms": l.SMS, "send_email": l.Email, "ask_for_customer_name": l.AskName, "hide_quantity": l.HideQuantity,
	}
	put(body, "pref_language", strings.ToUpper(l.Language), "website", l.Website)
	putDay(body, "expired_date", l.Expires)
	o, err := c.object(ctx, call{op: op, method: http.MethodPost, address: c.hosts.Transactions + online + "/link", body: body})
	if err != nil {
		return Created{}, err
	}
	made := Created{o.Text("code"), o.Text("url", "payment_url")}
	if !pageAddress(made.URL) {
		return Created{}, rest.Wrong(op, "no address in the answer")
	}
	if u, err := url.Parse(made.URL); made.Code == "" && err == nil {
		made.Code = u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	}
	return made, nil
}

// Links returns one page of links; status "" is any.
func (c *Client) Links(ctx context.Context, page, size int, status string) ([]LinkDetails, Paging, error) {
	v := url.Values{}
	pages(v, page, size)
	narrow(v, "status", status)
	items, p, err := c.list(ctx, call{
		op: "merchant.links", method: http.MethodGet, address: c.hosts.Transactions + online + "/links", query: v,
	}, "items", "links")
	if err != nil {
		return nil, Paging{}, err
	}
	list := make([]LinkDetails, 0, len(items))
	for _, o := range items {
		list = append(list, linkDetails(o))
	}
	return list, p, nil
}

// Link returns one link by its code.
func (c *Client) Link(ctx context.Context, code string) (LinkDetails, error) {
	return c.oneLink(ctx, "merchant.link", http.MethodGet, code, nil)
}

// ChangeLink changes a link and returns it as it is then.
func (c *Client) ChangeLink(ctx context.Context, code string, ch LinkChange) (LinkDetails, error) {
	const op = "merchant.change_link"
	body := map[string]any{}
	for name, text := range map[string]*string{"pref_lang": ch.Language, "custom_name": ch.Name, "website": ch.Website} {
		if text == nil {
			continue
		}
		if err := sendable(op, *text); err != nil {
			return LinkDetails{}, err
		}
		body[name] = *text
	}
	for name, on := range map[string]*bool{
		"send_sms": ch.SMS, "send_email": ch.Email, "sens_email": ch.Email, // the table and the sample differ
		"ask_for_customer_name": ch.AskName, "enable": ch.Enable, "hide_quantity": ch.HideQuantity,
	} {
		if on != nil {
			body[name] = *on
		}
	}
	if ch.Expires != nil {
		putDay(body, "expired_date", *ch.Expires)
	}
	if len(body) == 0 {
		return LinkDetails{}, fieldFault(op, "rest.field", "nothing to change")
	}
	return c.oneLink(ctx, op, http.MethodPatch, code, body)
}

// DeleteLink removes a link.
func (c *Client) DeleteLink(ctx context.Context, code string) error {
	const op = "merchant.delete_link"
	part, ok := pathPart(code)
	if !ok {
		return fieldFault(op, "rest.field", "code")
	}
	_, err := c.do(ctx, call{op: op, method: http.MethodDelete, address: c.hosts.Transactions + online + "/link/" + part, bare: true})
	return err
}

func (c *Client) oneLink(ctx context.Context, op, method, code string, body map[string]any) (LinkDetails, error) {
	part, ok := pathPart(code)
	if !ok {
		return LinkDetails{}, fieldFault(op, "rest.field", "code")
	}
	q := call{op: op, method: method, address: c.hosts.Transactions + online + "/link/" + part}
	if body != nil {
		q.body = body
	}
	o, err := c.object(ctx, q)
	if err != nil {
		return LinkDetails{}, err
	}
	if inner, ok := o.Object("link"); ok {
		o = inner
	}
	l := linkDetails(o)
	if l.Code == "" {
		l.Code = code
	}
	if l.Code != code {
		return LinkDetails{}, rest.Wrong(op, "another link than asked for")
	}
	return l, nil
}

func linkDetails(o rest.Object) LinkDetails {
	l := LinkDetails{
		Code:    o.Text("code"),
		URL:     o.Text("url", "payment_url"),
		Name:    o.Text("custom_name", "name"),
		Article: o.Text("item_name"),
		Status:  o.Text("status"),
		Expires: o.Text("expired_date", "expire_date"),
		Raw:     o.Raw(),
	}
	l.Price, _ = rest.Money(o.Text("item_price", "amount"), o.Text("currency"))
	l.Enabled, _ = o.Bool("enable", "enabled", "is_active")
	if l.URL != "" && !pageAddress(l.URL) {
		l.URL = ""
	}
	return l
}
