package till

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"time"

	"frontdesk/app"
	"frontdesk/app/receipt"
	"frontdesk/app/settings"
)

// Receipt is the receipt of a sale, or of one of its refunds when refund holds
// its OrderID. It is a copy when it was printed before. Codes sale.missing,
// receipt.*.
func (d *Desk) Receipt(ctx context.Context, id app.SaleID, refund string) (receipt.Receipt, error) {
	r, _, err := d.receipt(ctx, id, refund)
	return r, err
}

// receipt is Receipt with what the journal says about it.
func (d *Desk) receipt(ctx context.Context, id app.SaleID, refund string) (r receipt.Receipt, n noted, err error) {
	s, events, err := d.till.Sale(ctx, id)
	if err != nil {
		return r, n, err
	}
	kept, err := settings.In(d.cfg.Dir).Load()
	if err != nil {
		return r, n, err
	}
	c := d.receiptConfig(kept)
	c.Language = cmp.Or(kept.Receipt.Language, languageOf(events), kept.Language)
	c.Paid = provenAt(events, func(s app.Sale) bool { return s.Received.Minor > 0 })
	n = lastNote(events, refund)
	r, err = receipt.New(c, s, receipt.Kind{Refund: refund, Copy: n.done})
	return r, n, err
}

// receiptConfig is what all receipts of this desk have in common.
func (d *Desk) receiptConfig(kept settings.Settings) receipt.Config {
	head := kept.Heading()
	head.Name = d.cfg.salonName(kept)
	return receipt.Config{Salon: head, Mode: d.cfg.Mode, Simulated: simulated, Zone: d.cfg.Zone, VAT: kept.Receipt.VAT}
}

// languageOf is the language in which the customer was asked to pay.
func languageOf(events []app.Event) string {
	for _, e := range events {
		var data app.SaleData
		if e.Kind == app.SaleOpened && json.Unmarshal(e.Data, &data) == nil {
			return data.Language
		}
	}
	return ""
}

// provenAt is when the sale first looked so; zero for never.
func provenAt(events []app.Event, so func(app.Sale) bool) time.Time {
	for i := range events {
		if so(app.Fold(events[:i+1])) {
			return events[i].Wall
		}
	}
	return time.Time{}
}

// noted is what the journal says about a receipt.
type noted struct {
	any  bool // somebody, or the desk, has begun to print it
	done bool // it came out once
}

// lastNote reads the notes of one receipt, copies included.
func lastNote(events []app.Event, refund string) (n noted) {
	for _, e := range events {
		var data app.ReceiptData
		if e.Kind != app.ReceiptPrinted || json.Unmarshal(e.Data, &data) != nil || data.Refund != refund {
			continue
		}
		if data.Way == app.ReceiptESCPOS || data.Way == app.ReceiptSystem {
			n.any = true
			n.done = n.done || data.Failed == ""
		}
	}
	return n
}

// SaveReceipt writes the receipt as a PDF.
func (d *Desk) SaveReceipt(ctx context.Context, id app.SaleID, refund string, w io.Writer) error {
	r, err := d.Receipt(ctx, id, refund)
	if err != nil {
		return err
	}
	return receipt.WritePDF(w, r)
}

// PrintReceipt prints the receipt on the printer of the settings and returns when
// it came out, as far as the printer tells. What was printed before is marked as
// a copy, asked for or not. It waits while another one is printed. That it began
// and how it ended is written down. Codes receipt.*, printer.*.
func (d *Desk) PrintReceipt(ctx context.Context, id app.SaleID, refund string, again bool, by app.Actor) error {
	if _, err := d.Receipt(ctx, id, refund); err != nil {
		return err // without waiting
	}
	return d.inTurn(ctx, id, refund, func(r receipt.Receipt, _ noted, to settings.Printer) error {
		r.Kind.Copy = r.Kind.Copy || again
		return d.prints.print(ctx, to, r, by)
	})
}

// printFirst prints what nobody has begun to print, by itself.
func (d *Desk) printFirst(ctx context.Context, id app.SaleID, refund string) error {
	return d.inTurn(ctx, id, refund, func(r receipt.Receipt, n noted, to settings.Printer) error {
		if n.any {
			return nil // somebody was quicker
		}
		return d.prints.print(ctx, to, r, app.Actor{})
	})
}

// inTurn reads the receipt when it is its turn: whoever waited for another print of
// the same one prints a copy.
func (d *Desk) inTurn(ctx context.Context, id app.SaleID, refund string, do func(receipt.Receipt, noted, settings.Printer) error) error {
	return d.prints.alone(ctx, func() error {
		r, n, err := d.receipt(ctx, id, refund)
		if err != nil {
			return err
		}
		kept, err := settings.In(d.cfg.Dir).Load()
		if err != nil {
			return err
		}
		return do(r, n, kept.Receipt.Printer)
	})
}

// TestPrinter prints a specimen on a printer that need not be saved yet. Codes
// printer.*.
func (d *Desk) TestPrinter(ctx context.Context, to settings.Printer) error {
	kept, err := settings.In(d.cfg.Dir).Load()
	if err != nil {
		return err
	}
	c := d.receiptConfig(kept)
	c.Language, c.Paid = cmp.Or(kept.Receipt.Language, kept.Language), d.cfg.Now()
	return d.prints.alone(ctx, func() error { return d.prints.press.Print(ctx, to, receipt.Specimen(c)) })
}

// Printers lists the printers of this computer and the ports behind which a
// receipt printer may stand.
func (d *Desk) Printers(ctx context.Context) ([]receipt.Found, error) {
	return d.prints.press.Find(ctx), ctx.Err()
}

// PrinterTrouble is the code of why the receipt that was printed last did not
// come out; empty when it did.
func (d *Desk) PrinterTrouble() string { return d.prints.standing() }
