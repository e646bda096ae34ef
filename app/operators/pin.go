package operators

import (
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"time"

	"golang.org/x/crypto/argon2"
)

// Bounds of a PIN.
const (
	MinPIN = 4
	MaxPIN = 8
)

// Growth of the delay after wrong PINs: freeTries cost nothing, then it doubles.
const (
	freeTries  = 3
	firstDelay = 15 * time.Second
	longest    = 15 * time.Minute
)

// Cost is how hard a PIN is to try (Argon2id, RFC 9106).
type Cost struct {
	Time    uint32 `json:"time"`
	Memory  uint32 `json:"memory"` // KiB
	Threads uint8  `json:"threads"`
}

// DefaultCost is the second recommendation of RFC 9106.
func DefaultCost() Cost { return Cost{Time: 3, Memory: 64 << 10, Threads: 4} }

// pin is what is kept of a PIN.
type pin struct {
	Salt []byte `json:"salt"`
	Hash []byte `json:"hash"`
	Cost Cost   `json:"argon2id"`
}

// try counts wrong PINs since the last right one.
type try struct {
	Wrong int       `json:"wrong"`
	Last  time.Time `json:"last"`
}

const hashSize = 32

func (p pin) matches(digits string) bool {
	if p.Cost.Time == 0 || p.Cost.Threads == 0 || len(p.Hash) != hashSize {
		return false
	}
	got := argon2.IDKey([]byte(digits), p.Salt, p.Cost.Time, p.Cost.Memory, p.Cost.Threads, hashSize)
	return subtle.ConstantTimeCompare(got, p.Hash) == 1
}

func (b *Book) newPIN(digits string) (pin, error) {
	p := pin{Salt: make([]byte, 16), Cost: b.cfg.Cost}
	if _, err := io.ReadFull(b.cfg.Entropy, p.Salt); err != nil {
		return p, fmt.Errorf("operators: entropy: %w", err)
	}
	p.Hash = argon2.IDKey([]byte(digits), p.Salt, p.Cost.Time, p.Cost.Memory, p.Cost.Threads, hashSize)
	return p, nil
}

// checkPIN says whether digits may be a new PIN.
func checkPIN(digits string) error {
	if len(digits) < MinPIN || len(digits) > MaxPIN {
		return refuse("pin", "operator.pin_shape")
	}
	same, up, down := true, true, true
	for i := range digits {
		c := digits[i]
		if c < '0' || c > '9' {
			return refuse("pin", "operator.pin_shape")
		}
		if i > 0 {
			step := int(c) - int(digits[i-1])
			same, up, down = same && step == 0, up && step == 1, down && step == -1
		}
	}
	if same || up || down {
		return refuse("pin", "operator.pin_simple")
	}
	return nil
}

// SetPIN sets a PIN of 4 to 8 digits; an empty one takes it away.
func (b *Book) SetPIN(ctx context.Context, id, digits string) error {
	var p pin
	if digits != "" {
		if err := checkPIN(digits); err != nil {
			return err
		}
		if err := b.hashing(ctx, func() (err error) {
			p, err = b.newPIN(digits)
			return err
		}); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	next, _, err := b.touch("pin", id)
	if err != nil {
		return err
	}
	delete(next.Tries, id)
	delete(next.PINs, id)
	if digits != "" {
		next.PINs[id] = p
	}
	return b.store("pin", next)
}

// Check answers who it is: an ID or a name with its PIN. Who has no PIN is
// believed. Codes operator.missing, operator.pin_needed, operator.wait,
// operator.pin.
func (b *Book) Check(ctx context.Context, who, digits string) (Operator, error) {
	o, err := b.Find(who)
	if err != nil || !o.HasPIN {
		return o, err
	}
	if digits == "" {
		return Operator{}, refuse("check", "operator.pin_needed")
	}
	var right bool
	err = b.hashing(ctx, func() error {
		p, err := b.count(o.ID)
		if err == nil {
			right = p.matches(digits)
		}
		return err
	})
	switch {
	case err != nil:
		return Operator{}, err
	case !right:
		return Operator{}, refuse("check", "operator.pin")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	next, _, err := b.touch("check", o.ID)
	if err != nil {
		return Operator{}, err
	}
	delete(next.Tries, o.ID)
	return o, b.store("check", next)
}

// hashing waits for its turn: a hash takes tens of megabytes.
func (b *Book) hashing(ctx context.Context, f func() error) error {
	select {
	case b.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-b.turn }()
	return f()
}

// count writes a try down as a wrong one, before anybody knows.
func (b *Book) count(id string) (pin, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, ok := b.file.PINs[id]
	if !ok {
		return p, refuse("check", "operator.missing")
	}
	if b.ahead(id) { // on the disk, too: else every restart would begin the delay anew
		if err := b.store("check", b.file); err != nil {
			return p, err
		}
	}
	if b.wait(id) > 0 {
		return p, refuse("check", "operator.wait")
	}
	next := b.copy()
	t := next.Tries[id]
	next.Tries[id] = try{Wrong: t.Wrong + 1, Last: b.cfg.Now().UTC()}
	return p, b.store("check", next)
}

// Wait tells how long the next PIN of an operator must wait.
func (b *Book) Wait(id string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ahead(id)
	return b.wait(id)
}

// ahead reports whether the last try was made by a clock that has been set back
// since. Its delay begins now: it must not lock anybody out until the clock is
// there again.
func (b *Book) ahead(id string) bool {
	t, now := b.file.Tries[id], b.cfg.Now().UTC()
	if !t.Last.After(now) {
		return false
	}
	b.file.Tries[id] = try{Wrong: t.Wrong, Last: now}
	return true
}

func (b *Book) wait(id string) time.Duration {
	t := b.file.Tries[id]
	if t.Wrong < freeTries {
		return 0
	}
	delay := longest
	if n := t.Wrong - freeTries; n < 8 {
		delay = min(firstDelay<<n, longest)
	}
	return min(max(t.Last.Add(delay).Sub(b.cfg.Now()), 0), delay)
}

// ResetOwners takes the PIN of every owner away and remembers when. Whoever
// calls has seen the private key of Live (product.md 6).
func (b *Book) ResetOwners() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	next := b.copy()
	for _, o := range next.Operators {
		if o.Owner {
			delete(next.PINs, o.ID)
			delete(next.Tries, o.ID)
		}
	}
	next.OwnerReset = b.cfg.Now().UTC()
	return b.store("reset", next)
}

// OwnerReset tells when that was done last; zero for never.
func (b *Book) OwnerReset() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.file.OwnerReset
}
