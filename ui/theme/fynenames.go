package theme

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// fyneNames gives Fyne's own colour names their meaning in our roles, so that
// standard parts (entries, scroll bars, menus) fit in.
func (b *builder) fyneNames() {
	alias := map[fyne.ThemeColorName]fyne.ThemeColorName{
		fynetheme.ColorNameBackground:          Canvas,
		fynetheme.ColorNameOverlayBackground:   Paper,
		fynetheme.ColorNameMenuBackground:      Paper,
		fynetheme.ColorNameHeaderBackground:    Paper,
		fynetheme.ColorNameInputBackground:     Paper,
		fynetheme.ColorNameInputBorder:         Border,
		fynetheme.ColorNameButton:              Shell,
		fynetheme.ColorNameDisabledButton:      DisabledFill,
		fynetheme.ColorNameDisabled:            InkDisabled,
		fynetheme.ColorNameForeground:          Ink,
		fynetheme.ColorNamePlaceHolder:         Ink3,
		fynetheme.ColorNameForegroundOnPrimary: OnPrimary,
		fynetheme.ColorNameHyperlink:           Primary,
		fynetheme.ColorNameSeparator:           Hairline,
		fynetheme.ColorNameScrollBar:           Border,
		fynetheme.ColorNameScrollBarBackground: None,
		fynetheme.ColorNameSuccess:             Green.Solid(),
		fynetheme.ColorNameForegroundOnSuccess: Green.On(),
		fynetheme.ColorNameWarning:             Amber.Solid(),
		fynetheme.ColorNameForegroundOnWarning: Amber.On(),
	}
	for name, ours := range alias {
		b.light[name], b.dark[name] = b.light[ours], b.dark[ours]
	}
	b.set(string(fynetheme.ColorNameHover), "#231A1F0F", "#FFFFFF14")
	b.set(string(fynetheme.ColorNamePressed), "#231A1F1F", "#FFFFFF29")
	b.set(string(fynetheme.ColorNameFocus), "#A63A7F66", "#F08CC666")
	b.set(string(fynetheme.ColorNameShadow), "#231A1F2E", "#0000008C")
	b.light[fynetheme.ColorNameError] = b.light[Red.Solid()]
	b.light[fynetheme.ColorNameForegroundOnError] = b.light[Red.On()]
	b.dark[fynetheme.ColorNameError] = b.dark[Red.Text()]
	b.set("onErrorDark", "#2B0705", "#2B0705")
	b.dark[fynetheme.ColorNameForegroundOnError] = b.dark["onErrorDark"]
}

// fyneSizes are Fyne's own sizes at text factor 1. Names in scaledSizes grow
// with the factor.
func fyneSizes() map[fyne.ThemeSizeName]float32 {
	return map[fyne.ThemeSizeName]float32{
		fynetheme.SizeNameText:               15,
		fynetheme.SizeNameCaptionText:        13,
		fynetheme.SizeNameSubHeadingText:     18,
		fynetheme.SizeNameHeadingText:        26,
		fynetheme.SizeNamePadding:            4,
		fynetheme.SizeNameInnerPadding:       17,
		fynetheme.SizeNameInlineIcon:         20,
		fynetheme.SizeNameInputBorder:        1.5,
		fynetheme.SizeNameInputRadius:        14,
		fynetheme.SizeNameButtonRadius:       14,
		fynetheme.SizeNameSelectionRadius:    14,
		fynetheme.SizeNameDialogRadius:       28,
		fynetheme.SizeNamePopupRadius:        16,
		fynetheme.SizeNameMenuRadius:         16,
		fynetheme.SizeNameCardRadius:         20,
		fynetheme.SizeNameLineSpacing:        4,
		fynetheme.SizeNameSeparatorThickness: 1,
		fynetheme.SizeNameScrollBar:          10,
		fynetheme.SizeNameScrollBarSmall:     6,
		fynetheme.SizeNameScrollBarRadius:    3,
		fynetheme.SizeNameModalBlurRadius:    0,
	}
}

func scalesWithText(name fyne.ThemeSizeName) bool {
	switch name {
	case fynetheme.SizeNameText, fynetheme.SizeNameCaptionText, fynetheme.SizeNameSubHeadingText,
		fynetheme.SizeNameHeadingText, fynetheme.SizeNameInlineIcon, fynetheme.SizeNameLineSpacing:
		return true
	}
	return false
}
