package widgets

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"frontdesk/ui/theme"
)

// renderer serves every part: minSize may be nil (zero), paint re-reads theme
// and state, place puts the objects for a size.
type renderer struct {
	objects []fyne.CanvasObject
	minSize func() fyne.Size
	paint   func()
	place   func(fyne.Size)
	size    fyne.Size
	icons   map[*canvas.Image]iconLook
}

func (r *renderer) Destroy() {}

func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *renderer) MinSize() fyne.Size {
	if r.minSize == nil {
		return fyne.Size{}
	}
	return r.minSize()
}

func (r *renderer) Layout(s fyne.Size) {
	r.size = s
	if r.place != nil {
		r.place(s)
	}
}

func (r *renderer) Refresh() {
	if r.paint != nil {
		r.paint()
	}
	r.Layout(r.size)
	for _, o := range r.objects {
		if img, ok := o.(*canvas.Image); ok && r.drawn(img) {
			continue
		}
		o.Refresh()
	}
}

// drawn reports whether an icon was refreshed before in the same colour: to
// parse its drawing again costs more than all the rest of a refresh.
func (r *renderer) drawn(img *canvas.Image) bool {
	themed, ok := img.Resource.(fyne.ThemedResource)
	if !ok {
		return false
	}
	look := iconLook{name: img.Resource.Name(), color: theme.Color(themed.ThemeColorName())}
	if r.icons[img] == look {
		return true
	}
	if r.icons == nil {
		r.icons = map[*canvas.Image]iconLook{}
	}
	r.icons[img] = look
	return false
}

type iconLook struct {
	name  string
	color color.Color
}

// Shadow chooses one of the three shadows.
type Shadow int

// Shadows of tokens.json.
const (
	Flat Shadow = iota
	CardShadow
	RaisedShadow
	DialogShadow
)

// Skin is how a rounded rectangle is painted. Empty colours paint nothing.
type Skin struct {
	Fill, Stroke fyne.ThemeColorName
	Width        float32 // of the stroke
	Radius       float32
	LeftRadius   float32 // of the two left corners alone
	Shadow       Shadow
}

func newRect() *canvas.Rectangle { return canvas.NewRectangle(theme.Color(theme.None)) }

// paintRect gives the rectangle the skin's colours.
func paintRect(r *canvas.Rectangle, k Skin) {
	r.FillColor = theme.Color(theme.None)
	if k.Fill != "" {
		r.FillColor = theme.Color(k.Fill)
	}
	r.StrokeWidth = 0
	r.StrokeColor = nil
	if k.Stroke != "" {
		r.StrokeColor = theme.Color(k.Stroke)
		r.StrokeWidth = k.Width
	}
	r.CornerRadius = k.Radius
	r.TopLeftCornerRadius, r.BottomLeftCornerRadius = k.LeftRadius, k.LeftRadius
	r.Shadow = canvas.Shadow{}
	switch k.Shadow {
	case CardShadow:
		r.Shadow = canvas.Shadow{Color: theme.Color(theme.ShadowCard), BlurRadius: 14, Offset: fyne.NewPos(0, 2)}
	case RaisedShadow:
		r.Shadow = canvas.Shadow{Color: theme.Color(theme.ShadowCard), BlurRadius: 6, Offset: fyne.NewPos(0, 1)}
	case DialogShadow:
		r.Shadow = canvas.Shadow{Color: theme.Color(theme.ShadowDialog), BlurRadius: 54, Offset: fyne.NewPos(0, 18)}
	}
}

// placeRect puts the rectangle so that its stroke, which Fyne centres on the
// edge, stays inside the box.
func placeRect(r *canvas.Rectangle, x, y, w, h float32) {
	half := r.StrokeWidth / 2
	if half > 0.5 {
		half = float32(math.Ceil(float64(half))) // whole pixels at scale 1
	}
	put(r, x+half, y+half, w-2*half, h-2*half)
}

func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(w, 0), max(h, 0)))
}

func newText() *canvas.Text { return canvas.NewText("", theme.Color(theme.Ink)) }

func paintText(t *canvas.Text, s theme.Style, c fyne.ThemeColorName) {
	t.TextSize = s.TextSize()
	t.TextStyle = s.TextStyle()
	t.FontSource = s.Font()
	t.Color = theme.Color(c)
}

// placeText centres the text on the line of the box; its own box is taller
// than the glyphs and these sit 1 dp low in it.
func placeText(t *canvas.Text, x, y, w, h float32) {
	box := t.MinSize().Height
	put(t, x, y+(h-box)/2-1, w, box)
}

func newIcon() *canvas.Image {
	i := &canvas.Image{FillMode: canvas.ImageFillContain}
	return i
}

func paintIcon(i *canvas.Image, name string, c fyne.ThemeColorName) {
	if name == "" {
		i.Resource = nil
		i.Hide()
		return
	}
	if i.Resource == nil || i.Resource.Name() != string(c)+"_"+name+".svg" {
		i.Resource = theme.ColoredIcon(name, c)
	}
	i.Show()
}

// ellipsis shortens text to width in the style; the end becomes "…".
func ellipsis(text string, s theme.Style, width float32) string {
	if text == "" || s.Measure(text).Width <= width+0.5 {
		return text
	}
	runes := []rune(text)
	lo, hi := 0, len(runes)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if s.Measure(string(runes[:mid])+"…").Width <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	for lo > 0 && runes[lo-1] == ' ' {
		lo--
	}
	return string(runes[:lo]) + "…"
}

// scaled multiplies a height or icon size by the text factor.
func scaled(v float32) float32 { return v * theme.Factor() }
