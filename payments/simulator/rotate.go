package simulator

import (
	"errors"
	"net/http"
	"strconv"

	"frontdesk/payments/checkout"
)

// ErrIndex means that a store cannot have more key pairs.
var ErrIndex = errors.New("there is no key index left")

const lastIndex = 99

// Rotate makes another key pair of the store, under the next index and with a
// certificate of its own, and returns its pack, as the portal does with "+ New
// Configuration". Pairs made before go on working.
func (s *Simulator) Rotate() ([]byte, error) {
	s.keyLock.Lock()
	defer s.keyLock.Unlock()
	index := s.keys.newest().store.KeyIndex + 1
	if index > lastIndex {
		return nil, ErrIndex
	}
	made, err := makeKeys(Store{SID: s.keys.store.SID, Wallet: s.keys.store.Wallet, KeyIndex: index}, s.now(), s.entropy)
	if err != nil {
		return nil, err
	}
	parsed, err := made.parse()
	if err != nil {
		return nil, err
	}
	next := s.keys.file
	next.Rotated = append(next.Rotated[:len(next.Rotated):len(next.Rotated)], made)
	if err := writeKeys(s.keys.path, next); err != nil {
		return nil, err
	}
	s.keys.file = next
	s.keys.rotated = append(s.keys.rotated[:len(s.keys.rotated):len(s.keys.rotated)], parsed)
	return parsed.store.Pack()
}

// getRotated makes another pair and hands its pack out.
func (s *Simulator) getRotated(w http.ResponseWriter, _ *http.Request) {
	pack, err := s.Rotate()
	if err != nil {
		s.unavailable(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	s.send(w, pack)
}

// newest is the pair of the highest index.
func (k *keys) newest() pair {
	if n := len(k.rotated); n > 0 {
		return k.rotated[n-1]
	}
	return k.pair
}

// pair returns the pair of an index; 0 is the first.
func (s *Simulator) pair(index int) (pair, bool) {
	s.keyLock.RLock()
	defer s.keyLock.RUnlock()
	if index == 0 || index == s.keys.store.KeyIndex {
		return s.keys.pair, true
	}
	for _, p := range s.keys.rotated {
		if p.store.KeyIndex == index {
			return p, true
		}
	}
	return s.keys.pair, false
}

// signer signs for myPOS under an index, under the first for one that is not
// known.
func (s *Simulator) signer(index int) *checkout.PrivateKey {
	p, _ := s.pair(index)
	return p.provider
}

// indexOf is the key index of a form; -1 is none that could be known.
func indexOf(f checkout.Fields) int {
	n, err := strconv.Atoi(f.Value("KeyIndex"))
	if err != nil || n < 1 || strconv.Itoa(n) != f.Value("KeyIndex") {
		return -1
	}
	return n
}
