package till

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"sync"

	"frontdesk/app/rails"
	"frontdesk/payments/checkout"
	"frontdesk/payments/epos"
	"frontdesk/payments/merchant"
	"frontdesk/payments/relay"
	"frontdesk/payments/relay/client"
)

// plan says what to connect to what. Zero members are not there.
type plan struct {
	store    checkout.Store                  // Key nil: nothing can be signed
	keys     map[string]*checkout.PrivateKey // by mark; that of mark is the store's
	mark     string
	earlier  []*checkout.Certificate // still verify
	endpoint string                  // of the hosted checkout
	online   bool

	relay    string // base address
	storeID  string // 26 characters, at the relay
	deskID   string
	identity ed25519.PrivateKey // nil: the relay is inside, or on this machine
	epoch    string
	remember func(epoch string) error

	api   merchant.Config // ClientID empty: none
	cloud epos.Config     // PartnerID empty: none
	code  string          // why nothing works: vault.locked, store.disconnected
	sim   string          // base address of the stand-in, in Practice only
}

// wires are the parts the rails work with. They do not change once made.
type wires struct {
	store    checkout.Store
	mark     string
	provider *checkout.Client
	relay    *client.Client
	keeper   *keeper
	links    map[string]*rails.Link // by mark
	inbox    *rails.Inbox
	notary   *rails.Notary
	merchant *merchant.Client
	gateway  *epos.Client // of cloud terminals
	noLink   string       // code of why there is no link, "" when there is one
	code     string       // of plan
	off      bool         // online payments are switched off
	sim      string       // of plan

	stop context.CancelFunc // ends what start began
	work sync.WaitGroup
}

// noRelay is the code of why there is no relay.
func (w *wires) noRelay() string { return cmp.Or(w.code, "relay.none") }

// noProvider is the code of why myPOS cannot be asked.
func (w *wires) noProvider() string { return cmp.Or(w.code, "store.none") }

// wire joins the parts of a plan. It connects to nothing.
func (d *Desk) wire(p plan) (_ *wires, err error) {
	w := &wires{store: p.store, mark: p.mark, code: p.code, sim: p.sim, off: !p.online, links: map[string]*rails.Link{}}
	certs := p.earlier
	if p.store.Certificate != nil {
		certs = append([]*checkout.Certificate{p.store.Certificate}, certs...)
	}
	w.notary = rails.NewNotary(p.store.SID, certs...)
	if p.store.Key != nil {
		w.provider, err = checkout.NewClient(checkout.Config{
			Store: p.store, Endpoint: p.endpoint, HTTP: d.cfg.HTTP, UserAgent: d.cfg.source(), Earlier: p.earlier,
		})
		if err != nil {
			return nil, err
		}
	}
	if p.relay != "" && p.storeID != "" {
		if err := d.wireRelay(w, p, certs); err != nil {
			return nil, err
		}
	}
	if p.api.ClientID != "" {
		if w.merchant, err = merchant.New(p.api); err != nil {
			return nil, err
		}
	}
	if p.cloud.PartnerID != "" {
		if w.gateway, err = epos.New(p.cloud); err != nil {
			return nil, err
		}
	}
	switch {
	case p.code != "":
		w.noLink = p.code
	case !p.online:
		w.noLink = "online.off"
	case w.provider == nil:
		w.noLink = "store.none"
	case w.relay == nil:
		w.noLink = "relay.none"
	}
	return w, d.wireLinks(w, p)
}

// wireRelay adds the way to and from the relay.
func (d *Desk) wireRelay(w *wires, p plan, certs []*checkout.Certificate) (err error) {
	w.relay, err = client.New(client.Config{
		BaseURL: p.relay, Store: p.storeID, Desk: p.deskID, Identity: p.identity, HTTP: d.cfg.HTTP, Now: d.cfg.Now,
		Entropy: d.cfg.Entropy, Log: d.cfg.Log, RetryFor: relayRetry,
		OnEpoch: func(ctx context.Context, _ string) error { return w.keeper.refresh(ctx) },
	})
	if err != nil {
		return err
	}
	w.keeper = &keeper{
		relay: w.relay, epoch: p.epoch, remember: p.remember,
		store: relay.Store{ID: p.storeID, SID: p.store.SID, Mode: string(d.cfg.Mode)},
	}
	for _, c := range certs {
		w.keeper.store.Certificates = append(w.keeper.store.Certificates, string(c.PEM()))
	}
	if p.store.SID == "" || len(certs) == 0 {
		return nil // nothing to receive yet
	}
	w.inbox, err = rails.NewInbox(rails.InboxConfig{
		Stream: w.relay, SID: p.store.SID, Certificates: certs, Log: d.cfg.Log,
	})
	return err
}

// wireLinks adds a link for each private key, and how orders are told to a relay
// that has lost its memory.
func (d *Desk) wireLinks(w *wires, p plan) error {
	if w.keeper == nil || w.provider == nil {
		if w.keeper != nil {
			w.keeper.renew = func(context.Context, relay.Endpoints) error { return nil } // nothing can be signed again
		}
		return nil
	}
	cfg := rails.LinkConfig{
		Store: p.store, StoreID: p.storeID, DeskID: p.deskID, Salon: d.cfg.salon, Source: d.cfg.source(),
		Provider: w.provider, Now: d.cfg.Now, Relay: w.keeper,
		Addresses: func(ctx context.Context) (rails.Addresses, error) { return d.addresses(ctx, w.keeper, p.endpoint) },
	}
	for mark, key := range p.keys {
		own := cfg
		own.Store.Key = key
		if n := indexOf(mark); n > 0 {
			own.Store.KeyIndex = n
		}
		link, err := rails.NewLink(own)
		if err != nil {
			return err
		}
		w.links[mark] = link
	}
	w.keeper.renew = func(ctx context.Context, at relay.Endpoints) error {
		again := cfg
		again.Relay = w.relay
		again.Addresses = func(context.Context) (rails.Addresses, error) { return endpointsOf(at, p.endpoint), nil }
		link, err := rails.NewLink(again)
		if err != nil {
			return err
		}
		return d.reregister(ctx, link, at.Epoch)
	}
	return nil
}

// start announces the store to the relay, which is waited for shortly, and again
// whenever that is needed, until close.
func (w *wires) start(ctx context.Context, d *Desk) {
	if w.inbox == nil {
		return
	}
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	w.stop = stop
	first, cancel := context.WithTimeout(ctx, announceFirst)
	defer cancel()
	if err := w.keeper.refresh(first); err != nil {
		d.cfg.Log.Warn("the relay does not answer yet", "error", err)
	}
	w.work.Go(func() { w.keeper.tend(life) })
}

// close ends what start began. Calls under way go on.
func (w *wires) close() {
	if w != nil && w.stop != nil {
		w.stop()
		w.work.Wait()
	}
}

// planPractice is Practice with the parts inside or outside.
func (d *Desk) planPractice(p *practice, store checkout.Store) plan {
	sim, base := p.Outside.Sim, p.Outside.Relay
	if d.inside != nil {
		sim, base = d.inside.simURL, d.inside.relayURL
	}
	mark := markOf(store.KeyIndex, store.Key)
	return plan{
		store: store, mark: mark, keys: map[string]*checkout.PrivateKey{mark: store.Key},
		earlier: p.certificates(store)[1:], endpoint: sim + actionPath, sim: sim, online: true,
		relay: base, storeID: p.Store, deskID: p.Desk, epoch: p.Epoch,
		remember: func(epoch string) error {
			p.Epoch = epoch
			return p.save()
		},
	}
}
