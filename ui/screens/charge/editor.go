package charge

import (
	"errors"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/payments/money"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

const (
	maxFavourites = 12
	maxLabel      = 40
)

// editor is the sheet in which favourites are added, changed and removed.
type editor struct {
	s     *Screen
	sheet *widgets.Sheet
	draft Favourite
	at    int // index being changed, len(list) for a new one, -1 in the list

	name, price *widgets.Field
	icons       []*widgets.Swatch
	colors      []*widgets.Swatch
	trouble     *widgets.Paragraph
}

// editFavourites opens the list of favourites.
func (s *Screen) editFavourites() {
	if s.cfg.Host.Top() != nil {
		return
	}
	e := &editor{s: s, at: -1, trouble: widgets.NewParagraph("", theme.CaptionStrong(), theme.Red.Text())}
	e.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: s.cfg.Text.T("charge.edit.title"), Width: 640, Height: 640, Content: e.list(),
		CloseName: s.cfg.Text.T("close"), OnKey: e.key,
	})
	s.cfg.Host.Show(e.sheet)
}

// key leaves the form on Esc; the list is left by the sheet itself. Enter
// saves.
func (e *editor) key(k *fyne.KeyEvent) bool {
	switch {
	case e.at < 0:
		return false
	case k.Name == fyne.KeyEscape:
		e.show(-1)
		return true
	case k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter:
		e.save()
		return true
	}
	return false
}

// show goes to the list (-1) or to the form of a favourite.
func (e *editor) show(at int) {
	e.at = at
	if at < 0 {
		e.sheet.SetContent(e.list())
		return
	}
	all := e.s.cfg.Favourites
	e.draft = Favourite{Icon: "star", Color: string(theme.Tiles()[len(all)%len(theme.Tiles())]), Amount: money.Amount{Currency: e.s.cfg.Currency}}
	if at < len(all) {
		e.draft = all[at]
	}
	e.sheet.SetContent(e.form())
	e.name.Focus()
}

// page is title and sentence above a body, and a foot row.
func (e *editor) page(title string, body fyne.CanvasObject, foot *fyne.Container) fyne.CanvasObject {
	head := widgets.Title(title).Shrink()
	return widgets.Place(nil, func(size fyne.Size) {
		const side = 32
		w := size.Width - 2*side
		hh := max(48, theme.Title().LineHeight())
		widgets.Put(head, side, 20, w-60, hh)
		fh := foot.MinSize().Height
		widgets.Put(foot, side, size.Height-24-fh, w, fh)
		top := 20 + hh + 12
		widgets.Put(body, side, top, w, size.Height-24-fh-16-top)
	}, head, body, foot)
}

func (e *editor) list() fyne.CanvasObject {
	t := e.s.cfg.Text
	rows := widgets.Col(4, widgets.NewParagraph(t.T("charge.edit.sentence"), theme.Body(), theme.Ink2), e.trouble)
	for i, f := range e.s.cfg.Favourites {
		rows.Add(e.row(i, f))
	}
	if len(e.s.cfg.Favourites) == 0 {
		rows.Add(widgets.Pad(widgets.Insets{Top: 40},
			widgets.NewEmpty("star", t.T("charge.edit.none"), t.T("charge.edit.none.sentence"), "", nil)))
	}
	add := widgets.NewButton(widgets.ButtonConfig{
		Kind: widgets.Tonal, Icon: "plus", Label: t.T("charge.edit.add"), OnTap: func() { e.show(len(e.s.cfg.Favourites)) },
	})
	if len(e.s.cfg.Favourites) >= maxFavourites {
		add.Disable()
	}
	done := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Label: t.T("charge.edit.done"), OnTap: func() { e.sheet.AskClose() }})
	return e.page(t.T("charge.edit.title"), widgets.NewScroll(widgets.Pad(widgets.Insets{Right: 14}, rows)), widgets.Row(12, add, widgets.Space(), done))
}

func (e *editor) row(i int, f Favourite) fyne.CanvasObject {
	t := e.s.cfg.Text
	content := widgets.Row(12,
		widgets.NewDisc(widgets.IconSquare(40, f.Icon, tile(f.Color))),
		widgets.Grow(widgets.Strong(f.Label).Shrink()),
		widgets.RowAmount(t.Number(f.Amount)),
		widgets.NewIconButton("pencil", 18, t.T("charge.edit.change", f.Label), func() { e.show(i) }),
		widgets.NewIconButton("trash", 18, t.T("charge.edit.remove", f.Label), func() {
			e.keep(slices.Delete(slices.Clone(e.s.cfg.Favourites), i, i+1))
			e.show(-1)
		}),
	)
	return widgets.NewListRow(t.T("charge.edit.change", f.Label), 56, 8, 0, content, func() { e.show(i) })
}

func (e *editor) form() fyne.CanvasObject {
	t := e.s.cfg.Text
	example := money.Amount{Minor: 2500, Currency: e.s.cfg.Currency}
	e.name = widgets.NewField(widgets.FieldConfig{
		Label: t.T("charge.edit.name"), Hint: t.T("charge.edit.name.hint"), OnSubmit: func(string) { e.save() },
	})
	e.name.SetText(e.draft.Label)
	e.price = widgets.NewField(widgets.FieldConfig{
		Label: t.T("charge.edit.price"), Placeholder: t.Plain(example) + " " + string(example.Currency),
		OnChanged: func(string) { e.read() }, OnSubmit: func(string) { e.save() },
	})
	if !e.draft.Amount.IsZero() {
		e.price.SetText(t.Plain(e.draft.Amount))
	}
	e.icons, e.colors = nil, nil
	icons, colors := widgets.Flow(4), widgets.Flow(4)
	for _, name := range FavouriteIcons() {
		s := widgets.NewSwatch(name, widgets.DiscConfig{}, func() { e.draft.Icon = name; e.paint() })
		e.icons = append(e.icons, s)
		icons.Add(s)
	}
	for _, c := range theme.Tiles() {
		s := widgets.NewSwatch(string(c), widgets.DiscConfig{}, func() { e.draft.Color = string(c); e.paint() })
		e.colors = append(e.colors, s)
		colors.Add(s)
	}
	e.paint()
	title := t.T("charge.edit.add")
	if e.at < len(e.s.cfg.Favourites) {
		title = t.T("charge.edit.change", e.draft.Label)
	}
	back := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Label: t.T("charge.edit.back"), OnTap: func() { e.show(-1) }})
	save := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Label: t.T("charge.edit.save"), Key: t.T("key.enter"), OnTap: e.save})
	body := widgets.Col(16, e.name, e.price,
		widgets.Col(4, widgets.Strong(t.T("charge.edit.icon")), icons),
		widgets.Col(4, widgets.Strong(t.T("charge.edit.colour")), colors))
	// The focus ring of the fields reaches beyond them, so the scroll keeps room.
	return e.page(title, widgets.NewScroll(widgets.Pad(widgets.Insets{Top: 2, Right: 14, Bottom: 4, Left: 4}, body)), widgets.Row(12, back, widgets.Space(), save))
}

// paint shows the choice of icon and colour.
func (e *editor) paint() {
	for i, name := range FavouriteIcons() {
		e.icons[i].Set(widgets.IconSquare(40, name, tile(e.draft.Color)), name == e.draft.Icon)
	}
	for i, c := range theme.Tiles() {
		e.colors[i].Set(widgets.IconSquare(40, e.draft.Icon, c), string(c) == e.draft.Color)
	}
}

// typed is the price as it is read: 25 is 25.00 here, where no pad pushes digits in.
func (e *editor) typed() (money.Amount, error) {
	return money.Parse(strings.TrimSpace(e.price.Text()), e.s.cfg.Currency)
}

// read shows how the price is read, before it is kept.
func (e *editor) read() {
	badge := widgets.Fact{}
	if a, err := e.typed(); err == nil {
		badge = widgets.Fact{Family: theme.Grey, Words: e.s.cfg.Text.Amount(a)}
	}
	e.price.SetBadge(badge)
}

// save keeps the favourite, or says at the field what is wrong.
func (e *editor) save() {
	t := e.s.cfg.Text
	label := strings.TrimSpace(e.name.Text())
	switch {
	case label == "":
		e.name.SetError(t.T("charge.edit.name.missing"))
		return
	case len([]rune(label)) > maxLabel:
		e.name.SetError(t.T("charge.edit.name.long"))
		return
	}
	e.name.SetError("")
	amount, err := e.typed()
	if err == nil {
		err = amount.Chargeable()
	}
	if err != nil {
		e.price.SetError(e.priceTrouble(err))
		return
	}
	e.draft.Label, e.draft.Amount = label, amount
	list := slices.Clone(e.s.cfg.Favourites)
	if e.at < len(list) {
		list[e.at] = e.draft
	} else {
		list = append(list, e.draft)
	}
	e.keep(list)
	e.show(-1)
}

// priceTrouble is the sentence for a price that cannot be used.
func (e *editor) priceTrouble(err error) string {
	t := e.s.cfg.Text
	f, ok := err.(interface{ Code() string })
	if !ok || errors.Is(err, money.ErrSyntax) || errors.Is(err, money.ErrEmpty) {
		return t.T("charge.edit.price.wrong") // no digits are pushed in here, so 4500 is no example
	}
	if key := "charge.trouble." + strings.TrimPrefix(f.Code(), "amount."); t.Has(key) && !errors.Is(err, money.ErrDecimals) {
		return t.T(key, e.s.pad.Limit())
	}
	return t.Problem(f.Code()).What
}

// keep puts the list in force and saves it.
func (e *editor) keep(list []Favourite) {
	e.s.cfg.Favourites = list
	e.trouble.SetText("")
	if e.s.cfg.SaveFavourites != nil {
		if err := e.s.cfg.SaveFavourites(slices.Clone(list)); err != nil {
			e.trouble.SetText(e.s.cfg.Text.T("charge.edit.failed"))
		}
	}
	e.s.v.quick.render()
	e.s.render()
}
