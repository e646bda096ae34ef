package checkout

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func vector(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "vectors", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func sandboxKey(t testing.TB) *PrivateKey {
	t.Helper()
	k, err := ParsePrivateKey(vector(t, "sandbox_store_private_key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sandboxCertificate(t testing.TB) *Certificate {
	t.Helper()
	c, err := ParseCertificate(vector(t, "sandbox_mypos_api_certificate.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func sandboxStore(t testing.TB) Store {
	t.Helper()
	s, err := ParsePack(vector(t, "sandbox_configuration_pack.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type outbound struct {
	Name         string
	Fields       [][2]string
	Concatenated string
	Signature    string
	Query        string `json:"http_build_query"`
}

func outboundVectors(t testing.TB) []outbound {
	t.Helper()
	var all []outbound
	if err := json.Unmarshal(vector(t, "outbound_requests.json"), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func (o outbound) fields() Fields {
	f := make(Fields, len(o.Fields))
	for i, x := range o.Fields {
		f[i] = Field{x[0], x[1]}
	}
	return f
}

type inbound struct{ Name, Format, Body, Expect string }

func inboundVectors(t testing.TB) []inbound {
	t.Helper()
	var all []inbound
	if err := json.Unmarshal(vector(t, "inbound_messages.json"), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSignGivesTheBytesOfTheOfficialSDK(t *testing.T) {
	key := sandboxKey(t)
	for _, o := range outboundVectors(t) {
		t.Run(o.Name, func(t *testing.T) {
			signed, err := Sign(key, o.fields())
			if err != nil {
				t.Fatal(err)
			}
			if last := signed[len(signed)-1]; last.Name != "Signature" || last.Value != o.Signature {
				t.Errorf("last field is %q = %q, want Signature = %q", last.Name, last.Value, o.Signature)
			}
			again, err := ParseForm([]byte(signed.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := again.Get("signature"); got != o.Signature {
				t.Errorf("signature does not survive the form: %q", got)
			}
		})
	}
}

func TestVerifyMessagesOfTheSandbox(t *testing.T) {
	cert := sandboxCertificate(t)
	for _, in := range inboundVectors(t) {
		t.Run(in.Name, func(t *testing.T) {
			var err error
			if in.Format == "json" {
				_, err = VerifyJSON([]byte(in.Body), cert)
			} else {
				_, err = VerifyForm([]byte(in.Body), cert)
			}
			if valid := err == nil; valid != (in.Expect == "valid") {
				t.Errorf("want %s, got error %v", in.Expect, err)
			}
		})
	}
}
