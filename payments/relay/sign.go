package relay

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Headers of a signed request. The relay sets HeaderTime (its clock) and
// HeaderRun on every answer under /d/, so that a desk can tell a wrong clock
// and learn the run that its signatures must name.
const (
	HeaderTime      = "Frontdesk-Time"  // milliseconds since 1970
	HeaderNonce     = "Frontdesk-Nonce" // 32 lower-case hexadecimal digits
	HeaderRun       = "Frontdesk-Run"   // drawn by the relay at each start
	HeaderSignature = "Frontdesk-Signature"
)

// SkewLimit is how far a desk's clock may be from the relay's.
const SkewLimit = 5 * time.Minute

// ErrSignature is wrapped by every complaint about a signed request.
var ErrSignature = errors.New("relay: not a signed request")

const (
	signedForm  = "frontdesk-request-v1"
	nonceLength = 32
)

// SignedRequest is what a desk signs: who asks for what, with which body, when,
// and in which run of the relay. It has no query. A run and a nonce make it
// good for once: the relay remembers nonces for as long as their time is
// accepted, and draws another run when it starts and has forgotten them.
type SignedRequest struct {
	Method, Path string // path as it stands in the request line
	Body         [sha256.Size]byte
	Store, Desk  string
	Run          string
	Time         time.Time // to the millisecond
	Nonce        string
	Signature    []byte
}

// Head is the part of http.Header that a signed request is carried in.
type Head interface {
	Get(name string) string
	Set(name, value string)
}

// ReadSigned reads the headers of a request. Body, Method and Path are left to
// the caller. Errors wrap ErrSignature; whether the signature is right is a
// matter of Verify.
func ReadSigned(h Head) (SignedRequest, error) {
	s := SignedRequest{Store: h.Get(HeaderStore), Desk: h.Get(HeaderDesk), Run: h.Get(HeaderRun), Nonce: h.Get(HeaderNonce)}
	ms, err := strconv.ParseInt(h.Get(HeaderTime), 10, 64)
	if err != nil || ms < 0 || strconv.FormatInt(ms, 10) != h.Get(HeaderTime) {
		return SignedRequest{}, fmt.Errorf("%w: time", ErrSignature)
	}
	s.Time = time.UnixMilli(ms).UTC()
	s.Signature, err = base64.StdEncoding.Strict().DecodeString(h.Get(HeaderSignature))
	switch {
	case err != nil || len(s.Signature) != ed25519.SignatureSize:
		return SignedRequest{}, fmt.Errorf("%w: signature", ErrSignature)
	case !IsName(s.Store) || !IsDesk(s.Desk):
		return SignedRequest{}, fmt.Errorf("%w: store or desk", ErrSignature)
	case s.Run != "" && !IsName(s.Run):
		return SignedRequest{}, fmt.Errorf("%w: run", ErrSignature)
	case len(s.Nonce) != nonceLength || strings.Trim(s.Nonce, "0123456789abcdef") != "":
		return SignedRequest{}, fmt.Errorf("%w: nonce", ErrSignature)
	}
	return s, nil
}

// IsSigned reports whether a request claims to be signed.
func IsSigned(h Head) bool { return h.Get(HeaderSignature) != "" }

// text is what is signed. No part but the last can hold a line break, and the
// number of lines is fixed, so that no two requests have the same text.
func (s SignedRequest) text() []byte {
	return []byte(strings.Join([]string{
		signedForm, s.Method, s.Path, hex.EncodeToString(s.Body[:]), strconv.FormatInt(s.Time.UnixMilli(), 10),
		s.Nonce, s.Run, s.Store, s.Desk,
	}, "\n"))
}

// Sign signs the request and puts everything but method, path and body into h.
func (s *SignedRequest) Sign(key ed25519.PrivateKey, h Head) {
	s.Signature = ed25519.Sign(key, s.text())
	for _, f := range [...][2]string{
		{HeaderStore, s.Store},
		{HeaderDesk, s.Desk},
		{HeaderRun, s.Run},
		{HeaderTime, strconv.FormatInt(s.Time.UnixMilli(), 10)},
		{HeaderNonce, s.Nonce},
		{HeaderSignature, base64.StdEncoding.EncodeToString(s.Signature)},
	} {
		h.Set(f[0], f[1])
	}
}

// Verify reports whether the desk with this public key signed exactly this.
func (s SignedRequest) Verify(key ed25519.PublicKey) bool {
	if len(key) != ed25519.PublicKeySize || strings.ContainsAny(s.Method+s.Path, "\n\r") {
		return false
	}
	return ed25519.Verify(key, s.text(), s.Signature)
}
