package widgets

import "fyne.io/fyne/v2"

// follower is a part that tells when it, or something in it, has got the
// focus, so that a Scroll around it can show it.
type follower interface {
	follow(func(fyne.CanvasObject))
}

func (c *control) follow(f func(fyne.CanvasObject)) { c.followed = f }

func (f *Field) follow(tell func(fyne.CanvasObject)) {
	f.followed = tell
	if f.help != nil {
		f.help.follow(func(fyne.CanvasObject) { tell(f) })
	}
}

func (s *Segments) follow(tell func(fyne.CanvasObject)) {
	for _, i := range s.items {
		i.follow(func(fyne.CanvasObject) { tell(s) })
	}
}

func (t *TestRow) follow(tell func(fyne.CanvasObject)) {
	t.followed = tell
	if t.fix != nil {
		t.fix.follow(tell)
	}
}

// followAll asks everything in o that can have the focus to tell.
func followAll(o fyne.CanvasObject, tell func(fyne.CanvasObject)) {
	switch part := o.(type) {
	case follower:
		part.follow(tell)
	case *fyne.Container:
		for _, child := range part.Objects {
			followAll(child, tell)
		}
	}
}

// followMargin keeps the focus ring and a little more in sight.
const followMargin = 12

// Follow scrolls as little as shows a part of the content that appeared below
// what was pressed.
func (s *Scroll) Follow(o fyne.CanvasObject) { s.show(o) }

// show scrolls as little as shows a part of the content that got the focus.
func (s *Scroll) show(o fyne.CanvasObject) {
	if s.inner.Content == nil || s.inner.Size().Height <= 0 {
		return
	}
	d := fyne.CurrentApp().Driver()
	top := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s.inner.Content).Y
	s.Reveal(max(top-followMargin, 0), min(top+o.Size().Height+followMargin, s.inner.Content.Size().Height))
}
