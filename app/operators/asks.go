package operators

import "frontdesk/payments"

// NeedsPIN reports whether Allow will ask this operator for a PIN: where one is
// set, for everything but charging and cancelling, and for real refunds always.
func (g Gate) NeedsPIN(who string, right Right) bool {
	if right == Charge || right == Cancel {
		return false
	}
	if who == "" {
		who = FirstOwner
	}
	o, err := g.book.Find(who)
	return err == nil && (o.HasPIN || g.mode == payments.Live && (right == RefundUpTo || right == RefundAny))
}
