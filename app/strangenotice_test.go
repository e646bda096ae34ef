package app_test

import (
	"testing"
	"testing/synctest"

	"frontdesk/app"
	"frontdesk/payments"
)

// TestAMessageWithoutAnOrder is signed and about nothing here: it changes nothing,
// and what comes behind it is taken in.
func TestAMessageWithoutAnOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		w.notify(payments.Notice{Kind: payments.NoticeOther, Method: "IPCSomethingNew", Raw: []byte("IPCmethod=IPCSomethingNew")})
		w.pay(s, "813705")
		w.comesTo(s.ID, app.Paid, 4500)
	})
}
