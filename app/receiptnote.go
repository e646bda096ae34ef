package app

import (
	"cmp"
	"context"

	"frontdesk/payments"
)

// Kinds of receipts and ways they go, as a ReceiptNote names them.
const (
	ReceiptSale   = "sale"
	ReceiptRefund = "refund"
	ReceiptCopy   = "copy"

	ReceiptESCPOS = "escpos"
	ReceiptSystem = "system"
	ReceiptPDF    = "pdf"
	ReceiptMail   = "mail"
)

// ReceiptNote says that a receipt was handed over, or why not. Failed is a stable
// code.
type ReceiptNote struct {
	Kind   string // ReceiptSale, ReceiptRefund or ReceiptCopy
	Refund string // OrderID of the refund it is about; empty for the sale
	Way    string // ReceiptESCPOS, ReceiptSystem, ReceiptPDF or ReceiptMail
	Failed string
	Actor  Actor
}

// NoteReceipt writes down what became of a receipt. No money is touched and no
// right is asked for. Codes sale.missing, text.limit.
func (t *Till) NoteReceipt(ctx context.Context, id SaleID, n ReceiptNote) error {
	for _, s := range []string{n.Kind, n.Refund, n.Way, n.Failed} {
		if len(s) > maxShort {
			return refuse("receipt", "text.limit", nil)
		}
	}
	name := n.Actor.Operator
	if who, ok := t.cfg.Authority.(Namer); ok && name != "" {
		name = cmp.Or(who.Name(name), name)
	}
	return t.do(ctx, func() error {
		h, err := t.desk.known("receipt", id)
		if err != nil {
			return err
		}
		e := desksEvent(h, "", ReceiptPrinted, ReceiptData{Kind: n.Kind, Refund: n.Refund, Way: n.Way, Failed: n.Failed})
		if e.Operator = name; name != "" {
			e.Source = FromOperator
		}
		if e.Reference, err = payments.Draw(t.cfg.Entropy, idLength); err != nil {
			return err
		}
		return t.desk.commit([]Event{e}, nil)
	})
}
