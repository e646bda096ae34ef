package relay

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"testing"
)

func sealFor(t testing.TB, store string, desks map[string]ed25519.PrivateKey) *Sealer {
	t.Helper()
	var to []Recipient
	for id, key := range desks {
		seal, err := SealKey(key)
		if err != nil {
			t.Fatal(err)
		}
		to = append(to, Recipient{Desk: id, Key: seal.PublicKey().Bytes()})
	}
	s, err := NewSealer(store, to, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func testKey(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

// TestSealed: each desk opens it, nobody else does, and nothing about it can
// be changed or put in another place.
func TestSealed(t *testing.T) {
	store := "0123456789ABCDEFGHJKMNPQRS"
	desks := map[string]ed25519.PrivateKey{"a": testKey(1), "bb": testKey(2)}
	s := sealFor(t, store, desks)
	sealed, err := s.Seal(KindNotice, "P1", []byte("a=b"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Seal(KindNotice, "P1", []byte("a=b"), rand.Reader)
	if err != nil || bytes.Equal(sealed, again) {
		t.Error("sealed alike twice", err)
	}
	open := func(n byte, store, desk, kind string, sealed []byte) error {
		key, err := SealKey(testKey(n))
		if err != nil {
			t.Fatal(err)
		}
		id, body, err := OpenSealed(key, store, desk, kind, sealed)
		if err == nil && (id != "P1" || string(body) != "a=b") {
			t.Errorf("%s %s", id, body)
		}
		if err != nil && !errors.Is(err, ErrSealed) {
			t.Errorf("%v does not wrap ErrSealed", err)
		}
		return err
	}
	if open(1, store, "a", KindNotice, sealed) != nil || open(2, store, "bb", KindNotice, sealed) != nil {
		t.Error("its desks cannot open it")
	}
	for name, err := range map[string]error{
		"key":   open(3, store, "a", KindNotice, sealed),
		"desk":  open(1, store, "bb", KindNotice, sealed),
		"store": open(1, "1123456789ABCDEFGHJKMNPQRS", "a", KindNotice, sealed),
		"kind":  open(1, store, "a", KindOpened, sealed),
		"long":  open(1, store, "a", KindNotice, append(bytes.Clone(sealed), 0)),
	} {
		if err == nil {
			t.Errorf("opened with another %s", name)
		}
	}
	for i := range sealed {
		if open(1, store, "a", KindNotice, sealed[:i]) == nil {
			t.Errorf("opened when cut at %d", i)
		}
	}
	for i := range len(sealed) - 1 {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if open(1, store, "a", KindNotice, bad) == nil && open(2, store, "bb", KindNotice, bad) == nil {
			t.Errorf("byte %d was changed and both desks believe it", i)
		}
	}
	if !SealedFor(sealed, "a") || SealedFor(sealed, "b") {
		t.Error("SealedFor")
	}
}

// FuzzOpenSealed: nothing but what was sealed is ever opened.
func FuzzOpenSealed(f *testing.F) {
	store := "0123456789ABCDEFGHJKMNPQRS"
	s := sealFor(f, store, map[string]ed25519.PrivateKey{"a": testKey(1)})
	good, err := s.Seal(KindNotice, "P1", []byte("a=b"), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	key, err := SealKey(testKey(1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("FS\x01\x00\x01\x01a"))
	f.Add([]byte("FS\x01\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		id, body, err := OpenSealed(key, store, "a", KindNotice, data)
		if err == nil && (id != "P1" || string(body) != "a=b") {
			t.Errorf("opened %q %q", id, body)
		}
		if err != nil && !errors.Is(err, ErrSealed) {
			t.Errorf("%v does not wrap ErrSealed", err)
		}
	})
}
