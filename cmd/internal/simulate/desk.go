package simulate

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/app/rails"
	"frontdesk/app/till"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
	"frontdesk/payments/relay/client"
)

// desk is one computer with a till on it: the real till, rails and journal. It
// dies and is started again as the seed says.
type desk struct {
	world   *world
	name    string
	address string
	wall    *wall
	paired  client.Paired
	stand   *stand // its terminals

	mu     sync.Mutex
	now    *life
	number int
	closed bool        // for good
	full   atomic.Bool // its disk
	jobs   sync.WaitGroup
}

// life is one run of the program.
type life struct {
	desk *desk
	dir  string
	dead chan struct{} // closed when the computer dies
	gone chan struct{} // closed when nothing of it runs any more
	once sync.Once
	ctx  context.Context    // of what runs beside the till
	end  context.CancelFunc // ends it
	work sync.WaitGroup

	book *journal.Journal
	disk *disk
	till *app.Till

	relay   *client.Client
	compare *till.Comparer
}

func (d *desk) folder(n int) string {
	return filepath.Join(d.world.root, d.name+"-"+strconv.Itoa(n))
}

// open starts the program on what the last run left behind.
func (d *desk) open(ctx context.Context) (err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.now != nil {
		return nil
	}
	l := &life{desk: d, dir: d.folder(d.number), dead: make(chan struct{}), gone: make(chan struct{})}
	d.number++
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return err
	}
	if l.book, err = journal.Open(ctx, journal.Config{Dir: l.dir, Entropy: d.entropy("journal")}); err != nil {
		return err
	}
	l.disk = &disk{
		Journal: l.book, dir: l.dir, next: d.folder(d.number), name: d.name + strconv.Itoa(d.number), chance: d.world.chance,
		rate: d.world.plan.diesAtCommit, storm: d.world.stormy, full: d.full.Load, crash: func(why string) { d.die(l, why) },
	}
	if err := d.start(ctx, l); err != nil {
		return d.failed(l, err)
	}
	d.now = l
	d.world.trace.add("%s: started, run %d", d.name, d.number)
	return nil
}

// failed cleans up behind a start that came to nothing: the next one finds what
// this one found. One that died over it is cleaned up behind already.
func (d *desk) failed(l *life, err error) error {
	died := true
	l.once.Do(func() {
		died = false
		close(l.dead)
		l.end()
		l.work.Wait()
		err = errors.Join(err, l.book.Close())
		d.number--
	})
	if died {
		return nil
	}
	return err
}

// start makes the till of a run.
func (d *desk) start(ctx context.Context, l *life) error {
	w := d.world
	call := &caller{
		net: w.net, name: d.name, address: d.address, dead: l.dead, wall: d.wall, fates: w.plan.desk,
		crash: func(why string) { d.crash(l, why) },
	}
	web := &http.Client{Transport: call}
	link, inbox, err := d.online(l, web)
	if err != nil {
		return err
	}
	terminals, err := d.stand.till(l)
	if err != nil {
		return err
	}
	near, err := rails.NewTerminal(rails.TerminalConfig{Devices: terminals})
	if err != nil {
		return err
	}
	l.till, err = app.New(ctx, app.Config{
		Mode: payments.Live, Desk: d.name, Journal: w.plant.journal(l.disk), Rails: w.plant.rails([]app.Rail{link, near}), Inbox: inbox,
		Now: d.wall.now, Mono: d.wall.mono, Entropy: d.entropy("till"), Log: w.log(d.name),
	})
	if err != nil {
		return err
	}
	if l.compare, err = d.comparer(l, web, terminals); err != nil {
		return err
	}
	l.work.Go(func() { l.compare.Keep(l.ctx, func() <-chan struct{} { return nil }) })
	return nil
}

func (d *desk) entropy(what string) *entropy {
	return &entropy{chance: d.world.chance, name: d.name + " " + what + " " + strconv.Itoa(d.number), now: time.Now}
}

// online joins the way to myPOS and the relay, as app/till does.
func (d *desk) online(l *life, web *http.Client) (*rails.Link, *rails.Inbox, error) {
	w := d.world
	log := w.log(d.name)
	provider, err := checkout.NewClient(checkout.Config{
		Store: w.store, Endpoint: checkout.LiveEndpoint, HTTP: web, UserAgent: source,
	})
	if err != nil {
		return nil, nil, err
	}
	k := &keeper{store: relay.Store{
		ID: d.paired.Store, SID: w.store.SID, Mode: string(payments.Live), Certificates: []string{string(w.store.Certificate.PEM())},
	}}
	k.client, err = client.New(client.Config{
		BaseURL: relayBase, Store: d.paired.Store, Desk: d.paired.Desk, Identity: d.paired.Key, HTTP: web, Now: d.wall.now,
		Entropy: d.entropy("relay"), LongPoll: true, RetryFor: 4 * time.Second, OnEpoch: func(ctx context.Context, _ string) error { return k.announce(ctx) }, Log: log,
	})
	if err != nil {
		return nil, nil, err
	}
	link, err := rails.NewLink(rails.LinkConfig{
		Store: w.store, StoreID: d.paired.Store, DeskID: d.paired.Desk, Salon: func() string { return "Salon Rosa" }, Source: source,
		Provider: provider, Relay: k, Now: d.wall.now,
		Addresses: func(ctx context.Context) (rails.Addresses, error) { return k.addresses(ctx) },
	})
	if err != nil {
		return nil, nil, err
	}
	inbox, err := rails.NewInbox(rails.InboxConfig{
		Stream: k.client, SID: w.store.SID, Certificates: []*checkout.Certificate{w.store.Certificate}, Log: log,
	})
	l.relay = k.client
	l.ctx, l.end = context.WithCancel(context.Background())
	l.work.Go(func() { k.tend(l.ctx) })
	return link, inbox, err
}

const source = "Frontdesk 1.0.0"

// keeper announces the store to the relay before the first order, as the keeper
// of app/till does.
type keeper struct {
	client *client.Client
	store  relay.Store
}

func (k *keeper) announce(ctx context.Context) error { return k.client.PutStore(ctx, k.store) }

// tend announces the store whenever the stream is broken, until the run ends.
func (k *keeper) tend(ctx context.Context) {
	tick := time.NewTicker(announceEach)
	defer tick.Stop()
	for ctx.Err() == nil {
		if p := k.client.Proof(); p.Err != "" || p.At.IsZero() {
			_ = k.announce(ctx) // the next look tries again
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

const announceEach = 2 * time.Second

func (k *keeper) addresses(ctx context.Context) (rails.Addresses, error) {
	at, ok := k.client.Endpoints()
	if !ok {
		if err := k.announce(ctx); err != nil {
			return rails.Addresses{}, err
		}
		at, _ = k.client.Endpoints()
	}
	return rails.Addresses{OK: at.OK, Cancel: at.Cancel, Notify: at.Notify, Action: checkout.LiveEndpoint}, nil
}

// Register implements rails.Desk.
func (k *keeper) Register(ctx context.Context, r relay.Registration) (relay.Registered, error) {
	return k.client.Register(ctx, r)
}

// Close implements rails.Desk.
func (k *keeper) Close(ctx context.Context, orderID string) error {
	return k.client.Close(ctx, orderID)
}

// pair makes the computer a desk of the store.
func (d *desk) pair(ctx context.Context, code string) (err error) {
	d.paired, err = client.Pair(ctx, client.PairConfig{
		BaseURL: relayBase, Code: code, Name: d.name, Entropy: rand.Reader, Now: d.wall.now,
		HTTP: &http.Client{Transport: &caller{net: d.world.net, name: d.name, address: d.address}},
	})
	return err
}

// crash pulls the plug at a moment between two commits.
func (d *desk) crash(l *life, why string) {
	if err := l.disk.stop(&dice{chance: d.world.chance, name: d.name + " fray " + why}); err != nil {
		d.world.fail("%s: copying the journal: %v", d.name, err)
	}
	d.die(l, why)
}

// die ends a run of which the disk has been taken away, and starts the next one a
// while later. It does not wait.
func (d *desk) die(l *life, why string) {
	l.once.Do(func() {
		close(l.dead)
		d.world.trace.add("%s: dies %s", d.name, why)
		d.world.count.crash()
		d.jobs.Go(func() {
			d.bury(l)
			if err := os.RemoveAll(l.dir); err != nil {
				d.world.fail("%s: %v", d.name, err)
			}
			pause := d.world.chance.between(d.name+" rises "+strconv.Itoa(d.number), 2*time.Second, 90*time.Second)
			err := errDead
			for try := 0; err != nil && try < 20; try++ { // on a full disk it cannot
				time.Sleep(pause)
				err = d.open(context.Background())
			}
			if err != nil {
				d.world.fail("%s does not start again: %v", d.name, err)
			}
		})
	})
}

// bury waits until nothing of a dead run runs any more.
func (d *desk) bury(l *life) {
	d.mu.Lock()
	if d.now == l {
		d.now = nil
	}
	d.mu.Unlock()
	l.end()
	l.work.Wait()
	var err error
	if l.till != nil {
		err = l.till.Close()
	}
	if err := errors.Join(err, l.book.Close()); err != nil {
		d.world.fail("%s: closing: %v", d.name, err)
	}
	close(l.gone)
}

// pull pulls the plug from outside.
func (d *desk) pull(why string) {
	if l := d.life(); l != nil {
		d.crash(l, why)
	}
}

// shut ends the program as its owner does, and starts no other one.
func (d *desk) shut() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.jobs.Wait() // a run that is just being started
	l := d.life()
	if l == nil {
		return
	}
	l.once.Do(func() {
		d.bury(l)
		close(l.dead)
	})
	if err := copyFolder(l.dir, d.folder(d.number)); err != nil {
		d.world.fail("%s: %v", d.name, err)
	}
	d.world.trace.add("%s: closed", d.name)
}

// copyFolder takes the journal along into the folder of the next run.
func copyFolder(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// reopen starts a program that was shut.
func (d *desk) reopen(ctx context.Context) error {
	d.mu.Lock()
	d.closed = false
	d.mu.Unlock()
	return d.open(ctx)
}

func (d *desk) life() *life {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) fill(full bool) {
	d.full.Store(full)
	d.world.trace.add("%s: disk full: %v", d.name, full)
}

// try has the till do something; a till that is not there or dies meanwhile is
// waited for and asked again, a while.
func (d *desk) try(do func(*app.Till) error) error {
	err := errors.New("no till")
	for range 120 {
		l := d.life()
		if l == nil {
			time.Sleep(time.Second)
			continue
		}
		if err = do(l.till); !errors.Is(err, app.ErrClosed) && !errors.Is(err, errDead) {
			return err
		}
		time.Sleep(time.Second)
	}
	return err
}

// watcher passes on what the till logs when somebody wants to see it.
func (w *world) log(name string) *slog.Logger {
	if w.verbose == nil {
		return nil
	}
	return w.verbose.With("who", name)
}
