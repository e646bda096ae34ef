package till

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"errors"
	"slices"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/setup"
	"frontdesk/app/vault"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/merchant"
	"frontdesk/payments/relay"
)

// codeLocked: the vault is there and could not be opened.
const codeLocked = "vault.locked"

// connect opens what is connected in Test or Live and wires it.
func (d *Desk) connect(ctx context.Context, folder string) (*wires, error) {
	var err error
	if d.records, err = openRecords(folder); err != nil {
		return nil, err
	}
	d.box = newStrongbox(d.cfg, folder)
	if err := d.outlived(ctx); err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, keyringFirst)
	defer cancel()
	if err := d.finishErasing(within); err != nil {
		d.cfg.Log.Error("what was to be erased could not be", "error", err)
	}
	return d.rewire(within, d.records.get())
}

// keyringFirst is how long a start waits for the keyring: somebody may have to
// type its password, and the window should be there meanwhile.
const keyringFirst = 4 * time.Second

// awaitKeyring goes on asking a keyring that did not answer in time, until it
// does or the desk closes.
func (d *Desk) awaitKeyring(ctx context.Context) {
	for ctx.Err() == nil && d.lockCode() == codeKeyringSlow {
		d.saving.Lock()
		if d.lockCode() == codeKeyringSlow {
			w, err := d.rewire(ctx, d.records.get())
			switch {
			case err != nil:
				d.cfg.Log.Error("the vault was opened, and cannot be used", "error", err)
			case d.lockCode() == "":
				d.plug(ctx, w)
			}
		}
		d.saving.Unlock()
		select {
		case <-ctx.Done():
		case <-time.After(keyringEach):
		}
	}
}

// keyringEach is the pause between questions to a slow keyring.
const keyringEach = 2 * time.Second

// codeKeyringSlow: the keyring did not answer in time.
const codeKeyringSlow = "vault.keyring_slow"

// rewire makes wires of a record. A locked vault gives wires that refuse
// everything with vault.locked.
func (d *Desk) rewire(ctx context.Context, rec record) (*wires, error) {
	p, err := d.planOf(ctx, rec)
	if err != nil {
		return nil, err
	}
	return d.wire(p)
}

// planOf reads the secrets of a record.
func (d *Desk) planOf(ctx context.Context, rec record) (plan, error) {
	get := func(string) []byte { return nil }
	if len(rec.Secrets) > 0 {
		v, err := d.box.open(ctx)
		if err == nil && !holds(v, rec) {
			err = &payments.Error{Op: "till.connection", Code: "vault.damaged", Err: vault.ErrLocked}
		}
		d.setLock(err)
		if err != nil && !errors.Is(err, vault.ErrLocked) {
			return plan{}, err
		}
		if err != nil {
			d.cfg.Log.Warn("the vault is locked", "error", err)
			p, err := d.publicPlan(rec)
			p.code = codeLocked
			return p, err
		}
		get = func(logical string) []byte {
			secret, err := v.Load(rec.Secrets[logical])
			if err != nil {
				return nil
			}
			return secret
		}
		if err := d.box.sweep(ctx, rec.secretNames()); err != nil {
			d.cfg.Log.Warn("leftovers stay in the vault", "error", err)
		}
	} else {
		d.setLock(nil)
		if d.box.left() { // by a first save that was cut off
			if err := d.box.sweep(ctx, nil); err != nil {
				d.cfg.Log.Warn("leftovers stay in the vault", "error", err)
			}
		}
	}
	return d.assemble(rec, get)
}

// holds reports whether the vault has every secret of the record.
func holds(v *vault.Vault, rec record) bool {
	names := v.Names()
	for _, name := range rec.secretNames() {
		if !slices.Contains(names, name) {
			return false
		}
	}
	return true
}

// assemble makes the plan of a record with its secrets.
func (d *Desk) assemble(rec record, get func(logical string) []byte) (plan, error) {
	p, err := d.publicPlan(rec)
	if err != nil || !rec.connected() {
		if err == nil {
			p.store.Key = nil // that of the sandbox is public
			p = d.relayPlan(p, rec, get)
			p.code = "store.disconnected"
		}
		return p, err
	}
	if d.cfg.Mode != payments.Test {
		for logical := range rec.Secrets {
			mark, ok := strings.CutPrefix(logical, secretKey)
			if !ok {
				continue
			}
			key, err := checkout.ParsePrivateKey(get(logical))
			if err != nil {
				return p, err
			}
			p.keys[mark] = key
		}
		p.store.Key = p.keys[rec.Mark]
	}
	if p.store.Key != nil {
		p.mark = markOf(p.store.KeyIndex, p.store.Key)
		p.keys[p.mark] = p.store.Key
	}
	if rec.EnableAPI {
		p.api = d.api(rec.ClientID, string(get(secretAPI)))
	}
	if rec.Cloud.PartnerID != "" {
		p.cloud = d.gateway(rec.Cloud, get)
	}
	return d.relayPlan(p, rec, get), nil
}

// publicPlan is what needs no secret.
func (d *Desk) publicPlan(rec record) (plan, error) {
	p := plan{endpoint: d.cfg.mypos.checkout, online: !rec.NoOnline, keys: map[string]*checkout.PrivateKey{}}
	if d.cfg.Mode == payments.Test {
		store, err := setup.Sandbox()
		p.store = store
		return p, err
	}
	p.store = checkout.Store{SID: rec.SID, Wallet: rec.Wallet, KeyIndex: rec.KeyIndex, AppID: rec.AppID, PartnerID: rec.PartnerID}
	if certs := rec.certificates(); len(certs) > 0 {
		p.store.Certificate, p.earlier = certs[0], certs[1:]
	}
	return p, nil
}

// relayPlan adds the place of this desk at the relay.
func (d *Desk) relayPlan(p plan, rec record, get func(string) []byte) plan {
	identity := get(secretIdentity)
	if !rec.paired() || len(identity) != ed25519.SeedSize {
		return p
	}
	p.relay, p.storeID, p.deskID, p.epoch = rec.Relay, rec.RelayStore, rec.RelayDesk, rec.Epoch
	p.identity = ed25519.NewKeyFromSeed(identity)
	p.remember = func(epoch string) error { return d.records.setEpoch(rec.RelayDesk, epoch) }
	return p
}

func (d *Desk) api(id, secret string) merchant.Config {
	return merchant.Config{
		ClientID: id, ClientSecret: secret, Hosts: d.cfg.mypos.rest, HTTP: d.cfg.HTTP, Now: d.cfg.Now,
		Entropy: d.cfg.Entropy, UserAgent: d.cfg.source(),
	}
}

// setLock notes why the vault is locked; nil: it is not.
func (d *Desk) setLock(err error) {
	code := ""
	if err != nil {
		code = cmp.Or(payments.CodeOf(err), codeLocked)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lock = code
}

// lockCode returns why the vault is locked, "" when it is not.
func (d *Desk) lockCode() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lock
}

// conditions are the standing troubles below the till.
func (d *Desk) conditions() []string {
	codes := d.watch.conditions()
	if d.copyFailed.Load() {
		codes = append(codes, codeCopy)
	}
	if d.lockCode() != "" {
		codes = append(codes, codeLocked)
	}
	return codes
}

// Connection tells what is stored for the mode, without its secrets. It answers
// at once, from memory.
func (d *Desk) Connection() setup.Connection {
	c := setup.Connection{Mode: d.cfg.Mode, Revision: 1, Online: true}
	if d.records == nil {
		return d.practiceConnection(c)
	}
	rec := d.records.get()
	c.Revision += rec.Generation
	c.SID, c.Wallet, c.KeyIndex, c.KeyBits, c.KeySince = rec.SID, rec.Wallet, rec.KeyIndex, rec.KeyBits, rec.KeySince
	if d.cfg.Mode == payments.Test {
		if s, err := setup.Sandbox(); err == nil {
			c.SID, c.Wallet, c.KeyIndex, c.KeyBits = s.SID, s.Wallet, s.KeyIndex, s.Key.Bits()
			c.Certificate, c.CertUntil = s.Certificate.Fingerprint(), s.Certificate.NotAfter()
		}
	} else if certs := rec.certificates(); len(certs) > 0 {
		c.Certificate, c.CertUntil = certs[0].Fingerprint(), certs[0].NotAfter()
	}
	c.EnableAPI, c.ClientID, c.SecretSince = rec.EnableAPI, rec.ClientID, rec.SecretSince
	c.Cloud = rec.Cloud.connection()
	c.Relay, c.PairedSince = rec.Relay, rec.PairedSince
	c.Online, c.Terminal = !rec.NoOnline, rec.Terminal
	c.Disconnected = rec.Disconnected
	c.LockCode = d.lockCode()
	if c.LockCode == "" && d.socket != nil && d.socket.now().code == codeLocked {
		c.LockCode = codeLocked // opened a moment ago, and not in use yet
	}
	c.Locked = c.LockCode != ""
	return c
}

// practiceConnection is that of the parts of Practice.
func (d *Desk) practiceConnection(c setup.Connection) setup.Connection {
	w := d.socket.now()
	c.SID, c.Wallet, c.KeyIndex, c.Terminal = w.store.SID, w.store.Wallet, w.store.KeyIndex, true
	return c
}

// doctorOf is the key doctor of a mode.
func (d *Desk) doctorOf(mode payments.Mode) setup.Doctor {
	return setup.Doctor{Mode: mode, Now: d.cfg.Now(), Simulated: simulated || d.cfg.mypos.own, Practice: d.practiceKey}
}

// practiceKey reports whether a fingerprint is that of the key of Practice in
// this data folder.
func (d *Desk) practiceKey(fingerprint string) bool {
	return practiceFingerprint(d.cfg.Dir) == fingerprint
}

// Diagnose says what a pasted text is, as if it were used in the mode.
func (d *Desk) Diagnose(text string, mode payments.Mode) setup.Diagnosis {
	return d.doctorOf(mode).Diagnose(text)
}

// Check tells which fields of a draft cannot be saved.
func (d *Desk) Check(draft setup.Draft) []setup.Problem {
	_, problems := d.doctorOf(d.cfg.Mode).Read(draft, d.Connection())
	return problems
}

// OpenAttempts counts the payments that may still be paid.
func (d *Desk) OpenAttempts(ctx context.Context) (int, error) {
	live := []app.State{app.Preparing, app.Offered, app.Opened, app.Declined, app.Cancelling, app.Unknown}
	count := 0
	q := app.Query{States: live, Limit: epochPage}
	for {
		sales, err := d.journal.Sales(ctx, q)
		if err != nil {
			return 0, err
		}
		for _, s := range sales {
			for _, a := range s.Attempts {
				if a.Live() {
					count++
				}
			}
			q.Before = s.Seq
		}
		if len(sales) < epochPage {
			return count, nil
		}
	}
}

// lately reports whether a payment may still come in for an order of the last 60
// days (product.md 6).
func (d *Desk) lately(ctx context.Context) (bool, error) {
	open, err := d.OpenAttempts(ctx)
	if err != nil || open > 0 {
		return open > 0, err
	}
	sales, err := d.journal.Sales(ctx, app.Query{Rail: payments.RailLink, From: d.cfg.Now().Add(-relay.AdmitFor), Limit: 1})
	return len(sales) > 0, err
}

// noticed reports whether the journal has a notice of a payment.
func (d *Desk) noticed(ctx context.Context, order string) bool {
	sales, err := d.journal.Sales(ctx, app.Query{OrderID: order, Limit: 1})
	if err != nil || len(sales) == 0 {
		return false
	}
	events, err := d.journal.Sale(ctx, sales[0].ID)
	return err == nil && slices.ContainsFunc(events, func(e app.Event) bool { return e.Kind == app.PaymentSeen })
}

// stamp is now as it is kept.
func (d *Desk) stamp() time.Time { return d.cfg.Now().UTC().Truncate(time.Second) }
