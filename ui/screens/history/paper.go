package history

import (
	"frontdesk/app"
	"frontdesk/ui/theme"
)

// printerBegun says that printing began; the next line of the same receipt tells
// how it ended.
const printerBegun = "printer.begun"

// paper tells what happened beside the money: cash, receipts, words that were
// erased. False means that the event is none of these.
func (t *teller) paper(e app.Event) bool {
	switch e.Kind {
	case app.CashNoted:
		t.add(e, "check", theme.Green, t.c.T("history.cash"), t.c.T("history.cash.by", t.who(e)))
	case app.WordsErased:
		t.add(e, "trash", theme.Grey, t.c.T("history.erased", t.who(e)), t.c.T("history.erased.detail"))
	case app.ReceiptPrinted:
		t.receipt(e)
	default:
		return false
	}
	return true
}

func (t *teller) receipt(e app.Event) {
	c, d := t.c, data[app.ReceiptData](e)
	kind := "sale"
	if d.Kind == "refund" || d.Kind == "copy" {
		kind = d.Kind
	}
	way := ""
	if key := "history.receipt.way." + d.Way; d.Way != "" && c.Has(key) {
		way = c.T(key)
	}
	if d.Failed == "" {
		t.add(e, "printer", theme.Grey, c.T("history.receipt."+kind), way)
		return
	}
	why := way
	if c.Knows(d.Failed) {
		why = join(c.Problem(d.Failed).What, way)
	}
	t.add(e, "printer", theme.Amber, c.T("history.receipt.failed"), why)
}

// begunOnly reports whether an event says no more than that a receipt began to
// be printed, and a later one tells how that ended.
func begunOnly(e app.Event, later []app.Event) bool {
	if e.Kind != app.ReceiptPrinted {
		return false
	}
	d := data[app.ReceiptData](e)
	if d.Failed != printerBegun {
		return false
	}
	for _, l := range later {
		if n := data[app.ReceiptData](l); l.Kind == app.ReceiptPrinted && n.Kind == d.Kind && n.Refund == d.Refund {
			return true
		}
	}
	return false
}
