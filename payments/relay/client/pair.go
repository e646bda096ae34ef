package client

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"frontdesk/payments"
	"frontdesk/payments/relay"
)

// PairConfig says with which relay to pair, and with which code. All fields
// but RetryFor are required.
type PairConfig struct {
	BaseURL string // "https://pay.example"; http is for this machine only
	Code    string // as typed
	Name    string // what people call this desk, 1 to 64 characters
	HTTP    *http.Client
	Entropy io.Reader
	Now     func() time.Time
	// RetryFor is how long a pairing whose answer does not come is repeated.
	// 0 means 8 s.
	RetryFor time.Duration
}

// Paired is what a desk keeps of its pairing. Key is secret: it signs every
// request, and the key that opens sealed notices comes from it.
type Paired struct {
	Store, Desk string
	Key         ed25519.PrivateKey
	Skew        time.Duration // how far this desk's clock is ahead of the relay's
}

// Pair draws a key for this desk and exchanges a pairing code for a place in
// the code's store. The code is used up by it; when only the answer was lost,
// asking again with the same key, as Pair does for a while, gets it again.
//
// Errors carry the codes pair.malformed (mistyped; nothing was asked),
// pair.name, pair.unknown, pair.used, pair.expired, pair.full, pair.busy, or
// those of Register.
func Pair(ctx context.Context, cfg PairConfig) (Paired, error) {
	const op = "relay.pair"
	if err := checkAddress(cfg.BaseURL, true); err != nil {
		return Paired{}, err
	}
	if cfg.HTTP == nil || cfg.Now == nil || cfg.Entropy == nil {
		return Paired{}, fault(op, relay.CodeMalformed, errors.New("network, clock and entropy are required"))
	}
	secret, err := relay.ParseCode(cfg.Code)
	if err != nil {
		return Paired{}, fault(op, "pair.malformed", fmt.Errorf("%w: %w", payments.ErrRefused, err))
	}
	if !relay.IsDeskName(cfg.Name) {
		return Paired{}, fault(op, "pair.name", fmt.Errorf("%w: the name of the desk", payments.ErrRefused))
	}
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(cfg.Entropy, seed); err != nil {
		return Paired{}, fault(op, "relay.entropy", err)
	}
	key := ed25519.NewKeyFromSeed(seed)
	data, err := request(relay.FormatCode(secret), cfg.Name, key)
	if err != nil {
		return Paired{}, fault(op, relay.CodeMalformed, err)
	}
	out, err := cfg.repeat(ctx, op, data)
	if err != nil {
		return Paired{}, err
	}
	return Paired{Store: out.Store, Desk: out.Desk, Key: key, Skew: cfg.Now().Sub(out.Time).Round(time.Millisecond)}, nil
}

func request(code, name string, key ed25519.PrivateKey) ([]byte, error) {
	seal, err := relay.SealKey(key)
	if err != nil {
		return nil, err
	}
	in := relay.PairRequest{Code: code, Name: name, Key: key.Public().(ed25519.PublicKey), Seal: seal.PublicKey().Bytes()}
	in.Prove(key)
	return json.Marshal(in)
}

func (cfg PairConfig) repeat(ctx context.Context, op string, data []byte) (relay.Paired, error) {
	if cfg.RetryFor <= 0 {
		cfg.RetryFor = 8 * time.Second
	}
	pace := newPace(200*time.Millisecond, 2*time.Second, cfg.Entropy)
	out, err := backoff.Retry(ctx, func() (relay.Paired, error) {
		out, err := cfg.once(ctx, op, data)
		if errors.Is(err, payments.ErrRefused) {
			return out, backoff.Permanent(err)
		}
		return out, err
	}, backoff.WithBackOff(pace), backoff.WithMaxElapsedTime(cfg.RetryFor))
	if err != nil && payments.CodeOf(err) == "" { // the context ended between two tries
		err = fault(op, "relay.cut", fmt.Errorf("%w: %w", payments.ErrUnknown, err))
	}
	return out, err
}

func (cfg PairConfig) once(ctx context.Context, op string, data []byte) (out relay.Paired, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(cfg.BaseURL, "/")+relay.PathPair, bytes.NewReader(data))
	if err != nil {
		return out, fault(op, "relay.address", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Frontdesk")
	resp, err := cfg.HTTP.Do(req)
	if err != nil {
		return out, fault(op, codeOf(err), condition(err))
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	if resp.StatusCode != http.StatusOK {
		p, err := problem(op, resp)
		if err != nil {
			return out, err
		}
		return out, refused(op, resp.StatusCode, p)
	}
	err = relay.Decode(io.LimitReader(resp.Body, relay.MaxRegistration), &out)
	if err != nil || !relay.IsName(out.Store) || !relay.IsDesk(out.Desk) {
		return out, fault(op, "relay.answer", fmt.Errorf("%w: %w", payments.ErrUnknown, errors.Join(err, relay.ErrMalformed)))
	}
	return out, nil
}
