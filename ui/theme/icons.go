package theme

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"frontdesk/assets"
)

// Icon returns an icon in black, ready to be recoloured. A name that does not
// exist gives Fyne's "broken image", which a test of every used name forbids.
func Icon(name string) fyne.Resource {
	raw, err := assets.Icon(name)
	if err != nil {
		return fynetheme.BrokenImageIcon()
	}
	return fyne.NewStaticResource(name+".svg", raw)
}

// ColoredIcon returns an icon that follows a theme colour.
func ColoredIcon(name string, c fyne.ThemeColorName) fyne.Resource {
	return fynetheme.NewColoredResource(Icon(name), c)
}

// Art returns a coloured drawing, the same in both variants.
func Art(name string) fyne.Resource {
	raw, err := assets.Art(name)
	if err != nil {
		return fynetheme.BrokenImageIcon()
	}
	return fyne.NewStaticResource(name+".svg", raw)
}
