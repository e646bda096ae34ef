package widgets

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
)

// BannerKind is how loud a banner is.
type BannerKind int

// Kinds of banners.
const (
	AmberSolid BannerKind = iota // money went back
	AmberTint                    // something is slow
	RedTint                      // an action was refused
)

// BannerConfig describes a banner; Action may be empty.
type BannerConfig struct {
	Kind            BannerKind
	Icon            string
	Title, Sentence string
	Action          string
	OnAction        func()
}

// NewBanner makes a banner: icon 28, title, sentence that wraps, one button at
// the right; 72 high at least.
func NewBanner(cfg BannerConfig) *fyne.Container {
	skin := Skin{Fill: theme.Amber.Tint(), Radius: 18}
	ink, ink2, kind := theme.Amber.Text(), theme.Amber.Text(), OutlineAmber
	switch cfg.Kind {
	case AmberSolid:
		skin.Fill, ink, ink2, kind = theme.Amber.Solid(), theme.Amber.On(), theme.Amber.On2(), OnAmber
	case RedTint:
		skin.Fill, ink, ink2, kind = theme.Red.Tint(), theme.Red.Text(), theme.Red.Text(), OutlineRed
	}
	back := NewSurface(skin)
	icon := NewIcon(cfg.Icon, 28, ink)
	title := NewText(cfg.Title, theme.LeadStrong(), ink).Shrink()
	body := NewParagraph(cfg.Sentence, theme.Body(), ink2)
	var button *Button
	objects := []fyne.CanvasObject{back, icon, title, body}
	if cfg.Action != "" {
		button = NewButton(ButtonConfig{Kind: kind, Label: cfg.Action, OnTap: cfg.OnAction})
		objects = append(objects, button)
	}
	var width float32
	left := func() float32 { return 20 + scaled(28) + 16 }
	room := func() float32 {
		w := width - left() - 24
		if button != nil {
			w -= button.MinSize().Width + 12
		}
		return max(w, 80)
	}
	height := func() float32 {
		return max(scaled(72), 26+theme.LeadStrong().LineHeight()+body.HeightFor(room()))
	}
	return Place(func() fyne.Size { return fyne.NewSize(320, height()) }, func(s fyne.Size) {
		width = s.Width
		put(back, 0, 0, s.Width, s.Height)
		put(icon, 20, 0, scaled(28), s.Height)
		lh, bh := theme.LeadStrong().LineHeight(), body.HeightFor(room())
		top := (s.Height - lh - bh) / 2
		put(title, left(), top, room(), lh)
		put(body, left(), top+lh, room(), bh)
		if button != nil {
			m := button.MinSize()
			put(button, s.Width-12-m.Width, (s.Height-m.Height)/2, m.Width, m.Height)
		}
	}, objects...)
}

// UndoBar tells what was just done and takes it back: 56 high, dark.
type UndoBar struct {
	control
	text, action string
}

// NewUndoBar makes a bar; the whole of it is the button.
func NewUndoBar(text, action string, onUndo func()) *UndoBar {
	u := &UndoBar{text: text, action: action}
	u.name, u.act = text+", "+action, onUndo
	u.extend(u)
	return u
}

// SetWords changes the words.
func (u *UndoBar) SetWords(text, action string) {
	u.text, u.action, u.name = text, action, text+", "+action
	u.Refresh()
}

// CreateRenderer draws the bar.
func (u *UndoBar) CreateRenderer() fyne.WidgetRenderer {
	u.ExtendBaseWidget(u)
	back, ring, icon, text, action := newRect(), newRect(), newIcon(), newText(), newText()
	r := &renderer{objects: []fyne.CanvasObject{back, ring, icon, text, action}}
	r.paint = func() {
		paintRect(back, Skin{Fill: u.fill(theme.Ink, theme.Ink, theme.Ink2), Radius: 16, Shadow: CardShadow})
		u.paintRing(ring, 16)
		paintIcon(icon, "undo", theme.Canvas)
		paintText(text, theme.Body(), theme.Canvas)
		paintText(action, theme.BodyStrong(), theme.Canvas)
		action.Text = u.action
	}
	r.minSize = func() fyne.Size {
		return fyne.NewSize(20+scaled(20)+12+theme.Body().Measure(u.text).Width+24+theme.BodyStrong().Measure(u.action).Width+24, scaled(56))
	}
	r.place = func(s fyne.Size) {
		put(back, 0, 0, s.Width, s.Height)
		placeRing(ring, 0, 0, s.Width, s.Height)
		put(icon, 20, (s.Height-scaled(20))/2, scaled(20), scaled(20))
		w := theme.BodyStrong().Measure(u.action).Width
		x := 20 + scaled(20) + 12
		text.Text = ellipsis(u.text, theme.Body(), s.Width-x-w-36)
		placeText(text, x, 0, s.Width-x-w-36, s.Height)
		placeText(action, s.Width-24-w, 0, w, s.Height)
	}
	r.paint()
	return r
}

// NewEmpty tells that there is nothing yet: tinted icon, heading, one
// sentence, one tonal button when action is not empty.
func NewEmpty(icon, heading, sentence, action string, onAction func()) *fyne.Container {
	parts := []fyne.CanvasObject{
		Center(NewDisc(DiscConfig{Size: 64, Fill: theme.PrimaryTint, Color: theme.OnPrimaryTint, Icon: icon, IconSize: 28})),
		Sized(1, 16, NewSurface(Skin{})),
		NewText(heading, theme.Heading(), theme.Ink).Center().Shrink(),
		Sized(1, 4, NewSurface(Skin{})),
		NewParagraph(sentence, theme.Caption(), theme.Ink2).Center(),
	}
	if action != "" {
		parts = append(parts, Sized(1, 16, NewSurface(Skin{})),
			Center(NewButton(ButtonConfig{Kind: Tonal, Label: action, OnTap: onAction})))
	}
	column := Col(0, parts...)
	return Place(func() fyne.Size { return fyne.NewSize(160, column.MinSize().Height) }, func(s fyne.Size) {
		w := min(s.Width, 320*theme.Factor())
		column.Resize(fyne.NewSize(w, s.Height))
		h := column.MinSize().Height
		put(column, (s.Width-w)/2, (s.Height-h)/2, w, h)
	}, column)
}
