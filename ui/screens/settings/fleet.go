package settings

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// fleetPart lists the desks that share the store at the relay: a new one is
// invited, one gets another name, one is sent away.
type fleetPart struct {
	page *Page
	list *fyne.Container
	code *fyne.Container // the pairing code, while there is one
	note *factLine
	more *widgets.Button
	root *fyne.Container
}

func newFleetPart(p *Page) *fleetPart {
	t := p.cfg.Text
	f := &fleetPart{page: p, list: widgets.Col(0), code: widgets.Stack(), note: newFactLine()}
	f.more = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Icon: "plus", Label: t.T("settings.fleet.code"), OnTap: f.invite})
	f.root = widgets.Col(12, widgets.NewHairline(), widgets.Strong(t.T("settings.fleet")), f.list, f.note.root, f.code, widgets.Row(0, f.more, widgets.Space()))
	return f
}

// load asks the relay which desks there are.
func (f *fleetPart) load() {
	t, cfg := f.page.cfg.Text, f.page.cfg
	if len(f.list.Objects) == 0 {
		f.note.set(widgets.Fact{Family: theme.Grey, Icon: "clock", Words: t.T("settings.fleet.loading")})
	}
	cfg.Async.Go(func(ctx context.Context) {
		desks, err := cfg.Fleet.Desks(ctx)
		cfg.Async.Do(func() {
			if err != nil {
				f.refuse(err)
				return
			}
			f.note.set(widgets.Fact{})
			f.list.Objects = nil
			for i, d := range desks {
				if i > 0 {
					f.list.Add(widgets.NewHairline())
				}
				f.list.Add(f.row(d))
			}
			f.page.form.renew()
		})
	})
}

func (f *fleetPart) refuse(err error) {
	f.note.set(widgets.Fact{Family: theme.Red, Icon: "alert", Words: f.page.failure(err)})
	f.page.form.renew()
}

// row is a desk with what can be done about it.
func (f *fleetPart) row(d FleetDesk) fyne.CanvasObject {
	t := f.page.cfg.Text
	mark, words := widgets.Mark{Family: theme.Grey, Icon: "monitor"}, t.T("settings.fleet.paired", f.page.date(d.Paired))
	switch {
	case !d.Revoked.IsZero():
		mark, words = widgets.Mark{Family: theme.Grey, Icon: "close"}, t.T("settings.fleet.revoked", f.page.date(d.Revoked))
	case d.Here:
		mark, words = widgets.Mark{Family: theme.Green, Icon: "check"}, t.T("settings.fleet.here")+" "+words
	case !d.Seen.IsZero():
		words += " " + t.T("settings.fleet.seen", t.Duration(f.page.cfg.Now().Sub(d.Seen)))
	}
	name := widgets.Strong(d.Name).Shrink()
	parts := []fyne.CanvasObject{
		widgets.StateDot(mark),
		widgets.Grow(middle(widgets.Col(0, name, widgets.NewParagraph(words, theme.Caption(), theme.Ink2)))),
	}
	if d.Revoked.IsZero() {
		parts = append(parts, widgets.NewIconButton("pencil", 20, t.T("settings.fleet.rename", d.Name), func() { f.rename(d) }))
		if !d.Here {
			parts = append(parts, widgets.NewIconButton("trash", 20, t.T("settings.fleet.revoke", d.Name), func() { f.revoke(d) }))
		}
	}
	return widgets.Pad(widgets.Insets{Top: 8, Bottom: 8}, widgets.Row(14, parts...))
}

// invite makes a code with which one more desk joins.
func (f *fleetPart) invite() {
	t, cfg, by := f.page.cfg.Text, f.page.cfg, f.page.by()
	f.more.SetBusy(t.T("settings.fleet.making"))
	cfg.Async.Go(func(ctx context.Context) {
		code, until, err := cfg.Fleet.PairingCode(ctx, by)
		cfg.Async.Do(func() {
			f.more.SetBusy("")
			if err != nil {
				f.refuse(err)
				return
			}
			f.note.set(widgets.Fact{})
			zone := until
			if cfg.Zone != nil {
				zone = until.In(cfg.Zone)
			}
			words := widgets.Col(2, widgets.NewText(code, theme.ButtonXL(), theme.Ink).Shrink(),
				widgets.NewParagraph(t.T("settings.fleet.until", t.Clock(zone)), theme.Caption(), theme.Ink2))
			line := fyne.CanvasObject(words)
			if cfg.Copy != nil {
				copied := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Icon: "copy", Label: t.T("settings.fleet.copy"), OnTap: func() { cfg.Copy(code) }})
				line = beside(words, copied, 16)
			}
			f.code.Objects = []fyne.CanvasObject{
				widgets.NewSurface(widgets.Skin{Fill: theme.Shell, Radius: 16}), widgets.Pad(widgets.Insets{Top: 12, Right: 12, Bottom: 12, Left: 16}, line),
			}
			f.page.form.renew()
			f.page.form.scroll.Reveal(f.root.Position().Y, f.root.Position().Y+f.root.Size().Height)
		})
	})
}

// rename asks for another name of a desk.
func (f *fleetPart) rename(d FleetDesk) {
	t, cfg, by := f.page.cfg.Text, f.page.cfg, f.page.by()
	var sheet *widgets.Sheet
	var field *widgets.Field
	var save *widgets.Button
	do := func() {
		name := strings.TrimSpace(field.Text())
		if save.Disabled() || f.page.checkName(field, name) {
			sheet.Refresh()
			return
		}
		save.SetBusy(t.T("settings.saving"))
		cfg.Async.Go(func(ctx context.Context) {
			err := cfg.Fleet.Rename(ctx, d.ID, name, by)
			cfg.Async.Do(func() {
				save.SetBusy("")
				if err != nil {
					field.SetError(f.page.problem(payments.CodeOf(err)))
					sheet.Refresh()
					return
				}
				cfg.Host.Close(sheet)
				f.load()
			})
		})
	}
	title := t.T("settings.fleet.rename", d.Name)
	field = widgets.NewField(widgets.FieldConfig{Label: t.T("settings.fleet.name"), OnSubmit: func(string) { do() }})
	field.SetText(d.Name)
	save = widgets.NewButton(widgets.ButtonConfig{Label: t.T("settings.save"), Key: t.T("key.enter"), OnTap: do})
	keep := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Label: t.T("settings.fleet.keep"), OnTap: func() { cfg.Host.Close(sheet) }})
	sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 560, First: field.Entry(), CloseName: t.T("close"),
		Content: widgets.Pad(widgets.Insets{Top: 32, Right: 36, Bottom: 28, Left: 36},
			widgets.Col(16, widgets.Pad(widgets.Insets{Right: 40}, widgets.NewParagraph(title, theme.Title(), theme.Ink)), field, feet(keep, save))),
	})
	cfg.Host.Show(sheet)
}

// revoke asks before a desk is sent away for good.
func (f *fleetPart) revoke(d FleetDesk) {
	t, cfg, by := f.page.cfg.Text, f.page.cfg, f.page.by()
	f.page.confirm(question{
		title: t.T("settings.fleet.revoke", d.Name), words: t.T("settings.fleet.revoke.sentence"),
		yes: t.T("settings.fleet.revoke.do"), no: t.T("settings.fleet.keep"), kind: widgets.OutlineRed,
		act: func(q *asked) {
			q.yes.SetBusy(t.T("settings.fleet.revoking"))
			cfg.Async.Go(func(ctx context.Context) {
				err := cfg.Fleet.Revoke(ctx, d.ID, by)
				cfg.Async.Do(func() {
					if err != nil {
						q.refuse(f.page.failure(err))
						return
					}
					q.close()
					f.load()
				})
			})
		},
	})
}
