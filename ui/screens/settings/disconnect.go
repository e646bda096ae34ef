package settings

import (
	"context"

	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// fillFeet shows at the foot what can be taken away: the connection, or what
// is left of it.
func (a *account) fillFeet(s Section) {
	foot, head := a.feet[s], a.heads[s]
	if foot == nil {
		return
	}
	t, c := a.page.cfg.Text, a.have
	foot.Objects, head.Objects = nil, nil
	head.Hide()
	switch {
	case !c.Disconnected.IsZero():
		foot.Objects = []fyne.CanvasObject{widgets.NewButton(widgets.ButtonConfig{
			Kind: widgets.Severe, Icon: "trash", Label: t.T("settings.erase"), OnTap: a.page.askErase,
		})}
		head.Objects = []fyne.CanvasObject{notice("plug", t.T("settings.disconnected", a.page.date(c.Disconnected)), t.T("settings.disconnected.sentence"))}
		head.Show()
	case c.SID != "" || !c.SecretSince.IsZero():
		foot.Objects = []fyne.CanvasObject{widgets.NewButton(widgets.ButtonConfig{
			Kind: widgets.Severe, Icon: "plug", Label: t.T("settings.disconnect"), OnTap: a.page.askDisconnect,
		})}
	}
	foot.Refresh()
	head.Refresh()
}

// notice is a quiet box with an icon, a title and a sentence.
func notice(icon, title, words string) fyne.CanvasObject {
	line := widgets.Row(14, widgets.StateDot(widgets.Mark{Family: theme.Grey, Icon: icon}),
		widgets.Grow(middle(widgets.Col(0, widgets.Strong(title).Shrink(), widgets.NewParagraph(words, theme.Caption(), theme.Ink2)))))
	return widgets.Stack(widgets.NewSurface(widgets.Skin{Fill: theme.Shell, Radius: 16}),
		widgets.Pad(widgets.Insets{Top: 12, Right: 16, Bottom: 12, Left: 14}, line))
}

// askDisconnect counts what is open, then tells what disconnecting does.
func (p *Page) askDisconnect() {
	desk := p.cfg.Desk
	p.cfg.Async.Go(func(ctx context.Context) {
		open, err := desk.OpenAttempts(ctx)
		p.cfg.Async.Do(func() { p.disconnectSheet(open, err) })
	})
}

func (p *Page) openWords(open int, err error) string {
	t := p.cfg.Text
	switch {
	case err != nil:
		return t.T("settings.open.unknown")
	case open == 0:
		return t.T("settings.open.none")
	}
	return t.N("settings.open", open)
}

func (p *Page) disconnectSheet(open int, err error) {
	t := p.cfg.Text
	words := p.openWords(open, err) + " " + t.T("settings.disconnect.sentence")
	q := &asked{page: p, note: widgets.NewParagraph("", theme.Caption(), theme.Red.Text())}
	q.yes = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.OutlineRed, Icon: "plug", Label: t.T("settings.disconnect.do"), OnTap: func() {
		p.carry(q, t.T("settings.disconnecting"), p.cfg.Desk.Disconnect)
	}})
	erase := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Severe, Icon: "trash", Label: t.T("settings.erase"), OnTap: func() {
		q.close()
		p.eraseSheet(open, err)
	}})
	keep := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Label: t.T("settings.disconnect.keep"), OnTap: q.close})
	body := widgets.Col(14, widgets.NewParagraph(t.T("settings.disconnect.title"), theme.Title(), theme.Ink), sentence(words),
		widgets.NewParagraph(t.T("settings.disconnect.stays"), theme.Body(), theme.Ink2), q.note,
		feet(q.yes, keep), widgets.NewHairline(),
		beside(widgets.NewParagraph(t.T("settings.erase.hint"), theme.Caption(), theme.Ink2), erase, 16))
	q.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: t.T("settings.disconnect.title"), Width: 640, First: keep, CloseName: t.T("close"),
		Content: widgets.Pad(widgets.Insets{Top: 32, Right: 36, Bottom: 28, Left: 36}, body),
	})
	p.cfg.Host.Show(q.sheet)
}

// askErase is the way to erasing when nothing is connected any more.
func (p *Page) askErase() {
	desk := p.cfg.Desk
	p.cfg.Async.Go(func(ctx context.Context) {
		open, err := desk.OpenAttempts(ctx)
		p.cfg.Async.Do(func() { p.eraseSheet(open, err) })
	})
}

// eraseSheet names what is lost for good.
func (p *Page) eraseSheet(open int, err error) {
	t := p.cfg.Text
	p.confirm(question{
		title: t.T("settings.erase.title"), words: t.T("settings.erase.lost"), more: p.openWords(open, err) + " " + t.T("settings.erase.late"),
		yes: t.T("settings.erase.do"), no: t.T("settings.erase.keep"), kind: widgets.OutlineRed,
		act: func(q *asked) { p.carry(q, t.T("settings.erasing"), p.cfg.Desk.EraseEverything) },
	})
}

// carry does what was asked, with words while it lasts, and closes the
// question, or tells why not.
func (p *Page) carry(q *asked, busy string, act func(context.Context, string) error) {
	by := p.by()
	q.yes.SetBusy(busy)
	p.cfg.Async.Go(func(ctx context.Context) {
		err := act(ctx, by)
		p.cfg.Async.Do(func() {
			if err != nil {
				q.refuse(p.failure(err))
				return
			}
			q.close()
			for _, s := range []Section{Checkout, REST, Relay} {
				p.account.reset(s)
			}
			p.changed()
		})
	})
}
