package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"frontdesk/app/folder"
	"frontdesk/payments"
)

// Conditions callers branch on.
var (
	// ErrLocked means that the vault exists and could not be opened; what is in
	// it is not lost.
	ErrLocked = errors.New("the vault is locked")
	// ErrMissing means that there is no secret, or no key, of that name.
	ErrMissing = errors.New("no such secret")
	// ErrNoKeyring means that this place for keys does not exist here.
	ErrNoKeyring = errors.New("no keyring")
)

// KeySize is the length of a vault key in bytes.
const KeySize = 32

const (
	fileName = "vault"
	prevName = "vault.previous"
	maxFile  = 4 << 20
	maxName  = 100
	maxValue = 1 << 20
)

// Keys is a place for vault keys, outside the sealed file. Names are at most
// 100 characters. Get of a missing name is ErrMissing; a place that does not
// exist on this computer is ErrNoKeyring. Deleting a missing name is no error.
type Keys interface {
	Get(ctx context.Context, name string) ([]byte, error)
	Set(ctx context.Context, name string, key []byte) error
	Delete(ctx context.Context, name string) error
}

// Config is what a vault is made of; all fields are required.
type Config struct {
	Dir     string // of the mode
	Name    string // heads the name of its key, for people who look into their keyring: "live"
	Keys    Keys
	Entropy io.Reader
}

// Vault is the open vault of one mode.
type Vault struct {
	cfg     Config
	replace func(path string, raw []byte) error // folder.Replace

	mu        sync.Mutex
	head      header // of the file; zero before the first Save
	key       []byte
	secrets   map[string][]byte
	recovered bool
}

// Open opens the vault of a folder. A missing file is an empty vault: its key
// is drawn by the first Save.
func Open(ctx context.Context, cfg Config) (*Vault, error) {
	if cfg.Dir == "" || cfg.Name == "" || cfg.Keys == nil || cfg.Entropy == nil {
		return nil, errors.New("vault: Dir, Name, Keys and Entropy are required")
	}
	v := &Vault{cfg: cfg, replace: folder.Replace, secrets: map[string][]byte{}}
	if err := v.open(ctx); err != nil {
		return nil, err
	}
	return v, nil
}

// open reads the newest file, or the one before when that is damaged.
func (v *Vault) open(ctx context.Context) error {
	raw, err := folder.Read(v.path(fileName), maxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !v.has(prevName):
		return nil
	case errors.Is(err, fs.ErrNotExist):
		raw = nil // the newest is gone: it counts as damaged
	case err != nil:
		return locked("open", "vault.read", err)
	}
	first := v.unseal(ctx, raw)
	if first == nil {
		return v.settle(ctx)
	}
	if payments.CodeOf(first) != codeDamaged {
		return first
	}
	raw, err = folder.Read(v.path(prevName), maxFile)
	if err != nil {
		return first
	}
	if second := v.unseal(ctx, raw); second != nil {
		return first
	}
	v.recovered = true
	return nil
}

// unseal opens one generation.
func (v *Vault) unseal(ctx context.Context, raw []byte) error {
	head, sealed, err := parse(raw)
	if err != nil {
		return err
	}
	key, err := v.cfg.Keys.Get(ctx, v.keyName(head.ID))
	if err == nil && len(key) != KeySize {
		err = ErrMissing
	}
	if err != nil {
		return keyError("open", err)
	}
	secrets, err := unseal(key, head, sealed)
	if err != nil {
		return err
	}
	v.head, v.key, v.secrets = head, key, secrets
	return nil
}

// settle finishes a change of keys, begun by Save and perhaps cut off by a
// crash: the generation before belongs to another key. It is overwritten, and
// its key destroyed; a keyring that refuses that keeps a key of nothing.
func (v *Vault) settle(ctx context.Context) error {
	raw, err := folder.Read(v.path(prevName), maxFile)
	if err != nil {
		return nil // none, or not readable: nothing to do for it
	}
	old, _, err := parse(raw)
	if err != nil || old.ID == v.head.ID {
		return nil
	}
	if err := v.keepPrevious(); err != nil {
		return err
	}
	_ = v.cfg.Keys.Delete(ctx, v.keyName(old.ID))
	return nil
}

// Load returns a copy of a secret; ErrMissing when there is none.
func (v *Vault) Load(name string) ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	value, ok := v.secrets[name]
	if !ok {
		return nil, ErrMissing
	}
	return slices.Clone(value), nil
}

// Names lists the secrets, sorted.
func (v *Vault) Names() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Sorted(maps.Keys(v.secrets))
}

// Recovered reports whether the newest file was damaged and the generation
// before is in force: the last change of the secrets may be lost.
func (v *Vault) Recovered() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.recovered
}

// Save puts the secrets, all or none; a nil value deletes one.
func (v *Vault) Save(ctx context.Context, changes map[string][]byte) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	next, fresh, err := v.changed(changes)
	if err != nil || next == nil {
		return err
	}
	if fresh {
		return v.rekey(ctx, next)
	}
	head := v.head
	head.Generation++
	raw, err := seal(v.cfg.Entropy, v.key, head, next)
	if err != nil {
		return err
	}
	if !v.recovered { // a damaged file must not push a good generation out
		if err := v.keepPrevious(); err != nil {
			return err
		}
	}
	err = v.replace(v.path(fileName), raw)
	if err == nil || errors.Is(err, folder.ErrInForce) {
		v.head, v.secrets, v.recovered = head, next, false
	}
	return wrapWrite(err)
}

// changed applies changes to a copy, and reports whether a new key is needed:
// for the first one, and when an old value must not be found again. It returns
// nil when nothing changes.
func (v *Vault) changed(changes map[string][]byte) (next map[string][]byte, fresh bool, err error) {
	fresh = v.head.ID == ""
	next = maps.Clone(v.secrets)
	some := false
	for name, value := range changes {
		if name == "" || len(name) > maxName {
			return nil, false, &payments.Error{Op: "vault.save", Code: "vault.name", Err: errors.New("a secret needs a name")}
		}
		if len(value) > maxValue {
			return nil, false, &payments.Error{Op: "vault.save", Code: "vault.size", Err: errors.New("secret too large")}
		}
		old, had := next[name]
		switch {
		case value == nil && !had, value != nil && had && bytes.Equal(old, value):
			continue
		case value == nil:
			delete(next, name)
		default:
			next[name] = slices.Clone(value)
		}
		some, fresh = true, fresh || had
	}
	if !some {
		return nil, false, nil
	}
	return next, fresh, nil
}

// rekey seals under a key of its own and destroys the key before.
func (v *Vault) rekey(ctx context.Context, next map[string][]byte) error {
	id, key, err := draw(v.cfg.Entropy)
	if err != nil {
		return err
	}
	head := header{Version: version, ID: id, Generation: v.head.Generation + 1}
	raw, err := seal(v.cfg.Entropy, key, head, next)
	if err != nil {
		return err
	}
	if err := v.cfg.Keys.Set(ctx, v.keyName(id), key); err != nil {
		return keyError("save", err)
	}
	old := v.head.ID
	if old != "" && !v.recovered {
		err = v.keepPrevious()
	}
	if err == nil {
		err = wrapWrite(v.replace(v.path(fileName), raw))
	}
	inForce := errors.Is(err, folder.ErrInForce)
	if err != nil && !inForce {
		return errors.Join(err, v.cfg.Keys.Delete(context.WithoutCancel(ctx), v.keyName(id)))
	}
	v.head, v.key, v.secrets, v.recovered = head, key, next, false
	if inForce || old == "" { // either file may be found after a power cut: both keys stay until the next Open
		return err
	}
	return v.settle(context.WithoutCancel(ctx))
}

// keepPrevious copies the file in force to the generation before.
func (v *Vault) keepPrevious() error {
	raw, err := folder.Read(v.path(fileName), maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return wrapWrite(err)
	}
	return wrapWrite(folder.Replace(v.path(prevName), raw))
}

// Close forgets the secrets and the key. The vault cannot be used afterwards.
func (v *Vault) Close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.key)
	for _, s := range v.secrets {
		clear(s)
	}
	clear(v.secrets)
}

func (v *Vault) has(name string) bool {
	_, err := os.Stat(v.path(name))
	return !errors.Is(err, fs.ErrNotExist)
}

func (v *Vault) path(name string) string { return filepath.Join(v.cfg.Dir, name) }

// keyName names the key of one sealed file. The id keeps the vaults of several
// data folders on one computer apart.
func (v *Vault) keyName(id string) string { return v.cfg.Name + "/" + id }

func locked(op, code string, cause error) error {
	return &payments.Error{Op: "vault." + op, Code: code, Err: errors.Join(ErrLocked, cause)}
}

func wrapWrite(err error) error {
	if err == nil {
		return nil
	}
	return &payments.Error{Op: "vault.save", Code: "vault.write", Err: fmt.Errorf("vault: %w", err)}
}

// keyError gives the refusal of a place for keys its code.
func keyError(op string, err error) error {
	switch {
	case payments.CodeOf(err) != "":
		return err
	case errors.Is(err, ErrMissing):
		return locked(op, "vault.keylost", err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return locked(op, "vault.keyring_slow", err)
	}
	return locked(op, "vault.keyring", err)
}
