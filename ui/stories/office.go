package stories

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"frontdesk/app"
	"frontdesk/app/operators"
	"frontdesk/app/settings"
	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/ui"
	"frontdesk/ui/async"
	"frontdesk/ui/widgets"
)

// office is a desk whose connection never changes.
type office struct {
	have     setup.Connection
	found    setup.Diagnosis
	problems []setup.Problem
	rows     []setup.Row
	open     int
	err      error
	frozen   *bool // set when a test has told its rows: nothing comes after
}

func (o office) Connection() setup.Connection { return o.have }

func (o office) Diagnose(string, payments.Mode) setup.Diagnosis { return o.found }

func (o office) Check(setup.Draft) []setup.Problem { return o.problems }

func (o office) TestConnection(_ context.Context, _ setup.Draft, row func(setup.Row)) []setup.Row {
	for _, r := range o.rows {
		row(r)
	}
	if o.frozen != nil {
		*o.frozen = true
	}
	return o.rows
}

func (o office) Save(context.Context, setup.Draft, string) error { return o.err }

func (o office) OpenAttempts(context.Context) (int, error) { return o.open, nil }

func (o office) Disconnect(context.Context, string) error { return o.err }

func (o office) EraseEverything(context.Context, string) error { return o.err }

func (o office) Unlock(context.Context, string) error { return o.err }

// rightPIN is everybody's in the stories.
const rightPIN = "4711"

// staff is a book of operators that never changes.
type staff struct {
	list  []operators.Operator
	wait  time.Duration
	reset time.Time
	code  string
}

func (s staff) List() []operators.Operator { return slices.Clone(s.list) }

func (s staff) Check(_ context.Context, id, pin string) (operators.Operator, error) {
	for _, o := range s.list {
		if o.ID == id && (pin == rightPIN || !o.HasPIN) {
			return o, nil
		}
	}
	return operators.Operator{}, &payments.Error{Op: "operators.check", Code: s.code, Err: errors.New("refused")}
}

func (s staff) Wait(id string) time.Duration {
	if len(s.list) > 0 && id == s.list[0].ID {
		return s.wait
	}
	return 0
}

func (s staff) Add(_ context.Context, _ string, o operators.Operator) (operators.Operator, error) {
	return o, nil
}
func (staff) Change(context.Context, string, operators.Operator) error { return nil }
func (staff) Remove(context.Context, string, string) error             { return nil }
func (staff) SetPIN(context.Context, string, string, string) error     { return nil }
func (staff) ResetOwner(context.Context, string) error                 { return nil }
func (s staff) OwnerReset() time.Time                                  { return s.reset }

// salonStaff is who works in the salon of the stories.
func salonStaff() staff {
	return staff{code: "operator.pin", list: []operators.Operator{
		{ID: "ELENA000", Name: "Elena", Owner: true, HasPIN: true},
		{ID: "NORA0000", Name: "Nora", Rights: append(operators.Receptionist(), operators.RefundUpTo), Limit: 2000, In: "EUR", HasPIN: true},
		{ID: "MILA0000", Name: "Mila", Rights: operators.Receptionist()},
	}}
}

// handset opens its pages at one address.
type handset struct{ open bool }

func (handset) PhoneAddresses() ([]string, error) { return []string{"192.168.1.20", "10.0.0.7"}, nil }

func (handset) OpenPhone(_ context.Context, address string) (string, time.Time, error) {
	return "http://" + address + ":8787", now().Add(30 * time.Minute), nil
}

func (h handset) PhoneOpen() (string, time.Time, bool) {
	return "http://192.168.1.20:8787", now().Add(12 * time.Minute), h.open
}
func (handset) ClosePhone() {}

// connected is a Live connection as the pictures of the look show it.
func connected() setup.Connection {
	return setup.Connection{
		Mode: payments.Live, SID: "1048207", Wallet: "40217735581", KeyIndex: 2, KeyBits: 2048,
		KeySince:    time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC),
		Certificate: "9f1c2b7a54d0e3f8811b6c5d2e7f22c9", CertUntil: time.Date(2031, 5, 14, 0, 0, 0, 0, time.UTC),
		Relay: "https://pay.salon-mirabelle.example", PairedSince: time.Date(2026, 11, 3, 9, 5, 0, 0, time.UTC),
		Online: true, Terminal: true,
	}
}

// half runs work at once until frozen is set; what comes later is lost, as if
// it had not happened yet.
type half struct{ frozen *bool }

func (h half) Go(work func(context.Context)) { brief{}.Go(work) }

func (h half) Do(f func()) {
	if h.frozen == nil || !*h.frozen {
		f()
	}
}

// room is a window with a desk, people and terminals to set up.
type room struct {
	mode  payments.Mode
	desk  *office // nil: nothing can be connected
	staff *staff
	begin string
	snap  func(*app.Snapshot)
	fresh bool // the first start was not gone through
	fake  bool // Live is simulated
	run   async.Dispatcher
	clip  string
	who   string
	phone ui.Phone
	press *printshop // the printer that is chosen; nil: there is none
	desks squad
	kept  *cupboard // copies; nil: as many as are kept
}

func (r room) build(st *Stage) (*ui.Window, error) {
	look := "light"
	if st.Look.Dark {
		look = "dark"
	}
	if r.run == nil {
		r.run = brief{}
	}
	if r.who == "" {
		r.who = "Elena"
	}
	fyne.CurrentApp().Clipboard().SetContent(r.clip)
	wanted := settings.Settings{
		Theme: look, TextSize: st.Look.Factor, Language: st.Look.Lang, Salon: "Salon Mirabelle", Desk: "Main desk",
		Operator: r.who, Currency: "EUR", Begun: !r.fresh, Mode: r.mode,
	}
	cfg := ui.Config{
		Till: whole{shelf: shelf{sales: day()}}, Canvas: st.Window.Canvas(), App: st.app,
		Open: func(*url.URL) error { return nil }, Copy: func(string) {}, Entropy: endless{}, Now: now, Zone: time.UTC,
		Language: st.Look.Lang, Async: r.run, Begin: r.begin, Simulated: r.fake, Version: "1.0.0", DataDir: "/home/elena/.local/share/frontdesk",
		Switch: func(payments.Mode, string) {}, Devices: salonFleet(), Phone: r.phone,
	}
	cfg.Fleet, cfg.Copies, cfg.Printers = r.desks, fullCupboard(), printshop{mode: r.mode}
	if r.kept != nil {
		cfg.Copies = *r.kept
	}
	if r.press != nil {
		shop := shopSettings()
		wanted.Shop, wanted.Receipt, cfg.Printers = shop.Shop, shop.Receipt, *r.press
		if r.press.system {
			wanted.Receipt.Printer = settings.Printer{Kind: settings.PrinterSystem}
		}
	}
	cfg.Settings = wishes(wanted)
	if r.desk != nil {
		cfg.Desk = *r.desk
	}
	if r.staff != nil {
		cfg.Operators = *r.staff
	}
	w, err := ui.New(cfg)
	if err != nil {
		return nil, err
	}
	snap := snapshot(r.mode)
	if r.snap != nil {
		r.snap(&snap)
	}
	w.SetSnapshot(snap)
	st.Window.SetContent(w.Content())
	st.Window.Resize(fyne.NewSize(st.Look.Width, st.Look.Height))
	return w, nil
}

// search calls visit for every object of the topmost layer until it says stop.
func search(st *Stage, visit func(fyne.CanvasObject) bool) {
	c := st.Window.Canvas()
	var root fyne.CanvasObject = c.Content()
	if o := c.Overlays().Top(); o != nil {
		root = o
	}
	var walk func(fyne.CanvasObject) bool
	walk = func(o fyne.CanvasObject) bool {
		if o == nil || !o.Visible() {
			return false
		}
		if visit(o) {
			return true
		}
		switch part := o.(type) {
		case *fyne.Container:
			return slices.ContainsFunc(part.Objects, walk)
		case fyne.Widget:
			return slices.ContainsFunc(test.WidgetRenderer(part).Objects(), walk)
		}
		return false
	}
	walk(root)
}

// press taps the first part with a name; it reports whether there is one.
func press(st *Stage, name string) error {
	err := errors.New("nothing to press is called " + name)
	search(st, func(o fyne.CanvasObject) bool {
		a, named := o.(fyne.Accessible)
		b, tappable := o.(fyne.Tappable)
		if named && tappable && a.AccessibilityLabel() == name {
			b.Tapped(&fyne.PointEvent{})
			err = nil
		}
		return err == nil
	})
	return err
}

// typeInto puts words into the field with a label.
func typeInto(st *Stage, label, words string) error {
	err := errors.New("no field is called " + label)
	search(st, func(o fyne.CanvasObject) bool {
		if f, ok := o.(*widgets.Field); ok && f.AccessibilityLabel() == label {
			f.SetText(words)
			err = nil
		}
		return err == nil
	})
	return err
}
