package operators

import (
	"slices"

	"frontdesk/app/operators"
	"frontdesk/app/text"
	"frontdesk/payments/money"
)

// rights lists the rights in the order in which they are shown.
func rights() []operators.Right {
	return []operators.Right{
		operators.Charge, operators.Cancel, operators.RefundUpTo, operators.RefundAny, operators.CloseDay, operators.Export,
		operators.Settings, operators.ChargeUnknown, operators.Resolve,
	}
}

// role tells in a few words what somebody may do.
func role(t *text.Catalog, o operators.Operator) string {
	switch {
	case o.Owner:
		return t.T("operators.role.owner")
	case o.May(operators.RefundAny):
		return t.T("operators.role.refundany")
	case o.May(operators.RefundUpTo):
		return t.T("operators.role.refundupto", money.Amount{Minor: o.Limit, Currency: o.In})
	case o.May(operators.Charge):
		return t.T("operators.role.charge")
	}
	return t.T("operators.role.look")
}

// with returns the rights with one given or taken.
func with(have []operators.Right, r operators.Right, on bool) []operators.Right {
	out := slices.DeleteFunc(slices.Clone(have), func(x operators.Right) bool { return x == r })
	if on {
		out = append(out, r)
	}
	return out
}
