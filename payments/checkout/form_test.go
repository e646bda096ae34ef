package checkout

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/payments"
)

func TestParseForm(t *testing.T) {
	tests := []struct {
		raw  string
		want Fields
		code string
	}{
		{"a=1&b=2&a=3", Fields{{"a", "1"}, {"b", "2"}, {"a", "3"}}, ""},
		{"a=&b", Fields{{"a", ""}, {"b", ""}}, ""},
		{"a=b=c", Fields{{"a", "b=c"}}, ""},
		{"a+b=c++d", Fields{{"a b", "c  d"}}, ""},
		{"a=%26%3d%2B%00%ff", Fields{{"a", "&=+\x00\xff"}}, ""},
		{"a=é", Fields{{"a", "é"}}, ""},
		{"", nil, "form.empty"},
		{"&", nil, "form.encoding"},
		{"a=1&", nil, "form.encoding"},
		{"a=1&&b=2", nil, "form.encoding"},
		{"=1", nil, "form.encoding"},
		{"a=%", nil, "form.encoding"},
		{"a=%4", nil, "form.encoding"},
		{"a=%4g", nil, "form.encoding"},
		{"a=1;b=2", nil, "form.encoding"},
		{strings.Repeat("a=1&", 1000) + "a=1", nil, "form.fields"},
		{"a=" + strings.Repeat("x", MaxForm), nil, "form.size"},
	}
	for _, tt := range tests {
		got, err := ParseForm([]byte(tt.raw))
		if payments.CodeOf(err) != tt.code {
			t.Errorf("%.40q: %v, want code %q", tt.raw, err, tt.code)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%.40q:\n%s", tt.raw, diff)
		}
	}
}

func TestEncodeOfTheSDK(t *testing.T) {
	for _, o := range outboundVectors(t) {
		if o.Query == "" || strings.Contains(o.Query, "%26") {
			continue // escaped for HTML by the SDK, spec 2.5
		}
		want, err := ParseForm([]byte(o.Query))
		if err != nil {
			t.Fatal(err)
		}
		if got := want.Encode(); got != o.Query {
			t.Errorf("%s:\n%s\n%s", o.Name, got, o.Query)
		}
	}
}

func TestFields(t *testing.T) {
	f := Fields{{"SID", "1"}, {"sid", "2"}, {"Note", "3"}}
	if v, ok := f.Get("Sid"); !ok || v != "1" {
		t.Errorf("Get = %q, %t", v, ok)
	}
	if v, ok := f.Get("OrderID"); ok || v != "" {
		t.Errorf("Get of nothing = %q, %t", v, ok)
	}
	if diff := cmp.Diff(Fields{{"Note", "3"}}, f.Without("SID")); diff != "" || len(f) != 3 {
		t.Error(diff)
	}
}

func TestFormsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Field {
			name := rapid.StringN(1, 20, -1).Draw(t, "name")
			value := string(rapid.SliceOf(rapid.Byte()).Draw(t, "value"))
			return Field{name, value}
		}), 1, 20).Draw(t, "fields")
		got, err := ParseForm([]byte(Fields(f).Encode()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Fields(f), got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestSignedFormsVerifyAndNoOthersDo(t *testing.T) {
	key := sandboxKey(t)
	merchant := &Certificate{key: &key.key.PublicKey}
	field := rapid.Custom(func(t *rapid.T) Field {
		return Field{rapid.StringMatching(`[A-Z][a-z]{1,6}`).Draw(t, "name"), rapid.StringMatching(`[a-z ]{0,6}`).Draw(t, "value")}
	})
	rapid.Check(t, func(t *rapid.T) {
		f := Fields(rapid.SliceOfN(field, 1, 8).Draw(t, "fields"))
		signed, err := Sign(key, f)
		if err != nil {
			t.Fatal(err)
		}
		if err := VerifyFields(signed, merchant); err != nil {
			t.Fatal(err)
		}
		if err := VerifyFields(signed, sandboxCertificateOf(merchant)...); err != nil {
			t.Fatalf("second of two certificates: %v", err)
		}
		i := rapid.IntRange(0, len(f)-1).Draw(t, "changed")
		changed := slices.Clone(signed)
		changed[i].Value += "x"
		if err := VerifyFields(changed, merchant); !errors.Is(err, ErrSignature) {
			t.Fatalf("a changed value: %v", err)
		}
		if err := VerifyFields(f, merchant); !errors.Is(err, ErrUnsigned) {
			t.Fatalf("unsigned: %v", err)
		}
		if _, err := Sign(key, signed); !errors.Is(err, ErrRepeated) {
			t.Fatalf("signed twice: %v", err)
		}
		if err := VerifyFields(signed); !errors.Is(err, ErrCertificate) {
			t.Fatalf("no certificate: %v", err)
		}
	})
}

// sandboxCertificateOf puts a certificate behind one that does not fit.
func sandboxCertificateOf(c *Certificate) []*Certificate {
	first, err := ParseCertificate(exampleFile("sandbox_mypos_api_certificate.pem"))
	if err != nil {
		return nil
	}
	return []*Certificate{first, nil, c}
}

func TestSignaturesHaveOneTextOnly(t *testing.T) {
	cert := sandboxCertificate(t)
	for _, in := range validVectors(t) {
		if in.Format == "json" {
			continue
		}
		f, err := ParseForm([]byte(in.Body))
		if err != nil {
			t.Fatal(err)
		}
		last := len(f) - 1
		good := f[last].Value
		for name, text := range map[string]string{
			"line end":    good[:10] + "\n" + good[10:],
			"CR":          good + "\r",
			"blank":       good[:10] + " " + good[10:],
			"no padding":  strings.TrimRight(good, "="),
			"URL letters": strings.NewReplacer("+", "-", "/", "_").Replace(good),
			"empty":       "",
			"twice":       good + good,
		} {
			if text == good {
				continue
			}
			f[last].Value = text
			if err := VerifyFields(f, cert); err == nil {
				t.Errorf("%s: accepted with %s", in.Name, name)
			}
		}
	}
}

func TestMessagesThatLackWhatADecisionNeeds(t *testing.T) {
	key := sandboxKey(t)
	merchant := &Certificate{key: &key.key.PublicKey}
	notify := Fields{
		{"IPCmethod", MethodNotify},
		{"SID", "000000000000010"},
		{"Amount", "45.00"},
		{"Currency", "EUR"},
		{"OrderID", exampleOrder},
		{"IPC_Trnref", "410227"},
		{"PAN", "4111111111111111"},
	}
	verify := func(f Fields) (Message, error) {
		signed, err := Sign(key, f)
		if err != nil {
			t.Fatal(err)
		}
		return VerifyForm([]byte(signed.Encode()), merchant)
	}
	m, err := verify(notify)
	if err != nil || m.PANLast4 != "" {
		t.Errorf("a whole card number travels on as %q, %v", m.PANLast4, err)
	}
	for _, name := range []string{"IPCmethod", "SID", "Amount", "Currency", "OrderID", "IPC_Trnref"} {
		if _, err := verify(notify.Without(name)); !errors.Is(err, ErrMissing) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	for _, amount := range []string{"45,00", "4e1", "45.001", "x", "-"} {
		f := slices.Clone(notify)
		f[2].Value = amount
		if _, err := verify(f); !errors.Is(err, ErrMalformed) {
			t.Errorf("amount %q: %v", amount, err)
		}
	}
	// A customer's own message, cut into other fields: its text begins with its method.
	twisted := append(Fields{{"PAN", MethodCancel}, {"Note", "x"}}, notify.Without("PAN")...)
	for _, f := range []Fields{twisted, append(Fields{{"A", MethodCancel + "-x"}}, notify...)} {
		signed, err := Sign(key, f)
		if err != nil {
			t.Fatal(err)
		}
		last := len(signed) - 1
		for _, f := range []Fields{signed, append(Fields{signed[last]}, signed[:last]...)} {
			if m, err := VerifyForm([]byte(f.Encode()), merchant); !errors.Is(err, ErrRepeated) {
				t.Errorf("the text begins with %s, and it counts as %q: %v", MethodCancel, m.Method, err)
			}
		}
	}
	if m, err := verify(append(slices.Clone(notify[1:]), notify[0])); err != nil || m.Method != MethodNotify {
		t.Errorf("the method at the end: %v", err)
	}
	rollback := slices.Clone(notify.Without("IPC_Trnref"))
	rollback[0].Value = MethodRollback
	if m, err := verify(rollback); err != nil || m.Method != MethodRollback {
		t.Errorf("a rollback has no reference: %v", err)
	}
	if m, err := verify(Fields{{"IPCmethod", MethodVerify}, {"SID", "1"}}); err != nil || m.Method != MethodVerify {
		t.Errorf("IPCSignatureVerify has no order: %v", err)
	}
	for _, name := range []string{"ſID", "ſid", "RequeſtSTAN"} { // Fields.Get takes them for SID and RequestSTAN
		f := append(slices.Clone(notify), Field{"RequestSTAN", "1"}, Field{name, "X"})
		if _, err := verify(f); !errors.Is(err, ErrRepeated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := verify(append(slices.Clone(notify), Field{"orderid", "X"})); !errors.Is(err, ErrRepeated) {
		t.Errorf("two orders: %v", err)
	}
}

// FuzzParseForm checks ParseForm against net/url, which loses the order and is
// laxer about empty pairs.
func FuzzParseForm(f *testing.F) {
	for _, raw := range []string{"a=1&b=2&a=3", "a=%26%3d%2B%00%ff", "a=1;b=2", "a=%", "a+b=c++d", "=1", "&&", "a"} {
		f.Add([]byte(raw))
	}
	for _, in := range inboundVectors(f) {
		f.Add([]byte(in.Body))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := ParseForm(raw)
		query, errQuery := url.ParseQuery(string(raw))
		if err != nil {
			strict := len(raw) > MaxForm || strings.Count(string(raw), "&") >= maxFields || emptyPair(string(raw))
			if errQuery == nil && !strict {
				t.Fatalf("refused %q: %v", raw, err)
			}
			return
		}
		if errQuery != nil {
			t.Fatalf("accepted %q, net/url says %v", raw, errQuery)
		}
		values := url.Values{}
		for _, x := range got {
			values[x.Name] = append(values[x.Name], x.Value)
		}
		if diff := cmp.Diff(query, values); diff != "" {
			t.Fatalf("%q:\n%s", raw, diff)
		}
		again, err := ParseForm([]byte(got.Encode()))
		if err != nil && len(got.Encode()) <= MaxForm {
			t.Fatal(err)
		}
		if err == nil && !slices.Equal(got, again) {
			t.Fatalf("%q does not survive its own encoding", raw)
		}
	})
}

func emptyPair(raw string) bool {
	for _, pair := range strings.Split(raw, "&") {
		if pair == "" || pair[0] == '=' {
			return true
		}
	}
	return false
}
