package merchant

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"frontdesk/payments/money"
	"frontdesk/payments/rest"
)

// Account is an account of the merchant. Balance is zero when it cannot be read.
type Account struct {
	Number   string
	Name     string
	Currency money.Currency // empty when not known to package money
	Balance  money.Amount
	Raw      json.RawMessage
}

// Accounts returns all accounts.
func (c *Client) Accounts(ctx context.Context) ([]Account, error) {
	const op = "merchant.accounts"
	return all(op, func(page int) ([]Account, Paging, error) {
		v := url.Values{}
		pages(v, page, pageSize)
		return c.accounts(ctx, call{op: op, method: http.MethodGet, address: c.hosts.Transactions + "/v1.1/accounts", query: v})
	}, func(a Account) string { return a.Number + string(a.Raw) })
}

// Settlement returns the accounts that links and payment requests can be paid
// into.
func (c *Client) Settlement(ctx context.Context) ([]Account, error) {
	list, _, err := c.accounts(ctx, call{
		op: "merchant.settlement", method: http.MethodGet, address: c.hosts.Transactions + online + "/settlement-data",
	})
	return list, err
}

func (c *Client) accounts(ctx context.Context, q call) ([]Account, Paging, error) {
	items, p, err := c.list(ctx, q, "accounts", "settlement_data", "items", "data")
	if err != nil {
		return nil, Paging{}, err
	}
	list := make([]Account, 0, len(items))
	for _, o := range items {
		a := Account{
			Number: o.Text("account_number", "account", "iban"),
			Name:   o.Text("account_name", "name", "custom_name"),
			Raw:    o.Raw(),
		}
		a.Currency, _ = money.ParseCurrency(o.Text("currency", "account_currency"))
		a.Balance, _ = rest.Money(o.Text("available_balance", "balance"), string(a.Currency))
		list = append(list, a)
	}
	return list, p, nil
}

// Languages returns the languages of hosted pages, two letters each.
func (c *Client) Languages(ctx context.Context) ([]string, error) {
	const op = "merchant.languages"
	raw, err := c.do(ctx, call{op: op, method: http.MethodGet, address: c.hosts.Transactions + online + "/languages"})
	if err != nil {
		return nil, err
	}
	items, ok := rest.Elements(raw)
	if o, isObject := rest.Parse(raw); isObject {
		for _, name := range []string{"languages", "items", "data"} {
			if items, ok = rest.Elements(o.Member(name)); ok {
				break
			}
		}
	}
	if !ok {
		return nil, rest.Wrong(op, "there is no list in the answer")
	}
	var list []string
	for _, item := range items {
		code := rest.Scalar(item)
		if o, isObject := rest.Parse(item); isObject {
			code = o.Text("code", "language", "iso", "lang")
		}
		if len(code) == 2 && !slices.Contains(list, code) {
			list = append(list, code)
		}
	}
	return list, nil
}
