package ui

import (
	"context"
	"reflect"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/settings"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/async"
	"frontdesk/ui/screens/charge"
	"frontdesk/ui/screens/checkout"
	"frontdesk/ui/screens/customer"
	pageday "frontdesk/ui/screens/day"
	pagedevices "frontdesk/ui/screens/devices"
	sales "frontdesk/ui/screens/payments"
	"frontdesk/ui/screens/practiceterminal"
	"frontdesk/ui/screens/refund"
	pagesettings "frontdesk/ui/screens/settings"
	"frontdesk/ui/screens/setup"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Window is the content of the till's window.
type Window struct {
	cfg    Config
	base   *theme.Theme
	run    async.Dispatcher
	work   *async.Window
	cancel context.CancelFunc

	set  settings.Settings
	text *text.Catalog
	snap app.Snapshot
	told bool // snap came from the till
	host *widgets.Host
	root *fyne.Container // holds the shell; a new one after a change of language

	shell    *shell
	charge   *charge.Screen
	checkout *checkout.Dialog
	alarms   *alarms
	customer *customer.Window         // F9
	practice *practiceterminal.Window // nil where there is no terminal to practise on
	payments *sales.Screen
	refund   *refund.Dialog     // nil where the till gives nothing back
	day      *pageday.Screen    // nil where no days are kept
	devices  *pagedevices.Page  // nil where no terminals are driven
	settings *pagesettings.Page // nil until it is shown
	first    *setup.Screen      // while the first start is shown
	people   people
	ears     ears
	at       pageName
	troubled error // why the settings could not be read
}

// pageName names a page of the rail.
type pageName string

const (
	pageCharge   pageName = "charge"
	pagePayments pageName = "payments"
	pageDevices  pageName = "devices"
	pageDay      pageName = "day"
	pageSettings pageName = "settings"
)

// New builds the window. Settings that cannot be read do not stop the till:
// it starts with the usual ones and says so.
func New(cfg Config) (*Window, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	base, err := theme.New(theme.Config{})
	if err != nil {
		return nil, err
	}
	w := &Window{cfg: cfg, base: base, at: pageCharge, host: widgets.NewHost(cfg.Canvas), run: cfg.Async}
	if w.run == nil {
		ctx, cancel := context.WithCancel(context.Background())
		w.work, w.cancel = async.NewWindow(ctx), cancel
		w.run = w.work
	}
	w.alarms = newAlarms(w)
	w.set, w.troubled = cfg.Settings.Load()
	begun := w.set.Begun || w.troubled != nil
	w.complete()
	w.snap.Mode = payments.Practice
	if cfg.Desk != nil {
		w.snap.Mode = cfg.Desk.Connection().Mode
	}
	w.arrive()
	w.customer = customer.New(cfg.App, w.set.Salon, w.snap.Mode, w.text)
	w.root = widgets.Stack()
	w.applyTheme()
	if err := w.build(); err != nil {
		return nil, err
	}
	w.keys()
	w.begin(begun)
	return w, nil
}

// complete fills in what was never chosen.
func (w *Window) complete() {
	if w.set.Language == "" {
		w.set.Language = w.cfg.Language
	}
	if w.set.Currency == "" {
		w.set.Currency = "EUR"
	}
	w.text = text.New(w.set.Language)
	w.set.Language = w.text.Lang()
	if w.set.Favourites == nil {
		w.set.Favourites = charge.StartFavourites(w.set.Currency, func(key string) string { return w.text.T(key) })
	}
	if w.set.Salon == "" {
		w.set.Salon = w.text.T("shell.salon")
	}
	if w.set.Operator == "" {
		w.set.Operator = w.text.T("shell.owner")
	}
}

// Content is what the window shows.
func (w *Window) Content() fyne.CanvasObject { return w.root }

// Title is the title of the window, mode included.
func (w *Window) Title() string {
	if w.snap.Mode == payments.Live && w.cfg.Simulated {
		return "Frontdesk – " + w.text.T("frame.simulated")
	}
	if w.snap.Mode == payments.Live {
		return "Frontdesk"
	}
	return "Frontdesk – " + w.text.T("mode."+string(w.snap.Mode))
}

// Start follows the till until ctx ends. It returns at once.
func (w *Window) Start(ctx context.Context) {
	if w.first != nil {
		w.first.Focus(w.cfg.Canvas) // by now the content stands in its window
	}
	if w.cancel != nil {
		context.AfterFunc(ctx, w.cancel)
	}
	w.run.Go(func(ctx context.Context) {
		for snap := range w.cfg.Till.Watch(ctx) {
			w.run.Do(func() { w.SetSnapshot(snap) })
		}
	})
	w.run.Go(func(ctx context.Context) {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				w.run.Do(w.Tick)
			}
		}
	})
}

// Wait blocks until all work beside the UI has ended; end the context of Start
// first.
func (w *Window) Wait() {
	if w.work != nil {
		w.work.Wait()
	}
}

// SetSnapshot shows a snapshot, unless a newer one is shown already.
func (w *Window) SetSnapshot(s app.Snapshot) {
	if s.Revision < w.snap.Revision {
		return
	}
	changed, same := s.Mode != w.snap.Mode, w.told && sameButProof(w.snap, s)
	w.snap, w.told = s, true
	w.sound(s)
	if changed {
		w.shell.setMode(s.Mode)
		w.customer.Set(w.set.Salon, s.Mode, w.text)
		w.buildPractice()
		w.settings = nil
	}
	w.shell.render()
	if same {
		return
	}
	w.charge.SetSnapshot(s)
	if w.devices != nil {
		w.devices.SetSnapshot(s)
	}
	if w.at == pagePayments {
		w.payments.Changed(s.Revision)
	}
	if w.at == pageDay {
		w.day.Changed(s.Revision)
	}
	w.alarms.changed()
}

// sameButProof reports whether two snapshots differ in nothing but when the relay
// was proven: pages have nothing new to show then.
func sameButProof(a, b app.Snapshot) bool {
	a.Revision, a.Relay.At = b.Revision, b.Relay.At
	return reflect.DeepEqual(a, b)
}

// Tick renews what depends on the clock; once a second is right.
func (w *Window) Tick() {
	w.watchHands()
	w.shell.tick()
	w.alarms.next()
	w.tickSales()
	if w.at == pageSettings && w.settings != nil {
		w.settings.Tick()
	}
	if w.at == pageDevices {
		w.devices.Tick()
	}
	if w.at == pageDay {
		w.day.Tick()
	}
}

// build makes shell and screens in the language in force; what was typed goes
// along.
func (w *Window) build() error {
	var pad *charge.Pad
	if w.charge != nil {
		p := w.charge.Pad()
		pad = &p
	}
	w.customer.Set(w.set.Salon, w.snap.Mode, w.text)
	dialog, err := checkout.New(w.checkoutConfig())
	if err != nil {
		return err
	}
	if err := w.alarms.build(); err != nil {
		return err
	}
	list, err := w.buildSales()
	if err != nil {
		return err
	}
	cfg := charge.Config{
		Till: w.cfg.Till, Async: w.run, Text: w.text, Host: w.host, Entropy: w.cfg.Entropy,
		Currency: w.set.Currency, Favourites: slices.Clone(w.set.Favourites), Zone: w.cfg.Zone,
		Operator: w.operator(), Language: w.set.Language, Ways: w.ways, Devices: w.fleet(), Now: w.cfg.Now, Locked: w.locked,
		SaveFavourites: w.saveFavourites,
		Charged:        w.openSale,
		OpenSale:       w.pressed,
		AllSales:       func() { w.show(pagePayments) },
	}
	if w.cfg.Switch != nil {
		cfg.Practice = func() { w.cfg.Switch(payments.Practice, BeginAtCharge) }
	}
	till, err := charge.New(cfg)
	if err != nil {
		return err
	}
	if pad != nil {
		till.SetPad(*pad)
	}
	till.SetSnapshot(w.snap)
	if err := w.buildDevices(); err != nil {
		return err
	}
	if err := w.buildDay(); err != nil {
		return err
	}
	w.charge, w.checkout, w.payments, w.settings = till, dialog, list, nil
	w.tellCharge()
	w.shell = newShell(w)
	if w.first == nil {
		w.root.Objects = []fyne.CanvasObject{w.shell.root}
		w.root.Refresh()
	}
	w.show(w.at)
	return nil
}

// openSale shows a sale over the page.
func (w *Window) openSale(s app.Sale) { w.checkout.Open(app.Checkout{Sale: s}) }

// pressed opens a recent sale: over the till while somebody must look at it,
// else its page.
func (w *Window) pressed(s app.Sale) {
	switch {
	case s.State.Live(), s.State == app.Reversed, s.State == app.PaidLate, s.State == app.Overpaid:
		w.openSale(s)
	default:
		w.openInPayments(s.ID)
	}
}

func (w *Window) openInPayments(id app.SaleID) {
	w.show(pagePayments)
	w.payments.OpenSale(id)
}

// Fill puts an amount and a note into an empty pad, for links from other
// programs; it reports whether it did.
func (w *Window) Fill(amount money.Amount, note string) bool {
	if !w.charge.Pad().Empty() || w.host.Top() != nil {
		return false
	}
	w.show(pageCharge)
	pad := charge.NewPad(w.set.Currency)
	pad.Note = note
	item := charge.Item{Entry: money.NewEntry(w.set.Currency)}
	if !item.Entry.Set(amount) {
		return false
	}
	pad.Items = []charge.Item{item}
	w.charge.SetPad(pad)
	return true
}
