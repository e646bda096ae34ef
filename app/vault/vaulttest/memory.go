package vaulttest

import (
	"context"
	"slices"
	"sync"

	"frontdesk/app/vault"
)

// Memory keeps keys until the program ends. The zero value is empty.
type Memory struct {
	mu   sync.Mutex
	keys map[string][]byte
	err  error
}

var _ vault.Keys = (*Memory)(nil)

// Fail makes every following call end with err; nil ends that.
func (m *Memory) Fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
}

// Len is how many keys there are.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.keys)
}

// Get returns a key.
func (m *Memory) Get(_ context.Context, name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return nil, m.err
	}
	key, ok := m.keys[name]
	if !ok {
		return nil, vault.ErrMissing
	}
	return slices.Clone(key), nil
}

// Set stores a key.
func (m *Memory) Set(_ context.Context, name string, key []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	if m.keys == nil {
		m.keys = map[string][]byte{}
	}
	m.keys[name] = slices.Clone(key)
	return nil
}

// Delete destroys a key.
func (m *Memory) Delete(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	delete(m.keys, name)
	return nil
}
