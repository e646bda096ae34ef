package devices

import (
	"context"

	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// question is a sheet with a safe answer, which is the main button, and one
// that goes on.
type question struct {
	title, text, yes, no string
	severe               bool
	act                  func()
}

func (p *Page) ask(q question) {
	if p.cfg.Host.Top() != nil {
		return
	}
	kind := widgets.Secondary
	if q.severe {
		kind = widgets.Severe
	}
	var sheet *widgets.Sheet
	leave := func() { p.cfg.Host.Close(sheet) }
	no := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 56, Label: q.no, Key: p.cfg.Text.T("key.enter"), OnTap: leave})
	yes := widgets.NewButton(widgets.ButtonConfig{Kind: kind, Height: 56, Label: q.yes, OnTap: func() { leave(); q.act() }})
	left := float32(0)
	if q.severe {
		left = -sideRoom
	}
	sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: q.title, Width: 560, First: no,
		Content: frame(q.title, widgets.NewParagraph(q.text, theme.Lead(), theme.Ink2), widgets.Row(10, widgets.Pad(widgets.Insets{Left: left}, yes), widgets.Space(), no)),
		OnKey: func(e *fyne.KeyEvent) bool {
			if e.Name != fyne.KeyReturn && e.Name != fyne.KeyEnter {
				return false
			}
			leave()
			return true
		},
	})
	p.cfg.Host.Show(sheet)
}

// Remove asks before a device goes.
func (p *Page) Remove(id string) {
	s, ok := p.find(id)
	if !ok {
		return
	}
	t, operator := p.cfg.Text, p.cfg.Operator()
	p.ask(question{
		title: t.T("devices.remove.title", s.Label), text: t.T("devices.remove.text"),
		yes: t.T("devices.remove.yes"), no: t.T("devices.remove.no"), severe: true,
		act: func() {
			p.run(func(ctx context.Context) error { return p.cfg.Desk.RemoveDevice(ctx, id, operator) }, nil)
		},
	})
}

// askInsist asks before an untested device is switched on.
func (p *Page) askInsist(id string) {
	s, ok := p.find(id)
	if !ok {
		return
	}
	p.render() // the switch goes back until there is an answer
	t, operator := p.cfg.Text, p.cfg.Operator()
	p.ask(question{
		title: t.T("devices.insist.title", s.Label), text: t.T("devices.insist.text"),
		yes: t.T("devices.insist.yes"), no: t.T("devices.insist.no"),
		act: func() {
			p.run(func(ctx context.Context) error { return p.cfg.Desk.EnableDevice(ctx, id, true, operator) }, nil)
		},
	})
}
