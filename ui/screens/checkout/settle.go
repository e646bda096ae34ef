package checkout

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Settler takes a person's answer about a payment that stayed unknown.
type Settler interface {
	Resolve(ctx context.Context, id app.SaleID, r app.Resolution) error
}

// settleAfter is how long a payment without a terminal must have been unknown
// before a person may answer for myPOS (product.md 4 rule 4).
const settleAfter = 24 * time.Hour

// maySettle reports whether a person may answer by now.
func (v view) maySettle() bool {
	if !v.Settles || v.last.Unsure.IsZero() {
		return false
	}
	after := settleAfter
	if v.onTerminal() {
		after = stillUnknown
	}
	return v.Now.Sub(v.last.Unsure) >= after
}

// settling is the sheet in which a person says what the terminal, or myPOS,
// shows. What is typed is evidence and is kept with the sale; a PIN is asked
// for where the till asks for one.
type settling struct {
	d        *Dialog
	sheet    *widgets.Sheet
	paid     bool
	evidence *widgets.Field
	pin      *widgets.PINBoxes
	pinRow   *fyne.Container
	trouble  *widgets.Paragraph
	send     *widgets.Button
	busy     bool
}

// Settle opens the sheet.
func (d *Dialog) Settle() {
	if d.settling != nil || d.question != nil || d.busy != "" || d.cfg.Settler == nil {
		return
	}
	c := d.cfg.Text
	s := &settling{d: d, paid: true, trouble: widgets.NewParagraph("", theme.BodyStrong(), theme.Red.Text())}
	s.evidence = widgets.NewField(widgets.FieldConfig{OnSubmit: func(string) { s.submit() }})
	s.pin = widgets.NewPINBoxes(c.T("settle.pin"), nil, func(string) { s.submit() })
	s.pinRow = widgets.Col(6, widgets.Strong(c.T("settle.pin")), s.pin)
	s.pinRow.Hide()
	s.trouble.Hide()
	s.send = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 56, Key: c.T("key.enter"), OnTap: s.submit})
	back := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Height: 56, Label: c.T("settle.back"), OnTap: func() { d.cfg.Host.Close(s.sheet) }})
	choice := widgets.NewSegments([]widgets.Segment{{Label: c.T("settle.paid"), Icon: "check"}, {Label: c.T("settle.not"), Icon: "minus"}}, 0, func(i int) {
		s.paid = i == 0
		s.words()
	})
	v := view{Input: d.in, c: c, sale: d.in.Checkout.Sale, last: d.last()}
	where := "myPOS"
	if v.onTerminal() {
		where = v.deviceLabel()
	}
	s.words()
	body := widgets.Pad(widgets.Insets{Top: 28, Right: 36, Bottom: 28, Left: 36}, widgets.Col(0,
		widgets.Pad(widgets.Insets{Right: closeSide}, widgets.NewParagraph(c.T("settle.title", where), theme.Title(), theme.Ink)), gap(8),
		widgets.NewParagraph(c.T("settle.text", v.sale.Amount), theme.Body(), theme.Ink2), gap(18),
		choice, gap(18), s.evidence, gap(12), s.pinRow, s.trouble, gap(22),
		widgets.Row(10, widgets.Pad(widgets.Insets{Left: -16}, back), widgets.Space(), s.send)))
	s.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: c.T("settle.title", where), Width: 600, Content: body, CloseName: c.T("close"), First: s.evidence.Entry(),
		OnKey: s.key, OnClosed: func() { d.settling = nil },
	})
	d.settling = s
	d.cfg.Host.Show(s.sheet)
}

// words are those of the chosen answer.
func (s *settling) words() {
	c, kind := s.d.cfg.Text, "not"
	if s.paid {
		kind = "paid"
	}
	s.evidence.SetWords(c.T("settle."+kind+".label"), c.T("settle."+kind+".hint"), "")
	s.evidence.SetError("")
	s.send.SetLabel(c.T("settle." + kind + ".do"))
	s.complain("")
}

func (s *settling) complain(words string) {
	s.trouble.SetText(words)
	s.trouble.Hidden = words == ""
	if s.sheet != nil {
		s.sheet.Refresh()
	}
}

// key gives Enter to the main button.
func (s *settling) key(e *fyne.KeyEvent) bool {
	if e.Name != fyne.KeyReturn && e.Name != fyne.KeyEnter {
		return false
	}
	s.submit()
	return true
}

// submit asks the till. A missing PIN is asked for and the answer sent again.
func (s *settling) submit() {
	if s.busy {
		return
	}
	s.busy = true
	s.send.SetBusy(s.d.cfg.Text.T("checkout.sending"))
	d := s.d
	settler, id := d.cfg.Settler, d.id
	r := app.Resolution{Paid: s.paid, Evidence: s.evidence.Text(), Operator: d.cfg.Operator(), PIN: s.pin.Digits()}
	d.cfg.Run.Go(func(ctx context.Context) {
		err := settler.Resolve(ctx, id, r)
		d.cfg.Run.Do(func() { s.answered(err) })
	})
}

func (s *settling) answered(err error) {
	s.busy = false
	s.send.SetBusy("")
	c := s.d.cfg.Text
	switch code := payments.CodeOf(err); {
	case err == nil:
		s.d.cfg.Host.Close(s.sheet)
	case code == "operator.pin_needed" || code == "operator.pin":
		s.pin.Clear(code == "operator.pin")
		s.pinRow.Show()
		s.complain("")
		if code == "operator.pin" {
			s.complain(c.Failure(err).What)
		}
		s.d.cfg.Host.Canvas().Focus(s.pin)
	case code == "resolve.evidence":
		p := c.Problem(code)
		s.evidence.SetError(p.What + " " + p.Do)
		s.complain("")
	default:
		p := c.Failure(err)
		s.complain(p.What + " " + p.Do)
	}
}
