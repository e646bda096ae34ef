package operators

import (
	"context"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Gate answers for one mode who may do what; it is the authority of a till.
type Gate struct {
	book *Book
	mode payments.Mode
}

// In returns the gate of a mode.
func (b *Book) In(mode payments.Mode) Gate { return Gate{book: b, mode: mode} }

// Name returns the name of an operator, an ID or a name as Allow takes them, as it
// stands in the book.
func (g Gate) Name(who string) string {
	if who == "" {
		who = FirstOwner
	}
	if o, err := g.book.Find(who); err == nil {
		return o.Name
	}
	return g.book.Name(who)
}

// Allow returns nil when the operator, an ID or a name (empty: the first owner
// while there is nobody else), may do it. Everything but charging and
// cancelling needs the PIN where there is one. Real refunds need an owner PIN
// to exist (product.md 6). amount is that of a refund.
func (g Gate) Allow(ctx context.Context, who, digits string, right Right, amount money.Amount) error {
	if who == "" {
		who = FirstOwner
	}
	o, err := g.book.Find(who)
	if err != nil {
		return err
	}
	refund := right == RefundUpTo || right == RefundAny
	switch {
	case refund && !o.May(RefundAny) && !o.May(RefundUpTo), !refund && !o.May(right):
		return refuse("allow", "operator.right")
	case refund && !o.MayRefund(amount):
		return refuse("allow", "operator.limit")
	case right == Charge || right == Cancel:
		return nil
	case refund && g.mode == payments.Live && !g.book.ownerHasPIN():
		return refuse("allow", "operator.pin_unset")
	}
	_, err = g.book.Check(ctx, o.ID, digits)
	return err
}

func (b *Book) ownerHasPIN() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, o := range b.file.Operators {
		if _, has := b.file.PINs[o.ID]; has && o.Owner && working(o) {
			return true
		}
	}
	return false
}
