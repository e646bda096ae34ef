package checkout

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestPaymentStatusDecidesOnPaymentStatus(t *testing.T) {
	base := paid(exampleOrder)
	tests := []struct {
		name string
		root []Node
		want payments.Outcome
		code string
		err  error
	}{
		{"paid", base, payments.Paid, "", nil},
		{"paid, as a number", with(base, "PaymentStatus", number("PaymentStatus", "1")), payments.Paid, "", nil},
		{"paid though Status is 1", with(base, "Status", number("Status", "1")), payments.Paid, "", nil},
		{"paid, amount written otherwise", with(base, "Amount", number("Amount", "45")), payments.Paid, "", nil},
		{"none", with(base, "PaymentStatus", text("PaymentStatus", "0")), payments.Absent, "", nil},
		{"pending", with(base, "PaymentStatus", text("PaymentStatus", "2")), payments.Pending, "", nil},
		{"unsuccessful", with(base, "PaymentStatus", text("PaymentStatus", "3")), payments.Declined, "", nil},
		{"reversed", with(base, "PaymentStatus", text("PaymentStatus", "4")), payments.Reversed, "", nil},
		{"a number nobody knows", with(base, "PaymentStatus", text("PaymentStatus", "7")), payments.Unknown, "", nil},
		{"no PaymentStatus, Status 0", with(base, "PaymentStatus", Node{}), "", "answer.missing", payments.ErrUnknown},
		{
			"no PaymentStatus, Status 5",
			with(with(base, "PaymentStatus", Node{}), "Status", number("Status", "5")),
			"", "status.5", payments.ErrRefused,
		},
		{"another order", paid("P9999999999999999999"), "", "answer.order", payments.ErrUnknown},
		{"no order", with(base, "OrderID", Node{}), "", "answer.order", payments.ErrUnknown},
		{"paid without amount", with(base, "Amount", Node{}), "", "answer.amount", payments.ErrUnknown},
		{"paid in nothing known", with(base, "Currency", text("Currency", "XXX")), "", "answer.amount", payments.ErrUnknown},
		{"paid without reference", with(base, "IPC_Trnref", Node{}), "", "answer.missing", payments.ErrUnknown},
		{"another method", with(base, "IPCMethod", text("IPCMethod", MethodRefund)), "", "answer.method", payments.ErrUnknown},
		{"no Status", with(base, "Status", Node{}), "", "answer.missing", payments.ErrUnknown},
	}
	s, c := open(t, nil)
	for _, tt := range tests {
		s.mu.Lock()
		s.handle = func(w http.ResponseWriter, _ Fields) { s.answer(w, tt.root...) }
		s.mu.Unlock()
		got, err := c.PaymentStatus(t.Context(), exampleOrder)
		if !errors.Is(err, tt.err) || payments.CodeOf(err) != tt.code || got.Outcome != tt.want {
			t.Errorf("%s: %q, %v, want %q, %q", tt.name, got.Outcome, err, tt.want, tt.code)
		}
		if got.Outcome == payments.Paid && (got.Amount != money.Amount{Minor: 4500, Currency: "EUR"} || got.Reference != "410227") {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

func TestRequestsAreWhatMyPOSExpects(t *testing.T) {
	s, c := open(t, func(s *standIn, w http.ResponseWriter, f Fields) {
		s.answer(w, text("IPCmethod", f.Value("IPCmethod")), text("OrderID", f.Value("OrderID")), text("IPC_Trnref", "410227"),
			text("Amount", "10.25"), text("Currency", "EUR"), text("PaymentStatus", "0"), number("Status", "0"), text("StatusMsg", "Success"))
	})
	merchant, err := s.store.Key.SelfSigned("store", time.Unix(0, 0), time.Unix(1, 0), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	calls := []struct {
		method string
		call   func() error
	}{
		{MethodStatus, func() error { _, err := c.PaymentStatus(t.Context(), exampleOrder); return err }},
		{MethodTxnStatus, func() error { _, err := c.TxnStatus(t.Context(), exampleOrder); return err }},
		{MethodTxnLog, func() error { _, err := c.TxnLog(t.Context(), exampleOrder); return err }},
		{MethodRefund, func() error { _, err := c.Refund(t.Context(), refund()); return err }},
		{MethodReversal, func() error { _, err := c.Reversal(t.Context(), "410227"); return err }},
	}
	for i, call := range calls {
		if err := call.call(); err != nil {
			t.Errorf("%s: %v", call.method, err)
			continue
		}
		r, f := s.seen[i], s.forms[i]
		if r.Method != http.MethodPost || r.URL.Path != "/vmp/checkout" || r.UserAgent() != "Frontdesk 0.1.0" ||
			r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("%s: %s %s, %v", call.method, r.Method, r.URL, r.Header)
		}
		if err := VerifyFields(f, merchant); err != nil {
			t.Errorf("%s: %v", call.method, err)
		}
		if last := f[len(f)-1].Name; last != "Signature" {
			t.Errorf("%s: last field is %s", call.method, last)
		}
		if f.Value("IPCmethod") != call.method || f.Value("OutputFormat") != "json" || f.Value("SID") != s.store.SID {
			t.Errorf("%s: sent %v", call.method, f)
		}
	}
}

func refund() RefundRequest {
	return RefundRequest{Reference: "410227", OrderID: "P0123456789ABCDEFGHR", Amount: money.Amount{Minor: 1025, Currency: "EUR"}}
}

func TestRefundIsDoneOnlyWhenTheAnswerSaysSo(t *testing.T) {
	done := []Node{
		text("IPCmethod", MethodRefund), text("IPC_Trnref", "410228"), text("Amount", "10.25"), text("Currency", "EUR"),
		number("Status", "0"), text("StatusMsg", "Success"),
	}
	tests := []struct {
		name string
		root []Node
		code string
		err  error
	}{
		{"done", done, "", nil},
		{"not enough money", with(done, "Status", number("Status", "13")), "status.13", payments.ErrRefused},
		{"a status nobody knows", with(done, "Status", number("Status", "77")), "status.77", payments.ErrRefused},
		{"another amount", with(done, "Amount", text("Amount", "1.00")), "answer.amount", payments.ErrUnknown},
		{"another currency", with(done, "Currency", text("Currency", "USD")), "answer.amount", payments.ErrUnknown},
		{"no amount", with(done, "Amount", Node{}), "answer.amount", payments.ErrUnknown},
		{"no reference", with(done, "IPC_Trnref", Node{}), "answer.missing", payments.ErrUnknown},
		{"another method", with(done, "IPCmethod", text("IPCmethod", MethodReversal)), "answer.method", payments.ErrUnknown},
	}
	s, c := open(t, nil)
	for _, tt := range tests {
		s.mu.Lock()
		s.handle = func(w http.ResponseWriter, _ Fields) { s.answer(w, tt.root...) }
		s.mu.Unlock()
		got, err := c.Refund(t.Context(), refund())
		if !errors.Is(err, tt.err) || payments.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.code)
		}
		if (tt.err == nil) != (got.Reference == "410228") {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

func TestTxnStatusAndLog(t *testing.T) {
	var inner Fields
	s, c := open(t, nil)
	inner, err := Sign(s.key, Fields{
		{"IPCmethod", MethodNotify},
		{"SID", s.store.SID},
		{"Amount", "45.00"},
		{"Currency", "EUR"},
		{"OrderID", exampleOrder},
		{"IPC_Trnref", "410227"},
	})
	if err != nil {
		t.Fatal(err)
	}
	nested := Node{Name: "OrderStatus", Kind: Object}
	for _, f := range inner {
		nested.Children = append(nested.Children, text(f.Name, f.Value))
	}
	forged := Node{Name: "OrderStatus", Kind: Object, Children: with(nested.Children, "Amount", text("Amount", "54.00"))}
	s.handle = func(w http.ResponseWriter, f Fields) {
		order := f.Value("OrderID")
		n := nested
		if order == "FORGED" {
			n = forged
		}
		if f.Value("IPCmethod") == MethodTxnLog {
			s.answer(w, text("IPCMethod", MethodTxnLog), text("OrderID", order), text("OrderStatus", "2"),
				Node{Name: "Log", Kind: Array, Children: []Node{
					{Kind: Object, Children: []Node{text("Time", "21.11.2026 10:00:00"), text("Action", "Check <cart>"), text("Result", "OK")}},
				}}, number("Status", "0"))
			return
		}
		s.answer(w, text("IPCMethod", MethodTxnStatus), text("OrderID", order), n, number("Status", "0"))
	}
	got, err := c.TxnStatus(t.Context(), exampleOrder)
	if err != nil || got.Last.Method != MethodNotify || got.Last.Reference != "410227" {
		t.Errorf("%+v, %v", got.Last, err)
	}
	if _, err := c.TxnStatus(t.Context(), "FORGED"); !errors.Is(err, payments.ErrUnknown) || !errors.Is(err, ErrSignature) {
		t.Errorf("a forged message inside a signed answer: %v", err)
	}
	if _, err := c.TxnStatus(t.Context(), "OTHER"); !errors.Is(err, payments.ErrUnknown) {
		t.Errorf("a message of another order inside: %v", err)
	}
	answer, err := c.TxnLog(t.Context(), exampleOrder)
	want := TxnLog{
		OrderID: exampleOrder, State: LogReversed,
		Rows: []LogRow{{"21.11.2026 10:00:00", "Check (cart)", "OK"}}, Raw: answer.Raw,
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, answer); diff != "" {
		t.Error(diff)
	}
}

func TestErrorsHoldNoSecrets(t *testing.T) {
	s, c := open(t, func(_ *standIn, w http.ResponseWriter, _ Fields) { w.WriteHeader(http.StatusBadGateway) })
	_, err := c.Refund(t.Context(), refund())
	key := string(s.store.Key.PEM())
	for _, shown := range []string{fmt.Sprint(err), fmt.Sprintf("%+v", s.store), fmt.Sprintf("%#v", s.store), fmt.Sprint(s.store.Key)} {
		for _, line := range strings.Split(key, "\n")[1:] {
			if len(line) > 20 && strings.Contains(shown, line) {
				t.Errorf("the private key stands in %q", shown)
			}
		}
		if strings.Contains(shown, "410227") {
			t.Errorf("a reference stands in %q", shown)
		}
	}
}
