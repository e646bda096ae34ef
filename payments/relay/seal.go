package relay

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrSealed is wrapped when something sealed cannot be opened.
var ErrSealed = errors.New("relay: cannot be opened with the key of this desk")

// What is sealed (product.md 7) can be read by desks only. A content key is
// encrypted to the key of every desk by HPKE (RFC 9180: DHKEM X25519,
// HKDF-SHA256, AES-256-GCM) and serves many notices; each is encrypted under
// it with AES-256-GCM:
//
//	"FS" version 1, number of desks (uint16)
//	per desk: length of its id (1 byte), id, encapsulated and encrypted key (80 bytes)
//	nonce (12 bytes), ciphertext of: length of the OrderID (uint16), OrderID, body
const (
	sealVersion = 1
	sealHead    = 5
	wrappedSize = 32 + 32 + 16
	sealNonce   = 12
	maxSealed   = MaxNotice + 32<<10
)

// SealKey returns the private key that opens what is sealed to a desk. It
// comes from the key that the desk signs with, which is all a desk must keep.
func SealKey(identity ed25519.PrivateKey) (hpke.PrivateKey, error) {
	if len(identity) != ed25519.PrivateKeySize {
		return nil, fmt.Errorf("%w: no key", ErrSealed)
	}
	raw, err := hkdf.Key(sha256.New, identity.Seed(), nil, "frontdesk sealing key v1", sealKeySize)
	if err != nil {
		return nil, err
	}
	return sealKEM().NewPrivateKey(raw)
}

func sealKEM() hpke.KEM { return hpke.DHKEM(ecdh.X25519()) }

// Recipient is a desk that may open what is sealed.
type Recipient struct {
	Desk string
	Key  []byte // of PairRequest.Seal
}

// Sealer seals notices of one store to the same desks. It may be used by
// several goroutines.
type Sealer struct {
	store string
	head  []byte
	aead  cipher.AEAD
}

// NewSealer draws a content key and encrypts it to the desks.
func NewSealer(store string, desks []Recipient, entropy io.Reader) (*Sealer, error) {
	if len(desks) == 0 || len(desks) > 0xffff {
		return nil, errors.New("relay: nobody to seal to")
	}
	key := make([]byte, 32)
	if _, err := io.ReadFull(entropy, key); err != nil {
		return nil, err
	}
	head := binary.BigEndian.AppendUint16([]byte{'F', 'S', sealVersion}, uint16(len(desks)))
	for _, d := range desks {
		public, err := sealKEM().NewPublicKey(d.Key)
		if err != nil {
			return nil, err
		}
		wrapped, err := hpke.Seal(public, hpke.HKDFSHA256(), hpke.AES256GCM(), sealInfo(store, d.Desk), key)
		if err != nil {
			return nil, err
		}
		head = append(append(head, byte(len(d.Desk))), d.Desk...)
		head = append(head, wrapped...)
	}
	aead, err := contentCipher(key)
	return &Sealer{store: store, head: head, aead: aead}, err
}

func sealInfo(store, desk string) []byte {
	return []byte("frontdesk content key v1\n" + store + "\n" + desk)
}

func contentCipher(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Seal encrypts one notice. Kind (KindNotice, KindOpened) is bound to it.
func (s *Sealer) Seal(kind, orderID string, body []byte, entropy io.Reader) ([]byte, error) {
	plain := binary.BigEndian.AppendUint16(make([]byte, 0, 2+len(orderID)+len(body)), uint16(len(orderID)))
	plain = append(append(plain, orderID...), body...)
	out := make([]byte, len(s.head)+sealNonce, len(s.head)+sealNonce+len(plain)+s.aead.Overhead())
	copy(out, s.head)
	nonce := out[len(s.head):]
	if _, err := io.ReadFull(entropy, nonce); err != nil {
		return nil, err
	}
	return s.aead.Seal(out, nonce, plain, sealLabel(s.store, kind)), nil
}

func sealLabel(store, kind string) []byte {
	return []byte("frontdesk notice v1\n" + store + "\n" + kind)
}

// sealedKey returns what was encrypted to a desk, nil when nothing was, and
// what follows the desks.
func sealedKey(sealed []byte, desk string) (wrapped, rest []byte, err error) {
	if len(sealed) < sealHead || !bytes.Equal(sealed[:3], []byte{'F', 'S', sealVersion}) {
		return nil, nil, fmt.Errorf("%w: not sealed by this version", ErrSealed)
	}
	count := int(binary.BigEndian.Uint16(sealed[3:]))
	rest = sealed[sealHead:]
	for range count {
		if len(rest) < 1 || len(rest) < 1+int(rest[0])+wrappedSize {
			return nil, nil, fmt.Errorf("%w: cut short", ErrSealed)
		}
		id := 1 + int(rest[0])
		if string(rest[1:id]) == desk {
			wrapped = rest[id : id+wrappedSize]
		}
		rest = rest[id+wrappedSize:]
	}
	return wrapped, rest, nil
}

// SealedFor reports whether a desk is among those that something was sealed to.
func SealedFor(sealed []byte, desk string) bool {
	wrapped, _, err := sealedKey(sealed, desk)
	return err == nil && wrapped != nil
}

// OpenSealed decrypts what was sealed to a desk of a store. Errors wrap
// ErrSealed.
func OpenSealed(key hpke.PrivateKey, store, desk, kind string, sealed []byte) (orderID string, body []byte, err error) {
	wrapped, rest, err := sealedKey(sealed, desk)
	if err != nil {
		return "", nil, err
	}
	if wrapped == nil || len(rest) < sealNonce {
		return "", nil, fmt.Errorf("%w: sealed to others", ErrSealed)
	}
	content, err := hpke.Open(key, hpke.HKDFSHA256(), hpke.AES256GCM(), sealInfo(store, desk), wrapped)
	if err != nil {
		return "", nil, fmt.Errorf("%w: %w", ErrSealed, err)
	}
	aead, err := contentCipher(content)
	if err != nil {
		return "", nil, fmt.Errorf("%w: %w", ErrSealed, err)
	}
	plain, err := aead.Open(nil, rest[:sealNonce], rest[sealNonce:], sealLabel(store, kind))
	if err != nil {
		return "", nil, fmt.Errorf("%w: %w", ErrSealed, err)
	}
	if len(plain) < 2 || len(plain) < 2+int(binary.BigEndian.Uint16(plain)) {
		return "", nil, fmt.Errorf("%w: cut short", ErrSealed)
	}
	end := 2 + int(binary.BigEndian.Uint16(plain))
	return string(plain[2:end]), plain[end:], nil
}
