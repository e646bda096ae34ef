package checkout

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Insister is a Settler that knows whether whoever is at the desk may charge a
// sale once more while a payment of it is not known (product.md 4 rule 9).
type Insister interface {
	MayInsist() bool
}

// mayInsist reports whether charging again is offered while a payment is not
// known.
func (d *Dialog) mayInsist() bool {
	i, ok := d.cfg.Settler.(Insister)
	return ok && i.MayInsist()
}

// insisting is the question before a sale is charged once more although a payment
// of it is not known. Going on asking is the main button. A PIN is asked for
// where the till asks for one.
type insisting struct {
	d       *Dialog
	sheet   *widgets.Sheet
	pin     *widgets.PINBoxes
	pinRow  *fyne.Container
	trouble *widgets.Paragraph
	rail    payments.Rail // chosen last
	device  string
	ways    []*widgets.Button
	busy    bool
}

// Insist opens the question.
func (d *Dialog) Insist() {
	if d.question != nil || d.settling != nil || d.busy != "" || !d.mayInsist() {
		return
	}
	c := d.cfg.Text
	s := &insisting{d: d, trouble: widgets.NewParagraph("", theme.BodyStrong(), theme.Red.Text())}
	s.trouble.Hide()
	s.pin = widgets.NewPINBoxes(c.T("settle.pin"), nil, func(string) { s.submit(s.rail, s.device) })
	s.pinRow = widgets.Col(6, widgets.Strong(c.T("settle.pin")), s.pin)
	s.pinRow.Hide()
	title := c.T("despite.title", d.in.Checkout.Sale.Amount)
	parts := []fyne.CanvasObject{
		widgets.Pad(widgets.Insets{Right: closeSide}, widgets.NewParagraph(title, theme.Title(), theme.Ink)), gap(10),
		widgets.NewParagraph(c.T("despite.text"), theme.Lead(), theme.Ink2), gap(18), s.pinRow, s.trouble, gap(10),
	}
	for _, b := range s.offers() {
		parts = append(parts, b, gap(10))
	}
	keep := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 56, Label: c.T("despite.no"), Key: c.T("key.enter"), OnTap: s.leave})
	parts = append(parts, gap(8), keep)
	s.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 560, CloseName: c.T("close"), First: keep, OnClosed: func() { d.question = nil },
		Content: widgets.Pad(widgets.Insets{Top: 32, Right: 32, Bottom: 28, Left: 32}, widgets.Col(0, parts...)),
	})
	d.question = s.sheet
	d.cfg.Host.Show(s.sheet)
}

func (s *insisting) leave() { s.d.cfg.Host.Close(s.sheet) }

// offers are the ways on which the sale can be charged now: a code, and the
// terminals on which nothing stands.
func (s *insisting) offers() []*widgets.Button {
	d, c := s.d, s.d.cfg.Text
	add := func(icon, label string, rail payments.Rail, device string) {
		s.ways = append(s.ways, widgets.NewButton(widgets.ButtonConfig{
			Kind: widgets.Secondary, Icon: icon, Label: label, OnTap: func() { s.submit(rail, device) },
		}))
	}
	if rail := (view{Input: d.in}).codeRail(); slices.Contains(d.in.Ways, rail) {
		add("qr", c.T("despite.qr"), rail, "")
	}
	for _, t := range d.enabled() {
		if t.ID != d.last().Device {
			add("devices", c.T("despite.terminal", t.Label), d.railOf(t.ID), t.ID)
		}
	}
	return s.ways
}

// submit asks the till for the attempt.
func (s *insisting) submit(rail payments.Rail, device string) {
	if s.busy || rail == "" {
		return
	}
	s.busy, s.rail, s.device = true, rail, device
	d := s.d
	till, id := d.cfg.Collector, d.id
	r := app.AgainRequest{
		Rail: rail, Device: device, DespiteUnknown: true, Actor: app.Actor{Operator: d.cfg.Operator(), PIN: s.pin.Digits()},
	}
	d.cfg.Run.Go(func(ctx context.Context) {
		_, err := till.Again(ctx, id, r)
		d.cfg.Run.Do(func() { s.answered(err) })
	})
}

func (s *insisting) answered(err error) {
	s.busy = false
	c, words := s.d.cfg.Text, ""
	switch code := payments.CodeOf(err); code {
	case "":
		if err == nil {
			s.leave()
			return
		}
		words = c.Failure(err).Text()
	case "operator.pin_needed", "operator.pin":
		s.pin.Clear(code == "operator.pin")
		s.pinRow.Show()
		if code == "operator.pin" {
			words = c.Failure(err).What
		}
		s.d.cfg.Host.Canvas().Focus(s.pin)
	default:
		words = c.Failure(err).Text()
	}
	s.trouble.SetText(words)
	s.trouble.Hidden = words == ""
	s.sheet.Refresh()
}
