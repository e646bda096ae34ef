package checkout

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/async"
	"frontdesk/ui/screens/cash"
	"frontdesk/ui/screens/resolve"
	"frontdesk/ui/widgets"
)

// Till is what the dialog asks of the till.
type Till interface {
	WatchSale(ctx context.Context, id app.SaleID) iter.Seq[app.Checkout]
	Sale(ctx context.Context, id app.SaleID) (app.Sale, []app.Event, error)
	CheckNow(ctx context.Context, id app.SaleID) error
	Cancel(ctx context.Context, id app.SaleID, operator string) error
}

// Collector begins another attempt, or accepts money that came late.
type Collector interface {
	Again(ctx context.Context, id app.SaleID, r app.AgainRequest) (app.Sale, error)
	Keep(ctx context.Context, id app.SaleID, operator string) error
}

// Config is what a Dialog is made of. Desk, Guard, and the functions from OnNew
// on may be left out.
type Config struct {
	Till      Till
	Collector Collector
	Settler   Settler // nil: nothing is settled by hand here
	Host      *widgets.Host
	Run       async.Dispatcher
	Text      *text.Catalog
	Now       func() time.Time
	Zone      *time.Location
	Desk      string                  // name of this desk
	Devices   func() []devices.Status // nil where no terminals are driven
	Ways      func() []payments.Rail  // that may be charged now; nil: links alone
	Operator  func() string
	Copy      func(text string)                // to the clipboard
	Mail      func(subject, body string) error // opens the mail program
	OnNew     func()                           // the next customer: empty the till
	OnOpen    func(app.SaleID)                 // show the sale in Payments
	OnChange  func(app.Checkout)               // what the dialog shows now; the zero value when it has closed
	OnRefund  func(app.Sale)                   // give money back, in a dialog over this one
	OnReceipt func(app.SaleID)                 // show and print the receipt, over this one
	OnDevices func()                           // show the terminals
	AsksPIN   func() bool                      // who is at the desk has a PIN
	Change    func()                           // somebody else comes to the desk (F10)

	// Guard makes this the dialog of alarms, which comes over the screen by
	// itself: a body takes no press, not even Esc, until nothing was pressed for
	// so long.
	Guard time.Duration
	More  func() int // alarms that wait behind the one that is shown
}

// settle is how long a new body ignores presses, so that a press meant for
// the body before it does not charge, keep or close anything.
const settle = 300 * time.Millisecond

// Dialog shows one sale at a time over the window. Its methods belong to the
// UI goroutine.
type Dialog struct {
	cfg   Config
	sheet *widgets.Sheet
	stop  context.CancelFunc

	id       app.SaleID
	in       Input
	shown    Model
	body     *body
	since    time.Time // when the body appeared
	busy     Act
	question *widgets.Sheet
	settling *resolve.Form
	counting *cash.Sheet
}

// New makes a dialog that is not shown yet.
func New(cfg Config) (*Dialog, error) {
	if cfg.Till == nil || cfg.Collector == nil || cfg.Host == nil || cfg.Run == nil || cfg.Text == nil ||
		cfg.Now == nil || cfg.Zone == nil || cfg.Operator == nil || cfg.Copy == nil || cfg.Mail == nil {
		return nil, errors.New("checkout: a required part of Config is missing")
	}
	return &Dialog{cfg: cfg}, nil
}

// Open shows a sale and follows it until the dialog is closed.
func (d *Dialog) Open(first app.Checkout) {
	d.Close()
	stop, cancel := context.WithCancel(context.Background())
	d.stop, d.id = cancel, first.Sale.ID
	d.in = Input{Zone: d.cfg.Zone, Desk: d.cfg.Desk}
	d.shown, d.body, d.busy = Model{}, nil, ""
	d.Update(first, nil)
	id := d.id
	d.cfg.Run.Go(func(ctx context.Context) { d.follow(ctx, stop, id) })
	d.cfg.Run.Go(func(ctx context.Context) { d.ticking(ctx, stop) })
}

// Close takes the dialog away; the sale goes on without it.
func (d *Dialog) Close() {
	if d.sheet != nil {
		d.cfg.Host.Close(d.sheet)
	}
}

// Shown returns the sale on screen and whether there is one.
func (d *Dialog) Shown() (app.SaleID, bool) { return d.id, d.sheet != nil }

// Waiting reports whether the dialog shows a charge that the customer is asked
// to pay, or one that a terminal has.
func (d *Dialog) Waiting() bool {
	return d.sheet != nil && (d.shown.Waiting || d.in.Checkout.Sale.Live())
}

func (d *Dialog) closed() {
	d.sheet, d.question, d.settling, d.counting = nil, nil, nil, nil
	if d.stop != nil {
		d.stop()
	}
	d.tell(app.Checkout{})
}

func (d *Dialog) follow(parent, stop context.Context, id app.SaleID) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	defer context.AfterFunc(stop, cancel)()
	for co := range d.cfg.Till.WatchSale(ctx, id) {
		_, events, err := d.cfg.Till.Sale(ctx, id)
		if err != nil {
			events = nil // the dialog still tells the state, without its history
		}
		d.cfg.Run.Do(func() {
			if stop.Err() == nil {
				d.Update(co, events)
			}
		})
	}
}

// ticking moves ages and countdowns once a second, and the count of a code in
// the making ten times.
func (d *Dialog) ticking(parent, stop context.Context) {
	const fast, slow = 100 * time.Millisecond, time.Second
	timer := time.NewTimer(fast)
	defer timer.Stop()
	for {
		select {
		case <-parent.Done():
			return
		case <-stop.Done():
			return
		case <-timer.C:
		}
		next := make(chan time.Duration, 1)
		d.cfg.Run.Do(func() {
			wait := slow
			if stop.Err() == nil {
				d.Tick()
				if d.shown.Waiting && d.shown.QR == nil && d.shown.Terminal.Label == "" {
					wait = fast
				}
			}
			next <- wait
		})
		select {
		case wait := <-next:
			timer.Reset(wait)
		case <-parent.Done():
			return
		}
	}
}

// Update shows a newer revision of the sale; an older one is ignored. Events
// may be nil.
func (d *Dialog) Update(co app.Checkout, events []app.Event) {
	if co.Sale.Revision < d.in.Checkout.Sale.Revision || co.Sale.ID != d.id {
		return
	}
	if co.Sale.State != d.in.Checkout.Sale.State {
		d.in.ShowCode = false
		d.in.Problem = text.Problem{}
	}
	d.in.Checkout = co
	if events != nil {
		d.in.Events = events
	}
	if !d.moving(co.Sale) {
		d.render()
	}
	d.tell(co)
}

// moving reports whether the sale is on its way to another attempt: what is
// withdrawn for it on the way is no news.
func (d *Dialog) moving(s app.Sale) bool {
	switch d.busy {
	case ActAgain, ActTerminal, ActQR, ActCash:
		return s.State == app.Cancelling || s.State == app.Withdrawn
	}
	return false
}

func (d *Dialog) tell(co app.Checkout) {
	if d.cfg.OnChange != nil {
		d.cfg.OnChange(co)
	}
}

// Tick moves what the clock moves.
func (d *Dialog) Tick() { d.render() }

// render draws the difference between what is shown and what should be.
func (d *Dialog) render() {
	d.in.Now = d.cfg.Now()
	d.look()
	m := View(d.in, d.cfg.Text)
	if d.body != nil && sameBody(d.shown, m) {
		d.shown = m
		d.body.tick(m.Tick)
		return
	}
	if d.body == nil || d.shown.State != m.State {
		d.since = d.in.Now
	}
	d.shown = m
	d.body = newBody(m, d.cfg.Text, hands{act: d.act, copy: d.copy, mail: d.mail})
	d.showBusy()
	if d.sheet == nil {
		d.open()
		return
	}
	d.sheet.SetContent(d.body.root)
	d.askAgain()
	if d.question == nil && d.cfg.Host.Top() == d.sheet {
		d.cfg.Host.Canvas().Focus(d.body.first)
	}
}

// look asks which terminals and ways there are now.
func (d *Dialog) look() {
	d.in.Ways, d.in.Devices, d.in.Settles = []payments.Rail{payments.RailLink}, nil, d.cfg.Settler != nil
	d.in.Insists = d.mayInsist()
	d.in.Refunds, d.in.Receipts, d.in.Fleet = d.cfg.OnRefund != nil, d.cfg.OnReceipt != nil, d.cfg.OnDevices != nil
	d.in.Alarm, d.in.More = d.cfg.Guard > 0, 0
	if d.cfg.More != nil {
		d.in.More = d.cfg.More()
	}
	if d.cfg.Ways != nil {
		d.in.Ways = d.cfg.Ways()
	}
	if d.cfg.Devices != nil {
		d.in.Devices = d.cfg.Devices()
	}
}

// sameBody tells whether only what the clock moves differs.
func sameBody(a, b Model) bool {
	a.Tick, b.Tick = Tick{}, Tick{}
	return reflect.DeepEqual(a, b)
}

func (d *Dialog) open() {
	d.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: d.cfg.Text.T("checkout.name", d.shown.Amount), Width: 1040, Height: 688,
		Content: d.body.root, First: d.body.first,
		MayClose: d.mayClose, OnKey: d.key, OnClosed: d.closed,
	})
	d.cfg.Host.Show(d.sheet)
}

// mayClose lets a result go; a running charge asks first.
func (d *Dialog) mayClose() bool {
	if d.cfg.Guard > 0 && d.tooEarly(true) {
		return false
	}
	if d.shown.Closes {
		return true
	}
	if (d.shown.Confirm != Confirm{}) {
		d.ask()
	}
	return false
}

// key gives Enter to the main button wherever the focus stands, P to the
// receipt and F4 to the refund of money that came.
func (d *Dialog) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if d.shown.Main.Act != "" {
			d.act(d.shown.Main)
		}
	case fyne.KeyP:
		for _, a := range d.shown.Side {
			if a.Act == ActReceipt {
				d.act(a)
			}
		}
	case fyne.KeyF4:
		switch d.shown.State {
		case app.Paid, app.PaidLate, app.Overpaid, app.PartRefunded:
			d.act(Action{Act: ActRefund})
		}
	case fyne.KeyEscape:
		return false
	default:
		d.Typed()
	}
	return true
}

// askAgain keeps the question true to the state: it goes away when there is
// nothing left to cancel.
func (d *Dialog) askAgain() {
	if d.question != nil && (d.shown.Confirm == Confirm{}) {
		d.cfg.Host.Close(d.question)
	}
	if d.settling != nil && d.shown.State != app.Unknown {
		d.settling.Close()
	}
	if d.counting != nil && d.shown.State != app.Reversed {
		d.counting.Close()
	}
}
