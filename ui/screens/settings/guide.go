package settings

import (
	"strconv"

	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// guide opens the walk-through of a field: where in the portal it stands, step
// by step, and what to know about it. The sentences are guide.NAME.1 and so on,
// and guide.NAME.note.
func (p *Page) guide(name string) {
	t := p.cfg.Text
	title := t.T("guide." + name)
	host := hostOf(p.cfg.Desk.Connection().Relay)
	if host == "" {
		host = t.T("guide.yourrelay")
	}
	steps := widgets.Col(14)
	for i := 1; t.Has("guide." + name + "." + strconv.Itoa(i)); i++ {
		n := strconv.Itoa(i)
		disc := widgets.NewDisc(widgets.DiscConfig{
			Size: 28, Fill: theme.PrimaryTint, Color: theme.OnPrimaryTint, Text: n, TextStyle: theme.CaptionStrong(),
		})
		steps.Add(step(disc, widgets.NewParagraph(t.T("guide."+name+"."+n, host), theme.Body(), theme.Ink)))
	}
	body := widgets.Col(20, widgets.NewParagraph(title, theme.Title(), theme.Ink), steps)
	if key := "guide." + name + ".note"; t.Has(key) {
		body.Add(widgets.Stack(widgets.NewSurface(widgets.Skin{Fill: theme.Shell, Radius: 14}),
			widgets.Pad(widgets.Insets{Top: 14, Right: 16, Bottom: 14, Left: 16}, step(widgets.NewIcon("info", 20, theme.Ink2),
				widgets.NewParagraph(t.T(key, host), theme.Caption(), theme.Ink2)))))
	}
	done := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Label: t.T("guide.done")})
	scroll := widgets.NewScroll(widgets.Pad(widgets.Insets{Right: 16}, body))
	foot := widgets.Row(0, widgets.Space(), done)
	content := widgets.Place(func() fyne.Size {
		return fyne.NewSize(320, body.MinSize().Height+32+24+foot.MinSize().Height+28)
	}, func(s fyne.Size) {
		body.Resize(fyne.NewSize(s.Width-36-20-16, body.Size().Height))
		fh := foot.MinSize().Height
		widgets.Put(scroll, 36, 32, s.Width-36-20, s.Height-32-fh-28-20)
		widgets.Put(foot, 36, s.Height-28-fh, s.Width-72, fh)
	}, scroll, foot)
	sheet := widgets.NewSheet(widgets.SheetConfig{Name: title, Width: 620, Content: content, First: done})
	done.SetOnTap(func() { p.cfg.Host.Close(sheet) })
	content.Resize(fyne.NewSize(620*theme.Factor(), 100)) // wrapping texts learn their width first
	p.cfg.Host.Show(sheet)
}

// step is a sentence with its number or icon at the left.
func step(mark fyne.CanvasObject, words *widgets.Paragraph) fyne.CanvasObject {
	var width float32
	lead := func() float32 { return mark.MinSize().Width + 14 }
	return widgets.Place(func() fyne.Size {
		h := float32(0)
		if width > 0 {
			h = words.HeightFor(width - lead())
		}
		return fyne.NewSize(120, max(h, mark.MinSize().Height))
	}, func(s fyne.Size) {
		width = s.Width
		m, h := mark.MinSize(), words.HeightFor(s.Width-lead())
		widgets.Put(mark, 0, 0, m.Width, m.Height)
		widgets.Put(words, lead(), max((m.Height-theme.Body().LineHeight())/2, 0), s.Width-lead(), h)
	}, mark, words)
}
