package till

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/devices"
	"frontdesk/app/folder"
	"frontdesk/app/journal"
	"frontdesk/app/local"
	"frontdesk/app/operators"
	"frontdesk/app/rails"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/qr"
	"frontdesk/payments/relay"
)

// Desk is an open till with everything below it. End it with Close.
type Desk struct {
	cfg     Config
	hold    *local.Hold
	journal *journal.Journal
	inside  *inside    // nil with outside parts
	records *records   // nil in Practice
	box     *strongbox // nil in Practice
	socket  *socket
	watch   *watchman
	book    *operators.Book
	fleet   *fleet
	till    *app.Till
	days    *day.Book
	prints  *prints
	compare *Comparer
	server  *local.Server
	handler local.Handler
	phone   phone
	stop    context.CancelFunc // ends what open left running
	work    sync.WaitGroup

	copying    sync.Mutex  // one copy of the journal at a time
	copyFailed atomic.Bool // that of today

	saving  sync.Mutex // one change of the connection at a time
	mu      sync.Mutex // guards what follows
	lock    string     // why the vault is locked
	pairing *pairing   // made by a test, not saved yet
}

// Open takes the data folder and opens the till in it. Errors: local.ErrHeld,
// those of the journal (journal.ErrNewer, ErrCorrupt, ErrReadOnly, ErrFull),
// code practice.sim when an outside simulator was never reached, and those of
// the file system. A vault that cannot be opened is no error: see Connection and
// Unlock.
func Open(ctx context.Context, cfg Config) (*Desk, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if err := folder.CheckPlace(cfg.Dir); err != nil {
		return nil, err
	}
	hold, err := local.Take(cfg.Dir, cfg.RuntimeDir)
	if err != nil {
		return nil, err
	}
	d := &Desk{cfg: cfg, hold: hold}
	d.watch = newWatchman(cfg.Now, d.noticed)
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
	if d.journal, err = journal.Open(ctx, journal.Config{Dir: folder, Entropy: d.cfg.Entropy}); err != nil {
		return err
	}
	if d.book, err = operators.Open(operators.Config{Dir: d.cfg.Dir, Now: d.cfg.Now, Entropy: d.cfg.Entropy, Cost: d.cfg.pinCost}); err != nil {
		return err
	}
	if err := d.openFleet(ctx, folder); err != nil {
		return err
	}
	w, err := d.parts(ctx, folder)
	if err != nil {
		return err
	}
	d.socket = newSocket(w)
	w.start(ctx, d)
	all, err := d.rails()
	if err != nil {
		return err
	}
	d.till, err = app.New(ctx, app.Config{
		Mode: d.cfg.Mode, Desk: d.cfg.Name, Journal: d.journal, Conditions: d.conditions, Authority: d.book.In(d.cfg.Mode),
		Rails: all, Inbox: &inbox{d.socket, d.watch}, Verifier: notary{d.socket}, Returns: returns{d},
		Now: d.cfg.Now, Mono: d.cfg.Mono, Entropy: d.cfg.Entropy, Log: d.cfg.Log, QR: qr.Matrix,
	})
	if err != nil {
		return err
	}
	d.compare = d.newComparer()
	if d.days, err = d.openDays(); err != nil {
		return err
	}
	d.prints = d.newPrints()
	d.fleet.wake()
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	d.stop = stop
	if d.cfg.Window {
		d.work.Go(func() { d.compare.Keep(life, d.socket.change) })
		d.prints.work.Go(func() { d.keepPrinting(d.prints.life) })
		d.work.Go(func() { d.keepWords(life) })
	}
	if d.records != nil {
		d.work.Go(func() { d.awaitKeyring(life) })
		d.work.Go(func() { d.keepCopies(life) })
	}
	return d.answer()
}

// rails are the ways to collect money.
func (d *Desk) rails() ([]app.Rail, error) {
	request, err := rails.NewRequest(rails.RequestConfig{Account: func() rails.Account {
		if m := d.socket.now().merchant; m != nil {
			return m
		}
		return nil
	}, Now: d.cfg.Now})
	if err != nil {
		return nil, err
	}
	near, err := rails.NewTerminal(rails.TerminalConfig{Devices: d.fleet, Ledger: func() rails.Ledger {
		if m := d.socket.now().merchant; m != nil {
			return m
		}
		return nil
	}})
	if err != nil {
		return nil, err
	}
	far, err := d.cloudRail()
	if err != nil {
		return nil, err
	}
	return []app.Rail{&linkRail{d.socket, d.watch}, requestRail{request, d.socket}, terminalRail{near, d}, far}, nil
}

// Ways lists the rails that can be charged now. It answers at once.
func (d *Desk) Ways() []payments.Rail {
	var ways []payments.Rail
	w := d.socket.now()
	if w.noLink == "" {
		ways = append(ways, payments.RailLink)
	}
	if w.code == "" && !w.off && w.merchant != nil {
		ways = append(ways, payments.RailRequest)
	}
	if d.records != nil && !d.records.get().Terminal {
		return ways
	}
	enabled := func(cloud bool) bool {
		return slices.ContainsFunc(d.fleet.register.List(), func(dev devices.Device) bool {
			return dev.Enabled && (dev.Driver == devices.Cloud) == cloud
		})
	}
	if enabled(false) {
		ways = append(ways, payments.RailTerminal)
	}
	if enabled(true) && w.gateway != nil {
		ways = append(ways, payments.RailCloud)
	}
	return ways
}

// parts makes the first wires: those of what is connected, or of Practice with
// its parts inside or outside.
func (d *Desk) parts(ctx context.Context, folder string) (*wires, error) {
	if d.cfg.Mode != payments.Practice {
		return d.connect(ctx, folder)
	}
	p, err := loadPractice(folder, d.cfg.Entropy)
	if err != nil {
		return nil, err
	}
	store, err := d.practiceParts(ctx, folder, p)
	if err != nil {
		return nil, err
	}
	if err := p.save(); err != nil {
		return nil, err
	}
	return d.wire(d.planPractice(p, store))
}

// practiceParts finds the provider and the relay, inside or outside, and the
// store.
func (d *Desk) practiceParts(ctx context.Context, folder string, p *practice) (store checkout.Store, err error) {
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

// relayRetry is how long a request to the relay repeats itself: somebody waits
// at the desk.
const relayRetry = 4 * time.Second

// catchup returns when everything the relay held when it was called is in the
// journal: the stream keeps its order, so a probe comes back behind it. Without
// a relay there is nothing to wait for.
func (d *Desk) catchup(ctx context.Context) error {
	for {
		w := d.socket.now()
		if w.inbox == nil {
			return nil
		}
		err := w.relay.Probe(ctx)
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
func (d *Desk) addresses(ctx context.Context, k *keeper, action string) (rails.Addresses, error) {
	e, err := k.endpoints(ctx)
	if err != nil {
		return rails.Addresses{}, err
	}
	a := endpointsOf(e, action)
	if phone, open := d.Phone(); open {
		a.Page, a.OK, a.Cancel = phone.URL, phone.URL+relay.PathOK, phone.URL+relay.PathCancel
		a.Action, a.Until = phone.URL+actionPath, phone.Until
	}
	return a, nil
}

func endpointsOf(e relay.Endpoints, action string) rails.Addresses {
	return rails.Addresses{OK: e.OK, Cancel: e.Cancel, Notify: e.Notify, Action: action}
}

// answer opens the local socket. A till works without one, so a folder in which
// no socket can be made (a network drive) is not refused.
func (d *Desk) answer() (err error) {
	d.handler = local.Parts{
		Till: d.till, Mode: d.cfg.Mode, Window: d.cfg.Window,
		Doctor:  d.doctor,
		Catchup: d.catchup,
		Setup:   d.setUp,
		Devices: d,
		Change:  d.allowChange,
		Days:    d.days,
		Papers:  d,
		Reports: d,
		Verify:  func(ctx context.Context) (local.Verified, error) { return Verify(ctx, d.journal) },
		Backup:  d.BackupWith,
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
	d.prints.close()
	if d.till != nil {
		errs = append(errs, d.till.Close())
	}
	if d.stop != nil {
		d.stop()
		d.work.Wait()
	}
	d.fleet.close()
	if d.socket != nil {
		d.socket.now().close()
	}
	if d.box != nil {
		d.box.close()
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
