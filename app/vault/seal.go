package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"frontdesk/payments"
)

// version is that of the sealed file.
const version = 1

const codeDamaged = "vault.damaged"

// header stands in the clear before the sealed bytes and is authenticated with
// them.
type header struct {
	Version    int    `json:"version"`
	ID         string `json:"id"` // of the key
	Generation uint64 `json:"generation"`
}

// sealedFile is the file: JSON, so that a person can see what it is.
type sealedFile struct {
	header
	Nonce  []byte `json:"nonce"`
	Sealed []byte `json:"sealed"`
}

// draw returns the id and the bytes of a new key.
func draw(entropy io.Reader) (id string, key []byte, err error) {
	key = make([]byte, KeySize)
	name := make([]byte, 15)
	for _, b := range [][]byte{key, name} {
		if _, err := io.ReadFull(entropy, b); err != nil {
			return "", nil, fmt.Errorf("vault: entropy: %w", err)
		}
	}
	return base32.StdEncoding.EncodeToString(name), key, nil
}

// seal returns the bytes of a file.
func seal(entropy io.Reader, key []byte, h header, secrets map[string][]byte) ([]byte, error) {
	plain, err := json.Marshal(secrets)
	if err != nil {
		return nil, err
	}
	nonce, sealed, err := encrypt(entropy, key, plain, h.bound())
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(sealedFile{header: h, Nonce: nonce, Sealed: sealed}, "", " ")
}

// parse reads a file without opening it.
func parse(raw []byte) (header, sealedFile, error) {
	var f sealedFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return header{}, f, locked("open", codeDamaged, errors.New("not a vault"))
	}
	if f.Version > version {
		return header{}, f, locked("open", "vault.newer", fmt.Errorf("version %d", f.Version))
	}
	if f.Version < 1 || f.ID == "" || len(f.ID) > maxName {
		return header{}, f, locked("open", codeDamaged, errors.New("no header"))
	}
	return f.header, f, nil
}

// unseal opens a parsed file.
func unseal(key []byte, h header, f sealedFile) (map[string][]byte, error) {
	plain, err := decrypt(key, f.Nonce, f.Sealed, h.bound())
	if err != nil {
		return nil, locked("open", codeDamaged, err)
	}
	secrets := map[string][]byte{}
	if err := json.Unmarshal(plain, &secrets); err != nil {
		return nil, locked("open", codeDamaged, errors.New("unreadable inside"))
	}
	return secrets, nil
}

// bound is what the seal is bound to: a file cannot be passed off as another
// key's or as a later generation.
func (h header) bound() []byte {
	return fmt.Appendf(nil, "frontdesk vault %d %s %d", h.Version, h.ID, h.Generation)
}

func encrypt(entropy io.Reader, key, plain, bound []byte) (nonce, sealed []byte, err error) {
	aead, err := newAEAD(key)
	if err != nil {
		return nil, nil, err
	}
	nonce = make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(entropy, nonce); err != nil {
		return nil, nil, fmt.Errorf("vault: entropy: %w", err)
	}
	return nonce, aead.Seal(nil, nonce, plain, bound), nil
}

func decrypt(key, nonce, sealed, bound []byte) ([]byte, error) {
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	if len(nonce) != aead.NonceSize() {
		return nil, errors.New("nonce of the wrong length")
	}
	return aead.Open(nil, nonce, sealed, bound)
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, &payments.Error{Op: "vault.seal", Code: codeDamaged, Err: err}
	}
	return cipher.NewGCM(block)
}
