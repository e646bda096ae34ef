package server

import (
	"crypto/sha256"
	"strconv"
	"sync"

	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

// repeatKey names what a notice says, however it was written down. The zero
// value names nothing.
type repeatKey [16]byte

// repeats knows which notices of the kinds that an order's mark says nothing
// about lie in the stream, and where. Customers hold messages that the
// provider signed for their browser and may post them here for ever: without
// this each copy would take its room on the disk. It is as large as the stream
// is long: rebuilt from it by Open, and forgetting what the sweep deletes.
type repeats struct {
	mu     sync.Mutex
	places map[repeatKey]relay.At // of the newest copy; the epoch is left out
	of     map[uint64][]repeatKey // envelope
}

func newRepeats() *repeats {
	return &repeats{places: map[repeatKey]relay.At{}, of: map[uint64][]repeatKey{}}
}

// repeatOf returns the name of a notice that is not sealed, if its kind has one.
//
// Names of fields are not signed (spec 2.2), so one signed message can be
// posted under countless names, orders and amounts: any other method is known
// by its signature alone. A Rollback is known by all that a desk acts on as
// well, so that a twisted copy never stands for the real one.
func repeatOf(n notice) repeatKey {
	if n.kind != kindOther && n.kind != kindRollback {
		return repeatKey{}
	}
	f, err := checkout.ParseForm(n.body)
	if err != nil {
		return repeatKey{}
	}
	parts := []string{string(n.kind), n.store, f.Value("Signature")}
	if n.kind == kindRollback {
		parts = append(parts, f.Value("SID"), f.Value("OrderID"), f.Value("Amount"), f.Value("Currency"))
	}
	sum := sha256.New()
	for _, p := range parts {
		sum.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return repeatKey(sum.Sum(nil)[:len(repeatKey{})])
}

// add learns the notices of one envelope.
func (r *repeats) add(seq uint64, notices []notice) {
	for i, n := range notices {
		if n.repeat == (repeatKey{}) {
			continue
		}
		r.mu.Lock()
		r.places[n.repeat] = relay.At{Seq: seq, Index: i}
		r.of[seq] = append(r.of[seq], n.repeat)
		r.mu.Unlock()
	}
}

// find returns where the newest copy of a notice lies.
func (r *repeats) find(key repeatKey) (relay.At, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.places[key]
	return at, ok
}

// drop forgets envelopes that were deleted.
func (r *repeats) drop(seqs map[uint64]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for seq := range seqs {
		for _, key := range r.of[seq] {
			if r.places[key].Seq == seq {
				delete(r.places, key)
			}
		}
		delete(r.of, seq)
	}
}
