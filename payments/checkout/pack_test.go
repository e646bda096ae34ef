package checkout

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"

	"frontdesk/payments"
)

func same(a, b Store) bool {
	return a.SID == b.SID && a.Wallet == b.Wallet && a.KeyIndex == b.KeyIndex && a.AppID == b.AppID && a.PartnerID == b.PartnerID &&
		a.Key.key.Equal(b.Key.key) && a.Certificate.Fingerprint() == b.Certificate.Fingerprint()
}

func TestPackOfTheSandbox(t *testing.T) {
	s := sandboxStore(t)
	if s.SID != "000000000000010" || s.Wallet != "61938166610" || s.KeyIndex != 1 {
		t.Errorf("%s, %s, %d", s.SID, s.Wallet, s.KeyIndex)
	}
	if !s.Key.key.Equal(sandboxKey(t).key) || s.Certificate.Fingerprint() != sandboxCertificate(t).Fingerprint() {
		t.Error("key or certificate is another one")
	}
	raw := strings.TrimSpace(string(vector(t, "sandbox_configuration_pack.txt")))
	plain, err := base64.StdEncoding.DecodeString(raw)
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for i, c := range raw {
		if i%64 == 0 {
			lines.WriteString("\r\n  ")
		}
		lines.WriteRune(c)
	}
	for name, text := range map[string]string{
		"in lines":           lines.String(),
		"without padding":    strings.TrimRight(raw, "="),
		"after a mark":       "\ufeff" + raw,
		"as bare JSON":       string(plain),
		"with another value": strings.Replace(string(plain), `"idx":1`, `"idx":"1","note":{"a":[1]}`, 1),
	} {
		got, err := ParsePack([]byte(text))
		if err != nil || !same(got, s) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPackRoundTrip(t *testing.T) {
	s := sandboxStore(t)
	s.KeyIndex, s.AppID, s.PartnerID = 99, "mps-app-12345678", "mps-p-12345678"
	text, err := s.Pack()
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParsePack(text)
	if err != nil || !same(got, s) {
		t.Errorf("%v, %v", got, err)
	}
	raw, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	if err := json.Unmarshal(raw, &members); err != nil {
		t.Fatal(err)
	}
	for name := range members { // the official SDK throws on any other name
		if !strings.Contains(" sid cn pk pc idx appid pid ", " "+name+" ") {
			t.Errorf("member %q", name)
		}
	}
}

func TestWhatIsWrongWithAPackIsTold(t *testing.T) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(vector(t, "sandbox_configuration_pack.txt"))))
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	if err := json.Unmarshal(raw, &members); err != nil {
		t.Fatal(err)
	}
	changed := func(name string, value any) string {
		m := maps.Clone(members)
		if m[name] = value; value == nil {
			delete(m, name)
		}
		out, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return base64.StdEncoding.EncodeToString(out)
	}
	pack := strings.TrimSpace(string(vector(t, "sandbox_configuration_pack.txt")))
	tests := []struct {
		name string
		text string
		code string
	}{
		{"nothing", "", "pack.base64"},
		{"words", "no pack!", "pack.base64"},
		{"a key", string(vector(t, "sandbox_store_private_key.pem")), "pack.base64"},
		{"too much", strings.Repeat("A", MaxPack+1), "pack.size"},
		{"cut", pack[:len(pack)/2], "pack.json"},
		{"other base64", base64.StdEncoding.EncodeToString([]byte("hello")), "pack.json"},
		{"an array", base64.StdEncoding.EncodeToString([]byte(`["sid"]`)), "pack.json"},
		{"two store ids", base64.StdEncoding.EncodeToString([]byte(`{"sid":"1","SID":"2"}`)), "pack.json"},
		{"no store id", changed("sid", nil), "pack.missing"},
		{"no wallet", changed("cn", ""), "pack.missing"},
		{"no certificate", changed("pc", nil), "pack.missing"},
		{"an object for a key", changed("pk", map[string]string{"a": "b"}), "pack.missing"},
		{"long store id", changed("sid", "0000000000000010"), "pack.sid"},
		{"store id with a sign", changed("sid", "10&x=1"), "pack.sid"},
		{"wallet with letters", changed("cn", "6193816661O"), "pack.wallet"},
		{"index 0", changed("idx", 0), "pack.index"},
		{"index 100", changed("idx", 100), "pack.index"},
		{"index one", changed("idx", "one"), "pack.index"},
		{"index 1.5", changed("idx", 1.5), "pack.index"},
		{"half a partner", changed("pid", "mps-p-1"), "pack.partner"},
		{"key and certificate swapped", changed("pk", members["pc"]), "key.certificate"},
		{"certificate of 2013", changed("pc", string(vector(t, "sandbox_mypos_api_certificate_2013.pem"))), "certificate.serial"},
	}
	for _, tt := range tests {
		_, err := ParsePack([]byte(tt.text))
		if payments.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want code %q", tt.name, err, tt.code)
		}
		if !errors.Is(err, ErrPack) && !errors.Is(err, ErrKey) && !errors.Is(err, ErrCertificate) {
			t.Errorf("%s: %v has no condition", tt.name, err)
		}
	}
	if _, err := (Store{}).Pack(); !errors.Is(err, ErrPack) {
		t.Errorf("an empty store: %v", err)
	}
}
