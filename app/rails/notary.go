package rails

import (
	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
)

// Notary proves again what myPOS has signed for one store, with all certificates
// that ever belonged to it.
type Notary struct {
	sid   string
	certs []*checkout.Certificate
}

var _ app.Verifier = (*Notary)(nil)

// NewNotary returns a notary of a store.
func NewNotary(sid string, certs ...*checkout.Certificate) *Notary {
	return &Notary{sid: sid, certs: certs}
}

// VerifyNotice checks the body of a notice as it was posted. Without a certificate
// the error wraps payments.ErrUnreachable: nothing was checked.
func (n *Notary) VerifyNotice(raw []byte) error {
	if err := n.able(); err != nil {
		return err
	}
	m, err := checkout.VerifyForm(raw, n.certs...)
	if err == nil && n.sid != "" && m.SID != n.sid {
		err = &payments.Error{Op: "notary", Code: "notice.store", Err: payments.ErrRefused}
	}
	return err
}

// VerifyAnswer checks an answer of the hosted checkout as it was received.
func (n *Notary) VerifyAnswer(raw []byte) error {
	if err := n.able(); err != nil {
		return err
	}
	_, err := checkout.VerifyJSON(raw, n.certs...)
	return err
}

func (n *Notary) able() error {
	if len(n.certs) > 0 {
		return nil
	}
	return &payments.Error{Op: "notary", Code: "store.none", Err: payments.ErrUnreachable}
}
