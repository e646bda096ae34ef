package till

import (
	"context"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/payments/simulator/pos"
	"frontdesk/payments/terminal"
)

// deviceTest bounds one test of a terminal.
const deviceTest = 30 * time.Second

// Devices lists the terminals that were not removed, oldest first, with their
// live state. It answers at once, from memory.
func (d *Desk) Devices() []devices.Status {
	uses, now := d.snapshot().Devices, d.cfg.Now()
	var all []devices.Status
	for _, dev := range d.fleet.register.List() {
		all = append(all, d.fleet.status(dev, uses, now))
	}
	return all
}

// PracticeTerminal is the terminal inside the program, nil where there is none.
func (d *Desk) PracticeTerminal() *pos.Terminal {
	if d.inside == nil {
		return nil
	}
	return d.inside.terminal
}

// CheckDevice says which fields cannot be stored; id is the device being
// changed, empty for a new one.
func (d *Desk) CheckDevice(draft devices.Draft, id string) []devices.Problem {
	return d.fleet.register.Check(draft, id)
}

// AddDevice stores a new device, switched off but for the practice terminal.
func (d *Desk) AddDevice(ctx context.Context, draft devices.Draft, operator string) (devices.Device, error) {
	if err := d.mayChange(operator); err != nil {
		return devices.Device{}, err
	}
	dev, err := d.fleet.register.Add(draft)
	if err != nil {
		return dev, err
	}
	d.noteDevice(ctx, app.DeviceAdded, operator, dev)
	if dev.Enabled {
		d.fleet.wake()
	}
	return dev, nil
}

// ChangeDevice stores other fields of a device.
func (d *Desk) ChangeDevice(ctx context.Context, id string, draft devices.Draft, operator string) (devices.Device, error) {
	return d.changeDevice(ctx, app.DeviceChanged, operator, func() (devices.Device, error) {
		return d.fleet.register.Change(id, draft)
	})
}

// RemoveDevice takes a device away; old sales keep its label.
func (d *Desk) RemoveDevice(ctx context.Context, id, operator string) error {
	_, err := d.changeDevice(ctx, app.DeviceRemoved, operator, func() (devices.Device, error) {
		dev, _ := d.fleet.register.Get(id)
		return dev, d.fleet.register.Remove(id)
	})
	return err
}

// EnableDevice offers a device for charges, and terminal payments with it.
func (d *Desk) EnableDevice(ctx context.Context, id string, insist bool, operator string) error {
	_, err := d.changeDevice(ctx, app.DeviceEnabled, operator, func() (devices.Device, error) {
		return d.fleet.register.Enable(id, insist)
	})
	if err != nil {
		return err
	}
	d.fleet.wake()
	return d.offerTerminals()
}

// offerTerminals switches terminal payments on: who enables a terminal wants to
// take money on it.
func (d *Desk) offerTerminals() error {
	if d.records == nil {
		return nil
	}
	d.saving.Lock()
	defer d.saving.Unlock()
	rec := d.records.get()
	if rec.Terminal {
		return nil
	}
	rec.Terminal = true
	rec.Generation++ // a draft made before would switch it off again
	return d.records.put(rec)
}

// DisableDevice takes a device out of the choice for charges.
func (d *Desk) DisableDevice(ctx context.Context, id, operator string) error {
	_, err := d.changeDevice(ctx, app.DeviceDisabled, operator, func() (devices.Device, error) {
		return d.fleet.register.Disable(id)
	})
	return err
}

// DefaultDevice makes a device the one that takes the next charge.
func (d *Desk) DefaultDevice(ctx context.Context, id, operator string) error {
	_, err := d.changeDevice(ctx, app.DeviceChanged, operator, func() (devices.Device, error) {
		return d.fleet.register.SetDefault(id)
	})
	return err
}

// KeepDevice answers "not used for 60 days: disable?" with no.
func (d *Desk) KeepDevice(ctx context.Context, id, operator string) error {
	_, err := d.changeDevice(ctx, app.DeviceChanged, operator, func() (devices.Device, error) {
		return d.fleet.register.Keep(id)
	})
	return err
}

// AcceptDevice registers the other terminal that answers at the address.
func (d *Desk) AcceptDevice(ctx context.Context, id, operator string) error {
	_, err := d.changeDevice(ctx, app.DeviceChanged, operator, func() (devices.Device, error) {
		return d.fleet.register.Accept(id)
	})
	return err
}

func (d *Desk) changeDevice(ctx context.Context, kind app.NoteKind, operator string, change func() (devices.Device, error)) (devices.Device, error) {
	if err := d.mayChange(operator); err != nil {
		return devices.Device{}, err
	}
	dev, err := change()
	if err == nil {
		d.noteDevice(ctx, kind, operator, dev)
	}
	return dev, err
}

func (d *Desk) noteDevice(ctx context.Context, kind app.NoteKind, operator string, dev devices.Device) {
	d.note(ctx, kind, operator, map[string]string{"device": dev.ID, "label": dev.Label})
}

// TestDevice asks a terminal who it is and notes what it told. No money moves.
func (d *Desk) TestDevice(ctx context.Context, id string) (devices.Report, error) {
	ctx, cancel := context.WithTimeout(ctx, deviceTest)
	defer cancel()
	if dev, ok := d.fleet.register.Get(id); ok && dev.Driver == devices.Cloud {
		return d.testCloud(ctx, dev)
	}
	_, t, err := d.fleet.Terminal(id)
	if err != nil {
		return devices.Report{}, err
	}
	info, err := t.Test(ctx)
	d.fleet.heard(id, codeOfTest(info, err), err != nil)
	if err != nil {
		return devices.Report{}, err
	}
	dev, err := d.fleet.register.Seen(id, toldOf(info))
	return reportOf(info, dev), err
}

func codeOfTest(info terminal.Info, err error) string {
	if err != nil {
		return payments.CodeOf(err)
	}
	return info.Code
}

func reportOf(i terminal.Info, dev devices.Device) devices.Report {
	return devices.Report{
		Told: toldOf(i), Name: i.Name, Other: dev.Changed(),
		Last: devices.Last{
			Paid: i.Last.Outcome == payments.Paid, Amount: i.Last.Amount,
			When: strings.TrimSpace(i.Last.Date + " " + i.Last.Time), CardLast4: i.Last.CardLast4, Reference: i.Last.RRN,
		},
	}
}

// SerialPorts lists the serial ports of this computer as it names them.
func (d *Desk) SerialPorts(context.Context) ([]string, error) { return terminal.Ports() }

// AccountDevices lists the terminals of the myPOS account.
func (d *Desk) AccountDevices(ctx context.Context) ([]devices.Found, error) {
	w := d.socket.now()
	if w.merchant == nil {
		return d.cloudTerminals(ctx, w)
	}
	list, err := w.merchant.Devices(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]string{}
	for _, dev := range d.fleet.register.List() {
		known[dev.TerminalID] = dev.Label
	}
	found := make([]devices.Found, 0, len(list))
	for _, l := range list {
		f := devices.Found{Name: l.Name, Model: l.Model, TerminalID: l.TerminalID, SerialNo: l.SerialNumber}
		if l.TerminalID != "" {
			f.Known = known[l.TerminalID]
			f.Cloud = w.gateway != nil
		}
		found = append(found, f)
	}
	return found, nil
}
