package widgets

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
)

// TerminalRow is one terminal to choose: its name, and its state in words.
type TerminalRow struct {
	ID, Label, Words string
	Chosen           bool
}

// TerminalChoice is the content of a sheet in which a terminal is chosen.
func TerminalChoice(title string, rows []TerminalRow, choose func(id string)) fyne.CanvasObject {
	list := Col(4)
	for _, row := range rows {
		words := NewText(row.Words, theme.CaptionStrong(), theme.Ink2)
		line := Row(14,
			NewDisc(DiscConfig{Size: 40, Radius: 12, Fill: theme.PrimaryTint, Color: theme.OnPrimaryTint, Icon: "devices", IconSize: 20}),
			Grow(NewText(row.Label, theme.BodyStrong(), theme.Ink).Shrink()), words)
		item := NewListRow(row.Label+", "+row.Words, 56, 0, 10, line, func() { choose(row.ID) })
		item.SetSelected(row.Chosen)
		list.Add(item)
	}
	return Pad(Insets{Top: 28, Right: 36, Bottom: 28, Left: 36}, Col(12, NewText(title, theme.Title(), theme.Ink).Shrink(), list))
}
