package checkout

import (
	"encoding/base64"
	"errors"
	"slices"
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

// armour finds a PEM block in text that was pasted, mailed or taken out of
// JSON: line ends may be missing, doubled, CRLF or the two characters \n. Of
// several blocks it takes the first of a wanted kind, else the first.
func armour(text []byte, wanted ...string) (block, error) {
	if len(text) > MaxPack {
		return block{}, ErrTooLarge
	}
	s := strings.NewReplacer(`\r`, "\n", `\n`, "\n", "\r", "\n").Replace(string(text))
	first, rest, err := cutBlock(s)
	for b, errBlock := first, err; b.kind != ""; b, rest, errBlock = cutBlock(rest) {
		if slices.Contains(wanted, b.kind) {
			return b, errBlock
		}
	}
	return first, err
}

// cutBlock takes the first block off s. A kind without der comes with an error
// or is sealed.
func cutBlock(s string) (b block, rest string, err error) {
	_, s, ok := strings.Cut(s, "-----BEGIN ")
	if !ok {
		return b, "", errors.New("no BEGIN line")
	}
	b.kind, s, ok = strings.Cut(s, "-----")
	if !ok {
		return block{}, "", errors.New("BEGIN line is cut")
	}
	body, rest, ok := strings.Cut(s, "-----END "+b.kind+"-----")
	if !ok {
		return b, "", errors.New("no END line")
	}
	if strings.Contains(body, "Proc-Type:") {
		b.sealed = strings.Contains(body, "ENCRYPTED")
		return b, rest, nil
	}
	b.der, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
	if err != nil {
		return b, rest, errors.New("not base64 between BEGIN and END")
	}
	return b, rest, nil
}
