package server

import (
	"slices"
	"sync"
	"time"

	"frontdesk/payments/relay"
)

// hub is the index from a store to the addresses of its notices, and the bell
// that wakes the desks which wait for news. It holds addresses, not payloads,
// but for the newest envelopes, which are about to be asked for.
type hub struct {
	now func() time.Time

	mu      sync.Mutex
	last    uint64 // newest sequence of the stream
	early   uint64 // newest sequence when the relay started
	shelves map[string]*shelf
	fresh   map[uint64][]notice
	order   []uint64 // of fresh, oldest first
	bytes   int
}

// shelf is one store's part. Entries are in the order of the stream.
type shelf struct {
	entries []entry
	probes  []probe
	handed  map[string]relay.At // desk: the furthest it was sent since the start
	bell    chan struct{}       // closed and replaced when anything arrives
}

type entry struct {
	seq   uint64
	index int
	desk  string // empty: all
}

type probe struct {
	n     uint64
	desk  string
	nonce string
	at    time.Time
}

const (
	freshBytes  = 8 << 20
	probeLife   = 20 * time.Second
	probesShelf = 64
)

func newHub(now func() time.Time) *hub {
	return &hub{now: now, shelves: map[string]*shelf{}, fresh: map[uint64][]notice{}}
}

func (h *hub) shelf(store string) *shelf {
	s := h.shelves[store]
	if s == nil {
		s = &shelf{handed: map[string]relay.At{}, bell: make(chan struct{})}
		h.shelves[store] = s
	}
	return s
}

func (s *shelf) ring() {
	close(s.bell)
	s.bell = make(chan struct{})
}

// add puts the notices of one envelope on their shelves.
func (h *hub) add(seq uint64, notices []notice) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = max(h.last, seq)
	rung := map[*shelf]bool{}
	for i, n := range notices {
		s := h.shelf(n.store)
		s.entries = append(s.entries, entry{seq: seq, index: i, desk: n.desk})
		rung[s] = true
		h.bytes += n.size()
	}
	h.fresh[seq] = notices
	h.order = append(h.order, seq)
	for h.bytes > freshBytes && len(h.order) > 1 {
		h.forget(h.order[0])
	}
	for s := range rung {
		s.ring()
	}
}

func (h *hub) forget(seq uint64) {
	for _, n := range h.fresh[seq] {
		h.bytes -= n.size()
	}
	delete(h.fresh, seq)
	if i, found := slices.BinarySearch(h.order, seq); found {
		h.order = slices.Delete(h.order, i, i+1)
	}
}

// recent returns the notices of an envelope if it is still in memory.
func (h *hub) recent(seq uint64) ([]notice, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n, ok := h.fresh[seq]
	return n, ok
}

// news returns up to limit addresses after the cursor that concern the desk,
// probes after number probed, and the bell that rings when there is more.
func (h *hub) news(store, desk string, after relay.At, probed uint64, limit int) ([]entry, []probe, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.shelf(store)
	start, _ := slices.BinarySearchFunc(s.entries, after, func(e entry, at relay.At) int {
		if e.seq < at.Seq || e.seq == at.Seq && e.index <= at.Index {
			return -1
		}
		return 1
	})
	if after.Seq == 0 {
		start = 0
	}
	var found []entry
	for _, e := range s.entries[start:] {
		if len(found) == limit {
			break
		}
		if e.desk == "" || e.desk == desk {
			found = append(found, e)
		}
	}
	var probes []probe
	for _, p := range s.probes {
		if p.desk == desk && p.n > probed && h.now().Sub(p.at) < probeLife {
			probes = append(probes, p)
		}
	}
	return found, probes, s.bell
}

// waiting returns the addresses after a place that are for this desk alone.
func (h *hub) waiting(store, desk string, after relay.At) []entry {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found []entry
	for _, e := range h.shelf(store).entries {
		if e.desk == desk && before(after, relay.At{Seq: e.seq, Index: e.index}) {
			found = append(found, e)
		}
	}
	return found
}

// probe tells the sessions of a desk that a probe came in.
func (h *hub) probe(store, desk, nonce string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.shelf(store)
	var n uint64 = 1
	if len(s.probes) > 0 {
		n = s.probes[len(s.probes)-1].n + 1
	}
	s.probes = append(s.probes, probe{n: n, desk: desk, nonce: nonce, at: h.now()})
	if len(s.probes) > probesShelf {
		s.probes = slices.Delete(s.probes, 0, len(s.probes)-probesShelf)
	}
	s.ring()
}

// probed returns the number of a probe of the desk, or 0 when it is not kept
// any more.
func (h *hub) probed(store, desk, nonce string) uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.shelf(store).probes {
		if p.desk == desk && p.nonce == nonce {
			return p.n
		}
	}
	return 0
}

// settle ends the start: last is the newest sequence of the stream. Which of
// the notices so far were sent to desks before is not known.
func (h *hub) settle(last uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = max(h.last, last)
	h.early = h.last
}

// hand notes that everything up to an address is about to be sent to a desk.
func (h *hub) hand(store, desk string, at relay.At) {
	h.mu.Lock()
	defer h.mu.Unlock()
	handed := h.shelf(store).handed
	if before(handed[desk], at) {
		handed[desk] = at
	}
}

// waits reports whether a notice was never sent to anyone, for sure. Desk is
// empty when it concerns all.
func (h *hub) waits(store, desk string, at relay.At) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at.Seq <= h.early {
		return false
	}
	for d, handed := range h.shelf(store).handed {
		if (desk == "" || d == desk) && !before(handed, at) {
			return false
		}
	}
	return true
}

// newest returns the newest sequence of the stream.
func (h *hub) newest() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

// settled returns the envelopes of which done says true for every address,
// oldest first, at most limit.
func (h *hub) settled(done func(store string, e entry) bool, limit int) []uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	open, all := map[uint64]bool{}, map[uint64]bool{}
	for store, s := range h.shelves {
		for _, e := range s.entries {
			all[e.seq] = true
			if !done(store, e) {
				open[e.seq] = true
			}
		}
	}
	var seqs []uint64
	for seq := range all {
		if !open[seq] {
			seqs = append(seqs, seq)
		}
	}
	slices.Sort(seqs)
	return seqs[:min(len(seqs), limit)]
}

// drop takes an envelope that was deleted off the shelves.
func (h *hub) drop(seqs map[uint64]bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for seq := range seqs {
		h.forget(seq)
	}
	for _, s := range h.shelves {
		s.entries = slices.DeleteFunc(s.entries, func(e entry) bool { return seqs[e.seq] })
	}
}
