package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"golang.org/x/crypto/argon2"

	"frontdesk/app/folder"
)

// MinPassphrase is the fewest characters of a new passphrase.
const MinPassphrase = 8

const (
	saltSize   = 16
	maxKeyFile = 1 << 20
	maxMemory  = 1 << 20 // KiB
	maxTime    = 100
	maxThreads = 64
)

// PassphraseConfig is what keys under a passphrase are made of. All fields but
// Cost are required.
type PassphraseConfig struct {
	File string // holds the wrapped keys of all modes
	// Ask returns the passphrase. first means that there is none yet: the
	// person chooses one. It is asked once; a wrong one is asked for again by
	// the next call.
	Ask     func(ctx context.Context, first bool) ([]byte, error)
	Entropy io.Reader
	Cost    Cost // of new files; zero means DefaultCost
}

// Cost is how hard a passphrase is to try (Argon2id, RFC 9106).
type Cost struct {
	Time    uint32 `json:"time"`
	Memory  uint32 `json:"memory"` // KiB
	Threads uint8  `json:"threads"`
}

// sane reports whether the cost is one that a program of ours would choose: a file
// must not make trying its passphrase endless.
func (c Cost) sane() bool {
	return c.Time > 0 && c.Time <= maxTime && c.Memory > 0 && c.Memory <= maxMemory && c.Threads > 0 && c.Threads <= maxThreads
}

// DefaultCost is the second recommendation of RFC 9106: three passes over 64 MiB.
func DefaultCost() Cost { return Cost{Time: 3, Memory: 64 << 10, Threads: 4} }

// Passphrase keeps keys in a file, wrapped by a passphrase that is asked for
// once and remembered as its derived key until the program ends.
type Passphrase struct {
	cfg PassphraseConfig
	mu  sync.Mutex
	kek []byte
}

var _ Keys = (*Passphrase)(nil)

// NewPassphrase returns the place. Nothing is read or asked yet.
func NewPassphrase(cfg PassphraseConfig) *Passphrase {
	if cfg.Cost == (Cost{}) {
		cfg.Cost = DefaultCost()
	}
	return &Passphrase{cfg: cfg}
}

// keyFile is the file on disk. Check is a wrapped constant: it tells a wrong
// passphrase from a damaged key.
type keyFile struct {
	Version int                `json:"version"`
	Salt    []byte             `json:"salt"`
	Cost    Cost               `json:"argon2id"`
	Check   wrapped            `json:"check"`
	Keys    map[string]wrapped `json:"keys"`
}

type wrapped struct {
	Nonce  []byte `json:"nonce"`
	Sealed []byte `json:"sealed"`
}

const checkName, checkText = "check", "frontdesk"

// Has reports whether the file holds a key of that name, without asking for
// the passphrase.
func (p *Passphrase) Has(name string) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, err := p.read()
	_, ok := f.Keys[name]
	return ok, err
}

// Get returns a key.
func (p *Passphrase) Get(ctx context.Context, name string) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, err := p.read()
	if err != nil {
		return nil, err
	}
	w, ok := f.Keys[name]
	if !ok {
		return nil, ErrMissing
	}
	if err := p.unlock(ctx, &f); err != nil {
		return nil, err
	}
	key, err := decrypt(p.kek, w.Nonce, w.Sealed, []byte(name))
	if err != nil {
		return nil, locked("passphrase", codeDamaged, err)
	}
	return key, nil
}

// Set stores a key; with the first one the passphrase is chosen.
func (p *Passphrase) Set(ctx context.Context, name string, key []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, err := p.read()
	if err == nil {
		err = p.unlock(ctx, &f)
	}
	if err != nil {
		return err
	}
	w, err := p.wrap(name, key)
	if err != nil {
		return err
	}
	f.Keys[name] = w
	return wrapWrite(folder.ReplaceJSON(p.cfg.File, f))
}

// Delete destroys a key.
func (p *Passphrase) Delete(_ context.Context, name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, err := p.read()
	if _, ok := f.Keys[name]; err != nil || !ok {
		return err
	}
	delete(f.Keys, name)
	return wrapWrite(folder.ReplaceJSON(p.cfg.File, f))
}

// Change replaces the passphrase. Every key stays what it was.
func (p *Passphrase) Change(ctx context.Context, next []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, err := p.read()
	if err == nil && len(f.Salt) > 0 {
		err = p.unlock(ctx, &f)
	}
	if err != nil {
		return err
	}
	keys := map[string][]byte{}
	for name, w := range f.Keys {
		if keys[name], err = decrypt(p.kek, w.Nonce, w.Sealed, []byte(name)); err != nil {
			return locked("passphrase", codeDamaged, err)
		}
	}
	before := p.kek
	if err := p.choose(&f, next); err != nil {
		return err
	}
	for name, key := range keys {
		if f.Keys[name], err = p.wrap(name, key); err != nil {
			p.kek = before
			return err
		}
	}
	err = folder.ReplaceJSON(p.cfg.File, f)
	if err != nil && !errors.Is(err, folder.ErrInForce) {
		p.kek = before
	}
	return wrapWrite(err)
}

func (p *Passphrase) read() (keyFile, error) {
	f := keyFile{Version: version}
	if err := folder.ReadJSON(p.cfg.File, maxKeyFile, &f); err != nil {
		return f, locked("passphrase", codeDamaged, err)
	}
	if f.Keys == nil {
		f.Keys = map[string]wrapped{}
	}
	switch {
	case f.Version > version:
		return f, locked("passphrase", "vault.newer", nil)
	case len(f.Salt) > 0 && !f.Cost.sane():
		return f, locked("passphrase", codeDamaged, errors.New("cost out of range"))
	}
	return f, nil
}

// unlock derives the key of the passphrase when it is not known yet.
func (p *Passphrase) unlock(ctx context.Context, f *keyFile) error {
	if p.kek != nil {
		return nil
	}
	first := len(f.Salt) == 0
	phrase, err := p.cfg.Ask(ctx, first)
	if err == nil && len(phrase) == 0 {
		err = errors.New("no passphrase given")
	}
	if err != nil {
		return locked("passphrase", "vault.passphrase_needed", err)
	}
	if first {
		return p.choose(f, phrase)
	}
	kek := derive(phrase, f.Salt, f.Cost)
	if _, err := decrypt(kek, f.Check.Nonce, f.Check.Sealed, []byte(checkName)); err != nil {
		return locked("passphrase", "vault.passphrase", errors.New("wrong passphrase"))
	}
	p.kek = kek
	return nil
}

// choose begins a file anew under a passphrase; the keys in it are the
// caller's to wrap.
func (p *Passphrase) choose(f *keyFile, phrase []byte) error {
	if len([]rune(string(phrase))) < MinPassphrase {
		return locked("passphrase", "vault.passphrase_short", nil)
	}
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(p.cfg.Entropy, salt); err != nil {
		return fmt.Errorf("vault: entropy: %w", err)
	}
	before := p.kek
	p.kek = derive(phrase, salt, p.cfg.Cost)
	check, err := p.wrap(checkName, []byte(checkText))
	if err != nil {
		p.kek = before
		return err
	}
	*f = keyFile{Version: version, Salt: salt, Cost: p.cfg.Cost, Check: check, Keys: map[string]wrapped{}}
	return nil
}

func (p *Passphrase) wrap(name string, key []byte) (wrapped, error) {
	nonce, sealed, err := encrypt(p.cfg.Entropy, p.kek, key, []byte(name))
	return wrapped{Nonce: nonce, Sealed: sealed}, err
}

func derive(phrase, salt []byte, c Cost) []byte {
	return argon2.IDKey(phrase, salt, c.Time, c.Memory, c.Threads, KeySize)
}
