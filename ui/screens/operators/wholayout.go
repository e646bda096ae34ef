package operators

import (
	"slices"

	"fyne.io/fyne/v2"

	"frontdesk/app/operators"
	"frontdesk/app/text"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// content puts the people at the left and the PIN at the right.
func (w *Who) content(title string) fyne.CanvasObject {
	t := w.cfg.Text
	people := widgets.Col(4)
	for i, o := range w.list {
		row := widgets.NewListRow(Name(t, o), 60, 12, 0, widgets.Row(12, avatar(t, o, i, 40),
			widgets.Grow(middle(widgets.Col(0, widgets.Strong(Name(t, o)).Shrink(), widgets.NewText(role(t, o), theme.Caption(), theme.Ink2).Shrink())))),
			func() { w.choose(i) })
		w.rows = append(w.rows, row)
		people.Add(row)
	}
	scroll := widgets.NewScroll(people)
	foot := widgets.Col(4)
	if w.cfg.OnLock != nil && !w.cfg.Lock {
		foot.Add(atLeft(widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Icon: "lock", Label: t.T("operators.lock"), OnTap: func() {
			w.cfg.Host.Close(w.sheet)
			w.cfg.OnLock()
		}})))
	}
	if w.cfg.Rescue != nil && w.ownerHasPIN() {
		foot.Add(atLeft(widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Icon: "key", Label: t.T("operators.forgot"), OnTap: w.forgot})))
	}
	heading := widgets.Title(title).Shrink()
	for _, o := range []fyne.CanvasObject{
		w.name, space(4), w.note, space(8), w.pin, space(8), w.pad.root, space(16), w.enter,
	} {
		w.right.Add(o)
	}
	line := widgets.NewSurface(widgets.Skin{Fill: theme.Hairline})
	parts := whoParts{heading: heading, scroll: scroll, people: people, foot: foot, right: w.right, line: line, lock: w.cfg.Lock}
	return widgets.Place(parts.min, parts.place, heading, scroll, foot, line, w.right)
}

func (w *Who) ownerHasPIN() bool {
	return slices.ContainsFunc(w.list, func(o operators.Operator) bool { return o.Owner && o.HasPIN })
}

// atLeft keeps a button at its own width; a longer label gives way at the
// end of the room.
func atLeft(b *widgets.Button) fyne.CanvasObject {
	return widgets.Place(func() fyne.Size { return fyne.NewSize(48, b.MinSize().Height) }, func(s fyne.Size) {
		widgets.Put(b, 0, 0, min(b.MinSize().Width, s.Width), s.Height)
	}, b)
}

// whoParts is what the sheet lays out.
type whoParts struct {
	heading      *widgets.Text
	scroll       *widgets.Scroll
	people, foot *fyne.Container
	right        *fyne.Container
	line         fyne.CanvasObject
	lock         bool
}

const whoHead = 60

func (p whoParts) min() fyne.Size {
	left := p.people.MinSize().Height + p.foot.MinSize().Height + 16
	return fyne.NewSize(640, max(p.right.MinSize().Height, min(left, 420))+whoHead+32+36)
}

func (p whoParts) place(s fyne.Size) {
	w, h := s.Width, s.Height
	x, y := float32(36), float32(32)
	if p.lock { // in the middle of the window
		w = min(800*theme.Factor(), s.Width-48)
		h = min(p.min().Height, s.Height)
		x, y = (s.Width-w)/2+36, (s.Height-h)/2+24
	}
	inner := w - 72
	left := min(280*theme.Factor(), inner*0.42)
	widgets.Put(p.heading, x, y, inner-48, p.heading.MinSize().Height)
	top := y + whoHead
	bottom := y - 32 + h - 32
	if p.lock {
		bottom = y - 24 + h - 24
	}
	fh := p.foot.MinSize().Height
	widgets.Put(p.scroll, x-12, top, left+12, bottom-top-fh-12)
	widgets.Put(p.foot, x-16, bottom-fh, left+16, fh)
	widgets.Put(p.line, x+left+20, top, 1, bottom-top)
	rx := x + left + 40
	rw := x + inner - rx
	p.right.Resize(fyne.NewSize(rw, p.right.Size().Height))
	rh := p.right.MinSize().Height
	widgets.Put(p.right, rx, max(top, top+(bottom-top-rh)/2), rw, rh)
}

// middle keeps an object at full width and its own height.
func middle(o fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Place(o.MinSize, func(s fyne.Size) {
		h := o.MinSize().Height
		widgets.Put(o, 0, (s.Height-h)/2, s.Width, h)
	}, o)
}

func space(h float32) fyne.CanvasObject {
	return widgets.Sized(1, h, widgets.NewSurface(widgets.Skin{}))
}

// keypad presses digits into PIN boxes.
type keypad struct {
	root *fyne.Container
	keys []*widgets.PadKey
}

func newKeypad(t *text.Catalog, pin *widgets.PINBoxes) *keypad {
	k := &keypad{}
	add := func(kind widgets.KeyKind, digit, icon, name string, act func()) {
		k.keys = append(k.keys, widgets.NewPadKey(kind, digit, icon, name, act))
	}
	for _, d := range "123456789" {
		add(widgets.DigitKey, string(d), "", string(d), func() { pin.Press(d) })
	}
	add(widgets.FunctionKey, "C", "", t.T("operators.pin.clear"), func() {
		for pin.Digits() != "" {
			pin.Back()
		}
	})
	add(widgets.DigitKey, "0", "", "0", func() { pin.Press('0') })
	add(widgets.FunctionKey, "", "backspace", t.T("operators.pin.back"), pin.Back)
	objects := make([]fyne.CanvasObject, len(k.keys))
	for i, key := range k.keys {
		objects[i] = key
	}
	const w, h, gap = 88, 64, 8
	k.root = widgets.Place(func() fyne.Size { return fyne.NewSize(3*w+2*gap, 4*h+3*gap) }, func(s fyne.Size) {
		x := (s.Width - (3*w + 2*gap)) / 2
		for i, key := range k.keys {
			widgets.Put(key, x+float32(i%3)*(w+gap), float32(i/3)*(h+gap), w, h)
		}
	}, objects...)
	return k
}

func (k *keypad) lock(v bool) {
	for _, key := range k.keys {
		if v {
			key.Disable()
		} else {
			key.Enable()
		}
	}
}
