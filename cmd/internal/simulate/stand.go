package simulate

import (
	"context"
	"io"
	"strconv"
	"sync"
	"time"

	"frontdesk/app/devices"
	"frontdesk/app/rails"
	"frontdesk/payments"
	"frontdesk/payments/simulator/pos"
	"frontdesk/payments/terminal"
)

// stand are the card terminals of a desk, which stay when the computer dies.
type stand struct {
	desk  *desk
	terms []*pos.Terminal
}

func deviceID(n int) string { return "DEVICE0" + strconv.Itoa(n+1) }

// openStand gives the n-th desk terminals with a customer in front of each; what
// the customers, the bank and the cables do is drawn from the seed.
func (w *world) openStand(d *desk, n int) (*stand, error) {
	s := &stand{desk: d}
	for i := range w.plan.terminals {
		name := d.name + " terminal " + strconv.Itoa(i)
		t, err := w.mypos.OpenTerminal(pos.Config{
			TID: "8000" + strconv.Itoa(1000+10*n+i), Now: time.Now, Log: w.log(name),
			Entropy: &entropy{chance: w.chance, name: name, now: time.Now},
			Switches: pos.Switches{
				Customer: pos.CustomerTap, CompleteAll: w.chance.hit(name+" completes", 500), NoTriggers: true,
				Cancel: pick(&dice{chance: w.chance, name: name + " cancel"}, pos.CancelHonoured, pos.CancelAnswered, pos.CancelRace),
			},
		})
		if err != nil {
			return nil, err
		}
		if err := t.Play(w.plays(&dice{chance: w.chance, name: name})...); err != nil {
			return nil, err
		}
		s.terms = append(s.terms, t)
	}
	return s, nil
}

// plays are what happens at one terminal in the course of the day, one for each
// request of the till.
func (w *world) plays(d *dice) []pos.Scenario {
	var all []pos.Scenario
	for range 25 {
		name := pick(d, "contactless", "contactless", "contactless", "contactless", "chip", "online-pin", "wrong-pin", "declined", "no-card", "customer-cancel",
			"unknown-12", "unknown-12-charged", "unknown-14-charged", "unknown-16", "no-paper", "signature", "busy")
		s := pos.Scenario{Name: name}
		if d.hit(w.plan.cable) {
			s.Faults = []pos.Fault{{
				Kind:  pick(d, pos.FaultDrop, pos.FaultDrop, pos.FaultFreeze, pos.FaultDelay, pos.FaultDuplicate, pos.FaultForeign, pos.FaultReboot),
				Stage: pick(d, 1, 2, 5, 11), After: d.hit(500), Abandon: d.hit(400), Delay: d.between(0, 30*time.Second).Milliseconds(),
			}}
			w.count.fault()
		}
		all = append(all, s)
	}
	return all
}

// calm ends what is out of order.
func (s *stand) calm() error {
	for _, t := range s.terms {
		if err := t.Play(); err != nil {
			return err
		}
	}
	return nil
}

// drivers are the terminals as one run of the program reaches them.
type drivers struct {
	stand *stand
	life  *life
	all   []*terminal.Terminal
}

func (s *stand) till(l *life) (*drivers, error) {
	d := &drivers{stand: s, life: l}
	for i, t := range s.terms {
		driver, err := terminal.New(terminal.Config{
			Dial: func(ctx context.Context) (io.ReadWriteCloser, error) { return d.dial(ctx, i, t) },
			Now:  s.desk.wall.now, Entropy: s.desk.entropy("driver " + strconv.Itoa(i)), Log: s.desk.world.log(s.desk.name),
		})
		if err != nil {
			return nil, err
		}
		d.all = append(d.all, driver)
	}
	return d, nil
}

// Find implements rails.Devices.
func (d *drivers) Find(id string) (devices.Device, error) {
	if id == "" {
		id = deviceID(0)
	}
	for i, t := range d.stand.terms {
		if id == deviceID(i) {
			return devices.Device{ID: id, Label: "Terminal " + strconv.Itoa(i+1), TerminalID: t.TID, Currency: t.Currency, Enabled: true}, nil
		}
	}
	return devices.Device{}, &payments.Error{Op: "simulate", Code: "device.missing", Err: payments.ErrRefused}
}

// Terminal implements rails.Devices.
func (d *drivers) Terminal(id string) (devices.Device, *terminal.Terminal, error) {
	dev, err := d.Find(id)
	if err != nil {
		return dev, nil, err
	}
	for i := range d.all {
		if dev.ID == deviceID(i) {
			return dev, d.all[i], nil
		}
	}
	return dev, nil, err
}

// Seen implements rails.Devices.
func (*drivers) Seen(string, terminal.Info) {}

var _ rails.Devices = (*drivers)(nil)

// dial opens the way to a terminal. It is cut when the computer dies.
func (d *drivers) dial(ctx context.Context, i int, t *pos.Terminal) (io.ReadWriteCloser, error) {
	s := d.stand
	call := &caller{net: s.desk.world.net, name: s.desk.name, dead: d.life.dead, wall: s.desk.wall}
	name, storm := call.net.number(s.desk.name + " dials " + strconv.Itoa(i))
	f := call.fate(name, identified{}, false)
	if err := call.wait(ctx, f.up); err != nil {
		return nil, err
	}
	if storm && call.net.chance.hit(name+" refused", s.desk.world.plan.desk.refused) {
		call.note(true, "refused", name)
		return nil, refused()
	}
	conn, err := t.Dial(ctx)
	if err != nil {
		return nil, err
	}
	c := &cable{ReadWriteCloser: conn, done: make(chan struct{})}
	call.net.jobs.Go(func() {
		select {
		case <-d.life.dead:
			_ = conn.Close() // a cut needs no success
		case <-c.done:
		}
	})
	return c, nil
}

// cable is a connection that ends with the computer.
type cable struct {
	io.ReadWriteCloser
	once sync.Once
	done chan struct{}
}

// Close ends the connection.
func (c *cable) Close() error {
	c.once.Do(func() { close(c.done) })
	return c.ReadWriteCloser.Close()
}
