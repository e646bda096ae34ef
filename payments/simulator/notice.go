package simulator

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"

	"frontdesk/payments/checkout"
)

// descriptor stands on the card statement. Real ones hold two blanks in a row,
// which must survive on the way (spec 2.2).
const descriptor = "myPOS  * PRACTICE"

var (
	errNotOK = errors.New("not answered with exactly OK")
	errLost  = errors.New("lost on the way")
)

// notice is what myPOS posts to the merchant about a payment: method is
// IPCPurchaseNotify, IPCPurchaseOK (by the browser) or IPCPurchaseRollback. The
// same payment gives the same bytes every time.
func (s *Simulator) notice(method string, p *payment) (checkout.Fields, error) {
	f := s.brief(method, p.page)
	if method != checkout.MethodRollback {
		f = append(f,
			checkout.Field{Name: "IPC_Trnref", Value: p.Reference},
			checkout.Field{Name: "RequestSTAN", Value: p.STAN},
			checkout.Field{Name: "RequestDateTime", Value: p.Stamp},
			checkout.Field{Name: "PaymentMethod", Value: "1"},
			checkout.Field{Name: "BillingDescriptor", Value: descriptor},
			checkout.Field{Name: "PAN", Value: p.Last4})
		if p.Payer != (payer{}) {
			f = append(f,
				checkout.Field{Name: "CustomerEmail", Value: p.Payer.Email},
				checkout.Field{Name: "CustomerPhone", Value: p.Payer.Phone},
				checkout.Field{Name: "CustomerFirstNames", Value: p.Payer.First},
				checkout.Field{Name: "CustomerFamilyName", Value: p.Payer.Family})
		}
	}
	return checkout.Sign(s.signer(p.page.KeyIndex), f)
}

// cancelNotice is what the browser brings to URL_Cancel.
func (s *Simulator) cancelNotice(x *session) (checkout.Fields, error) {
	return checkout.Sign(s.signer(x.KeyIndex), s.brief(checkout.MethodCancel, x))
}

// brief are the fields every message about an order has.
func (s *Simulator) brief(method string, x *session) checkout.Fields {
	return checkout.Fields{
		{Name: "IPCmethod", Value: method},
		{Name: "SID", Value: s.keys.store.SID},
		{Name: "Amount", Value: x.Amount.Decimal()},
		{Name: "Currency", Value: string(x.Amount.Currency)},
		{Name: "OrderID", Value: x.OrderID},
	}
}

// posting returns a client that never follows a redirect: it would carry the
// notice to somebody else.
func posting(c *http.Client) *http.Client {
	own := *c
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// post delivers a message and returns nil when it was answered with 200 and
// exactly "OK". Of the answer only cut bytes are read, all of it when cut is
// below 0.
func (s *Simulator) post(address string, f checkout.Fields, cut int) error {
	ctx, cancel := context.WithTimeout(s.context, s.timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(f.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", "frontdesk-sim")
	r.Close = true // a kept connection that died meanwhile would look like a refusal
	answer, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if cut < 0 {
		return accepted(answer)
	}
	raw, err := httputil.DumpResponse(answer, true)
	if err != nil {
		return err
	}
	short, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(raw[:min(cut, len(raw))])), r)
	if err != nil {
		return err
	}
	defer short.Body.Close()
	return accepted(short)
}

// accepted is the one rule of spec 4.3.
func accepted(answer *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(answer.Body, 64))
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK || string(body) != "OK" {
		return errNotOK
	}
	return nil
}

// noConnection reports whether a message cannot have reached anybody.
func noConnection(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}
