package payments

import (
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app/text"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// detailView draws the page of one sale.
type detailView struct {
	root  fyne.CanvasObject
	s     *Screen
	d     Detail
	parts map[string]fyne.Focusable // by what they do
	doing map[string]*widgets.Button
	next  []func(now time.Time)
}

func newDetailView(d Detail, s *Screen) *detailView {
	v := &detailView{s: s, d: d, parts: map[string]fyne.Focusable{}, doing: map[string]*widgets.Button{}}
	c := s.cfg.Text
	header := v.header()
	left := widgets.NewCard(widgets.Insets{Top: 26, Right: 28, Bottom: 26, Left: 28}, widgets.Col(0,
		widgets.Row(16, widgets.Heading(c.T("sale.what")), widgets.Space(),
			widgets.Row(6, widgets.NewIcon("lock", 16, theme.Ink2), widgets.Caption(c.T("sale.sealed")))),
		gap(16), widgets.NewTimeline(d.Timeline...)))
	right := widgets.Col(14)
	for _, u := range d.Unsure {
		right.Add(v.unsureCard(u))
	}
	for _, card := range []fyne.CanvasObject{stateCard(d), v.partsCard(), numbersCard(d)} {
		right.Add(card)
	}
	narrow := widgets.Col(16)
	body := widgets.NewScroll(widgets.Stack())
	v.root = widgets.Place(nil, func(s fyne.Size) {
		header.Resize(fyne.NewSize(s.Width, 0))
		h := max(header.MinSize().Height, 52*theme.Factor())
		widgets.Put(header, 0, 0, s.Width, h)
		if s.Width/theme.Factor() < 860 {
			narrow.Objects = []fyne.CanvasObject{right, left}
			body.SetContent(narrow)
		} else {
			body.SetContent(columnsOf(left, right, s.Width, s.Height-h-20))
		}
		widgets.Put(body, -8, h+20, s.Width+8+16, s.Height-h-20)
	}, header, body)
	if s.doing != "" {
		v.busy(s.doing, c)
	}
	v.tick(s.cfg.Now())
	return v
}

// tick moves the countdowns.
func (v *detailView) tick(now time.Time) {
	for _, f := range v.next {
		f(now)
	}
}

// busy shows that a press is under way.
func (v *detailView) busy(what string, c *text.Catalog) {
	if b := v.doing[what]; b != nil {
		b.SetBusy(c.T(map[string]string{"keep": "checkout.sending", "check": "checkout.checking"}[what]))
	}
}

// focused is what the part that has the focus does.
func (v *detailView) focused(f fyne.Focusable) string {
	for name, p := range v.parts {
		if f != nil && p == f {
			return name
		}
	}
	return ""
}

// columnsOf lays the timeline beside the column of 420; the timeline's card
// reaches the foot of the page when the page is taller.
func columnsOf(left, right fyne.CanvasObject, width, height float32) fyne.CanvasObject {
	side := 420 * min(theme.Factor(), 1.25)
	lw := width - side - 20
	left.Resize(fyne.NewSize(lw, left.Size().Height))
	right.Resize(fyne.NewSize(side, right.Size().Height))
	h := func() float32 { return max(left.MinSize().Height, right.MinSize().Height, height-10) }
	return widgets.Place(func() fyne.Size { return fyne.NewSize(0, h()) }, func(s fyne.Size) {
		widgets.Put(left, 8, 0, lw, s.Height)
		widgets.Put(right, 8+lw+20, 0, side, s.Height)
	}, left, right)
}

func cardInsets() widgets.Insets {
	return widgets.Insets{Top: 24, Right: 26, Bottom: 24, Left: 26}
}

func stateCard(d Detail) fyne.CanvasObject {
	parts := []fyne.CanvasObject{
		widgets.NewChip(d.Mark, d.Chip), gap(8), widgets.NewAmount(d.Number, d.Currency, 56), gap(4),
		widgets.NewParagraph(d.Meaning, theme.Body(), theme.Ink2), gap(12), widgets.NewHairline(), gap(8),
	}
	for _, l := range d.Lines {
		parts = append(parts, pairRow(l))
	}
	return widgets.NewCard(cardInsets(), widgets.Col(0, parts...))
}

func pairRow(p Pair) fyne.CanvasObject {
	label := widgets.NewText(p.Label, theme.Body(), theme.Ink2).Shrink()
	value := widgets.Body(p.Value).Right().Shrink()
	return widgets.Place(func() fyne.Size { return fyne.NewSize(0, 34*theme.Factor()) }, func(s fyne.Size) {
		w := min(theme.Body().Measure(p.Value).Width+1, s.Width*0.62)
		widgets.Put(label, 0, 0, s.Width-w-12, s.Height)
		widgets.Put(value, s.Width-w, 0, w, s.Height)
	}, label, value)
}

func (v *detailView) partsCard() fyne.CanvasObject {
	c := v.s.cfg.Text
	parts := []fyne.CanvasObject{widgets.Heading(c.T("sale.attempts")), gap(8)}
	for i, p := range v.d.Attempts {
		if i > 0 {
			parts = append(parts, widgets.Pad(widgets.Insets{Left: 48 * theme.Factor()}, widgets.NewHairline()))
		}
		amount := widgets.NewText(p.Amount, theme.BodyStrong(), theme.Ink).Right()
		if p.Refund == "" || v.s.cfg.Acts.Refunded == nil {
			words := widgets.Col(0, widgets.Strong(p.Title).Shrink(), widgets.NewParagraph(p.Detail, theme.Caption(), theme.Ink2))
			parts = append(parts, widgets.Pad(widgets.Insets{Top: 9, Bottom: 9}, widgets.Row(12, widgets.StateDot(p.Mark), widgets.Grow(words), amount)))
			continue
		}
		words := widgets.Col(0, widgets.Strong(p.Title).Shrink(), widgets.Caption(p.Detail).Shrink())
		row := widgets.Row(12, widgets.StateDot(p.Mark), widgets.Grow(widgets.Pad(widgets.Insets{Top: 10 * theme.Factor()}, words)), amount)
		line := widgets.NewListRow(joined(", ", p.Title, p.Detail, p.Amount), 61, 0, 10, row, func() { v.s.cfg.Acts.Refunded(v.s.sale, p.Refund) })
		v.parts["refund."+p.Refund] = line
		parts = append(parts, line)
	}
	return widgets.NewCard(widgets.Insets{Top: 20, Right: 26, Bottom: 12, Left: 26}, widgets.Col(0, parts...))
}

func numbersCard(d Detail) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, p := range d.Numbers {
		rows = append(rows, pairRow(p))
	}
	return widgets.NewCard(widgets.Insets{Top: 10, Right: 26, Bottom: 10, Left: 26}, widgets.Col(0, rows...))
}
