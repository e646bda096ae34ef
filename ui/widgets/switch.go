package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"frontdesk/ui/theme"
)

// SwitchConfig describes a Switch. Label is its name; On and Off are the words
// of its state. With Bare only the track is drawn, for places where label and
// word stand beside it already.
type SwitchConfig struct {
	Label, Sentence string
	On, Off         string
	Value, Bare     bool
	OnChange        func(on bool)
}

// Switch is something that is on or off: label and sentence, the state in
// words, and a track of 52 x 32 with a knob. The whole row is the target.
type Switch struct {
	control
	cfg    SwitchConfig
	on     bool
	reason string
}

// NewSwitch makes a switch.
func NewSwitch(cfg SwitchConfig) *Switch {
	s := &Switch{cfg: cfg, on: cfg.Value}
	s.name = cfg.Label
	s.act = s.flip
	s.extend(s)
	return s
}

func (s *Switch) flip() {
	s.SetOn(!s.on)
	if s.cfg.OnChange != nil {
		s.cfg.OnChange(s.on)
	}
}

// On reports the state.
func (s *Switch) On() bool { return s.on }

// SetOn changes the state without calling back.
func (s *Switch) SetOn(on bool) {
	if s.on != on {
		s.on = on
		s.Refresh()
	}
}

// SetReason disables the switch and says why in place of its sentence; an
// empty reason enables it.
func (s *Switch) SetReason(reason string) {
	if s.reason != reason {
		s.reason = reason
		s.disabled = reason != ""
		s.Refresh()
	}
}

func (s *Switch) word() string {
	if s.on {
		return s.cfg.On
	}
	return s.cfg.Off
}

// AccessibilityLabel is the label with the state, and the reason while locked.
func (s *Switch) AccessibilityLabel() string {
	name := s.cfg.Label
	if w := s.word(); w != "" {
		name += ", " + w
	}
	if s.reason != "" {
		name += ", " + s.reason
	}
	return name
}

// CreateRenderer draws the row.
func (s *Switch) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	d := &switchDrawing{
		s: s, face: newRect(), track: newRect(), knob: newRect(), ring: newRect(), label: newText(), word: newText(),
		note: NewParagraph("", theme.Caption(), theme.Ink2),
	}
	r := &renderer{objects: []fyne.CanvasObject{d.track, d.knob, d.ring}}
	if !s.cfg.Bare {
		r.objects = []fyne.CanvasObject{d.face, d.label, d.note, d.word, d.track, d.knob, d.ring}
	}
	r.paint, r.place, r.minSize = d.paint, d.place, d.minSize
	d.paint()
	return r
}

// switchDrawing is what a Switch is drawn with.
type switchDrawing struct {
	s                       *Switch
	face, track, knob, ring *canvas.Rectangle
	label, word             *canvas.Text
	note                    *Paragraph
	width                   float32 // the last one given
}

func (d *switchDrawing) sentence() string {
	if d.s.reason != "" {
		return d.s.reason
	}
	return d.s.cfg.Sentence
}

func (d *switchDrawing) paint() {
	s := d.s
	track, knob, ink := Skin{Fill: s.fill(theme.Border, theme.Ink3, theme.Ink3), Radius: trackHeight() / 2}, theme.Paper, theme.Ink
	if s.on {
		track.Fill, knob = s.fill(theme.Primary, theme.PrimaryHover, theme.PrimaryPressed), theme.OnPrimary
	}
	if s.disabled {
		track.Fill, knob, ink = theme.DisabledFill, theme.InkDisabled, theme.InkDisabled
	}
	paintRect(d.track, track)
	paintRect(d.knob, Skin{Fill: knob, Radius: (trackHeight() - 8) / 2})
	s.paintRing(d.ring, track.Radius)
	paintRect(d.face, Skin{Fill: s.fill(theme.None, theme.Shell, theme.ShellHover), Radius: 14})
	if s.disabled {
		paintRect(d.face, Skin{})
	}
	paintText(d.label, theme.BodyStrong(), ink)
	paintText(d.word, theme.Caption(), theme.Ink2)
	d.word.Text = s.word()
	d.note.SetText(d.sentence())
}

func trackHeight() float32 { return 32 * theme.BigFactor() }

func trackWidth() float32 { return 52 * theme.BigFactor() }

// wordRoom is as wide as the longer of both words, so that nothing moves when
// the switch is flipped.
func (d *switchDrawing) wordRoom() float32 {
	w := max(theme.Caption().Measure(d.s.cfg.On).Width, theme.Caption().Measure(d.s.cfg.Off).Width)
	if w > 0 {
		w += 12
	}
	return w
}

func (d *switchDrawing) room() float32 { return d.width - trackWidth() - d.wordRoom() - 16 }

func (d *switchDrawing) minSize() fyne.Size {
	if d.s.cfg.Bare {
		return fyne.NewSize(trackWidth()+8, max(48, trackHeight()+8))
	}
	h := theme.BodyStrong().LineHeight()
	if text := d.sentence(); text != "" {
		room := d.room()
		if d.width == 0 {
			room = 0
		}
		h += float32(len(wrap(text, theme.Caption(), room))) * theme.Caption().LineHeight()
	}
	return fyne.NewSize(trackWidth()+d.wordRoom()+100, max(48, h+16))
}

func (d *switchDrawing) place(size fyne.Size) {
	d.width = size.Width
	w, h := trackWidth(), trackHeight()
	x, y := size.Width-w, (size.Height-h)/2
	if d.s.cfg.Bare {
		x = (size.Width - w) / 2
	}
	put(d.track, x, y, w, h)
	placeRing(d.ring, x, y, w, h)
	k := h - 8
	at := x + 4
	if d.s.on {
		at = x + w - 4 - k
	}
	put(d.knob, at, y+4, k, k)
	if d.s.cfg.Bare {
		return
	}
	put(d.face, -12, 0, size.Width+20, size.Height)
	d.word.Alignment = fyne.TextAlignTrailing
	placeText(d.word, x-12-d.wordRoom(), 0, d.wordRoom(), size.Height)
	line := theme.BodyStrong().LineHeight()
	note := float32(0)
	if text := d.sentence(); text != "" {
		note = float32(len(wrap(text, theme.Caption(), d.room()))) * theme.Caption().LineHeight()
	}
	top := (size.Height - line - note) / 2
	d.label.Text = ellipsis(d.s.cfg.Label, theme.BodyStrong(), d.room())
	placeText(d.label, 0, top, d.room(), line)
	put(d.note, 0, top+line, d.room(), note)
}
