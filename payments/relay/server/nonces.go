package server

import (
	"encoding/hex"
	"sync"
	"time"

	"frontdesk/payments/relay"
)

// nonces remembers which signatures were used, for as long as their time would
// be accepted. Its memory is bounded: a desk that asks faster than it may is
// turned away, never believed again, and does not shut the others out.
type nonces struct {
	perDesk, fair, total int // limits of entries

	mu     sync.Mutex
	spent  map[Identity]*spent
	count  int
	oldest int64 // times before this slice are refused
}

// spent are the nonces of one desk by slices of time.
type spent struct {
	count  int
	slices map[int64]map[[16]byte]struct{}
}

const (
	noncesDesk  = 1 << 15 // in about ten minutes
	noncesFair  = 1 << 10 // always allowed, however full it is
	noncesTotal = 1 << 20
)

func newNonces() *nonces {
	return &nonces{perDesk: noncesDesk, fair: noncesFair, total: noncesTotal, spent: map[Identity]*spent{}}
}

// fresh says what use found.
type fresh int

const (
	isFresh fresh = iota
	isUsed
	isStale   // from before what is remembered
	isFlooded // too many
)

func slice(t time.Time) int64 { return t.UnixMilli() / relay.SkewLimit.Milliseconds() }

// use takes the nonce of a verified request whose time is within the limit.
func (n *nonces) use(id Identity, nonce string, signed, now time.Time) fresh {
	raw, err := hex.DecodeString(nonce)
	if err != nil || len(raw) != 16 {
		return isUsed
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.forget(slice(now.Add(-relay.SkewLimit)))
	at := slice(signed)
	if at < n.oldest {
		return isStale
	}
	of := n.spent[id]
	if of == nil {
		of = &spent{slices: map[int64]map[[16]byte]struct{}{}}
		n.spent[id] = of
	}
	if _, used := of.slices[at][[16]byte(raw)]; used {
		return isUsed
	}
	if of.count >= n.perDesk || n.count >= n.total && of.count >= n.fair {
		return isFlooded
	}
	if of.slices[at] == nil {
		of.slices[at] = map[[16]byte]struct{}{}
	}
	of.slices[at][[16]byte(raw)] = struct{}{}
	of.count++
	n.count++
	return isFresh
}

// forget drops slices whose times are refused from now on, also if the clock
// should be set back.
func (n *nonces) forget(before int64) {
	if before <= n.oldest {
		return
	}
	n.oldest = before
	for id, of := range n.spent {
		for at, used := range of.slices {
			if at < before {
				of.count -= len(used)
				n.count -= len(used)
				delete(of.slices, at)
			}
		}
		if len(of.slices) == 0 {
			delete(n.spent, id)
		}
	}
}
