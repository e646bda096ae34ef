package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// Mark is how a state looks: colour and icon. The word comes beside it.
type Mark struct {
	Family theme.Family
	Icon   string
}

// Chip is a state at arm's length: tint, icon 16, word in capitals.
type Chip struct {
	widget.BaseWidget
	mark Mark
	word string
}

// NewChip makes a chip, 28 high.
func NewChip(m Mark, word string) *Chip {
	c := &Chip{mark: m, word: word}
	c.ExtendBaseWidget(c)
	return c
}

// Set changes mark and word.
func (c *Chip) Set(m Mark, word string) {
	if c.mark != m || c.word != word {
		c.mark, c.word = m, word
		c.Refresh()
	}
}

// AccessibilityLabel is the word.
func (c *Chip) AccessibilityLabel() string { return c.word }

// AccessibilityRole says that this is text.
func (c *Chip) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer draws the chip at the left of its box.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	rect, icon, text := newRect(), newIcon(), newText()
	r := &renderer{objects: []fyne.CanvasObject{rect, icon, text}}
	style := theme.CaptionStrong()
	r.paint = func() {
		paintRect(rect, Skin{Fill: c.mark.Family.Tint(), Radius: scaled(28) / 2})
		paintIcon(icon, c.mark.Icon, c.mark.Family.Text())
		paintText(text, style, c.mark.Family.Text())
	}
	lead := func() float32 {
		if c.mark.Icon == "" {
			return 12
		}
		return 9 + scaled(16) + 6
	}
	r.minSize = func() fyne.Size {
		return fyne.NewSize(lead()+style.Measure(c.word).Width+12, scaled(28))
	}
	r.place = func(s fyne.Size) {
		h, w := scaled(28), min(r.minSize().Width, s.Width)
		y := (s.Height - h) / 2
		put(rect, 0, y, w, h)
		put(icon, 9, y+(h-scaled(16))/2, scaled(16), scaled(16))
		text.Text = ellipsis(c.word, style, w-lead()-12)
		placeText(text, lead(), y, w-lead(), h)
	}
	r.paint()
	return r
}

// StateDot is the tinted circle with the state's icon in rows.
func StateDot(m Mark) *Disc { return NewDisc(StateDotConfig(m)) }

// StateDotConfig is the look of a StateDot.
func StateDotConfig(m Mark) DiscConfig {
	return DiscConfig{Size: 36, Fill: m.Family.Tint(), Color: m.Family.Text(), Icon: m.Icon, IconSize: 19}
}

// StateSeal is the solid circle of 60 beside a state's word in dialogs.
func StateSeal(m Mark) *Disc {
	return NewDisc(DiscConfig{Size: 60, Fill: m.Family.Solid(), Color: m.Family.On(), Icon: m.Icon, IconSize: 32})
}

// Pill is an outlined word, for the mode in the status strip.
type Pill struct {
	widget.BaseWidget
	word string
}

// NewPill makes a pill, 24 high.
func NewPill(word string) *Pill {
	p := &Pill{word: word}
	p.ExtendBaseWidget(p)
	return p
}

// SetText changes the word.
func (p *Pill) SetText(word string) {
	if p.word != word {
		p.word = word
		p.Refresh()
	}
}

// CreateRenderer draws outline and word.
func (p *Pill) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	rect, text := newRect(), newText()
	r := &renderer{objects: []fyne.CanvasObject{rect, text}}
	r.paint = func() {
		paintRect(rect, Skin{Stroke: theme.Border, Width: 1, Radius: scaled(24) / 2})
		paintText(text, theme.Caption(), theme.Ink2)
		text.Text, text.Alignment = p.word, fyne.TextAlignCenter
	}
	r.minSize = func() fyne.Size {
		return fyne.NewSize(theme.Caption().Measure(p.word).Width+20, scaled(24))
	}
	r.place = func(s fyne.Size) {
		h := scaled(24)
		placeRect(rect, 0, (s.Height-h)/2, s.Width, h)
		placeText(text, 0, 0, s.Width, s.Height)
	}
	r.paint()
	return r
}
