package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"frontdesk/ui/theme"
)

// ButtonKind is how much a button asks to be pressed.
type ButtonKind int

// Kinds of buttons. A screen has at most one Primary.
const (
	Primary ButtonKind = iota
	Tonal
	Secondary
	Ghost
	Severe     // ghost in red
	OnAmber    // dark on a solid amber banner
	OutlineRed // red outline on a red banner
	OutlineAmber
	GhostPlum // ghost in plum: what is usually done with a card
)

// ButtonConfig describes a button. Height is 48 (zero value), 56, 64 or 72.
type ButtonConfig struct {
	Kind   ButtonKind
	Label  string
	Icon   string
	Key    string // hint at the right edge, hidden below 200 width
	Height float32
	OnTap  func()
}

// Button is a push button with icon, key hint, busy state and a reason when
// it is disabled.
type Button struct {
	control
	cfg    ButtonConfig
	busy   string
	reason string
}

// NewButton makes a button.
func NewButton(cfg ButtonConfig) *Button {
	if cfg.Height == 0 {
		cfg.Height = 48
	}
	b := &Button{cfg: cfg}
	b.act, b.name = cfg.OnTap, cfg.Label
	b.extend(b)
	return b
}

// SetLabel changes the words.
func (b *Button) SetLabel(label string) {
	if b.cfg.Label != label {
		b.cfg.Label, b.name = label, label
		b.Refresh()
	}
}

// SetIcon changes the icon; an empty name takes it away.
func (b *Button) SetIcon(icon string) {
	if b.cfg.Icon != icon {
		b.cfg.Icon = icon
		b.Refresh()
	}
}

// Label returns the words.
func (b *Button) Label() string { return b.cfg.Label }

// SetHeight changes the height at factor 1.
func (b *Button) SetHeight(h float32) {
	if b.cfg.Height != h {
		b.cfg.Height = h
		b.Refresh()
	}
}

// SetOnTap changes what a press does.
func (b *Button) SetOnTap(f func()) { b.act = f }

// SetBusy locks the button and shows an hourglass with the words ("Sending…");
// empty words end it.
func (b *Button) SetBusy(words string) {
	if b.busy != words {
		b.busy = words
		b.disabled = words != "" || b.reason != ""
		b.Refresh()
	}
}

// SetReason disables the button and shows why below it; an empty reason
// enables it.
func (b *Button) SetReason(reason string) {
	if b.reason != reason {
		b.reason = reason
		b.disabled = reason != "" || b.busy != ""
		b.Refresh()
	}
}

// Press does what a tap does; for Enter and shortcuts.
func (b *Button) Press() { b.fire() }

// AccessibilityLabel is the label, with the reason while disabled.
func (b *Button) AccessibilityLabel() string {
	if b.reason != "" {
		return b.cfg.Label + ", " + b.reason
	}
	return b.cfg.Label
}

func (b *Button) style() theme.Style {
	switch {
	case b.cfg.Height >= 84:
		return theme.ButtonXL().Scaled(30)
	case b.cfg.Height >= 72:
		return theme.ButtonXL()
	case b.cfg.Height >= 64:
		return theme.ButtonL()
	}
	return theme.BodyStrong()
}

func (b *Button) radius() float32 {
	switch {
	case b.cfg.Height >= 72:
		return 20
	case b.cfg.Height >= 64:
		return 18
	case b.cfg.Height >= 56:
		return 16
	}
	return 14
}

func (b *Button) label() (icon, text string) {
	if b.busy != "" {
		return "hourglass", b.busy
	}
	return b.cfg.Icon, b.cfg.Label
}

// look returns the skin and the colours of words and hint.
func (b *Button) look() (k Skin, words, hint fyne.ThemeColorName) {
	k = Skin{Radius: b.radius()}
	switch b.cfg.Kind {
	case Primary:
		k.Fill, words, hint = b.fill(theme.Primary, theme.PrimaryHover, theme.PrimaryPressed), theme.OnPrimary, theme.OnPrimary2
		if b.busy != "" {
			k.Fill = theme.PrimaryPressed
			return k, words, hint
		}
	case Tonal:
		k.Fill, words, hint = b.fill(theme.PrimaryTint, theme.PrimaryTintHover, theme.PrimaryTintHover), theme.OnPrimaryTint, theme.OnPrimaryTint
	case Secondary:
		k.Fill, words, hint = b.fill(theme.Paper, theme.ShellHover, theme.ShellPressed), theme.Ink, theme.Ink3
		k.Stroke, k.Width = theme.Border, 1.5
	case OnAmber:
		k.Fill, words, hint = theme.Amber.On(), theme.Amber.Solid(), theme.Amber.Solid()
		return k, words, hint
	case OutlineRed:
		words, hint = theme.Red.Text(), theme.Red.Text()
		k.Fill, k.Stroke, k.Width = b.fill(theme.None, theme.Red.Line(), theme.Red.Line()), theme.Red.Text(), 1.5
	case OutlineAmber:
		words, hint = theme.Amber.Text(), theme.Amber.Text()
		k.Fill, k.Stroke, k.Width = b.fill(theme.None, theme.Amber.Line(), theme.Amber.Line()), theme.Amber.Text(), 1.5
	case GhostPlum:
		k.Fill, words, hint = b.fill(theme.None, theme.PrimaryTint, theme.PrimaryTint), theme.Primary, theme.Primary
	case Severe:
		k.Fill, words, hint = b.fill(theme.None, theme.Red.Tint(), theme.Red.Tint()), theme.Red.Text(), theme.Red.Text()
	default:
		k.Fill, words, hint = b.fill(theme.None, theme.ShellHover, theme.ShellPressed), theme.Ink2, theme.Ink3
	}
	if b.disabled && b.busy == "" {
		k.Fill, words, hint = theme.DisabledFill, theme.InkDisabled, theme.InkDisabled
		k.Stroke = ""
		if b.ghost() {
			k.Fill = theme.None
		}
	}
	return k, words, hint
}

// ghost reports whether the button has no face of its own.
func (b *Button) ghost() bool {
	return b.cfg.Kind == Ghost || b.cfg.Kind == Severe || b.cfg.Kind == GhostPlum
}

// sidePadding is the room left and right of the words; ghosts align with the
// text around them.
func (b *Button) sidePadding() float32 {
	if b.ghost() {
		return 16
	}
	return 20
}

// CreateRenderer draws face, words, hint, reason and ring.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	d := &buttonDrawing{b: b, face: newRect(), ring: newRect(), icon: newIcon(), one: newText(), two: newText(), key: newText(), why: newText()}
	r := &renderer{objects: []fyne.CanvasObject{d.face, d.ring, d.icon, d.one, d.two, d.key, d.why}}
	r.paint, r.place, r.minSize = d.paint, d.place, d.minSize
	d.paint()
	return r
}

type buttonDrawing struct {
	b                  *Button
	face, ring         *canvas.Rectangle
	icon               *canvas.Image
	one, two, key, why *canvas.Text
	words              fyne.ThemeColorName
}

func (d *buttonDrawing) paint() {
	k, words, hint := d.b.look()
	d.words = words
	paintRect(d.face, k)
	d.b.paintRing(d.ring, k.Radius)
	icon, _ := d.b.label()
	paintIcon(d.icon, icon, words)
	paintText(d.key, theme.Caption(), hint)
	paintText(d.why, theme.Caption(), theme.Ink2)
	d.key.Text, d.why.Text = d.b.cfg.Key, d.b.reason
}

func (d *buttonDrawing) minSize() fyne.Size {
	icon, text := d.b.label()
	w := d.b.style().Measure(text).Width + 2*d.b.sidePadding()
	if icon != "" {
		w += d.iconRoom()
	}
	h := scaled(d.b.cfg.Height)
	if d.b.reason != "" {
		h += 4 + theme.Caption().LineHeight()
		w = max(w, theme.Caption().Measure(d.b.reason).Width)
	}
	return fyne.NewSize(w, h)
}

func (d *buttonDrawing) iconSize() float32 {
	if d.b.cfg.Height >= 64 {
		return scaled(24)
	}
	return scaled(20)
}

func (d *buttonDrawing) iconRoom() float32 {
	_, text := d.b.label()
	if text == "" {
		return d.iconSize()
	}
	return d.iconSize() + 10
}

func (d *buttonDrawing) place(s fyne.Size) {
	h := s.Height
	if d.b.reason != "" {
		line := theme.Caption().LineHeight()
		h -= 4 + line
		placeText(d.why, 0, h+4, s.Width, line)
	}
	placeRect(d.face, 0, 0, s.Width, h)
	placeRing(d.ring, 0, 0, s.Width, h)
	icon, text := d.b.label()
	room := s.Width - 2*min(d.b.sidePadding(), 12)
	lead := float32(0)
	if icon != "" {
		lead = d.iconRoom()
	}
	style, lines := fitLabel(text, d.b.style(), room-lead)
	paintText(d.one, style, d.words)
	paintText(d.two, style, d.words)
	d.one.Text, d.two.Text = lines[0], ""
	if len(lines) > 1 {
		d.two.Text = lines[1]
	}
	width := max(style.Measure(d.one.Text).Width, style.Measure(d.two.Text).Width)
	x := (s.Width - width - lead) / 2
	put(d.icon, x, (h-d.iconSize())/2, d.iconSize(), d.iconSize())
	line := style.LineHeight()
	top := (h - line*float32(len(lines))) / 2
	placeText(d.one, x+lead, top, width, line)
	placeText(d.two, x+lead, top+line, width, line)
	d.placeKey(s.Width, h, x+lead+width)
}

// placeKey shows the hint where there is room for it.
func (d *buttonDrawing) placeKey(w, h, used float32) {
	kw := d.key.MinSize().Width
	x := w - 22 - kw
	if d.b.cfg.Key == "" || w < 200 || x < used+20 || d.b.busy != "" {
		d.key.Hide()
		return
	}
	d.key.Show()
	placeText(d.key, x, 0, kw, h)
}

// fitLabel finds the largest style in which the label fits the width, and
// breaks it into two lines when even the smallest does not.
func fitLabel(text string, s theme.Style, width float32) (theme.Style, []string) {
	for _, size := range []float32{s.Size, 24, 20, 17, 15} {
		if size > s.Size {
			continue
		}
		try := s.Scaled(size)
		if try.Measure(text).Width <= width+0.5 {
			return try, []string{text}
		}
		s = try
	}
	lines := wrap(text, s, width)
	if len(lines) > 2 {
		s = theme.CaptionStrong()
		lines = wrap(text, s, width)
	}
	if len(lines) > 2 {
		lines = []string{lines[0], ellipsis(text[len(lines[0]):], s, width)}
	}
	if len(lines) == 0 {
		lines = []string{""}
	}
	return s, lines
}
