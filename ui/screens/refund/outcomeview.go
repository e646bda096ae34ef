package refund

import (
	"fyne.io/fyne/v2"

	"frontdesk/app/text"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

const panelWidth = 340

// outcomeView draws an Outcome. tick changes what the clock changes.
type outcomeView struct {
	root    fyne.CanvasObject
	first   fyne.Focusable
	buttons map[Act]*widgets.Button
	tick    func(Tick)
}

func newOutcomeView(o Outcome, problem text.Problem, c *text.Catalog, act func(Act)) *outcomeView {
	v := &outcomeView{buttons: map[Act]*widgets.Button{}}
	panel := widgets.NewStatePanel(widgets.StatePanelConfig{
		Family: o.Mark.Family, Icon: o.Mark.Icon, Word: o.Word, Number: c.Number(o.Amount), Currency: string(o.Amount.Currency),
		Line: o.Tick.Line, Tint: o.Tint, Part: o.Tick.Ring,
	})
	v.tick = func(t Tick) { panel.SetTick(t.Line, t.Ring) }
	parts := []fyne.CanvasObject{widgets.Pad(widgets.Insets{Right: 40}, widgets.NewParagraph(o.Title, titleStyle(o.Title), theme.Ink))}
	if o.LockTitle != "" {
		parts = append(parts, gap(16), lockBox(o))
	}
	if o.Lead != "" {
		parts = append(parts, gap(14), widgets.NewParagraph(o.Lead, theme.Lead(), theme.Ink))
	}
	if problem.What != "" {
		parts = append(parts, gap(14), noticeBox(theme.Red, "alert", problem.Text()))
	}
	if len(o.Steps) > 0 {
		parts = append(parts, gap(18), widgets.NewSteps(theme.Blue, o.Steps...))
	}
	if len(o.Facts) > 0 {
		parts = append(parts, gap(14))
		for _, f := range o.Facts {
			parts = append(parts, factRow(f), widgets.NewHairline())
		}
	}
	if o.Code != "" {
		var b *widgets.TextButton
		b = widgets.NewTextButton(c.T("details"), "down", false, func() { b.SetLabel(c.T("code", o.Code)) })
		parts = append(parts, gap(6), widgets.Row(0, b, widgets.Space()))
	}
	scroll := widgets.NewScroll(widgets.Pad(widgets.Insets{Left: 8, Right: 16, Bottom: 8}, widgets.Col(0, parts...)))
	foot := v.foot(o, c, act)
	v.root = widgets.Place(nil, func(s fyne.Size) {
		pw := min(panelWidth*s.Width/dialogWidth, s.Width*0.42)
		widgets.Put(panel, 0, 0, pw, s.Height)
		w := s.Width - pw - 64
		foot.Resize(fyne.NewSize(w, foot.Size().Height))
		fh := foot.MinSize().Height
		widgets.Put(foot, pw+32, s.Height-28-fh, w, fh)
		widgets.Put(scroll, pw+24, 30, w+24, s.Height-30-28-fh-12)
	}, panel, scroll, foot)
	return v
}

func lockBox(o Outcome) fyne.CanvasObject {
	f := o.Mark.Family
	return widgets.Stack(widgets.NewSurface(widgets.Skin{Fill: f.Tint(), Radius: 16}),
		widgets.Pad(widgets.Insets{Top: 12, Bottom: 12, Left: 16, Right: 16}, beside(24, 12, widgets.NewIcon("lock", 24, f.Text()),
			widgets.Col(0, widgets.NewParagraph(o.LockTitle, theme.LeadStrong(), f.Text()), widgets.NewParagraph(o.LockText, theme.Body(), f.Text())))))
}

// foot is the side buttons above the main one.
func (v *outcomeView) foot(o Outcome, c *text.Catalog, act func(Act)) fyne.CanvasObject {
	column := widgets.Col(12)
	var side []fyne.CanvasObject
	for _, a := range o.Side {
		b := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Label: a.Label, Icon: a.Icon, OnTap: func() { act(a.Act) }})
		v.buttons[a.Act], v.first = b, b
		side = append(side, b)
	}
	if len(side) > 0 {
		column.Add(evenly(10, side))
	}
	if o.Main.Act != "" {
		b := widgets.NewButton(widgets.ButtonConfig{
			Kind: widgets.Primary, Height: 56, Label: o.Main.Label, Icon: o.Main.Icon, Key: c.T("key.enter"), OnTap: func() { act(o.Main.Act) },
		})
		v.buttons[o.Main.Act], v.first = b, b
		column.Add(b)
	}
	return column
}

// evenly gives every part the same width.
func evenly(between float32, parts []fyne.CanvasObject) *fyne.Container {
	least := func() fyne.Size {
		var m fyne.Size
		for _, p := range parts {
			m = m.Max(p.MinSize())
		}
		return fyne.NewSize(0, m.Height)
	}
	return widgets.Place(least, func(s fyne.Size) {
		w := (s.Width - between*float32(len(parts)-1)) / float32(len(parts))
		for i, p := range parts {
			widgets.Put(p, float32(i)*(w+between), 0, w, s.Height)
		}
	}, parts...)
}
