package checkout

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/payments/money"
)

// meaning is everything a decision may rest on. Names of fields are not signed
// (spec 2.6), so what is only shown (the last four digits, the time) may get
// lost in a damaged message, but may never say something else.
type meaning struct {
	Method, SID, OrderID, Reference string
	Money                           money.Amount
	Status                          Status
	Last4, DateTime                 string
}

// reader turns one kind of raw message into its meaning.
type reader func(raw []byte) (meaning, error)

func readForm(t testing.TB) reader {
	cert := sandboxCertificate(t)
	return func(raw []byte) (meaning, error) {
		m, err := VerifyForm(raw, cert)
		if err != nil {
			return meaning{}, err
		}
		return formMeaning(m)
	}
}

func formMeaning(m Message) (meaning, error) {
	amount, err := m.Money()
	return meaning{
		Method: m.Method, SID: m.SID, OrderID: m.OrderID, Reference: m.Reference,
		Money: amount, Last4: m.PANLast4, DateTime: m.DateTime,
	}, err
}

// readAnswer reads R1 the way Client.TxnStatus does once the bytes are here.
func readAnswer(t testing.TB) reader {
	c := &Client{certs: []*Certificate{sandboxCertificate(t)}}
	return func(raw []byte) (meaning, error) {
		a, err := c.verify("test", MethodTxnStatus, raw)
		if err != nil {
			return meaning{}, err
		}
		s, err := c.readTxnStatus("test", a, raw, "HB-2026-0001-1")
		if err != nil {
			return meaning{}, err
		}
		m, err := formMeaning(s.Last)
		m.Status = s.Status
		return m, err
	}
}

func (in inbound) reader(t testing.TB) reader {
	if in.Format == "json" {
		return readAnswer(t)
	}
	return readForm(t)
}

// differs reports a change of meaning.
func differs(want, got meaning) string {
	if got.Last4 == "" {
		got.Last4 = want.Last4
	}
	if got.DateTime == "" {
		got.DateTime = want.DateTime
	}
	return cmp.Diff(want, got)
}

func validVectors(t testing.TB) []inbound {
	t.Helper()
	var valid []inbound
	for _, in := range inboundVectors(t) {
		if in.Expect == "valid" {
			valid = append(valid, in)
		}
	}
	if len(valid) != 4 {
		t.Fatalf("%d valid vectors, want 4", len(valid))
	}
	return valid
}

func TestEverySingleByteChangeIsRefusedOrMeansTheSame(t *testing.T) {
	for _, in := range validVectors(t) {
		t.Run(in.Name, func(t *testing.T) {
			t.Parallel()
			read := in.reader(t)
			want, err := read([]byte(in.Body))
			if err != nil {
				t.Fatal(err)
			}
			body, accepted := []byte(in.Body), 0
			for i, original := range body {
				for n := range changesPerByte {
					delta := byte(n + 1)
					if changesPerByte == 8 {
						delta = 1 << n
					}
					body[i] = original ^ delta
					got, err := read(body)
					if err != nil {
						continue
					}
					accepted++
					if diff := differs(want, got); diff != "" {
						t.Errorf("byte %d %q as %q is accepted and means something else:\n%s", i, original, body[i], diff)
					}
				}
				body[i] = original
			}
			if accepted == 0 {
				t.Error("not even a change of case in a name is accepted: the test compares nothing")
			}
		})
	}
}

func TestEveryCutAndEveryLostByteIsRefusedOrMeansTheSame(t *testing.T) {
	for _, in := range validVectors(t) {
		t.Run(in.Name, func(t *testing.T) {
			t.Parallel()
			read := in.reader(t)
			want, err := read([]byte(in.Body))
			if err != nil {
				t.Fatal(err)
			}
			for i := range in.Body {
				if got, err := read([]byte(in.Body[:i])); err == nil {
					t.Errorf("cut after %d bytes it is accepted as %+v", i, got)
				}
				if got, err := read([]byte(in.Body[:i] + in.Body[i+1:])); err == nil {
					if diff := differs(want, got); diff != "" {
						t.Errorf("without byte %d it is accepted and means something else:\n%s", i, diff)
					}
				}
			}
		})
	}
}

func TestReorderedRepeatedAndForeignFormsAreRefused(t *testing.T) {
	read := readForm(t)
	for _, in := range validVectors(t) {
		if in.Format == "json" {
			continue
		}
		pairs := strings.Split(in.Body, "&")
		last := len(pairs) - 1 // Signature; its own place is not signed
		for i := range pairs[:last] {
			for j := range pairs[:i] {
				swapped := append([]string(nil), pairs...)
				swapped[i], swapped[j] = swapped[j], swapped[i]
				if _, err := read([]byte(strings.Join(swapped, "&"))); err == nil {
					t.Errorf("%s: accepted with fields %d and %d swapped", in.Name, i, j)
				}
			}
		}
		for i, pair := range pairs {
			if _, err := read([]byte(in.Body + "&" + pair)); err == nil {
				t.Errorf("%s: accepted with field %d twice", in.Name, i)
			}
		}
		for _, extra := range []string{"", "Note=", "Amount", "signature=", "x=1"} {
			if _, err := read([]byte(in.Body + "&" + extra)); err == nil {
				t.Errorf("%s: accepted with %q added", in.Name, extra)
			}
		}
	}
}

func TestForeignKeysAreRefused(t *testing.T) {
	own := sandboxKey(t)
	for _, o := range outboundVectors(t) {
		signed, err := Sign(own, o.fields())
		if err != nil {
			t.Fatal(err)
		}
		if err := VerifyFields(signed, sandboxCertificate(t)); err == nil {
			t.Errorf("%s: signed by the store and accepted as signed by myPOS", o.Name)
		}
	}
}

func TestTxnStatusReadsTheRollbackInside(t *testing.T) {
	for _, in := range validVectors(t) {
		if in.Format != "json" {
			continue
		}
		got, err := readAnswer(t)([]byte(in.Body))
		if err != nil {
			t.Fatal(err)
		}
		want := meaning{
			Method: MethodRollback, SID: "000000000000010", OrderID: "HB-2026-0001-1",
			Money: money.Amount{Minor: 16450, Currency: "EUR"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func ExampleVerifyForm() {
	certificate, err := ParseCertificate(exampleFile("sandbox_mypos_api_certificate.pem"))
	if err != nil {
		fmt.Println(err)
		return
	}
	posted := "IPCmethod=IPCPurchaseRollback&SID=000000000000010&Amount=164.50&Currency=EUR&OrderID=HB-2026-0001-1" +
		"&Signature=pXa7nGxqtdXJom5SMJt%2B5k4MwemR7sUhUORHdVJNOCeToWEzLIHht4Jrazo7vaawPcZ0hAu4EUJedbir%2FekrBxRYnJsWZQhM44poH6ZmkP80KXDZEsjRMHGU0N8%2BTUEtAG9XCRJaO1fJOHNUhyo17DWYzv54rt8%2B5iSxXSiJ904%3D"
	m, err := VerifyForm([]byte(posted), certificate)
	if err != nil {
		fmt.Println(err)
		return
	}
	amount, err := m.Money()
	fmt.Println(m.Method, m.OrderID, amount, err)

	_, err = VerifyForm([]byte(strings.Replace(posted, "164.50", "1.00", 1)), certificate)
	fmt.Println(err)
	// Output:
	// IPCPurchaseRollback HB-2026-0001-1 164.50 EUR <nil>
	// checkout.verify: signature.wrong: signature does not fit
}

func ExampleClient_PaymentStatus() {
	server := newStandIn()
	defer server.Close()
	client, err := server.client()
	if err != nil {
		fmt.Println(err)
		return
	}
	status, err := client.PaymentStatus(context.Background(), "P0123456789ABCDEFGHJ")
	fmt.Println(status.Outcome, status.Amount, status.Reference, err)
	// Output:
	// paid 45.00 EUR 410227 <nil>
}
