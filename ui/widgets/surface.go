package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// Surface is a rounded rectangle that follows the theme.
type Surface struct {
	widget.BaseWidget
	skin Skin
}

// NewSurface makes a rectangle in a skin.
func NewSurface(k Skin) *Surface {
	s := &Surface{skin: k}
	s.ExtendBaseWidget(s)
	return s
}

// SetSkin changes how the rectangle is painted.
func (s *Surface) SetSkin(k Skin) {
	if s.skin != k {
		s.skin = k
		s.Refresh()
	}
}

// CreateRenderer draws the rectangle.
func (s *Surface) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	rect := newRect()
	r := &renderer{objects: []fyne.CanvasObject{rect}}
	r.paint = func() { paintRect(rect, s.skin) }
	r.place = func(size fyne.Size) { placeRect(rect, 0, 0, size.Width, size.Height) }
	r.paint()
	return r
}

// CardSkin is white paper with radius 20 and the card's shadow.
func CardSkin() Skin { return Skin{Fill: theme.Paper, Radius: 20, Shadow: CardShadow} }

// NewCard lays content on a card with padding in dp.
func NewCard(padding Insets, content fyne.CanvasObject) *fyne.Container {
	return Stack(NewSurface(CardSkin()), Pad(padding, content))
}

// NewHairline is a line of 1 dp, for the height or width its layout gives it.
func NewHairline() fyne.CanvasObject {
	return Sized(1, 1, NewSurface(Skin{Fill: theme.Hairline}))
}

// Icon is a themed icon of a fixed size that grows with the text factor.
type Icon struct {
	widget.BaseWidget
	name  string
	size  float32
	color fyne.ThemeColorName
}

// NewIcon makes an icon; names are the files of assets/icons.
func NewIcon(name string, size float32, color fyne.ThemeColorName) *Icon {
	i := &Icon{name: name, size: size, color: color}
	i.ExtendBaseWidget(i)
	return i
}

// SetIcon changes icon and colour.
func (i *Icon) SetIcon(name string, color fyne.ThemeColorName) {
	if i.name != name || i.color != color {
		i.name, i.color = name, color
		i.Refresh()
	}
}

// CreateRenderer draws the icon in the middle of its box.
func (i *Icon) CreateRenderer() fyne.WidgetRenderer {
	i.ExtendBaseWidget(i)
	img := newIcon()
	r := &renderer{objects: []fyne.CanvasObject{img}}
	r.paint = func() { paintIcon(img, i.name, i.color) }
	r.minSize = func() fyne.Size { return fyne.NewSquareSize(scaled(i.size)) }
	r.place = func(s fyne.Size) {
		d := scaled(i.size)
		put(img, (s.Width-d)/2, (s.Height-d)/2, d, d)
	}
	r.paint()
	return r
}

// Disc is a circle or rounded square with an icon or initials inside: state
// dots, avatars, icon squares of favourites.
type Disc struct {
	widget.BaseWidget
	cfg DiscConfig
}

// DiscConfig describes a Disc. Radius 0 makes a circle. Icon wins over Text.
type DiscConfig struct {
	Size, Radius float32
	Fill, Color  fyne.ThemeColorName
	Icon         string
	IconSize     float32
	Text         string
	TextStyle    theme.Style
}

// NewDisc makes a disc.
func NewDisc(cfg DiscConfig) *Disc {
	d := &Disc{cfg: cfg}
	d.ExtendBaseWidget(d)
	return d
}

// SetConfig changes the disc.
func (d *Disc) SetConfig(cfg DiscConfig) {
	if d.cfg != cfg {
		d.cfg = cfg
		d.Refresh()
	}
}

// CreateRenderer draws the disc.
func (d *Disc) CreateRenderer() fyne.WidgetRenderer {
	d.ExtendBaseWidget(d)
	rect, img, text := newRect(), newIcon(), newText()
	r := &renderer{objects: []fyne.CanvasObject{rect, img, text}}
	r.paint = func() {
		radius := scaled(d.cfg.Radius)
		if radius == 0 {
			radius = scaled(d.cfg.Size) / 2
		}
		paintRect(rect, Skin{Fill: d.cfg.Fill, Radius: radius})
		paintIcon(img, d.cfg.Icon, d.cfg.Color)
		text.Text = ""
		if d.cfg.Icon == "" && d.cfg.Text != "" {
			paintText(text, d.cfg.TextStyle, d.cfg.Color)
			text.Text, text.Alignment = d.cfg.Text, fyne.TextAlignCenter
		}
	}
	r.minSize = func() fyne.Size { return fyne.NewSquareSize(scaled(d.cfg.Size)) }
	r.place = func(s fyne.Size) {
		side, icon := scaled(d.cfg.Size), scaled(d.cfg.IconSize)
		x, y := (s.Width-side)/2, (s.Height-side)/2
		put(rect, x, y, side, side)
		put(img, x+(side-icon)/2, y+(side-icon)/2, icon, icon)
		placeText(text, x, y, side, side)
	}
	r.paint()
	return r
}
