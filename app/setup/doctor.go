package setup

import (
	"time"

	"frontdesk/assets"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
)

// practiceName is the common name of the certificates the simulator makes.
const practiceName = "Practice stand-in for myPOS"

// Doctor reads what people paste and type for one mode. It is a value and may
// be shared.
type Doctor struct {
	Mode payments.Mode
	Now  time.Time
	// Simulated admits keys of the simulator in Live.
	Simulated bool
	// Practice reports whether a fingerprint is that of a key pair of Practice on
	// this computer. Nil knows none.
	Practice func(fingerprint string) bool
}

// Diagnose says what a pasted text is. It tells nothing secret of it.
func (d Doctor) Diagnose(text string) Diagnosis {
	out, _ := d.examine(text)
	return out
}

// examine also returns what was read.
func (d Doctor) examine(text string) (Diagnosis, checkout.Inspection) {
	in := checkout.Inspect([]byte(text))
	out := Diagnosis{
		Kind: kindOf(in.Sort), Format: in.Format, Bits: in.Bits, Fixed: in.Fixed, Code: payments.CodeOf(in.Err),
	}
	if in.Sort == checkout.SortPack && in.Key != nil {
		out.SID, out.Wallet, out.KeyIndex = in.Store.SID, in.Store.Wallet, in.Store.KeyIndex
	}
	if in.Certificate != nil {
		out.From, out.Until = in.Certificate.NotBefore(), in.Certificate.NotAfter()
	}
	out.Sandbox = d.sandbox(in)
	out.Practice = d.practice(in)
	if out.Code == "" && out.Kind != KindEmpty {
		out.Code = d.verdict(out, in)
	}
	return out, in
}

func kindOf(s checkout.Sort) Kind {
	switch s {
	case checkout.SortEmpty:
		return KindEmpty
	case checkout.SortPack:
		return KindPack
	case checkout.SortPrivateKey:
		return KindPrivateKey
	case checkout.SortSealedKey:
		return KindEncrypted
	case checkout.SortCertificate:
		return KindCertificate
	case checkout.SortPublicKey:
		return KindPublicKey
	case checkout.SortRequest:
		return KindRequest
	}
	return KindUnknown
}

// verdict is the code of what stands against using a readable text in the mode.
func (d Doctor) verdict(out Diagnosis, in checkout.Inspection) string {
	switch {
	case d.Mode == payments.Practice:
		return "mode.practice_needs_nothing"
	case d.Mode == payments.Live && out.Sandbox:
		return "mode.sandbox_key"
	case d.Mode == payments.Live && out.Practice && !d.Simulated:
		return "mode.practice_key"
	case d.Mode == payments.Test && !out.Sandbox:
		return "mode.own_key"
	case in.Key != nil && !in.Key.Proves():
		return "key.damaged"
	case in.Certificate != nil:
		return d.certificate(in.Certificate, in.Key)
	}
	return ""
}

// certificate judges a certificate; key may be nil.
func (d Doctor) certificate(c *checkout.Certificate, key *checkout.PrivateKey) string {
	switch {
	case key != nil && c.Certifies(key):
		return "certificate.own"
	case d.Now.After(c.NotAfter()):
		return "certificate.expired"
	case d.Now.Before(c.NotBefore()):
		return "certificate.early"
	}
	return ""
}

// sandbox reports whether the text is of the public sandbox store.
func (d Doctor) sandbox(in checkout.Inspection) bool {
	public, err := Sandbox()
	if err != nil {
		return false
	}
	return in.Key != nil && in.Key.Fingerprint() == public.Key.Fingerprint() ||
		in.Certificate != nil && in.Certificate.KeyFingerprint() == public.Certificate.KeyFingerprint() ||
		in.Store.SID == public.SID && in.Store.SID != ""
}

// practice reports whether the simulator made the text.
func (d Doctor) practice(in checkout.Inspection) bool {
	if in.Certificate != nil && in.Certificate.Subject() == practiceName {
		return true
	}
	return in.Key != nil && d.Practice != nil && d.Practice(in.Key.Fingerprint())
}

// Sandbox returns the public sandbox store, with which Test works.
func Sandbox() (checkout.Store, error) { return checkout.ParsePack(assets.SandboxPack()) }

// KeyFingerprint names the private key in a pasted key or pack. The error tells
// what was pasted instead, with the codes of Diagnose.
func KeyFingerprint(text string) (string, error) {
	in := checkout.Inspect([]byte(text))
	switch {
	case in.Err != nil:
		return "", in.Err
	case in.Key == nil:
		return "", &payments.Error{Op: "setup.key", Code: "key.certificate", Err: payments.ErrRefused}
	}
	return in.Key.Fingerprint(), nil
}
