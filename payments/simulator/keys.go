package simulator

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"frontdesk/payments/checkout"
)

// ErrOtherStore means that the state file belongs to another store than the
// one in Config.
var ErrOtherStore = errors.New("the state file belongs to another store")

// Store is a merchant's store as myPOS knows it. The zero value asks for one
// to be drawn and kept.
type Store struct {
	SID      string               // AN(15), leading zeros count
	Wallet   string               // N(11)
	KeyIndex int                  // 1 to 99
	Key      *checkout.PrivateKey // the merchant's own; nil draws one
}

// keyFile is STATE.keys: both key pairs of the store. Whoever reads it can sign
// practice messages, nothing more.
type keyFile struct {
	Version      int    `json:"version"`
	SID          string `json:"sid"`
	Wallet       string `json:"wallet"`
	KeyIndex     int    `json:"key_index"`
	MerchantKey  string `json:"merchant_key"`
	MerchantCert string `json:"merchant_certificate"`
	ProviderKey  string `json:"provider_key"`
	ProviderCert string `json:"provider_certificate"`

	Rotated []keyFile `json:"rotated,omitempty"` // pairs made later, oldest first
}

// pair is a key pair of the merchant and the one of myPOS that belongs to it:
// what verifies the merchant and what signs for myPOS under one key index.
type pair struct {
	store    checkout.Store // the merchant's side, as the pack gives it
	merchant *checkout.Certificate
	provider *checkout.PrivateKey
}

// keys are the pair the store began with, and those made later by index.
type keys struct {
	pair
	path    string
	file    keyFile
	rotated []pair
}

const (
	keyFileVersion = 1
	keyBits        = 2048
	certYears      = 10
)

// openKeys reads the key file, or makes and keeps it.
func openKeys(path string, want Store, now time.Time, entropy io.Reader) (keys, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		made, err := makeKeys(want, now, entropy)
		if err != nil {
			return keys{}, err
		}
		if err := writeKeys(path, made); err != nil {
			return keys{}, err
		}
		return made.all(path)
	}
	if err != nil {
		return keys{}, err
	}
	var kept keyFile
	if err := json.Unmarshal(data, &kept); err != nil {
		return keys{}, fmt.Errorf("%s: %w", filepath.Base(path), ErrDamaged)
	}
	switch {
	case kept.Version > keyFileVersion:
		return keys{}, ErrNewer
	case want.SID != "" && (kept.SID != want.SID || kept.Wallet != want.Wallet || kept.KeyIndex != want.KeyIndex):
		return keys{}, ErrOtherStore
	}
	return kept.all(path)
}

// all parses every pair of the file.
func (f keyFile) all(path string) (keys, error) {
	k := keys{path: path, file: f}
	var err error
	if k.pair, err = f.parse(); err != nil {
		return k, err
	}
	for _, later := range f.Rotated {
		p, err := later.parse()
		if err != nil {
			return k, err
		}
		k.rotated = append(k.rotated, p)
	}
	return k, nil
}

func (f keyFile) parse() (pair, error) {
	var k pair
	var err error
	if k.provider, err = checkout.ParsePrivateKey([]byte(f.ProviderKey)); err != nil {
		return k, err
	}
	if k.merchant, err = checkout.ParseCertificate([]byte(f.MerchantCert)); err != nil {
		return k, err
	}
	k.store = checkout.Store{SID: f.SID, Wallet: f.Wallet, KeyIndex: f.KeyIndex}
	if k.store.Key, err = checkout.ParsePrivateKey([]byte(f.MerchantKey)); err != nil {
		return k, err
	}
	k.store.Certificate, err = checkout.ParseCertificate([]byte(f.ProviderCert))
	return k, err
}

// makeKeys draws what want leaves open.
func makeKeys(want Store, now time.Time, entropy io.Reader) (keyFile, error) {
	f := keyFile{Version: keyFileVersion, SID: want.SID, Wallet: want.Wallet, KeyIndex: want.KeyIndex}
	var err error
	if f.SID == "" {
		if f.SID, err = drawDigits(entropy, 15); err != nil {
			return f, err
		}
		if f.Wallet, err = drawDigits(entropy, 11); err != nil {
			return f, err
		}
		f.KeyIndex = 1
	}
	merchant := want.Key
	if merchant == nil {
		if merchant, err = checkout.GenerateKey(entropy, keyBits); err != nil {
			return f, err
		}
	}
	provider, err := checkout.GenerateKey(entropy, keyBits)
	if err != nil {
		return f, err
	}
	from, until := now.Add(-time.Hour), now.AddDate(certYears, 0, 0)
	merchantCert, err := merchant.SelfSigned("Practice salon "+f.SID, from, until, entropy)
	if err != nil {
		return f, err
	}
	providerCert, err := provider.SelfSigned("Practice stand-in for myPOS", from, until, entropy)
	if err != nil {
		return f, err
	}
	f.MerchantKey, f.MerchantCert = string(merchant.PEM()), string(merchantCert.PEM())
	f.ProviderKey, f.ProviderCert = string(provider.PEM()), string(providerCert.PEM())
	return f, nil
}

// drawDigits draws n digits, the first of them not zero.
func drawDigits(entropy io.Reader, n int) (string, error) {
	digits := make([]byte, n)
	for i := range digits {
		low := int64(0)
		if i == 0 {
			low = 1
		}
		d, err := rand.Int(entropy, big.NewInt(10-low))
		if err != nil {
			return "", err
		}
		digits[i] = byte('0' + low + d.Int64())
	}
	return string(digits), nil
}

// writeKeys replaces the file as a whole: after a crash it is there or not.
func writeKeys(path string, f keyFile) error {
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err = file.Write(append(data, '\n')); err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}
