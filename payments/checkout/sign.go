package checkout

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
)

// Sign returns the fields with Signature appended: RSA PKCS#1 v1.5 with
// SHA-256 over the base64 text of all values joined with "-" (spec 2.1). Fields
// that already hold a Signature are refused: one message is signed once.
func Sign(k *PrivateKey, f Fields) (Fields, error) {
	if _, ok := f.Get(signatureName); ok {
		return nil, fault("checkout.sign", "sign.twice", ErrRepeated)
	}
	values := make([]string, len(f))
	for i, x := range f {
		values[i] = x.Value
	}
	signature, err := k.sign(values)
	if err != nil {
		return nil, err
	}
	signed := make(Fields, len(f), len(f)+1)
	copy(signed, f)
	return append(signed, Field{signatureName, signature}), nil
}

// VerifyFields returns nil when the one Signature among the fields was made
// over all the others, in this order, by the key of one of the certificates.
// Dates of certificates do not matter. Errors wrap ErrUnsigned, ErrRepeated or
// ErrSignature. It does not look at what the fields say; see VerifyForm.
func VerifyFields(f Fields, certs ...*Certificate) error {
	const op = "checkout.verify"
	values := make([]string, 0, len(f))
	signature, found := "", 0
	for _, x := range f {
		if strings.EqualFold(x.Name, signatureName) {
			signature = x.Value
			found++
			continue
		}
		values = append(values, x.Value)
	}
	switch {
	case found == 0 || signature == "":
		return fault(op, "signature.none", ErrUnsigned)
	case found > 1:
		return fault(op, "signature.repeated", ErrRepeated)
	}
	return verify(op, values, signature, certs)
}

// digest is what gets signed: the hash of the base64 text of the joined values.
func digest(values []string) []byte {
	text := base64.StdEncoding.EncodeToString([]byte(strings.Join(values, "-")))
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

func (k *PrivateKey) sign(values []string) (string, error) {
	if k == nil || k.key == nil {
		return "", fault("checkout.sign", "key.none", ErrKey)
	}
	signature, err := rsa.SignPKCS1v15(nil, k.key, crypto.SHA256, digest(values))
	if err != nil {
		return "", fault("checkout.sign", "key.sign", errors.Join(ErrKey, err))
	}
	return base64.StdEncoding.EncodeToString(signature), nil
}

// verify accepts only the one canonical base64 text of a signature.
func verify(op string, values []string, signature string, certs []*Certificate) error {
	if len(certs) == 0 {
		return fault(op, "certificate.none", ErrCertificate)
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(signature)
	if err != nil || strings.ContainsAny(signature, "\r\n") {
		return fault(op, "signature.base64", ErrSignature)
	}
	sum := digest(values)
	for _, c := range certs {
		if c != nil && rsa.VerifyPKCS1v15(c.key, crypto.SHA256, sum, raw) == nil {
			return nil
		}
	}
	return fault(op, "signature.wrong", ErrSignature)
}
