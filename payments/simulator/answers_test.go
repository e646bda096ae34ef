package simulator

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/money"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestStatusThroughALife(t *testing.T) {
	r := newRig(t)
	ask := func(want int) {
		t.Helper()
		if got := r.paymentState("P1"); got != want {
			t.Errorf("PaymentStatus %d, want %d", got, want)
		}
	}
	ask(0)
	path := r.open(r.form("P1", "45.00"))
	ask(2)
	r.card(path, panDeclined)
	ask(3)
	r.card(path, panApproved)
	ask(1)
	p, err := r.client().PaymentStatus(t.Context(), "P1")
	if err != nil || p.Amount != eur("45.00") || p.Reference != r.only().Reference || p.Outcome != payments.Paid {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := r.client().Reversal(t.Context(), p.Reference); err != nil {
		t.Fatal(err)
	}
	ask(4)
	if got := r.shop.methods(); got != "Notify" {
		t.Errorf("a reversal we asked for is announced: %s", got)
	}
}

func TestTxnStatusIsTheLastMessage(t *testing.T) {
	r := newRig(t)
	last := func(order string) string {
		t.Helper()
		s, err := r.client().TxnStatus(t.Context(), order)
		if err != nil {
			t.Fatal(err)
		}
		return s.Last.Method
	}
	if got := last("P0"); got != "" {
		t.Errorf("unknown order: %s", got)
	}
	r.charge("P1", "45.00")
	r.shop.answers(refuses(checkout.MethodNotify))
	r.charge("P2", "45.00")
	r.submit(r.open(r.form("P3", "45.00"))+"/cancel", nil)
	got := []string{last("P1"), last("P2"), last("P3")}
	if d := cmp.Diff([]string{checkout.MethodNotify, checkout.MethodRollback, checkout.MethodCancel}, got); d != "" {
		t.Error(d)
	}
}

func TestTxnLog(t *testing.T) {
	r := newRig(t)
	path := r.open(r.form("P1", "45.00"))
	r.card(path, panDeclined)
	r.card(path, panApproved)
	l, err := r.client().TxnLog(t.Context(), "P1")
	if err != nil || l.State != checkout.LogPaid {
		t.Fatalf("%+v %v", l, err)
	}
	var rows []string
	for _, row := range l.Rows {
		rows = append(rows, row.Action+"="+row.Result)
	}
	want := []string{
		"Check the URLs=OK", "Check cart=OK", "Authorise the card=Declined 05", "Authorise the card=Approved",
		"Send IPCPurchaseNotify=OK",
	}
	if d := cmp.Diff(want, rows); d != "" {
		t.Error(d)
	}
}

func TestDeclinedPaymentsAreListedWhenAsked(t *testing.T) {
	r := newRig(t)
	path := r.open(r.form("P1", "45.00"))
	r.card(path, panDeclined)
	r.card(path, panFunds)
	for ask, want := range map[string][]string{"1": {"05", "51"}, "": nil} {
		w := r.post("/vmp/checkout", r.question(checkout.MethodStatus, "json", [2]string{"OrderID", "P1"}, [2]string{"get_declined_payments", ask}))
		a, err := checkout.VerifyJSON(w.Body.Bytes(), r.store.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		list, _ := a.Child("DeclinedPayments")
		var codes []string
		for _, row := range list {
			codes = append(codes, row.Children[0].Text)
		}
		if d := cmp.Diff(want, codes); d != "" {
			t.Errorf("asked %q: %s", ask, d)
		}
	}
}

// XML is the default; the text of the root's children is what is signed.
func TestXMLAnswersVerify(t *testing.T) {
	r := newRig(t)
	r.charge("P1", "45.00")
	for _, method := range []string{checkout.MethodStatus, checkout.MethodTxnStatus, checkout.MethodTxnLog} {
		for _, format := range []string{"", "xml", "XML"} {
			w := r.post("/vmp/checkout", r.question(method, format, [2]string{"OrderID", "P1"}))
			var root struct {
				XMLName  xml.Name `xml:"ipc_response"`
				Children []struct {
					XMLName xml.Name
					Text    string `xml:",chardata"`
				} `xml:",any"`
			}
			if err := xml.Unmarshal(w.Body.Bytes(), &root); err != nil {
				t.Fatalf("%v: %s", err, w.Body)
			}
			var f checkout.Fields
			for _, c := range root.Children {
				f = append(f, checkout.Field{Name: c.XMLName.Local, Value: c.Text})
			}
			if err := checkout.VerifyFields(f, r.store.Certificate); err != nil {
				t.Errorf("%s: %v", method, err)
			}
			if f.Value("IPCmethod") != method || f.Value("Status") != "0" {
				t.Errorf("%s: %v", method, f)
			}
		}
	}
}

func TestSignatureVerifyNeedsOK(t *testing.T) {
	for name, c := range map[string]struct {
		answer  func(checkout.Message, int) (*http.Response, error)
		address string
		want    checkout.Status
	}{
		"answered":     {ok, "https://salon.example/n", 0},
		"not answered": {refuses(checkout.MethodVerify), "https://salon.example/n", 99},
		"http":         {ok, "http://salon.example/n", 5},
		"no address":   {ok, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.shop.answers(c.answer)
			w := r.post("/vmp/checkout", r.question(checkout.MethodVerify, "json", [2]string{"url_notify", c.address}))
			a, err := checkout.VerifyJSON(w.Body.Bytes(), r.store.Certificate)
			if err != nil || a.Status != c.want {
				t.Errorf("status %d, want %d; %v", a.Status, c.want, err)
			}
		})
	}
}

func TestRefunds(t *testing.T) {
	r := newRig(t)
	r.charge("P1", "45.00")
	ref := r.only().Reference
	give := func(order, amount string) (string, error) {
		a, err := r.client().Refund(t.Context(), checkout.RefundRequest{Reference: ref, OrderID: order, Amount: eur(amount)})
		return a.Reference, err
	}
	first, err1 := give("R1", "10.00")
	second, err2 := give("R2", "10.00")
	if err1 != nil || err2 != nil || first == second || first == ref {
		t.Fatalf("%s %v, %s %v, payment %s", first, err1, second, err2, ref)
	}
	for name, c := range map[string]struct{ order, amount, code string }{
		"over the rest": {"R3", "25.01", "status.9"},
		"same order":    {"R1", "1.00", "status.20"},
	} {
		if _, err := give(c.order, c.amount); payments.CodeOf(err) != c.code || !errors.Is(err, payments.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 2 { // plugins send the purchase's OrderID again (spec 3.7)
		if _, err := give("P1", "12.50"); err != nil {
			t.Error(err)
		}
	}
	if _, err := give("R4", "0.01"); payments.CodeOf(err) != "status.9" {
		t.Errorf("nothing is left: %v", err)
	}
	if p := r.only(); p.RefundedMinor != 4500 || p.State != StateApproved || len(r.sim.Truth().Refunds) != 4 {
		t.Errorf("%+v %+v", p, r.sim.Truth().Refunds)
	}
	if _, err := r.client().Reversal(t.Context(), ref); payments.CodeOf(err) != "status.14" {
		t.Errorf("reversal after refunds: %v", err)
	}
}

func TestRefundsThatAreRefused(t *testing.T) {
	r := newRig(t)
	r.charge("P1", "45.00")
	r.shop.answers(refuses(checkout.MethodNotify))
	r.charge("P2", "45.00")
	all := r.sim.Truth().Payments
	base := [][2]string{{"IPC_Trnref", all[0].Reference}, {"OrderID", "R1"}, {"Amount", "1.00"}, {"Currency", "EUR"}}
	for name, c := range map[string]struct {
		change [2]string
		want   checkout.Status
	}{
		"fine":              {[2]string{"OrderID", "R9"}, 0},
		"unknown reference": {[2]string{"IPC_Trnref", "1"}, 5},
		"woo's spelling":    {[2]string{"IPC_Trnref", drop}, 1},
		"no amount":         {[2]string{"Amount", drop}, 1},
		"no currency":       {[2]string{"Currency", drop}, 1},
		"other currency":    {[2]string{"Currency", "USD"}, 5},
		"zero":              {[2]string{"Amount", "0"}, 9},
		"negative":          {[2]string{"Amount", "-1.00"}, 9},
		"words":             {[2]string{"Amount", "one"}, 5},
		"taken back":        {[2]string{"IPC_Trnref", all[1].Reference}, 14},
		"long order":        {[2]string{"OrderID", strings.Repeat("x", 81)}, 5},
	} {
		f := r.resign(r.question(checkout.MethodRefund, "json", base...), c.change)
		a, err := checkout.VerifyJSON(r.post("/vmp/checkout", f).Body.Bytes(), r.store.Certificate)
		if err != nil || a.Status != c.want {
			t.Errorf("%s: status %d, want %d; %v", name, a.Status, c.want, err)
		}
	}
}

// Whatever is asked in whatever order, no more is given back than was taken,
// and a restart knows the same.
func TestRefundsNeverExceedThePayment(t *testing.T) {
	r := newRig(t)
	order := 0
	rapid.Check(t, func(t *rapid.T) {
		order++
		name := fmt.Sprintf("Q%d", order)
		r.charge(name, "45.00")
		all := r.sim.Truth().Payments
		paid := all[len(all)-1]
		var sum int64
		for i, minor := range rapid.SliceOfN(rapid.Int64Range(1, 4000), 1, 4).Draw(t, "refunds") {
			_, no, err := r.sim.refund(nil, checkout.Fields{
				{Name: "IPC_Trnref", Value: paid.Reference},
				{Name: "OrderID", Value: fmt.Sprintf("%s-%d", name, i)},
				{Name: "Amount", Value: money.Amount{Minor: minor, Currency: money.EUR}.Checkout()},
				{Name: "Currency", Value: "EUR"},
			})
			if fits := sum+minor <= paid.Minor; err != nil || fits != (no == nil) {
				t.Fatalf("%d after %d of %d: %v %v", minor, sum, paid.Minor, no, err)
			}
			if no == nil {
				sum += minor
			}
		}
		if got := r.sim.Truth().Payments[len(all)-1].RefundedMinor; got != sum {
			t.Fatalf("refunded %d, want %d", got, sum)
		}
	})
	before := r.sim.Truth()
	r.stop()
	r.start()
	if d := cmp.Diff(before, r.sim.Truth()); d != "" {
		t.Error(d)
	}
}

func TestRefundsAtOnce(t *testing.T) {
	r := newRig(t)
	r.charge("P1", "45.00")
	ref := r.only().Reference
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			_, err := r.client().Refund(t.Context(), checkout.RefundRequest{Reference: ref, OrderID: "R" + itoa(i), Amount: eur("10.00")})
			if err != nil && !errors.Is(err, payments.ErrRefused) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if p := r.only(); p.RefundedMinor != 4000 {
		t.Errorf("refunded %d", p.RefundedMinor)
	}
}
