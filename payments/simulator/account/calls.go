package account

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

const stampLayout = "2006-01-02T15:04:05Z"

// nobody is for calls that are about no order.
func nobody(*Account, *ask) string { return "" }

// aboutBody names the order in a member of the body.
func aboutBody(member string) func(*Account, *ask) string {
	return func(_ *Account, q *ask) string {
		f := form{members: looseForm(q.body)}
		return f.text(member, false, 255)
	}
}

// aboutCode names the order of the request in the path.
func aboutCode(a *Account, q *ask) string {
	if r := a.book.requests[q.PathValue("code")]; r != nil {
		return r.BookingText
	}
	return ""
}

// restCalls are the calls of the account's API by pattern.
func restCalls() map[string]restCall {
	const online = "/v1.1/online-payments"
	const span = "from_date to_date "
	return map[string]restCall{
		"POST /oauth/token":              {name: "rest.token", about: nobody, work: postToken, open: true},
		"GET /v1.1/transactions":         {name: "rest.transactions", about: nobody, work: getTransactions, params: span + "page size order transaction_types start_trn_id"},
		"GET /v1.1/transactions/details": {name: "rest.details", about: nobody, work: getDetails, params: "references"},
		"GET /v1.1/transactions/{ref}":   {name: "rest.transaction", about: nobody, work: getTransaction},
		"GET /v1.1/accounts":             {name: "rest.accounts", about: nobody, work: getAccounts, params: "page size"},
		"GET " + online + "/languages":   {name: "rest.languages", about: nobody, work: getLanguages},
		"GET " + online + "/settlement-data": {
			name: "rest.settlement", about: nobody, work: getSettlement,
		},
		"POST " + online + "/payment-request": {
			name: "rest.create_request", about: aboutBody("booking_text"), work: postRequest, body: true,
		},
		"GET " + online + "/payment-requests": {
			name: "rest.requests", about: nobody, work: getRequests,
			params: span + "page size status code from_amount to_amount currency client_name reason booking_text",
		},
		"GET " + online + "/payment-request/{code}":            {name: "rest.request", about: aboutCode, work: getRequest},
		"PATCH " + online + "/payment-request/{code}/reminder": {name: "rest.remind", about: aboutCode, work: patchReminder, body: true},

		"POST " + online + "/link":          {name: "rest.create_link", about: aboutBody("custom_name"), work: postLink, body: true},
		"GET " + online + "/links":          {name: "rest.links", about: nobody, work: getLinks, params: "page size status"},
		"GET " + online + "/link/{code}":    {name: "rest.link", about: nobody, work: getLink},
		"PATCH " + online + "/link/{code}":  {name: "rest.change_link", about: nobody, work: patchLink, body: true},
		"DELETE " + online + "/link/{code}": {name: "rest.delete_link", about: nobody, work: deleteLink},

		"GET /v1/devices":                      {name: "rest.devices_v1", about: nobody, work: getDevicesV1, params: "page size terminal_id serial_number model", body: true},
		"GET /v1.1/devices":                    {name: "rest.devices", about: nobody, work: getDevices, params: "page size terminal_id serial_number model"},
		"GET /v1.1/devices/{tid}":              {name: "rest.device", about: nobody, work: getDevice},
		"GET /v1.1/devices/transactions":       {name: "rest.device_transactions", about: nobody, work: getDeviceTransactions, params: deviceParams + " terminal_id"},
		"GET /v1.1/devices/{tid}/transactions": {name: "rest.device_transactions", about: nobody, work: getDeviceTransactions, params: deviceParams},
		"POST /v1.1/devices/{tid}/refund":      {name: "rest.device_refund", about: aboutBody("reference_number"), work: postDeviceRefund, body: true},
	}
}

const deviceParams = "page size from_date to_date from_amount to_amount rrn stan terminal_name reference_number"

// getTransactions lists the lines of the account (spec 10.2).
func getTransactions(a *Account, q *ask) reply {
	from, errFrom := moment(q, "from_date", stampLayout)
	to, errTo := moment(q, "to_date", stampLayout)
	order, errOrder := whole(q, "order", 1, 0, 1)
	if errFrom != nil || errTo != nil || errOrder != nil {
		return refuse(http.StatusBadRequest, "from_date, to_date or order")
	}
	types := strings.Split(q.URL.Query().Get("transaction_types"), ",")
	after := q.URL.Query().Get("start_trn_id")
	list := a.listed()
	if after != "" {
		at := slices.IndexFunc(list, func(m Movement) bool { return textID(m) == after })
		if at < 0 {
			return refuse(http.StatusBadRequest, "start_trn_id")
		}
		list = list[at+1:]
	}
	list = slices.DeleteFunc(list, func(m Movement) bool {
		return !from.IsZero() && m.At.Before(from) || !to.IsZero() && m.At.After(to) ||
			types[0] != "" && !slices.Contains(types, m.kind())
	})
	if order == 1 {
		slices.Reverse(list)
	}
	part, p, err := slice(q, list, 20)
	if err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}
	rows := []map[string]any{}
	for _, m := range part {
		rows = append(rows, m.row())
	}
	return answer(map[string]any{"transactions": rows, "pagination": p})
}

// row is a movement as the list has it.
func (m Movement) row() map[string]any {
	way := "C"
	if m.Out {
		way = "D"
	}
	return map[string]any{
		"id": m.id(), "payment_reference": m.Reference, "transaction_type": m.kind(), "operation_type": m.Operation,
		"transaction_amount": m.Amount.Decimal(), "transaction_currency": string(m.Amount.Currency),
		"original_amount": m.Amount.Decimal(), "original_currency": string(m.Amount.Currency),
		"sign": way, "date": m.At.UTC().Format(stampLayout),
		"reference_number": m.ReferenceNumber, "terminal_id": m.TerminalID, "serial_number": m.Serial,
		"account_number": accountNumber(m.Amount.Currency),
	}
}

// lines are the details of a movement; an entry without value is a heading.
func (m Movement) lines() []Line {
	lines := []Line{{"Payment", ""}, {"Amount", m.Amount.String()}, {"Date", m.At.UTC().Format(time.RFC3339)}}
	for _, l := range m.Details {
		if l.Value != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

func (a *Account) byReference(reference string) (Movement, bool) {
	for _, m := range a.movements() {
		if m.Reference == reference {
			return m, true
		}
	}
	return Movement{}, false
}

func getTransaction(a *Account, q *ask) reply {
	m, ok := a.byReference(q.PathValue("ref"))
	if !ok {
		return refuse(http.StatusNotFound, "payment_reference")
	}
	return answer(map[string]any{"details": m.lines()})
}

func getDetails(a *Account, q *ask) reply {
	references := strings.Split(q.URL.Query().Get("references"), ",")
	if references[0] == "" || len(references) > 5 {
		return refuse(http.StatusBadRequest, "references: one to five")
	}
	list := []map[string]any{}
	for _, r := range references {
		m, ok := a.byReference(r)
		if !ok {
			continue
		}
		list = append(list, map[string]any{
			"reference": r,
			"general": map[string]any{
				"canRequestReversal": false, "isFee": m.Fee, "isReversal": m.Reversal, "transactionType": m.kind(),
			},
			"details": m.lines(),
		})
	}
	if len(list) == 0 {
		return refuse(http.StatusNotFound, "references")
	}
	return answer(map[string]any{"transactions_details": list})
}
