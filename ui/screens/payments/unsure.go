package payments

import (
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// unsureCard tells that a payment or a refund is not known yet: what that
// means, when the till looks next, and what a person can do.
func (v *detailView) unsureCard(u Unsure) fyne.CanvasObject {
	c, a := v.s.cfg.Text, v.s.cfg.Acts
	f := theme.Amber
	next := widgets.NewParagraph("", theme.Caption(), f.Text())
	settle := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.OutlineAmber, Label: c.T("checkout.settle"), Icon: "pencil", OnTap: func() { v.s.settle(u.Refund) }})
	v.next = append(v.next, func(now time.Time) {
		words := c.T("sale.unsure.looking")
		if left := u.Next.Sub(now); !u.Next.IsZero() && left > 0 {
			words = c.T("sale.unsure.next", c.Duration(left))
		}
		if from := u.Question.From.In(v.s.cfg.Zone); a.Settler != nil && !u.Question.May(now) {
			words += " " + c.T("sale.unsure.from", c.DayMonth(from), c.Clock(from))
		}
		next.SetText(words)
		settle.Hidden = a.Settler == nil || !u.Question.May(now)
	})
	parts := []fyne.CanvasObject{
		widgets.Row(10, widgets.NewIcon("question", 24, f.Text()), widgets.Grow(widgets.NewParagraph(u.Title, theme.LeadStrong(), f.Text()))),
		gap(6), widgets.NewParagraph(u.Text, theme.Body(), f.Text()), gap(4), next,
	}
	if v.s.trouble != "" {
		parts = append(parts, gap(8), widgets.NewParagraph(v.s.trouble, theme.BodyStrong(), theme.Red.Text()))
	}
	row := widgets.Col(8)
	if a.Checker != nil {
		check := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.OutlineAmber, Label: c.T("checkout.check"), Icon: "refresh", OnTap: v.s.check})
		v.parts["check."+u.Refund], v.doing["check"] = check, check
		row.Add(check)
	}
	v.parts["settle."+u.Refund] = settle
	row.Add(settle)
	parts = append(parts, gap(12), row)
	return widgets.Stack(widgets.NewSurface(widgets.Skin{Fill: f.Tint(), Radius: 20}),
		widgets.Pad(widgets.Insets{Top: 18, Right: 22, Bottom: 20, Left: 22}, widgets.Col(0, parts...)))
}
