package till

import (
	"cmp"
	"context"
	"io"
	"sync"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/rails"
	"frontdesk/payments"
	"frontdesk/payments/terminal"
)

// fleet joins the register of terminals with the drivers that speak to them.
// One driver serves an address as long as the desk is open: it makes sure that
// one operation runs at a time. Methods may be called from any goroutine.
type fleet struct {
	desk     *Desk
	register *devices.Register
	life     context.Context
	end      context.CancelFunc
	beats    sync.WaitGroup

	mu      sync.Mutex
	drivers map[string]*driver // by device ID
}

var _ rails.Devices = (*fleet)(nil)

// driver is the way to one address, with what was last heard of it.
type driver struct {
	address string
	term    *terminal.Terminal
	stop    context.CancelFunc
	code    string // of the last failure, "" when it answered last
	silent  bool   // it did not answer last
}

func (d *Desk) openFleet(ctx context.Context, folder string) error {
	f := &fleet{desk: d, drivers: map[string]*driver{}}
	var err error
	f.register, err = devices.Open(devices.Config{
		Dir: folder, Mode: d.cfg.Mode, Now: d.cfg.Now, Entropy: d.cfg.Entropy, InUse: d.deviceInUse,
	})
	if err != nil {
		return err
	}
	f.life, f.end = context.WithCancel(context.WithoutCancel(ctx))
	d.fleet = f
	return nil
}

func (f *fleet) close() {
	if f != nil {
		f.end()
		f.beats.Wait()
	}
}

// wake begins the heartbeats of the devices that take charges.
func (f *fleet) wake() {
	for _, dev := range f.register.List() {
		if dev.Enabled {
			_, _ = f.drive(dev) // what cannot be driven says so when it is used
		}
	}
}

// snapshot is what the till shows now.
func (d *Desk) snapshot() app.Snapshot {
	if d.till != nil {
		for s := range d.till.Watch(context.Background()) {
			return s
		}
	}
	return app.Snapshot{}
}

// deviceInUse reports whether a payment on the device runs or is not known.
func (d *Desk) deviceInUse(id string) bool {
	for _, use := range d.snapshot().Devices {
		if use.ID == id {
			return true
		}
	}
	return false
}

// Find returns the device of an ID that may take a charge; "" is the default
// one.
func (f *fleet) Find(id string) (devices.Device, error) {
	const op = "till.device"
	if id == "" {
		dev, ok := f.register.Default()
		if !ok {
			return dev, refused(op, "device.missing")
		}
		return dev, nil
	}
	dev, ok := f.register.Get(id)
	switch {
	case !ok || !dev.Removed.IsZero():
		return dev, refused(op, "device.missing")
	case !dev.Enabled:
		return dev, refused(op, "device.disabled")
	}
	return dev, nil
}

// Terminal returns the device and its driver, also of devices that take no
// charges any more.
func (f *fleet) Terminal(id string) (devices.Device, *terminal.Terminal, error) {
	dev, ok := f.register.Get(id)
	if !ok {
		return dev, nil, refused("till.device", "device.missing")
	}
	t, err := f.drive(dev)
	return dev, t, err
}

// Seen takes in what a terminal said of itself right before a payment.
func (f *fleet) Seen(id string, info terminal.Info) {
	f.heard(id, info.Code, false)
	if _, err := f.register.Seen(id, toldOf(info)); err != nil {
		f.desk.cfg.Log.Warn("a device could not be noted", "error", err)
	}
	if _, err := f.register.Used(id); err != nil {
		f.desk.cfg.Log.Warn("a device could not be noted", "error", err)
	}
}

func toldOf(i terminal.Info) devices.Told {
	return devices.Told{
		TerminalID: i.TerminalID, SerialNo: i.SerialNo, Merchant: i.Merchant, Software: i.Software,
		Printer: i.Printer, Currency: i.Currency, Code: i.Code,
	}
}

// drive returns the driver of a device, a new one when its address changed.
func (f *fleet) drive(dev devices.Device) (*terminal.Terminal, error) {
	address := string(dev.Driver) + " " + dev.Address()
	f.mu.Lock()
	defer f.mu.Unlock()
	if have := f.drivers[dev.ID]; have != nil {
		if have.address == address {
			return have.term, nil
		}
		have.stop()
	}
	dial, err := f.dialer(dev)
	if err != nil {
		return nil, err
	}
	t, err := terminal.New(terminal.Config{
		Dial: dial, Now: f.desk.cfg.Now, Entropy: f.desk.cfg.Entropy, Log: f.desk.cfg.Log.With("device", dev.ID),
	})
	if err != nil {
		return nil, err
	}
	life, stop := context.WithCancel(f.life)
	f.drivers[dev.ID] = &driver{address: address, term: t, stop: stop}
	f.beats.Go(func() {
		t.Heartbeat(life, func(err error) { f.beat(dev.ID, err) })
	})
	return t, nil
}

func (f *fleet) dialer(dev devices.Device) (terminal.Dialer, error) {
	switch dev.Driver {
	case devices.TCP:
		return terminal.TCP(dev.Host, dev.Port), nil
	case devices.Serial:
		return terminal.Serial(dev.Path), nil
	case devices.Practice:
		return func(ctx context.Context) (io.ReadWriteCloser, error) {
			if in := f.desk.inside; in != nil && in.terminal != nil {
				return in.terminal.Dial(ctx)
			}
			return nil, unreachable("till.device", "terminal.unreachable")
		}, nil
	}
	return nil, refused("till.device", "device.driver")
}

// heard takes in how the last try to speak to a device ended.
func (f *fleet) heard(id, code string, silent bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.drivers[id]; d != nil {
		d.code, d.silent = code, silent
	}
}

// beat takes in a heartbeat. One that is answered says that the terminal is there
// again, and nothing about what else was wrong with it.
func (f *fleet) beat(id string, err error) {
	f.mu.Lock()
	d := f.drivers[id]
	silent := d != nil && d.silent
	f.mu.Unlock()
	switch {
	case err != nil:
		f.heard(id, payments.CodeOf(err), true)
	case silent:
		f.heard(id, "", false)
	}
}

// status is the device with its live state.
func (f *fleet) status(dev devices.Device, uses []app.DeviceUse, now time.Time) devices.Status {
	s := devices.Status{Device: dev, Health: devices.Ready, Idle: dev.Idle(now)}
	f.mu.Lock()
	if d := f.drivers[dev.ID]; d != nil {
		s.Code = d.code
		switch {
		case d.silent:
			s.Health = devices.Unreachable
		case d.code != "":
			s.Health = devices.NeedsHelp
		}
	}
	f.mu.Unlock()
	switch {
	case dev.Changed():
		s.Health, s.Code = devices.Changed, "terminal.changed"
	case dev.Tested.IsZero() && s.Health == devices.Ready:
		s.Health, s.Code = devices.Untested, "device.untested"
	case !dev.Enabled && s.Health == devices.Ready:
		s.Health, s.Code = devices.Disabled, ""
	}
	for _, use := range uses {
		switch {
		case use.ID != dev.ID:
		case use.State == app.Unknown:
			s.Health = devices.Blocked
		default:
			s.Health = devices.Busy
		}
	}
	return s
}

// terminalRail is the rail of terminals, while the owner wants it.
type terminalRail struct {
	*rails.Terminal
	desk *Desk
}

var (
	_ app.Presenter   = terminalRail{}
	_ app.Refunder    = terminalRail{}
	_ app.Conditional = terminalRail{}
	_ app.Router      = terminalRail{}
)

// Ready says why no terminal can take a charge.
func (t terminalRail) Ready() error {
	if r := t.desk.records; r != nil && !r.get().Terminal {
		return refused("terminal.ready", "terminal.off")
	}
	return nil
}

// requestRail is the rail of payment requests, while the owner wants it.
type requestRail struct {
	*rails.Request
	socket *socket
}

var _ app.Conditional = requestRail{}

// Ready says why no payment request can be made.
func (r requestRail) Ready() error {
	if w := r.socket.now(); w.code != "" || w.off {
		return refused("request.ready", cmp.Or(w.code, "online.off"))
	}
	return r.Request.Ready()
}
