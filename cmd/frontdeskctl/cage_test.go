package main

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"frontdesk/payments/checkout"
)

// cage holds canaries: secrets in every form in which they could get out.
type cage struct {
	forms map[string]string // form to the name of its secret
}

// window is how much of a long secret is looked for at a time: a part of it is
// enough to tell.
const window = 24

// keep takes a secret in, whole when it is short and in pieces when it is long.
func (c *cage) keep(name, secret string) {
	if c.forms == nil {
		c.forms = map[string]string{}
	}
	if len(secret) <= 2*window {
		c.add(name, []byte(secret))
		return
	}
	for part := range slices.Chunk([]byte(secret), window) {
		if len(part) == window {
			c.add(name, part)
		}
	}
}

// add takes the forms of a piece in: as it is, as JSON and addresses write it,
// without the dashes of codes, in hex, and in base64 wherever it begins.
func (c *cage) add(name string, part []byte) {
	text := string(part)
	digits := hex.EncodeToString(part)
	for _, form := range []string{
		text, url.QueryEscape(text), strings.ReplaceAll(text, "-", ""), strings.ToLower(text), digits, strings.ToUpper(digits),
	} {
		c.forms[form] = name
	}
	if len(part) < window/2 {
		c.forms[base64.StdEncoding.EncodeToString(part)] = name
		return // of a PIN so little is left that it could stand anywhere
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			shifted := encoding.EncodeToString(append(make([]byte, before), part...))
			c.forms[shifted[(before*8+5)/6:len(shifted)-1]] = name // the ends depend on what stands beside
		}
	}
}

// keepKey takes the secret numbers of a key in, and the lines of its PEM that
// hold them. The modulus is public and stands in certificates.
func (c *cage) keepKey(name string, key *rsa.PrivateKey) {
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	for kind, der := range map[string][]byte{"PRIVATE KEY": pkcs8, "RSA PRIVATE KEY": x509.MarshalPKCS1PrivateKey(key)} {
		public := bytes.Index(der, key.N.Bytes()) + len(key.N.Bytes())
		lines := strings.Split(strings.TrimSpace(string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))), "\n")
		for i, line := range lines[1 : len(lines)-1] {
			if i*48 >= public && len(line) == 64 {
				c.keep(name, line)
			}
		}
	}
	for _, secret := range [][]byte{
		key.D.Bytes(), key.Primes[0].Bytes(), key.Primes[1].Bytes(),
		key.Precomputed.Dp.Bytes(), key.Precomputed.Dq.Bytes(), key.Precomputed.Qinv.Bytes(),
	} {
		c.keep(name, string(secret))
	}
	c.keep(name, key.D.String())
}

// look reports the canaries that are in what a place holds.
func (c *cage) look(t testing.TB, place string, raw []byte) {
	t.Helper()
	for _, name := range c.found(raw) {
		t.Errorf("%s: %s", place, name)
	}
}

// found names the secrets in raw.
func (c *cage) found(raw []byte) []string {
	var names []string
	for form, name := range c.forms {
		if !slices.Contains(names, name) && bytes.Contains(raw, []byte(form)) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// walk looks through every file below a folder, and at its name, and returns how
// many there are.
func (c *cage) walk(t testing.TB, dir string) int {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		files++
		c.look(t, path, append(raw, path...))
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return files
}

// TestCagePlanted: a canary that got out is found in every form, wherever it
// begins, and what is public is not taken for one.
func TestCagePlanted(t *testing.T) {
	t.Parallel()
	const secret = "Zx81-canary-with-dashes&more"
	raw, err := os.ReadFile(filepath.Join("testdata", "pack.txt"))
	if err != nil {
		t.Fatal(err)
	}
	store, err := checkout.ParsePack(raw)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(store.Key.PEM())
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	var c cage
	c.keep("text", secret)
	c.keep("PIN", canaryPIN)
	c.keepKey("key", key)
	lines := strings.Split(string(store.Key.PEM()), "\n")
	planted := map[string]struct{ held, want string }{
		"raw":         {"a=" + secret + ";", "text"},
		"address":     {"?s=" + url.QueryEscape(secret), "text"},
		"base64, 0":   {base64.StdEncoding.EncodeToString([]byte(secret)), "text"},
		"base64, 1":   {base64.URLEncoding.EncodeToString([]byte("x" + secret + "yz")), "text"},
		"base64, 2":   {base64.StdEncoding.EncodeToString([]byte("xy" + secret + "z")), "text"},
		"hex":         {hex.EncodeToString([]byte(secret)), "text"},
		"HEX":         {strings.ToUpper(hex.EncodeToString([]byte(secret))), "text"},
		"PIN":         {`{"pin":"` + canaryPIN + `"}`, "PIN"},
		"one line":    {lines[len(lines)-5], "key"},
		"JSON":        {strings.ReplaceAll(string(store.Key.PEM()), "\n", `\n`), "key"},
		"DER":         {string(block.Bytes), "key"},
		"DER, base64": {base64.StdEncoding.EncodeToString(append([]byte("x"), block.Bytes...)), "key"},
		"exponent":    {"D=" + key.D.String(), "key"},
		"prime, hex":  {hex.EncodeToString(key.Primes[1].Bytes()), "key"},
	}
	for name, p := range planted {
		if got := c.found([]byte(p.held)); !slices.Equal(got, []string{p.want}) {
			t.Errorf("%s: found %v", name, got)
		}
	}
	public := string(store.Certificate.PEM()) + hex.EncodeToString(key.N.Bytes()) + string(x509.MarshalPKCS1PublicKey(&key.PublicKey))
	if got := c.found([]byte(public)); got != nil {
		t.Errorf("what is public is taken for %v", got)
	}
}

// TestCageWalks: planted in a file, and in the name of one, a canary fails a walk.
func TestCageWalks(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"journal.db-wal": "x" + canaryPhrase, canaryPhrase: "nothing"} {
		var c cage
		c.keep("phrase", canaryPhrase)
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		var told telltale
		if files := c.walk(&told, dir); files != 1 || told.errors != 1 {
			t.Errorf("%s: %d files, %d found", name, files, told.errors)
		}
	}
}

// telltale counts what would have failed a test.
type telltale struct {
	testing.TB
	errors int
}

func (*telltale) Helper() {}

func (t *telltale) Errorf(string, ...any) { t.errors++ }
