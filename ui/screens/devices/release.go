package devices

import (
	"context"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// AskWaits looks at the payment of somebody else that a terminal waits with.
const AskWaits Ask = "waits"

// codeUnfinished: the terminal waits for the end of a payment.
const codeUnfinished = "terminal.unfinished"

// Releaser is a Desk that can make a terminal let go of a payment this desk did
// not begin. Without it that is not offered.
type Releaser interface {
	// Unfinished tells what a terminal waits with; no money can move.
	Unfinished(ctx context.Context, device string) (app.Unfinished, error)
	// ReleaseDevice lets go of what Unfinished told. Codes operator.pin_needed,
	// operator.pin, operator.right.
	ReleaseDevice(ctx context.Context, device string, about app.Unfinished, who app.Actor) error
}

// releasing is the question before a terminal lets go of a payment. Leaving it is
// the main button.
type releasing struct {
	p       *Page
	desk    Releaser
	device  devices.Status
	about   app.Unfinished
	sheet   *widgets.Sheet
	pin     *widgets.PINBoxes
	pinRow  *fyne.Container
	trouble *widgets.Paragraph
	busy    bool
}

// Release asks the terminal what it waits with and shows it.
func (p *Page) Release(id string) {
	desk, can := p.cfg.Desk.(Releaser)
	s, ok := p.find(id)
	if !ok || !can || p.cfg.Host.Top() != nil {
		return
	}
	p.cfg.Run.Go(func(ctx context.Context) {
		about, err := desk.Unfinished(ctx, id)
		p.cfg.Run.Do(func() {
			switch {
			case err != nil || p.cfg.Host.Top() != nil:
				p.fail(err)
			case about.SID == "":
				p.Test(id) // it waits with nothing any more
			default:
				(&releasing{p: p, desk: desk, device: s, about: about}).open()
			}
		})
	})
}

// unfinishedWords are the facts of a payment in one sentence.
func unfinishedWords(u app.Unfinished, c *text.Catalog) string {
	outcome := c.T("release.notpaid")
	if u.Outcome == payments.Paid {
		outcome = c.T("release.paid")
	}
	return c.T("release.facts", u.Amount, outcome, u.Card.RRN, u.Card.Last4, u.Time)
}

func (r *releasing) open() {
	p, c := r.p, r.p.cfg.Text
	r.trouble = widgets.NewParagraph("", theme.BodyStrong(), theme.Red.Text())
	r.trouble.Hide()
	r.pin = widgets.NewPINBoxes(c.T("settle.pin"), nil, func(string) { r.submit() })
	r.pinRow = widgets.Col(6, widgets.Strong(c.T("settle.pin")), r.pin)
	r.pinRow.Hide()
	no := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 56, Label: c.T("release.no"), Key: c.T("key.enter"), OnTap: r.leave})
	yes := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Severe, Height: 56, Label: c.T("release.yes"), OnTap: r.submit})
	title := c.T("release.title", r.device.Label)
	body := widgets.Col(14, widgets.NewParagraph(unfinishedWords(r.about, c), theme.Lead(), theme.Ink),
		widgets.NewParagraph(c.T("release.text"), theme.Body(), theme.Ink2), r.pinRow, r.trouble)
	r.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 600, CloseName: c.T("close"), First: no,
		Content: frame(title, body, widgets.Row(10, widgets.Pad(widgets.Insets{Left: -sideRoom}, yes), widgets.Space(), no)),
	})
	p.cfg.Host.Show(r.sheet)
}

func (r *releasing) leave() { r.p.cfg.Host.Close(r.sheet) }

// submit lets go of exactly what was shown.
func (r *releasing) submit() {
	if r.busy {
		return
	}
	r.busy = true
	who := app.Actor{Operator: r.p.cfg.Operator(), PIN: r.pin.Digits()}
	desk, id, about := r.desk, r.device.ID, r.about
	r.p.cfg.Run.Go(func(ctx context.Context) {
		err := desk.ReleaseDevice(ctx, id, about, who)
		r.p.cfg.Run.Do(func() { r.answered(err) })
	})
}

func (r *releasing) answered(err error) {
	r.busy = false
	if err == nil {
		r.leave()
		r.p.render()
		return
	}
	c, words := r.p.cfg.Text, ""
	switch code := payments.CodeOf(err); code {
	case "operator.pin_needed", "operator.pin":
		r.pin.Clear(code == "operator.pin")
		r.pinRow.Show()
		if code == "operator.pin" {
			words = c.Failure(err).What
		}
		r.p.cfg.Host.Canvas().Focus(r.pin)
	default:
		words = c.Failure(err).Text()
	}
	r.trouble.SetText(words)
	r.trouble.Hidden = words == ""
	r.sheet.Refresh()
}
