package day

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// sideWidth is that of the card with the shares.
const sideWidth = 336

// wideEnough is the counted width from which the two cards stand side by side.
const wideEnough = 860

func gap(h float32) fyne.CanvasObject {
	return widgets.Sized(1, h, widgets.NewSurface(widgets.Skin{}))
}

// cards are what stands below the header.
func (s *Screen) cards(v View) fyne.CanvasObject {
	c := s.cfg.Text
	column := widgets.Col(16)
	switch {
	case v.Differs:
		column.Add(widgets.NewBanner(widgets.BannerConfig{Kind: widgets.RedTint, Icon: "alert", Title: c.T("day.differs"), Sentence: c.T("day.differs.sentence")}))
	case v.Earlier != "":
		column.Add(widgets.NewBanner(widgets.BannerConfig{
			Kind: widgets.AmberTint, Icon: "calendar", Title: v.Earlier, Sentence: c.T("day.earlier.sentence"),
			Action: c.T("day.earlier.go"), OnAction: func() { s.Go(s.report.Earlier) },
		}))
	}
	for _, t := range v.Takings {
		column.Add(s.currency(t))
	}
	if len(v.Takings) == 0 {
		sentence := c.T("day.empty.text")
		if v.Sealed != nil || !s.cfg.Now().Before(s.report.Until) {
			sentence = c.T("day.empty.past")
		}
		column.Add(widgets.NewCard(widgets.Insets{Top: 56, Right: 28, Bottom: 56, Left: 28}, widgets.NewEmpty("day", c.T("day.empty.title"), sentence, "", nil)))
	}
	if v.Sealed != nil {
		column.Add(s.seal(*v.Sealed))
	}
	if v.Sealed == nil || len(v.Looks) > 0 {
		column.Add(s.looks(v))
	}
	return column
}

// currency lays the takings of one currency beside how they were paid.
func (s *Screen) currency(t Takings) fyne.CanvasObject {
	left, right := widgets.NewCard(widgets.Insets{Top: 22, Right: 26, Bottom: 14, Left: 26}, s.takings(t)), s.ways(t)
	var width float32
	beside := func() bool { return width/theme.Factor() >= wideEnough }
	side := func() float32 { return sideWidth * min(theme.Factor(), 1.25) }
	return widgets.Place(func() fyne.Size {
		if !beside() {
			left.Resize(fyne.NewSize(width, left.Size().Height))
			right.Resize(fyne.NewSize(width, right.Size().Height))
			return fyne.NewSize(0, left.MinSize().Height+16+right.MinSize().Height)
		}
		left.Resize(fyne.NewSize(width-side()-20, left.Size().Height))
		right.Resize(fyne.NewSize(side(), right.Size().Height))
		return fyne.NewSize(0, max(left.MinSize().Height, right.MinSize().Height))
	}, func(size fyne.Size) {
		width = size.Width
		if !beside() {
			h := left.MinSize().Height
			widgets.Put(left, 0, 0, size.Width, h)
			widgets.Put(right, 0, h+16, size.Width, right.MinSize().Height)
			return
		}
		widgets.Put(left, 0, 0, size.Width-side()-20, size.Height)
		widgets.Put(right, size.Width-side(), 0, side(), size.Height)
	}, left, right)
}

// takings are the large number with the figures beside it, and the hours.
func (s *Screen) takings(t Takings) fyne.CanvasObject {
	number := widgets.NewAmount(t.Number, t.Currency, 52)
	label := widgets.Caption(t.Label)
	figures := make([]fyne.CanvasObject, 0, len(t.Figures))
	for _, f := range t.Figures {
		figures = append(figures, widgets.Col(0, widgets.Caption(f.Label), widgets.NewText(f.Value, theme.ButtonXL(), theme.Ink)))
	}
	grid := newFigures(figures...)
	hero := widgets.Col(0, label, number)
	var width float32
	need := func() float32 { return number.MinSize().Width*1.12 + 30 }
	beside := func() bool { return width-need() >= grid.inOneRow() }
	top := widgets.Place(func() fyne.Size {
		if beside() {
			return fyne.NewSize(0, hero.MinSize().Height)
		}
		grid.Resize(fyne.NewSize(width, 0))
		return fyne.NewSize(0, hero.MinSize().Height+10+grid.MinSize().Height)
	}, func(size fyne.Size) {
		width = size.Width
		hh := hero.MinSize().Height
		if beside() {
			widgets.Put(hero, 0, 0, need(), hh)
			gw := min(size.Width-need(), grid.inOneRow()*1.3)
			grid.Resize(fyne.NewSize(gw, 0))
			gh := grid.MinSize().Height
			widgets.Put(grid, size.Width-gw, hh-gh-4, gw, gh)
			return
		}
		widgets.Put(hero, 0, 0, size.Width, hh)
		widgets.Put(grid, 0, hh+10, size.Width, size.Height-hh-10)
	}, hero, grid)
	return widgets.Col(0, top, gap(18), widgets.Caption(t.Chart), gap(8), newChart(t.Bars))
}

// ways is the card that shows how money was taken, and by whom.
func (s *Screen) ways(t Takings) fyne.CanvasObject {
	column := widgets.Col(0, widgets.Heading(s.cfg.Text.T("day.ways")), gap(12))
	for _, w := range t.Ways {
		row := widgets.Row(9, widgets.NewIcon(w.Icon, 20, theme.Ink2), widgets.Grow(widgets.Body(w.Name).Shrink()),
			widgets.NewText(w.Amount, theme.BodyStrong(), theme.Ink).Right())
		column.Add(row)
		column.Add(gap(6))
		column.Add(newShare(w.Part))
		column.Add(gap(12))
	}
	column.Add(gap(6))
	column.Add(widgets.NewHairline())
	column.Add(gap(10))
	var people []fyne.CanvasObject
	for _, p := range t.People {
		people = append(people, widgets.Col(0, widgets.Caption(p.Label).Shrink(), widgets.NewText(p.Value, theme.LeadStrong(), theme.Ink)))
	}
	column.Add(newFigures(people...))
	return widgets.NewCard(widgets.Insets{Top: 20, Right: 24, Bottom: 20, Left: 24}, column)
}

// looks is the card with what to look at.
func (s *Screen) looks(v View) fyne.CanvasObject {
	c := s.cfg.Text
	head := []fyne.CanvasObject{widgets.Heading(c.T("day.looks"))}
	if n := len(v.Looks); n > 0 {
		head = append(head, widgets.NewChip(widgets.Mark{Family: theme.Amber}, c.T("day.number", n)))
	}
	right := []fyne.CanvasObject{}
	switch {
	case v.Differs:
		right = append(right, widgets.NewIcon("alert", 20, theme.Red.Text()), widgets.NewText(c.T("day.differs"), theme.BodyStrong(), theme.Red.Text()))
	case v.Agree != "":
		right = append(right, widgets.NewIcon("shield", 20, theme.Green.Text()), widgets.NewText(v.Agree, theme.BodyStrong(), theme.Green.Text()))
	}
	column := widgets.Col(0, newEnds(widgets.Row(12, head...), widgets.Row(9, right...)), gap(8))
	for i, l := range v.Looks {
		if i > 0 {
			column.Add(widgets.Pad(widgets.Insets{Left: 54 * theme.Factor()}, widgets.NewHairline()))
		}
		column.Add(s.look(l))
	}
	if len(v.Looks) == 0 {
		dot := widgets.NewDisc(widgets.DiscConfig{Size: 40, Fill: theme.Green.Tint(), Color: theme.Green.Text(), Icon: "check", IconSize: 20})
		column.Add(widgets.Pad(widgets.Insets{Top: 8, Bottom: 6}, widgets.Row(14, dot, widgets.Grow(widgets.Col(0,
			widgets.NewParagraph(c.T("day.looks.none"), theme.BodyStrong(), theme.Ink),
			widgets.NewParagraph(c.T("day.looks.none.sentence"), theme.Caption(), theme.Ink2))))))
	}
	return widgets.NewCard(widgets.Insets{Top: 18, Right: 26, Bottom: 14, Left: 26}, column)
}

func (s *Screen) look(l Look) fyne.CanvasObject {
	dot := widgets.NewDisc(widgets.DiscConfig{Size: 40, Fill: l.Mark.Family.Tint(), Color: l.Mark.Family.Text(), Icon: l.Mark.Icon, IconSize: 20})
	kind := widgets.Secondary
	if l.Act == Check {
		kind = widgets.Tonal
	}
	button := widgets.NewButton(widgets.ButtonConfig{Kind: kind, Label: l.Action, OnTap: func() { s.act(l) }})
	s.buttons[l.Sale.ID] = button
	if s.checking[l.Sale.ID] {
		button.SetBusy(s.cfg.Text.T("day.checking"))
	}
	words := widgets.Col(0, widgets.NewParagraph(l.Title, theme.BodyStrong(), theme.Ink), widgets.NewParagraph(l.Sentence, theme.Caption(), theme.Ink2))
	var width float32
	foot := func() bool { return width/theme.Factor() < 520 }
	left := func() float32 { return 54 * theme.Factor() }
	room := func() float32 {
		if foot() {
			return max(width-left(), 60)
		}
		return max(width-left()-button.MinSize().Width-20, 60)
	}
	return widgets.Place(func() fyne.Size {
		words.Resize(fyne.NewSize(room(), words.Size().Height))
		h := words.MinSize().Height
		if foot() {
			return fyne.NewSize(0, h+10+button.MinSize().Height+22)
		}
		return fyne.NewSize(0, max(h, button.MinSize().Height, 40*theme.Factor())+22)
	}, func(size fyne.Size) {
		width = size.Width
		words.Resize(fyne.NewSize(room(), words.Size().Height))
		h, b := words.MinSize().Height, button.MinSize()
		if foot() {
			widgets.Put(dot, 0, 11, 40*theme.Factor(), 40*theme.Factor())
			widgets.Put(words, left(), 11, room(), h)
			widgets.Put(button, left(), 11+h+10, min(b.Width, room()), b.Height)
			return
		}
		widgets.Put(dot, 0, 0, 40*theme.Factor(), size.Height)
		widgets.Put(words, left(), (size.Height-h)/2, room(), h)
		widgets.Put(button, size.Width-b.Width, (size.Height-b.Height)/2, b.Width, b.Height)
	}, dot, words, button)
}
