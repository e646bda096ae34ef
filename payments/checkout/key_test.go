package checkout

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frontdesk/payments"
)

func keyFile(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "keys", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestPrivateKeysArePastedInManyWays(t *testing.T) {
	plain := string(vector(t, "sandbox_store_private_key.pem"))
	body := strings.TrimSpace(plain)
	head, tail := "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"
	inner := strings.TrimSuffix(strings.TrimPrefix(body, head), tail)
	pasted := map[string]string{
		"as it is":               plain,
		"PKCS#8":                 string(keyFile(t, "pkcs8.pem")),
		"CRLF":                   strings.ReplaceAll(plain, "\n", "\r\n"),
		"CR":                     strings.ReplaceAll(plain, "\n", "\r"),
		"backslash n":            strings.ReplaceAll(plain, "\n", `\n`),
		"backslash r, n":         strings.ReplaceAll(plain, "\n", `\r\n`),
		"one line":               head + strings.ReplaceAll(inner, "\n", "") + tail,
		"blanks for line ends":   strings.ReplaceAll(plain, "\n", " "),
		"doubled line ends":      strings.ReplaceAll(plain, "\n", "\n\n"),
		"text around":            "Dear salon,\n\n" + plain + "\nregards",
		"after its certificate":  string(vector(t, "sandbox_mypos_api_certificate.pem")) + plain,
		"indented":               strings.ReplaceAll(plain, "\n", "\n    "),
		"before another PEM box": plain + string(keyFile(t, "public.pem")),
	}
	want := sandboxKey(t)
	for name, text := range pasted {
		k, err := ParsePrivateKey([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !k.key.Equal(want.key) {
			t.Errorf("%s: another key came out", name)
		}
	}
	if want.Bits() != 1024 || !want.Weak() {
		t.Errorf("the sandbox key has %d bits, weak %t", want.Bits(), want.Weak())
	}
	if !bytes.Equal(want.PEM(), []byte(plain)) {
		t.Error("PEM does not give the file back")
	}
}

func TestWhatWasPastedInsteadOfAPrivateKeyIsTold(t *testing.T) {
	plain := string(vector(t, "sandbox_store_private_key.pem"))
	tests := []struct {
		name string
		text string
		code string
	}{
		{"nothing", "", "key.none"},
		{"words", "my key", "key.none"},
		{"too much", strings.Repeat("x", MaxPack+1), "key.none"},
		{"half a BEGIN line", "-----BEGIN RSA PRIV", "key.none"},
		{"a box of another kind", "-----BEGIN X-----\nAA==\n-----END X-----", "key.none"},
		{"certificate", string(vector(t, "sandbox_mypos_api_certificate.pem")), "key.certificate"},
		{"certificate request", string(keyFile(t, "request.pem")), "key.certificate"},
		{"public key", string(keyFile(t, "public.pem")), "key.public"},
		{"public key, PKCS#1", string(keyFile(t, "public_pkcs1.pem")), "key.public"},
		{"passphrase, PKCS#8", string(keyFile(t, "sealed_pkcs8.pem")), "key.passphrase"},
		{"passphrase, PKCS#1", string(keyFile(t, "sealed_pkcs1.pem")), "key.passphrase"},
		{"elliptic curve", string(keyFile(t, "ec.pem")), "key.type"},
		{"elliptic curve, PKCS#8", string(keyFile(t, "ec_pkcs8.pem")), "key.type"},
		{"512 bits", string(keyFile(t, "short512.pem")), "key.short"},
		{"512 bits, PKCS#8", string(keyFile(t, "short512_pkcs8.pem")), "key.short"},
		{"cut", plain[:len(plain)/2], "key.damaged"},
		{"one letter lost", strings.Replace(plain, "MIICXAIBAAKB", "MIICXAIBAAK", 1), "key.damaged"},
		{"one letter changed", strings.Replace(plain, "KBgQCf0Tdc", "KBgQCf0Tdd", 1), "key.damaged"},
		{"empty box", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", "key.damaged"},
	}
	for _, tt := range tests {
		k, err := ParsePrivateKey([]byte(tt.text))
		if k != nil || !errors.Is(err, ErrKey) || payments.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want code %q", tt.name, err, tt.code)
		}
	}
}

func TestWhatWasPastedInsteadOfACertificateIsTold(t *testing.T) {
	good := string(vector(t, "sandbox_mypos_api_certificate.pem"))
	tests := []struct {
		name string
		text string
		code string
	}{
		{"nothing", "", "certificate.none"},
		{"a box of another kind", "-----BEGIN X-----\nAA==\n-----END X-----", "certificate.none"},
		{"private key", string(vector(t, "sandbox_store_private_key.pem")), "certificate.key"},
		{"public key", string(keyFile(t, "public.pem")), "certificate.public"},
		{"request", string(keyFile(t, "request.pem")), "certificate.public"},
		{"empty serial number", string(vector(t, "sandbox_mypos_api_certificate_2013.pem")), "certificate.serial"},
		{"cut", good[:len(good)/2], "certificate.damaged"},
		{"one letter lost", strings.Replace(good, "MIIBsTCC", "MIIBsTC", 1), "certificate.damaged"},
		{"elliptic curve", string(keyFile(t, "ec_certificate.pem")), "certificate.type"},
		{"512 bits", string(keyFile(t, "short512_certificate.pem")), "certificate.short"},
	}
	for _, tt := range tests {
		c, err := ParseCertificate([]byte(tt.text))
		if c != nil || !errors.Is(err, ErrCertificate) || payments.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want code %q", tt.name, err, tt.code)
		}
	}
	_, err := ParseCertificate(vector(t, "sandbox_mypos_api_certificate_2013.pem"))
	if err == nil || !strings.Contains(err.Error(), "empty serial number") {
		t.Errorf("the reason is not told: %v", err)
	}
}

func TestCertificate(t *testing.T) {
	c := sandboxCertificate(t)
	if !bytes.Equal(c.PEM(), vector(t, "sandbox_mypos_api_certificate.pem")) {
		t.Error("PEM does not give the file back")
	}
	if c.Bits() != 1024 || c.NotBefore().Year() != 2018 || c.NotAfter().Year() != 2028 {
		t.Errorf("%d bits from %v to %v", c.Bits(), c.NotBefore(), c.NotAfter())
	}
	if len(c.Fingerprint()) != 64 || c.Certifies(sandboxKey(t)) {
		t.Errorf("fingerprint %s, certifies the store's key: %t", c.Fingerprint(), c.Certifies(sandboxKey(t)))
	}
}

func TestKeysOfStandIns(t *testing.T) {
	k, err := GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	if k.Bits() != 2048 || k.Weak() {
		t.Errorf("%d bits, weak %t", k.Bits(), k.Weak())
	}
	from := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	c, err := k.SelfSigned("stand-in", from, from.AddDate(1, 0, 0), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseCertificate(c.PEM())
	if err != nil || again.Fingerprint() != c.Fingerprint() || !again.Certifies(k) || !again.NotBefore().Equal(from) {
		t.Errorf("it does not read back: %v", err)
	}
	if _, err := GenerateKey(rand.Reader, 512); payments.CodeOf(err) != "key.short" {
		t.Errorf("512 bits: %v", err)
	}
	if _, err := GenerateKey(nil, 2048); payments.CodeOf(err) != "key.entropy" {
		t.Errorf("no entropy: %v", err)
	}
	if _, err := k.SelfSigned("x", from, from, bytes.NewReader(nil)); payments.CodeOf(err) != "certificate.entropy" {
		t.Errorf("no entropy: %v", err)
	}
}

func TestErrorsOfKeysDoNotQuoteThem(t *testing.T) {
	plain := string(vector(t, "sandbox_store_private_key.pem"))
	for i := range plain {
		changed := []byte(plain)
		changed[i] ^= 1
		_, err := ParsePrivateKey(changed)
		if err == nil {
			continue
		}
		for _, line := range strings.Split(plain, "\n")[1:15] {
			if strings.Contains(err.Error(), line[:len(line)/2]) {
				t.Fatalf("byte %d: %v quotes the key", i, err)
			}
		}
	}
}
