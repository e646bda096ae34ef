package checkout

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"frontdesk/payments"
)

func pasted(t testing.TB, name string) string {
	t.Helper()
	return string(keyFile(t, name))
}

func sample(t testing.TB, name string) string {
	t.Helper()
	return string(vector(t, name))
}

// oneLine joins all lines with a blank, as a mail program does.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// withoutArmour leaves the base64 alone.
func withoutArmour(s string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(s, "\n") {
		if !strings.HasPrefix(line, "-----") {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

func firstLines(s string, n int) string {
	return strings.Join(strings.SplitN(s, "\n", n+1)[:n], "\n")
}

// TestInspect is the table of what people paste.
func TestInspect(t *testing.T) {
	t.Parallel()
	key, cert := sample(t, "sandbox_store_private_key.pem"), sample(t, "sandbox_mypos_api_certificate.pem")
	pack := sample(t, "sandbox_configuration_pack.txt")
	packJSON, err := base64.StdEncoding.DecodeString(strings.TrimSpace(pack))
	if err != nil {
		t.Fatal(err)
	}
	pkcs8 := pasted(t, "pkcs8.pem")
	for name, c := range map[string]struct {
		text   string
		sort   Sort
		code   string
		format string
		fixed  bool
	}{
		"nothing":                  {" \n\t ", SortEmpty, "paste.empty", "", false},
		"words":                    {"please see the attachment", SortUnknown, "paste.unknown", "", false},
		"pack":                     {pack, SortPack, "", "", false},
		"pack in lines":            {strings.ReplaceAll(pack, "QUFR", "QU\n  FR"), SortPack, "", "", false},
		"pack in quotes":           {`"` + strings.TrimSpace(pack) + `"`, SortPack, "", "", false},
		"pack with a BOM":          {"\ufeff" + pack, SortPack, "", "", false},
		"pack as JSON":             {string(packJSON), SortPack, "", "", false},
		"pack cut":                 {pack[:len(pack)/2], SortPack, "pack.json", "", false},
		"pack with an unknown":     {strings.Replace(string(packJSON), "{", `{"colour":"red",`, 1), SortPack, "pack.unknown", "", false},
		"pack without a wallet":    {strings.Replace(string(packJSON), `"cn"`, `"nc"`, 1), SortPack, "pack.missing", "", false},
		"pack with index 0":        {strings.Replace(string(packJSON), `"idx":1`, `"idx":0`, 1), SortPack, "pack.index", "", false},
		"pack with index 100":      {strings.Replace(string(packJSON), `"idx":1`, `"idx":100`, 1), SortPack, "pack.index", "", false},
		"pack, wallet of letters":  {strings.Replace(string(packJSON), `61938166610`, `6193816661A`, 1), SortPack, "pack.wallet", "", false},
		"far too much":             {strings.Repeat("A", MaxPack+1), SortUnknown, "pack.size", "", false},
		"key":                      {key, SortPrivateKey, "", "PKCS#1", false},
		"key, CRLF":                {strings.ReplaceAll(key, "\n", "\r\n"), SortPrivateKey, "", "PKCS#1", false},
		"key on one line":          {oneLine(key), SortPrivateKey, "", "PKCS#1", true},
		"key without line ends":    {strings.ReplaceAll(key, "\n", ""), SortPrivateKey, "", "PKCS#1", true},
		"key with \\n":             {strings.ReplaceAll(key, "\n", `\n`), SortPrivateKey, "", "PKCS#1", true},
		"key, doubled line ends":   {strings.ReplaceAll(key, "\n", "\n\n"), SortPrivateKey, "", "PKCS#1", false},
		"key, indented":            {strings.ReplaceAll(key, "\n", "\n   "), SortPrivateKey, "", "PKCS#1", true},
		"key, long dashes":         {strings.ReplaceAll(key, "-----", "\u2014\u2014"), SortPrivateKey, "", "PKCS#1", true},
		"key, blanks in the label": {strings.NewReplacer("-----BEGIN RSA PRIVATE KEY-----", "----- BEGIN RSA  PRIVATE KEY -----").Replace(key), SortPrivateKey, "", "PKCS#1", true},
		"key without armour":       {withoutArmour(key), SortPrivateKey, "", "PKCS#1", true},
		"key without END":          {strings.Split(key, "-----END")[0], SortPrivateKey, "", "PKCS#1", false},
		"key without BEGIN":        {strings.SplitN(key, "\n", 2)[1], SortPrivateKey, "", "PKCS#1", true},
		"key with words around":    {"here it is:\n" + key + "\nregards", SortPrivateKey, "", "PKCS#1", true},
		"key and certificate":      {cert + key, SortPrivateKey, "", "PKCS#1", false},
		"key under another label":  {strings.ReplaceAll(key, "RSA PRIVATE KEY", "CERTIFICATE"), SortPrivateKey, "", "PKCS#1", false},
		"key cut":                  {firstLines(key, 5), SortPrivateKey, "key.damaged", "", false},
		"key, one letter changed":  {strings.Replace(key, "MIICXAIBAAKBgQCf0TdcTuphb7X", "MIICXAIBAAKBgQCf0TdcTuphb7Y", 1), SortPrivateKey, "key.damaged", "PKCS#1", false},
		"PKCS#8":                   {pkcs8, SortPrivateKey, "", "PKCS#8", false},
		"PKCS#8 without armour":    {withoutArmour(pkcs8), SortPrivateKey, "", "PKCS#8", true},
		"512 bits":                 {pasted(t, "short512.pem"), SortPrivateKey, "key.short", "PKCS#1", false},
		"512 bits, PKCS#8":         {pasted(t, "short512_pkcs8.pem"), SortPrivateKey, "key.short", "PKCS#8", false},
		"elliptic":                 {pasted(t, "ec.pem"), SortPrivateKey, "key.type", "", false},
		"elliptic, PKCS#8":         {pasted(t, "ec_pkcs8.pem"), SortPrivateKey, "key.type", "PKCS#8", false},
		"sealed, PKCS#1":           {pasted(t, "sealed_pkcs1.pem"), SortSealedKey, "key.passphrase", "", false},
		"sealed, PKCS#8":           {pasted(t, "sealed_pkcs8.pem"), SortSealedKey, "key.passphrase", "", false},
		"sealed without armour":    {withoutArmour(pasted(t, "sealed_pkcs8.pem")), SortSealedKey, "key.passphrase", "PKCS#8", false},
		"public key":               {pasted(t, "public.pem"), SortPublicKey, "key.public", "", false},
		"public key, PKCS#1":       {pasted(t, "public_pkcs1.pem"), SortPublicKey, "key.public", "", false},
		"request":                  {pasted(t, "request.pem"), SortRequest, "key.request", "", false},
		"certificate":              {cert, SortCertificate, "", "X.509", false},
		"certificate, one line":    {oneLine(cert), SortCertificate, "", "X.509", true},
		"certificate, bare":        {withoutArmour(cert), SortCertificate, "", "X.509", true},
		"certificate cut":          {firstLines(cert, 4), SortCertificate, "certificate.damaged", "X.509", false},
		"certificate of 2013":      {sample(t, "sandbox_mypos_api_certificate_2013.pem"), SortCertificate, "certificate.serial", "X.509", false},
		"certificate, elliptic":    {pasted(t, "ec_certificate.pem"), SortCertificate, "certificate.type", "X.509", false},
		"certificate, 512 bits":    {pasted(t, "short512_certificate.pem"), SortCertificate, "certificate.short", "X.509", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := Inspect([]byte(c.text))
			if in.Sort != c.sort || payments.CodeOf(in.Err) != c.code || in.Format != c.format || in.Fixed != c.fixed {
				t.Errorf("got %s %q %q fixed %v, want %s %q %q %v", in.Sort, payments.CodeOf(in.Err), in.Format, in.Fixed, c.sort, c.code, c.format, c.fixed)
			}
			if c.code == "" && c.sort == SortPrivateKey && (in.Key == nil || in.Bits < 1024) {
				t.Error("no key came out")
			}
			if c.code == "key.short" && in.Bits != 512 {
				t.Errorf("%d bits", in.Bits)
			}
			if c.code == "pack.unknown" && (len(in.Fields) != 1 || in.Fields[0] != "colour") {
				t.Errorf("fields %q", in.Fields)
			}
		})
	}
}

// FuzzInspect pastes a key in every state of disrepair. The oracle: whatever is
// said to be usable is the key that was there, and nothing panics or leaks.
func FuzzInspect(f *testing.F) {
	key := sample(f, "sandbox_store_private_key.pem")
	for _, seed := range []string{
		key, sample(f, "sandbox_mypos_api_certificate.pem"), sample(f, "sandbox_configuration_pack.txt"),
		pasted(f, "pkcs8.pem"), pasted(f, "sealed_pkcs8.pem"), pasted(f, "request.pem"), oneLine(key), "",
	} {
		f.Add([]byte(seed), uint16(0), byte(' '))
	}
	known := map[string]bool{}
	for _, text := range []string{key, pasted(f, "pkcs8.pem")} {
		k, err := ParsePrivateKey([]byte(text))
		if err != nil {
			f.Fatal(err)
		}
		known[k.Fingerprint()] = true
	}
	f.Fuzz(func(t *testing.T, text []byte, at uint16, with byte) {
		in := Inspect(text)
		switch {
		case in.Err == nil && in.Key == nil && in.Certificate == nil:
			t.Errorf("usable, but there is nothing: %+v", in)
		case in.Err != nil && (in.Key != nil || in.Certificate != nil):
			t.Errorf("not usable, but there is something: %v", in.Err)
		case in.Err != nil && payments.CodeOf(in.Err) == "":
			t.Errorf("no code: %v", in.Err)
		case in.Key != nil && !in.Key.Proves():
			t.Error("a key that does not sign")
		}
		// One letter changed: either the damage is found, or it did no harm.
		broken := []byte(key)
		broken[int(at)%len(broken)] = with
		if in := Inspect(broken); in.Key != nil && !known[in.Key.Fingerprint()] {
			t.Errorf("another key came out of a broken one: %q", broken)
		}
	})
}

// TestInspectMadeKeys: what we print ourselves is read back whole.
func TestInspectMadeKeys(t *testing.T) {
	t.Parallel()
	k, err := GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := k.SelfSigned("test", time.Unix(0, 0), time.Unix(1, 0), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if in := Inspect(k.PEM()); in.Err != nil || in.Fixed || in.Key.Fingerprint() != k.Fingerprint() || in.Bits != 2048 {
		t.Errorf("%+v", in)
	}
	if in := Inspect(cert.PEM()); in.Err != nil || in.Certificate.Fingerprint() != cert.Fingerprint() || in.Certificate.KeyFingerprint() != k.Fingerprint() {
		t.Errorf("%+v", in)
	}
	block, _ := pem.Decode(k.PEM())
	if in := Inspect([]byte(base64.URLEncoding.EncodeToString(block.Bytes))); in.Key == nil && payments.CodeOf(in.Err) == "" {
		t.Errorf("%+v", in)
	}
	if !k.Proves() {
		t.Error("a good key does not prove")
	}
}
