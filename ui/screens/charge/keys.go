package charge

import (
	"fyne.io/fyne/v2"
)

// place names what is being edited in words instead of digits.
type place int

const (
	nothing place = iota
	client
	note
	label
)

// edit is the text field that is open, if any.
type edit struct {
	what place
	item int
}

// TypedRune takes what the window has no other use for.
func (s *Screen) TypedRune(r rune) {
	switch {
	case r == '+':
		s.v.light("+")
		s.change(func(p Pad) Pad { return p.AddLine() })
	case r == ' ':
	default:
		s.v.light(string(r))
		s.change(func(p Pad) Pad { return p.Type(r) })
	}
}

// TypedKey takes what the window has no other use for; false means that the
// key does nothing here.
func (s *Screen) TypedKey(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		s.Charge()
	case fyne.KeyBackspace:
		s.v.light("back")
		s.change(func(p Pad) Pad { return p.Backspace() })
	case fyne.KeyDelete:
		s.v.light("C")
		s.change(func(p Pad) Pad { return p.ClearLine() })
	case fyne.KeyEscape:
		s.escape()
	case fyne.KeyUp:
		s.change(func(p Pad) Pad { return p.Choose(p.Active - 1) })
	case fyne.KeyDown:
		s.change(func(p Pad) Pad { return p.Choose(p.Active + 1) })
	default:
		return false
	}
	return true
}

// escape goes one step back: out of a field, away from a sentence, then out of
// the line being typed.
func (s *Screen) escape() {
	switch {
	case s.edit.what != nothing:
		s.closeEdit()
	case s.pad.Trouble != "" || s.refused != "":
		s.pad, s.refused = s.pad.Keep(), ""
		s.render()
	default:
		s.change(func(p Pad) Pad { return p.ClearLine() })
	}
}

// begin opens a text field.
func (s *Screen) begin(e edit) {
	if s.busy {
		return
	}
	s.commitEdit()
	s.edit = e
	s.render()
	s.v.focusEdit(e)
}

// closeEdit leaves the field without keeping what was typed into it.
func (s *Screen) closeEdit() {
	s.edit = edit{}
	s.cfg.Host.Canvas().Unfocus()
	s.render()
}

// commitEdit keeps what was typed into the open field.
func (s *Screen) commitEdit() {
	e := s.edit
	if e.what == nothing {
		return
	}
	words := s.v.edited(e)
	s.edit = edit{}
	if words == s.words(e) {
		s.render()
		return
	}
	s.change(func(p Pad) Pad {
		switch e.what {
		case client:
			return p.withClient(words)
		case note:
			return p.withNote(words)
		}
		return p.Label(e.item, words)
	})
}

// fieldKey serves Escape inside a text field.
func (s *Screen) fieldKey(e *fyne.KeyEvent) bool {
	if e.Name == fyne.KeyEscape {
		s.closeEdit()
		return true
	}
	return false
}

// submit serves Enter inside a text field.
func (s *Screen) submit(string) {
	s.commitEdit()
	s.cfg.Host.Canvas().Unfocus()
}
