package charge

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// saleShape is how much of the sale card is shown.
type saleShape int

const (
	whole saleShape = iota
	small           // heading and lines
	bare            // no heading, low lines: large text
)

// saleCard is the middle column: client, lines, note.
type saleCard struct {
	s       *Screen
	root    *fyne.Container
	heading *widgets.Text
	clear   *widgets.TextButton
	client  *wordRow
	note    *wordRow
	brief   *widgets.Text // client beside the heading in the small layout
	lines   *fyne.Container
	scroll  *widgets.Scroll
	rows    []*lineRow
	rule1   fyne.CanvasObject
	rule2   fyne.CanvasObject
	empty   *widgets.Paragraph
	shape   saleShape
}

func newSaleCard(s *Screen) *saleCard {
	t := s.cfg.Text
	c := &saleCard{
		s:       s,
		heading: widgets.Heading(t.T("charge.sale")).Shrink(),
		clear:   widgets.NewTextButton(t.T("charge.clear"), "trash", false, s.Fresh),
		brief:   widgets.NewText("", theme.Body(), theme.Ink2).Right().Shrink(),
		rule1:   widgets.NewHairline(),
		rule2:   widgets.NewHairline(),
		empty:   widgets.NewParagraph(t.T("charge.sale.empty"), theme.Body(), theme.Ink3).Center(),
	}
	c.client = newWordRow(s, edit{what: client}, wordRowConfig{
		disc: true, add: t.T("charge.client.add"), caption: t.T("charge.client"), remove: t.T("charge.client.remove"), height: 64,
	})
	c.note = newWordRow(s, edit{what: note}, wordRowConfig{
		icon: "note", add: t.T("charge.note.add"), remove: t.T("charge.note.edit"), height: 56,
	})
	c.lines = widgets.Col(4)
	c.scroll = widgets.NewScroll(c.lines)
	c.root = widgets.Stack(widgets.NewSurface(widgets.CardSkin()),
		widgets.Place(nil, c.layout, c.heading, c.clear, c.brief, c.client.root, c.rule1, c.scroll, c.empty, c.rule2, c.note.root))
	return c
}

// field is the open text field of a place.
func (c *saleCard) field(e edit) *widgets.Field {
	switch e.what {
	case client:
		return c.client.field
	case note:
		return c.note.field
	case label:
		if e.item < len(c.rows) {
			return c.rows[e.item].field
		}
	}
	return nil
}

func (c *saleCard) render() {
	p := c.s.pad
	c.client.render(p.Client)
	c.note.render(p.Note)
	c.brief.SetText(p.Client)
	if p.Empty() {
		c.clear.Disable()
	} else {
		c.clear.Enable()
	}
	for len(c.rows) < len(p.Items) {
		c.rows = append(c.rows, newLineRow(c.s, len(c.rows)))
	}
	c.lines.Objects = nil
	for i := range p.Items {
		c.rows[i].render(p.Items[i], i == p.Active)
		c.lines.Objects = append(c.lines.Objects, c.rows[i].root)
	}
	if len(p.Items) == 0 {
		c.empty.Show()
	} else {
		c.empty.Hide()
	}
	c.lines.Refresh()
	c.reveal()
}

// reveal scrolls the line being typed into sight.
func (c *saleCard) reveal() {
	if c.s.pad.Active >= len(c.lines.Objects) || c.scroll.Size().Height < 1 {
		return
	}
	c.scroll.Refresh()
	o := c.lines.Objects[c.s.pad.Active]
	c.scroll.Reveal(o.Position().Y, o.Position().Y+o.Size().Height)
}

// layout places the card's parts: everything from 1280 wide on, only heading
// and lines in the small one.
func (c *saleCard) layout(size fyne.Size) {
	const side = 24
	w := size.Width - 2*side
	head := max(32, theme.Heading().LineHeight()+8)
	m := c.clear.MinSize()
	widgets.Put(c.clear, size.Width-side-m.Width, 16+(head-m.Height)/2, m.Width, m.Height)
	widgets.Put(c.heading, side, 16, w-m.Width-12, head)
	for _, r := range c.rows {
		r.setLow(c.shape == bare)
	}
	c.brief.Hide()
	y := 16 + head + 4
	parts := []fyne.CanvasObject{c.client.root, c.rule1, c.rule2, c.note.root}
	for _, o := range parts {
		if c.shape == small {
			o.Hide()
		} else {
			o.Show()
		}
	}
	bottom := size.Height - 12
	if c.shape == bare {
		c.heading.Hide()
		c.clear.Hide()
		y = 10
	} else {
		c.heading.Show()
		c.clear.Show()
	}
	if c.shape == small {
		y -= 4
		if c.s.pad.Client != "" {
			c.brief.Show()
			heading := theme.Heading().Measure(c.heading.Text()).Width
			widgets.Put(c.brief, side+heading+12, 16, w-heading-m.Width-36, head)
		}
	} else {
		ch := c.client.height()
		widgets.Put(c.client.root, side, y, w, ch)
		y += ch
		widgets.Put(c.rule1, side, y+8, w, 1)
		y += 19
		nh := c.note.height()
		bottom = size.Height - 12 - nh - 5
		widgets.Put(c.note.root, side, size.Height-12-nh, w, nh)
		widgets.Put(c.rule2, side, bottom, w, 1)
	}
	widgets.Put(c.scroll, side-8, y, w+16, max(bottom-y, 1))
	widgets.Put(c.empty, side, y+24, w, c.empty.HeightFor(w))
}

// initials are the first letters of the first two words.
func initials(name string) string {
	var out []rune
	for _, w := range strings.Fields(name) {
		if len(out) < 2 {
			out = append(out, unicode.ToUpper([]rune(w)[0]))
		}
	}
	return string(out)
}
