package devices

import (
	"context"

	"fyne.io/fyne/v2"

	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// way is one way to add a device.
type way struct {
	key, icon string
	act       func()
}

func (p *Page) ways() []way {
	return []way{
		{"network", "network", func() { p.AddBy(devices.TCP) }},
		{"usb", "usb", func() { p.AddBy(devices.Serial) }},
		{"account", "cloud", p.Import},
		{"practice", "star", p.addPractice},
	}
}

// wayRows are the ways as lines to press. In a mode without money a real
// terminal has no place, in Live none that invents payments.
func (p *Page) wayRows(before func()) []fyne.CanvasObject {
	t := p.cfg.Text
	var rows []fyne.CanvasObject
	for _, w := range p.ways() {
		practice := w.key == "practice"
		live := p.snap.Mode == payments.Live
		words, ink, ink2, fill, color := t.T("devices.way."+w.key+".text"), theme.Ink, theme.Ink2, theme.PrimaryTint, theme.OnPrimaryTint
		act := func() { before(); w.act() }
		if practice == live {
			words, ink, ink2, fill, color = t.T("devices.way."+w.key+".not"), theme.Ink2, theme.Ink2, theme.Shell, theme.Ink3
			act = nil
		}
		line := []fyne.CanvasObject{
			widgets.NewDisc(widgets.DiscConfig{Size: 40, Radius: 12, Fill: fill, Color: color, Icon: w.icon, IconSize: 20}),
			widgets.Grow(middle(widgets.Col(0,
				widgets.NewText(t.T("devices.way."+w.key), theme.BodyStrong(), ink).Shrink(),
				widgets.NewParagraph(words, theme.Caption(), ink2)))),
		}
		if act != nil {
			line = append(line, widgets.NewIcon("right", 18, theme.Ink2))
		}
		rows = append(rows, widgets.NewListRow(t.T("devices.way."+w.key), 58, 0, 10, widgets.Row(14, line...), act))
	}
	return rows
}

// waysCell is the last cell of the page.
func (p *Page) waysCell() fyne.CanvasObject {
	head := widgets.Heading(p.cfg.Text.T("devices.ways")).Shrink()
	body := widgets.Col(4, append([]fyne.CanvasObject{head}, p.wayRows(func() {})...)...)
	return widgets.Stack(widgets.NewSurface(widgets.Skin{Stroke: theme.Hairline, Width: 2, Radius: 20}),
		widgets.Pad(widgets.Insets{Top: 17, Right: cardPad, Bottom: 13, Left: cardPad}, body))
}

// nothing stands in the place of the cards while there are none.
func (p *Page) nothing() fyne.CanvasObject {
	t := p.cfg.Text
	return widgets.NewCard(widgets.All(cardPad), widgets.NewEmpty("devices", t.T("devices.none"), t.T("devices.none.text"), "", nil))
}

// Add asks in which way a device shall be added.
func (p *Page) Add() {
	if p.cfg.Host.Top() != nil {
		return
	}
	t := p.cfg.Text
	var sheet *widgets.Sheet
	rows := p.wayRows(func() { p.cfg.Host.Close(sheet) })
	body := widgets.Pad(widgets.Insets{Top: 28, Right: 36, Bottom: 28, Left: 36},
		widgets.Col(10, append([]fyne.CanvasObject{widgets.Title(t.T("devices.add")).Shrink()}, rows...)...))
	sheet = widgets.NewSheet(widgets.SheetConfig{Name: t.T("devices.add"), Width: 560, Content: body, CloseName: t.T("close")})
	p.cfg.Host.Show(sheet)
}

// addPractice adds the terminal that lives inside the program and shows it.
func (p *Page) addPractice() {
	d, operator := p.cfg.Desk, p.cfg.Operator()
	draft := devices.Draft{Label: p.cfg.Text.T("devices.practice.label"), Driver: devices.Practice}
	p.run(func(ctx context.Context) error {
		_, err := d.AddDevice(ctx, draft, operator)
		return err
	}, func(err error) {
		if err == nil && p.cfg.Practice != nil {
			p.cfg.Practice()
		}
	})
}
