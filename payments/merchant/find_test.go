package merchant_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"frontdesk/payments"
	"frontdesk/payments/merchant"
	"frontdesk/payments/money"
)

// ledger answers the transaction list and details from rows of a test.
type ledger struct {
	mu      sync.Mutex
	rows    []map[string]any            // newest first
	details map[string][]map[string]any // by reference: members of one answer
	refuse  int                         // HTTP status of details, 0 answers
	pages   []string                    // questions asked
	grow    bool                        // each look at the list finds a new line on top
}

func (l *ledger) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	status, body := http.StatusOK, any(map[string]any{"access_token": "t", "expires_in": 3600})
	switch {
	case strings.HasSuffix(r.URL.Path, "/details"):
		status, body = l.answerDetails(strings.Split(r.URL.Query().Get("references"), ","))
	case strings.HasSuffix(r.URL.Path, "/transactions"):
		l.pages = append(l.pages, r.URL.RawQuery)
		page, errPage := strconv.Atoi(r.URL.Query().Get("page"))
		size, errSize := strconv.Atoi(r.URL.Query().Get("size"))
		if errPage != nil || errSize != nil {
			return nil, errors.Join(errPage, errSize)
		}
		if l.grow {
			l.rows = slices.Insert(l.rows, 0, row(map[string]any{"id": 1_000_000 + len(l.pages), "sign": "D"}))
		}
		from := min((page-1)*size, len(l.rows))
		body = map[string]any{
			"transactions": l.rows[from:min(from+size, len(l.rows))],
			"pagination":   map[string]any{"page": page, "size": size, "total": len(l.rows)},
		}
	}
	w := newRecorder(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

func (l *ledger) answerDetails(references []string) (int, any) {
	if l.refuse != 0 {
		return l.refuse, map[string]any{}
	}
	list := []map[string]any{}
	for _, r := range references {
		list = append(list, l.details[r]...)
	}
	return http.StatusOK, map[string]any{"transactions_details": list}
}

var began = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// row is a fitting line with changes; a nil value leaves the member out.
func row(changes map[string]any) map[string]any {
	r := map[string]any{
		"id": 7, "payment_reference": "PRQ7", "transaction_type": "008", "sign": "C", "date": "2026-11-21T09:05:00Z",
		"transaction_amount": "44.30", "transaction_currency": "EUR", "original_amount": "45.00", "original_currency": "EUR",
		"reference_number": orderID,
	}
	for name, value := range changes {
		if value == nil {
			delete(r, name)
		} else {
			r[name] = value
		}
	}
	return r
}

func (l *ledger) find(t testing.TB, w merchant.Want) ([]merchant.Transaction, error) {
	t.Helper()
	c, err := merchant.New(merchant.Config{
		ClientID: "id", ClientSecret: "secret", Hosts: merchant.Sandbox(), HTTP: &http.Client{Transport: l},
		Now: time.Now, Entropy: zeros{}, UserAgent: "t",
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.FindCredit(t.Context(), w)
}

// zeros is entropy that costs nothing.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func want(t testing.TB) merchant.Want {
	return merchant.Want{Text: orderID, Amount: eur(t, "45.00"), Since: began}
}

func TestOnlyAnExactCreditIsProof(t *testing.T) {
	t.Parallel()
	line := func(value string) map[string]any {
		return map[string]any{"title": "Booking text", "value": value}
	}
	told := func(value string, general map[string]any) map[string][]map[string]any {
		return map[string][]map[string]any{"PRQ7": {{"reference": "PRQ7", "general": general, "details": []any{line(value)}}}}
	}
	type changes = map[string]any
	bare := changes{"reference_number": nil}
	for name, c := range map[string]struct {
		changes changes
		details map[string][]map[string]any
		refuse  int
		found   bool
	}{
		"fits":                        {nil, nil, 0, true},
		"text among words":            {changes{"reference_number": "Order " + orderID + ", thanks"}, nil, 0, true},
		"text in another member":      {changes{"reference_number": nil, "booking_text": orderID}, nil, 0, true},
		"text nested":                 {changes{"reference_number": nil, "extra": changes{"text": []any{orderID}}}, nil, 0, true},
		"text in the details":         {bare, told("ref "+orderID, nil), 0, true},
		"amount as number":            {changes{"original_amount": 45.0}, nil, 0, true},
		"amount 45":                   {changes{"original_amount": "45"}, nil, 0, true},
		"only one amount":             {changes{"original_amount": nil, "original_currency": nil, "transaction_amount": "45.00"}, nil, 0, true},
		"sign in full":                {changes{"sign": "credit"}, nil, 0, true},
		"no id, no date":              {changes{"id": nil, "date": nil}, nil, 0, true},
		"details forbidden":           {nil, nil, 403, true},
		"details not there":           {nil, nil, 404, true},
		"part of a longer word":       {changes{"reference_number": orderID + "9"}, nil, 0, false},
		"other case":                  {changes{"reference_number": strings.ToLower(orderID)}, nil, 0, false},
		"split":                       {changes{"reference_number": orderID[:10] + " " + orderID[10:]}, nil, 0, false},
		"no text anywhere":            {bare, told("something", nil), 0, false},
		"text as a title only":        {bare, map[string][]map[string]any{"PRQ7": {{"reference": "PRQ7", "details": []any{changes{"title": orderID, "value": "x"}}}}}, 0, false},
		"details of another":          {bare, map[string][]map[string]any{"PRQ7": {{"reference": "PRQ8", "details": []any{line(orderID)}}}}, 0, false},
		"a cent less":                 {changes{"original_amount": "44.99"}, nil, 0, false},
		"original differs":            {changes{"original_amount": "44.00", "transaction_amount": "45.00"}, nil, 0, false},
		"other currency":              {changes{"original_currency": "BGN"}, nil, 0, false},
		"no currency":                 {changes{"original_currency": nil}, nil, 0, false},
		"debit":                       {changes{"sign": "D"}, nil, 0, false},
		"no sign":                     {changes{"sign": nil}, nil, 0, false},
		"a sign nobody knows":         {changes{"sign": "1"}, nil, 0, false},
		"negative":                    {changes{"original_amount": "-45.00"}, nil, 0, false},
		"exponent":                    {changes{"original_amount": "4.5e1"}, nil, 0, false},
		"fee":                         {changes{"transaction_type": "001"}, nil, 0, false},
		"fee by details":              {nil, told(orderID, changes{"isFee": true}), 0, false},
		"reversal by details":         {nil, told(orderID, changes{"isReversal": "true"}), 0, false},
		"long before the request was": {changes{"date": "2026-11-19T09:05:00Z"}, nil, 0, false},
	} {
		l := &ledger{rows: []map[string]any{row(c.changes)}, details: c.details, refuse: c.refuse}
		found, err := l.find(t, want(t))
		if err != nil || (len(found) == 1) != c.found || len(found) > 1 {
			t.Errorf("%s: %d found, %v", name, len(found), err)
		}
	}
}

func TestADoubtfulLookIsNotAnEmptyOne(t *testing.T) {
	t.Parallel()
	for _, status := range []int{500, 503, 401, 429} {
		l := &ledger{rows: []map[string]any{row(map[string]any{"reference_number": nil})}, refuse: status}
		if found, err := l.find(t, want(t)); err == nil || found != nil {
			t.Errorf("details with %d: %d found and no error", status, len(found))
		}
	}
	l := &ledger{}
	for name, c := range map[string]struct {
		change func(*merchant.Want)
		code   string
	}{
		"short text": {func(w *merchant.Want) { w.Text = "T123" }, "rest.text"},
		"blank":      {func(w *merchant.Want) { w.Text = "T0123456789 ABCDEFGH" }, "rest.text"},
		"no amount":  {func(w *merchant.Want) { w.Amount = money.Amount{} }, "currency.unknown"},
		"no start":   {func(w *merchant.Want) { w.Since = time.Time{} }, "rest.field"},
	} {
		w := want(t)
		c.change(&w)
		if _, err := l.find(t, w); payments.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(l.pages) != 0 {
		t.Error("something was asked")
	}
}

func TestTwoCreditsAreBothFoundOldestFirst(t *testing.T) {
	t.Parallel()
	l := &ledger{rows: []map[string]any{
		row(map[string]any{"id": 9, "payment_reference": "PRQ9", "date": "2026-11-21T10:00:00Z"}),
		row(map[string]any{"id": 7}),
	}}
	found, err := l.find(t, want(t))
	if err != nil || len(found) != 2 || found[0].ID != "7" || found[1].ID != "9" {
		t.Errorf("%+v, %v", found, err)
	}
}

// The list moves while it is read: a line may be seen twice, none is missed.
func TestAListThatGrowsWhileItIsRead(t *testing.T) {
	t.Parallel()
	l := &ledger{grow: true}
	for i := range 350 {
		l.rows = append(l.rows, row(map[string]any{"id": 5000 - i, "payment_reference": fmt.Sprint("X", i), "reference_number": fmt.Sprint("N", i)}))
	}
	l.rows[0]["reference_number"] = orderID
	l.rows[349]["reference_number"] = orderID
	l.rows[199]["original_amount"] = "1.00"
	l.rows[199]["reference_number"] = orderID
	found, err := l.find(t, want(t))
	if err != nil || len(found) != 2 {
		t.Fatalf("%d found, %v", len(found), err)
	}
	ids := map[string]int{}
	for _, f := range found {
		ids[f.ID]++
	}
	if ids["4651"] != 1 || ids["5000"] != 1 || ids["4801"] != 0 {
		t.Errorf("found %v", ids)
	}
}

func TestReadingStopsAtTheStart(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	for i := range 1000 {
		l.rows = append(l.rows, row(map[string]any{
			"id": 5000 - i, "original_amount": "1.00", "date": began.Add(-time.Duration(i) * time.Hour).Format(time.RFC3339),
		}))
	}
	if _, err := l.find(t, want(t)); err != nil {
		t.Fatal(err)
	}
	if len(l.pages) != 2 {
		t.Errorf("%d pages were read, want 2", len(l.pages))
	}
}

func TestAListWithoutEndIsGivenUp(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	for i := range 30_000 {
		l.rows = append(l.rows, map[string]any{"id": i})
	}
	if _, err := l.find(t, want(t)); payments.CodeOf(err) != "rest.pages" || !errors.Is(err, payments.ErrUnknown) {
		t.Errorf("%v", err)
	}
}

// The model reads the same rows with fractions and the standard library.
func TestFindAgreesWithAModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := &ledger{}
		expected := 0
		for i := range rapid.IntRange(0, 12).Draw(rt, "rows") {
			amount := rapid.SampledFrom([]string{"45.00", "45", "45.0", "45.000", "44.99", "45.01", "-45.00", "4500", "x", "45,00", ""}).Draw(rt, "amount")
			sign := rapid.SampledFrom([]string{"C", "D", "", "c", "X"}).Draw(rt, "sign")
			currency := rapid.SampledFrom([]string{"EUR", "eur", "BGN", ""}).Draw(rt, "currency")
			text := rapid.SampledFrom([]string{orderID, "x " + orderID, orderID + "x", "x", ""}).Draw(rt, "text")
			kind := rapid.SampledFrom([]string{"008", "001"}).Draw(rt, "type")
			l.rows = append(l.rows, row(map[string]any{
				"id": i, "payment_reference": fmt.Sprint("P", i), "original_amount": amount, "sign": sign,
				"original_currency": currency, "reference_number": text, "transaction_type": kind,
				"transaction_amount": "0.01",
			}))
			value, ok := new(big.Rat).SetString(amount)
			if ok && value.Cmp(big.NewRat(45, 1)) == 0 && strings.EqualFold(sign, "c") && strings.EqualFold(currency, "eur") &&
				kind != "001" && slices.Contains(strings.Fields(text), orderID) {
				expected++
			}
		}
		found, err := l.find(t, want(t))
		if err != nil || len(found) != expected {
			rt.Fatalf("%d found, %v, want %d", len(found), err, expected)
		}
	})
}
