package app

import (
	"cmp"
	"context"
	"errors"

	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// allow asks whether the actor may do it and returns the name to write down.
// Without an Authority there is one owner who may do everything.
func (t *Till) allow(ctx context.Context, op string, who Actor, right operators.Right, amount money.Amount) (string, error) {
	if t.cfg.Authority == nil {
		return cmp.Or(who.Operator, DefaultOperator), nil
	}
	if err := t.cfg.Authority.Allow(ctx, who.Operator, who.PIN, right, amount); err != nil {
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return "", err
		}
		return "", refuse(op, cmp.Or(payments.CodeOf(err), "operator.right"), err)
	}
	if n, ok := t.cfg.Authority.(Namer); ok {
		who.Operator = cmp.Or(n.Name(who.Operator), who.Operator)
	}
	return cmp.Or(who.Operator, DefaultOperator), nil
}
