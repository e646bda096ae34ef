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
		column.Add(s.seal(*v.Sealed, v.Match))
	}
	if v.Sealed == nil || len(v.Looks)+len(v.Ticked) > 0 {
		column.Add(s.looks(v))
	}
	return column
}

// currency lays the takings of one currency beside how they were paid. Where
// nothing was paid, and money only went back, there is nothing to lay beside.
func (s *Screen) currency(t Takings) fyne.CanvasObject {
	if len(t.Ways) == 0 {
		return widgets.NewCard(widgets.Insets{Top: 22, Right: 26, Bottom: 22, Left: 26}, s.takings(t))
	}
	return twin(widgets.NewCard(widgets.Insets{Top: 22, Right: 26, Bottom: 14, Left: 26}, s.takings(t)), s.ways(t))
}

// twin lays a card beside one for the side, or above it where there is no room.
func twin(left, right fyne.CanvasObject) fyne.CanvasObject {
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
	label := widgets.NewParagraph(t.Label, theme.Caption(), theme.Ink2)
	figures := make([]fyne.CanvasObject, 0, len(t.Figures))
	for _, f := range t.Figures {
		figures = append(figures, widgets.Col(0, widgets.Caption(f.Label), widgets.NewText(f.Value, theme.ButtonXL(), theme.Ink)))
	}
	grid := newFigures(figures...)
	hero := widgets.Col(0, number)
	var width float32
	need := func() float32 { return number.MinSize().Width*1.12 + 30 }
	beside := func() bool { return width-need() >= grid.inOneRow() }
	side := func() (w, h float32) {
		w = min(width-need(), grid.inOneRow()*1.3)
		grid.Resize(fyne.NewSize(w, 0))
		return w, grid.MinSize().Height
	}
	top := widgets.Place(func() fyne.Size {
		if beside() {
			_, h := side()
			return fyne.NewSize(0, max(hero.MinSize().Height, h+4))
		}
		grid.Resize(fyne.NewSize(width, 0))
		return fyne.NewSize(0, hero.MinSize().Height+10+grid.MinSize().Height)
	}, func(size fyne.Size) {
		width = size.Width
		hh := hero.MinSize().Height
		if beside() {
			gw, gh := side()
			widgets.Put(hero, 0, size.Height-hh, need(), hh)
			widgets.Put(grid, size.Width-gw, size.Height-gh-4, gw, gh)
			return
		}
		widgets.Put(hero, 0, 0, size.Width, hh)
		widgets.Put(grid, 0, hh+10, size.Width, size.Height-hh-10)
	}, hero, grid)
	if len(t.Bars) == 0 {
		return widgets.Col(0, label, top)
	}
	return over(widgets.Col(0, label, top, gap(18), widgets.Caption(t.Chart), gap(8)), newChart(t.Bars))
}

// over puts one part above another that takes all the height that is left.
func over(top, rest fyne.CanvasObject) fyne.CanvasObject {
	var width float32
	return widgets.Place(func() fyne.Size {
		top.Resize(fyne.NewSize(width, top.Size().Height))
		return fyne.NewSize(0, top.MinSize().Height+rest.MinSize().Height)
	}, func(size fyne.Size) {
		width = size.Width
		h := top.MinSize().Height
		widgets.Put(top, 0, 0, size.Width, h)
		widgets.Put(rest, 0, h, size.Width, size.Height-h)
	}, top, rest)
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
