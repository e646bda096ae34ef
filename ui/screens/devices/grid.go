package devices

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// grid puts cards into columns of equal width; cards of a row are as high as
// the highest of them.
type grid struct{ width float32 }

const gutter = 20

// columns is how many fit: three on the usual window, one where the counted
// width of the window is below 900.
func (g *grid) columns() int {
	counted := g.width / theme.Factor()
	if counted < 780 {
		return 1
	}
	return min(max(int((counted+gutter)/(350+gutter)), 1), 4)
}

func (g *grid) cell() float32 {
	n := float32(g.columns())
	return (g.width - gutter*(n-1)) / n
}

// rows calls visit for every row with its cards, their top and height.
func (g *grid) rows(objs []fyne.CanvasObject, visit func(row []fyne.CanvasObject, y, h float32)) float32 {
	n, y := g.columns(), float32(0)
	for at := 0; at < len(objs); at += n {
		row := objs[at:min(at+n, len(objs))]
		h := float32(0)
		for _, o := range row {
			if g.width > 0 && o.Size().Width != g.cell() {
				o.Resize(fyne.NewSize(g.cell(), o.Size().Height))
			}
			h = max(h, o.MinSize().Height)
		}
		if visit != nil {
			visit(row, y, h)
		}
		y += h + gutter
	}
	return max(y-gutter, 0)
}

// MinSize is the height of all rows at the width last given.
func (g *grid) MinSize(objs []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(300, g.rows(objs, nil))
}

// Layout places the cards.
func (g *grid) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	g.width = s.Width
	g.rows(objs, func(row []fyne.CanvasObject, y, h float32) {
		for i, o := range row {
			widgets.Put(o, float32(i)*(g.cell()+gutter), y, g.cell(), h)
		}
	})
}
