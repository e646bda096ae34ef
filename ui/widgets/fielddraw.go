package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"frontdesk/ui/theme"
)

// CreateRenderer draws label, box, entry, badge, and hint, fact or error.
func (f *Field) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	d := &fieldDrawing{
		f: f, box: newRect(), ring: newRect(), icon: newIcon(), warn: newIcon(), label: newText(),
		note: NewParagraph("", theme.Caption(), theme.Ink2), bare: newBare(f.entry, f.cfg.Height),
		mark: newIcon(), badge: newText(),
	}
	r := &renderer{objects: []fyne.CanvasObject{d.box, d.ring, d.icon, d.bare, d.label, d.warn, d.note}}
	if f.help != nil {
		r.objects = append(r.objects, f.help)
	}
	r.objects = append(r.objects, d.mark, d.badge)
	r.paint, r.place = d.paint, d.place
	r.minSize = func() fyne.Size { return fyne.NewSize(120, f.height(d.width)) }
	d.paint()
	return r
}

// fieldDrawing is what a Field is drawn with.
type fieldDrawing struct {
	f          *Field
	box, ring  *canvas.Rectangle
	icon, warn *canvas.Image
	label      *canvas.Text
	note       *Paragraph
	bare       fyne.CanvasObject
	mark       *canvas.Image
	badge      *canvas.Text
	width      float32 // the last one given
}

func (d *fieldDrawing) paint() {
	f := d.f
	k := Skin{Fill: theme.Paper, Stroke: theme.Border, Width: 1.5, Radius: 14}
	if f.hovered {
		k.Fill = theme.Shell
	}
	if f.entry.Disabled() {
		k = Skin{Fill: theme.DisabledFill, Radius: 14}
	}
	if f.err != "" {
		k.Stroke, k.Width = theme.Red.Text(), 2
	}
	paintRect(d.box, k)
	ring := Skin{Radius: 16}
	if f.focused {
		ring.Stroke, ring.Width = theme.FocusRing, 3
	}
	paintRect(d.ring, ring)
	paintIcon(d.icon, f.cfg.Icon, theme.Ink3)
	paintText(d.label, theme.BodyStrong(), theme.Ink)
	text, c, icon := f.below()
	d.note.SetText(text)
	d.note.SetLook(theme.Caption(), c)
	paintIcon(d.warn, icon, c)
	paintText(d.badge, theme.CaptionStrong(), f.badge.Family.Text())
	d.badge.Text = f.badge.Words
	mark := f.badge.Icon
	if f.badge.Words == "" {
		mark = ""
	}
	paintIcon(d.mark, mark, f.badge.Family.Text())
}

func (d *fieldDrawing) place(s fyne.Size) {
	f := d.f
	d.width = s.Width
	y := float32(0)
	if f.cfg.Label != "" {
		d.placeLabel(s.Width)
		y = theme.BodyStrong().LineHeight() + 4
	}
	h, left := scaled(f.cfg.Height), float32(0)
	placeRect(d.box, 0, y, s.Width, h)
	put(d.ring, 0, y, s.Width, h)
	if f.cfg.Icon != "" {
		put(d.icon, 16, y+(h-scaled(20))/2, scaled(20), scaled(20))
		left = 16 + scaled(20) - 6
	}
	right := d.placeBadge(s.Width, y, h)
	eh := min(d.bare.MinSize().Height, h)
	put(d.bare, left, y+(h-eh)/2, s.Width-left-right, eh)
	y += h + 6
	lead := f.lead()
	put(d.warn, 0, y, scaled(16), scaled(16))
	text, _, _ := f.below()
	lines := float32(len(wrap(text, theme.Caption(), s.Width-lead)))
	put(d.note, lead, y, s.Width-lead, lines*theme.Caption().LineHeight())
}

// placeLabel puts the label, and the question mark right behind it.
func (d *fieldDrawing) placeLabel(width float32) {
	line, style := theme.BodyStrong().LineHeight(), theme.BodyStrong()
	room := width
	if d.f.help != nil {
		room -= d.f.help.MinSize().Width
	}
	d.label.Text = ellipsis(d.f.cfg.Label, style, room)
	placeText(d.label, 0, 0, room, line)
	if h := d.f.help; h != nil {
		m := h.MinSize()
		put(h, min(style.Measure(d.label.Text).Width-4, room), (line-m.Height)/2, m.Width, m.Height)
	}
}

// placeBadge puts the words at the right end of the box and returns the room
// they take. In a narrow box they give way.
func (d *fieldDrawing) placeBadge(width, y, h float32) float32 {
	d.badge.Hide()
	if d.f.badge.Words == "" {
		return 0
	}
	w := theme.CaptionStrong().Measure(d.f.badge.Words).Width
	room := 16 + w
	if d.f.badge.Icon != "" {
		room += scaled(16) + 7
	}
	if room > width-100 {
		d.mark.Hide()
		return 0
	}
	d.badge.Show()
	if d.f.badge.Icon != "" {
		d.mark.Show()
	}
	placeText(d.badge, width-16-w, y, w, h)
	put(d.mark, width-room, y+(h-scaled(16))/2, scaled(16), scaled(16))
	return room
}

func (f *Field) lead() float32 {
	if _, _, icon := f.below(); icon != "" {
		return scaled(16) + 6
	}
	return 0
}

func (f *Field) height(width float32) float32 {
	h := scaled(f.cfg.Height)
	if f.cfg.Label != "" {
		h += theme.BodyStrong().LineHeight() + 4
	}
	if text, _, _ := f.below(); text != "" {
		n := 1
		if width > 0 {
			n = len(wrap(text, theme.Caption(), width-f.lead()))
		}
		h += 6 + float32(n)*theme.Caption().LineHeight()
	}
	return h
}
