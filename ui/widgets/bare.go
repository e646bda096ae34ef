package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynecontainer "fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
)

// newBare shows an entry without its own fill and outline: the Field draws
// both, with ring and error.
// The entry gets the inner padding that fits a box of the height: a hair too
// much and it scrolls.
func newBare(o fyne.CanvasObject, height float32) fyne.CanvasObject {
	return fynecontainer.NewThemeOverride(o, bareTheme{padding: min((height-20)/2, 16)})
}

// bareTheme is the theme in force without box around entries.
type bareTheme struct{ padding float32 }

func (bareTheme) base() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

func (b bareTheme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch n {
	case fynetheme.ColorNameInputBackground, fynetheme.ColorNameInputBorder, fynetheme.ColorNameHover, fynetheme.ColorNameError:
		return color.Transparent
	case fynetheme.ColorNamePrimary:
		return b.base().Color(fynetheme.ColorNamePrimary, v)
	}
	return b.base().Color(n, v)
}

func (b bareTheme) Font(s fyne.TextStyle) fyne.Resource { return b.base().Font(s) }

func (b bareTheme) Icon(n fyne.ThemeIconName) fyne.Resource { return b.base().Icon(n) }

func (b bareTheme) Size(n fyne.ThemeSizeName) float32 {
	if n == fynetheme.SizeNameInputBorder {
		return 0
	}
	if n == fynetheme.SizeNameInnerPadding {
		return b.padding
	}
	return b.base().Size(n)
}
