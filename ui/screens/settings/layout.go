package settings

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Widths at factor 1.
const (
	menuWidth  = 212
	testWidth  = 348
	gutter     = 20
	sideMargin = 24
	leastForm  = 500 // narrower, and the test goes below the form
	leastMenu  = 720 // counted width of the page below which the menu becomes a list on top
)

// build lays menu, form and test column side by side.
func (p *Page) build() *fyne.Container {
	title := widgets.Title(p.cfg.Text.T("settings.title")).Shrink()
	objects := []fyne.CanvasObject{title, p.menu.scroll, p.menu.choice, p.form.root, p.side}
	if p.test != nil {
		objects = append(objects, p.test.root)
	}
	return widgets.Place(func() fyne.Size { return fyne.NewSize(360, 300) }, func(s fyne.Size) {
		f := theme.Factor()
		left, top := float32(sideMargin), float32(8)
		bottom := s.Height - 24
		head := max(52, theme.Title().LineHeight())
		if s.Width/f < leastMenu {
			p.menu.scroll.Hide()
			p.menu.choice.Show()
			ch := p.menu.choice.MinSize().Height
			tw := min(title.MinSize().Width, s.Width/2)
			tw = max(tw, min(theme.Title().Measure(title.Text()).Width, s.Width*0.45))
			widgets.Put(title, left, top, tw, ch)
			widgets.Put(p.menu.choice, left+tw+gutter, top, s.Width-2*left-tw-gutter, ch)
			top += ch + 12
		} else {
			p.menu.choice.Hide()
			p.menu.scroll.Show()
			mw := p.menu.width()
			widgets.Put(title, left, top, mw, head)
			widgets.Put(p.menu.scroll, left, top+head+10, mw, bottom-top-head-10)
			left += mw + gutter
		}
		p.placeForm(left, top, s.Width-sideMargin-left, bottom-top)
	}, objects...)
}

// placeForm puts the form, and the test beside it or inside its scroll.
func (p *Page) placeForm(x, y, w, h float32) {
	part := p.parts[p.at]
	p.side.Hide()
	if part != nil && part.side != nil {
		p.placeSide(part, x, y, w, h)
		return
	}
	if p.test == nil || part == nil || !part.test {
		if p.test != nil {
			p.test.root.Hide()
		}
		p.form.inner(nil)
		widgets.Put(p.form.root, x, y, min(w, 900*theme.Factor()), h)
		return
	}
	tw := sideColumn(w)
	if (w-tw-gutter)/theme.Factor() < leastForm {
		p.test.root.Hide()
		p.form.inner(p.test)
		widgets.Put(p.form.root, x, y, w, h)
		return
	}
	if p.form.test != nil {
		p.form.inner(nil)
		p.test.scroll.Refresh()
	}
	p.test.root.Show()
	fw := min(w-tw-gutter, 1100*theme.Factor())
	widgets.Put(p.form.root, x, y, fw, h)
	widgets.Put(p.test.root, x+fw+gutter, y, tw, h)
}

// sideColumn is the width of what stands beside a form of width w.
func sideColumn(w float32) float32 {
	return min(max(testWidth*theme.Factor(), w*0.28), 460*theme.Factor())
}

// placeSide puts a form with something beside it: at the right, or inside the
// scroll in narrow windows.
func (p *Page) placeSide(part *part, x, y, w, h float32) {
	if p.test != nil {
		p.test.root.Hide()
	}
	p.form.inner(nil)
	sw := sideColumn(w)
	if (w-sw-gutter)/theme.Factor() < leastForm {
		p.side.Objects = nil
		p.form.below(part.side)
		widgets.Put(p.form.root, x, y, w, h)
		return
	}
	p.form.below(nil)
	p.side.Objects = []fyne.CanvasObject{part.side}
	p.side.Show()
	fw := min(w-sw-gutter, 1100*theme.Factor())
	widgets.Put(p.form.root, x, y, fw, h)
	widgets.Put(p.side, x+fw+gutter, y, sw, h)
}

// menu is the list of sections: a column, or one box in narrow windows.
type menu struct {
	names  []Section
	items  map[Section]*widgets.MenuItem
	scroll *widgets.Scroll
	choice *widgets.Choice
}

func newMenu(p *Page) *menu {
	icons := map[Section]string{
		Mode: "power", Checkout: "shield", REST: "key", Relay: "relay", Ways: "card", Operators: "user", Salon: "store", Receipt: "printer", Look: "globe",
		Backup: "download", PhoneTest: "phone", About: "info",
	}
	m := &menu{names: p.sections(), items: map[Section]*widgets.MenuItem{}}
	column := widgets.Col(2)
	var words []string
	for _, s := range m.names {
		label := p.cfg.Text.T("settings.menu." + string(s))
		words = append(words, label)
		m.items[s] = widgets.NewMenuItem(label, icons[s], func() { p.Show(s) })
		column.Add(m.items[s])
	}
	m.scroll = widgets.NewScroll(column)
	m.choice = widgets.NewChoice("", words, 0, 0, func(i int) { p.Show(m.names[i]) })
	return m
}

// key moves through the menu with the arrows while the focus stands in it.
func (m *menu) key(c fyne.Canvas, e *fyne.KeyEvent) bool {
	step := map[fyne.KeyName]int{fyne.KeyUp: -1, fyne.KeyDown: 1}[e.Name]
	if step == 0 {
		return false
	}
	for i, name := range m.names {
		if c.Focused() == fyne.Focusable(m.items[name]) {
			if to := i + step; to >= 0 && to < len(m.names) {
				c.Focus(m.items[m.names[to]])
			}
			return true
		}
	}
	return false
}

// width is that of the longest words, within bounds.
func (m *menu) width() float32 {
	f := min(theme.Factor(), 1.6)
	w := menuWidth * f
	for _, i := range m.items {
		w = max(w, i.Wanted())
	}
	return min(w, 260*f)
}

func (m *menu) choose(s Section) {
	for i, name := range m.names {
		m.items[name].SetChosen(name == s)
		if name == s {
			m.choice.SetChosen(i)
		}
	}
}

// form is the card with a section in it: title, a body that scrolls, a foot
// that stays.
type form struct {
	part    *part
	test    *testColumn       // shown below the body in narrow windows
	under   fyne.CanvasObject // the same of a section with something else beside it
	title   *widgets.Text
	caption *widgets.Paragraph
	jump    *widgets.Button // to the test, while it stands below
	scroll  *widgets.Scroll
	column  *fyne.Container
	line    fyne.CanvasObject
	foot    *fyne.Container
	root    *fyne.Container
}

func newForm() *form {
	f := &form{
		title: widgets.NewText("", theme.ButtonL(), theme.Ink).Shrink(), caption: widgets.NewParagraph("", theme.Caption(), theme.Ink2),
		column: widgets.Col(28), line: widgets.NewSurface(widgets.Skin{Fill: theme.Hairline}), foot: widgets.Stack(),
	}
	f.scroll = widgets.NewScroll(widgets.Pad(widgets.Insets{Top: 4, Right: 12, Bottom: 16, Left: 12}, f.column))
	f.jump = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Label: "", OnTap: f.leap})
	card := widgets.NewSurface(widgets.CardSkin())
	f.root = widgets.Place(func() fyne.Size { return fyne.NewSize(320, 300) }, f.place, card, f.title, f.caption, f.jump, f.scroll, f.line, f.foot)
	return f
}

// show puts a section into the card.
func (f *form) show(p *part) {
	f.part, f.under = p, nil
	f.title.SetText(p.title)
	f.caption.SetText(p.caption)
	f.foot.Objects = nil
	if p.foot != nil {
		f.foot.Objects = []fyne.CanvasObject{p.foot}
	}
	f.fill()
	f.scroll.SetContent(widgets.Pad(widgets.Insets{Top: 4, Right: 12, Bottom: 16, Left: 12}, f.column))
}

func (f *form) fill() {
	f.column.Objects = []fyne.CanvasObject{f.part.body}
	if f.test != nil {
		f.column.Objects = append(f.column.Objects, f.test.inner)
	}
	if f.under != nil {
		f.column.Objects = append(f.column.Objects, f.under)
	}
}

// below takes what stands beside a section into the scroll, or gives it back.
func (f *form) below(o fyne.CanvasObject) {
	if f.under == o || f.part == nil {
		return
	}
	f.under = o
	f.fill()
	f.renew()
}

// inner takes the test column into the scroll, or gives it back.
func (f *form) inner(t *testColumn) {
	if f.test == t || f.part == nil {
		return
	}
	f.test = t
	f.fill()
	f.renew()
}

// leap runs the test and shows its rows.
func (f *form) leap() {
	if f.test == nil {
		return
	}
	f.test.Run()
	f.reveal()
}

// reveal scrolls to the rows of the test, while they stand below the form.
func (f *form) reveal() {
	if f.test != nil {
		top := f.test.inner.Position().Y
		f.scroll.Reveal(top, top+f.scroll.Size().Height)
	}
}

// renew lays the card out again after something in it changed its height.
func (f *form) renew() {
	f.column.Refresh()
	f.scroll.Refresh()
	f.root.Refresh()
}

func (f *form) place(s fyne.Size) {
	const side = 28
	card := f.root.Objects[0]
	widgets.Put(card, 0, 0, s.Width, s.Height)
	y := float32(24)
	inner := s.Width - 2*side
	head := inner
	f.jump.Hide()
	if f.test != nil {
		f.jump.SetLabel(f.test.button.Label())
		m := f.jump.MinSize()
		f.jump.Show()
		widgets.Put(f.jump, s.Width-side-m.Width, y-4, m.Width, m.Height)
		head -= m.Width + 16
	}
	widgets.Put(f.title, side, y, head, theme.ButtonL().LineHeight())
	y += theme.ButtonL().LineHeight() + 2
	ch := f.caption.HeightFor(head)
	widgets.Put(f.caption, side, y, head, ch)
	y += ch + 12
	bottom := s.Height - 8
	f.line.Hide()
	if len(f.foot.Objects) > 0 {
		f.foot.Resize(fyne.NewSize(inner, f.foot.Size().Height))
		fh := f.foot.MinSize().Height
		bottom = s.Height - 24 - fh
		widgets.Put(f.foot, side, bottom, inner, fh)
		f.line.Show()
		bottom -= 20
		widgets.Put(f.line, side, bottom, inner, 1)
	}
	widgets.Put(f.scroll, side-12, y, inner+24, max(bottom-y, 40))
}
