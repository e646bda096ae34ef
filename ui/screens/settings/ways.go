package settings

import (
	"context"

	"frontdesk/app/setup"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// waysPart switches what Charge offers. A switch acts at once.
func (p *Page) waysPart() *part {
	t, a := p.cfg.Text, p.account
	note := newFactLine()
	var online, terminal *widgets.Switch
	refresh := func() {
		a.have = p.cfg.Desk.Connection()
		online.SetOn(a.have.Online)
		terminal.SetOn(a.have.Terminal)
		terminal.SetReason("")
		if p.cfg.Devices != nil && p.cfg.Devices() == 0 && !a.have.Terminal {
			terminal.SetReason(t.T("settings.ways.nodevice"))
		}
		p.form.renew()
	}
	keep := func(change func(*setup.Draft)) {
		d := a.stored()
		change(&d)
		note.set(widgets.Fact{})
		by := p.by()
		p.cfg.Async.Go(func(ctx context.Context) {
			err := p.cfg.Desk.Save(ctx, d, by)
			p.cfg.Async.Do(func() {
				if err != nil {
					note.set(widgets.Fact{Family: theme.Red, Icon: "alert", Words: p.failure(err)})
				}
				refresh()
				p.changed()
			})
		})
	}
	online = widgets.NewSwitch(widgets.SwitchConfig{
		Label: t.T("settings.ways.online"), Sentence: t.T("settings.ways.online.sentence"), On: t.T("switch.on"), Off: t.T("switch.off"),
		OnChange: func(on bool) { keep(func(d *setup.Draft) { d.OnlinePayments = on }) },
	})
	terminal = widgets.NewSwitch(widgets.SwitchConfig{
		Label: t.T("settings.ways.terminal"), Sentence: t.T("settings.ways.terminal.sentence"), On: t.T("switch.on"), Off: t.T("switch.off"),
		OnChange: func(on bool) { keep(func(d *setup.Draft) { d.TerminalPayments = on }) },
	})
	refresh()
	return &part{
		title: t.T("settings.menu.ways"), caption: t.T("settings.ways.caption"),
		body: widgets.Col(14, online, widgets.NewHairline(), terminal, note.root),
	}
}
