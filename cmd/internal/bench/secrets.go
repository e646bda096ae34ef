package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"frontdesk/app/vault"
	"frontdesk/app/vault/vaulttest"
	"frontdesk/payments/checkout"
)

// secrets measures opening a vault that holds what a live salon stores, and
// signing a form with keys of both sizes that myPOS gives out.
func secrets(ctx context.Context, dir string, n int) error {
	if err := openVault(ctx, filepath.Join(dir, "vault"), n); err != nil {
		return err
	}
	for _, bits := range []int{2048, 4096} {
		if err := sign(bits, n); err != nil {
			return err
		}
	}
	return nil
}

// openVault compares with reading the same file: what is left is the vault's.
func openVault(ctx context.Context, dir string, n int) error {
	keys := &vaulttest.Memory{}
	cfg := vault.Config{Dir: dir, Name: "bench", Keys: keys, Entropy: rand.Reader}
	v, err := vault.Open(ctx, cfg)
	if err != nil {
		return err
	}
	secret := bytes.Repeat([]byte("k"), 3300) // a 4096-bit key as PEM
	if err := v.Save(ctx, map[string][]byte{"checkout.1": secret, "checkout.2": secret, "rest": []byte("secret"), "desk": secret[:64]}); err != nil {
		return err
	}
	opened, err := timed(n, func() error {
		v, err := vault.Open(ctx, cfg)
		if err == nil {
			v.Close()
		}
		return err
	})
	if err != nil {
		return err
	}
	read, err := timed(n, func() error {
		_, err := os.ReadFile(filepath.Join(dir, "vault"))
		return err
	})
	if err != nil {
		return err
	}
	ratio("Open vault / read its file", median(opened), median(read), "none, printed to be watched")
	return nil
}

// sign compares a signed form with one bare RSA signature by the same key.
func sign(bits, n int) error {
	private, err := checkout.GenerateKey(rand.Reader, bits)
	if err != nil {
		return err
	}
	form := checkout.Fields{
		{Name: "IPCmethod", Value: "IPCGetPaymentStatus"},
		{Name: "IPCVersion", Value: "1.4"},
		{Name: "IPCLanguage", Value: "en"},
		{Name: "SID", Value: "000000000000010"},
		{Name: "WalletNumber", Value: "61938166610"},
		{Name: "KeyIndex", Value: "1"},
		{Name: "OrderID", Value: "P0123456789ABCDEFGHJ"},
		{Name: "OutputFormat", Value: "json"},
	}
	signed, err := timed(n, func() error {
		_, err := checkout.Sign(private, form)
		return err
	})
	if err != nil {
		return err
	}
	bare, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return err
	}
	digest := sha256.Sum256([]byte(time.Now().String()))
	base, err := timed(n, func() error {
		_, err := rsa.SignPKCS1v15(nil, bare, crypto.SHA256, digest[:])
		return err
	})
	if err != nil {
		return err
	}
	ratio(fmt.Sprintf("Sign a form, %d bits / bare RSA", bits), median(signed), median(base), "1.10")
	return nil
}
