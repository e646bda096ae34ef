package local

import (
	"context"
	"time"

	"frontdesk/app"
)

// OpErase erases the words of customers: EraseArgs in; Erased out.
const OpErase = "erase"

// EraseArgs names one sale, or the moment before which sales lose their words.
type EraseArgs struct {
	Sale     app.SaleID `json:"sale,omitempty"`
	Before   time.Time  `json:"before,omitzero"`
	Operator string     `json:"operator,omitempty"`
	PIN      string     `json:"pin,omitempty"`
}

// Erased says how many sales have lost their words.
type Erased struct {
	Erased int `json:"erased"`
}

func (p Parts) erase(ctx context.Context, a EraseArgs, emit func(any) error) error {
	by := app.Actor{Operator: a.Operator, PIN: a.PIN}
	if a.Sale != "" {
		if err := p.Till.EraseWords(ctx, a.Sale, by); err != nil {
			return err
		}
		return emit(Erased{Erased: 1})
	}
	n, err := p.Till.EraseBefore(ctx, a.Before, by)
	if err != nil {
		return err
	}
	return emit(Erased{Erased: n})
}
