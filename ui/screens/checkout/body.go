package checkout

import (
	"fyne.io/fyne/v2"

	"frontdesk/app/text"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Sizes of the dialog at 1280 x 800 (look.md 3).
const (
	panelWidth = 436
	qrSide     = 370
	closeSide  = 48
)

// hands are what the buttons do.
type hands struct {
	act  func(Action)
	copy func()
	mail func()
}

// body is the content of the dialog for one Model. tick changes what the clock
// changes; everything else needs a new body.
type body struct {
	root    fyne.CanvasObject
	tick    func(Tick)
	buttons map[Act]*widgets.Button
	copied  *widgets.Button
	first   fyne.Focusable // gets the focus when the body appears
}

func newBody(m Model, c *text.Catalog, h hands) *body {
	b := &body{buttons: map[Act]*widgets.Button{}}
	switch {
	case m.Waiting && m.Terminal.Label != "":
		b.presenting(m, c, h)
	case m.Waiting:
		b.waiting(m, c, h)
	default:
		b.result(m, c, h)
	}
	b.tick(m.Tick)
	return b
}

// halves lays a panel of 436 beside the rest; where the dialog is too narrow
// for both, the panel takes at most 42 of 100.
func halves(panel, right fyne.CanvasObject) *fyne.Container {
	return widgets.Place(nil, func(s fyne.Size) {
		w := min(float32(panelWidth), s.Width*0.42)
		widgets.Put(panel, 0, 0, w, s.Height)
		widgets.Put(right, w, 0, s.Width-w, s.Height)
	}, panel, right)
}

// column puts a scrolling middle above a fixed foot, with the dialog's
// padding. The scroll reaches beyond the text so that focus rings show and the
// thumb stands in the padding.
func column(middle, foot fyne.CanvasObject, between float32) *fyne.Container {
	scroll := widgets.NewScroll(widgets.Pad(widgets.Insets{Left: 8, Right: 24, Bottom: 8}, middle))
	return widgets.Place(nil, func(s fyne.Size) {
		w := s.Width - 80
		foot.Resize(fyne.NewSize(w, foot.Size().Height))
		h := foot.MinSize().Height
		widgets.Put(foot, 40, s.Height-32-h, w, h)
		widgets.Put(scroll, 32, 36, w+32, s.Height-36-32-h-between)
	}, scroll, foot)
}

func (b *body) button(a Action, cfg widgets.ButtonConfig, h hands) *widgets.Button {
	cfg.Label, cfg.Icon = a.Label, a.Icon
	cfg.OnTap = func() { h.act(a) }
	btn := widgets.NewButton(cfg)
	b.buttons[a.Act] = btn
	return btn
}

func (b *body) waiting(m Model, c *text.Catalog, h hands) {
	qr := widgets.NewQRCard(qrSide)
	qr.SetModules(m.QR)
	words := widgets.NewMatchWords(m.Words, theme.Words())
	same := widgets.NewParagraph(c.T("checkout.words.same"), theme.Body(), m.Family.Text()).Center()
	if m.Words == "" {
		same.Hide()
	}
	caption := widgets.NewParagraph("", theme.Caption(), theme.Ink2)
	b.tick = func(t Tick) {
		qr.SetHint(t.Preparing)
		caption.SetText(t.Caption)
	}
	left := widgets.Stack(widgets.NewLeftPanel(m.Family.Tint()), codeSide(qr, words, same))
	middle := widgets.Col(0,
		widgets.Row(18, widgets.StateSeal(widgets.Mark{Family: m.Family, Icon: m.Icon}),
			widgets.Grow(stateWord(m.Word, m.Family))),
		gap(16), widgets.NewParagraph(m.Sentence, theme.LeadLarge(), theme.Ink),
		gap(4), caption, gap(34),
		widgets.NewAmount(c.Number(m.Amount), string(m.Amount.Currency), 96),
		gap(16), widgets.NewParagraph(m.Who, theme.Lead(), theme.Ink2),
		trouble(m), widgets.Space(), gap(12), b.link(m, c, h),
	)
	b.root = halves(left, column(middle, b.waitingFoot(m, c, h), 0))
}

// stateWord is the word beside the seal, as large as fits.
func stateWord(word string, f theme.Family) fyne.CanvasObject {
	t := widgets.NewText(word, theme.Status(), f.Text())
	return widgets.Place(func() fyne.Size { return fyne.NewSize(0, theme.Status().LineHeight()) }, func(s fyne.Size) {
		style := theme.Status()
		for _, size := range []float32{48, 40, 34, 28, 24, 20} {
			style = theme.Status().Scaled(size)
			if style.Measure(word).Width <= s.Width {
				break
			}
		}
		t.SetLook(style, f.Text())
		widgets.Put(t, 0, 0, s.Width, s.Height)
	}, t)
}

func codeSide(qr *widgets.QRCard, words, same fyne.CanvasObject) *fyne.Container {
	return widgets.Place(nil, func(s fyne.Size) {
		side := min(qrSide, s.Width-32)
		ws := words.MinSize()
		same.Resize(fyne.NewSize(s.Width-32, same.Size().Height))
		ch := same.MinSize().Height
		y := (s.Height - side - 26 - ws.Height - 10 - ch) / 2
		widgets.Put(qr, (s.Width-side)/2, y, side, side)
		y += side + 26
		widgets.Put(words, (s.Width-ws.Width)/2, y, ws.Width, ws.Height)
		widgets.Put(same, 16, y+ws.Height+10, s.Width-32, ch)
	}, qr, words, same)
}

func gap(h float32) fyne.CanvasObject {
	return widgets.Sized(1, h, widgets.NewSurface(widgets.Skin{}))
}

// trouble says why the last press had no effect.
func trouble(m Model) fyne.CanvasObject {
	p := widgets.NewParagraph(m.Problem, theme.Body(), theme.Red.Text())
	o := widgets.Pad(widgets.Insets{Top: 10}, p)
	if m.Problem == "" {
		o.Hide()
	}
	return o
}

func (b *body) link(m Model, c *text.Catalog, h hands) fyne.CanvasObject {
	if m.Link == "" || m.Locked {
		return gap(0)
	}
	address := widgets.NewText(shortLink(m.Link), theme.Body(), theme.Ink).Shrink()
	box := widgets.Stack(
		widgets.NewSurface(widgets.Skin{Fill: theme.Shell, Stroke: theme.Hairline, Width: 1, Radius: 14}),
		widgets.Pad(widgets.Insets{Left: 15, Right: 15}, address))
	b.copied = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Label: c.T("checkout.copy"), Icon: "copy", Height: 52, OnTap: h.copy})
	mail := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Label: c.T("checkout.mail"), Icon: "mail", Height: 52, OnTap: h.mail})
	return widgets.Col(8, widgets.NewParagraph(c.T("checkout.cannotscan"), theme.Caption(), theme.Ink2),
		widgets.Row(8, widgets.Grow(box), b.copied, mail))
}

func (b *body) waitingFoot(m Model, c *text.Catalog, h hands) fyne.CanvasObject {
	cancel := b.button(Action{Act: ActCancel, Label: c.T("checkout.cancel")}, widgets.ButtonConfig{Kind: widgets.Ghost}, h)
	if m.Locked {
		cancel.SetBusy(c.T("checkout.cancelling"))
	} else {
		b.first = cancel
	}
	var side []*widgets.Button
	for i, a := range m.Side {
		kind := widgets.Secondary
		if i == len(m.Side)-1 {
			kind = widgets.Tonal
		}
		btn := b.button(a, widgets.ButtonConfig{Kind: kind}, h)
		side = append(side, btn)
		b.first = btn
	}
	return widgets.Pad(widgets.Insets{Top: 18}, widgets.Col(22, widgets.NewHairline(), apart(cancel, side)))
}

// apart puts a ghost button at the left edge and the others at the right one;
// where they do not fit beside each other the others share a line above it.
func apart(ghost *widgets.Button, others []*widgets.Button) fyne.CanvasObject {
	const between, overhang = 10, 16
	width := float32(0)
	needs := func() (all, high float32) {
		m := ghost.MinSize()
		all, high = m.Width-overhang, m.Height
		for _, b := range others {
			m := b.MinSize()
			all, high = all+between+m.Width, max(high, m.Height)
		}
		return all, high
	}
	least := func() fyne.Size {
		all, high := needs()
		if width > 0 && all > width && len(others) > 0 {
			high += high + between
		}
		return fyne.NewSize(200, high)
	}
	parts := []fyne.CanvasObject{ghost}
	for _, b := range others {
		parts = append(parts, b)
	}
	return widgets.Place(least, func(s fyne.Size) {
		width = s.Width
		all, high := needs()
		widgets.Put(ghost, -overhang, s.Height-high, min(ghost.MinSize().Width, s.Width+overhang), high)
		n := float32(len(others))
		x := s.Width
		for i := len(others) - 1; i >= 0; i-- {
			w, y := others[i].MinSize().Width, s.Height-high
			if all > s.Width {
				w, y = (s.Width-between*(n-1))/n, 0
			}
			x -= w
			widgets.Put(others[i], x, y, w, high)
			x -= between
		}
	}, parts...)
}
