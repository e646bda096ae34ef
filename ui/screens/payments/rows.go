package payments

import (
	"fyne.io/fyne/v2"

	"frontdesk/app/text"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// columns are the left edges and widths of the table in dp, factor included.
// A width of 0 leaves the column out.
type columns struct {
	left, right                     float32 // edges of the table's text
	time, client, rail, card, state float32
}

// columnsFor chooses what fits a card of a width.
func columnsFor(width float32) columns {
	f := theme.Factor()
	c := columns{left: 28, right: width - 28, time: 64 * f, client: 300 * f, rail: 180 * f, card: 160 * f, state: 256 * f}
	counted := width / f
	switch {
	case counted < 640:
		c.rail, c.card, c.state = 0, 0, 190*f
	case counted < 820:
		c.rail, c.card, c.state = 44*f, 0, 236*f
	case counted < 1100:
		c.rail, c.card, c.state = 120*f, 0, 250*f
	}
	amount := 120 * f
	c.client = max(c.right-c.left-c.time-c.rail-c.card-c.state-amount, 60*f)
	if counted >= 1100 {
		c.client = min(c.client, (counted-844)*f)
	}
	return c
}

// place puts one object per column, nil ones left out.
func (c columns) place(s fyne.Size, shift float32, time, client, rail, card, state, amount fyne.CanvasObject) {
	x := c.left - shift
	put := func(o fyne.CanvasObject, w, gap float32) {
		if o != nil {
			if w == 0 {
				o.Hide()
			} else {
				widgets.Put(o, x, 0, w-gap, s.Height)
			}
		}
		x += w
	}
	put(time, c.time, 8)
	put(client, c.client, 12)
	put(rail, c.rail, 8)
	put(card, c.card, 8)
	put(state, c.state, 8)
	widgets.Put(amount, x, 0, c.right-shift-x, s.Height)
}

func headerRow(currency string, c *text.Catalog, cols columns) fyne.CanvasObject {
	cell := func(key string, args ...any) *widgets.Text {
		return widgets.NewText(c.T(key, args...), theme.Caption(), theme.Ink2).Shrink()
	}
	time, client, rail, card := cell("payments.col.time"), cell("payments.col.client"), cell("payments.col.by"), cell("payments.col.card")
	state, amount := cell("payments.col.state"), cell("payments.col.amount", currency).Right()
	top, bottom := widgets.NewHairline(), widgets.NewHairline()
	return widgets.Place(func() fyne.Size { return fyne.NewSize(0, 34*theme.Factor()) }, func(s fyne.Size) {
		cols.place(s, 0, time, client, rail, card, state, amount)
		if cols.rail < 80*theme.Factor() {
			rail.Hide()
		}
		widgets.Put(top, 8, 0, s.Width-16, 1)
		widgets.Put(bottom, 8, s.Height-1, s.Width-16, 1)
	}, time, client, rail, card, state, amount, top, bottom)
}

func listRow(r Row, cols columns, open func()) *widgets.ListRow {
	const shift = 8 // the row begins 8 inside the card
	time := widgets.NewText(r.Time, theme.Body(), theme.Ink2).Shrink()
	who := nameAndNote(r.Client, r.Note)
	icon := widgets.NewIcon(r.RailIcon, 20, theme.Ink2)
	by := widgets.NewText(r.Rail, theme.Body(), theme.Ink2).Shrink()
	rail := widgets.Place(nil, func(s fyne.Size) {
		side := 20 * theme.Factor()
		widgets.Put(icon, 0, 0, side, s.Height)
		widgets.Put(by, side+9, 0, max(s.Width-side-9, 0), s.Height)
		if s.Width < side+40 {
			by.Hide()
		}
	}, icon, by)
	card := widgets.NewText(r.Card, theme.Body(), theme.Ink2).Shrink()
	chip := widgets.NewChip(r.Mark, r.Chip)
	amount := widgets.NewText(r.Amount, theme.LeadStrong(), theme.Ink).Right().Shrink()
	if !r.Stays {
		amount.SetLook(theme.Lead(), theme.Ink3)
	}
	content := widgets.Place(nil, func(s fyne.Size) {
		cols.place(s, shift, time, who, rail, card, chip, amount)
	}, time, who, rail, card, chip, amount)
	return widgets.NewListRow(r.Name, 56, 0, 0, content, open)
}

// nameAndNote puts the note behind the name and shortens it first.
func nameAndNote(name, note string) fyne.CanvasObject {
	n := widgets.Strong(name).Shrink()
	o := widgets.NewText(note, theme.Body(), theme.Ink2).Shrink()
	return widgets.Place(nil, func(s fyne.Size) {
		w := min(theme.BodyStrong().Measure(name).Width+1, s.Width)
		widgets.Put(n, 0, 0, w, s.Height)
		rest := s.Width - w - 5
		if rest < 24*theme.Factor() {
			o.Hide()
			widgets.Put(n, 0, 0, s.Width, s.Height)
			return
		}
		o.Show()
		widgets.Put(o, w+5, 0, rest, s.Height)
	}, n, o)
}

func dayRow(day string) fyne.CanvasObject {
	return widgets.Pad(widgets.Insets{Top: 16, Left: 20, Bottom: 4}, widgets.NewText(day, theme.CaptionStrong(), theme.Ink2).Shrink())
}

// totalsRow shows the sums at the left and what needs a look at the right; it
// wraps where there is no room.
func totalsRow(t Totals, c *text.Catalog, width float32) fyne.CanvasObject {
	sum := func(key, value string) fyne.CanvasObject {
		return widgets.Col(0, widgets.Caption(c.T(key)), widgets.NewText(value, theme.Title(), theme.Ink))
	}
	parts := []fyne.CanvasObject{
		sum("payments.shown", t.Shown), sum("payments.taken", t.Taken), sum("payments.refunded", t.Refunded), sum("payments.stays", t.Stays),
	}
	if t.Unknown != "" {
		parts = append(parts, widgets.NewChip(widgets.Mark{Family: theme.Amber, Icon: "question"}, t.Unknown))
	}
	if t.Reversed != "" {
		parts = append(parts, widgets.NewChip(widgets.Mark{Family: theme.Amber, Icon: "return"}, t.Reversed))
	}
	f := newFlow(28, parts...)
	f.Resize(fyne.NewSize(width-56, 0))
	f.tail = len(parts) - 4
	return widgets.Pad(widgets.Insets{Top: 18, Right: 28, Bottom: 14, Left: 28}, f)
}
