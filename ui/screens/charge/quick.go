package charge

import (
	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/ui/screens/history"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// quick is the left column: favourites, and recent sales in a card.
type quick struct {
	s      *Screen
	title  *widgets.Text
	edit   *widgets.TextButton
	tiles  *fyne.Container
	recent *fyne.Container
	all    *widgets.TextButton
	head   *widgets.Text
	none   *fyne.Container
	list   []*widgets.Tile
	rows   []*recentRow
	rules  []fyne.CanvasObject
	body   *fyne.Container
}

func newQuick(s *Screen) *quick {
	t := s.cfg.Text
	q := &quick{
		s:     s,
		title: widgets.Heading(t.T("charge.favourites")).Shrink(),
		head:  widgets.Heading(t.T("charge.recent")).Shrink(),
		none:  widgets.NewEmpty("payments", t.T("charge.recent.none"), t.T("charge.recent.none.sentence"), "", nil),
	}
	q.edit = widgets.NewTextButton(t.T("charge.favourites.edit"), "pencil", false, s.editFavourites)
	q.all = widgets.NewTextButton(t.T("charge.recent.all"), "right", true, func() {
		if s.cfg.AllSales != nil {
			s.cfg.AllSales()
		}
	})
	q.tiles = widgets.Place(nil, q.layoutTiles)
	q.body = widgets.Place(nil, q.layoutRecent)
	q.recent = widgets.Stack(widgets.NewSurface(widgets.CardSkin()), q.body)
	return q
}

func (q *quick) render() {
	t := q.s.cfg.Text
	for len(q.list) < len(q.s.cfg.Favourites) {
		q.list = append(q.list, widgets.NewTile(widgets.TileConfig{Icon: "star", Color: theme.Sand}, nil))
	}
	q.list = q.list[:len(q.s.cfg.Favourites)]
	q.tiles.Objects = nil
	for i, f := range q.s.cfg.Favourites {
		q.list[i].Set(widgets.TileConfig{Name: f.Label, Price: t.Number(f.Amount), Icon: f.Icon, Color: tile(f.Color)},
			func() { q.s.change(func(p Pad) Pad { return p.AddFavourite(f) }) })
		q.tiles.Objects = append(q.tiles.Objects, q.list[i])
	}
	for len(q.rows) < len(q.s.snap.Recent) {
		q.rows = append(q.rows, newRecentRow(q.s))
		q.rules = append(q.rules, widgets.NewHairline())
	}
	q.body.Objects = []fyne.CanvasObject{q.head, q.all, q.none}
	if q.s.cfg.AllSales == nil {
		q.all.Hide()
	}
	for i, sale := range q.s.snap.Recent {
		q.rows[i].render(sale)
		q.body.Objects = append(q.body.Objects, q.rows[i].row, q.rules[i])
	}
	q.tiles.Refresh()
	q.body.Refresh()
}

// columns is how many tiles stand side by side in a width.
func columns(width float32) int {
	least := 132 * theme.Factor()
	n := int((width + 10) / (least + 10))
	return min(max(n, 1), 3)
}

// tilesHeight is what the favourites need at a width.
func (q *quick) tilesHeight(width float32) float32 {
	n := len(q.list)
	if n == 0 {
		return 0
	}
	cols := tileColumns(width)
	rows := (n + cols - 1) / cols
	return float32(rows)*(64*theme.Factor()+10) - 10
}

// tileColumns is two in the usual column, three in a wide one.
func tileColumns(width float32) int {
	if width < 480*theme.Factor() {
		return min(columns(width), 2)
	}
	if width >= 600*theme.Factor() {
		return 3
	}
	return 2
}

func (q *quick) layoutTiles(size fyne.Size) {
	const gap = 10
	cols := tileColumns(size.Width)
	w := (size.Width - gap*float32(cols-1)) / float32(cols)
	h := 64 * theme.Factor()
	for i, t := range q.list {
		y := float32(i/cols) * (h + gap)
		if y+h > size.Height+1 {
			t.Hide()
			continue
		}
		t.Show()
		widgets.Put(t, float32(i%cols)*(w+gap), y, w, h)
	}
}

// layoutRecent shows as many rows as fit whole.
func (q *quick) layoutRecent(size fyne.Size) {
	const side = 18
	w := size.Width - 2*side
	m := q.all.MinSize()
	head := max(32, theme.Heading().LineHeight()+8)
	widgets.Put(q.all, size.Width-side-m.Width, 14+(head-m.Height)/2, m.Width, m.Height)
	widgets.Put(q.head, side, 14, w-m.Width-8, head)
	top := 14 + head + 1
	room := size.Height - top - 6
	n := len(q.s.snap.Recent)
	q.none.Hide()
	if n == 0 {
		q.none.Show()
		widgets.Put(q.none, side, top, w, room)
		return
	}
	f := theme.Factor()
	shown := min(max(int((room+1)/(54*f)), 0), max(5, int((room+1)/(63*f))), n)
	h := min(room/float32(max(shown, 1)), 66*f)
	for i := range n {
		if i >= shown {
			q.rows[i].row.Hide()
			q.rules[i].Hide()
			continue
		}
		q.rows[i].row.Show()
		widgets.Put(q.rows[i].row, side, top+float32(i)*h, w, h)
		if i == shown-1 {
			q.rules[i].Hide()
			continue
		}
		q.rules[i].Show()
		left := 48 * f
		widgets.Put(q.rules[i], side+left, top+float32(i+1)*h-0.5, w-left, 1)
	}
}

// recentRow is a sale that was made lately.
type recentRow struct {
	s                    *Screen
	row                  *widgets.ListRow
	dot                  *widgets.Disc
	name, detail, amount *widgets.Text
}

func newRecentRow(s *Screen) *recentRow {
	r := &recentRow{
		s:      s,
		dot:    widgets.StateDot(widgets.Mark{Family: theme.Grey, Icon: "clock"}),
		name:   widgets.Strong("").Shrink(),
		detail: widgets.Caption("").Shrink(),
		amount: widgets.NewText("", theme.BodyStrong(), theme.Ink).Right(),
	}
	r.row = widgets.NewListRow("", 54, 0, 10, widgets.Place(nil, r.layout, r.dot, r.name, r.detail, r.amount), nil)
	return r
}

func (r *recentRow) render(sale app.Sale) {
	t := r.s.cfg.Text
	icon, family := history.StateMark(sale.State)
	r.dot.SetConfig(widgets.StateDotConfig(widgets.Mark{Family: family, Icon: icon}))
	name := sale.Client
	if name == "" {
		name = t.T("walkin")
	}
	state := t.Name(sale.State)
	r.name.SetText(name)
	r.detail.SetText(t.Clock(sale.Created.In(r.s.cfg.Zone)) + " · " + state)
	r.amount.SetText(t.Number(sale.Amount))
	ink := theme.Ink
	switch sale.State {
	case app.Withdrawn, app.Expired, app.NotCharged, app.Declined:
		ink = theme.Ink3
	}
	r.amount.SetLook(theme.BodyStrong(), ink)
	r.row.SetName(name + ", " + state + ", " + t.Amount(sale.Amount))
	r.row.SetOnTap(func() {
		if r.s.cfg.OpenSale != nil {
			r.s.cfg.OpenSale(sale)
		}
	})
}

func (r *recentRow) layout(size fyne.Size) {
	f := theme.Factor()
	d, x := 36*f, 48*f
	widgets.Put(r.dot, 0, (size.Height-d)/2, d, d)
	aw := r.amount.MinSize().Width
	widgets.Put(r.amount, size.Width-aw, 0, aw, size.Height)
	one, two := theme.BodyStrong().LineHeight(), theme.Caption().LineHeight()
	top := (size.Height - one - two) / 2
	room := size.Width - x - aw - 8
	widgets.Put(r.name, x, top, room, one)
	widgets.Put(r.detail, x, top+one, room, two)
}
