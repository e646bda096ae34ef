package settings

import (
	"context"

	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Codes of a Keeper that are asked about instead of shown: watched, while
// payments that were let go of less than a day ago would not be recognised after
// the change; passphrase, while a desk without keyring has none.
const (
	codeWatched    = "connection.watched"
	codePassphrase = "vault.passphrase_needed"
)

// save stores a section, all or nothing.
func (a *account) save(s Section) {
	b := a.saves[s]
	if b == nil || b.Disabled() || a.check(s) {
		return
	}
	a.store(s, a.draft(s))
}

// store hands a draft of a section on.
func (a *account) store(s Section, d setup.Draft) {
	t, cfg, by := a.page.cfg.Text, a.page.cfg, a.page.by()
	a.busy(t.T("settings.saving"))
	a.notes[s].set(widgets.Fact{})
	cfg.Async.Go(func(ctx context.Context) {
		err := cfg.Desk.Save(ctx, d, by)
		cfg.Async.Do(func() {
			a.busy("")
			switch payments.CodeOf(err) {
			case codePassphrase:
				AskPassphrase(UnlockConfig{Text: t, Host: cfg.Host, Run: cfg.Async, Desk: cfg.Desk, New: true, Done: func() { a.store(s, d) }})
				return
			case codeWatched:
				a.askWatched(s, d)
				return
			}
			a.saved(s, err)
		})
	})
}

// saved shows that a section is stored, or why it is not.
func (a *account) saved(s Section, err error) {
	if err != nil {
		a.have = a.page.cfg.Desk.Connection() // what is typed stays; the next save knows what is stored
		a.notes[s].set(widgets.Fact{Family: theme.Red, Icon: "alert", Words: a.page.failure(err)})
		a.page.form.renew()
		return
	}
	a.reset(s)
	a.notes[s].set(widgets.Fact{Family: theme.Green, Icon: "check", Words: a.page.cfg.Text.T("settings.saved")})
	a.page.form.renew()
	a.page.changed()
}

// askWatched tells what a change would leave behind, and makes it when somebody
// insists.
func (a *account) askWatched(s Section, d setup.Draft) {
	t := a.page.cfg.Text
	a.page.confirm(question{
		title: t.T("settings.watched.title"), words: t.Problem(codeWatched).Text(),
		yes: t.T("settings.watched.do"), no: t.T("settings.watched.keep"), kind: widgets.Secondary,
		act: func(q *asked) {
			q.close()
			d.Insist = true
			a.store(s, d)
		},
	})
}

// busy locks the way to save and to test in every section while one of them is
// saved: a draft is made from what is stored, and that is about to change.
func (a *account) busy(words string) {
	for _, b := range a.saves {
		b.SetBusy(words)
	}
	a.page.test.hold(words)
}
