package devices

import (
	"context"

	"frontdesk/app/devices"
	"frontdesk/ui/widgets"
)

// read is the draft as it stands in the fields.
func (f *form) read() devices.Draft {
	d := f.draft
	d.Label = f.label.Text()
	if f.host != nil {
		d.Host, d.Port = f.host.Text(), f.port.Text()
	}
	if f.model != nil {
		d.Model = devices.Models()[f.model.Chosen()]
	}
	if f.path != nil && f.path.Chosen() < len(f.paths) {
		d.Path = f.paths[f.path.Chosen()]
	}
	return d
}

// fields are the fields by their names.
func (f *form) fields() map[string]*widgets.Field {
	all := map[string]*widgets.Field{devices.FieldLabel: f.label}
	if f.host != nil {
		all[devices.FieldHost], all[devices.FieldPort] = f.host, f.port
	}
	return all
}

// check looks at one field when it is left; an empty one is not yet wrong.
func (f *form) check(name string) {
	field := f.fields()[name]
	if field == nil || field.Text() == "" {
		return
	}
	field.SetError("")
	for _, bad := range f.p.cfg.Desk.CheckDevice(f.read(), f.id) {
		if bad.Field == name {
			field.SetError(f.sentence(bad.Code))
			break
		}
	}
	grown(f.sheet)
}

func (f *form) sentence(code string) string {
	p := f.p.cfg.Text.Problem(code)
	return p.What + " " + p.Do
}

// wrong shows every problem at its field and reports whether there is one. The
// first wrong field gets the cursor.
func (f *form) wrong() bool {
	bad := f.p.cfg.Desk.CheckDevice(f.read(), f.id)
	fields := f.fields()
	for _, field := range fields {
		field.SetError("")
	}
	rest := ""
	for i := len(bad) - 1; i >= 0; i-- {
		if field := fields[bad[i].Field]; field != nil {
			field.SetError(f.sentence(bad[i].Code))
			field.Focus()
		} else {
			rest = f.sentence(bad[i].Code)
		}
	}
	f.complain(rest)
	return len(bad) > 0
}

// complain shows what is wrong with no single field.
func (f *form) complain(words string) {
	f.trouble.SetText(words)
	f.trouble.Hidden = words == ""
	grown(f.sheet)
}

// submit stores what was typed. A new device, or one with another address, is
// tested next.
func (f *form) submit() {
	if f.sending || f.wrong() {
		return
	}
	f.sending = true
	f.save.SetBusy(f.p.cfg.Text.T("devices.form.saving"))
	d, draft, id, operator := f.p.cfg.Desk, f.read(), f.id, f.p.cfg.Operator()
	prefer := f.first != nil && f.first.On()
	f.p.cfg.Run.Go(func(ctx context.Context) {
		var stored devices.Device
		var err error
		if id == "" {
			stored, err = d.AddDevice(ctx, draft, operator)
		} else {
			stored, err = d.ChangeDevice(ctx, id, draft, operator)
		}
		if err == nil && prefer {
			err = d.DefaultDevice(ctx, id, operator)
		}
		f.p.cfg.Run.Do(func() { f.submitted(stored, err) })
	})
}

func (f *form) submitted(stored devices.Device, err error) {
	f.sending = false
	f.save.SetBusy("")
	f.p.render()
	if err != nil {
		f.complain(f.p.cfg.Text.Failure(err).Text())
		return
	}
	f.p.cfg.Host.Close(f.sheet)
	if stored.Tested.IsZero() && stored.Driver != devices.Practice {
		f.p.tester(stored.ID, true)
	}
}
