package charge

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/ui/widgets"
)

// view holds the parts of the page; render fills them, layout places them.
type view struct {
	s     *Screen
	root  *fyne.Container
	quick *quick
	sale  *saleCard
	money *moneyCard
	tabs  *widgets.Segments
	undo  *widgets.UndoBar
}

func newView(s *Screen) *view {
	v := &view{s: s, quick: newQuick(s), sale: newSaleCard(s), money: newMoneyCard(s)}
	t := s.cfg.Text
	v.tabs = widgets.NewSegments([]widgets.Segment{{Label: t.T("charge.favourites")}, {Label: t.T("charge.recent")}}, 0, func(i int) {
		s.tab = i
		v.root.Refresh()
	})
	v.undo = widgets.NewUndoBar(t.T("charge.cleared"), t.T("charge.undo"), s.Undo)
	v.undo.Hide()
	v.root = widgets.Place(func() fyne.Size { return fyne.NewSize(360, 420) }, v.layout,
		v.tabs, v.quick.title, v.quick.edit, v.quick.tiles, v.quick.recent, v.sale.root, v.money.root, v.undo)
	return v
}

// render shows the screen's values.
func (s *Screen) render() {
	v := s.v
	v.sale.render()
	v.money.render()
	if s.cleared {
		v.undo.Show()
	} else {
		v.undo.Hide()
	}
	if size := v.root.Size(); size.Width > 0 {
		v.layout(size)
	}
}

// light shows a key pressed for a moment when it came from the keyboard.
func (v *view) light(name string) {
	k := v.money.keys[name]
	if k == nil {
		return
	}
	k.Light(true)
	v.s.after(widgets.PressTime, func() { k.Light(false) })
}

// after runs f on the UI goroutine once d has passed.
func (s *Screen) after(d time.Duration, f func()) {
	s.cfg.Async.Go(func(ctx context.Context) {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-ctx.Done():
		case <-t.C:
			s.cfg.Async.Do(f)
		}
	})
}

// focusEdit puts the cursor into the field that was just opened.
func (v *view) focusEdit(e edit) {
	f := v.sale.field(e)
	if f != nil {
		f.SetText(v.s.words(e))
		f.Focus()
	}
}

// words are what stands at a place now.
func (s *Screen) words(e edit) string {
	switch e.what {
	case client:
		return s.pad.Client
	case note:
		return s.pad.Note
	case label:
		if e.item < len(s.pad.Items) {
			return s.pad.Items[e.item].Label
		}
	}
	return ""
}

// edited is what was typed into the open field.
func (v *view) edited(e edit) string {
	if f := v.sale.field(e); f != nil {
		return f.Text()
	}
	return v.s.words(e)
}
