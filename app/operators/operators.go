package operators

import (
	"time"

	"frontdesk/payments/money"
)

// Right is something an operator may do. The strings reach disk.
type Right string

// Rights. An owner has all of them.
const (
	Charge        Right = "charge"
	Cancel        Right = "cancel"
	RefundUpTo    Right = "refund_up_to" // up to Operator.Limit
	RefundAny     Right = "refund_any"
	Settings      Right = "settings"
	CloseDay      Right = "close_day"
	Export        Right = "export"
	ChargeUnknown Right = "charge_unknown" // another rail while an attempt is unknown
	Resolve       Right = "resolve"
)

// Operator is one person at the desk. Owner has every right and cannot lose
// the last one of that kind.
type Operator struct {
	ID      string         `json:"id"` // 8 Crockford characters, kept for ever
	Name    string         `json:"name"`
	Owner   bool           `json:"owner,omitempty"`
	Rights  []Right        `json:"rights,omitempty"`
	Limit   int64          `json:"limit,omitempty"` // minor units, for RefundUpTo
	In      money.Currency `json:"in,omitempty"`    // of Limit
	HasPIN  bool           `json:"-"`
	Created time.Time      `json:"created,omitzero"`
	Removed time.Time      `json:"removed,omitzero"` // zero while working here
}

// Receptionist returns the rights a new operator starts with.
func Receptionist() []Right { return []Right{Charge, Cancel} }

// May reports whether the operator has the right.
func (o Operator) May(r Right) bool {
	if o.Owner {
		return true
	}
	for _, have := range o.Rights {
		if have == r {
			return true
		}
	}
	return false
}

// MayRefund reports whether the operator may give an amount back.
func (o Operator) MayRefund(a money.Amount) bool {
	return o.May(RefundAny) || o.May(RefundUpTo) && a.Currency == o.In && a.Minor <= o.Limit
}
