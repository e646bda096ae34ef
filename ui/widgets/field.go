package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// entry is Fyne's entry that reports focus and passes on the keys it has no
// use for: function keys and Escape.
type entry struct {
	widget.Entry
	onFocus func(bool)
	onKey   func(*fyne.KeyEvent) bool
}

func newEntry() *entry {
	e := &entry{}
	e.ExtendBaseWidget(e)
	return e
}

func (e *entry) FocusGained() {
	e.Entry.FocusGained()
	e.onFocus(true)
}

func (e *entry) FocusLost() {
	e.Entry.FocusLost()
	e.onFocus(false)
}

func (e *entry) TypedKey(k *fyne.KeyEvent) {
	if e.onKey != nil && e.onKey(k) {
		return
	}
	switch k.Name {
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6,
		fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12:
		passKey(e, k)
	default:
		e.Entry.TypedKey(k)
	}
}

// FieldConfig describes a Field. Label, Hint and Icon may be empty.
type FieldConfig struct {
	Label, Hint, Icon, Placeholder string
	Height                         float32 // of the box, 52 when zero
	OnChanged                      func(string)
	OnSubmit                       func(string)
	OnKey                          func(*fyne.KeyEvent) bool // true when the key was used
}

// Field is a form row: label, box with entry, hint or error sentence below.
type Field struct {
	widget.BaseWidget
	cfg     FieldConfig
	entry   *entry
	err     string
	hovered bool
	focused bool
}

// NewField makes a field.
func NewField(cfg FieldConfig) *Field {
	if cfg.Height == 0 {
		cfg.Height = 52
	}
	f := &Field{cfg: cfg, entry: newEntry()}
	f.entry.PlaceHolder = cfg.Placeholder
	f.entry.OnChanged = cfg.OnChanged
	f.entry.OnSubmitted = cfg.OnSubmit
	f.entry.onKey = cfg.OnKey
	f.entry.onFocus = func(v bool) { f.focused = v; f.Refresh() }
	f.ExtendBaseWidget(f)
	return f
}

// NewSearch makes a search field, 420 x 52 in the page header.
func NewSearch(placeholder string, onChanged func(string)) *Field {
	return NewField(FieldConfig{Icon: "search", Placeholder: placeholder, OnChanged: onChanged})
}

// Text returns what was typed.
func (f *Field) Text() string { return f.entry.Text }

// SetText replaces what was typed.
func (f *Field) SetText(s string) { f.entry.SetText(s) }

// SetWords changes label, hint and placeholder, for another language.
func (f *Field) SetWords(label, hint, placeholder string) {
	f.cfg.Label, f.cfg.Hint = label, hint
	f.entry.SetPlaceHolder(placeholder)
	f.Refresh()
}

// SetError shows a sentence under the box, with a red outline; an empty one
// takes it away. The value stays.
func (f *Field) SetError(sentence string) {
	if f.err != sentence {
		f.err = sentence
		f.Refresh()
	}
}

// Focus puts the cursor into the box.
func (f *Field) Focus() {
	if c := canvasOf(f); c != nil {
		c.Focus(f.entry)
	}
}

// Focused reports whether the cursor is in the box.
func (f *Field) Focused() bool { return f.focused }

// Entry is the part that takes focus.
func (f *Field) Entry() fyne.Focusable { return f.entry }

// Disable locks the field.
func (f *Field) Disable() { f.entry.Disable(); f.Refresh() }

// Enable unlocks the field.
func (f *Field) Enable() { f.entry.Enable(); f.Refresh() }

// MouseIn shows hover.
func (f *Field) MouseIn(*desktop.MouseEvent) { f.hovered = true; f.Refresh() }

// MouseMoved needs nothing.
func (f *Field) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends hover.
func (f *Field) MouseOut() { f.hovered = false; f.Refresh() }

// Tapped on the frame puts the cursor into the box.
func (f *Field) Tapped(*fyne.PointEvent) { f.Focus() }

// below is the text under the box and its colour.
func (f *Field) below() (string, fyne.ThemeColorName) {
	if f.err != "" {
		return f.err, theme.Red.Text()
	}
	return f.cfg.Hint, theme.Ink2
}

// CreateRenderer draws label, box, entry, and hint or error.
func (f *Field) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	d := &fieldDrawing{
		f: f, box: newRect(), ring: newRect(), icon: newIcon(), warn: newIcon(), label: newText(),
		note: NewParagraph("", theme.Caption(), theme.Ink2), bare: newBare(f.entry, f.cfg.Height),
	}
	r := &renderer{objects: []fyne.CanvasObject{d.box, d.ring, d.icon, d.bare, d.label, d.warn, d.note}}
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
	d.label.Text = f.cfg.Label
	text, c := f.below()
	d.note.SetText(text)
	d.note.SetLook(theme.Caption(), c)
	warn := ""
	if f.err != "" {
		warn = "alert"
	}
	paintIcon(d.warn, warn, c)
}

func (d *fieldDrawing) place(s fyne.Size) {
	f := d.f
	d.width = s.Width
	y := float32(0)
	if f.cfg.Label != "" {
		placeText(d.label, 0, 0, s.Width, theme.BodyStrong().LineHeight())
		y = theme.BodyStrong().LineHeight() + 4
	}
	h, left := scaled(f.cfg.Height), float32(0)
	placeRect(d.box, 0, y, s.Width, h)
	put(d.ring, 0, y, s.Width, h)
	if f.cfg.Icon != "" {
		put(d.icon, 16, y+(h-scaled(20))/2, scaled(20), scaled(20))
		left = 16 + scaled(20) - 6
	}
	eh := min(d.bare.MinSize().Height, h)
	put(d.bare, left, y+(h-eh)/2, s.Width-left, eh)
	y += h + 6
	lead := f.lead()
	put(d.warn, 0, y, scaled(16), scaled(16))
	text, _ := f.below()
	lines := float32(len(wrap(text, theme.Caption(), s.Width-lead)))
	put(d.note, lead, y, s.Width-lead, lines*theme.Caption().LineHeight())
}

func (f *Field) lead() float32 {
	if f.err != "" {
		return scaled(16) + 6
	}
	return 0
}

func (f *Field) height(width float32) float32 {
	h := scaled(f.cfg.Height)
	if f.cfg.Label != "" {
		h += theme.BodyStrong().LineHeight() + 4
	}
	if text, _ := f.below(); text != "" {
		n := 1
		if width > 0 {
			n = len(wrap(text, theme.Caption(), width-f.lead()))
		}
		h += 6 + float32(n)*theme.Caption().LineHeight()
	}
	return h
}
