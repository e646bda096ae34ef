package checkout

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"time"
)

// Certificate is a certificate whose RSA key verifies messages.
type Certificate struct {
	cert *x509.Certificate
	key  *rsa.PublicKey
}

// ParseCertificate reads a PEM certificate with line ends as people paste
// them. Errors wrap ErrCertificate; the code tells what is wrong:
// certificate.none, certificate.key (a private key was pasted),
// certificate.public, certificate.serial (empty serial number, spec 8.5),
// certificate.damaged, certificate.type (not RSA), certificate.short.
func ParseCertificate(text []byte) (*Certificate, error) {
	b, err := armour(text, pemCertificate)
	if err != nil && b.kind == "" {
		return nil, certFault("certificate.none", err.Error())
	}
	switch b.kind {
	case pemPKCS1, pemPKCS8, pemPKCS8Sealed, pemEC, pemOpenSSH:
		return nil, certFault("certificate.key", "this is a private key, not the certificate")
	case pemPublic, pemPublicPKCS1, pemRequest:
		return nil, certFault("certificate.public", "this is a bare public key or a request, not the certificate")
	case pemCertificate:
	default:
		return nil, certFault("certificate.none", "unknown kind of PEM block")
	}
	if err != nil {
		return nil, certFault("certificate.damaged", err.Error())
	}
	return parseCertificate(b.der)
}

func parseCertificate(der []byte) (*Certificate, error) {
	cert, err := x509.ParseCertificate(der)
	switch {
	case err != nil && emptySerial(der):
		return nil, certFault("certificate.serial",
			"it has an empty serial number, as myPOS certificates made before 2018 do; download the current one")
	case err != nil:
		return nil, certFault("certificate.damaged", "the content is not a certificate")
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	switch {
	case !ok:
		return nil, certFault("certificate.type", "not an RSA key")
	case key.N.BitLen() < minKeyBits:
		return nil, certFault("certificate.short", "fewer than 1024 bits")
	}
	return &Certificate{cert, key}, nil
}

// emptySerial reports whether the serial number of a certificate has no bytes.
func emptySerial(der []byte) bool {
	var outer, tbs, next asn1.RawValue
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		return false
	}
	if _, err := asn1.Unmarshal(outer.Bytes, &tbs); err != nil {
		return false
	}
	rest, err := asn1.Unmarshal(tbs.Bytes, &next)
	if err == nil && next.Class == asn1.ClassContextSpecific {
		_, err = asn1.Unmarshal(rest, &next)
	}
	return err == nil && next.Tag == asn1.TagInteger && len(next.Bytes) == 0
}

// SelfSigned makes a certificate for the key, for stand-ins and tests.
func (k *PrivateKey) SelfSigned(name string, from, until time.Time, entropy io.Reader) (*Certificate, error) {
	if entropy == nil {
		return nil, certFault("certificate.entropy", "no source of entropy")
	}
	serial := make([]byte, 16)
	if _, err := io.ReadFull(entropy, serial); err != nil {
		return nil, fault("checkout.certificate", "certificate.entropy", errors.Join(ErrCertificate, err))
	}
	serial[0] = serial[0]&0x7f | 1
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    from,
		NotAfter:     until,
	}
	der, err := x509.CreateCertificate(entropy, template, template, &k.key.PublicKey, k.key)
	if err != nil {
		return nil, fault("checkout.certificate", "certificate.make", errors.Join(ErrCertificate, err))
	}
	return parseCertificate(der)
}

// PEM returns the certificate in its one canonical form.
func (c *Certificate) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: pemCertificate, Bytes: c.cert.Raw})
}

// Fingerprint returns the SHA-256 of the certificate as 64 hexadecimal digits.
func (c *Certificate) Fingerprint() string {
	sum := sha256.Sum256(c.cert.Raw)
	return hex.EncodeToString(sum[:])
}

// KeyFingerprint names the key pair the certificate speaks of, as
// PrivateKey.Fingerprint does.
func (c *Certificate) KeyFingerprint() string { return publicFingerprint(c.key) }

// Subject returns the common name, "" when there is none.
func (c *Certificate) Subject() string { return c.cert.Subject.CommonName }

// Bits returns the size of the key.
func (c *Certificate) Bits() int { return c.key.N.BitLen() }

// NotBefore and NotAfter return the dates of the certificate. They warn and
// never decide (product.md 4 rule 6).
func (c *Certificate) NotBefore() time.Time { return c.cert.NotBefore }

// NotAfter returns the last moment of validity.
func (c *Certificate) NotAfter() time.Time { return c.cert.NotAfter }

// Certifies reports whether the certificate holds the public half of k. The
// certificate of a pack belongs to myPOS and must not.
func (c *Certificate) Certifies(k *PrivateKey) bool { return c.key.Equal(&k.key.PublicKey) }

func certFault(code, text string) error {
	return fault("checkout.certificate", code, fmt.Errorf("%w: %s", ErrCertificate, text))
}
