package till

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"frontdesk/app/folder"
	"frontdesk/app/vault"
	"frontdesk/payments"
)

// keysName is the file that holds vault keys under a passphrase where there is
// no keyring, in the data folder: one passphrase for all modes.
const keysName = "vault.keys"

// strongbox opens the vault of the mode when it is first needed: who never
// stores a secret is never asked for a keyring.
type strongbox struct {
	cfg vault.Config
	ask func(ctx context.Context, first bool) ([]byte, error) // nil: nobody can be asked

	mu    sync.Mutex
	vault *vault.Vault
	typed []byte // passphrase given by Unlock
}

func newStrongbox(cfg Config, dir string) *strongbox {
	s := &strongbox{ask: cfg.Passphrase}
	ring := cfg.Keyring
	if ring == nil {
		ring = noRing{}
	}
	s.cfg = vault.Config{
		Dir: dir, Name: string(cfg.Mode), Entropy: cfg.Entropy,
		Keys: vault.Either{Ring: ring, Phrase: vault.NewPassphrase(vault.PassphraseConfig{
			File: filepath.Join(cfg.Dir, keysName), Ask: s.passphrase, Entropy: cfg.Entropy, Cost: cfg.cost,
		})},
	}
	return s
}

// passphrase answers with what Unlock was given, else asks. It is called with
// the lock held.
func (s *strongbox) passphrase(ctx context.Context, first bool) ([]byte, error) {
	if len(s.typed) > 0 {
		return s.typed, nil
	}
	if s.ask == nil {
		return nil, &payments.Error{Op: "vault.open", Code: "vault.passphrase_needed", Err: vault.ErrLocked}
	}
	return s.ask(ctx, first)
}

// open returns the open vault. Errors wrap vault.ErrLocked where the vault is
// there and cannot be opened.
func (s *strongbox) open(ctx context.Context) (*vault.Vault, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.vault != nil {
		return s.vault, nil
	}
	v, err := vault.Open(ctx, s.cfg)
	if err != nil {
		return nil, err
	}
	s.vault = v
	return v, nil
}

// unlock opens the vault with a passphrase, which also is the one of a vault
// that is made later.
func (s *strongbox) unlock(ctx context.Context, passphrase string) error {
	s.mu.Lock()
	s.typed = []byte(passphrase)
	s.mu.Unlock()
	_, err := s.open(ctx)
	if err != nil {
		s.mu.Lock()
		clear(s.typed)
		s.typed = nil
		s.mu.Unlock()
	}
	return err
}

// save puts changes into the vault, all or none.
func (s *strongbox) save(ctx context.Context, changes map[string][]byte) error {
	if len(changes) == 0 {
		return nil
	}
	v, err := s.open(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return v.Save(ctx, changes)
}

// sweep removes what no record names: left by a save that was cut off, or by a
// change that has just happened.
func (s *strongbox) sweep(ctx context.Context, keep []string) error {
	v, err := s.open(ctx)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, name := range keep {
		wanted[name] = true
	}
	drop := map[string][]byte{}
	for _, name := range v.Names() {
		if !wanted[name] {
			drop[name] = nil
		}
	}
	return s.save(ctx, drop)
}

// left reports whether there is a vault on the disk.
func (s *strongbox) left() bool {
	_, err := os.Stat(filepath.Join(s.cfg.Dir, "vault"))
	return err == nil
}

// tidy is sweep for a vault that may not exist because nothing was ever stored.
func (s *strongbox) tidy(ctx context.Context, keep []string) error {
	s.mu.Lock()
	opened := s.vault != nil
	s.mu.Unlock()
	if !opened && len(keep) == 0 {
		return nil
	}
	return s.sweep(ctx, keep)
}

// export seals what the vault holds under a passphrase of its own; nil when the
// vault is empty.
func (s *strongbox) export(ctx context.Context, passphrase []byte, cost vault.Cost) ([]byte, error) {
	v, err := s.open(ctx)
	if err != nil || len(v.Names()) == 0 {
		return nil, err
	}
	return v.Export(passphrase, cost)
}

// RestoreSecrets puts the secrets of a copy back where the mode has no vault;
// where it has one, nothing is changed and false returned. Nobody may hold the
// data folder. Codes vault.*.
func RestoreSecrets(ctx context.Context, cfg Config, sealed, passphrase []byte) (bool, error) {
	s := newStrongbox(cfg, filepath.Join(cfg.Dir, string(cfg.Mode)))
	defer s.close()
	if s.left() {
		return false, nil
	}
	secrets, err := vault.ReadExport(sealed, passphrase)
	if err != nil {
		return false, err
	}
	return true, s.save(ctx, secrets)
}

// destroy removes the vault, whether it can be opened or not. Its key in the
// keyring opens nothing any more.
func (s *strongbox) destroy(ctx context.Context) error {
	v, err := s.open(ctx)
	if err == nil {
		drop := map[string][]byte{}
		for _, name := range v.Names() {
			drop[name] = nil
		}
		err = s.save(ctx, drop)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.vault != nil {
		s.vault.Close()
		s.vault = nil
	}
	if err != nil && !errors.Is(err, vault.ErrLocked) {
		return err
	}
	for _, name := range []string{"vault", "vault.previous"} {
		if err := folder.Remove(filepath.Join(s.cfg.Dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// close forgets what is open.
func (s *strongbox) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.vault != nil {
		s.vault.Close()
		s.vault = nil
	}
	clear(s.typed)
	s.typed = nil
}

// noRing is the keyring of a computer without one.
type noRing struct{}

func (noRing) Get(context.Context, string) ([]byte, error) { return nil, vault.ErrNoKeyring }
func (noRing) Set(context.Context, string, []byte) error   { return vault.ErrNoKeyring }
func (noRing) Delete(context.Context, string) error        { return vault.ErrNoKeyring }
