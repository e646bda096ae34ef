package settings

import (
	"fyne.io/fyne/v2"

	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// modePart lists the three modes; the one that is open is marked.
func (p *Page) modePart() *part {
	t := p.cfg.Text
	body := widgets.Col(12)
	for _, m := range []payments.Mode{payments.Practice, payments.Test, payments.Live} {
		body.Add(p.modeCard(m))
	}
	body.Add(widgets.NewParagraph(t.T("settings.mode.apart"), theme.Caption(), theme.Ink2))
	return &part{title: t.T("settings.mode"), caption: t.T("settings.mode.caption"), body: body}
}

// modeCard is one mode: name, what it is, and a way there.
func (p *Page) modeCard(m payments.Mode) fyne.CanvasObject {
	t := p.cfg.Text
	name := t.T("mode." + string(m))
	words := t.T("settings.mode." + string(m))
	if m == payments.Live && p.cfg.Simulated {
		words = t.T("settings.mode.simulated")
	}
	sample := widgets.NewSurface(widgets.Skin{Fill: map[payments.Mode]fyne.ThemeColorName{
		payments.Practice: theme.PracticeFill, payments.Test: theme.TestFill, payments.Live: theme.Border,
	}[m], Radius: 4})
	title := widgets.NewText(name, theme.Heading(), theme.Ink).Shrink()
	note := widgets.NewParagraph(words, theme.Body(), theme.Ink2)
	var act fyne.CanvasObject
	skin := widgets.Skin{Fill: theme.Shell, Radius: 16, Stroke: theme.Hairline, Width: 1}
	switch {
	case m == p.cfg.Mode:
		act = widgets.NewChip(widgets.Mark{Family: theme.Green, Icon: "check"}, t.T("settings.mode.open"))
		skin.Stroke, skin.Width = theme.Primary, 2
	case p.cfg.Switch != nil:
		act = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Label: t.T("settings.mode.go", name), OnTap: func() { p.ask(m, Mode) }})
	default:
		act = widgets.NewSurface(widgets.Skin{})
	}
	back := widgets.NewSurface(skin)
	var width float32
	beside := func() bool { return width == 0 || width/theme.Factor() > 460 }
	room := func() float32 {
		if beside() {
			return max(width-44-act.MinSize().Width-36, 80)
		}
		return max(width-64, 80)
	}
	height := func() float32 {
		h := 36 + theme.Heading().LineHeight() + 4 + note.HeightFor(room())
		if !beside() {
			h += 12 + act.MinSize().Height
		}
		return max(h, act.MinSize().Height+32)
	}
	return widgets.Place(func() fyne.Size { return fyne.NewSize(260, height()) }, func(s fyne.Size) {
		width = s.Width
		widgets.Put(back, 0, 0, s.Width, s.Height)
		widgets.Put(sample, 18, 18, 6, s.Height-36)
		lh := theme.Heading().LineHeight()
		widgets.Put(title, 44, 18, room(), lh)
		widgets.Put(note, 44, 18+lh+4, room(), note.HeightFor(room()))
		am := act.MinSize()
		if beside() {
			widgets.Put(act, s.Width-20-am.Width, (s.Height-am.Height)/2, am.Width, am.Height)
			return
		}
		widgets.Put(act, 44, s.Height-18-am.Height, min(am.Width, s.Width-64), am.Height)
	}, back, sample, title, note, act)
}

// ask changes the mode and goes on at a section; with sales that are not over it asks first.
func (p *Page) ask(m payments.Mode, at Section) {
	t := p.cfg.Text
	open := 0
	if p.cfg.OpenSales != nil {
		open = p.cfg.OpenSales()
	}
	if open == 0 {
		p.cfg.Switch(m, at)
		return
	}
	name := t.T("mode." + string(m))
	p.confirm(question{
		title: t.N("settings.mode.ask", open), words: t.T("settings.mode.ask.sentence", t.T("mode."+string(p.cfg.Mode))),
		yes: t.T("settings.mode.go", name), no: t.T("settings.mode.stay", t.T("mode."+string(p.cfg.Mode))), kind: widgets.Secondary,
		act: func(q *asked) { q.close(); p.cfg.Switch(m, at) },
	})
}

// question is a dialog with two answers; keeping things as they are has the
// focus.
type question struct {
	title, words, more string
	yes, no            string
	kind               widgets.ButtonKind
	act                func(*asked)
}

// asked is an open question.
type asked struct {
	page  *Page
	yes   *widgets.Button
	note  *widgets.Paragraph
	sheet *widgets.Sheet
}

func (q *asked) close() { q.page.cfg.Host.Close(q.sheet) }

// refuse shows why it could not be done.
func (q *asked) refuse(words string) {
	q.yes.SetBusy("")
	q.note.SetText(words)
	q.sheet.Refresh()
}

func (p *Page) confirm(d question) {
	q := &asked{page: p, note: widgets.NewParagraph("", theme.Caption(), theme.Red.Text())}
	q.yes = widgets.NewButton(widgets.ButtonConfig{Kind: d.kind, Label: d.yes, OnTap: func() { d.act(q) }})
	no := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Label: d.no, OnTap: q.close})
	body := widgets.Col(14, widgets.NewParagraph(d.title, theme.Title(), theme.Ink), sentence(d.words))
	if d.more != "" {
		body.Add(sentence(d.more))
	}
	body.Add(q.note)
	body.Add(feet(q.yes, no))
	q.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: d.title, Width: 600, First: no, Content: widgets.Pad(widgets.Insets{Top: 32, Right: 36, Bottom: 32, Left: 36}, body),
	})
	p.cfg.Host.Show(q.sheet)
}

// feet puts what destroys and what does not at opposite ends, or below each
// other where both do not fit.
func feet(left fyne.CanvasObject, right ...fyne.CanvasObject) fyne.CanvasObject {
	var width float32
	tail := widgets.Row(12, right...)
	one := func() bool {
		return width == 0 || left.MinSize().Width+24+tail.MinSize().Width <= width
	}
	return widgets.Place(func() fyne.Size {
		h := max(left.MinSize().Height, tail.MinSize().Height)
		if !one() {
			h = left.MinSize().Height + 12 + tail.MinSize().Height
		}
		return fyne.NewSize(200, h)
	}, func(s fyne.Size) {
		width = s.Width
		lm, rm := left.MinSize(), tail.MinSize()
		widgets.Put(tail, max(s.Width-rm.Width, 0), 0, min(rm.Width, s.Width), rm.Height)
		if one() {
			widgets.Put(left, 0, 0, lm.Width, lm.Height)
			return
		}
		widgets.Put(left, 0, rm.Height+12, min(lm.Width, s.Width), lm.Height)
	}, left, tail)
}
