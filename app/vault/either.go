package vault

import (
	"context"
	"errors"
)

// Either keeps keys in the keyring where there is one, else under a
// passphrase. A key stays where it was put.
type Either struct {
	Ring   Keys
	Phrase *Passphrase
}

var _ Keys = Either{}

// Get returns a key from where it lies.
func (e Either) Get(ctx context.Context, name string) ([]byte, error) {
	wrapped, err := e.Phrase.Has(name)
	if err != nil {
		return nil, err
	}
	if wrapped {
		return e.Phrase.Get(ctx, name)
	}
	return e.Ring.Get(ctx, name)
}

// Set stores a key.
func (e Either) Set(ctx context.Context, name string, key []byte) error {
	err := e.Ring.Set(ctx, name, key)
	if errors.Is(err, ErrNoKeyring) {
		return e.Phrase.Set(ctx, name, key)
	}
	return err
}

// Delete destroys a key wherever it lies.
func (e Either) Delete(ctx context.Context, name string) error {
	wrapped, err := e.Phrase.Has(name)
	if err == nil && wrapped {
		return e.Phrase.Delete(ctx, name)
	}
	return errors.Join(err, e.Ring.Delete(ctx, name))
}
