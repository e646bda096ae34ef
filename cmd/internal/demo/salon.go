package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"frontdesk/app/local"
	"frontdesk/app/operators"
	"frontdesk/app/settings"
	"frontdesk/cmd/internal/payer"
)

const ownerPIN = "408172"

// salon makes a salon in Live that has everything: checkout, relay, account, a terminal, and an
// owner with a PIN.
func salon(ctx context.Context, s *stage) error {
	pack, err := s.outside.pack(ctx, http.MethodGet, "pack")
	if err != nil {
		return err
	}
	code, err := s.outside.code(ctx, s.env)
	if err != nil {
		return err
	}
	raw, err := s.outside.control(ctx, http.MethodGet, "rest", "")
	if err != nil {
		return err
	}
	var account struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	if err := json.Unmarshal(raw, &account); err != nil {
		return err
	}
	packFile, secretFile := filepath.Join(s.out, "home", "pack"), filepath.Join(s.out, "home", "secret")
	if err := errors.Join(os.WriteFile(packFile, []byte(pack), 0o600), os.WriteFile(secretFile, []byte(account.Secret), 0o600)); err != nil {
		return err
	}
	for _, words := range [][]string{
		{"setup", "live", "--pack", packFile, "--relay", s.outside.relayURL, "--pair", code, "--client-id", account.ID, "--client-secret-file", secretFile},
		{"devices", "add", "Front", "--address", s.outside.terminal},
		{"devices", "test", "Front"},
		{"devices", "enable", "Front"},
	} {
		var said json.RawMessage
		if err := s.ask(ctx, &said, words...); err != nil {
			return err
		}
	}
	return errors.Join(s.owner(ctx), s.name("Salon Mirabelle"))
}

// owner gives the owner a PIN.
func (s *stage) owner(ctx context.Context) error {
	book, err := operators.Open(operators.Config{
		Dir: s.data, Now: time.Now, Entropy: rand.Reader, Cost: operators.Cost{Time: 1, Memory: 8, Threads: 1},
	})
	if err != nil {
		return err
	}
	return book.SetPIN(ctx, operators.FirstOwner, ownerPIN)
}

// name says whose salon it is.
func (s *stage) name(salon string) error {
	file := settings.In(s.data)
	kept, err := file.Load()
	if err != nil {
		return err
	}
	kept.Salon = salon
	return file.Save(kept)
}

// customers are people with phones that trust the relay.
func (s *stage) payer() (*payer.Payer, error) {
	pem, err := os.ReadFile(s.outside.authority)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("no authority for the customers")
	}
	return payer.New(&http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}})
}

// pay pays a link as a customer does.
func (s *stage) pay(ctx context.Context, link string) error {
	p, err := s.payer()
	if err != nil {
		return err
	}
	_, err = p.Pay(ctx, link)
	return err
}

// working is the screen without the strip in which a clock runs.
func working() image.Rectangle { return image.Rect(0, 90, screenWidth, screenHeight) }

// keys presses keys one after another, each on a screen that has come to rest, and waits for what
// each of them changes.
func (s *stage) keys(ctx context.Context, names ...string) error {
	rest, err := s.display.still(ctx)
	for _, name := range names {
		if err != nil {
			return err
		}
		rest, err = s.key(ctx, name, rest)
	}
	return err
}

// text types digits and a point, each when the one before it is seen.
func (s *stage) text(ctx context.Context, text string) error {
	rest, err := s.display.still(ctx)
	for _, r := range text {
		if err != nil {
			return err
		}
		name := string(r)
		if r == '.' {
			name = "period"
		}
		if err = s.display.press(ctx, name); err != nil {
			return err
		}
		before := rest
		rest, err = s.display.until(ctx, "the "+name+" of "+text, func(f *image.RGBA) bool { return differing(before, f, working()) > 0 })
	}
	if err == nil {
		_, err = s.display.still(ctx)
	}
	return err
}

// key presses a key on a screen at rest, waits until that changes more than a cursor that blinks,
// and returns what the screen shows when it rests again. A dialog takes no key when it has only just come over
// what was looked at, and a person presses once more.
func (s *stage) key(ctx context.Context, name string, before *image.RGBA) (*image.RGBA, error) {
	const patience, cursor = 8 * time.Second, 40
	for {
		if err := s.display.press(ctx, name); err != nil {
			return nil, err
		}
		within, done := context.WithTimeoutCause(ctx, patience, errors.New("not yet"))
		_, err := s.display.until(within, "what the key "+name+" changes", func(f *image.RGBA) bool {
			return differing(before, f, working()) > cursor
		})
		done()
		switch {
		case err == nil:
			return s.display.still(ctx)
		case ctx.Err() != nil:
			return nil, fmt.Errorf("%w: %w", err, context.Cause(ctx))
		case within.Err() == nil:
			return nil, err
		}
	}
}

// newest is the sale that was begun last.
func (s *stage) newest(ctx context.Context) error {
	return s.ask(ctx, &s.sale, "sales", "--limit", "1")
}

// becomes asks frontdeskctl until the sale is as it should be.
func (s *stage) becomes(ctx context.Context, what string, is func(local.Sale) bool) error {
	var failure error
	_, err := s.display.until(ctx, what, func(*image.RGBA) bool {
		failure = s.ask(ctx, &s.sale, "show", string(s.sale.ID))
		return failure != nil || is(s.sale)
	})
	if err != nil {
		err = fmt.Errorf("%w; the journal has %+v", err, s.sale)
	}
	return errors.Join(failure, err)
}

// truth is what the stand-in says really happened.
type truth struct {
	Payments []struct {
		OrderID       string `json:"order_id"`
		Minor         int64  `json:"minor"`
		State         string `json:"state"`
		RefundedMinor int64  `json:"refunded_minor"`
	} `json:"payments"`
	Refunds  []struct{ Minor int64 } `json:"refunds"`
	Terminal []struct {
		SID, Kind, State string
		Minor            int64
		Order            string `json:"reference_number"`
	} `json:"terminal"`
}

func (s *stage) truth(ctx context.Context) (t truth, err error) {
	raw, err := s.outside.control(ctx, http.MethodGet, "truth", "")
	if err == nil {
		err = json.Unmarshal(raw, &t)
	}
	return t, err
}

// returned says how much of the sale's payments went back, by the truth.
func (s *stage) returned(ctx context.Context) (minor int64, err error) {
	t, err := s.truth(ctx)
	for _, p := range t.Payments {
		for _, a := range s.sale.Attempts {
			if p.OrderID == a.OrderID {
				minor += p.RefundedMinor
			}
		}
	}
	for _, c := range t.Terminal {
		if c.Kind == "refund" && c.State == "approved" {
			minor += c.Minor
		}
	}
	return minor, err
}

// agrees fails unless what the journal says was given back is what was.
func (s *stage) agrees(ctx context.Context) error {
	minor, err := s.returned(ctx)
	if err == nil && minor != s.sale.RefundedMinor {
		err = fmt.Errorf("the journal has %d given back, the truth %d", s.sale.RefundedMinor, minor)
	}
	return err
}

// chain fails unless the journal's chain is whole.
func (s *stage) chain(ctx context.Context) error {
	var v local.Verified
	if err := s.ask(ctx, &v, "journal", "verify"); err != nil {
		return err
	}
	if !v.OK || v.Events == 0 {
		return fmt.Errorf("journal verify: %+v", v)
	}
	return nil
}

// opened waits for the window and lets the owner in, whose PIN is asked for first.
func opened(ctx context.Context, s *stage) (string, error) {
	if err := s.display.window(ctx, s.window.Process.Pid); err != nil {
		return "", err
	}
	if err := s.till(ctx); err != nil {
		return "", err
	}
	// All of it is done with the keyboard: the pointer is out of the way.
	if _, err := s.display.do(ctx, "mousemove", fmt.Sprint(screenWidth-1), fmt.Sprint(screenHeight-1)); err != nil {
		return "", err
	}
	if err := s.text(ctx, ownerPIN); err != nil {
		return "", err
	}
	if err := s.keys(ctx, "Return"); err != nil {
		return "", err
	}
	_, err := s.display.until(ctx, "the till behind the lock", func(f *image.RGBA) bool {
		return f.RGBAAt(chargeSpot().X, chargeSpot().Y) == s.colours.paper
	})
	if err == nil && s.day == "" {
		var day local.Day
		err = s.ask(ctx, &day, "day")
		s.day = day.Day
	}
	return "Frontdesk is open, Live against the stand-in, and the owner is in.", err
}
