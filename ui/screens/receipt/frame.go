package receipt

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// note is a sentence with an icon in a tinted box, nothing at all while there is
// none.
type note struct {
	ground *widgets.Surface
	icon   *widgets.Icon
	words  *widgets.Paragraph
	root   *fyne.Container
}

func newNote() *note {
	n := &note{
		ground: widgets.NewSurface(widgets.Skin{}), icon: widgets.NewIcon("check", 20, theme.Green.Text()),
		words: widgets.NewParagraph("", theme.Body(), theme.Ink),
	}
	const side, between = 20, 10
	lead := func() float32 { return side*theme.Factor() + between }
	var inner *fyne.Container
	inner = widgets.Place(func() fyne.Size {
		n.words.Resize(fyne.NewSize(inner.Size().Width-lead(), n.words.Size().Height))
		return fyne.NewSize(0, n.words.MinSize().Height)
	}, func(s fyne.Size) {
		icon := side * theme.Factor()
		widgets.Put(n.icon, 0, (theme.Body().LineHeight()-icon)/2, icon, icon)
		widgets.Put(n.words, lead(), 0, s.Width-lead(), s.Height)
	}, n.icon, n.words)
	n.root = widgets.Stack(n.ground, widgets.Pad(widgets.Insets{Top: 12, Right: 14, Bottom: 12, Left: 14}, inner))
	n.root.Hide()
	return n
}

func (n *note) set(f theme.Family, icon, words string) {
	n.words.SetText(words)
	if words == "" {
		n.root.Hide()
		return
	}
	n.icon.SetIcon(icon, f.Text())
	n.words.SetLook(theme.Body(), f.Text())
	n.ground.SetSkin(widgets.Skin{Fill: f.Tint(), Radius: 14})
	n.root.Show()
}

// frame lays the paper beside what can be done with it, or above it in narrow
// windows.
type frame struct {
	scroll *widgets.Scroll
	side   *widgets.Scroll
	root   *fyne.Container
}

// beside is the counted width from which both stand beside each other.
const beside = 640

func newFrame(paper *Paper, title fyne.CanvasObject, said *note, buttons []fyne.CanvasObject) *frame {
	f := &frame{}
	ground := widgets.NewLeftPanel(theme.Shell)
	side := widgets.Col(12, widgets.Pad(widgets.Insets{Right: 48}, title), said.root)
	for _, b := range buttons {
		side.Add(b)
	}
	f.scroll = widgets.NewScroll(widgets.Pad(widgets.Insets{Top: 28, Right: 28, Bottom: 28, Left: 28}, widgets.Col(0, paper)))
	f.side = widgets.NewScroll(widgets.Pad(widgets.Insets{Top: 32, Right: 32, Bottom: 28, Left: 32}, side))
	f.root = widgets.Place(func() fyne.Size { return fyne.NewSize(300, 300) }, func(s fyne.Size) {
		if s.Width/theme.Factor() < beside {
			h := s.Height * 0.45
			if said.root.Visible() {
				h = s.Height * 0.6 // what was said does not push the button out of sight
			}
			ground.Hide()
			widgets.Put(f.side, 0, 0, s.Width, h)
			widgets.Put(f.scroll, 0, h, s.Width, s.Height-h)
			return
		}
		left := s.Width * 0.52
		ground.Show()
		widgets.Put(ground, 0, 0, left, s.Height)
		widgets.Put(f.scroll, 0, 0, left, s.Height)
		widgets.Put(f.side, left, 0, s.Width-left, s.Height)
	}, ground, f.scroll, f.side)
	return f
}

// renew lays out again what changed its height.
func (f *frame) renew() {
	f.scroll.Refresh()
	f.side.Refresh()
	f.root.Refresh()
}
