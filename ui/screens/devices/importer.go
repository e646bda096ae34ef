package devices

import (
	"context"

	"fyne.io/fyne/v2"

	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Import lists the terminals of the myPOS account. Name and number are taken
// over; how to reach the terminal is asked next.
func (p *Page) Import() {
	if p.cfg.Host.Top() != nil {
		return
	}
	t := p.cfg.Text
	sheet := widgets.NewSheet(widgets.SheetConfig{
		Name: t.T("devices.import"), Width: 640, CloseName: t.T("close"),
		Content: p.importBody(widgets.NewParagraph(t.T("devices.import.asking"), theme.Lead(), theme.Ink2), nil),
	})
	p.cfg.Host.Show(sheet)
	p.cfg.Run.Go(func(ctx context.Context) {
		found, err := p.cfg.Desk.AccountDevices(ctx)
		p.cfg.Run.Do(func() {
			if sheet.Open() {
				sheet.SetContent(p.imported(sheet, found, err))
			}
		})
	})
}

func (p *Page) importBody(body fyne.CanvasObject, button *widgets.Button) fyne.CanvasObject {
	foot := []fyne.CanvasObject{widgets.Space()}
	if button != nil {
		foot = append(foot, button)
	}
	return frame(p.cfg.Text.T("devices.import"), body, widgets.Row(0, foot...))
}

// imported shows the list, or why there is none.
func (p *Page) imported(sheet *widgets.Sheet, found []devices.Found, err error) fyne.CanvasObject {
	t := p.cfg.Text
	leave := func() { p.cfg.Host.Close(sheet) }
	switch {
	case payments.CodeOf(err) == "rest.missing" && p.cfg.Connect != nil:
		connect := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 56, Label: t.T("devices.import.connect"), OnTap: func() {
			leave()
			p.cfg.Connect()
		}})
		return p.importBody(widgets.NewParagraph(t.T("devices.import.unconnected"), theme.Lead(), theme.Ink), connect)
	case err != nil:
		return p.importBody(widgets.NewParagraph(t.Failure(err).Text(), theme.Lead(), theme.Red.Text()), nil)
	case len(found) == 0:
		return p.importBody(widgets.NewParagraph(t.T("devices.import.none"), theme.Lead(), theme.Ink), nil)
	}
	body := widgets.Col(4, widgets.Pad(widgets.Insets{Bottom: 8}, widgets.NewParagraph(t.T("devices.import.text"), theme.Body(), theme.Ink2)))
	for _, f := range found {
		body.Add(p.foundRow(f, leave))
	}
	return p.importBody(body, nil)
}

func (p *Page) foundRow(f devices.Found, leave func()) fyne.CanvasObject {
	t := p.cfg.Text
	label := f.Name
	if label == "" {
		label = "myPOS " + f.Model
	}
	words := t.T("devices.import.row", f.Model, f.TerminalID)
	if f.Known != "" {
		row := p.foundLine(label, t.T("devices.import.known", f.Known), theme.Ink2)
		return widgets.NewListRow(label, 60, 0, 10, row, nil)
	}
	row := p.foundLine(label, words, theme.Ink)
	draft := devices.Draft{Label: f.Name, TerminalID: f.TerminalID, SerialNo: f.SerialNo}
	for _, m := range devices.Models() {
		if m == f.Model {
			draft.Model = m
		}
	}
	open := func(d devices.Driver) func() {
		return func() {
			leave()
			draft.Driver = d
			p.form(draft, "")
		}
	}
	ways := []*widgets.Button{
		widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Icon: "network", Label: t.T("devices.import.network"), OnTap: open(devices.TCP)}),
		widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Icon: "usb", Label: "USB", OnTap: open(devices.Serial)}),
	}
	if f.Cloud {
		ways = append(ways, widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Icon: "cloud", Label: t.T("devices.import.cloud"), OnTap: open(devices.Cloud)}))
	}
	if theme.Factor() < 1.5 {
		for _, w := range ways {
			row.Add(w)
		}
		return widgets.Sized(1, 60*theme.Factor(), row)
	}
	below := widgets.Row(10) // large words need a line of their own
	for _, w := range ways {
		below.Add(w)
	}
	return widgets.Col(8, row, below, widgets.Sized(1, 8, widgets.NewSurface(widgets.Skin{})))
}

func (p *Page) foundLine(label, words string, ink fyne.ThemeColorName) *fyne.Container {
	return widgets.Row(10,
		widgets.NewDisc(widgets.DiscConfig{Size: 40, Radius: 12, Fill: theme.Shell, Color: theme.Ink2, Icon: "devices", IconSize: 20}),
		widgets.Grow(middle(widgets.Col(0, widgets.NewText(label, theme.BodyStrong(), ink).Shrink(), widgets.NewText(words, theme.Caption(), theme.Ink2).Shrink()))))
}
