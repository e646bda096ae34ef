package settings

import (
	"context"

	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/async"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// UnlockConfig is what the dialog for the passphrase is made of.
type UnlockConfig struct {
	Text *text.Catalog
	Host *widgets.Host
	Run  async.Dispatcher
	Desk Unlocker
	New  bool // a passphrase may be chosen now, so it is typed twice
	Done func()
}

// AskPassphrase opens the dialog that unlocks the vault on a desk without
// keyring.
func AskPassphrase(cfg UnlockConfig) {
	t := cfg.Text
	var sheet *widgets.Sheet
	var field, again *widgets.Field
	var open *widgets.Button
	press := func() {
		typed := field.Text()
		if typed == "" || open.Disabled() {
			return
		}
		if cfg.New && again.Text() != typed {
			again.SetError(t.T("unlock.differ"))
			again.Focus()
			sheet.Refresh()
			return
		}
		open.SetBusy(t.T("unlock.busy"))
		cfg.Run.Go(func(ctx context.Context) {
			err := cfg.Desk.Unlock(ctx, typed)
			cfg.Run.Do(func() {
				open.SetBusy("")
				field.SetText("")
				if cfg.New {
					again.SetText("")
				}
				if err != nil {
					said := t.Problem(payments.CodeOf(err))
					field.SetError(said.What + " " + said.Do)
					sheet.Refresh()
					return
				}
				cfg.Host.Close(sheet)
				if cfg.Done != nil {
					cfg.Done()
				}
			})
		})
	}
	field = widgets.NewField(widgets.FieldConfig{
		Label: t.T("unlock.passphrase"), Hint: t.T("unlock.hint"), Secret: true,
		OnSubmit: func(string) { press() }, OnChanged: func(typed string) {
			if typed != "" && field != nil {
				field.SetError("")
			}
		},
	})
	title, words, label := t.T("unlock.title"), t.T("unlock.sentence"), t.T("unlock.do")
	fields := widgets.Col(14, field)
	if cfg.New {
		title, words, label = t.T("unlock.new"), t.T("unlock.new.sentence"), t.T("unlock.new.do")
		again = widgets.NewField(widgets.FieldConfig{Label: t.T("unlock.again"), Secret: true, OnSubmit: func(string) { press() }, OnChanged: func(string) {
			again.SetError("")
		}})
		fields.Add(again)
	}
	open = widgets.NewButton(widgets.ButtonConfig{Label: label, Key: t.T("key.enter"), OnTap: press})
	later := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Label: t.T("unlock.later"), OnTap: func() { cfg.Host.Close(sheet) }})
	body := widgets.Col(16, widgets.NewParagraph(title, theme.Title(), theme.Ink), sentence(words), fields, feet(later, open))
	sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 560, First: field.Entry(), CloseName: t.T("close"),
		Content: widgets.Pad(widgets.Insets{Top: 32, Right: 36, Bottom: 32, Left: 36}, body),
	})
	cfg.Host.Show(sheet)
}

// lockedPart stands in place of what cannot be shown while the vault is
// locked.
func (p *Page) lockedPart(s Section) *part {
	t := p.cfg.Text
	body := widgets.Col(20, sentence(t.T("unlock.sentence")), sentence(t.T("shell.locked.sentence")))
	if code := p.account.have.LockCode; code != "" && code != "vault.locked" {
		body.Objects[0] = sentence(p.problem(code))
	}
	open := widgets.NewButton(widgets.ButtonConfig{Icon: "lock", Label: t.T("unlock.do"), OnTap: func() {
		AskPassphrase(UnlockConfig{Text: t, Host: p.cfg.Host, Run: p.cfg.Async, Desk: p.cfg.Desk, Done: func() { p.Renew(); p.changed() }})
	}})
	body.Add(widgets.Row(0, open, widgets.Space()))
	return &part{
		title: t.T("settings.menu." + string(s)), caption: t.T("unlock.title"),
		body: body,
	}
}
