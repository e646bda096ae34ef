package relay

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ErrCode means that a text is no pairing code: mistyped, or something else.
var ErrCode = errors.New("relay: not a pairing code")

// codeLength is that of a code without its dashes: 128 random bits and 12 bits
// that catch slips of the finger.
const (
	codeLength = 28
	codeGroup  = 4
	codeBytes  = 16
)

func codeSum(secret []byte) [2]byte {
	sum := sha256.Sum256(append([]byte("frontdesk pairing code"), secret...))
	return [2]byte{sum[0], sum[1] & 0xf0}
}

func codeForm() *base32.Encoding {
	return base32.NewEncoding(Crockford).WithPadding(base32.NoPadding)
}

// FormatCode writes 16 random bytes as a pairing code: seven groups of four.
func FormatCode(secret [codeBytes]byte) string {
	sum := codeSum(secret[:])
	text := codeForm().EncodeToString(append(secret[:], sum[:]...))[:codeLength]
	var groups []string
	for ; text != ""; text = text[codeGroup:] {
		groups = append(groups, text[:codeGroup])
	}
	return strings.Join(groups, "-")
}

// ParseCode reads a pairing code however it was typed: case, dashes and blanks
// do not matter, and I, L and O are read as the digits they look like.
func ParseCode(text string) ([codeBytes]byte, error) {
	clean := strings.Map(func(r rune) rune {
		switch r = unicode.ToUpper(r); {
		case unicode.IsSpace(r) || unicode.Is(unicode.Dash, r):
			return -1
		case r == 'I' || r == 'L':
			return '1'
		case r == 'O':
			return '0'
		}
		return r
	}, text)
	if len(clean) != codeLength {
		return [codeBytes]byte{}, ErrCode
	}
	raw, err := codeForm().DecodeString(clean + "0")
	if err != nil || len(raw) != codeBytes+2 {
		return [codeBytes]byte{}, ErrCode
	}
	sum := codeSum(raw[:codeBytes])
	if !bytes.Equal(sum[:], raw[codeBytes:]) {
		return [codeBytes]byte{}, ErrCode
	}
	return [codeBytes]byte(raw), nil
}

// PairRequest is the body of POST PathPair: a desk presents a code and the
// keys it drew. Proof shows that it has the private half of Key.
type PairRequest struct {
	Code  string `json:"code"`
	Name  string `json:"name"`           // what people call the desk
	Key   []byte `json:"key"`            // Ed25519, public
	Seal  []byte `json:"seal,omitempty"` // X25519, public: notices are sealed to it; none leaves them readable
	Proof []byte `json:"proof"`
}

// Prove signs the request with the private half of its Key.
func (p *PairRequest) Prove(key ed25519.PrivateKey) { p.Proof = ed25519.Sign(key, p.text()) }

func (p PairRequest) text() []byte {
	code := sha256.Sum256([]byte(p.Code))
	return []byte(strings.Join([]string{
		"frontdesk-pair-v1", hex.EncodeToString(code[:]), hex.EncodeToString(p.Key), hex.EncodeToString(p.Seal), p.Name,
	}, "\n"))
}

// Check reports why the request cannot be accepted, or nil. It does not know
// codes. Errors wrap ErrMalformed.
func (p PairRequest) Check() error {
	switch {
	case !IsDeskName(p.Name):
		return wrong("name of the desk")
	case len(p.Key) != ed25519.PublicKeySize:
		return wrong("key")
	case len(p.Seal) != 0 && len(p.Seal) != sealKeySize:
		return wrong("sealing key")
	case !ed25519.Verify(p.Key, p.text(), p.Proof):
		return wrong("proof")
	}
	return nil
}

// sealKeySize is that of an X25519 public key.
const sealKeySize = 32

// IsDeskName reports whether text may be what people call a desk: 1 to 64
// characters in one line.
func IsDeskName(text string) bool {
	return utf8.RuneCountInString(text) <= 64 && shown(text, 1) && strings.TrimSpace(text) == text
}

// Paired answers a PairRequest.
type Paired struct {
	Store string    `json:"store"`
	Desk  string    `json:"desk"`
	Time  time.Time `json:"time"` // the relay's clock
}

// Desk is one paired desk of a store, as lists of desks show it.
type Desk struct {
	Store   string    `json:"store"`
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Paired  time.Time `json:"paired"`
	Seen    time.Time `json:"seen,omitzero"`    // last heard of since the relay started
	Revoked time.Time `json:"revoked,omitzero"` // zero while it may ask
}

// Desks answers GET PathDesks.
type Desks struct {
	Desks []Desk `json:"desks"`
}

// Rename is the body of POST PathDesks/DESK/rename.
type Rename struct {
	Name string `json:"name"`
}

// Code is a pairing code on its way to whoever will type it. It is shown once:
// the relay keeps a hash of it.
type Code struct {
	Text    string    `json:"code"`
	Store   string    `json:"store"`
	Expires time.Time `json:"expires"`
}

// SkewError says that a signed request was refused for the desk's clock.
type SkewError struct {
	Ours, Theirs time.Time // the desk's clock, the relay's clock
}

func (e *SkewError) Error() string {
	return fmt.Sprintf("the clock of this desk is %v off: it says %s, the relay says %s", e.Skew().Abs().Round(time.Second),
		e.Ours.UTC().Format(time.RFC3339), e.Theirs.UTC().Format(time.RFC3339))
}

// Skew returns how far the desk's clock is ahead.
func (e *SkewError) Skew() time.Duration { return e.Ours.Sub(e.Theirs) }
