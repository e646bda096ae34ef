package checkout

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"time"

	"frontdesk/payments"
)

// Trial is what one signed status query showed about the way to myPOS. Err is
// nil when myPOS answered the query itself, signed; Signed then tells so, too,
// for refusals (Err has code status.N). An unsigned answer has code
// answer.unsigned and its Status is untrusted. Beside the codes of
// PaymentStatus there are net.intercepted (the certificate of the connection is
// not one this computer trusts), net.clock (it is, but not at the time this
// computer believes it is) and net.portal (a page answered in place of myPOS).
type Trial struct {
	Signed bool          // the answer verified with a certificate of the store
	Status Status        // of the answer, 0 when there was none
	Ahead  time.Duration // how far our clock is ahead of theirs, 0 when not told
	Took   time.Duration
	Err    error
}

// Try asks for the status of an order that cannot exist: no money moves, and
// the answer shows whether key, index, store and certificate fit each other
// (spec 3.9). now is asked for the time before and after.
func (c *Client) Try(ctx context.Context, order string, now func() time.Time) Trial {
	const op = "checkout.try"
	f := append(c.store.head(MethodStatus, c.language, c.agent), Field{"OrderID", order}, Field{"OutputFormat", "json"})
	f, err := Sign(c.store.Key, c.store.partner(f))
	if err != nil || !orderID(order) {
		return Trial{Err: fault(op, "order.id", errors.Join(payments.ErrRefused, err))}
	}
	begun := now()
	r, err := c.send(ctx, op, f)
	ended := now()
	t := Trial{Took: ended.Sub(begun), Err: err}
	if !r.date.IsZero() {
		t.Ahead = ahead(begun, ended, r.date)
	}
	switch {
	case err != nil && r.code == 0:
		t.Err = networkFault(op, err)
	case r.page && (err != nil || !looksJSON(r.body)):
		t.Err = fault(op, "net.portal", fmt.Errorf("%w: a page answers in place of myPOS, HTTP status %d", payments.ErrUnknown, r.code))
	case err == nil:
		t.read(c, op, order, r.body)
	}
	return t
}

// read judges a body.
func (t *Trial) read(c *Client, op, order string, raw []byte) {
	a, err := c.verify(op, MethodStatus, raw)
	var bare *UnsignedError
	if errors.As(err, &bare) {
		t.Status = bare.Status
	}
	if err != nil {
		t.Err = err
		return
	}
	t.Signed, t.Status = true, a.Status
	_, t.Err = readPaymentStatus(op, a, raw, order)
}

// ahead is 0 while the other side's second lies within the question.
func ahead(begun, ended, theirs time.Time) time.Duration {
	switch {
	case begun.Sub(theirs) > time.Second:
		return begun.Sub(theirs)
	case theirs.Sub(ended) > 0:
		return ended.Sub(theirs)
	}
	return 0
}

func looksJSON(raw []byte) bool {
	_, err := parseJSON(raw)
	return err == nil
}

// networkFault tells the reasons of a failed handshake apart.
func networkFault(op string, err error) error {
	code := payments.CodeOf(err)
	var expired x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	switch {
	case errors.Is(err, http.ErrSchemeMismatch):
		code = "net.portal" // plain HTTP where TLS should be
	case errors.As(err, &expired) && expired.Reason == x509.Expired:
		code = "net.clock"
	case errors.As(err, &unknown), errors.As(err, &host), errors.As(err, &expired):
		code = "net.intercepted"
	}
	return fault(op, code, errors.Unwrap(err))
}
