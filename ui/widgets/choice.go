package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// Choice is a form row with one of several values: label, box with the chosen
// words and an arrow. Up and Down change it; Enter, Space or a tap open the
// list.
type Choice struct {
	control
	label    string
	items    []string
	chosen   int
	height   float32
	onChange func(int)
}

// NewChoice makes a choice with a box of height dp (52 when 0).
func NewChoice(label string, items []string, chosen int, height float32, onChange func(int)) *Choice {
	if height == 0 {
		height = 52
	}
	c := &Choice{label: label, items: items, chosen: chosen, height: height, onChange: onChange}
	c.act, c.name = c.open, label
	c.extend(c)
	return c
}

// Chosen returns the index of the chosen item.
func (c *Choice) Chosen() int { return c.chosen }

// SetChosen chooses without calling back.
func (c *Choice) SetChosen(i int) {
	if c.chosen != i {
		c.chosen = i
		c.Refresh()
	}
}

// SetWords changes label and items, for another language.
func (c *Choice) SetWords(label string, items []string) {
	c.label, c.name, c.items = label, label, items
	c.Refresh()
}

func (c *Choice) choose(i int) {
	if i < 0 || i >= len(c.items) || i == c.chosen {
		return
	}
	c.SetChosen(i)
	if c.onChange != nil {
		c.onChange(i)
	}
}

// TypedKey changes the value on Up and Down.
func (c *Choice) TypedKey(e *fyne.KeyEvent) {
	switch {
	case c.disabled:
		c.control.TypedKey(e)
	case e.Name == fyne.KeyUp:
		c.choose(c.chosen - 1)
	case e.Name == fyne.KeyDown:
		c.choose(c.chosen + 1)
	default:
		c.control.TypedKey(e)
	}
}

// AccessibilityLabel is the label with the value.
func (c *Choice) AccessibilityLabel() string { return c.label + ", " + c.value() }

func (c *Choice) value() string {
	if c.chosen < 0 || c.chosen >= len(c.items) {
		return ""
	}
	return c.items[c.chosen]
}

func (c *Choice) boxTop() float32 {
	if c.label == "" {
		return 0
	}
	return theme.BodyStrong().LineHeight() + 4
}

// open shows the list below the box, or above where there is no room.
func (c *Choice) open() {
	cv := canvasOf(c)
	if cv == nil {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(c).AddXY(0, c.boxTop())
	l := &choiceList{choice: c, canvas: cv, at: at}
	l.ExtendBaseWidget(l)
	for i, words := range c.items {
		item := &choiceItem{MenuItem: MenuItem{chosen: i == c.chosen}, list: l, index: i}
		item.name, item.act = words, func() { l.take(i) }
		item.extend(item)
		l.items = append(l.items, item)
	}
	cv.Overlays().Add(l)
	l.Resize(cv.Size())
	if c.chosen >= 0 && c.chosen < len(l.items) {
		cv.Focus(l.items[c.chosen])
	}
}

// CreateRenderer draws label, box, value and arrow.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	box, ring, label, text, arrow := newRect(), newRect(), newText(), newText(), newIcon()
	r := &renderer{objects: []fyne.CanvasObject{box, ring, label, text, arrow}}
	r.paint = func() {
		k, ink := Skin{Fill: c.fill(theme.Paper, theme.Shell, theme.ShellHover), Stroke: theme.Border, Width: 1.5, Radius: 14}, theme.Ink
		if c.disabled {
			k, ink = Skin{Fill: theme.DisabledFill, Radius: 14}, theme.InkDisabled
		}
		paintRect(box, k)
		c.paintRing(ring, 14)
		paintText(label, theme.BodyStrong(), theme.Ink)
		label.Text = c.label
		paintText(text, theme.Body(), ink)
		paintIcon(arrow, "down", ink)
	}
	r.minSize = func() fyne.Size {
		w := float32(120)
		for _, i := range c.items {
			w = max(w, theme.Body().Measure(i).Width+17+16+scaled(20)+12)
		}
		return fyne.NewSize(w, c.boxTop()+scaled(c.height))
	}
	r.place = func(s fyne.Size) {
		y, h := c.boxTop(), scaled(c.height)
		placeText(label, 0, 0, s.Width, theme.BodyStrong().LineHeight())
		placeRect(box, 0, y, s.Width, h)
		placeRing(ring, 0, y, s.Width, h)
		side := scaled(20)
		put(arrow, s.Width-16-side, y+(h-side)/2, side, side)
		room := s.Width - 17 - 16 - side - 8
		text.Text = ellipsis(c.value(), theme.Body(), room)
		placeText(text, 17, y, room, h)
	}
	r.paint()
	return r
}

// choiceList is the open list over the whole window; a press beside it closes.
type choiceList struct {
	widget.BaseWidget
	choice *Choice
	canvas fyne.Canvas
	at     fyne.Position
	items  []*choiceItem
	scroll *Scroll
}

func (l *choiceList) close() {
	l.canvas.Overlays().Remove(l)
	l.canvas.Focus(l.choice)
}

func (l *choiceList) take(i int) {
	l.close()
	l.choice.choose(i)
}

// Tapped beside the items closes the list.
func (l *choiceList) Tapped(*fyne.PointEvent) { l.close() }

// CreateRenderer draws the paper with its items.
func (l *choiceList) CreateRenderer() fyne.WidgetRenderer {
	l.ExtendBaseWidget(l)
	veil, paper := newRect(), newRect()
	column := Col(0)
	for _, i := range l.items {
		column.Add(i)
	}
	l.scroll = NewScroll(column)
	r := &renderer{objects: []fyne.CanvasObject{veil, paper, l.scroll}}
	r.paint = func() {
		paintRect(paper, Skin{Fill: theme.Paper, Radius: 16, Shadow: DialogShadow, Stroke: theme.Hairline, Width: 1})
	}
	r.place = func(s fyne.Size) { l.place(veil, paper, column, s) }
	r.paint()
	return r
}

func (l *choiceList) place(veil, paper *canvas.Rectangle, column fyne.CanvasObject, s fyne.Size) {
	put(veil, 0, 0, s.Width, s.Height)
	box := scaled(l.choice.height)
	want := column.MinSize().Height + 12
	below, above := s.Height-l.at.Y-box-16, l.at.Y-16
	y, h := l.at.Y+box+6, min(want, below)
	if want > below && above > below {
		h = min(want, above)
		y = l.at.Y - 6 - h
	}
	w := l.choice.Size().Width
	for _, i := range l.items {
		w = max(w, i.Wanted()+12)
	}
	w = min(w, s.Width-16)
	x := min(l.at.X, s.Width-8-w)
	put(paper, x, y, w, h)
	put(l.scroll, x+6, y+6, w-12, h-12)
}

// choiceItem is a line of an open list: Up and Down move, Escape closes.
type choiceItem struct {
	MenuItem
	list  *choiceList
	index int
}

func (i *choiceItem) TypedKey(e *fyne.KeyEvent) {
	next := i.index
	switch e.Name {
	case fyne.KeyUp:
		next--
	case fyne.KeyDown:
		next++
	case fyne.KeyHome:
		next = 0
	case fyne.KeyEnd:
		next = len(i.list.items) - 1
	case fyne.KeyEscape:
		i.list.close()
		return
	case fyne.KeyReturn, fyne.KeyEnter:
		i.fire()
		return
	default:
		return
	}
	if next >= 0 && next < len(i.list.items) {
		to := i.list.items[next]
		i.list.canvas.Focus(to)
		i.list.scroll.Reveal(to.Position().Y, to.Position().Y+to.Size().Height)
	}
}

// TypedRune takes Space.
func (i *choiceItem) TypedRune(r rune) {
	if r == ' ' {
		i.fire()
	}
}
