package devices

// Change stores other fields of a device. With another address it counts as
// untested and what was learned of it is forgotten; that is refused while a
// payment on it runs or is not known. A label can change at any time.
func (r *Register) Change(id string, draft Draft) (Device, error) {
	busy := r.inUse(id)
	return r.change("change", id, func(d *Device, _ []Device) error {
		next, bad := r.check(draft, id)
		if len(bad) > 0 {
			return refuse("change", bad[0].Code, nil)
		}
		if next.Driver == d.Driver && next.Address() == d.Address() {
			d.Label, d.Model = next.Label, next.Model
			return nil
		}
		if busy {
			return refuse("change", "device.in_use", nil)
		}
		next.ID, next.Added, next.LastUsed, next.Kept = d.ID, d.Added, d.LastUsed, d.Kept
		if next.Driver != Cloud {
			next.TerminalID, next.SerialNo = "", ""
		}
		*d = next
		return nil
	})
}

// Enable offers a device for charges. Without insist it must have been tested
// once and must be the terminal that is registered. The first one enabled
// becomes the default.
func (r *Register) Enable(id string, insist bool) (Device, error) {
	return r.change("enable", id, func(d *Device, list []Device) error {
		switch {
		case d.Enabled:
			return nil
		case d.Tested.IsZero() && !insist:
			return refuse("enable", "device.untested", nil)
		}
		d.Default = true
		for _, o := range list {
			if o.ID != id && o.chosen() {
				d.Default = false
			}
		}
		d.Enabled, d.Kept = true, r.now()
		return nil
	})
}

// Disable takes a device out of the choice for charges, unless a payment on it
// runs or is not known.
func (r *Register) Disable(id string) (Device, error) {
	busy := r.inUse(id)
	return r.change("disable", id, func(d *Device, _ []Device) error {
		if busy {
			return refuse("disable", "device.in_use", nil)
		}
		d.Enabled, d.Default = false, false
		return nil
	})
}

// Remove takes a device away, unless a payment on it runs or is not known. Its
// label stays for old sales and may be given to another one.
func (r *Register) Remove(id string) error {
	busy := r.inUse(id)
	_, err := r.change("remove", id, func(d *Device, _ []Device) error {
		if busy {
			return refuse("remove", "device.in_use", nil)
		}
		d.Enabled, d.Default, d.Removed = false, false, r.now()
		return nil
	})
	return err
}

// SetDefault makes an enabled device the one that takes the next charge.
func (r *Register) SetDefault(id string) (Device, error) {
	return r.change("default", id, func(d *Device, list []Device) error {
		if !d.Enabled {
			return refuse("default", "device.disabled", nil)
		}
		for i := range list {
			list[i].Default = false
		}
		d.Default = true
		return nil
	})
}

// Keep answers the question about a terminal that was not used for 60 days: it
// stays, and is not asked about for another 60.
func (r *Register) Keep(id string) (Device, error) {
	return r.change("keep", id, func(d *Device, _ []Device) error {
		d.Kept = r.now()
		return nil
	})
}

// Seen notes that a device has answered and what it told; the zero Told only
// notes the answer. When it is another terminal than the registered one, that
// is set aside in Other and changes nothing else; the registered one answering
// again clears it.
func (r *Register) Seen(id string, told Told) (Device, error) {
	return r.change("seen", id, func(d *Device, _ []Device) error {
		now := r.now()
		if now.Sub(d.LastSeen).Abs() >= seenEvery || told != (Told{}) {
			d.LastSeen = now
		}
		if told == (Told{}) {
			return nil
		}
		usable := told.Code == ""
		told.Code = ""
		if other(d.TerminalID, told.TerminalID) || other(d.SerialNo, told.SerialNo) {
			d.Other = told
			return nil
		}
		d.Other = Told{}
		d.learn(told)
		if usable {
			d.Tested = now
		}
		return nil
	})
}

// Accept registers the terminal that was set aside in Other in the place of
// the one before.
func (r *Register) Accept(id string) (Device, error) {
	busy := r.inUse(id)
	return r.change("accept", id, func(d *Device, _ []Device) error {
		switch {
		case !d.Changed():
			return nil
		case busy:
			return refuse("accept", "device.in_use", nil)
		}
		told := d.Other
		d.TerminalID, d.SerialNo, d.Merchant, d.Software, d.Currency, d.Other = "", "", "", "", "", Told{}
		d.learn(told)
		d.Tested = r.now()
		return nil
	})
}

// Used notes a charge on the device.
func (r *Register) Used(id string) (Device, error) {
	return r.change("used", id, func(d *Device, _ []Device) error {
		d.LastUsed = r.now()
		d.LastSeen = d.LastUsed
		return nil
	})
}

// other reports whether two names of the same kind are known and differ.
func other(stored, told string) bool { return stored != "" && told != "" && stored != told }

// learn takes over what a terminal told; what it did not say stays.
func (d *Device) learn(told Told) {
	for _, f := range []struct {
		to   *string
		from string
	}{{&d.TerminalID, told.TerminalID}, {&d.SerialNo, told.SerialNo}, {&d.Merchant, told.Merchant}, {&d.Software, told.Software}} {
		if f.from != "" {
			*f.to = f.from
		}
	}
	if told.Currency != "" {
		d.Currency = told.Currency
	}
	d.Printer = told.Printer
}
