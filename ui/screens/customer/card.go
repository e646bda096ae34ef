package customer

import (
	"fyne.io/fyne/v2"

	"frontdesk/app/text"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// cardScene asks the customer to pay on the card terminal.
func cardScene(m Model, c *text.Catalog) fyne.CanvasObject {
	salon := newWord(m.Salon, display(26), theme.Primary)
	please := newWord(c.T("customer.terminal"), plain(26), theme.Ink2)
	amount := newWord(c.Number(m.Amount), display(136), theme.Ink)
	currency := newWord(string(m.Amount.Currency), display(48), theme.Ink2)
	hint := newWord(m.Hint, display(34), theme.Ink)
	art := widgets.NewTerminalArt(c.Number(m.Amount))
	panel := widgets.NewSurface(widgets.Skin{})
	return widgets.Place(nil, func(s fyne.Size) {
		u := unit(s) * theme.Factor()
		f := u / theme.Factor()
		x, left := 80*u, s.Width*0.535-100*u
		mid := s.Height / 2
		salon.put(f, x, 64*u, left, 34*u)
		please.put(f, x, mid-165*u, left, 38*u)
		amount.put(f, x-4*u, mid-140*u, left-110*u, 166*u)
		number := amount.part.MinSize().Width
		down := 0.36 * (amount.size - 48*u) // both stand on one baseline
		currency.put(f, x+number+10*u, mid-57*u-27*u+down, 130*u, 54*u)
		hint.put(f, x, mid+84*u, left, 54*u)
		side := min(509*u, s.Width*0.4)
		px := s.Width - 85*u - side
		panel.SetSkin(widgets.Skin{Fill: theme.Blue.Tint(), Radius: 28 * u})
		widgets.Put(panel, px, mid-side/2, side, side)
		widgets.Put(art, px+40*u, mid-side/2+40*u, side-80*u, side-80*u)
	}, salon.part, please.part, amount.part, currency.part, hint.part, panel, art)
}
