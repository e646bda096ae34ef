package checkout

import (
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/app/text"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

func (b *body) result(m Model, c *text.Catalog, h hands) {
	panel := widgets.NewStatePanel(widgets.StatePanelConfig{
		Family: m.Family, Icon: m.Icon, Word: m.Word,
		Number: c.Number(m.Amount), Currency: string(m.Amount.Currency),
		Line: m.Tick.PanelLine, Tint: m.Tint, Part: m.Tick.Ring,
	})
	line := widgets.NewTimeline(timelineRows(m.Steps, m.Tick.Next)...)
	b.tick = func(t Tick) {
		panel.SetTick(t.PanelLine, t.Ring)
		line.SetRows(timelineRows(m.Steps, t.Next))
	}
	parts := []fyne.CanvasObject{
		widgets.Pad(widgets.Insets{Right: closeSide}, widgets.NewParagraph(m.Title, titleStyle(m.Title), theme.Ink)),
		gap(4), widgets.NewParagraph(m.Subtitle, theme.Body(), theme.Ink2),
	}
	if m.LockTitle != "" {
		parts = append(parts, gap(20), lockBox(m))
	}
	for _, n := range m.Notices {
		parts = append(parts, gap(14), noticeBox(theme.Amber, n.Icon, n.Title, n.Text))
	}
	if m.Lead != "" {
		parts = append(parts, gap(18), widgets.NewParagraph(m.Lead, theme.Lead(), theme.Ink))
	}
	parts = append(parts, trouble(m))
	if m.Say != "" {
		parts = append(parts, gap(18), sayBox(m.Say, c))
	}
	if len(m.Facts) > 0 {
		parts = append(parts, gap(22), factList(m.Facts))
	}
	if len(m.Steps) > 0 || m.Tick.Next.Title != "" {
		parts = append(parts, gap(25), line)
	}
	if m.Details != "" || len(m.Links) > 0 {
		parts = append(parts, gap(8), details(m, c, h))
	}
	right := column(widgets.Col(0, parts...), b.resultFoot(m, c, h), 14)
	if m.Closes {
		closer := widgets.NewIconButton("close", 20, c.T("close"), func() { h.act(Action{Act: ActClose}) })
		right = widgets.Stack(right, widgets.Place(nil, func(s fyne.Size) {
			widgets.Put(closer, s.Width-20-closeSide, 20, closeSide, closeSide)
		}, closer))
	}
	b.root = halves(panel, right)
}

// titleStyle is Display where the words are in Latin or Cyrillic letters; a
// client named in another script needs the font that falls back.
func titleStyle(title string) theme.Style {
	s := theme.Title()
	for _, r := range title {
		if r > 0x04FF && !strings.ContainsRune("–—’“”„…−", r) {
			s.Number, s.Bold = false, true
		}
	}
	return s
}

func timelineRows(steps []Step, next Step) []widgets.TimelineRow {
	var rows []widgets.TimelineRow
	for _, s := range steps {
		rows = append(rows, widgets.TimelineRow(s))
	}
	if next.Title != "" {
		rows = append(rows, widgets.TimelineRow(next))
	}
	return rows
}

func lockBox(m Model) fyne.CanvasObject {
	return noticeBox(m.Family, "lock", m.LockTitle, m.LockText)
}

// noticeBox is what must not be overlooked: a tinted box with icon, title and
// sentence.
func noticeBox(f theme.Family, icon, title, text string) fyne.CanvasObject {
	words := widgets.Col(0,
		widgets.NewParagraph(title, theme.LeadStrong(), f.Text()),
		widgets.NewParagraph(text, theme.Body(), f.Text()))
	return widgets.Stack(widgets.NewSurface(widgets.Skin{Fill: f.Tint(), Radius: 16}),
		widgets.Pad(widgets.Insets{Top: 13, Bottom: 13, Left: 18, Right: 18},
			beside(24, 12, widgets.NewIcon(icon, 24, f.Text()), words)))
}

// beside puts an icon of a fixed width, centred, before something that wraps.
func beside(w, between float32, icon, words fyne.CanvasObject) *fyne.Container {
	lead := func() float32 { return w*theme.Factor() + between }
	return widgets.Place(func() fyne.Size { return words.MinSize().Add(fyne.NewSize(lead(), 0)) }, func(s fyne.Size) {
		widgets.Put(icon, 0, 0, w*theme.Factor(), s.Height)
		widgets.Put(words, lead(), 0, s.Width-lead(), s.Height)
	}, icon, words)
}

func sayBox(say string, c *text.Catalog) fyne.CanvasObject {
	return widgets.Stack(widgets.NewSurface(widgets.Skin{Fill: theme.Shell, Radius: 16}),
		widgets.Pad(widgets.Insets{Top: 14, Bottom: 14, Left: 18, Right: 18}, widgets.Col(2,
			widgets.NewParagraph(c.T("checkout.say"), theme.Caption(), theme.Ink2),
			widgets.NewParagraph(say, theme.Lead(), theme.Ink))))
}

func factList(facts []Fact) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, f := range facts {
		rows = append(rows, factRow(f), widgets.NewHairline())
	}
	return widgets.Col(0, rows...)
}

func factRow(f Fact) fyne.CanvasObject {
	label := widgets.NewText(f.Label, theme.Body(), theme.Ink2)
	words := widgets.NewParagraph(f.Value, theme.Body(), theme.Ink)
	var value fyne.CanvasObject = words
	icon := float32(0)
	if f.Words {
		value = widgets.NewMatchWords(f.Value, theme.Style{Size: 17, Line: 24, Number: true})
	}
	if f.Icon != "" {
		icon = 20*theme.Factor() + 8
		value = beside(20, 8, widgets.NewIcon(f.Icon, 20, theme.Green.Text()), value)
	}
	lead := max(114*theme.Factor(), label.MinSize().Width+12)
	width := float32(0)
	text := func() float32 {
		if f.Words || width == 0 {
			return theme.Body().LineHeight()
		}
		return words.HeightFor(width - lead - icon)
	}
	min := func() fyne.Size { return fyne.NewSize(0, max(45*theme.Factor(), text()+14)) }
	return widgets.Place(min, func(s fyne.Size) {
		width = s.Width
		widgets.Put(label, 0, 0, lead, s.Height)
		widgets.Put(value, lead, (s.Height-text())/2, s.Width-lead, text())
	}, label, value)
}

// details keeps the code out of the way until support asks for it.
func details(m Model, c *text.Catalog, h hands) fyne.CanvasObject {
	var links []fyne.CanvasObject
	if m.Details != "" {
		var b *widgets.TextButton
		b = widgets.NewTextButton(c.T("details"), "down", false, func() { b.SetLabel(c.T("code", m.Details)) })
		links = append(links, b)
	}
	for _, a := range m.Links {
		links = append(links, widgets.NewTextButton(a.Label, "", false, func() { h.act(a) }))
	}
	return wrapped(links)
}

// wrapped puts parts side by side, from both edges where they fit in one row,
// else below each other.
func wrapped(parts []fyne.CanvasObject) fyne.CanvasObject {
	const between = 16
	width := float32(0)
	all := func() (w, h, tallest float32) {
		for _, p := range parts {
			m := p.MinSize()
			w, h, tallest = w+m.Width+between, h+m.Height, max(tallest, m.Height)
		}
		return w - between, h, tallest
	}
	return widgets.Place(func() fyne.Size {
		w, h, tallest := all()
		if width == 0 || w <= width {
			h = tallest
		}
		return fyne.NewSize(0, h)
	}, func(s fyne.Size) {
		width = s.Width
		w, _, tallest := all()
		x, y, free := float32(0), float32(0), max(s.Width-w, 0)
		for i, p := range parts {
			m := p.MinSize()
			if w > s.Width {
				widgets.Put(p, 0, y, min(m.Width, s.Width), m.Height)
				y += m.Height
				continue
			}
			if i == len(parts)-1 && i > 0 {
				x += free
			}
			widgets.Put(p, x, 0, m.Width, tallest)
			x += m.Width + between
		}
	}, parts...)
}

func (b *body) resultFoot(m Model, c *text.Catalog, h hands) fyne.CanvasObject {
	main := b.button(m.Main, widgets.ButtonConfig{Kind: widgets.Primary, Height: 64, Key: c.T("key.enter")}, h)
	b.first = main
	if len(m.Side) == 0 {
		return main
	}
	var side []fyne.CanvasObject
	for _, a := range m.Side {
		side = append(side, widgets.Grow(b.button(a, widgets.ButtonConfig{Kind: widgets.Secondary, Key: a.Key}, h)))
	}
	return widgets.Col(14, evenly(10, side), main)
}

// evenly gives every part the same width.
func evenly(between float32, parts []fyne.CanvasObject) *fyne.Container {
	min := func() fyne.Size {
		var m fyne.Size
		for _, p := range parts {
			m = m.Max(p.MinSize())
		}
		return fyne.NewSize(0, m.Height)
	}
	return widgets.Place(min, func(s fyne.Size) {
		w := (s.Width - between*float32(len(parts)-1)) / float32(len(parts))
		for i, p := range parts {
			widgets.Put(p, float32(i)*(w+between), 0, w, s.Height)
		}
	}, parts...)
}

// shortLink is the address without its scheme, as people read it.
func shortLink(link string) string {
	_, rest, found := strings.Cut(link, "://")
	if !found {
		return link
	}
	return rest
}
