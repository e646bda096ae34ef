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

// unlocking is the open dialog for the passphrase.
type unlocking struct {
	cfg   UnlockConfig
	field *widgets.Field
	again *widgets.Field // nil unless a passphrase may be chosen
	open  *widgets.Button
	sheet *widgets.Sheet
}

// AskPassphrase opens the dialog that unlocks the vault on a desk without
// keyring.
func AskPassphrase(cfg UnlockConfig) {
	t := cfg.Text
	u := &unlocking{cfg: cfg}
	u.field = widgets.NewField(widgets.FieldConfig{
		Label: t.T("unlock.passphrase"), Hint: t.T("unlock.hint"), Secret: true, OnSubmit: func(string) { u.press() },
		OnChanged: func(typed string) {
			if typed != "" {
				u.field.SetError("")
			}
		},
	})
	title, words, label := t.T("unlock.title"), t.T("unlock.sentence"), t.T("unlock.do")
	fields := widgets.Col(14, u.field)
	if cfg.New {
		title, words, label = t.T("unlock.new"), t.T("unlock.new.sentence"), t.T("unlock.new.do")
		u.again = widgets.NewField(widgets.FieldConfig{
			Label: t.T("unlock.again"), Secret: true, OnSubmit: func(string) { u.press() }, OnChanged: func(string) { u.again.SetError("") },
		})
		fields.Add(u.again)
	}
	u.open = widgets.NewButton(widgets.ButtonConfig{Label: label, Key: t.T("key.enter"), OnTap: u.press})
	later := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Label: t.T("unlock.later"), OnTap: func() { cfg.Host.Close(u.sheet) }})
	body := widgets.Col(16, widgets.NewParagraph(title, theme.Title(), theme.Ink), sentence(words), fields, feet(later, u.open))
	u.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 560, First: u.field.Entry(), CloseName: t.T("close"),
		Content: widgets.Pad(widgets.Insets{Top: 32, Right: 36, Bottom: 32, Left: 36}, body),
	})
	cfg.Host.Show(u.sheet)
}

// press unlocks with what was typed, once it was typed twice where that is
// asked for.
func (u *unlocking) press() {
	t, typed := u.cfg.Text, u.field.Text()
	if typed == "" || u.open.Disabled() {
		return
	}
	if u.again != nil && u.again.Text() != typed {
		u.again.SetError(t.T("unlock.differ"))
		u.again.Focus()
		u.sheet.Refresh()
		return
	}
	u.open.SetBusy(t.T("unlock.busy"))
	u.cfg.Run.Go(func(ctx context.Context) {
		err := u.cfg.Desk.Unlock(ctx, typed)
		u.cfg.Run.Do(func() { u.answered(err) })
	})
}

func (u *unlocking) answered(err error) {
	u.open.SetBusy("")
	u.field.SetText("")
	if u.again != nil {
		u.again.SetText("")
	}
	if err != nil {
		said := u.cfg.Text.Problem(payments.CodeOf(err))
		u.field.SetError(said.What + " " + said.Do)
		u.sheet.Refresh()
		return
	}
	u.cfg.Host.Close(u.sheet)
	if u.cfg.Done != nil {
		u.cfg.Done()
	}
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
