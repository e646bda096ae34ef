package charge

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// widthClass is how the page is arranged, by its width divided by the text
// factor (look section 5).
type widthClass int

const (
	narrow  widthClass = iota // tabs Sale / Quick, money
	compact                   // favourites over the sale, money
	wide                      // three columns
)

func classOf(counted float32) widthClass {
	switch {
	case counted < 800:
		return narrow
	case counted < 1100:
		return compact
	}
	return wide
}

// On larger screens the content stops growing.
const (
	maxContent = 1784
	maxHeight  = 1060
)

// layout arranges the page for its size.
func (v *view) layout(size fyne.Size) {
	counted := size.Width / theme.Factor()
	for _, o := range []fyne.CanvasObject{v.tabs, v.quick.title, v.quick.edit, v.quick.tiles, v.quick.recent, v.sale.root} {
		o.Show()
	}
	side := float32(24)
	gutter := float32(20)
	switch classOf(counted) {
	case wide:
		// 0 at a window of 1280, 1 at 1920.
		grown := min(max((counted-1192)/640, 0), 1)
		side += 8 * grown
		gutter += 4 * grown
		w := min(size.Width-2*side, maxContent*theme.Factor())
		v.wide((size.Width-w)/2, 8, w, min(size.Height-8-side, maxHeight*theme.Factor()), gutter, grown)
	case compact:
		v.compact(20, 8, size.Width-40, size.Height-28, gutter)
	default:
		v.narrow(24, 4, size.Width-48, size.Height-28, gutter)
	}
}

func lerp(a, b, t float32) float32 { return a + (b-a)*t }

func (v *view) wide(x, y, w, h, gutter, grown float32) {
	f := theme.Factor()
	fav, sale := lerp(312, 640, grown)*f, lerp(348, 460, grown)*f
	money := w - fav - sale - 2*gutter
	v.tabs.Hide()
	v.quickColumn(x, y, fav, h)
	v.saleArea(x+fav+gutter, y, sale, h, whole)
	m := moneySizes{padding: 24, top: 20, amount: 96, digit: 30, parts: true, ways: true, gap: 14, charge: 72}
	if grown > 0.6 {
		m = moneySizes{padding: 32, top: 26, amount: 136, digit: 40, parts: true, ways: true, gap: 14, charge: 88}
	}
	if h < 560 {
		m.charge = 64
	}
	v.moneyArea(x+fav+sale+2*gutter, y, money, h, m)
}

// quickColumn is favourites over recent sales.
func (v *view) quickColumn(x, y, w, h float32) {
	head := max(36, theme.Heading().LineHeight())
	m := v.quick.edit.MinSize()
	widgets.Put(v.quick.edit, x+w-m.Width, y+(head-m.Height)/2, m.Width, m.Height)
	widgets.Put(v.quick.title, x, y, w-m.Width-8, head)
	top := y + head + 4
	tiles := min(v.quick.tilesHeight(w), h-(top-y))
	widgets.Put(v.quick.tiles, x, top, w, tiles)
	top += tiles + 16
	if tiles == 0 {
		top -= 16
	}
	rest := y + h - top
	if rest < 120*theme.Factor() {
		v.quick.recent.Hide()
		return
	}
	widgets.Put(v.quick.recent, x, top, w, rest)
}

func (v *view) saleArea(x, y, w, h float32, shape saleShape) {
	v.sale.shape = shape
	widgets.Put(v.sale.root, x, y, w, h)
	v.sale.root.Refresh()
	u := v.undo.MinSize()
	uw := min(max(u.Width, w-16), w-16)
	widgets.Put(v.undo, x+8, y+h-8-u.Height, uw, u.Height)
}

func (v *view) moneyArea(x, y, w, h float32, m moneySizes) {
	v.money.m = m
	widgets.Put(v.money.root, x, y, w, h)
	v.money.root.Refresh()
}

func (v *view) compact(x, y, w, h, gutter float32) {
	f := theme.Factor()
	money := min(max(428*f, w*0.45), w*0.5)
	left := w - money - gutter
	v.quick.title.Hide()
	v.setTabs("charge.favourites", "charge.recent")
	th := v.tabs.MinSize().Height
	widgets.Put(v.tabs, x, y, left, th)
	top := y + th + 14
	rest := h - th - 14
	area := min(v.quick.tilesHeight(left), rest*0.55)
	row := 64*f + 10
	area = float32(int((area+10.5)/row))*row - 10
	if v.s.tab == 0 {
		v.quick.recent.Hide()
		v.quick.edit.Hide()
		widgets.Put(v.quick.tiles, x, top, left, area)
		if len(v.quick.list) == 0 {
			v.quick.edit.Show()
			widgets.Put(v.quick.edit, x, top, v.quick.edit.MinSize().Width, 48)
			area = 48
		}
	} else {
		v.quick.tiles.Hide()
		v.quick.edit.Hide()
		area = max(area, rest*0.5)
		widgets.Put(v.quick.recent, x, top, left, area)
	}
	v.saleArea(x, top+area+14, left, rest-area-14, small)
	v.moneyArea(x+left+gutter, y, money, h, moneySizes{
		padding: 20, top: 14, amount: 80, digit: 30, ways: true, gap: 12, charge: 64,
	})
}

func (v *view) narrow(x, y, w, h, gutter float32) {
	f := theme.Factor()
	money := w * 0.51
	left := w - money - gutter
	v.quick.title.Hide()
	v.quick.edit.Hide()
	v.setTabs("charge.tab.sale", "charge.tab.quick")
	th := v.tabs.MinSize().Height
	widgets.Put(v.tabs, x, y, left, th)
	top, rest := y+th+14, h-th-14
	if v.s.tab == 0 {
		v.quick.tiles.Hide()
		v.quick.recent.Hide()
		v.saleArea(x, top, left, rest, bare)
	} else {
		v.sale.root.Hide()
		tiles := min(v.quick.tilesHeight(left), max(rest-180*f, rest*0.5))
		row := 64*f + 10
		tiles = float32(int((tiles+10.5)/row))*row - 10
		widgets.Put(v.quick.tiles, x, top, left, tiles)
		rest -= tiles + 14
		if rest > 120*f {
			widgets.Put(v.quick.recent, x, top+tiles+14, left, rest)
		} else {
			v.quick.recent.Hide()
		}
	}
	v.moneyArea(x+left+gutter, y, money, h, moneySizes{
		padding: 20, top: 14, amount: 96, digit: 30, ways: true, gap: 12, charge: 64,
	})
}

// setTabs names the two tabs of the smaller layouts; the sale's tab tells how
// many lines there are.
func (v *view) setTabs(first, second string) {
	t := v.s.cfg.Text
	one := t.T(first)
	if n := len(v.s.pad.Items); first == "charge.tab.sale" && n > 0 {
		one = t.T("charge.tab.sale.n", n)
	}
	v.tabs.SetLabel(0, one)
	v.tabs.SetLabel(1, t.T(second))
}
