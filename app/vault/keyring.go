package vault

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"
)

// Service names our entries in the keyring. It never changes.
const Service = "salon.frontdesk.till"

// keyringWithin is how long a keyring may take when the context sets no
// earlier end: a person may have to type its password first.
const keyringWithin = 60 * time.Second

// Keyring is the keyring of the operating system: Secret Service, Keychain or
// Credential Manager. Calls that hang are left behind when their time is over,
// and no other one is begun while one hangs.
type Keyring struct {
	service string
	turn    chan struct{}
}

var _ Keys = (*Keyring)(nil)

// NewKeyring returns the keyring. Nothing is asked of it yet.
func NewKeyring() *Keyring { return &Keyring{service: Service, turn: make(chan struct{}, 1)} }

// Get returns a key.
func (k *Keyring) Get(ctx context.Context, name string) ([]byte, error) {
	text, err := k.call(ctx, func() (string, error) { return keyring.Get(k.service, name) })
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%w: unreadable in the keyring", ErrMissing)
	}
	return key, nil
}

// Set stores a key and reads it back: a keyring that forgets is found out
// before anything depends on it.
func (k *Keyring) Set(ctx context.Context, name string, key []byte) error {
	text := base64.StdEncoding.EncodeToString(key)
	back, err := k.call(ctx, func() (string, error) {
		if err := keyring.Set(k.service, name, text); err != nil {
			return "", err
		}
		return keyring.Get(k.service, name)
	})
	if err == nil && back != text {
		err = fmt.Errorf("%w: it does not keep what is stored", ErrNoKeyring)
	}
	return err
}

// Delete destroys a key.
func (k *Keyring) Delete(ctx context.Context, name string) error {
	_, err := k.call(ctx, func() (string, error) { return "", keyring.Delete(k.service, name) })
	if errors.Is(err, ErrMissing) {
		return nil
	}
	return err
}

// call runs one call beside the caller, which waits no longer than it may.
func (k *Keyring) call(ctx context.Context, f func() (string, error)) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, keyringWithin)
	defer cancel()
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-k.turn }()
		var r result
		if r.err = reachable(); r.err == nil {
			r.text, r.err = f()
		}
		done <- r
	}()
	select {
	case r := <-done:
		return r.text, keyringError(r.err)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// keyringError sorts what the library tells: a missing entry, or no keyring
// that could be used.
func keyringError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return fmt.Errorf("%w: %w", ErrMissing, err)
	}
	return fmt.Errorf("%w: %w", ErrNoKeyring, err)
}
