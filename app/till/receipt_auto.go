package till

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"frontdesk/app"
	"frontdesk/app/folder"
	"frontdesk/app/receipt"
	"frontdesk/app/settings"
	"frontdesk/payments"
)

// Bounds of the automatic print.
const (
	printLook  = 5 * time.Second  // how often settings are looked at while nothing happens
	printFresh = 10 * time.Minute // later than that the customer is gone
	printBack  = 24 * time.Hour   // how far back is looked for what was forgotten
)

// codeLate is noted about a receipt that was due while no window was open.
const codeLate = "printer.late"

// autoFile tells since when receipts are printed by themselves, so that what was
// paid before is never printed, and what came due since is never forgotten.
const autoFile = "receipts.json"

type autoSince struct {
	Since time.Time `json:"since"`
}

// keepPrinting prints what became due, each receipt once, until ctx ends or quit
// closes. It follows the till from beside: however long a printer takes, no
// payment waits for it.
func (d *Desk) keepPrinting(ctx context.Context) {
	changed := make(chan struct{}, 1)
	watch, stop := context.WithCancel(ctx)
	defer stop()
	d.prints.work.Go(func() {
		for range d.till.Watch(watch) {
			select {
			case changed <- struct{}{}:
			default:
			}
		}
	})
	tick := time.NewTicker(printLook)
	defer tick.Stop()
	a := &automatic{desk: d, path: filepath.Join(d.cfg.Dir, string(d.cfg.Mode), autoFile), seen: map[app.SaleID]int64{}}
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.prints.quit:
			return
		case <-changed:
		case <-tick.C:
		}
		if err := a.look(ctx); err != nil && ctx.Err() == nil {
			d.cfg.Log.Warn("receipts were not looked for", "error", err)
		}
	}
}

// automatic finds what is due. It belongs to one goroutine.
type automatic struct {
	desk *Desk
	path string
	seen map[app.SaleID]int64 // revision up to which nothing is due any more
	from time.Time            // postings before it were looked at
}

// look prints everything that is due now.
func (a *automatic) look(ctx context.Context) error {
	kept, err := settings.In(a.desk.cfg.Dir).Load()
	if err != nil {
		return err
	}
	since, on, err := a.since(kept.Receipt)
	if err != nil || !on {
		return err
	}
	ids, err := a.moved(ctx, since)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := a.sale(ctx, id, since, kept.Receipt.Printer); err != nil {
			return err
		}
	}
	return nil
}

// since is when the automatic print was switched on; it is kept while it is.
func (a *automatic) since(r settings.Receipt) (t time.Time, on bool, err error) {
	if !r.Auto || r.Printer.None() {
		a.from = time.Time{}
		if err := folder.Remove(a.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return t, false, err
		}
		return t, false, nil
	}
	var kept autoSince
	err = folder.ReadJSON(a.path, 1<<10, &kept)
	if err == nil && !kept.Since.IsZero() {
		return kept.Since, true, nil
	}
	kept.Since = a.desk.cfg.Now().UTC()
	return kept.Since, true, folder.ReplaceJSON(a.path, kept)
}

// moved lists the sales whose money moved since, as far back as is looked.
func (a *automatic) moved(ctx context.Context, since time.Time) ([]app.SaleID, error) {
	now := a.desk.cfg.Now()
	from := a.from
	if from.IsZero() {
		from = now.Add(-printBack)
	}
	if since.After(from) {
		from = since
	}
	var ids []app.SaleID
	here := map[app.SaleID]bool{}
	add := func(id app.SaleID) {
		if !here[id] {
			here[id], ids = true, append(ids, id)
		}
	}
	// A closing between two looks takes postings out of the open day; the sales on
	// the board are looked at, too.
	err := a.desk.journal.Postings(ctx, app.Period{From: from, To: now.Add(time.Hour)}, func(p app.Posting) error {
		if a.seen[p.Sale] < p.Seq && (p.Kind == app.PostedPayment || p.Kind == app.PostedRefund) {
			add(p.Sale)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for s := range a.desk.till.Watch(ctx) {
		for _, sale := range s.Recent {
			if a.seen[sale.ID] < sale.Revision && (sale.Received.Minor > 0 || sale.Refunded.Minor > 0) {
				add(sale.ID)
			}
		}
		break
	}
	a.from = now.Add(-printFresh)
	return ids, nil
}

// sale prints what is due of one sale.
func (a *automatic) sale(ctx context.Context, id app.SaleID, since time.Time, to settings.Printer) error {
	s, events, err := a.desk.till.Sale(ctx, id)
	if err != nil {
		return err
	}
	for _, due := range dueReceipts(s, events, since) {
		select {
		case <-a.desk.prints.quit:
			return nil
		default:
		}
		if a.desk.cfg.Now().Sub(due.at) > printFresh {
			n := app.ReceiptNote{Kind: kindOf(due.kind), Refund: due.kind.Refund, Way: wayOf(to), Failed: codeLate}
			a.desk.prints.stand(codeLate) // before the note: who sees it can ask why
			if err := a.desk.till.NoteReceipt(ctx, id, n); err != nil {
				return err
			}
			continue
		}
		// A receipt that does not come out is told, by its note and by the standing
		// condition, and asked for again by a person.
		if err := a.desk.printFirst(ctx, id, due.kind.Refund); err != nil {
			a.desk.cfg.Log.Warn("receipt not printed", "sale", string(id), "code", payments.CodeOf(err))
		}
	}
	if s, _, err = a.desk.till.Sale(ctx, id); err == nil {
		a.seen[id] = s.Revision
	}
	return err
}

type dueReceipt struct {
	kind receipt.Kind
	at   time.Time
}

// dueReceipts lists what nobody has begun to print: the receipt of a sale that
// was charged here and is paid, and of each refund that is done.
func dueReceipts(s app.Sale, events []app.Event, since time.Time) []dueReceipt {
	var due []dueReceipt
	paid := provenAt(events, func(s app.Sale) bool { return s.State == app.Paid })
	if s.State == app.Paid && !paid.Before(since) && begunHere(events) && !lastNote(events, "").any {
		due = append(due, dueReceipt{at: paid})
	}
	for _, attempt := range s.Attempts {
		for _, r := range attempt.Refunds {
			if r.State == app.RefundDone && !r.Settled.Before(since) && !lastNote(events, r.OrderID).any {
				due = append(due, dueReceipt{kind: receipt.Kind{Refund: r.OrderID}, at: r.Settled})
			}
		}
	}
	return due
}

// begunHere reports whether this desk asked for the money: nobody waits for the
// receipt of a payment that was found.
func begunHere(events []app.Event) bool {
	for _, e := range events {
		if e.Kind == app.AttemptIntended {
			return true
		}
	}
	return false
}
