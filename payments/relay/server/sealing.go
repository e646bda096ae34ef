package server

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"

	"frontdesk/payments/relay"
)

// sealLife is how long one content key serves.
const sealLife = 10 * time.Minute

// sealers seal the notices of stores whose desks all have a sealing key. The
// others' stay readable, because somebody could not read them else.
type sealers struct {
	now     func() time.Time
	entropy io.Reader
	roster  *roster

	mu      sync.Mutex
	byStore map[string]sealer
}

type sealer struct {
	*relay.Sealer // nil: not sealed
	until         time.Time
	version       uint64 // of the store's desks
}

func newSealers(r *roster, now func() time.Time, entropy io.Reader) *sealers {
	return &sealers{now: now, entropy: entropy, roster: r, byStore: map[string]sealer{}}
}

// of returns the sealer of a store, nil when it has none.
func (s *sealers) of(store string) (*relay.Sealer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	desks, version := s.roster.recipients(store)
	now := s.now()
	if one, ok := s.byStore[store]; ok && one.version == version && now.Before(one.until) {
		return one.Sealer, nil
	}
	next := sealer{until: now.Add(sealLife), version: version}
	if len(desks) > 0 {
		var err error
		if next.Sealer, err = relay.NewSealer(store, desks, s.entropy); err != nil {
			return nil, err
		}
	}
	s.byStore[store] = next
	return next.Sealer, nil
}

// seal hides what a notice says from everyone but the desks of its store.
func (s *Server) seal(n notice) (notice, error) {
	to, err := s.sealers.of(n.store)
	if err != nil || to == nil {
		return n, err
	}
	if n.body, err = to.Seal(n.deliveryKind(), n.orderID, n.body, s.cfg.Entropy); err != nil {
		return n, err
	}
	n.orderID, n.sealed = "", true
	return n, nil
}

// recipients returns the desks that notices of a store are sealed to, and the
// version of that list. There are none when not all of them could open it.
func (r *roster) recipients(store string) ([]relay.Recipient, uint64) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var to []relay.Recipient
	for id, p := range r.desks[store] {
		if !p.Revoked.IsZero() {
			continue
		}
		if len(p.Seal) == 0 {
			return nil, r.versions[store]
		}
		to = append(to, relay.Recipient{Desk: id, Key: p.Seal})
	}
	return to, r.versions[store]
}

// reference names a provider's reference without saying it.
func (k keyring) reference(order orderKey, text string) string {
	if text == "" {
		return ""
	}
	return hex.EncodeToString(k.tag("reference", string(order[:]), text)[:16])
}

// landing is what the page shows to which a customer comes back. At rest only
// who knows the OrderID, as the provider's answer does, and has the key file
// can read it.
type landing struct {
	Salon    string `json:"salon"`
	Language string `json:"language"`
}

func (k keyring) landing(store, sid, orderID string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.tag("landing", store, sid, orderID))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (s *Server) sealLanding(reg relay.Registration) ([]byte, error) {
	aead, err := s.keys.landing(reg.Store, reg.SID, reg.OrderID)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(landing{Salon: reg.Salon, Language: reg.Language})
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	if _, err := io.ReadFull(s.cfg.Entropy, nonce); err != nil {
		return nil, err
	}
	return aead.Seal(nonce, nonce, plain, nil), nil
}

// landing returns what the landing page of an order shows. Records of older
// relays hold it readable.
func (s *Server) landing(ctx context.Context, store, sid, orderID string) (landing, error) {
	rec, err := s.orders.get(ctx, s.keys.order(store, sid, orderID))
	if err != nil || rec.Landing == nil {
		return landing{Salon: rec.Salon, Language: rec.Language}, err
	}
	aead, err := s.keys.landing(store, sid, orderID)
	if err != nil {
		return landing{}, err
	}
	if len(rec.Landing) < aead.NonceSize() {
		return landing{}, errors.New("relay: damaged order")
	}
	plain, err := aead.Open(nil, rec.Landing[:aead.NonceSize()], rec.Landing[aead.NonceSize():], nil)
	if err != nil {
		return landing{}, err
	}
	var l landing
	return l, decode(plain, &l)
}
