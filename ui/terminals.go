package ui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/ui/screens/checkout"
	pagedevices "frontdesk/ui/screens/devices"
	"frontdesk/ui/screens/practiceterminal"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// terminals are the entries of the status strip for the enabled terminals: one
// each where there is room, else one for all.
type terminals struct {
	w       *Window
	root    *fyne.Container
	entries []*widgets.Signal
	one     *widgets.Signal // stands for all of them
	shown   []*widgets.Signal
}

func newTerminals(w *Window) *terminals {
	t := &terminals{w: w}
	t.one = t.entry()
	t.root = widgets.Place(nil, func(s fyne.Size) {
		x := float32(0)
		for _, e := range t.shown {
			ew := e.MinSize().Width
			widgets.Put(e, x, (s.Height-48)/2, ew, 48)
			x += ew
		}
	})
	return t
}

func (t *terminals) entry() *widgets.Signal {
	return widgets.NewSignal("devices", func() { t.w.show(pageDevices) })
}

// enabled are the terminals that take charges.
func (w *Window) enabled() []devices.Status {
	if w.cfg.Devices == nil {
		return nil
	}
	var on []devices.Status
	for _, s := range w.cfg.Devices.Devices() {
		if s.Enabled {
			on = append(on, s)
		}
	}
	return on
}

// health is what a terminal is shown as: what runs on it outranks what was
// heard of it.
func (t *terminals) health(s devices.Status) devices.Health {
	for _, u := range t.w.snap.Devices {
		switch {
		case u.ID == s.ID && u.State == app.Unknown:
			return devices.Blocked
		case u.ID == s.ID:
			return devices.Busy
		}
	}
	return s.Health
}

// said is what the entries would say.
func (t *terminals) said() string {
	var all strings.Builder
	for _, s := range t.w.enabled() {
		fmt.Fprintln(&all, s.Label, t.health(s))
	}
	return all.String()
}

func calm(h devices.Health) (theme.Family, bool) {
	switch h {
	case devices.Ready:
		return theme.Green, true
	case devices.Busy:
		return theme.Blue, true
	case devices.Untested:
		return theme.Grey, true
	}
	return theme.Amber, false
}

// fit shows the entries that a width has room for and returns what they take.
func (t *terminals) fit(room float32) float32 {
	list, words := t.w.enabled(), t.w.text
	for len(t.entries) < len(list) {
		t.entries = append(t.entries, t.entry())
	}
	sick, total, label := 0, float32(0), ""
	for i, s := range list {
		h := t.health(s)
		family, well := calm(h)
		said := words.T("shell.device."+string(h), s.Label)
		if !well {
			sick++
			label = said
		}
		t.entries[i].Set(said, !well, family)
		total += t.entries[i].MinSize().Width
	}
	t.shown = t.entries[:len(list)]
	if total > room && len(list) > 0 {
		switch {
		case sick == 0:
			label = words.N("shell.devices.ready", len(list))
		case sick > 1:
			label = words.N("shell.devices.sick", sick)
		}
		t.one.Set(label, sick > 0, theme.Green)
		if t.one.MinSize().Width > room {
			t.one.Set(words.T("shell.devices.short", len(list)-sick, len(list)), sick > 0, theme.Green)
		}
		total, t.shown = t.one.MinSize().Width, []*widgets.Signal{t.one}
		if total > room {
			total, t.shown = 0, nil
		}
	}
	objects := make([]fyne.CanvasObject, len(t.shown))
	for i, e := range t.shown {
		objects[i] = e
	}
	t.root.Objects = objects
	return total
}

// buildDevices makes the page of the terminals, where the till drives any.
func (w *Window) buildDevices() error {
	if w.cfg.Devices == nil {
		return nil
	}
	w.buildPractice()
	var practice func()
	if w.practice != nil {
		practice = w.practice.Show
	}
	page, err := pagedevices.New(pagedevices.Config{
		Practice: practice,
		Desk:     w.cfg.Devices, Run: w.run, Host: w.host, Text: w.text, Now: w.cfg.Now, Zone: w.cfg.Zone,
		Operator: w.operator, OpenSale: w.openInPayments,
		Connect: func() { w.show(pageSettings) },
	})
	if err != nil {
		return err
	}
	page.SetSnapshot(w.snap)
	w.devices = page
	return nil
}

// buildPractice makes the window of the practice terminal, closed.
func (w *Window) buildPractice() {
	switch {
	case w.cfg.PracticeTerminal == nil:
	case w.practice == nil:
		w.practice = practiceterminal.New(w.cfg.App, w.cfg.PracticeTerminal, w.run, w.snap.Mode, w.text)
	default:
		w.practice.Set(w.snap.Mode, w.text)
	}
}

// fleet is where the screens look for terminals; nil where none are driven.
func (w *Window) fleet() func() []devices.Status {
	if w.cfg.Devices == nil {
		return nil
	}
	return w.cfg.Devices.Devices
}

// ways are the rails that can be charged now. Cash can always be noted; with
// locked secrets it is all there is.
func (w *Window) ways() []payments.Rail {
	rails := []payments.Rail{payments.RailLink, payments.RailTerminal}
	if w.cfg.Ways != nil {
		rails = slices.Clone(w.cfg.Ways())
	}
	none := len(w.enabled()) == 0
	rails = slices.DeleteFunc(rails, func(r payments.Rail) bool {
		return r == payments.RailCash || none && (r == payments.RailTerminal || r == payments.RailCloud)
	})
	if w.locked() {
		rails = nil
	}
	return append(rails, payments.RailCash)
}

// locked reports whether the secrets of the mode are locked.
func (w *Window) locked() bool {
	return w.snap.Mode != payments.Practice && slices.ContainsFunc(w.snap.Trouble, func(t app.Trouble) bool {
		return strings.HasPrefix(t.Code, "vault.") // locked, damaged, or its keyring does not answer
	})
}

// shown follows what the dialog over Charge shows.
func (w *Window) shown(co app.Checkout) {
	w.customer.Update(co)
	n := len(co.Sale.Attempts)
	if w.practice == nil || n == 0 || !co.Sale.Attempts[n-1].Live() {
		return
	}
	for _, s := range w.enabled() { // somebody has to play the customer
		if s.ID == co.Sale.Attempts[n-1].Device && s.Driver == devices.Practice {
			w.practice.ShowOnce()
		}
	}
}

// settler is the till where it takes a person's answer about what stays
// unknown.
func (w *Window) settler() checkout.Settler {
	s, ok := w.cfg.Till.(checkout.Settler)
	if !ok {
		return nil
	}
	return insister{s, w}
}

// insister is a settler that knows what whoever is at the desk may do.
type insister struct {
	checkout.Settler
	w *Window
}

var _ checkout.Insister = insister{}

// MayInsist reports whether a sale may be charged again although a payment of it
// is not known.
func (i insister) MayInsist() bool { return i.w.may(operators.ChargeUnknown) }
