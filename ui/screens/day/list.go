package day

import (
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app/day"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// line is a drawn look: what changes of it while it stands.
type line struct {
	look     Look
	sentence *widgets.Paragraph
	trouble  *widgets.Paragraph
	button   *widgets.Button
}

// dotSize is that of the circle in front of a line.
const dotSize = 40

func dot(m widgets.Mark) fyne.CanvasObject {
	return widgets.NewDisc(widgets.DiscConfig{Size: dotSize, Fill: m.Family.Tint(), Color: m.Family.Text(), Icon: m.Icon, IconSize: 20})
}

// looks is the card with what to look at, and how the day compares.
func (s *Screen) looks(v View) fyne.CanvasObject {
	c := s.cfg.Text
	title := "day.looks"
	if v.Sealed != nil {
		title = "day.looks.sealed"
	}
	head := []fyne.CanvasObject{widgets.Heading(c.T(title))}
	if n := len(v.Looks); n > 0 {
		head = append(head, widgets.NewChip(widgets.Mark{Family: theme.Amber}, c.T("day.number", n)))
	}
	column := widgets.Col(0, newEnds(widgets.Row(12, head...), s.matchLine(v)))
	if v.Match.Detail != "" && !v.Differs {
		column.Add(widgets.NewParagraph(v.Match.Detail, theme.Caption(), theme.Ink2))
	}
	column.Add(gap(8))
	between := func() {
		column.Add(widgets.Pad(widgets.Insets{Left: 54 * theme.Factor()}, widgets.NewHairline()))
	}
	for i, l := range v.Looks {
		if i > 0 {
			between()
		}
		column.Add(s.look(l))
	}
	for i, t := range v.Ticked {
		if i+len(v.Looks) > 0 {
			between()
		}
		column.Add(settled(t.Title, t.Sentence))
	}
	if len(v.Looks)+len(v.Ticked) == 0 {
		column.Add(settled(c.T("day.looks.none"), c.T("day.looks.none.sentence")))
	}
	return widgets.NewCard(widgets.Insets{Top: 18, Right: 26, Bottom: 14, Left: 26}, column)
}

// matchLine tells at the right how the day compares, with the way to compare it
// now.
func (s *Screen) matchLine(v View) fyne.CanvasObject {
	c := s.cfg.Text
	if v.Differs {
		return widgets.Row(9, widgets.NewIcon("alert", 20, theme.Red.Text()), widgets.NewText(c.T("day.differs"), theme.BodyStrong(), theme.Red.Text()))
	}
	m := v.Match
	parts := []fyne.CanvasObject{widgets.NewIcon(m.Mark.Icon, 20, m.Mark.Family.Text()), widgets.NewText(m.Words, theme.BodyStrong(), m.Mark.Family.Text())}
	if m.At != "" {
		parts = append(parts, widgets.Caption(m.At))
	}
	switch {
	case s.cfg.Account != nil && m.Open:
		s.compare = widgets.NewIconButton("refresh", 20, c.T("day.match.now"), s.Compare)
		if m.Running || s.comparing {
			s.compare.Disable()
		}
		parts = append(parts, s.compare)
	case s.report.Match.State == day.MatchOff && s.cfg.OnConnect != nil:
		parts = append(parts, widgets.NewTextButton(c.T("day.match.setup"), "right", true, s.cfg.OnConnect))
	}
	return widgets.Row(9, parts...)
}

// settled is a line with a tick and nothing to do.
func settled(title, sentence string) fyne.CanvasObject {
	words := widgets.Col(0, widgets.NewParagraph(title, theme.BodyStrong(), theme.Ink), widgets.NewParagraph(sentence, theme.Caption(), theme.Ink2))
	return row(dot(widgets.Mark{Family: theme.Green, Icon: "check"}), words, nil)
}

// look is a line with its button.
func (s *Screen) look(l Look) fyne.CanvasObject {
	kind := widgets.Secondary
	if l.Do == day.DoCheck {
		kind = widgets.Tonal
	}
	n := &line{
		look: l, sentence: widgets.NewParagraph(s.sentence(l), theme.Caption(), theme.Ink2),
		trouble: widgets.NewParagraph(s.trouble[l.Key], theme.CaptionStrong(), theme.Red.Text()),
		button:  widgets.NewButton(widgets.ButtonConfig{Kind: kind, Label: l.Action, OnTap: func() { s.act(l) }}),
	}
	n.button.SetBusy(s.busy[l.Key])
	s.lines = append(s.lines, n)
	words := widgets.Col(0, widgets.NewParagraph(l.Title, theme.BodyStrong(), theme.Ink), n.sentence)
	if n.trouble.Text() != "" {
		words.Add(n.trouble)
	}
	return row(dot(l.Mark), words, n.button)
}

// sentence is that of a look, with the time until the next one as it is now.
func (s *Screen) sentence(l Look) string {
	if wait := l.Next.Sub(s.cfg.Now()); wait > 0 {
		return l.Sentence + " " + s.cfg.Text.T("day.look.next", s.cfg.Text.Duration(wait.Round(time.Second)))
	}
	return l.Sentence
}

// row lays a dot, words and a button side by side; the button goes below where
// there is no room. button may be nil.
func row(dot, words fyne.CanvasObject, button *widgets.Button) fyne.CanvasObject {
	objects := []fyne.CanvasObject{dot, words}
	need := func() fyne.Size { return fyne.Size{} }
	if button != nil {
		objects = append(objects, button)
		need = button.MinSize
	}
	var width float32
	foot := func() bool { return button != nil && width/theme.Factor() < 520 }
	left := func() float32 { return 54 * theme.Factor() }
	room := func() float32 {
		if foot() || button == nil {
			return max(width-left(), 60)
		}
		return max(width-left()-need().Width-20, 60)
	}
	side := func() float32 { return dotSize * theme.Factor() }
	return widgets.Place(func() fyne.Size {
		words.Resize(fyne.NewSize(room(), words.Size().Height))
		h := words.MinSize().Height
		if foot() {
			return fyne.NewSize(0, h+10+need().Height+22)
		}
		return fyne.NewSize(0, max(h, need().Height, side())+22)
	}, func(size fyne.Size) {
		width = size.Width
		words.Resize(fyne.NewSize(room(), words.Size().Height))
		h, b := words.MinSize().Height, need()
		if foot() {
			widgets.Put(dot, 0, 11, side(), side())
			widgets.Put(words, left(), 11, room(), h)
			widgets.Put(button, left(), 11+h+10, min(b.Width, room()), b.Height)
			return
		}
		widgets.Put(dot, 0, 0, side(), size.Height)
		widgets.Put(words, left(), (size.Height-h)/2, room(), h)
		if button != nil {
			widgets.Put(button, size.Width-b.Width, (size.Height-b.Height)/2, b.Width, b.Height)
		}
	}, objects...)
}
