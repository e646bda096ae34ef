package widgets

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
)

// Tile is a favourite: icon square, name and price; 64 high.
type Tile struct {
	control
	cfg TileConfig
}

// TileConfig describes a Tile.
type TileConfig struct {
	Name, Price string
	Icon        string
	Color       theme.Tile
}

// NewTile makes a tile.
func NewTile(cfg TileConfig, onTap func()) *Tile {
	t := &Tile{cfg: cfg}
	t.name, t.act = cfg.Name+" "+cfg.Price, onTap
	t.extend(t)
	return t
}

// Set changes what the tile shows and does.
func (t *Tile) Set(cfg TileConfig, onTap func()) {
	t.act = onTap
	if t.cfg != cfg {
		t.cfg, t.name = cfg, cfg.Name+" "+cfg.Price
		t.Refresh()
	}
}

// IconSquare is the tinted square of favourites and lines, 38 or 40 wide.
func IconSquare(size float32, icon string, c theme.Tile) DiscConfig {
	return DiscConfig{Size: size, Radius: 12, Fill: c.Fill(), Color: c.Icon(), Icon: icon, IconSize: 22}
}

// CreateRenderer draws the tile.
func (t *Tile) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	face, ring := newRect(), newRect()
	square := NewDisc(IconSquare(38, t.cfg.Icon, t.cfg.Color))
	name, price := newText(), newText()
	r := &renderer{objects: []fyne.CanvasObject{face, square, name, price, ring}}
	r.paint = func() {
		paintRect(face, Skin{Fill: t.fill(theme.Paper, theme.ShellHover, theme.ShellPressed), Radius: 16, Shadow: CardShadow})
		t.paintRing(ring, 16)
		square.SetConfig(IconSquare(38, t.cfg.Icon, t.cfg.Color))
		paintText(name, theme.BodyStrong(), theme.Ink)
		paintText(price, theme.Caption(), theme.Ink2)
		price.Text = t.cfg.Price
	}
	r.minSize = func() fyne.Size { return fyne.NewSize(12+scaled(38)+11+60, scaled(64)) }
	r.place = func(s fyne.Size) {
		put(face, 0, 0, s.Width, s.Height)
		placeRing(ring, 0, 0, s.Width, s.Height)
		side := scaled(38)
		put(square, 12, (s.Height-side)/2, side, side)
		x := 12 + side + 11
		one, two := theme.BodyStrong().LineHeight(), theme.Caption().LineHeight()
		name.Text = ellipsis(t.cfg.Name, theme.BodyStrong(), s.Width-x-8)
		top := (s.Height - one - two + 2) / 2
		placeText(name, x, top-1, s.Width-x, one)
		placeText(price, x, top+one-1, s.Width-x, two)
	}
	r.paint()
	return r
}
