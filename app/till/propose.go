package till

import (
	"context"
	"slices"
	"strings"
	"time"

	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/relay/client"
)

// epochMoved stands for the relay before: the next one knows none of our orders.
const epochMoved = "moved"

// pairing is a place at a relay that a code was exchanged for.
type pairing struct {
	relay, code string
	place       client.Paired
}

// proposal is a draft with everything needed to try or keep it.
type proposal struct {
	before   record
	next     record
	secrets  map[string][]byte // new ones by logical name
	plan     plan
	rotation bool // another private key for the store that is connected
	paired   bool // at another place than before
}

// propose reads a draft. It pairs when the draft has a code that was not used
// yet; nothing else leaves this computer and nothing is kept. Problems of fields
// are told by Check; here the first of them is the error.
func (d *Desk) propose(ctx context.Context, draft setup.Draft) (proposal, error) {
	const op = "till.save"
	if d.records == nil {
		return proposal{}, refused(op, "mode.practice_needs_nothing")
	}
	if d.lockCode() != "" {
		return proposal{}, refused(op, codeLocked)
	}
	in, problems := d.doctorOf(d.cfg.Mode).Read(draft, d.Connection())
	if len(problems) > 0 {
		return proposal{}, refused(op, problems[0].Code)
	}
	rec := d.records.get()
	p := proposal{before: rec, next: rec, secrets: map[string][]byte{}}
	p.next.Generation++
	p.next.Disconnected = time.Time{}
	p.next.NoOnline, p.next.Terminal = !in.Online, in.Terminal
	if d.cfg.Mode != payments.Test {
		d.proposeStore(&p, in)
	}
	d.proposeAPI(&p, in)
	d.proposeCloud(&p, in.Cloud)
	if err := d.proposeRelay(ctx, &p, in); err != nil {
		return proposal{}, err
	}
	return p, d.planProposal(ctx, &p)
}

// proposeStore takes the checkout credentials over. Keys other than the new one
// and the one before go: orders begun under the one before may still have to be
// offered again.
func (d *Desk) proposeStore(p *proposal, in setup.Input) {
	rec, next := p.before, &p.next
	other := rec.SID != in.SID
	next.SID, next.Wallet, next.KeyIndex = in.SID, in.Wallet, in.KeyIndex
	if other {
		next.Certificates, next.AppID, next.PartnerID = nil, "", ""
		next.Mark, next.KeyBits, next.KeySince = "", 0, time.Time{}
	}
	if in.Certificate != nil {
		next.Certificates = earlierFirst(in.Certificate, next.Certificates)
	}
	if in.AppID != "" {
		next.AppID, next.PartnerID = in.AppID, in.PartnerID
	}
	if in.Key != nil {
		mark := markOf(in.KeyIndex, in.Key)
		if mark != rec.Mark || other {
			next.Mark, next.KeyPrint, next.KeyBits, next.KeySince = mark, in.Key.Fingerprint(), in.Key.Bits(), d.stamp()
			p.rotation = !other && rec.Mark != ""
			p.secrets[secretKey+mark] = in.Key.PEM()
			*next = next.with(secretKey + mark)
		}
	}
	*next = next.without(func(logical string) bool {
		mark, key := strings.CutPrefix(logical, secretKey)
		return key && mark != next.Mark && (other || mark != rec.Mark)
	})
}

// earlierFirst puts the certificate in force before those that still verify.
func earlierFirst(c *checkout.Certificate, all []string) []string {
	text := string(c.PEM())
	rest := slices.DeleteFunc(slices.Clone(all), func(known string) bool { return known == text })
	return append([]string{text}, rest...)
}

// proposeAPI takes the REST credentials over.
func (d *Desk) proposeAPI(p *proposal, in setup.Input) {
	next := &p.next
	next.EnableAPI, next.ClientID = in.EnableAPI, in.ClientID
	switch {
	case in.ClientSecret != "":
		next.SecretSince = d.stamp()
		p.secrets[secretAPI] = []byte(in.ClientSecret)
		*next = next.with(secretAPI)
	case in.ClientID == "" || in.ClientID != p.before.ClientID:
		next.SecretSince = time.Time{}
		*next = next.without(func(logical string) bool { return logical == secretAPI })
	}
}

// proposeRelay takes the relay over, and exchanges a code for a place there.
func (d *Desk) proposeRelay(ctx context.Context, p *proposal, in setup.Input) error {
	next := &p.next
	if in.Relay == "" {
		next.Relay, next.RelayStore, next.RelayDesk, next.Epoch = "", "", "", ""
		next.PairedSince = time.Time{}
		*next = next.without(func(logical string) bool { return logical == secretIdentity })
		return nil
	}
	if in.Pair == "" {
		return nil // Read has checked that the relay is the one of the pairing
	}
	place, err := d.pair(ctx, in.Relay, in.Pair)
	if err != nil {
		return err
	}
	p.paired = true
	next.Relay, next.RelayStore, next.RelayDesk = in.Relay, place.Store, place.Desk
	next.PairedSince, next.Epoch = d.stamp(), ""
	if p.before.paired() {
		next.Epoch = epochMoved
	}
	p.secrets[secretIdentity] = place.Key.Seed()
	*next = next.with(secretIdentity)
	return nil
}

// pair uses a code once: a test that paired leaves its place to the save after
// it.
func (d *Desk) pair(ctx context.Context, address, code string) (client.Paired, error) {
	d.mu.Lock()
	known := d.pairing
	d.mu.Unlock()
	if known != nil && known.relay == address && known.code == code {
		return known.place, nil
	}
	place, err := client.Pair(ctx, client.PairConfig{
		BaseURL: address, Code: code, Name: deskName(d.cfg.Name), HTTP: d.cfg.HTTP, Entropy: d.cfg.Entropy,
		Now: d.cfg.Now, RetryFor: relayRetry,
	})
	if err != nil {
		return client.Paired{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pairing = &pairing{relay: address, code: code, place: place}
	return place, nil
}

// deskName is what the relay calls this desk.
func deskName(name string) string {
	name = checkout.Clean(name, 40)
	if name == "" {
		return "desk"
	}
	return name
}

// planProposal reads the secrets that stay and makes the plan.
func (d *Desk) planProposal(ctx context.Context, p *proposal) error {
	get := func(logical string) []byte { return p.secrets[logical] }
	kept := slices.ContainsFunc(p.next.secretNames(), func(name string) bool {
		return !slices.Contains(p.newNames(), name)
	})
	if kept {
		v, err := d.box.open(ctx)
		if err != nil {
			return err
		}
		get = func(logical string) []byte {
			if secret, ok := p.secrets[logical]; ok {
				return secret
			}
			secret, err := v.Load(p.next.Secrets[logical])
			if err != nil {
				return nil
			}
			return secret
		}
	}
	var err error
	p.plan, err = d.assemble(p.next, get)
	return err
}

// newNames lists the names in the vault that this change adds.
func (p *proposal) newNames() []string {
	var names []string
	for logical := range p.secrets {
		names = append(names, p.next.Secrets[logical])
	}
	return names
}
