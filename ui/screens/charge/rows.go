package charge

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// wordRowConfig describes a row for words: client or note.
type wordRowConfig struct {
	disc                 bool   // circle with initials, name over caption
	icon                 string // else an icon before the words
	add, caption, remove string
	height               float32
}

// wordRow shows words and turns into a field when pressed.
type wordRow struct {
	s     *Screen
	at    edit
	cfg   wordRowConfig
	root  *fyne.Container
	row   *widgets.ListRow
	disc  *widgets.Disc
	title *widgets.Text
	under *widgets.Text
	act   *widgets.IconButton
	field *widgets.Field
	words string
}

func newWordRow(s *Screen, at edit, cfg wordRowConfig) *wordRow {
	r := &wordRow{s: s, at: at, cfg: cfg}
	r.title = widgets.NewText("", theme.BodyStrong(), theme.Ink).Shrink()
	r.under = widgets.Caption(cfg.caption).Shrink()
	r.disc = widgets.NewDisc(widgets.DiscConfig{})
	icon := "pencil"
	if cfg.disc {
		icon = "close"
	}
	r.act = widgets.NewIconButton(icon, 18, cfg.remove, r.press)
	r.field = widgets.NewField(widgets.FieldConfig{
		Height: 48, Placeholder: cfg.add, OnSubmit: s.submit, OnKey: s.fieldKey,
	})
	content := widgets.Place(nil, r.layout, r.disc, r.title, r.under, r.act)
	r.row = widgets.NewListRow(cfg.add, cfg.height, 0, 8, content, func() { s.begin(at) })
	r.root = widgets.Stack(r.row, widgets.Place(nil, func(size fyne.Size) {
		h := r.field.MinSize().Height
		widgets.Put(r.field, 0, (size.Height-h)/2, size.Width, h)
	}, r.field))
	return r
}

// press removes the client, or edits the note.
func (r *wordRow) press() {
	if !r.cfg.disc {
		r.s.begin(r.at)
		return
	}
	r.s.change(func(p Pad) Pad { return p.withClient("") })
}

func (r *wordRow) height() float32 { return r.cfg.height * theme.Factor() }

func (r *wordRow) render(words string) {
	r.words = words
	if r.s.edit.what == r.at.what {
		r.row.Hide()
		r.field.Show()
		return
	}
	r.row.Show()
	r.field.Hide()
	title, style, ink := words, theme.BodyStrong(), theme.Ink
	if words == "" {
		title, style, ink = r.cfg.add, theme.Body(), theme.Ink2
	} else if !r.cfg.disc {
		style = theme.Body()
	}
	r.title.SetText(title)
	r.title.SetLook(style, ink)
	r.row.SetName(title)
	r.disc.SetConfig(r.mark(words))
	if words == "" {
		r.act.Hide()
	} else {
		r.act.Show()
	}
	r.row.Refresh()
}

func (r *wordRow) mark(words string) widgets.DiscConfig {
	if !r.cfg.disc {
		return widgets.DiscConfig{Size: 24, Fill: theme.None, Color: theme.Ink2, Icon: r.cfg.icon, IconSize: 20}
	}
	d := widgets.DiscConfig{Size: 40, Fill: theme.Sage.Fill(), Color: theme.Sage.Icon(), Text: initials(words), TextStyle: theme.BodyStrong()}
	if words == "" {
		d.Fill, d.Color, d.Icon, d.IconSize = theme.Shell, theme.Ink2, "user", 20
	}
	return d
}

func (r *wordRow) layout(size fyne.Size) {
	f := theme.Factor()
	right := float32(0)
	if r.words != "" {
		m := r.act.MinSize()
		right = m.Width - 8
		widgets.Put(r.act, size.Width-right, (size.Height-m.Height)/2, m.Width, m.Height)
	}
	d := 24 * f
	x := d + 11
	if r.cfg.disc {
		d = 40 * f
		x = d + 12
	}
	widgets.Put(r.disc, 0, (size.Height-d)/2, d, d)
	one, two := theme.BodyStrong().LineHeight(), theme.Caption().LineHeight()
	if r.cfg.disc && r.words != "" && r.cfg.caption != "" {
		top := (size.Height - one - two) / 2
		r.under.Show()
		widgets.Put(r.title, x, top, size.Width-x-right, one)
		widgets.Put(r.under, x, top+one, size.Width-x-right, two)
		return
	}
	r.under.Hide()
	widgets.Put(r.title, x, 0, size.Width-x-right, size.Height)
}

// lineRow is one line of the sale.
type lineRow struct {
	s      *Screen
	index  int
	root   *fyne.Container
	row    *widgets.ListRow
	disc   *widgets.Disc
	title  *widgets.Text
	under  *widgets.Text
	amount *widgets.Text
	caret  *widgets.Surface
	remove *widgets.IconButton
	field  *widgets.Field
	active bool
	open   bool // the field for the label is shown
	low    bool // no caption, less height
}

func newLineRow(s *Screen, index int) *lineRow {
	r := &lineRow{s: s, index: index}
	r.disc = widgets.NewDisc(widgets.DiscConfig{})
	r.title = widgets.NewText("", theme.BodyStrong(), theme.Ink).Shrink()
	r.under = widgets.Caption("").Shrink()
	r.amount = widgets.RowAmount("")
	r.caret = widgets.NewSurface(widgets.Skin{Fill: theme.OnPrimaryTint})
	r.remove = widgets.NewIconButton("close", 18, s.cfg.Text.T("charge.line.remove"), func() { s.change(func(p Pad) Pad { return p.Remove(index) }) })
	r.field = widgets.NewField(widgets.FieldConfig{
		Height: 48, Placeholder: s.cfg.Text.T("charge.line.label"), OnSubmit: s.submit, OnKey: s.fieldKey,
	})
	content := widgets.Place(nil, r.layout, r.disc, r.title, r.under, r.amount, r.caret, r.remove, r.field)
	r.row = widgets.NewListRow("", 64, 8, 0, content, r.press)
	r.root = widgets.Stack(r.row)
	return r
}

// press makes the line the one being typed, and the one being typed nameable.
func (r *lineRow) press() {
	if r.active {
		r.s.begin(edit{what: label, item: r.index})
		return
	}
	r.s.change(func(p Pad) Pad { return p.Choose(r.index) })
}

// setLow leaves the caption out.
func (r *lineRow) setLow(v bool) {
	r.low = v
	r.row.SetHeight(64)
	if v {
		r.row.SetHeight(50)
	}
}

func (r *lineRow) render(i Item, active bool) {
	t := r.s.cfg.Text
	r.active = active
	title := i.Label
	if title == "" {
		title = t.T("charge.line.plain")
	}
	under := ""
	switch {
	case active:
		under = t.T("charge.line.typing")
	case i.Negative:
		under = t.T("charge.line.discount")
	case i.Favourite:
		under = t.T("charge.line.favourite")
	}
	ink, ink2 := theme.Ink, theme.Ink2
	if active {
		ink, ink2 = theme.OnPrimaryTint, theme.Ink2
		r.caret.Show()
	} else {
		r.caret.Hide()
	}
	r.title.SetText(title)
	r.title.SetLook(theme.BodyStrong(), ink)
	r.under.SetText(under)
	r.under.SetLook(theme.Caption(), ink2)
	r.amount.SetText(t.Number(i.Amount()))
	r.amount.SetLook(theme.LeadStrong(), ink)
	r.row.SetName(title + " " + t.Number(i.Amount()))
	r.row.SetSelected(active)
	square := widgets.IconSquare(40, i.Icon, tile(i.Color))
	if i.Icon == "" {
		square = widgets.DiscConfig{Size: 40, Radius: 12, Fill: theme.ShellHover, Color: theme.Ink2, Icon: "pencil", IconSize: 20}
	}
	r.disc.SetConfig(square)
	r.open = r.s.edit.what == label && r.s.edit.item == r.index
	for _, o := range []fyne.CanvasObject{r.disc, r.title, r.under} {
		if r.open {
			o.Hide()
		} else {
			o.Show()
		}
	}
	if r.open {
		r.field.Show()
	} else {
		r.field.Hide()
	}
	r.row.Refresh()
}

func (r *lineRow) layout(size fyne.Size) {
	f := theme.Factor()
	m := r.remove.MinSize()
	widgets.Put(r.remove, size.Width-m.Width+8, (size.Height-m.Height)/2, m.Width, m.Height)
	right := size.Width - m.Width + 8 - 12
	aw := r.amount.MinSize().Width
	ax := right - aw
	if r.active {
		ax -= 6
		widgets.Put(r.caret, right-2, (size.Height-20*f)/2, 2, 20*f)
	}
	widgets.Put(r.amount, ax, 0, aw, size.Height)
	d := 40 * f
	widgets.Put(r.disc, 0, (size.Height-d)/2, d, d)
	x := d + 12
	switch {
	case size.Width < 280*f:
		r.disc.Hide()
		x = 0
	case !r.open:
		r.disc.Show()
	}
	one, two := theme.BodyStrong().LineHeight(), theme.Caption().LineHeight()
	room := ax - x - 10
	if r.low {
		r.under.Hide()
	}
	if r.under.Text() == "" || r.low {
		widgets.Put(r.title, x, 0, room, size.Height)
	} else {
		top := (size.Height - one - two) / 2
		widgets.Put(r.title, x, top, room, one)
		widgets.Put(r.under, x, top+one, room, two)
	}
	h := r.field.MinSize().Height
	widgets.Put(r.field, 0, (size.Height-h)/2, ax-10, h)
}
