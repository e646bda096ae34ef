// Package theme is the look of Frontdesk as a fyne.Theme: colours of both
// variants, type styles with their text factor, fonts and icons.
//
// Every number comes from the embedded tokens of package assets; this package
// adds names to them. Our own colours are plain fyne.ThemeColorName values, so
// they work wherever Fyne takes a name, NewColoredResource included.
//
// A *Theme is immutable and safe for concurrent use. Helpers that look up the
// theme in force (Color, Factor, Line, TextSize) belong to the UI goroutine.
package theme
