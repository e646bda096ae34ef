package relay

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func signed() SignedRequest {
	return SignedRequest{
		Method: "POST", Path: PathOrders, Body: sha256.Sum256([]byte("x")), Store: "0123456789ABCDEFGHJKMNPQRS", Desk: "desk",
		Run: "AAAAAAAAAAAAAAAAAAAAAAAAAA", Time: time.UnixMilli(1_795_000_000_123).UTC(), Nonce: strings.Repeat("0f", 16),
	}
}

// FuzzReadSigned: whatever the headers hold, what is read survives being
// written, and is believed only with the signature of its key.
func FuzzReadSigned(f *testing.F) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	s := signed()
	h := http.Header{}
	s.Sign(key, h)
	f.Add(h.Get(HeaderStore), h.Get(HeaderDesk), h.Get(HeaderRun), h.Get(HeaderTime), h.Get(HeaderNonce), h.Get(HeaderSignature))
	f.Add("", "", "", "-1", "", "")
	f.Add(s.Store, s.Desk, "", "+5", s.Nonce, h.Get(HeaderSignature))
	f.Add(s.Store, "a\nb", s.Run, "0005", strings.ToUpper(s.Nonce), "====")
	f.Fuzz(func(t *testing.T, store, desk, run, at, nonce, signature string) {
		in := http.Header{}
		for name, v := range map[string]string{HeaderStore: store, HeaderDesk: desk, HeaderRun: run, HeaderTime: at, HeaderNonce: nonce, HeaderSignature: signature} {
			in.Set(name, v)
		}
		got, err := ReadSigned(in)
		if err != nil {
			if !errors.Is(err, ErrSignature) {
				t.Errorf("%v does not wrap ErrSignature", err)
			}
			return
		}
		got.Method, got.Path, got.Body = s.Method, s.Path, s.Body
		if got.Verify(key.Public().(ed25519.PublicKey)) && !cmp.Equal(got, s) {
			t.Errorf("believed: %+v", got)
		}
		out := http.Header{}
		got.Sign(key, out)
		back, err := ReadSigned(out)
		back.Method, back.Path, back.Body = s.Method, s.Path, s.Body
		if err != nil || !cmp.Equal(got, back) || !back.Verify(key.Public().(ed25519.PublicKey)) {
			t.Errorf("%v: %s", err, cmp.Diff(got, back))
		}
		for _, name := range []string{HeaderStore, HeaderDesk, HeaderTime, HeaderNonce} {
			if in.Get(name) != out.Get(name) {
				t.Errorf("%s was %q, is %q", name, in.Get(name), out.Get(name))
			}
		}
	})
}

// TestSignatureCoversEverything: no two requests have the same text.
func TestSignatureCoversEverything(t *testing.T) {
	seen := map[string]string{}
	for name, change := range map[string]func(*SignedRequest){
		"nothing": func(*SignedRequest) {},
		"method":  func(s *SignedRequest) { s.Method = "PUT" },
		"path":    func(s *SignedRequest) { s.Path = PathPoll },
		"body":    func(s *SignedRequest) { s.Body[31]++ },
		"store":   func(s *SignedRequest) { s.Store = "0123456789ABCDEFGHJKMNPQRT" },
		"desk":    func(s *SignedRequest) { s.Desk = "desk2" },
		"run":     func(s *SignedRequest) { s.Run = "" },
		"time":    func(s *SignedRequest) { s.Time = s.Time.Add(time.Millisecond) },
		"nonce":   func(s *SignedRequest) { s.Nonce = strings.Repeat("0e", 16) },
	} {
		s := signed()
		change(&s)
		if other, ok := seen[string(s.text())]; ok {
			t.Errorf("%s and %s are signed alike", name, other)
		}
		seen[string(s.text())] = name
	}
}

// TestCodes: a code survives being typed badly, and a slip is noticed.
func TestCodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var secret [16]byte
		copy(secret[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "secret"))
		text := FormatCode(secret)
		if len(text) != 34 || strings.Count(text, "-") != 6 {
			t.Fatalf("%q", text)
		}
		typed := strings.NewReplacer("-", rapid.SampledFrom([]string{"", " ", "-", " – "}).Draw(t, "dash"), "1", "l", "0", "o").Replace(strings.ToLower(text))
		if got, err := ParseCode(typed); err != nil || got != secret {
			t.Fatalf("%q: %v", typed, err)
		}
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		with := rapid.SampledFrom([]byte(Crockford)).Draw(t, "with")
		if text[at] == '-' || text[at] == with {
			return
		}
		wrong := text[:at] + string(with) + text[at+1:]
		if got, err := ParseCode(wrong); err == nil && got == secret {
			t.Fatalf("%q means the same as %q", wrong, text)
		}
	})
	for _, bad := range []string{"", "0000", strings.Repeat("U", 28), FormatCode([16]byte{1})[1:], strings.Repeat("0", 28)} {
		if _, err := ParseCode(bad); !errors.Is(err, ErrCode) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
