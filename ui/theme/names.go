package theme

import "fyne.io/fyne/v2"

// Colour roles (tokens.json "roles").
const (
	Canvas           fyne.ThemeColorName = "canvas"
	Rail             fyne.ThemeColorName = "rail"
	Paper            fyne.ThemeColorName = "paper"
	Shell            fyne.ThemeColorName = "shell"
	ShellHover       fyne.ThemeColorName = "shellHover"
	ShellPressed     fyne.ThemeColorName = "shellPressed"
	Hairline         fyne.ThemeColorName = "hairline"
	Border           fyne.ThemeColorName = "border"
	Ink              fyne.ThemeColorName = "ink"
	Ink2             fyne.ThemeColorName = "ink2"
	Ink3             fyne.ThemeColorName = "ink3"
	InkDisabled      fyne.ThemeColorName = "inkDisabled"
	DisabledFill     fyne.ThemeColorName = "disabledFill"
	Primary          fyne.ThemeColorName = "primary"
	PrimaryHover     fyne.ThemeColorName = "primaryHover"
	PrimaryPressed   fyne.ThemeColorName = "primaryPressed"
	OnPrimary        fyne.ThemeColorName = "onPrimary"
	OnPrimary2       fyne.ThemeColorName = "onPrimary2"
	PrimaryTint      fyne.ThemeColorName = "primaryTint"
	PrimaryTintHover fyne.ThemeColorName = "primaryTintHover"
	OnPrimaryTint    fyne.ThemeColorName = "onPrimaryTint"
	FocusRing        fyne.ThemeColorName = "focusRing" // role "focus"; Fyne's own "focus" is a veil
	Scrim            fyne.ThemeColorName = "scrim"
	ShadowCard       fyne.ThemeColorName = "shadowCard"
	ShadowDialog     fyne.ThemeColorName = "shadowDialog"
	Chart            fyne.ThemeColorName = "chart"
	ChartStrong      fyne.ThemeColorName = "chartStrong"
	ChartTrack       fyne.ThemeColorName = "chartTrack"
	Selection        fyne.ThemeColorName = "selection"
	None             fyne.ThemeColorName = "none" // transparent
	QRModule         fyne.ThemeColorName = "qrModule"
	QRGround         fyne.ThemeColorName = "qrGround"
	PracticeFill     fyne.ThemeColorName = "practiceFill"
	PracticeStripe   fyne.ThemeColorName = "practiceStripe"
	PracticeText     fyne.ThemeColorName = "practiceText"
	TestFill         fyne.ThemeColorName = "testFill"
	TestLabel        fyne.ThemeColorName = "testLabel"
	TestText         fyne.ThemeColorName = "testText"
)

// Family is one of the five state colours.
type Family string

// The families of states. Each says the same thing in both variants.
const (
	Blue  Family = "blue"  // in progress
	Green Family = "green" // paid
	Red   Family = "red"   // refused
	Amber Family = "amber" // look at this
	Grey  Family = "grey"  // over, nothing to do
)

// Text is the colour of the family's words on paper, canvas and its tint.
func (f Family) Text() fyne.ThemeColorName { return fyne.ThemeColorName(f + "Text") }

// Tint is the pale fill of chips and dots.
func (f Family) Tint() fyne.ThemeColorName { return fyne.ThemeColorName(f + "Tint") }

// Line is the quiet outline of a tinted part.
func (f Family) Line() fyne.ThemeColorName { return fyne.ThemeColorName(f + "Line") }

// Solid is the strong fill of panels; the same by day and night.
func (f Family) Solid() fyne.ThemeColorName { return fyne.ThemeColorName(f + "Solid") }

// On is the text on Solid, On2 the second text there.
func (f Family) On() fyne.ThemeColorName { return fyne.ThemeColorName(f + "On") }

// On2 is the second text on Solid.
func (f Family) On2() fyne.ThemeColorName { return fyne.ThemeColorName(f + "On2") }

// Families returns all families of states.
func Families() []Family { return []Family{Blue, Green, Red, Amber, Grey} }

// Tile is one of the six soft colours of favourites and people.
type Tile string

// The tile colours.
const (
	Blush   Tile = "blush"
	Apricot Tile = "apricot"
	Sage    Tile = "sage"
	Mist    Tile = "mist"
	Lilac   Tile = "lilac"
	Sand    Tile = "sand"
)

// Fill is the ground of the tile's icon square.
func (t Tile) Fill() fyne.ThemeColorName { return fyne.ThemeColorName(t + "Fill") }

// Icon is the colour of the icon on Fill.
func (t Tile) Icon() fyne.ThemeColorName { return fyne.ThemeColorName(t + "Icon") }

// Tiles returns all tile colours in the order of the palette.
func Tiles() []Tile { return []Tile{Blush, Lilac, Mist, Sand, Sage, Apricot} }

// Match returns the colour named by the first of two match words, e.g. "BLUE".
// An unknown word gives None.
func Match(word string) fyne.ThemeColorName {
	switch word {
	case "BLUE", "GREEN", "RED", "ORANGE", "PURPLE", "PINK", "YELLOW", "BROWN":
		return fyne.ThemeColorName("match" + word)
	}
	return None
}
