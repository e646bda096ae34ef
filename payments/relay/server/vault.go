package server

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"frontdesk/payments/money"
)

const keyBytes = 32

// keyring holds the key that stands outside the data folder. Whoever has the
// data folder alone can neither tell which orders it knows nor admit one.
type keyring struct{ key []byte }

// openKeyring reads the key file, or makes one when there is none.
func openKeyring(path string, entropy io.Reader) (keyring, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return makeKeyring(path, entropy)
	}
	if err != nil {
		return keyring{}, fmt.Errorf("relay: the key file: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keyBytes {
		return keyring{}, errors.New("relay: the key file is damaged: it must hold 64 hexadecimal digits; put back the copy that belongs to this data folder")
	}
	return keyring{key}, nil
}

func makeKeyring(path string, entropy io.Reader) (keyring, error) {
	key := make([]byte, keyBytes)
	if _, err := io.ReadFull(entropy, key); err != nil {
		return keyring{}, fmt.Errorf("relay: no randomness: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".secret-*")
	if err != nil {
		return keyring{}, fmt.Errorf("relay: the key file: %w", err)
	}
	_, err = file.WriteString(hex.EncodeToString(key) + "\n")
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return keyring{}, errors.Join(fmt.Errorf("relay: the key file: %w", err), os.Remove(file.Name()))
	}
	return keyring{key}, nil
}

// tag hashes the parts under the key. Parts are length-prefixed, so that no
// two lists of parts give the same input.
func (k keyring) tag(purpose string, parts ...string) []byte {
	mac := hmac.New(sha256.New, k.key)
	for _, p := range append([]string{purpose}, parts...) {
		mac.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return mac.Sum(nil)
}

func (k keyring) order(store, sid, orderID string) orderKey {
	return orderKey(k.tag("order", store, sid, orderID)[:len(orderKey{})])
}

func (k keyring) amount(store, sid, orderID string, a money.Amount) string {
	return hex.EncodeToString(k.tag("amount", store, sid, orderID, string(a.Currency), strconv.FormatInt(a.Minor, 10))[:16])
}

func (k keyring) form(data []byte) string {
	return hex.EncodeToString(k.tag("form", string(data))[:16])
}

func (k keyring) probe(store, desk string) []byte { return k.tag("probe", store, desk) }

// pageName is where the page of a link lies; the link cannot be found from it.
func pageName(link string) string {
	sum := sha256.Sum256([]byte("frontdesk page\x00" + link))
	return hex.EncodeToString(sum[:])
}

func pageCipher(link string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(link), nil, "frontdesk page form", keyBytes)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// sealPage encrypts a page under its link: version byte, nonce, ciphertext.
func sealPage(link string, plain []byte, entropy io.Reader) ([]byte, error) {
	aead, err := pageCipher(link)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(plain)+aead.Overhead())
	out[0] = pageVersion
	if _, err := io.ReadFull(entropy, out[1:]); err != nil {
		return nil, err
	}
	return aead.Seal(out, out[1:], plain, []byte(pageName(link))), nil
}

func openPage(link string, sealed []byte) ([]byte, error) {
	aead, err := pageCipher(link)
	if err != nil {
		return nil, err
	}
	if len(sealed) < 1+aead.NonceSize() || sealed[0] != pageVersion {
		return nil, errors.New("relay: unreadable page")
	}
	nonce, body := sealed[1:1+aead.NonceSize()], sealed[1+aead.NonceSize():]
	return aead.Open(nil, nonce, body, []byte(pageName(link)))
}

const pageVersion = 1
