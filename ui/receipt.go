package ui

import (
	"frontdesk/app"
	pagereceipt "frontdesk/ui/screens/receipt"
	pagesettings "frontdesk/ui/screens/settings"
)

// openReceipt shows the receipt of a sale, or of the refund with an order
// number; nothing where none can be made.
func (w *Window) openReceipt(id app.SaleID, refund string) {
	if w.cfg.Receipts == nil {
		return
	}
	cfg := pagereceipt.Config{
		Desk: w.cfg.Receipts, Run: w.run, Host: w.host, Text: w.text, Operator: w.operator, Save: w.cfg.Save, Mail: w.cfg.Open,
		Columns: func() int { return w.set.Receipt.Printer.Columns() },
		OnSetup: func() {
			w.host.CloseAll()
			w.showSettings(pagesettings.Receipt)
		},
	}
	// A part that is missing is one of the program: there is nothing to tell here.
	_, _ = pagereceipt.Open(cfg, id, refund)
}

// receipts is how screens open receipts; nil where none can be made.
func (w *Window) receipts() func(app.SaleID, string) {
	if w.cfg.Receipts == nil {
		return nil
	}
	return w.openReceipt
}
