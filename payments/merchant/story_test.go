package merchant_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"frontdesk/payments"
	"frontdesk/payments/merchant"
	"frontdesk/payments/money"
	"frontdesk/payments/simulator/account"
)

// office is the account's side without sockets, and one mishap for the next call.
type office struct {
	now     time.Time
	account *account.Account
	mux     *http.ServeMux
	mishap  account.Mishap
	call    string // that the mishap is for
	hidden  bool   // booking texts stand in the details only
	short   time.Duration
}

func (o *office) RoundTrip(r *http.Request) (answer *http.Response, err error) {
	defer func() {
		if p := recover(); p != nil {
			answer, err = nil, io.ErrUnexpectedEOF
		}
	}()
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	o.mux.ServeHTTP(w, r)
	return w.Result(), nil
}

func newOffice(t *rapid.T) (*office, *merchant.Client) {
	id, err := account.Draw(strings.NewReader(strings.Repeat("practice", 64)))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), mux: http.NewServeMux()}
	seed := rapid.Byte().Draw(t, "seed")
	o.account, err = account.Open(account.Config{
		Identity: id, Now: func() time.Time { return o.now }, Entropy: rand.NewChaCha8([32]byte{seed, 1}),
		Mishap: func(call, _ string) account.Mishap {
			if call != o.call {
				return account.Mishap{}
			}
			o.call = ""
			return o.mishap
		},
		Switch: func(s account.Switch, _, _ string) (time.Duration, bool) {
			return o.short, s == account.Hidden && o.hidden || s == account.Life && o.short > 0
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	o.account.Handle(o.mux)
	const base = "http://127.0.0.1:1"
	client, err := merchant.New(merchant.Config{
		ClientID: id.ClientID, ClientSecret: id.ClientSecret, Hosts: merchant.Hosts{Auth: base, Transactions: base, Devices: base},
		HTTP: &http.Client{Transport: o}, Now: func() time.Time { return o.now }, Entropy: rand.NewChaCha8([32]byte{seed, 2}), UserAgent: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return o, client
}

// askedFor is a request that the till believes in: made, or perhaps made.
type askedFor struct {
	text    string
	amount  money.Amount
	unknown bool
}

// Whatever goes wrong with calls and whoever pays what: a credit is found for a
// request exactly as often as it was really paid, and a call that failed says
// truly whether something may have been made.
func TestProofAgreesWithTheTruth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o, client := newOffice(t)
		defer o.account.Close()
		o.short = time.Duration(rapid.IntRange(0, 3).Draw(t, "token life")) * time.Minute
		var all []askedFor
		for step := range rapid.IntRange(1, 25).Draw(t, "steps") {
			o.now = o.now.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "wait")) * time.Second)
			o.hidden = rapid.Bool().Draw(t, "hidden")
			switch rapid.SampledFrom([]string{"make", "make", "pay", "pay", "mishap"}).Draw(t, "do") {
			case "mishap":
				o.call = rapid.SampledFrom([]string{"rest.create_request", "rest.token"}).Draw(t, "call")
				o.mishap = rapid.SampledFrom([]account.Mishap{
					{Status: 500}, {Status: 500, Done: true}, {Status: 400}, {Status: 401}, {Status: 409}, {Cut: true}, {Portal: true}, {Wrong: true},
				}).Draw(t, "mishap")
			case "make":
				q := askedFor{
					text:   fmt.Sprintf("T%019d", step),
					amount: money.Amount{Minor: int64(rapid.SampledFrom([]int{100, 4500, 4501}).Draw(t, "minor")), Currency: money.EUR},
				}
				before := len(o.account.Requests())
				_, err := client.CreateRequest(t.Context(), merchant.Request{Amount: q.amount, BookingText: q.text, Expires: o.now})
				made := len(o.account.Requests()) - before
				switch {
				case err == nil && made != 1, made > 1:
					t.Fatalf("%d made, %v", made, err)
				case err != nil && !errors.Is(err, payments.ErrUnknown) && made != 0:
					t.Fatalf("made although %v", err)
				}
				q.unknown = errors.Is(err, payments.ErrUnknown)
				if err == nil || q.unknown {
					all = append(all, q)
				}
			case "pay":
				if made := o.account.Requests(); len(made) > 0 {
					i := rapid.IntRange(0, len(made)-1).Draw(t, "which")
					if _, err := o.account.Pay(made[i].Code); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		o.call = ""
		compare(t, o, client, all)
	})
}

func compare(t *rapid.T, o *office, client *merchant.Client, all []askedFor) {
	truth := map[string]account.TruthRequest{}
	for _, r := range o.account.Requests() {
		truth[r.BookingText] = r
	}
	for _, q := range all {
		found, err := client.FindCredit(t.Context(), merchant.Want{Text: q.text, Amount: q.amount, Since: o.now.Add(-time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		fact := truth[q.text]
		if fact.Paid != (len(found) == 1) || len(found) > 1 || fact.Paid && (found[0].Reference != fact.Reference || found[0].Original != q.amount) {
			t.Fatalf("%s: found %+v, truth %+v", q.text, found, fact)
		}
		other := q.amount
		other.Minor++
		if found, err := client.FindCredit(t.Context(), merchant.Want{Text: q.text, Amount: other, Since: o.now.Add(-time.Hour)}); err != nil || len(found) != 0 {
			t.Fatalf("%s: found for another amount: %+v, %v", q.text, found, err)
		}
		listed, _, err := client.Requests(t.Context(), merchant.RequestQuery{BookingText: q.text, Currency: money.EUR})
		if err != nil || (len(listed) == 1) != (fact.Code != "") {
			t.Fatalf("%s: listed %+v, %v, truth %+v", q.text, listed, err, fact)
		}
	}
}
