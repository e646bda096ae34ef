package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// shell is what stays while pages change: frame, rail, strip, banners.
type shell struct {
	w       *Window
	root    *fyne.Container
	frame   *frame
	ground  *widgets.Surface
	railBg  *widgets.Surface
	mark    *widgets.Disc
	nav     map[pageName]*widgets.NavItem
	order   []*widgets.NavItem
	help    *widgets.NavItem
	strip   *strip
	banners *fyne.Container
	alarms  *bannerList
	page    *fyne.Container
}

func newShell(w *Window) *shell {
	t := w.text
	s := &shell{w: w, frame: newFrame(), nav: map[pageName]*widgets.NavItem{}, strip: newStrip(w), page: widgets.Stack()}
	s.ground = widgets.NewSurface(widgets.Skin{Fill: theme.Canvas})
	s.railBg = widgets.NewSurface(widgets.Skin{Fill: theme.Rail})
	s.mark = widgets.NewDisc(markConfig(44))
	for _, n := range []struct {
		page pageName
		icon string
	}{{pageCharge, "charge"}, {pagePayments, "payments"}, {pageDevices, "devices"}, {pageDay, "day"}, {pageSettings, "settings"}} {
		if n.page == pageDevices && w.cfg.Devices == nil || n.page == pageDay && w.cfg.Days == nil {
			continue
		}
		item := widgets.NewNavItem(t.T("shell."+string(n.page)), n.icon, func() { w.show(n.page) })
		s.nav[n.page] = item
		s.order = append(s.order, item)
	}
	s.help = widgets.NewNavItem(t.T("shell.help"), "help", w.help)
	s.alarms = &bannerList{w: w}
	s.banners = widgets.Col(12)
	objects := s.frame.objects()
	objects = append(objects, s.ground, s.railBg, s.mark)
	for _, n := range s.order {
		objects = append(objects, n)
	}
	objects = append(objects, s.help, s.strip.root, s.banners, s.page)
	s.root = widgets.Place(func() fyne.Size { return fyne.NewSize(800, 600) }, s.layout, objects...)
	s.setMode(w.snap.Mode)
	s.render()
	return s
}

// markConfig is the desk bell on plum in a size.
func markConfig(size float32) widgets.DiscConfig {
	return widgets.DiscConfig{Size: size, Radius: size * 0.27, Fill: theme.Primary, Color: theme.OnPrimary, Icon: "bell", IconSize: size * 0.6}
}

// setMode puts the frame of a mode around everything.
func (s *shell) setMode(m payments.Mode) {
	s.frame.fake = s.w.cfg.Simulated
	s.frame.setMode(m, s.w.text)
	corner := float32(frameCorner)
	if m == payments.Live && !s.w.cfg.Simulated {
		corner = 0
	}
	s.ground.SetSkin(widgets.Skin{Fill: theme.Canvas, Radius: corner})
	s.railBg.SetSkin(widgets.Skin{Fill: theme.Rail, LeftRadius: corner})
	s.w.host.SetInsets(s.frame.insets())
	s.root.Refresh()
}

// render shows the snapshot.
func (s *shell) render() {
	alarms := len(s.w.snap.Alarms)
	if n := s.nav[pagePayments]; n != nil {
		n.SetBadge(alarms)
	}
	s.strip.render()
	if s.alarms.changed() {
		s.banners.Objects = s.alarms.build()
		s.banners.Refresh()
		s.root.Refresh()
	}
}

// tick renews what depends on the clock.
func (s *shell) tick() { s.strip.render() }

func (s *shell) setPage(p pageName, content fyne.CanvasObject) {
	for name, n := range s.nav {
		n.SetActive(name == p)
	}
	s.page.Objects = []fyne.CanvasObject{content}
	s.page.Refresh()
}

func (s *shell) layout(size fyne.Size) {
	s.frame.layout(size)
	in, f := s.frame.insets(), theme.Factor()
	x, y := in.Left, in.Top
	w, h := size.Width-in.Left-in.Right, size.Height-in.Top-in.Bottom
	rail := s.layoutRail(x, y, w, h)
	widgets.Put(s.ground, x, y, w, h)
	strip := 56 * min(f, 1.2)
	if w/f < 1100 {
		strip = 52 * min(f, 1.2)
	}
	px, pw := x+rail, w-rail
	widgets.Put(s.strip.root, px, y, pw, max(strip, 48))
	top := y + max(strip, 48)
	if len(s.banners.Objects) > 0 {
		s.banners.Resize(fyne.NewSize(pw-48, 1))
		bh := s.banners.MinSize().Height
		widgets.Put(s.banners, px+24, top+4, pw-48, bh)
		top += bh + 12
	}
	widgets.Put(s.page, px, top, pw, y+h-top)
}

// layoutRail places the rail and returns its width.
func (s *shell) layoutRail(x, y, w, h float32) float32 {
	f := theme.Factor()
	item := fyne.NewSize(72, 68)
	for _, n := range append(s.order, s.help) {
		item = item.Max(n.MinSize())
	}
	rail := item.Width + 16
	if w/f < 1100 && f == 1 {
		rail = item.Width + 8
	}
	widgets.Put(s.railBg, x, y, rail, h)
	top, m := float32(14), 44*min(f, 1.2)
	s.mark.SetConfig(markConfig(m / f))
	widgets.Put(s.mark, x+(rail-m)/2, y+top, m, m)
	left := x + (rail-item.Width)/2
	top = 78
	if w/f < 1100 {
		top = 76
	}
	for _, n := range s.order {
		widgets.Put(n, left, y+top, item.Width, item.Height)
		top += item.Height + 4
	}
	widgets.Put(s.help, left, max(y+h-14-item.Height, y+top), item.Width, item.Height)
	return rail
}

// strip is the status strip: whose till this is, and what works.
type strip struct {
	w     *Window
	root  *fyne.Container
	salon *widgets.Text
	desk  *widgets.Text
	mode  *widgets.Pill
	relay *widgets.Signal
	terms *terminals
	clock *widgets.Text
	who   *widgets.Person
	shown string        // what it says, but for the age of the proof
	age   time.Duration // of the proof, as it says
}

// ageStep is how far the age of the proof may move before it is said again: a
// window that is drawn anew each second costs a computer without a graphics card
// a fifth of a core.
const ageStep = 10 * time.Second

func newStrip(w *Window) *strip {
	s := &strip{
		w:     w,
		salon: widgets.Strong(w.set.Salon).Shrink(),
		desk:  widgets.NewText("", theme.Caption(), theme.Ink2),
		mode:  widgets.NewPill(""),
		clock: widgets.Body(""),
	}
	var change func()
	if w.cfg.Operators != nil {
		change = w.change
	}
	s.who = widgets.NewPerson(w.operatorName(), initial(w.operatorName()), change)
	s.relay = widgets.NewSignal("relay", w.relaySheet)
	s.terms = newTerminals(w)
	s.root = widgets.Place(nil, s.layout, s.salon, s.desk, s.mode, s.relay, s.terms.root, s.clock, s.who)
	s.render()
	return s
}

// initial is the first letter of a name.
func initial(name string) string {
	for _, r := range name {
		return string(r)
	}
	return ""
}

// render shows the strip, when it has something else to say.
func (s *strip) render() {
	t, now := s.w.text, s.w.cfg.Now()
	_, sick, calm := s.w.relayWords(now, false)
	shown := fmt.Sprint(s.w.snap.Desk, s.w.snap.Mode, t.Clock(now.In(s.w.cfg.Zone)), s.w.operatorName(), sick, calm, s.terms.said())
	age := now.Sub(s.w.snap.Relay.At)
	if shown == s.shown && (age-s.age).Abs() < ageStep {
		return
	}
	s.shown, s.age = shown, age
	s.desk.SetText(s.w.snap.Desk)
	s.mode.SetText(t.T("mode." + string(s.w.snap.Mode)))
	s.clock.SetText(t.Clock(now.In(s.w.cfg.Zone)))
	s.who.Set(s.w.operatorName(), initial(s.w.operatorName()))
	s.root.Refresh()
}

// relayWords says when the way from the provider to this desk was last shown
// to work.
func (w *Window) relayWords(now time.Time, short bool) (words string, sick bool, calm theme.Family) {
	p, t := w.snap.Relay, w.text
	suffix := ""
	if short {
		suffix = ".short"
	}
	switch {
	case p.Err != "" && p.At.IsZero():
		return t.T("shell.relay.never" + suffix), true, theme.Amber
	case p.Err != "":
		return t.T("shell.relay.silent"+suffix, t.Duration(max(now.Sub(p.At), 0))), true, theme.Amber
	case p.At.IsZero() && w.noRelay():
		return t.T("shell.relay.none" + suffix), false, theme.Grey
	case p.At.IsZero():
		return t.T("shell.relay.starting" + suffix), false, theme.Grey
	}
	age := max(now.Sub(p.At), 0)
	if age < time.Second {
		age = time.Second
	}
	return t.T("shell.relay.proven"+suffix, t.Duration(age)), false, theme.Green
}

// noRelay reports whether there is nothing to be proven: Practice has its own
// relay, the other modes the one that was connected.
func (w *Window) noRelay() bool {
	return w.cfg.Desk != nil && w.snap.Mode != payments.Practice && w.cfg.Desk.Connection().Relay == ""
}

func (s *strip) layout(size fyne.Size) {
	f := theme.Factor()
	pad := float32(24)
	tight := size.Width/f < 760
	middle := func(o fyne.CanvasObject, x, w float32) { widgets.Put(o, x, 0, w, size.Height) }
	right := size.Width - pad
	s.who.SetNarrow(tight)
	nw := s.who.MinSize().Width
	middle(s.who, right-nw, nw)
	right -= nw
	s.clock.Hide()
	if !tight {
		s.clock.Show()
		cw := s.clock.MinSize().Width
		right -= 22 + cw
		middle(s.clock, right, cw)
	}
	s.relay.Set(s.w.relayWords(s.w.cfg.Now(), size.Width/f < 980))
	rw := s.relay.MinSize().Width
	right -= 14
	least := pad + min(theme.BodyStrong().Measure(s.salon.Text()).Width, 160*f) + 14 + s.mode.MinSize().Width + 16
	if dw := s.terms.fit(right - rw - least); dw > 0 {
		right -= dw
		middle(s.terms.root, right, dw)
	}
	right -= rw
	widgets.Put(s.relay, right, (size.Height-48)/2, rw, 48)
	x := pad
	mw := s.mode.MinSize().Width
	sw := theme.BodyStrong().Measure(s.salon.Text()).Width
	dw := s.desk.MinSize().Width
	room := right - x - 16
	s.desk.Hide()
	s.salon.Hide()
	if sw+14+mw <= room || room > 240*f {
		s.salon.Show()
		sw = min(sw, room-mw-14)
		middle(s.salon, x, sw)
		x += sw + 14
		if dw > 0 && sw+22+dw+14+mw <= room {
			s.desk.Show()
			x += 8
			middle(s.desk, x, dw)
			x += dw + 14
		}
	}
	middle(s.mode, x, mw)
}
