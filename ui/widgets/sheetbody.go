package widgets

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
)

// NewSheetBody lays the content of a sheet with a close button: a title, a body
// that scrolls where the window is too low for it, and a foot that stays in
// sight. Its least height fits the whole body.
func NewSheetBody(title string, body, foot fyne.CanvasObject) *fyne.Container {
	const side, closer, top, bottom, above, below = 36, 56, 28, 28, 6, 16
	head := NewParagraph(title, theme.Title(), theme.Ink)
	// Focus rings reach beyond the fields, so the scroll keeps room for them.
	inner := Pad(Insets{Top: 4, Right: 14, Bottom: 6, Left: 4}, body)
	scroll := NewScroll(inner)
	width := float32(0)
	high := func() float32 { return max(36, head.HeightFor(max(width-2*side-closer, 1))) }
	least := func() fyne.Size {
		if width > 0 { // words wrap at the width they have
			inner.Resize(fyne.NewSize(width-2*side+18, inner.Size().Height))
		}
		return fyne.NewSize(320, top+high()+above+inner.MinSize().Height+below+foot.MinSize().Height+bottom)
	}
	return Place(least, func(s fyne.Size) {
		width = s.Width
		w, fh := s.Width-2*side, foot.MinSize().Height
		Put(head, side, top, w-closer, high())
		Put(foot, side, s.Height-bottom-fh, w, fh)
		y := top + high() + above
		Put(scroll, side-4, y, w+18, s.Height-bottom-fh-below-y)
	}, head, scroll, foot)
}
