package widgets

import (
	"fyne.io/fyne/v2"
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
	keys    int
}

// Keys counts the keys that were typed here, so that somebody who only writes
// is not taken for nobody.
func (e *entry) Keys() int { return e.keys }

func (e *entry) TypedRune(r rune) {
	e.keys++
	e.Entry.TypedRune(r)
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
	e.keys++
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
	Secret                         bool    // what is typed shows as dots
	HelpName                       string  // names the question mark behind the label that calls OnHelp
	OnHelp                         func()
	OnBlur                         func() // the cursor left the box
	OnChanged                      func(string)
	OnSubmit                       func(string)
	OnKey                          func(*fyne.KeyEvent) bool // true when the key was used
}

// Field is a form row: label, box with entry, hint or error sentence below.
type Field struct {
	widget.BaseWidget
	cfg     FieldConfig
	entry   *entry
	help    *IconButton // nil without OnHelp
	err     string
	fact    Fact
	badge   Fact
	hovered bool
	focused bool

	followed func(fyne.CanvasObject) // a scroll around it wants to show it
}

// Fact is something known about what stands in a field: icon and words in the
// colour of a family. The zero Fact says nothing.
type Fact struct {
	Family theme.Family
	Icon   string
	Words  string
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
	f.entry.onFocus = f.focus
	if cfg.Secret {
		f.entry.Password = true
		f.entry.ActionItem = newRect() // else Fyne adds a button that shows the secret
	}
	if cfg.OnHelp != nil {
		f.help = NewIconButton("help", 18, cfg.HelpName, cfg.OnHelp)
	}
	f.ExtendBaseWidget(f)
	return f
}

func (f *Field) focus(v bool) {
	left := f.focused && !v
	f.focused = v
	f.Refresh()
	if v && f.followed != nil {
		f.followed(f)
	}
	if left && f.cfg.OnBlur != nil {
		f.cfg.OnBlur()
	}
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

// SetFact shows what is known about the value in place of the hint; an error
// wins over it. The zero Fact brings the hint back.
func (f *Field) SetFact(fact Fact) {
	if f.fact != fact {
		f.fact = fact
		f.Refresh()
	}
}

// SetBadge shows a few words at the right end of the box.
func (f *Field) SetBadge(badge Fact) {
	if f.badge != badge {
		f.badge = badge
		f.Refresh()
	}
}

// SetHint changes the sentence under the box.
func (f *Field) SetHint(hint string) {
	if f.cfg.Hint != hint {
		f.cfg.Hint = hint
		f.Refresh()
	}
}

// SetPlaceholder changes the words that stand in the box while it is empty.
func (f *Field) SetPlaceholder(words string) { f.entry.SetPlaceHolder(words) }

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

// AccessibilityLabel is the label, never the value.
func (f *Field) AccessibilityLabel() string { return f.cfg.Label }

// AccessibilityRole says that the field holds its entry.
func (f *Field) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// Tapped on the frame puts the cursor into the box.
func (f *Field) Tapped(*fyne.PointEvent) { f.Focus() }

// below is the text under the box, its colour and its icon.
func (f *Field) below() (text string, c fyne.ThemeColorName, icon string) {
	switch {
	case f.err != "":
		return f.err, theme.Red.Text(), "alert"
	case f.fact.Words != "":
		return f.fact.Words, f.fact.Family.Text(), f.fact.Icon
	}
	return f.cfg.Hint, theme.Ink2, ""
}
