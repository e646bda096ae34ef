package till

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/app/local"
	"frontdesk/app/rails"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/qr"
	"frontdesk/payments/relay"
	"frontdesk/payments/relay/client"
)

// Desk is an open till with everything below it. End it with Close.
type Desk struct {
	cfg      Config
	hold     *local.Hold
	journal  *journal.Journal
	inside   *inside // nil with outside parts
	provider *checkout.Client
	relay    *client.Client
	keeper   *keeper
	link     *rails.Link
	till     *app.Till
	server   *local.Server
	handler  local.Handler
	phone    phone
	stop     context.CancelFunc // ends what Open left running
	work     sync.WaitGroup     // what Open left running
}

// Open takes the data folder and opens the till in it. Errors: local.ErrHeld,
// those of the journal (journal.ErrNewer, ErrCorrupt, ErrReadOnly, ErrFull),
// code practice.sim when an outside simulator was never reached, and those of
// the file system.
func Open(ctx context.Context, cfg Config) (*Desk, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	hold, err := local.Take(cfg.Dir, cfg.RuntimeDir)
	if err != nil {
		return nil, err
	}
	d := &Desk{cfg: cfg, hold: hold}
	if err := d.open(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *Desk) open(ctx context.Context) error {
	folder, err := d.cfg.folder()
	if err != nil {
		return err
	}
	// The journal comes first: when it is newer or damaged nothing else is touched.
	if d.journal, err = journal.Open(ctx, journal.Config{Dir: folder}); err != nil {
		return err
	}
	p, err := loadPractice(folder, d.cfg.Entropy)
	if err != nil {
		return err
	}
	store, err := d.parts(ctx, folder, p)
	if err != nil {
		return err
	}
	if err := p.save(); err != nil {
		return err
	}
	if err := d.join(p, store); err != nil {
		return err
	}
	d.announce(ctx)
	inbox, err := rails.NewInbox(rails.InboxConfig{
		Stream: d.relay, SID: store.SID, Certificates: p.certificates(store), Log: d.cfg.Log,
	})
	if err != nil {
		return err
	}
	d.till, err = app.New(ctx, app.Config{
		Mode: d.cfg.Mode, Desk: d.cfg.Name, Journal: d.journal, Rails: []app.Rail{d.link}, Inbox: inbox,
		Now: d.cfg.Now, Mono: d.cfg.Mono, Entropy: d.cfg.Entropy, Log: d.cfg.Log, QR: qr.Matrix,
	})
	if err != nil {
		return err
	}
	return d.answer()
}

// parts finds the provider and the relay, inside or outside, and the store.
func (d *Desk) parts(ctx context.Context, folder string, p *practice) (store checkout.Store, err error) {
	if p.Outside.Sim == "" {
		d.inside, store, err = startInside(ctx, d.cfg, folder, p)
		return store, err
	}
	if err := p.fetchPack(ctx, d.cfg.HTTP); err != nil {
		if p.Pack == "" {
			return store, err
		}
		d.cfg.Log.Warn("the outside simulator does not answer; its last pack is used", "error", err)
	}
	return checkout.ParsePack([]byte(p.Pack))
}

// join builds the clients and the rail over the parts.
func (d *Desk) join(p *practice, store checkout.Store) (err error) {
	sim, base := p.Outside.Sim, p.Outside.Relay
	if d.inside != nil {
		sim, base = d.inside.simURL, d.inside.relayURL
	}
	d.provider, err = checkout.NewClient(checkout.Config{
		Store: store, Endpoint: sim + actionPath, HTTP: d.cfg.HTTP, UserAgent: d.cfg.source(),
		Earlier: p.certificates(store)[1:],
	})
	if err != nil {
		return err
	}
	d.relay, err = client.New(client.Config{
		BaseURL: base, Store: p.Store, Desk: p.Desk, HTTP: d.cfg.HTTP, Now: d.cfg.Now,
		Entropy: d.cfg.Entropy, Log: d.cfg.Log, RetryFor: relayRetry,
		OnEpoch: func(ctx context.Context, _ string) error { return d.keeper.refresh(ctx) },
	})
	if err != nil {
		return err
	}
	action := sim + actionPath
	cfg := rails.LinkConfig{
		Store: store, StoreID: p.Store, DeskID: p.Desk, Salon: d.cfg.salon, Source: d.cfg.source(),
		Provider: d.provider, Now: d.cfg.Now,
	}
	d.keeper = &keeper{relay: d.relay, store: relay.Store{ID: p.Store, SID: store.SID, Mode: string(d.cfg.Mode)}, epoch: p.Epoch}
	for _, c := range p.certificates(store) {
		d.keeper.store.Certificates = append(d.keeper.store.Certificates, string(c.PEM()))
	}
	d.keeper.remember = func(epoch string) error {
		p.Epoch = epoch
		return p.save()
	}
	d.keeper.renew = func(ctx context.Context, at relay.Endpoints) error {
		again := cfg
		again.Relay = d.relay
		again.Addresses = func(context.Context) (rails.Addresses, error) { return addressesOf(at, action), nil }
		link, err := rails.NewLink(again)
		if err != nil {
			return err
		}
		return d.reregister(ctx, link, at.Epoch)
	}
	cfg.Relay = d.keeper
	cfg.Addresses = func(ctx context.Context) (rails.Addresses, error) { return d.addresses(ctx, action) }
	d.link, err = rails.NewLink(cfg)
	return err
}

// relayRetry is how long a request to the relay repeats itself: somebody waits
// at the desk.
const relayRetry = 4 * time.Second

// announce makes the store known before the stream asks for it, and again
// whenever that is needed.
func (d *Desk) announce(ctx context.Context) {
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	d.stop = stop
	first, cancel := context.WithTimeout(ctx, announceFirst)
	defer cancel()
	if err := d.keeper.refresh(first); err != nil {
		d.cfg.Log.Warn("the relay does not answer yet", "error", err)
	}
	d.work.Go(func() { d.keeper.tend(life) })
}

// catchup returns when everything the relay held when it was called is in the
// journal: the stream keeps its order, so a probe comes back behind it.
func (d *Desk) catchup(ctx context.Context) error {
	for {
		err := d.relay.Probe(ctx)
		if err == nil || !errors.Is(err, payments.ErrUnreachable) {
			return err
		}
		select { // the stream may not be there yet
		case <-ctx.Done():
			return err
		case <-time.After(catchupEach):
		}
	}
}

// catchupEach is the pause between looks for the stream.
const catchupEach = 20 * time.Millisecond

// addresses says what a new link carries: the relay's own addresses, or those of
// the second listener while it is open.
func (d *Desk) addresses(ctx context.Context, action string) (rails.Addresses, error) {
	e, err := d.keeper.endpoints(ctx)
	if err != nil {
		return rails.Addresses{}, err
	}
	a := addressesOf(e, action)
	if phone, open := d.Phone(); open {
		a.Page, a.OK, a.Cancel = phone.URL, phone.URL+relay.PathOK, phone.URL+relay.PathCancel
		a.Action, a.Until = phone.URL+actionPath, phone.Until
	}
	return a, nil
}

func addressesOf(e relay.Endpoints, action string) rails.Addresses {
	return rails.Addresses{OK: e.OK, Cancel: e.Cancel, Notify: e.Notify, Action: action}
}

// answer opens the local socket. A till works without one, so a folder in which
// no socket can be made (a network drive) is not refused.
func (d *Desk) answer() (err error) {
	d.handler = local.Parts{
		Till: d.till, Mode: d.cfg.Mode, Window: d.cfg.Window,
		Doctor:  d.doctor,
		Catchup: d.catchup,
		Verify:  func(ctx context.Context) (local.Verified, error) { return Verify(ctx, d.journal) },
	}.Handler()
	if d.server, err = d.hold.Serve(d.handler, d.cfg.Log); err != nil {
		d.cfg.Log.Warn("no local socket: later programs cannot reach this one", "error", err)
	}
	return nil
}

// Till returns the till.
func (d *Desk) Till() *app.Till { return d.till }

// Mode returns whose money moves.
func (d *Desk) Mode() payments.Mode { return d.cfg.Mode }

// Handler answers the operations of the local socket in this program.
func (d *Desk) Handler() local.Handler { return d.handler }

// Linger waits until a customer's browser was shown its landing page, at most
// for long: whoever has just paid is still being sent there by parts inside.
func (d *Desk) Linger(ctx context.Context, long time.Duration) {
	if d.inside == nil {
		return
	}
	select {
	case <-d.inside.landed:
	case <-ctx.Done():
	case <-time.After(long):
	}
}

// drain is how long short calls of other programs may take when the desk closes.
const drain = time.Second

// Close ends the desk. Callers that wait through the socket are cut off; they
// take the folder over and go on.
func (d *Desk) Close() error {
	var errs []error
	d.ClosePhone()
	if d.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), drain)
		d.server.Drain(ctx)
		cancel()
		d.server.Close()
	}
	if d.till != nil {
		errs = append(errs, d.till.Close())
	}
	if d.stop != nil {
		d.stop()
		d.work.Wait()
	}
	if d.inside != nil {
		errs = append(errs, d.inside.close())
	}
	if d.journal != nil {
		errs = append(errs, d.journal.Close())
	}
	errs = append(errs, d.hold.Release())
	return errors.Join(errs...)
}

// doctor asks every part below the till.
func (d *Desk) doctor(ctx context.Context) []local.Finding {
	tell := func(check, well string, err error) local.Finding {
		if err != nil {
			return local.Finding{Check: check, Text: err.Error()}
		}
		return local.Finding{Check: check, OK: true, Text: well}
	}
	v, err := Verify(ctx, d.journal)
	if err == nil && !v.OK {
		err = fmt.Errorf("damaged at event %d: %s", v.Bad, v.Why)
	}
	journalFinding := tell("journal", fmt.Sprintf("%d events, the chain holds, in %s", v.Events, filepath.Join(d.cfg.Dir, string(d.cfg.Mode))), err)
	within, cancel := context.WithTimeout(ctx, doctorWithin)
	defer cancel()
	relayFinding := tell("relay", "a probe went out to the notify address and came back", d.catchup(within))
	// An order that cannot exist: any signed answer about it shows that key,
	// certificate and address fit.
	_, err = d.provider.PaymentStatus(within, "P-doctor")
	if errors.Is(err, payments.ErrRefused) {
		err = nil
	}
	return []local.Finding{journalFinding, relayFinding, tell("provider", "answers, signed as expected", err)}
}

// doctorWithin bounds the doctor's questions.
const doctorWithin = 5 * time.Second
