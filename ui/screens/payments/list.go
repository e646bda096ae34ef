package payments

import (
	"fyne.io/fyne/v2"

	"frontdesk/app/text"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// lowPage is the counted height below which the totals stand below the rows.
const lowPage = 560

// listView draws the list.
type listView struct {
	s      *Screen
	search *widgets.Field
	choice choices
	totals *fyne.Container
	header *fyne.Container
	rows   *fyne.Container
	export *widgets.Button    // nil where nothing can be exported
	lines  []*widgets.ListRow // one a sale, as they stand in the screen
	scroll *widgets.Scroll
	root   fyne.CanvasObject
	width  float32 // of the page
	height float32
}

func newListView(s *Screen) *listView {
	c := s.cfg.Text
	v := &listView{s: s}
	v.search = widgets.NewField(widgets.FieldConfig{Icon: "search", Placeholder: c.T("payments.search"), OnChanged: func(typed string) {
		f := s.filter
		f.Text = typed
		s.SetFilter(f)
	}, OnKey: func(e *fyne.KeyEvent) bool { return e.Name == fyne.KeyDown && v.step(1) }})
	chips := v.chips()
	v.totals, v.header = widgets.Stack(), widgets.Stack()
	v.rows = widgets.Col(0)
	v.scroll = widgets.NewScroll(v.rows)
	if s.cfg.Acts.Exporter != nil && s.cfg.Acts.Save != nil {
		v.export = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Height: 52, Label: c.T("payments.export"), Icon: "download", OnTap: s.Export})
	}
	v.root = v.page(c, chips)
	v.showFilter()
	return v
}

// page lays title and search, chips, and the card below each other.
func (v *listView) page(c *text.Catalog, chips []fyne.CanvasObject) fyne.CanvasObject {
	title := widgets.Title(c.T("payments.title")).Shrink()
	flow := newFlow(10, chips...)
	card := widgets.NewSurface(widgets.CardSkin())
	parts := []fyne.CanvasObject{title, v.search, flow, card, v.totals, v.header, v.scroll}
	var small *widgets.IconButton // where the search needs the room of the words
	if v.export != nil {
		small = widgets.NewIconButton("download", 22, c.T("payments.export"), v.s.Export)
		parts = append(parts, v.export, small)
	}
	return widgets.Place(nil, func(s fyne.Size) {
		h := v.search.MinSize().Height
		right := s.Width
		if v.export != nil {
			shown, hidden := fyne.CanvasObject(v.export), fyne.CanvasObject(small)
			if s.Width/theme.Factor() < 820 {
				shown, hidden = hidden, shown
			}
			hidden.Hide()
			shown.Show()
			w := shown.MinSize().Width
			widgets.Put(shown, s.Width-w, 0, w, h)
			right -= w + 12
		}
		wide := min(420*theme.Factor(), right*0.68)
		widgets.Put(title, 0, 0, right-wide-20, h)
		widgets.Put(v.search, right-wide, 0, wide, h)
		y := h + 14
		flow.Resize(fyne.NewSize(s.Width, 0))
		fh := flow.MinSize().Height
		widgets.Put(flow, 0, y, s.Width, fh)
		y += fh + 14
		widgets.Put(card, 0, y, s.Width, s.Height-y)
		if v.width != s.Width || v.height != s.Height {
			v.width, v.height = s.Width, s.Height
			v.show()
		}
		th, hh := v.totals.MinSize().Height, v.header.MinSize().Height
		widgets.Put(v.totals, 0, y, s.Width, th)
		widgets.Put(v.header, 0, y+th, s.Width, hh)
		widgets.Put(v.scroll, 8, y+th+hh+4, s.Width-14, s.Height-y-th-hh-10)
	}, parts...)
}

// show draws what the screen knows now.
func (v *listView) show() {
	s := v.s
	page := List(s.sales, s.sums, s.cfg.Text, s.cfg.Now(), s.cfg.Zone)
	v.totals.Objects, v.header.Objects, v.rows.Objects, v.lines = nil, nil, nil, nil
	switch {
	case s.fault.What != "":
		v.rows.Objects = []fyne.CanvasObject{v.notice("alert", s.cfg.Text.T("payments.error.title"), s.fault.Text(), s.cfg.Text.T("payments.error.again"), s.reload)}
	case len(page.Rows) == 0 && s.loaded:
		v.rows.Objects = []fyne.CanvasObject{v.empty()}
	case len(page.Rows) > 0:
		cols := columnsFor(v.width)
		if s.summing && s.more { // what is shown is not all of it
			page.Totals = page.Totals.pending()
		}
		sums := totalsRow(page.Totals, s.cfg.Text, v.width)
		low := v.height/theme.Factor() < lowPage
		if !low {
			v.totals.Objects = []fyne.CanvasObject{sums}
		}
		v.header.Objects = []fyne.CanvasObject{headerRow(page.Totals.Currency, s.cfg.Text, cols)}
		for _, r := range page.Rows {
			if r.Day != "" {
				v.rows.Objects = append(v.rows.Objects, dayRow(r.Day))
			}
			line := listRow(r, cols, func() { s.OpenSale(r.ID) })
			v.lines = append(v.lines, line)
			v.rows.Objects = append(v.rows.Objects, line)
		}
		if low {
			v.rows.Objects = append(v.rows.Objects, sums)
		}
		if s.more {
			v.rows.Objects = append(v.rows.Objects, widgets.Pad(widgets.All(12), widgets.Center(
				widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Label: s.cfg.Text.T("payments.more"), OnTap: s.older}))))
		}
	}
	v.totals.Refresh()
	v.header.Refresh()
	v.rows.Refresh()
	v.scroll.Refresh()
	if o, ok := v.root.(*fyne.Container); ok && v.width > 0 {
		o.Refresh()
	}
}

// empty tells a day without sales from a search without hits.
func (v *listView) empty() fyne.CanvasObject {
	s, c := v.s, v.s.cfg.Text
	if !s.filter.narrow() {
		return v.notice("payments", c.T("payments.empty.title"), c.T("payments.empty.text"), c.T("payments.empty.button"), s.cfg.OnNew)
	}
	return v.notice("search", c.T("payments.none.title"), c.T("payments.none.text"), c.T("payments.none.button"), func() {
		v.search.SetText("")
		s.SetFilter(Filter{Group: Any, AllDays: s.filter.AllDays, Day: s.filter.Day})
	})
}

// noticeWidth is how wide a line of a notice becomes, so that it is read at a glance.
const noticeWidth = 460

func (v *listView) notice(icon, title, sentence, button string, act func()) fyne.CanvasObject {
	dot := widgets.NewDisc(widgets.DiscConfig{Size: 64, Fill: theme.PrimaryTint, Color: theme.Primary, Icon: icon, IconSize: 28})
	parts := []fyne.CanvasObject{
		widgets.Center(dot), gap(16), widgets.NewParagraph(title, theme.Heading(), theme.Ink).Center(), gap(4),
		widgets.NewParagraph(sentence, theme.Body(), theme.Ink2).Center(), gap(18),
	}
	if act != nil {
		parts = append(parts, widgets.Center(widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Label: button, OnTap: act})))
	}
	column := widgets.Col(0, parts...)
	middle := widgets.Place(func() fyne.Size { return fyne.NewSize(160, column.MinSize().Height) }, func(s fyne.Size) {
		w := min(s.Width, noticeWidth*theme.Factor())
		column.Resize(fyne.NewSize(w, column.Size().Height))
		widgets.Put(column, (s.Width-w)/2, 0, w, column.MinSize().Height)
	}, column)
	return widgets.Pad(widgets.Insets{Top: 90, Left: 40, Right: 40, Bottom: 20}, middle)
}

func gap(h float32) fyne.CanvasObject {
	return widgets.Sized(1, h, widgets.NewSurface(widgets.Skin{}))
}

// step goes to the row above or below the one that has the focus, or to the
// first one; up from the first goes back to the search.
func (v *listView) step(by int) bool {
	if v.s.cfg.Host == nil || len(v.lines) == 0 || v.s.cfg.Host.Top() != nil {
		return false
	}
	canvas, at := v.s.cfg.Host.Canvas(), -1
	for i, l := range v.lines {
		if canvas.Focused() == fyne.Focusable(l) {
			at = i
		}
	}
	if at+by < 0 {
		v.search.Focus()
		return true
	}
	line := v.lines[min(at+by, len(v.lines)-1)]
	canvas.Focus(line)
	top := line.Position().Y
	v.scroll.Reveal(top, top+line.Size().Height)
	return true
}
