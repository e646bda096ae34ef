package checkout

import (
	"context"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/screens/cash"
)

// act does what a button says. One press is under way at a time, and a body
// that has just appeared takes none.
func (d *Dialog) act(a Action) {
	if d.busy != "" || d.tooEarly(a.Act == ActClose) {
		return
	}
	till, id, operator := d.cfg.Till, d.id, d.cfg.Operator()
	switch a.Act {
	case ActOpen, ActNew, ActRefund, ActReceipt, ActDevices:
		d.elsewhere(a.Act)
	case ActCash:
		d.cash()
	case ActDrop:
		v := view{Input: d.in, c: d.cfg.Text, sale: d.in.Checkout.Sale}
		d.put(v.dropping(), func() {
			d.run(ActDrop, func(ctx context.Context) error { return d.cfg.Collector.Keep(ctx, id, operator) })
		})
	case ActCheck:
		d.run(ActCheck, func(ctx context.Context) error { return till.CheckNow(ctx, id) })
	case ActCancel:
		d.ask()
	case ActAgain:
		last := d.last()
		d.again(ActAgain, last.Rail, last.Device)
	case ActTerminal:
		d.UseTerminal()
	case ActSettle:
		d.Settle()
	case ActInsist:
		d.Insist()
	case ActQR:
		d.again(ActQR, view{Input: d.in}.codeRail(), "")
	case ActKeep:
		d.run(ActKeep, func(ctx context.Context) error { return d.cfg.Collector.Keep(ctx, id, operator) })
	case ActCode:
		d.in.ShowCode = true
		d.render()
	case ActClose:
		d.Close()
	}
}

// elsewhere goes on in another part of the window; the receipt and the refund
// open over this dialog.
func (d *Dialog) elsewhere(a Act) {
	sale := d.in.Checkout.Sale
	switch {
	case a == ActRefund && d.cfg.OnRefund != nil:
		d.cfg.OnRefund(sale)
		return
	case a == ActReceipt && d.cfg.OnReceipt != nil:
		d.cfg.OnReceipt(sale.ID)
		return
	case a == ActRefund, a == ActReceipt:
		return // there is none here
	}
	d.Close()
	switch {
	case a == ActNew && d.cfg.OnNew != nil:
		d.cfg.OnNew()
	case a == ActOpen && d.cfg.OnOpen != nil:
		d.cfg.OnOpen(sale.ID)
	case a == ActDevices && d.cfg.OnDevices != nil:
		d.cfg.OnDevices()
	}
}

// tooEarly reports whether a press comes too soon after the body appeared to be
// meant for it. A dialog that came by itself takes none until nobody has pressed
// anything for a while: whoever was typing an amount goes on typing.
func (d *Dialog) tooEarly(leaves bool) bool {
	now := d.cfg.Now()
	if d.cfg.Guard == 0 {
		return !leaves && now.Sub(d.since) < settle
	}
	if now.Sub(d.since) >= d.cfg.Guard {
		return false
	}
	d.since = now
	return true
}

// Typed notes that a key was pressed that the dialog has no use for.
func (d *Dialog) Typed() {
	if d.sheet != nil && d.cfg.Guard > 0 {
		d.tooEarly(false)
	}
}

// cash asks for the sum in cash and notes it.
func (d *Dialog) cash() {
	if d.question != nil {
		return
	}
	sheet, err := cash.Ask(cash.Config{
		Host: d.cfg.Host, Text: d.cfg.Text, Now: d.cfg.Now, Due: d.in.Checkout.Sale.Amount,
		Take: func() { d.again(ActCash, payments.RailCash, "") }, OnClosed: func() { d.counting = nil },
	})
	if err == nil {
		d.counting = sheet
	}
}

// last is the newest attempt of the sale.
func (d *Dialog) last() app.Attempt {
	if list := d.in.Checkout.Sale.Attempts; len(list) > 0 {
		return list[len(list)-1]
	}
	return app.Attempt{Rail: payments.RailLink}
}

// again begins another attempt; what is open is withdrawn for it.
func (d *Dialog) again(a Act, rail payments.Rail, device string) {
	id, operator := d.id, d.cfg.Operator()
	d.run(a, func(ctx context.Context) error {
		_, err := d.cfg.Collector.Again(ctx, id, app.AgainRequest{Rail: rail, Device: device, Actor: app.Actor{Operator: operator}})
		return err
	})
}

// run asks the till beside the UI and shows the button as busy meanwhile. The
// answer of the till is only that it took the request; what came of it arrives
// as a new revision.
func (d *Dialog) run(a Act, work func(context.Context) error) {
	d.busy, d.in.Problem = a, text.Problem{}
	id := d.id
	d.showBusy()
	d.cfg.Run.Go(func(ctx context.Context) {
		err := work(ctx)
		d.cfg.Run.Do(func() {
			if d.id == id {
				d.finished(err)
			}
		})
	})
}

func (d *Dialog) finished(err error) {
	busy := d.busy
	d.busy = ""
	if err != nil {
		d.in.Problem = d.cfg.Text.Failure(err)
		if busy == ActCheck { // a question that was refused proves nothing about the payment
			d.in.Problem.Money = d.cfg.Text.T("checkout.check.money")
		}
	}
	if d.sheet == nil {
		return
	}
	if b := d.body.buttons[busy]; b != nil && !d.shown.Locked {
		b.SetBusy("")
	}
	d.render()
}

func (d *Dialog) showBusy() {
	words := map[Act]string{ActCheck: "checkout.checking", ActCancel: "checkout.cancelling", ActAgain: "checkout.sending", ActKeep: "checkout.sending", ActTerminal: "checkout.sending", ActQR: "checkout.sending", ActCash: "checkout.sending"}
	if b := d.body.buttons[d.busy]; b != nil {
		b.SetBusy(d.cfg.Text.T(words[d.busy]))
	}
}

func (d *Dialog) copy() {
	d.cfg.Copy(d.shown.Link)
	if d.body.copied != nil {
		d.body.copied.SetLabel(d.cfg.Text.T("checkout.copied"))
	}
}

func (d *Dialog) mail() {
	d.in.Problem = text.Problem{}
	if err := d.cfg.Mail(d.shown.Mail.Subject, d.shown.Mail.Body); err != nil {
		d.in.Problem = d.cfg.Text.Problem("mail.none")
	}
	d.render()
}
