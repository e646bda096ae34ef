package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynecontainer "fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Scroll scrolls its content up and down, without Fyne's shade at the edges:
// the scroll thumb alone says that there is more. A part of the content that
// gets the focus is scrolled into sight.
type Scroll struct {
	widget.BaseWidget
	inner *fynecontainer.Scroll
}

// NewScroll makes a scroll around content.
func NewScroll(content fyne.CanvasObject) *Scroll {
	s := &Scroll{inner: fynecontainer.NewVScroll(content)}
	s.ExtendBaseWidget(s)
	followAll(content, s.show)
	return s
}

// CreateRenderer shows the inner scroll at full size.
func (s *Scroll) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	return widget.NewSimpleRenderer(fynecontainer.NewThemeOverride(s.inner, unshaded{}))
}

// SetContent replaces what is scrolled and goes to its top.
func (s *Scroll) SetContent(o fyne.CanvasObject) {
	s.inner.Content = o
	followAll(o, s.show)
	s.inner.Offset = fyne.Position{}
	s.inner.Refresh()
}

// Refresh measures the content again.
func (s *Scroll) Refresh() {
	followAll(s.inner.Content, s.show)
	s.inner.Refresh()
	s.BaseWidget.Refresh()
}

// Reveal scrolls as little as shows the part of the content from top to
// bottom.
func (s *Scroll) Reveal(top, bottom float32) {
	offset := s.inner.Offset
	if top < offset.Y {
		offset.Y = top
	} else if bottom > offset.Y+s.inner.Size().Height {
		offset.Y = bottom - s.inner.Size().Height
	}
	s.inner.ScrollToOffset(offset)
}

// unshaded is the theme in force without shadows of its own.
type unshaded struct{}

func (unshaded) base() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

func (u unshaded) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if n == fynetheme.ColorNameShadow {
		return color.Transparent
	}
	return u.base().Color(n, v)
}

func (u unshaded) Font(s fyne.TextStyle) fyne.Resource { return u.base().Font(s) }

func (u unshaded) Icon(n fyne.ThemeIconName) fyne.Resource { return u.base().Icon(n) }

func (u unshaded) Size(n fyne.ThemeSizeName) float32 { return u.base().Size(n) }
