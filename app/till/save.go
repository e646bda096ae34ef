package till

import (
	"context"
	"errors"
	"strconv"
	"time"

	"frontdesk/app"
	"frontdesk/app/folder"
	"frontdesk/app/operators"
	"frontdesk/app/setup"
	"frontdesk/payments"
)

// Save stores a draft, all or nothing, and works with it at once; payments under
// way end on what was connected before. Another private key of the same store is
// tried first, and the relay must know its certificate before it is used
// (product.md 6). Codes: those of Check, pair.* and relay.*, vault.*,
// connection.*, operator.right, and check.* of a key that myPOS refuses.
func (d *Desk) Save(ctx context.Context, draft setup.Draft, operator string) error {
	if err := d.mayChange(operator); err != nil {
		return err
	}
	d.saving.Lock()
	defer d.saving.Unlock()
	if draft.Base != 0 && draft.Base != d.Connection().Revision {
		return refused("till.save", "connection.changed")
	}
	p, err := d.propose(ctx, draft)
	if err != nil {
		return err
	}
	if err := d.leavesNothing(ctx, p, draft.Insist); err != nil {
		return err
	}
	w, err := d.wire(p.plan)
	if err != nil {
		return err
	}
	if p.rotation {
		if err := d.rotatable(ctx, w); err != nil {
			return err
		}
	}
	err = d.commit(ctx, p)
	shaky := errors.Is(err, folder.ErrInForce)
	if err != nil && !shaky {
		return err
	}
	d.note(ctx, p.noteKind(), operator, p.noteData())
	d.plug(ctx, w)
	if shaky { // the record before may come back: what it needs stays until the next start
		d.cfg.Log.Warn("the connection is in force, but perhaps not after a power cut", "error", err)
		return nil
	}
	return d.box.tidy(ctx, p.next.secretNames())
}

// leavesNothing refuses a change after which a payment that is still open could
// not be recognised any more: another store, no relay, or another merchant at the
// gateway of cloud terminals. A link that was cancelled or has ended may be paid
// for a day longer; leaving those behind is for the owner to insist on.
func (d *Desk) leavesNothing(ctx context.Context, p proposal, insist bool) error {
	lost := p.before.SID != "" && p.before.SID != p.next.SID || p.before.paired() && !p.next.paired() ||
		p.before.Cloud.PartnerID != "" && p.before.Cloud.MerchantID != p.next.Cloud.MerchantID
	if !lost {
		return nil
	}
	open, err := d.OpenAttempts(ctx)
	if err == nil && open > 0 {
		err = refused("till.save", "connection.open")
	}
	if err != nil || insist {
		return err
	}
	watched, err := d.watched(ctx)
	if err == nil && watched {
		err = refused("till.save", "connection.watched")
	}
	return err
}

// watched reports whether a link that ended without a payment may still be paid:
// myPOS is asked about it for a day (product.md 4 rule 8).
func (d *Desk) watched(ctx context.Context) (bool, error) {
	now := d.cfg.Now()
	q := app.Query{
		States: []app.State{app.Withdrawn, app.Expired}, Rail: payments.RailLink,
		From: now.Add(-app.MaxValidity - watchedFor), Limit: epochPage,
	}
	for {
		sales, err := d.journal.Sales(ctx, q)
		if err != nil {
			return false, err
		}
		for _, s := range sales {
			for _, a := range s.Attempts {
				if a.Rail == payments.RailLink && a.Link != "" && now.Before(a.Expires.Add(watchedFor)) {
					return true, nil
				}
			}
			q.Before = s.Seq
		}
		if len(sales) < epochPage {
			return false, nil
		}
	}
}

// watchedFor is how long a link is asked about after it has ended.
const watchedFor = 24 * time.Hour

// rotatable tries a new key: myPOS must know it, and the relay the certificate
// that belongs to it.
func (d *Desk) rotatable(ctx context.Context, w *wires) error {
	ctx, cancel := context.WithTimeout(ctx, rotateWithin)
	defer cancel()
	order, err := d.probeOrder()
	if err != nil {
		return err
	}
	if row := setup.Judge(w.provider.Try(ctx, order, d.cfg.Now), d.cfg.Mode); row.Result == setup.Fix {
		return refused("till.rotate", row.Code)
	}
	if w.inbox == nil {
		return nil
	}
	return w.keeper.refresh(ctx)
}

// rotateWithin bounds the trial of a new key.
const rotateWithin = 40 * time.Second

// commit makes the change happen (also when its error is folder.ErrInForce): the new secrets lie in the vault under names
// of their own before the record that names them takes the place of the old one.
// Whatever is cut off before that changes nothing.
func (d *Desk) commit(ctx context.Context, p proposal) error {
	changes := map[string][]byte{}
	for logical, secret := range p.secrets {
		changes[p.next.Secrets[logical]] = secret
	}
	if err := d.box.save(ctx, changes); err != nil {
		return err
	}
	err := d.records.put(p.next)
	if err != nil && !errors.Is(err, folder.ErrInForce) {
		if undo := d.box.tidy(context.WithoutCancel(ctx), p.before.secretNames()); undo != nil {
			d.cfg.Log.Warn("leftovers stay in the vault", "error", undo)
		}
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pairing = nil
	d.lock = ""
	return err
}

// plug puts new wires in the place of the old ones, and waits shortly for the
// relay to be proven through them, so that the next charge finds it so.
func (d *Desk) plug(ctx context.Context, w *wires) {
	w.start(ctx, d)
	d.socket.put(w).close()
	if w.inbox == nil {
		return
	}
	within, cancel := context.WithTimeout(ctx, provenWithin)
	defer cancel()
	if err := probe(within, w.relay); err != nil {
		d.cfg.Log.Warn("the relay is not proven yet", "error", err)
	}
}

// provenWithin is how long a save waits for the proof of the relay.
const provenWithin = 5 * time.Second

// mayChange reports whether the operator may change settings. PINs are asked for
// where somebody comes in.
func (d *Desk) mayChange(operator string) error {
	if operator == "" {
		operator = operators.FirstOwner
	}
	o, err := d.book.Find(operator)
	if err == nil && !o.May(operators.Settings) {
		err = refused("till.save", "operator.right")
	}
	return err
}

func (p proposal) noteKind() app.NoteKind {
	switch {
	case p.rotation:
		return app.CredentialsRotated
	case p.paired && len(p.secrets) == 1:
		return app.RelayPaired
	}
	return app.CredentialsSaved
}

func (p proposal) noteData() map[string]string {
	data := map[string]string{}
	if p.next.SID != "" {
		data["sid"], data["key_index"] = ending(p.next.SID), strconv.Itoa(p.next.KeyIndex)
	}
	if p.next.Relay != "" {
		data["relay"] = p.next.Relay
	}
	if p.next.EnableAPI {
		data["client_id"] = p.next.ClientID
	}
	if p.next.Cloud.PartnerID != "" {
		data["cloud"] = p.next.Cloud.PartnerID
	}
	return data
}

// ending is the end of a store number. Whole ones are as long as card numbers,
// which no note may hold.
func ending(sid string) string {
	const shown = 6
	if len(sid) <= shown {
		return sid
	}
	return "…" + sid[len(sid)-shown:]
}

// note writes down who changed what. The change has happened: a journal that
// cannot be written is told by its own trouble.
func (d *Desk) note(ctx context.Context, kind app.NoteKind, operator string, data map[string]string) {
	event := app.DeskEvent{Kind: kind, Operator: d.book.Name(operator), Data: data}
	if err := d.till.Note(context.WithoutCancel(ctx), event); err != nil {
		d.cfg.Log.Error("a change of the connection is not in the journal", "kind", string(kind), "error", err)
	}
}

// Unlock opens the vault with a passphrase where there is no keyring, or chooses
// the one of a vault that is made later. Codes vault.*.
func (d *Desk) Unlock(ctx context.Context, passphrase string) error {
	if d.records == nil {
		return nil
	}
	d.saving.Lock()
	defer d.saving.Unlock()
	if err := d.box.unlock(ctx, passphrase); err != nil {
		return err
	}
	w, err := d.rewire(ctx, d.records.get())
	if err != nil {
		return err
	}
	if code := d.lockCode(); code != "" {
		return &payments.Error{Op: "till.unlock", Code: code, Err: payments.ErrRefused}
	}
	d.plug(ctx, w)
	return nil
}
