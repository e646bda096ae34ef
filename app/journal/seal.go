package journal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"

	"frontdesk/app"
)

const keySize = 32

// wordFields are the fields of a line's data that hold words of or about a
// customer, whatever the kind of the line is.
func wordFields() []string { return []string{"client", "note", "raw", "reason"} }

// sealedField begins what stands in the data in place of the words. The mark
// cannot stand inside of a JSON text, where quotes are escaped.
const sealedField = `"sealed":"`

// split takes the words out of data. Both parts are fields of an object without
// the braces; words is empty when there are none.
func split(data []byte) (rest, words []byte) {
	worded := false
	for _, name := range wordFields() {
		worded = worded || bytes.Contains(data, []byte(`"`+name+`"`))
	}
	if !worded {
		return nil, nil
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(data, &all) != nil {
		return nil, nil // no object: nothing of ours
	}
	hidden := map[string]json.RawMessage{}
	for _, name := range wordFields() {
		if v, ok := all[name]; ok && string(v) != `""` && string(v) != `null` {
			hidden[name] = v
			delete(all, name)
		}
	}
	if len(hidden) == 0 {
		return nil, nil
	}
	return fields(all), fields(hidden)
}

// fields is an object without its braces, names in order. Values that were read
// as JSON can be written as such.
func fields(m map[string]json.RawMessage) []byte {
	b, err := json.Marshal(m)
	if err != nil {
		return nil
	}
	return b[1 : len(b)-1]
}

// object joins fields to an object.
func object(parts ...[]byte) []byte {
	b := []byte{'{'}
	for _, p := range parts {
		if len(p) == 0 {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(b, p...)
	}
	return append(b, '}')
}

// bound is what a sealed text belongs to: it opens in no other line than one of
// the same sale, attempt and kind.
func bound(e app.Event) []byte {
	var b []byte
	for _, s := range []string{string(e.Sale), string(e.Attempt), string(e.Kind)} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return b
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// seal encrypts words under the key of a sale.
func seal(entropy io.Reader, key []byte, e app.Event, words []byte) ([]byte, error) {
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(entropy, nonce); err != nil {
		return nil, err
	}
	sealed := aead.Seal(nonce, nonce, words, bound(e))
	out := append([]byte(sealedField), base64.StdEncoding.EncodeToString(sealed)...)
	return append(out, '"'), nil
}

// cut finds the sealed part of stored data.
func cut(data []byte) (rest, sealed []byte, ok bool) {
	at := bytes.LastIndex(data, []byte(sealedField))
	if at < 1 || !bytes.HasSuffix(data, []byte(`"}`)) {
		return nil, nil, false
	}
	rest = bytes.TrimSuffix(data[1:at], []byte(","))
	return rest, data[at+len(sealedField) : len(data)-2], true
}

var errSealed = errors.New("does not open")

// unseal decrypts what seal has made.
func unseal(key []byte, e app.Event, sealed []byte) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(string(sealed))
	if err != nil {
		return nil, err
	}
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	if len(raw) < aead.NonceSize() {
		return nil, errSealed
	}
	return aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], bound(e))
}

// opened is a line as it was given to Append, its words put back. Without the
// key, or with one that was made after an erasure, the words are left out.
func opened(key []byte, e app.Event) app.Event {
	rest, sealed, ok := cut(e.Data)
	if !ok {
		return e
	}
	var words []byte
	if len(key) == keySize {
		if plain, err := unseal(key, e, sealed); err == nil {
			words = plain
		}
	}
	e.Data = object(rest, words)
	return e
}
