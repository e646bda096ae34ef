package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// StatePanelConfig is what a state panel says. Tint makes it pale with a
// countdown ring (Part of it drawn) around the icon, else it is solid.
type StatePanelConfig struct {
	Family           theme.Family
	Icon, Word       string
	Number, Currency string
	Line             string
	Tint             bool
	Part             float32
}

// StatePanel is the left half of a result: icon, word, amount and one line,
// readable from two metres. Its left corners are those of a dialog.
type StatePanel struct {
	widget.BaseWidget
	cfg    StatePanelConfig
	amount *Amount
	ring   *Ring
}

// NewStatePanel makes a panel.
func NewStatePanel(cfg StatePanelConfig) *StatePanel {
	p := &StatePanel{cfg: cfg, amount: NewAmount(cfg.Number, cfg.Currency, 64).Center()}
	p.ring = NewRing(158, cfg.Family, cfg.Icon)
	p.ExtendBaseWidget(p)
	return p
}

// SetTick changes what a countdown changes: the line and the ring.
func (p *StatePanel) SetTick(line string, part float32) {
	p.ring.SetPart(part)
	if p.cfg.Line != line {
		p.cfg.Line, p.cfg.Part = line, part
		p.Refresh()
	}
}

// AccessibilityLabel is the word, the amount and the line.
func (p *StatePanel) AccessibilityLabel() string {
	return p.cfg.Word + ", " + p.cfg.Number + " " + p.cfg.Currency + ", " + p.cfg.Line
}

// AccessibilityRole says that this is text.
func (p *StatePanel) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer draws the panel.
func (p *StatePanel) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	d := &panelDrawing{p: p, ground: newRect(), circle: canvas.NewCircle(theme.Color(theme.None)), icon: newIcon()}
	r := &renderer{objects: []fyne.CanvasObject{d.ground, d.circle, d.icon, p.ring, p.amount}}
	r.minSize = func() fyne.Size { return fyne.NewSize(280, 420) }
	r.paint = d.paint
	fixed := r.objects
	r.place = func(s fyne.Size) {
		d.place(s)
		r.objects = append(fixed[:len(fixed):len(fixed)], d.texts...)
	}
	d.paint()
	return r
}

type panelDrawing struct {
	p      *StatePanel
	ground *canvas.Rectangle
	circle *canvas.Circle
	icon   *canvas.Image
	texts  []fyne.CanvasObject
}

// inks returns the colours of word and line.
func (d *panelDrawing) inks() (on, on2 fyne.ThemeColorName) {
	f := d.p.cfg.Family
	if d.p.cfg.Tint {
		return f.Text(), f.Text()
	}
	return f.On(), f.On2()
}

func (d *panelDrawing) paint() {
	c := d.p.cfg
	on, _ := d.inks()
	fill := c.Family.Solid()
	if c.Tint {
		fill = c.Family.Tint()
	}
	paintRect(d.ground, Skin{Fill: fill})
	d.ground.TopLeftCornerRadius, d.ground.BottomLeftCornerRadius = 28, 28
	d.circle.StrokeColor, d.circle.StrokeWidth = theme.Color(on), 5
	paintIcon(d.icon, c.Icon, on)
	d.circle.Hidden, d.icon.Hidden, d.p.ring.Hidden = c.Tint, c.Tint, !c.Tint
	d.p.ring.SetPart(c.Part)
	d.p.amount.SetColors(on, on)
}

const panelMargin = 28

func (d *panelDrawing) place(s fyne.Size) {
	c := d.p.cfg
	on, on2 := d.inks()
	put(d.ground, 0, 0, s.Width, s.Height)
	room := s.Width - 2*panelMargin
	style, words := panelWord(c.Word, room)
	small := theme.Style{Size: 18, Line: 24}
	lines := wrap(c.Line, small, room)
	circle := float32(148)
	if c.Tint {
		circle = 158
	}
	amount := theme.AmountPanel().LineHeight()
	word, line := style.LineHeight(), small.LineHeight()
	height := circle + 30 + word*float32(len(words)) + 5 + amount + 20 + line*float32(len(lines))
	y := max((s.Height-height)/2, 8)
	put(d.circle, (s.Width-circle)/2, y, circle, circle)
	put(d.icon, (s.Width-88)/2, y+(circle-88)/2, 88, 88)
	put(d.p.ring, (s.Width-circle)/2, y, circle, circle)
	y += circle + 30
	d.texts = nil
	for _, w := range words {
		d.text(w, style, on, y, s.Width, word)
		y += word
	}
	y += 5
	put(d.p.amount, panelMargin, y, room, amount)
	y += amount + 20
	for _, l := range lines {
		d.text(l, small, on2, y, s.Width, line)
		y += line
	}
}

func (d *panelDrawing) text(s string, style theme.Style, c fyne.ThemeColorName, y, w, h float32) {
	t := newText()
	paintText(t, style, c)
	t.Text, t.Alignment = s, fyne.TextAlignCenter
	placeText(t, 0, y, w, h)
	d.texts = append(d.texts, t)
}

// panelWord finds the largest style in which the word stands on one line, or
// on as many as it has words.
func panelWord(word string, width float32) (theme.Style, []string) {
	if s := theme.StatusPanel(); s.Measure(word).Width <= width {
		return s, []string{word}
	}
	s := theme.Status()
	s.Line = 54
	for _, size := range []float32{48, 40, 34, 26} {
		s = s.Scaled(size)
		lines := wrap(word, s, width)
		whole := len(lines) <= 3
		for _, l := range lines {
			whole = whole && s.Measure(l).Width <= width && containsWord(word, l)
		}
		if whole {
			return s, lines
		}
	}
	return s, wrap(word, s, width)
}

// containsWord tells whether a line is made of whole words of text.
func containsWord(text, line string) bool {
	return strings.Contains(" "+text+" ", " "+line+" ")
}
