// Package widgets holds the parts every screen is made of: text in the type
// styles, surfaces, icons, buttons, keys, chips, rows, fields, sheets, the QR
// card and the rest of look section 4.
//
// Parts know colours, sizes and keys, never sales or money. They read the
// theme in force each time they are refreshed, so a change of variant or text
// factor needs nothing but Fyne's own refresh. All methods belong to the UI
// goroutine. Parts that can be pressed share one behaviour (control): hover,
// press, focus ring, Space and Enter, a pointer, an accessible name; keys they
// do not use go on to the window, so shortcuts work wherever the focus stands.
package widgets
