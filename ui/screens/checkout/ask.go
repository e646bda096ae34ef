package checkout

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// ask puts the question before a cancel.
func (d *Dialog) ask() {
	d.put(d.shown.Confirm, func() {
		till, id, operator := d.cfg.Till, d.id, d.cfg.Operator()
		d.run(ActCancel, func(ctx context.Context) error { return till.Cancel(ctx, id, operator) })
	})
}

// put asks a question. Keeping on waiting is the main button: it is the safe
// answer.
func (d *Dialog) put(question Confirm, yes func()) {
	if d.question != nil || d.busy != "" {
		return
	}
	keep := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 56, Label: question.No, Key: d.cfg.Text.T("key.enter")})
	stop := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Severe, Height: 56, Label: question.Yes})
	q := widgets.NewSheet(widgets.SheetConfig{
		Name: question.Title, Width: 560, Content: questionBody(question, keep, stop), First: keep,
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
		yes()
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

// UseTerminal moves the sale to a terminal: the default one, or the one that
// is chosen when there is none. A customer who may be paying right now is
// asked about first.
func (d *Dialog) UseTerminal() {
	device, ok := d.chosen()
	if !ok {
		d.choose()
		return
	}
	d.moveTo(device)
}

func (d *Dialog) moveTo(device string) {
	c := d.cfg.Text
	switch d.in.Checkout.Sale.State {
	case app.Opened, app.Declined:
		q := Confirm{c.T("pay.question.move.title"), c.T("pay.question.move"), c.T("pay.question.move.yes"), c.T("question.cancel.no")}
		d.put(q, func() { d.again(ActTerminal, d.railOf(device), device) })
	default:
		d.again(ActTerminal, d.railOf(device), device)
	}
}

// railOf is the rail on which a terminal is charged.
func (d *Dialog) railOf(id string) payments.Rail {
	for _, s := range d.in.Devices {
		if s.ID == id && s.Driver == devices.Cloud {
			return payments.RailCloud
		}
	}
	return payments.RailTerminal
}

// enabled lists the terminals that take charges.
func (d *Dialog) enabled() []devices.Status {
	var on []devices.Status
	for _, s := range d.in.Devices {
		if s.Enabled && slices.Contains(d.in.Ways, d.railOf(s.ID)) {
			on = append(on, s)
		}
	}
	return on
}

// chosen is the terminal to use without asking: the default, or the only one.
// Empty with true leaves the choice to the till.
func (d *Dialog) chosen() (string, bool) {
	on := d.enabled()
	for _, s := range on {
		if s.Default {
			return s.ID, true
		}
	}
	switch len(on) {
	case 0:
		return "", true
	case 1:
		return on[0].ID, true
	}
	return "", false
}

// choose asks which terminal.
func (d *Dialog) choose() {
	if d.question != nil || d.busy != "" {
		return
	}
	c := d.cfg.Text
	var q *widgets.Sheet
	body := widgets.TerminalChoice(c.T("pay.choose"), d.rows(), func(id string) {
		d.cfg.Host.Close(q)
		d.moveTo(id)
	})
	q = widgets.NewSheet(widgets.SheetConfig{
		Name: c.T("pay.choose"), Width: 480, Content: body, CloseName: c.T("close"), OnClosed: func() { d.question = nil },
	})
	d.question = q
	d.cfg.Host.Show(q)
}

// rows are the terminals to choose from, with their state in words.
func (d *Dialog) rows() []widgets.TerminalRow {
	var rows []widgets.TerminalRow
	for _, s := range d.enabled() {
		rows = append(rows, widgets.TerminalRow{ID: s.ID, Label: s.Label, Words: d.cfg.Text.T("device.health." + string(s.Health))})
	}
	return rows
}
