package checkout

import (
	"context"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// act does what a button says. One press is under way at a time, and a body
// that has just appeared takes none.
func (d *Dialog) act(a Action) {
	if d.busy != "" || d.cfg.Now().Sub(d.since) < settle && a.Act != ActClose {
		return
	}
	till, id, operator := d.cfg.Till, d.id, d.cfg.Operator()
	switch a.Act {
	case ActCheck:
		d.run(ActCheck, func(ctx context.Context) error { return till.CheckNow(ctx, id) })
	case ActCancel:
		d.ask()
	case ActAgain:
		d.run(ActAgain, func(ctx context.Context) error {
			_, err := d.cfg.Collector.Again(ctx, id, app.AgainRequest{Rail: payments.RailLink, Actor: app.Actor{Operator: operator}})
			return err
		})
	case ActKeep:
		d.run(ActKeep, func(ctx context.Context) error { return d.cfg.Collector.Keep(ctx, id, operator) })
	case ActCode:
		d.in.ShowCode = true
		d.render()
	case ActClose:
		d.Close()
	case ActNew:
		d.Close()
		if d.cfg.OnNew != nil {
			d.cfg.OnNew()
		}
	case ActOpen:
		d.Close()
		if d.cfg.OnOpen != nil {
			d.cfg.OnOpen(id)
		}
	}
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
	words := map[Act]string{ActCheck: "checkout.checking", ActCancel: "checkout.cancelling", ActAgain: "checkout.sending", ActKeep: "checkout.sending"}
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

// ask puts the question before a cancel. Keeping on waiting is the main
// button: it is the safe one.
func (d *Dialog) ask() {
	if d.question != nil || d.busy != "" {
		return
	}
	keep := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 56, Label: d.cfg.Text.T("question.cancel.no"), Key: d.cfg.Text.T("key.enter")})
	stop := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Severe, Height: 56, Label: d.cfg.Text.T("question.cancel.yes")})
	q := widgets.NewSheet(widgets.SheetConfig{
		Name: d.shown.Confirm.Title, Width: 560, Content: questionBody(d.shown.Confirm, keep, stop), First: keep,
		OnClosed: func() { d.question = nil },
		OnKey: func(e *fyne.KeyEvent) bool {
			if e.Name != fyne.KeyReturn && e.Name != fyne.KeyEnter {
				return false
			}
			d.cfg.Host.Close(d.question)
			return true
		},
	})
	keep.SetOnTap(func() { d.cfg.Host.Close(q) })
	stop.SetOnTap(func() {
		d.cfg.Host.Close(q)
		till, id, operator := d.cfg.Till, d.id, d.cfg.Operator()
		d.run(ActCancel, func(ctx context.Context) error { return till.Cancel(ctx, id, operator) })
	})
	d.question = q
	d.cfg.Host.Show(q)
}

func questionBody(q Confirm, keep, stop fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Pad(widgets.Insets{Top: 32, Right: 32, Bottom: 28, Left: 32}, widgets.Col(0,
		widgets.NewParagraph(q.Title, theme.Title(), theme.Ink), gap(10),
		widgets.NewParagraph(q.Text, theme.Lead(), theme.Ink2), gap(28),
		widgets.Row(10, widgets.Pad(widgets.Insets{Left: -16}, stop), widgets.Space(), widgets.Sized(200, 56, keep)),
	))
}
