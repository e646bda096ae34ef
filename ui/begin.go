package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/app/operators"
	"frontdesk/app/settings"
	"frontdesk/payments"
	pagesettings "frontdesk/ui/screens/settings"
	"frontdesk/ui/screens/setup"
	"frontdesk/ui/widgets"
)

// begin decides what a window shows first: the first start, the lock, or the
// page it was opened for.
func (w *Window) begin(begun bool) {
	if !begun {
		w.first = setup.New(setup.Config{
			Choices: setup.Choices{Language: w.set.Language, Currency: w.set.Currency}, Done: w.beginWith,
		})
		w.root.Objects = []fyne.CanvasObject{w.first.Content()}
		w.root.Refresh()
		return
	}
	if w.set.Mode != w.snap.Mode && w.cfg.Switch != nil && w.troubled == nil {
		w.set.Mode = w.snap.Mode
		_ = w.cfg.Settings.Save(w.set) // which mode opens next time; not worth a word
	}
	w.goTo(w.cfg.Begin)
	w.Lock()
}

// goTo shows the page named by Config.Begin. Without a name, a mode in which
// nothing is connected yet begins where it is connected.
func (w *Window) goTo(name string) {
	section, isSettings := strings.CutPrefix(name, "settings.")
	switch {
	case name == BeginAtDevices && w.devices != nil:
		w.show(pageDevices)
	case name == BeginAtDevices, name == "" && w.unconnected():
		w.showSettings(pagesettings.Checkout)
	case isSettings:
		w.showSettings(pagesettings.Section(section))
	}
}

// unconnected reports whether the mode can take no money at all yet.
func (w *Window) unconnected() bool {
	if w.cfg.Desk == nil || w.snap.Mode != payments.Live {
		return false
	}
	c := w.cfg.Desk.Connection()
	return c.SID == "" && !c.EnableAPI && !c.Terminal && !c.Locked && w.deviceCount() == 0
}

// beginWith takes over what was typed at the first start and goes on as
// chosen.
func (w *Window) beginWith(way setup.Way, c setup.Choices) {
	w.first = nil
	next := w.set
	next.Begun, next.Language, next.Currency = true, c.Language, c.Currency
	if c.Salon != "" {
		next.Salon = c.Salon
	}
	if next.Currency != w.set.Currency {
		next.Favourites = nil // those to start with, in the new currency
	}
	next.Salon, next.Operator = w.unsaid(next.Salon, "shell.salon"), w.unsaid(next.Operator, "shell.owner")
	err := w.choose(next)
	if w.root.Objects = []fyne.CanvasObject{w.shell.root}; err != nil {
		w.troubled = err
		w.shell.render()
	}
	w.root.Refresh()
	switch {
	case way == setup.Try:
		w.show(pageCharge)
	case w.cfg.Switch != nil && way == setup.Terminal:
		w.cfg.Switch(payments.Live, BeginAtDevices)
	case w.cfg.Switch != nil:
		w.cfg.Switch(payments.Live, BeginAtCheckout)
	case way == setup.Terminal:
		w.goTo(BeginAtDevices)
	default:
		w.goTo(BeginAtCheckout)
	}
}

// unsaid empties a name that nobody typed, so that it is filled in anew in the
// language that was chosen.
func (w *Window) unsaid(name, key string) string {
	if name == w.text.T(key) {
		return ""
	}
	return name
}

// showSettings goes to a section of Settings.
func (w *Window) showSettings(s pagesettings.Section) {
	w.show(pageSettings)
	if w.settings != nil {
		w.settings.Show(s)
		w.settings.Enter()
	}
}

// settingsPage is the page, or the reason why it stays closed.
func (w *Window) settingsPage() fyne.CanvasObject {
	if !w.may(operators.Settings) {
		t := w.text
		return widgets.NewEmpty("lock", t.T("settings.closed.title", w.operatorName()), t.T("settings.closed.sentence"),
			t.T("settings.closed.switch"), w.change)
	}
	if w.settings != nil {
		w.settings.Renew()
		return w.settings.Content()
	}
	cfg := pagesettings.Config{
		Text: w.text, Host: w.host, Async: w.run, Values: w.set, Mode: w.snap.Mode, Simulated: w.cfg.Simulated,
		Desk: w.cfg.Desk, Operators: w.cfg.Operators, Phone: w.cfg.Phone, Version: w.cfg.Version, DataDir: w.cfg.DataDir,
		Now: w.cfg.Now, Zone: w.cfg.Zone, By: w.operator, Paste: w.cfg.App.Clipboard().Content, Copy: w.cfg.Copy,
		Printers: w.cfg.Printers, Copies: w.cfg.Copies, Fleet: w.cfg.Fleet,
		OpenSales: w.openSales, Devices: w.deviceCount, Proof: func() payments.Proof { return w.snap.Relay },
		Choose: w.choose, Changed: w.renewHere,
	}
	if w.cfg.Switch != nil {
		cfg.Switch = w.switchTo
	}
	w.settings = pagesettings.New(cfg)
	return w.settings.Content()
}

// switchTo closes this window for one in another mode.
func (w *Window) switchTo(to payments.Mode, at pagesettings.Section) {
	begin := ""
	if at == pagesettings.Checkout {
		begin = BeginAtCheckout
	}
	w.cfg.Switch(to, begin)
}

// openSales counts the sales that are not over.
func (w *Window) openSales() int {
	n := 0
	for _, s := range w.snap.Recent {
		if s.Live() {
			n++
		}
	}
	return n
}

func (w *Window) deviceCount() int {
	if w.cfg.Devices == nil {
		return 0
	}
	return len(w.cfg.Devices.Devices())
}

// unlock asks for the passphrase of the vault.
func (w *Window) unlock() {
	if w.host.Top() == nil && w.cfg.Desk != nil {
		pagesettings.AskPassphrase(pagesettings.UnlockConfig{Text: w.text, Host: w.host, Run: w.run, Desk: w.cfg.Desk, Done: func() {
			w.settings = nil
			w.show(w.at)
		}})
	}
}

// differs reports whether settings changed in what is built into the shell.
func differs(a, b settings.Settings) bool {
	return a.Language != b.Language || a.Salon != b.Salon || a.Operator != b.Operator || a.TextSize != b.TextSize || a.Currency != b.Currency
}
