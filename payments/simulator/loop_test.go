package simulator

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/payments/checkout"
)

func TestApprovedPaymentIsAnnouncedThenTheBrowserGoesOn(t *testing.T) {
	r := newRig(t)
	got := r.charge("P1", "45.00")
	if got.stage != "paid" || got.action != "https://salon.example/ok" || got.message.Method != checkout.MethodOK {
		t.Fatalf("browser: %+v", got)
	}
	if r.shop.methods() != "Notify" {
		t.Fatalf("notices: %s", r.shop.methods())
	}
	p := r.only()
	want := TruthPayment{
		OrderID: "P1", Reference: p.Reference, SID: r.store.SID, Amount: "45.00", Minor: 4500, Currency: "EUR",
		State: StateApproved, Notified: true, At: p.At,
	}
	if d := cmp.Diff(want, p); d != "" {
		t.Error(d)
	}
	m := r.shop.got[0]
	if m.OrderID != "P1" || m.Reference != p.Reference || m.AmountText != "45.00" || m.PANLast4 != "1111" {
		t.Errorf("notice: %+v", m)
	}
	if names := fieldNames(m.Fields); names != "IPCmethod SID Amount Currency OrderID IPC_Trnref RequestSTAN "+
		"RequestDateTime PaymentMethod BillingDescriptor PAN Signature" {
		t.Errorf("fields: %s", names)
	}
}

func fieldNames(f checkout.Fields) string {
	var names []string
	for _, x := range f {
		names = append(names, x.Name)
	}
	return strings.Join(names, " ")
}

// Only 200 with exactly OK keeps the money (spec 4.3).
func TestAnythingButOKTakesTheMoneyBack(t *testing.T) {
	cases := map[string]struct {
		code int
		body string
		err  error
		kept bool
	}{
		"OK":        {code: 200, body: "OK", kept: true},
		"line end":  {code: 200, body: "OK\n"},
		"blank":     {code: 200, body: " OK"},
		"lower":     {code: 200, body: "ok"},
		"mark":      {code: 200, body: "\ufeffOK"},
		"empty":     {code: 200},
		"html":      {code: 200, body: "<html>OK</html>"},
		"half":      {code: 200, body: "O"},
		"long":      {code: 200, body: "OK" + strings.Repeat(" ", 100)},
		"created":   {code: 201, body: "OK"},
		"redirect":  {code: 302, body: "OK"},
		"error":     {code: 500, body: "OK"},
		"no answer": {err: http.ErrHandlerTimeout},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.shop.answers(func(m checkout.Message, n int) (*http.Response, error) {
				switch {
				case m.Method == checkout.MethodRollback:
					return ok(m, n)
				case c.err != nil:
					return nil, c.err
				}
				return plain(c.code, c.body), nil
			})
			got := r.charge("P1", "45.00")
			want := [3]string{"returned", StateReversed, "Notify Rollback"}
			if c.kept {
				want = [3]string{"paid", StateApproved, "Notify"}
			}
			r.stop()
			if have := [3]string{got.stage, r.only().State, r.shop.methods()}; have != want {
				t.Errorf("got %v, want %v", have, want)
			}
			if !c.kept && (got.action != "https://salon.example/cancel" || got.message.Method != checkout.MethodCancel) {
				t.Errorf("browser: %+v", got)
			}
		})
	}
}

func TestRollbackIsRepeatedUntilOK(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.shop.answer = func(_ checkout.Message, n int) (*http.Response, error) {
			if n < 5 {
				return plain(503, ""), nil
			}
			return plain(200, "OK"), nil
		}
		if got := r.charge("P1", "45.00"); got.stage != "returned" {
			t.Fatalf("browser: %+v", got)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := r.shop.methods(); got != "Notify Rollback Rollback Rollback Rollback" {
			t.Errorf("notices: %s", got)
		}
		if v := r.sim.Truth().Reversals; len(v) != 1 || !v[0].Told || v[0].Reason != reasonNotice {
			t.Errorf("reversals: %+v", v)
		}
		for _, body := range r.shop.bodies[2:] {
			if body != r.shop.bodies[1] {
				t.Error("copies of a rollback differ")
			}
		}
		r.stop()
	})
}

func TestCards(t *testing.T) {
	cases := map[string]struct {
		pan, sub string
		values   url.Values
		page     string // a text of the page the browser ends on
		state    int
	}{
		"any number":   {pan: "5555 5555 5555 4444", page: `data-stage="paid"`, state: 1},
		"declined":     {pan: panDeclined, page: "The bank said no", state: 3},
		"no money":     {pan: panFunds, page: "not enough money", state: 3},
		"secure":       {pan: panSecure, page: "Is it you?", state: 2},
		"wrong digits": {pan: "4111111111111112", page: "not a card number", state: 2},
		"letters":      {pan: "41111111x1111111", page: "not a card number", state: 2},
		"short":        {pan: "42", page: "not a card number", state: 2},
		"cancel":       {sub: "/cancel", page: `data-stage="cancelled"`, state: 3},
		"expired":      {values: url.Values{"pan": {panApproved}, "exp": {"01/20"}, "cvc": {"123"}}, page: "has expired", state: 2},
		"no such month": {
			values: url.Values{"pan": {panApproved}, "exp": {"13/39"}, "cvc": {"123"}}, page: "Month and year", state: 2,
		},
		"no cvc":       {values: url.Values{"pan": {panApproved}, "exp": {"12/39"}}, page: "3 or 4 digits", state: 2},
		"plain expiry": {values: url.Values{"pan": {panApproved}, "exp": {"1239"}, "cvc": {"1234"}}, page: `"paid"`, state: 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			path := r.open(r.form("P1", "45.00"))
			if c.values == nil {
				c.values = url.Values{"pan": {c.pan}, "exp": {"12/39"}, "cvc": {"123"}}
			}
			w := r.submit(path+c.sub, c.values)
			if !strings.Contains(w.Body.String(), c.page) {
				t.Errorf("page has no %q:\n%s", c.page, w.Body)
			}
			if got := r.paymentState("P1"); got != c.state {
				t.Errorf("PaymentStatus %d, want %d", got, c.state)
			}
			if pan := c.values.Get("pan"); len(pan) > 11 && c.state != 1 && strings.Contains(w.Body.String(), `value="`+pan) {
				t.Error("the card number is printed back")
			}
		})
	}
}

func TestSecondCardAfterADecline(t *testing.T) {
	r := newRig(t)
	path := r.open(r.form("P1", "45.00"))
	r.card(path, panDeclined)
	r.card(path, panFunds)
	if got := r.result(r.card(path, panApproved)); got.stage != "paid" {
		t.Fatalf("browser: %+v", got)
	}
	if r.shop.methods() != "Notify" {
		t.Errorf("a decline must not be announced: %s", r.shop.methods())
	}
}

func TestSecureStep(t *testing.T) {
	for answer, want := range map[string]string{"approve": `data-stage="paid"`, "fail": "could not confirm"} {
		t.Run(answer, func(t *testing.T) {
			r := newRig(t)
			path := r.open(r.form("P1", "45.00"))
			r.card(path, panSecure)
			if n := len(r.sim.Truth().Payments); n != 0 {
				t.Fatal("charged before the bank agreed")
			}
			w := r.submit(path+"/secure", url.Values{"answer": {answer}})
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("page has no %q", want)
			}
		})
	}
	r := newRig(t)
	path := r.open(r.form("P1", "45.00"))
	r.submit(path+"/secure", url.Values{"answer": {"approve"}})
	if n := len(r.sim.Truth().Payments); n != 0 {
		t.Error("charged without a card")
	}
}

// Pages of one order, pressed at the same time and again: one payment.
func TestAnOrderIsPaidOnce(t *testing.T) {
	r := newRig(t)
	f := r.form("P1", "45.00")
	pages := []string{r.open(f), r.open(f), r.open(f)}
	var all sync.WaitGroup
	for _, path := range pages {
		for range 4 {
			all.Go(func() { r.card(path, panApproved) })
		}
	}
	all.Wait()
	r.only()
	if w := r.post("/vmp/checkout", f); errorCode(w) != "20" {
		t.Errorf("a paid order is opened again: %d %s", w.Code, errorCode(w))
	}
	if got := r.shop.methods(); got != "Notify" {
		t.Errorf("notices: %s", got)
	}
}

func TestReversedOrderMayBePaidAgain(t *testing.T) {
	r := newRig(t)
	r.shop.answers(refuses(checkout.MethodNotify))
	r.charge("P1", "45.00")
	r.shop.answers(ok)
	if got := r.charge("P1", "45.00"); got.stage != "paid" {
		t.Fatalf("browser: %+v", got)
	}
	states := []string{r.sim.Truth().Payments[0].State, r.sim.Truth().Payments[1].State}
	if d := cmp.Diff([]string{StateReversed, StateApproved}, states); d != "" {
		t.Error(d)
	}
	if r.sim.Truth().Payments[0].Reference == r.sim.Truth().Payments[1].Reference {
		t.Error("one reference twice")
	}
}

// The browser may leave at any time; the payment is settled all the same.
func TestTheBrowserHasNoPower(t *testing.T) {
	r := newRig(t)
	path := r.open(r.form("P1", "45.00"))
	arrived, answer := make(chan struct{}), make(chan struct{})
	r.shop.answer = func(checkout.Message, int) (*http.Response, error) {
		close(arrived)
		<-answer
		return plain(200, "OK"), nil
	}
	ctx, leave := context.WithCancel(t.Context())
	q := httptest.NewRequestWithContext(ctx, http.MethodPost, path,
		strings.NewReader(url.Values{"pan": {panApproved}, "exp": {"12/39"}, "cvc": {"123"}}.Encode()))
	q.Header.Set("Content-Type", formType)
	w := httptest.NewRecorder()
	var browser sync.WaitGroup
	browser.Go(func() { r.sim.Handler().ServeHTTP(w, q) })
	<-arrived
	if !strings.Contains(r.get(path).Body.String(), "One moment") {
		t.Error("a second look does not say that it is under way")
	}
	leave()
	browser.Wait()
	close(answer)
	r.stop()
	if p := r.only(); p.State != StateApproved || !p.Notified {
		t.Errorf("payment: %+v", p)
	}
}

func TestPayerIsAskedAndAnnounced(t *testing.T) {
	r := newRig(t)
	path := r.open(r.resign(r.form("P1", "45.00"), [2]string{"PaymentParametersRequired", "2"}))
	v := url.Values{"pan": {panApproved}, "exp": {"12/39"}, "cvc": {"123"}}
	if w := r.submit(path, v); w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("paid without a name: %d", w.Code)
	}
	v.Set("email", "ana@example.com")
	v.Set("first", "Ана")
	v.Set("family", "O'Brien")
	if got := r.result(r.submit(path, v)); got.stage != "paid" {
		t.Fatalf("browser: %+v", got)
	}
	f := r.shop.got[0].Fields
	if f.Value("CustomerEmail") != "ana@example.com" || f.Value("CustomerFamilyName") != "O'Brien" {
		t.Errorf("notice: %v", f)
	}
}
