package checkout

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
)

// Sizes of keys in bits. myPOS still issues 1024-bit keys (spec 2.7).
const (
	minKeyBits  = 1024
	goodKeyBits = 2048
	maxKeyBits  = 8192

	maxKeyDER = 8 << 10 // bytes of a key of that size, and some
)

// PrivateKey is the RSA key of a store. It prints as its size only.
type PrivateKey struct{ key *rsa.PrivateKey }

// ParsePrivateKey reads an RSA private key as PEM, PKCS#1 or PKCS#8, with line
// ends as people paste them. Errors wrap ErrKey; the code tells what was pasted
// instead: key.none, key.certificate, key.public, key.passphrase, key.type,
// key.short (below 1024 bits), key.large, key.damaged.
func ParsePrivateKey(text []byte) (*PrivateKey, error) {
	b, err := armour(text, pemPKCS1, pemPKCS8)
	if err != nil && b.kind == "" {
		return nil, keyFault("key.none", err.Error())
	}
	switch b.kind {
	case pemCertificate, pemRequest:
		return nil, keyFault("key.certificate", "this is a certificate, not the private key")
	case pemPublic, pemPublicPKCS1:
		return nil, keyFault("key.public", "this is a public key, not the private key")
	case pemPKCS8Sealed:
		return nil, keyFault("key.passphrase", "the key is locked with a passphrase")
	case pemEC, pemOpenSSH:
		return nil, keyFault("key.type", "not an RSA key in PEM form")
	case pemPKCS1, pemPKCS8:
	default:
		return nil, keyFault("key.none", "unknown kind of PEM block")
	}
	if b.sealed {
		return nil, keyFault("key.passphrase", "the key is locked with a passphrase")
	}
	if err != nil {
		return nil, keyFault("key.damaged", err.Error())
	}
	return parseDER(b)
}

func parseDER(b block) (*PrivateKey, error) {
	if len(b.der) > maxKeyDER { // the numbers in it would take minutes to check
		return nil, keyFault("key.large", "more than 8192 bits")
	}
	key, err := x509.ParsePKCS1PrivateKey(b.der)
	if err != nil {
		var any8 any
		if any8, err = x509.ParsePKCS8PrivateKey(b.der); err == nil {
			var ok bool
			if key, ok = any8.(*rsa.PrivateKey); !ok {
				return nil, keyFault("key.type", "not an RSA key")
			}
		}
	}
	switch {
	case err != nil && shortKey(b.der):
		return nil, keyFault("key.short", "fewer than 1024 bits")
	case err != nil:
		return nil, keyFault("key.damaged", "the content is not a private key")
	case key.N.BitLen() < minKeyBits:
		return nil, keyFault("key.short", "fewer than 1024 bits")
	case key.N.BitLen() > maxKeyBits:
		return nil, keyFault("key.large", "more than 8192 bits")
	case key.Validate() != nil:
		return nil, keyFault("key.damaged", "the numbers of the key do not fit each other")
	}
	return &PrivateKey{key}, nil
}

// shortKey reports whether der is an RSA key below the size that the standard
// library is willing to parse at all.
func shortKey(der []byte) bool {
	var pkcs8 struct {
		Version   int
		Algorithm asn1.RawValue
		Key       []byte
	}
	if _, err := asn1.Unmarshal(der, &pkcs8); err == nil {
		der = pkcs8.Key
	}
	var pkcs1 struct {
		Version int
		N, E    *big.Int
		Rest    *big.Int
	}
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(der, &outer); err != nil || outer.Tag != asn1.TagSequence {
		return false
	}
	rest, err := asn1.Unmarshal(outer.Bytes, &pkcs1.Version)
	if err != nil {
		return false
	}
	if _, err = asn1.Unmarshal(rest, &pkcs1.N); err != nil {
		return false
	}
	return pkcs1.N.Sign() > 0 && pkcs1.N.BitLen() < minKeyBits
}

// GenerateKey makes a key of at least 1024 bits, for stand-ins and tests.
func GenerateKey(entropy io.Reader, bits int) (*PrivateKey, error) {
	if entropy == nil {
		return nil, keyFault("key.entropy", "no source of entropy")
	}
	if bits < minKeyBits || bits > maxKeyBits {
		return nil, keyFault("key.short", "size out of range")
	}
	key, err := rsa.GenerateKey(entropy, bits)
	if err != nil {
		return nil, fault("checkout.key", "key.entropy", errors.Join(ErrKey, err))
	}
	return &PrivateKey{key}, nil
}

// Bits returns the size of the modulus.
func (k *PrivateKey) Bits() int { return k.key.N.BitLen() }

// Weak reports whether the key is smaller than the 2048 bits myPOS asks for.
// Weak keys work; the owner is told to make a new one.
func (k *PrivateKey) Weak() bool { return k.Bits() < goodKeyBits }

// Fingerprint names the key pair without telling anything of the key: the
// SHA-256 of its public half as 64 hexadecimal digits.
func (k *PrivateKey) Fingerprint() string { return publicFingerprint(&k.key.PublicKey) }

func publicFingerprint(k *rsa.PublicKey) string {
	sum := sha256.Sum256(x509.MarshalPKCS1PublicKey(k))
	return hex.EncodeToString(sum[:])
}

// Proves reports whether the key signs so that its public half verifies it,
// without asking anybody.
func (k *PrivateKey) Proves() bool {
	signature, err := k.sign([]string{"Frontdesk"})
	if err != nil {
		return false
	}
	raw, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && rsa.VerifyPKCS1v15(&k.key.PublicKey, crypto.SHA256, digest([]string{"Frontdesk"}), raw) == nil
}

// PEM returns the key as PKCS#1 PEM. It is a secret.
func (k *PrivateKey) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: pemPKCS1, Bytes: x509.MarshalPKCS1PrivateKey(k.key)})
}

// String keeps the key out of logs.
func (k *PrivateKey) String() string {
	if k == nil || k.key == nil {
		return "no key"
	}
	return fmt.Sprintf("RSA private key, %d bits", k.Bits())
}

// GoString keeps the key out of %#v as well.
func (k *PrivateKey) GoString() string { return k.String() }

func keyFault(code, text string) error {
	return fault("checkout.key", code, fmt.Errorf("%w: %s", ErrKey, text))
}
