package charge

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// moneyCard is the right column: what the customer will pay, the pad, the way
// to pay and the one button.
type moneyCard struct {
	s        *Screen
	root     *fyne.Container
	toPay    *widgets.Text
	currency *widgets.Text
	amount   *widgets.Amount
	parts    *widgets.Text
	warn     *widgets.Icon
	trouble  *widgets.Paragraph
	keys     map[string]*widgets.PadKey
	order    []*widgets.PadKey // row by row, 4 wide; the last is Add line
	ways     *fyne.Container   // holds the segments
	segments *widgets.Segments
	offered  []way
	labels   []string
	button   *widgets.Button
	fold     *widgets.PadKey // stands for the segments where they have no room
	folded   bool
	locked   bool // the ways are those of a locked vault
	m        moneySizes
}

// moneySizes are the measures of one window class at text factor 1.
type moneySizes struct {
	padding, top  float32
	amount, digit float32
	parts         bool
	ways          bool
	gap           float32 // between the pad, the ways and the button
	charge        float32
}

func newMoneyCard(s *Screen) *moneyCard {
	t := s.cfg.Text
	c := &moneyCard{
		s:        s,
		toPay:    widgets.NewText(t.T("charge.topay"), theme.Body(), theme.Ink2).Shrink(),
		currency: widgets.NewText(string(s.cfg.Currency), theme.Body(), theme.Ink2).Right(),
		amount:   widgets.NewAmount("", "", 96).Right(),
		parts:    widgets.NewText("", theme.Body(), theme.Ink2).Right().Shrink(),
		warn:     widgets.NewIcon("alert", 18, theme.Red.Text()),
		trouble:  widgets.NewParagraph("", theme.CaptionStrong(), theme.Red.Text()),
		keys:     map[string]*widgets.PadKey{},
	}
	for _, name := range []string{"1", "2", "3", "back", "4", "5", "6", "undo", "7", "8", "9", "+", "C", "0", "00"} {
		k := c.key(name)
		c.keys[name] = k
		c.order = append(c.order, k)
	}
	c.ways = widgets.Stack()
	c.showWays()
	c.button = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 72, Key: t.T("key.enter"), OnTap: s.Charge})
	objects := []fyne.CanvasObject{c.toPay, c.currency, c.amount, c.parts, c.warn, c.trouble}
	for _, k := range c.order {
		objects = append(objects, k)
	}
	c.fold = widgets.NewPadKey(widgets.FunctionKey, "", "up", t.T("charge.way.choose"), s.chooseWay)
	c.fold.Hide()
	objects = append(objects, c.ways, c.button, c.fold)
	c.root = widgets.Stack(widgets.NewSurface(widgets.CardSkin()), widgets.Place(nil, c.layout, objects...))
	return c
}

// key makes one key of the pad.
func (c *moneyCard) key(name string) *widgets.PadKey {
	s, t := c.s, c.s.cfg.Text
	switch name {
	case "back":
		return widgets.NewPadKey(widgets.FunctionKey, "", "backspace", t.T("charge.key.backspace"), func() { s.change(func(p Pad) Pad { return p.Backspace() }) })
	case "undo":
		return widgets.NewPadKey(widgets.FunctionKey, "", "undo", t.T("charge.undo"), s.Undo)
	case "C":
		return widgets.NewPadKey(widgets.FunctionKey, "C", "", t.T("charge.key.clear"), func() { s.change(func(p Pad) Pad { return p.ClearLine() }) })
	case "+":
		k := widgets.NewPadKey(widgets.AddKey, "", "plus", t.T("charge.key.add"), func() { s.change(func(p Pad) Pad { return p.AddLine() }) })
		k.SetLabel(t.T("charge.key.add"))
		return k
	case "00":
		return widgets.NewPadKey(widgets.DigitKey, name, "", name, func() { s.change(func(p Pad) Pad { return p.DoubleZero() }) })
	}
	d, err := strconv.Atoi(name)
	if err != nil {
		d = 0
	}
	return widgets.NewPadKey(widgets.DigitKey, name, "", name, func() { s.change(func(p Pad) Pad { return p.Type(rune('0' + d)) }) })
}

func (c *moneyCard) render() {
	t, p := c.s.cfg.Text, c.s.pad
	c.showWays()
	total, err := p.Total()
	if err == nil {
		c.amount.SetAmount(t.Number(total), "")
	}
	c.parts.SetText(c.composition())
	c.trouble.SetText(c.sentence())
	c.button.SetLabel(t.T("charge.button", t.Amount(total)))
	if c.s.way == byLink || c.s.way == byCash {
		c.button.SetLabel(t.T("charge.button."+string(c.s.way), t.Amount(total)))
	}
	if total.IsZero() && len(p.Lines()) == 0 {
		c.button.SetLabel(t.T("charge.button.empty"))
	}
	busy := ""
	if c.s.busy {
		busy = t.T("charge.busy")
		if c.s.way == byTerminal || c.s.way == byCash {
			busy = t.T("charge.button.busy." + string(c.s.way))
		}
	}
	c.button.SetBusy(busy)
	if c.s.denied != "" {
		c.button.Disable()
	} else if busy == "" {
		c.button.Enable()
	}
	if len(c.s.past) == 0 {
		c.keys["undo"].Disable()
	} else {
		c.keys["undo"].Enable()
	}
	c.root.Refresh()
}

// composition is "Cut 25.00 + Blow-dry 20.00"; one plain line needs none.
func (c *moneyCard) composition() string {
	t := c.s.cfg.Text
	var out strings.Builder
	items := c.s.pad.Items
	if len(items) == 1 && items[0].Label == "" {
		return ""
	}
	for _, i := range items {
		a := i.Amount()
		if a.IsZero() {
			continue
		}
		sign := " + "
		if a.Minor < 0 {
			sign = " − "
			a.Minor = -a.Minor
		}
		if out.Len() > 0 || a.Minor < 0 {
			out.WriteString(sign)
		}
		if i.Label != "" {
			out.WriteString(i.Label + " ")
		}
		out.WriteString(t.Number(a))
	}
	return out.String()
}

// sentence is what stands at the number when it cannot be charged, or when
// the till said no.
func (c *moneyCard) sentence() string {
	t := c.s.cfg.Text
	switch {
	case c.s.pad.Trouble != "":
		key := "charge.trouble." + strings.TrimPrefix(c.s.pad.Trouble, "amount.")
		if t.Has(key) {
			total, _ := c.s.pad.Total()
			return t.T(key, c.s.pad.Limit(), total)
		}
		return t.Problem(c.s.pad.Trouble).Text()
	case c.s.denied != "":
		return c.s.denied
	case c.s.refused != "":
		return t.Problem(c.s.refused).Text()
	}
	return ""
}

// leastPad is the height below which the keys would be hard to hit; amount and
// ways to pay give way first.
const leastPad = 4*56 + 3*8

// touchPad is the height the keys keep before the ways to pay fold away.
const touchPad = 4*64 + 3*8

func (c *moneyCard) layout(size fyne.Size) {
	m, f := c.m, theme.Factor()
	x, w := m.padding, size.Width-2*m.padding
	line := theme.Body().LineHeight()
	head := max(28, line)
	widgets.Put(c.toPay, x, m.top, w*0.6, head)
	cw := c.currency.MinSize().Width
	widgets.Put(c.currency, x+w-cw, m.top, cw, head)
	charge := m.charge * min(f, 1.32)
	by := size.Height - m.padding - charge
	c.ways.Resize(fyne.NewSize(w, c.ways.Size().Height))
	h := c.ways.MinSize().Height
	row := leastPad + 12 + h + m.gap
	y, reason := float32(0), false
	if c.locked { // the reason, and the way to Practice, stay in sight where they can
		y, reason = c.layoutAmount(x, m.top+head, w, by-14-row)
	}
	if !reason {
		y, _ = c.layoutAmount(x, m.top+head, w, by-14-leastPad)
	}
	c.button.SetHeight(m.charge)
	end := by - 14
	c.ways.Hide()
	wanted := m.ways && (len(c.offered) > 1 || c.locked)
	fits := by-y > touchPad+12+h+m.gap || reason
	if wanted && fits {
		c.ways.Show()
		end = by - 12 - h
		widgets.Put(c.ways, x, end, w, h)
		end -= m.gap
	}
	c.layoutCharge(x, by, w, charge, wanted && !fits)
	c.layoutKeys(x, y, w, end-y)
}

// layoutAmount puts the number, as large as leaves the words below it end before
// a height, and returns where they end and whether they do.
func (c *moneyCard) layoutAmount(x, top, w, before float32) (end float32, fits bool) {
	line := theme.Body().LineHeight()
	for _, amount := range []float32{c.m.amount, 80, 64, 48} {
		if amount > c.m.amount {
			continue
		}
		c.amount.SetMaxSize(amount)
		ah := theme.AmountCharge().Scaled(amount).LineHeight()
		widgets.Put(c.amount, x, top, w+1, ah)
		end = c.layoutWords(x, top+ah, w, line)
		if end <= before {
			return end, true
		}
	}
	return end, false
}

// layoutCharge puts the button, and beside it the arrow in which the ways to pay
// are folded where there is no room for them.
func (c *moneyCard) layoutCharge(x, y, w, h float32, folded bool) {
	c.folded = folded
	c.fold.Hidden = !folded
	icon := ""
	if folded {
		icon = c.s.way.icon()
		side := max(h, 64)
		widgets.Put(c.fold, x+w-side, y, side, h)
		w -= side + 8
	}
	c.button.SetIcon(icon)
	widgets.Put(c.button, x, y, w, h)
}

// layoutWords puts the composition, or the sentence about what is wrong, and
// returns where the pad begins.
func (c *moneyCard) layoutWords(x, y, w, line float32) float32 {
	bad := c.trouble.Text() != ""
	c.parts.Hide()
	c.warn.Hide()
	c.trouble.Hide()
	bottom := y + 12
	if c.m.parts {
		bottom = y + 2 + line + 14
	}
	if !bad {
		if c.m.parts {
			c.parts.Show()
			widgets.Put(c.parts, x, y+2, w, line)
		}
		return bottom
	}
	c.warn.Show()
	c.trouble.Show()
	side := c.warn.MinSize().Width
	h := c.trouble.HeightFor(w - side - 8)
	widgets.Put(c.warn, x, y+2, side, theme.Caption().LineHeight())
	widgets.Put(c.trouble, x+side+8, y+2, w-side-8, h)
	return max(bottom, y+2+h+12)
}

// layoutKeys places 4 x 4 cells; Add line is two cells tall, right column.
func (c *moneyCard) layoutKeys(x, y, w, h float32) {
	const gap = 8
	cw, ch := (w-3*gap)/4, (h-3*gap)/4
	cell := func(k *widgets.PadKey, col, row, tall int) {
		k.SetDigitSize(c.m.digit)
		widgets.Put(k, x+float32(col)*(cw+gap), y+float32(row)*(ch+gap), cw, float32(tall)*ch+float32(tall-1)*gap)
	}
	for i, k := range c.order {
		switch {
		case i == 11:
			cell(k, 3, 2, 2)
		default:
			cell(k, i%4, i/4, 1)
		}
	}
}
