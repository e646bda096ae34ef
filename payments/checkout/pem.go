package checkout

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Conditions of keys, certificates and packs. They come wrapped in
// *payments.Error; its code says exactly what is wrong.
var (
	ErrKey         = errors.New("private key not usable")
	ErrCertificate = errors.New("certificate not usable")
	ErrPack        = errors.New("configuration pack not usable")
)

// Types of PEM blocks.
const (
	pemPKCS1       = "RSA PRIVATE KEY"
	pemPKCS8       = "PRIVATE KEY"
	pemPKCS8Sealed = "ENCRYPTED PRIVATE KEY"
	pemEC          = "EC PRIVATE KEY"
	pemOpenSSH     = "OPENSSH PRIVATE KEY"
	pemCertificate = "CERTIFICATE"
	pemPublic      = "PUBLIC KEY"
	pemPublicPKCS1 = "RSA PUBLIC KEY"
	pemRequest     = "CERTIFICATE REQUEST"
)

// block is one PEM block as pasted by people.
type block struct {
	kind   string
	sealed bool // carries the old header of a passphrase
	der    []byte
}

// armour finds the first PEM block in text that was pasted, mailed or taken
// out of JSON: line ends may be missing, doubled, CRLF or the two characters \n.
func armour(text []byte) (block, error) {
	if len(text) > MaxPack {
		return block{}, ErrTooLarge
	}
	s := strings.NewReplacer(`\r`, "\n", `\n`, "\n", "\r", "\n").Replace(string(text))
	_, rest, ok := strings.Cut(s, "-----BEGIN ")
	if !ok {
		return block{}, errors.New("no BEGIN line")
	}
	kind, rest, ok := strings.Cut(rest, "-----")
	if !ok {
		return block{}, errors.New("BEGIN line is cut")
	}
	body, _, ok := strings.Cut(rest, "-----END "+kind+"-----")
	if !ok {
		return block{kind: kind}, errors.New("no END line")
	}
	b := block{kind: kind}
	if strings.Contains(body, "Proc-Type:") {
		b.sealed = strings.Contains(body, "ENCRYPTED")
		return b, nil
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
	if err != nil {
		return b, fmt.Errorf("not base64 between BEGIN and END")
	}
	b.der = der
	return b, nil
}
