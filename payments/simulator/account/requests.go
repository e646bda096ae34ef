package account

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"frontdesk/payments/money"
)

// Status numbers of a payment request: our own reading, none is published.
const (
	requestOpen = 1
	requestPaid = 2
	requestOver = 3
)

func (r *request) status(now time.Time) int {
	switch {
	case !r.paid.IsZero():
		return requestPaid
	case over(r.Expires, now):
		return requestOver
	}
	return requestOpen
}

// PagePath is where the pages of requests and links lie: PagePath + code.
const PagePath = "/pay/"

// pageURL is the address of a page as the caller reaches us.
func pageURL(r *http.Request, code string) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host + PagePath + code
}

// postRequest makes a payment request (spec 10.3).
func postRequest(a *Account, q *ask) reply {
	f := readForm(q.body, "qr_generated amount currency client_name payment_request_lang reason booking_text dba expired_date notify_gsm")
	normal := f.has("qr_generated") && !f.flag("qr_generated", true)
	f.flag("qr_generated", true)
	r := Request{
		QR: !normal, Amount: f.money("amount", "currency"),
		ClientName: f.text("client_name", normal, 100), Language: f.text("payment_request_lang", normal, 2),
		Reason: f.text("reason", false, 255), BookingText: f.text("booking_text", false, 100),
		DBA: f.text("dba", false, 25), Expires: f.day("expired_date", a.Now()),
	}
	f.text("notify_gsm", false, 20)
	if f.err != nil {
		return refuse(http.StatusBadRequest, f.err.Error())
	}
	var err error
	if r.Code, err = a.code(); err == nil {
		err = a.commit(Record{Kind: kindRequest, Request: &r})
	}
	if err != nil {
		return a.notKept(err)
	}
	return answer(map[string]string{"code": r.Code, "payment_request_url": pageURL(q.Request, r.Code)})
}

func (r *request) row(q *ask, now time.Time) map[string]any {
	return map[string]any{
		"code": r.Code, "payment_request_url": pageURL(q.Request, r.Code), "status": r.status(now),
		"amount": r.Amount.Decimal(), "currency": string(r.Amount.Currency), "qr_generated": r.QR,
		"client_name": r.ClientName, "payment_request_lang": r.Language, "reason": r.Reason,
		"booking_text": r.BookingText, "dba": r.DBA, "expired_date": r.Expires,
		"created_at": r.at.UTC().Format(stampLayout),
	}
}

// getRequests lists payment requests, newest first. Without a currency they are
// those in EUR, as published.
func getRequests(a *Account, q *ask) reply {
	v := q.URL.Query()
	from, errFrom := moment(q, "from_date", time.DateOnly)
	to, errTo := moment(q, "to_date", time.DateOnly)
	status, errStatus := whole(q, "status", 0, 0, 9)
	currency := v.Get("currency")
	if currency == "" {
		currency = string(money.EUR)
	}
	low, high, errAmount := amounts(q, money.Currency(currency))
	if err := errors.Join(errFrom, errTo, errStatus, errAmount); err != nil {
		return refuse(http.StatusBadRequest, "a parameter")
	}
	now := a.Now()
	list := slices.Clone(a.book.inOrder)
	slices.Reverse(list)
	list = slices.DeleteFunc(list, func(r *request) bool {
		return string(r.Amount.Currency) != currency || status != 0 && r.status(now) != status ||
			!from.IsZero() && r.at.UTC().Before(from) || !to.IsZero() && !r.at.UTC().Before(to.AddDate(0, 0, 1)) ||
			r.Amount.Minor < low || high > 0 && r.Amount.Minor > high ||
			unlike(v.Get("code"), r.Code) || unlike(v.Get("client_name"), r.ClientName) ||
			unlike(v.Get("reason"), r.Reason) || unlike(v.Get("booking_text"), r.BookingText)
	})
	part, p, err := slice(q, list, 8)
	if err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}
	rows := []map[string]any{}
	for _, r := range part {
		rows = append(rows, r.row(q, now))
	}
	return answer(map[string]any{"items": rows, "pagination": p})
}

func unlike(want, got string) bool { return want != "" && !strings.Contains(got, want) }

// amounts reads from_amount and to_amount, in minor units.
func amounts(q *ask, cur money.Currency) (low, high int64, err error) {
	for name, to := range map[string]*int64{"from_amount": &low, "to_amount": &high} {
		text := q.URL.Query().Get(name)
		if text == "" {
			continue
		}
		amount, errOne := money.ParseCheckout(text, cur)
		if errOne != nil {
			err = errOne
		}
		*to = amount.Minor
	}
	return low, high, err
}

func getRequest(a *Account, q *ask) reply {
	r := a.book.requests[q.PathValue("code")]
	if r == nil {
		return refuse(http.StatusNotFound, "code")
	}
	return answer(r.row(q, a.Now()))
}

func patchReminder(a *Account, q *ask) reply {
	r := a.book.requests[q.PathValue("code")]
	f := readForm(q.body, "gsm email")
	gsm, email := f.text("gsm", false, 20), f.text("email", false, 255)
	switch {
	case r == nil:
		return refuse(http.StatusNotFound, "code")
	case f.err != nil || gsm == "" && email == "":
		return refuse(http.StatusBadRequest, "gsm or email")
	case r.status(a.Now()) != requestOpen:
		return refuse(http.StatusConflict, "not open")
	}
	if err := a.commit(Record{Kind: kindReminded, Code: r.Code}); err != nil {
		return a.notKept(err)
	}
	return answer(r.row(q, a.Now()))
}

// Page is what the page of a request or link shows.
type Page struct {
	Code    string
	Amount  money.Amount
	Reason  string
	Payable bool // else it was paid, or is over
	Paid    bool
}

// Page returns the page of a code; false when there is none.
func (a *Account) Page(code string) (Page, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.page(code)
}

func (a *Account) page(code string) (Page, bool) {
	if r := a.book.requests[code]; r != nil {
		status := r.status(a.Now())
		return Page{code, r.Amount, r.Reason, status == requestOpen, status == requestPaid}, true
	}
	if l := a.book.links[code]; l != nil && !l.deleted {
		return Page{code, l.Price, l.Article, l.Enabled && !over(l.Expires, a.Now()), false}, true
	}
	return Page{}, false
}

// Pay is the customer pressing the button: the money moves, once for a request,
// each time for a link. False when there is nothing to pay.
func (a *Account) Pay(code string) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.page(code)
	if !ok || !p.Payable {
		return false, nil
	}
	booking, prefix := "", "LNK"
	if r := a.book.requests[code]; r != nil {
		booking, prefix = r.BookingText, "PRQ"
	}
	_, hidden := a.Switch(Hidden, "", booking)
	return true, a.commit(Record{Kind: kindPaid, Code: code, Reference: a.reference(prefix), Hidden: hidden})
}

// reference is the payment_reference of the next movement of ours.
func (a *Account) reference(prefix string) string {
	return fmt.Sprintf("%s%08dSIM", prefix, 700001+len(a.book.moves))
}
