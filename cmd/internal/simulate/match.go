package simulate

import (
	"context"
	"net/http"
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/devices"
	"frontdesk/app/rails"
	"frontdesk/app/till"
	"frontdesk/payments"
	"frontdesk/payments/merchant"
	"frontdesk/payments/simulator/pos"
)

// hosts of the account's API, all of which the stand-in is.
func accountHosts() []string {
	return []string{"auth-api.mypos.com", "transactions-api.mypos.com", "devices-api.mypos.com"}
}

// comparer is what compares the journal of a run with the list of the account: the
// worker of app/till, over the real client.
func (d *desk) comparer(l *life, web *http.Client, terminals *drivers) (*till.Comparer, error) {
	w, id := d.world, d.world.mypos.Identity()
	account, err := merchant.New(merchant.Config{
		ClientID: id.ClientID, ClientSecret: id.ClientSecret, Hosts: merchant.Production(), HTTP: web, Now: d.wall.now,
		Entropy: d.entropy("account"), UserAgent: source,
	})
	if err != nil {
		return nil, err
	}
	return till.NewComparer(till.CompareConfig{
		Journal: l.disk, Till: w.plant.told(l.till), Devices: terminals,
		Statement: func() rails.Statement { return account },
		Alone: func(ctx context.Context) bool {
			desks, err := l.relay.Desks(ctx)
			return err == nil && len(desks) == 1
		},
		Now: d.wall.now, Mono: d.wall.mono, Log: w.log(d.name),
	}), nil
}

// List implements till.CompareDevices.
func (d *drivers) List() (list []devices.Device) {
	for i := range d.stand.terms {
		if dev, err := d.Find(deviceID(i)); err == nil {
			list = append(list, dev)
		}
	}
	return list
}

// Get implements till.CompareDevices.
func (d *drivers) Get(id string) (devices.Device, bool) {
	dev, err := d.Find(id)
	return dev, err == nil && id != ""
}

// curious compares beside what the desk does by itself, at any moment, and now and
// then adds a payment that the list shows and nobody here has begun.
func (w *world) curious(d *desk, dice *dice, end time.Time) {
	for {
		time.Sleep(dice.between(time.Minute, 8*time.Minute))
		if time.Now().After(end) {
			return
		}
		w.compare(w.ctx(), d)
		if dice.hit(500) {
			w.adopt(w.ctx(), d, 1+dice.number(2))
		}
	}
}

// compare compares now, as somebody who presses a button does.
func (w *world) compare(ctx context.Context, d *desk) {
	l := d.life()
	if l == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, curiosity)
	defer cancel()
	err := l.compare.Reconcile(ctx)
	m := l.compare.Matched()
	r := m.Result
	w.trace.add("%s: compares: %s %s: %d agree, %d not here, %d given back elsewhere, %d not listed, %d new", d.name, m.State, payments.CodeOf(err),
		len(r.Agree), len(r.NotHere), len(r.RefundNotHere), len(r.NotListed)+len(r.RefundNotListed), len(r.Fresh))
}

// curiosity is how long somebody waits for it; it ends when nothing else does.
const curiosity = 47*time.Second + 13*time.Millisecond

// adopt adds what is not here as sales, each with so many clicks.
func (w *world) adopt(ctx context.Context, d *desk, clicks int) {
	l := d.life()
	if l == nil {
		return
	}
	owner := app.Actor{Operator: "Owner"}
	result := l.compare.Matched().Result
	for _, one := range result.NotHere {
		for range clicks {
			w.net.jobs.Go(func() {
				_, err := l.compare.Adopt(ctx, day.Entry{Key: one.Key, Amount: one.Amount}, owner)
				w.trace.add("%s: adds %s of the list: %s", d.name, one.Amount.Decimal(), payments.CodeOf(err))
			})
		}
		time.Sleep(3 * time.Second)
	}
	for _, one := range result.RefundNotHere {
		if _, err := l.compare.Adopt(ctx, day.Entry{Key: one.Key, Amount: one.Amount}, owner); err == nil {
			w.fail("%s: money given back became a sale", d.name)
		}
	}
}

// types is what people type on the terminals of a desk themselves.
func (w *world) types(d *desk, dice *dice, end time.Time) {
	for len(d.stand.terms) > 0 {
		time.Sleep(dice.between(2*time.Minute, 12*time.Minute))
		if time.Now().After(end) {
			return
		}
		n, minor, refund := dice.number(len(d.stand.terms)), int64(100+dice.number(20000)), dice.hit(150)
		_, err := d.stand.terms[n].Typed(eur(minor), "4242", refund)
		w.trace.add("%s: %d typed on terminal %d, refund %v: %v", d.name, minor, n, refund, err == nil)
	}
}

// typed reports whether no till asked for a charge.
func typed(c pos.Charge) bool {
	return len(c.SID) > len(typedName) && c.SID[:len(typedName)] == typedName
}

const typedName = "TYPED-"

// lineOf is the reference of a charge in the list.
func lineOf(c pos.Charge) string { return "POSA" + c.TID + c.RRN }

// adopted reports whether an attempt was made of a line of the list.
func adopted(a app.Attempt) bool {
	return a.Rail == payments.RailTerminal && a.SID == "" && a.Reference != ""
}

// adoptions are the orders of the sales that were made of lines of the list, by the
// reference of the line.
func adoptions(all map[string]entry) map[string][]string {
	by := map[string][]string{}
	for id, e := range all {
		if adopted(e.attempt) {
			by[e.attempt.Reference] = append(by[e.attempt.Reference], id)
		}
	}
	for _, list := range by {
		slices.Sort(list)
	}
	return by
}

// checkTyped: what was typed on a terminal is a sale at most once, and every sale
// that was made of a line has its own.
func (w *world) checkTyped(all map[string]entry, charges []pos.Charge) {
	by := adoptions(all)
	for _, c := range charges {
		if !typed(c) {
			continue
		}
		list := by[lineOf(c)]
		delete(by, lineOf(c))
		switch {
		case len(list) > 1:
			w.fail("%s, typed on terminal %s, became %d sales", c.Amount, c.TID, len(list))
		case len(list) == 1 && (c.Kind != pos.ChargeSale || all[list[0]].attempt.Amount.Minor != c.Minor):
			w.fail("%s was made of a %s of %s", all[list[0]], c.Kind, c.Amount)
		}
	}
	for _, list := range by {
		for _, id := range list {
			w.fail("made of a line that is not in the list: %s", all[id])
		}
	}
}
