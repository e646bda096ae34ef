package charge

import (
	"slices"

	"fyne.io/fyne/v2"

	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/ui/screens/cash"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// way is how the customer is asked to pay.
type way string

// Ways to pay. A code is that of a link, or of a payment request where no link
// can be made; a link that is sent lives a day.
const (
	byCode     way = "qr"
	byTerminal way = "terminal"
	byLink     way = "link"
	byCash     way = "cash" // noted by hand
)

func (w way) icon() string {
	switch w {
	case byTerminal:
		return "devices"
	case byLink:
		return "mail"
	case byCash:
		return "cash"
	}
	return "qr"
}

// rails are those that can be charged now.
func (s *Screen) rails() []payments.Rail {
	if s.cfg.Ways == nil {
		return []payments.Rail{payments.RailLink}
	}
	return s.cfg.Ways()
}

func (s *Screen) may(r payments.Rail) bool { return slices.Contains(s.rails(), r) }

// ways are those that are offered.
func (s *Screen) ways() []way {
	var list []way
	if s.may(payments.RailLink) || s.may(payments.RailRequest) {
		list = append(list, byCode)
	}
	if len(s.terminals()) > 0 {
		list = append(list, byTerminal)
	}
	if s.may(payments.RailLink) {
		list = append(list, byLink)
	}
	if s.may(payments.RailCash) {
		list = append(list, byCash)
	}
	return list
}

// railOf is the rail on which a terminal is charged.
func railOf(d devices.Status) payments.Rail {
	if d.Driver == devices.Cloud {
		return payments.RailCloud
	}
	return payments.RailTerminal
}

// terminals are the enabled ones whose rail can be charged.
func (s *Screen) terminals() []devices.Status {
	if s.cfg.Devices == nil {
		return nil
	}
	return slices.DeleteFunc(s.cfg.Devices(), func(d devices.Status) bool { return !d.Enabled || !s.may(railOf(d)) })
}

// terminal is the one that takes the next charge: the one chosen here, else the
// default, else the only one.
func (s *Screen) terminal() (devices.Status, bool) {
	list := s.terminals()
	for _, right := range []func(devices.Status) bool{
		func(d devices.Status) bool { return d.ID == s.device },
		func(d devices.Status) bool { return d.Default },
		func(devices.Status) bool { return len(list) == 1 },
	} {
		if i := slices.IndexFunc(list, right); i >= 0 {
			return list[i], true
		}
	}
	return devices.Status{}, false
}

// settleWay takes the way that was chosen here while it is offered, else the
// first: a desk that could take cash alone when it started, or whose terminal was
// gone for a while, comes back to what it is for. What is being asked for stays.
func (s *Screen) settleWay() []way {
	list := s.ways()
	switch {
	case s.busy && slices.Contains(list, s.way):
	case slices.Contains(list, s.picked):
		s.way = s.picked
	case len(list) > 0:
		s.way = list[0]
	default:
		s.way = byCode
	}
	return list
}

// wayLabel names a way. Where there are several terminals it names the one that
// would be charged.
func (s *Screen) wayLabel(w way) string {
	if w == byTerminal && len(s.terminals()) > 1 && theme.Factor() < 1.5 { // large words leave no room for a name
		if d, ok := s.terminal(); ok {
			return d.Label
		}
	}
	return s.cfg.Text.T("charge.way." + string(w))
}

// choose takes a way. Terminal, pressed again where there are several, asks
// which one.
func (s *Screen) choose(w way) {
	again := w == s.way
	s.picked = w
	s.render()
	if _, known := s.terminal(); w == byTerminal && len(s.terminals()) > 1 && (again || !known) {
		s.chooseTerminal()
	}
}

// toPractice is the choice beside the ways to pay while the secrets are locked.
const toPractice = "practice"

// locked reports whether the secrets are, so that money comes in cash alone.
func (s *Screen) locked() bool { return s.cfg.Locked != nil && s.cfg.Locked() }

// chooseWay asks how the customer pays, where the segments have no room.
func (s *Screen) chooseWay() {
	if s.cfg.Host.Top() != nil {
		return
	}
	t := s.cfg.Text
	var rows []widgets.TerminalRow
	for _, w := range s.settleWay() {
		rows = append(rows, widgets.TerminalRow{ID: string(w), Label: s.wayLabel(w), Words: t.T("charge.way.words." + string(w)), Chosen: w == s.way})
	}
	if s.locked() && s.cfg.Practice != nil {
		rows = append(rows, widgets.TerminalRow{ID: toPractice, Label: t.T("charge.practice"), Words: t.T("charge.locked")})
	}
	var sheet *widgets.Sheet
	body := widgets.TerminalChoice(t.T("charge.way.choose"), rows, func(id string) {
		s.cfg.Host.Close(sheet)
		if id == toPractice {
			s.cfg.Practice()
			return
		}
		s.choose(way(id))
	})
	sheet = widgets.NewSheet(widgets.SheetConfig{Name: t.T("charge.way.choose"), Width: 480, Content: body, CloseName: t.T("close")})
	s.cfg.Host.Show(sheet)
}

// countCash asks for the sum in cash before it is noted. What is noted is cash,
// also when another way came back meanwhile.
func (s *Screen) countCash() {
	due, err := s.pad.Total()
	if err != nil || s.cfg.Host.Top() != nil {
		return
	}
	if _, err := cash.Ask(cash.Config{Host: s.cfg.Host, Text: s.cfg.Text, Now: s.cfg.Now, Due: due, Take: func() {
		s.way = byCash
		s.send()
	}}); err != nil {
		s.refused = "internal"
		s.render()
	}
}

// chooseTerminal asks which terminal is to be charged.
func (s *Screen) chooseTerminal() {
	if s.cfg.Host.Top() != nil {
		return
	}
	t := s.cfg.Text
	chosen, _ := s.terminal()
	var rows []widgets.TerminalRow
	for _, d := range s.terminals() {
		rows = append(rows, widgets.TerminalRow{ID: d.ID, Label: d.Label, Words: t.T("device.health." + string(d.Health)), Chosen: d.ID == chosen.ID})
	}
	var sheet *widgets.Sheet
	body := widgets.TerminalChoice(t.T("pay.choose"), rows, func(id string) {
		s.cfg.Host.Close(sheet)
		s.device, s.picked = id, byTerminal
		s.render()
	})
	sheet = widgets.NewSheet(widgets.SheetConfig{Name: t.T("pay.choose"), Width: 480, Content: body, CloseName: t.T("close")})
	s.cfg.Host.Show(sheet)
}

// showWays draws the ways that are offered now.
func (c *moneyCard) showWays() {
	list := c.s.settleWay()
	labels := make([]string, len(list))
	for i, w := range list {
		labels[i] = c.s.wayLabel(w)
	}
	if c.s.locked() {
		if !c.locked || len(c.ways.Objects) == 0 {
			c.ways.Objects = []fyne.CanvasObject{c.lockedRow()}
			c.ways.Refresh()
		}
		c.locked, c.offered, c.labels = true, list, nil
		return
	}
	c.locked = false
	if c.segments == nil || !slices.Equal(list, c.offered) || !slices.Equal(labels, c.labels) {
		items := make([]widgets.Segment, len(list))
		for i, w := range list {
			items[i] = widgets.Segment{Label: labels[i], Icon: w.icon()}
		}
		c.offered, c.labels = list, labels
		c.segments = widgets.NewSegments(items, slices.Index(list, c.s.way), func(i int) { c.s.choose(c.offered[i]) })
		c.segments.SetOnRepeat(func(i int) { c.s.choose(c.offered[i]) })
		c.ways.Objects = nil
		if len(list) > 0 {
			c.ways.Add(c.segments)
		}
		c.ways.Refresh()
	}
	c.segments.SetChosen(slices.Index(list, c.s.way))
}

// lockedRow says why there is nothing to choose: the secrets are locked, so
// money comes in cash alone, and the way to Practice.
func (c *moneyCard) lockedRow() fyne.CanvasObject {
	t := c.s.cfg.Text
	words := widgets.NewParagraph(t.T("charge.locked"), theme.Caption(), theme.Ink2)
	parts := []fyne.CanvasObject{widgets.NewIcon("lock", 20, theme.Ink2), widgets.Grow(words)}
	if c.s.cfg.Practice != nil {
		parts = append(parts, widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Label: t.T("charge.practice"), OnTap: c.s.cfg.Practice}))
	}
	return widgets.Row(12, parts...)
}
