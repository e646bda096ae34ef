package rails

import (
	"bytes"
	"errors"
	"testing"

	"frontdesk/payments"
)

func TestNotary(t *testing.T) {
	t.Parallel()
	store := testStore(t)
	good := paidNotice(t, store.SID)
	n := NewNotary(store.SID, store.Certificate)
	if err := n.VerifyNotice(good); err != nil {
		t.Error(err)
	}
	for code, raw := range map[string][]byte{
		"signature.wrong": bytes.Replace(good, []byte("Amount=45"), []byte("Amount=95"), 1),
		"notice.store":    paidNotice(t, "000000000000011"),
	} {
		if err := n.VerifyNotice(raw); payments.CodeOf(err) != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
	if err := n.VerifyAnswer([]byte(`{"OrderID":"P1","PaymentStatus":1,"Status":0,"Signature":"AAAA"}`)); err == nil || errors.Is(err, payments.ErrUnreachable) {
		t.Errorf("what is no answer gave %v", err)
	}
	nobody := NewNotary(store.SID)
	if err := nobody.VerifyNotice(good); !errors.Is(err, payments.ErrUnreachable) || payments.CodeOf(err) != "store.none" {
		t.Errorf("without a certificate: %v", err)
	}
	if err := nobody.VerifyAnswer(good); !errors.Is(err, payments.ErrUnreachable) {
		t.Errorf("without a certificate: %v", err)
	}
}
