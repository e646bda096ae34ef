package till

import (
	"context"
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/reconcile"
	"frontdesk/payments"
)

// gather returns the movements of the journal that the list may hold: of sales
// of the time, the newest ones whatever their time, of money that moved in it, of
// what is not settled, and of every order a line names.
func (c *Comparer) gather(ctx context.Context, in reconcile.Input) ([]reconcile.Move, error) {
	j := c.cfg.Journal
	wanted := map[app.SaleID]int64{} // revision, 0 when not known
	take := func(list []app.Sale) {
		for _, s := range list {
			wanted[s.ID] = s.Revision
		}
	}
	for _, q := range []app.Query{
		{From: in.Since}, {Unsettled: true}, {States: []app.State{app.Unknown}},
	} {
		if err := c.pages(ctx, q, take); err != nil {
			return nil, err
		}
	}
	newest, err := j.Sales(ctx, app.Query{Limit: pageSize}) // by their order: the clock may have been behind
	if err != nil {
		return nil, err
	}
	take(newest)
	periods := []app.Period{{From: in.Since, To: in.Now.Add(time.Hour)}}
	closed, err := j.Days(ctx, "", 8)
	if err != nil {
		return nil, err
	}
	for _, d := range closed {
		if d.Until.After(in.Since) {
			periods = append(periods, app.Period{Day: d.Day})
		}
	}
	for _, p := range periods {
		if err := j.Postings(ctx, p, func(o app.Posting) error {
			if _, known := wanted[o.Sale]; !known {
				wanted[o.Sale] = 0
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	list, err := c.movesOf(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return c.named(ctx, in.Lines, wanted, list)
}

// pageSize is how many sales are read at a time.
const pageSize = 500

func (c *Comparer) pages(ctx context.Context, q app.Query, take func([]app.Sale)) error {
	q.Limit = pageSize
	for {
		page, err := c.cfg.Journal.Sales(ctx, q)
		if err != nil {
			return err
		}
		take(page)
		if len(page) < pageSize {
			return nil
		}
		q.Before = page[len(page)-1].Seq
	}
}

// movesOf reads the movements of sales, those that have changed only.
func (c *Comparer) movesOf(ctx context.Context, wanted map[app.SaleID]int64) ([]reconcile.Move, error) {
	c.mu.Lock()
	kept := c.moves
	c.mu.Unlock()
	fresh := make(map[app.SaleID]revisionMoves, len(wanted))
	var list []reconcile.Move
	for id, revision := range wanted {
		m, ok := kept[id]
		if !ok || revision == 0 || m.revision != revision {
			events, err := c.cfg.Journal.Sale(ctx, id)
			if err != nil {
				return nil, err
			}
			m = revisionMoves{moves: reconcile.Moves(events, c.terminalOf)}
			if len(events) > 0 {
				m.revision = events[len(events)-1].Seq
			}
		}
		fresh[id] = m
		list = append(list, m.moves...)
	}
	c.mu.Lock()
	c.moves = fresh
	c.mu.Unlock()
	return list, nil
}

// named adds the movements of older sales whose orders stand in a line.
func (c *Comparer) named(ctx context.Context, lines []reconcile.Line, have map[app.SaleID]int64, list []reconcile.Move) ([]reconcile.Move, error) {
	known := map[string]bool{}
	for _, m := range list {
		known[m.Order] = true
	}
	for _, l := range lines {
		for _, order := range reconcile.Orders(l) {
			if known[order] {
				continue
			}
			known[order] = true
			found, err := c.cfg.Journal.Sales(ctx, app.Query{OrderID: order, Limit: 1})
			if err != nil {
				return nil, err
			}
			for _, s := range found {
				if _, there := have[s.ID]; there {
					continue
				}
				events, err := c.cfg.Journal.Sale(ctx, s.ID)
				if err != nil {
					return nil, err
				}
				have[s.ID] = s.Revision
				list = append(list, reconcile.Moves(events, c.terminalOf)...)
			}
		}
	}
	return list, nil
}

// terminalOf tells the terminal id of a device.
func (c *Comparer) terminalOf(device string) string {
	d, _ := c.cfg.Devices.Get(device)
	return d.TerminalID
}

// terminals are the terminal ids of this desk: those it has, and those on which
// it took what is compared.
func (c *Comparer) terminals(moves []reconcile.Move) []string {
	var ids []string
	for id := range c.labels() {
		ids = append(ids, id)
	}
	for _, m := range moves {
		if m.Terminal != "" {
			ids = append(ids, m.Terminal)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// labels are the names of this desk's terminals by their id.
func (c *Comparer) labels() map[string]string {
	labels := map[string]string{}
	for _, d := range c.cfg.Devices.List() {
		if d.TerminalID != "" {
			labels[d.TerminalID] = d.Label
		}
	}
	return labels
}

func railOf(d devices.Device) payments.Rail {
	if d.Driver == devices.Cloud {
		return payments.RailCloud
	}
	return payments.RailTerminal
}
