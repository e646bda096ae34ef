package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
	"frontdesk/payments/relay/client"
)

// Posted by as many at once as a busy evening of many salons would.
const posters = 64

const (
	benchStore = "0123456789ABCDEFGHJKMNPQRS"
	benchSID   = "000000000000010"
)

// bareRelay is a relay with one store whose notices we sign ourselves.
type bareRelay struct {
	base   string
	client *client.Client
	key    *checkout.PrivateKey
	stop   func() error
}

func openBareRelay(ctx context.Context, dir string) (*bareRelay, error) {
	key, err := checkout.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	cert, err := key.SelfSigned("bench", now.Add(-time.Hour), now.Add(time.Hour), rand.Reader)
	if err != nil {
		return nil, err
	}
	base, stop, err := openRelay(ctx, dir)
	if err != nil {
		return nil, err
	}
	b := &bareRelay{base: base, key: key, stop: stop}
	b.client, err = client.New(client.Config{
		BaseURL: base, Store: benchStore, Desk: "bench", Now: time.Now, Entropy: rand.Reader,
		HTTP: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: posters}},
	})
	if err == nil {
		err = b.client.PutStore(ctx, relay.Store{ID: benchStore, SID: benchSID, Certificates: []string{string(cert.PEM())}, Mode: "practice"})
	}
	if err != nil {
		return nil, errors.Join(err, stop())
	}
	return b, nil
}

func (b *bareRelay) close() error { return b.stop() }

func order(i int) string { return fmt.Sprintf("P%019d", i) }

func (b *bareRelay) register(ctx context.Context, i int) error {
	signed, err := checkout.Sign(b.key, checkout.Fields{
		{Name: "IPCmethod", Value: "IPCPurchase"},
		{Name: "SID", Value: benchSID},
		{Name: "OrderID", Value: order(i)},
		{Name: "Amount", Value: "45.00"},
		{Name: "Currency", Value: "EUR"},
		{Name: "URL_Notify", Value: b.base + relay.PathNotify + benchStore},
	})
	if err != nil {
		return err
	}
	form := make([]relay.Field, 0, len(signed))
	for _, f := range signed {
		form = append(form, relay.Field(f))
	}
	_, err = b.client.Register(ctx, relay.Registration{
		Store: benchStore, Desk: "bench", OrderID: order(i), SID: benchSID, Currency: "EUR", Amounts: []string{"45.00"},
		Form: form, Action: "http://127.0.0.1:1/vmp/checkout-test", Salon: "Bench", AmountText: "45.00 EUR", Words: "BLUE TULIP", Language: "en",
		Link: fmt.Sprintf("%026d", i), ExpiresAt: time.Now().Add(15 * time.Minute),
	})
	return err
}

func (b *bareRelay) notice(i int) ([]byte, error) {
	f, err := checkout.Sign(b.key, checkout.Fields{
		{Name: "IPCmethod", Value: checkout.MethodNotify},
		{Name: "SID", Value: benchSID},
		{Name: "Amount", Value: "45.00"},
		{Name: "Currency", Value: "EUR"},
		{Name: "OrderID", Value: order(i)},
		{Name: "IPC_Trnref", Value: strconv.Itoa(i)},
		{Name: "RequestSTAN", Value: "000006"},
		{Name: "RequestDateTime", Value: "2026-11-21 10:39:37"},
	})
	return []byte(f.Encode()), err
}

// relayThroughput compares the relay, which checks and stores, with one that does neither.
func relayThroughput(ctx context.Context, dir string, n int) (err error) {
	b, err := openBareRelay(ctx, filepath.Join(dir, "throughput"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	notices := make([][]byte, n)
	if err := side(n, func(i int) error {
		var err error
		if notices[i], err = b.notice(i); err != nil {
			return err
		}
		return b.register(ctx, i)
	}); err != nil {
		return err
	}
	plainURL, stop, err := listen(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err == nil {
			_, _ = io.WriteString(w, "OK")
		}
	}))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	plain, err := postAll(ctx, plainURL, notices)
	if err != nil {
		return err
	}
	durable, err := postAll(ctx, b.base+relay.PathNotify+benchStore, notices)
	if err != nil {
		return err
	}
	fmt.Printf("%-34s %7.0f /s / %7.0f /s = %5.2f   goal more than 1 (a relay that stores nothing)\n", "Durable notices per second",
		float64(n)/durable.Seconds(), float64(n)/plain.Seconds(), plain.Seconds()/durable.Seconds())
	return nil
}

// postAll posts all bodies and returns how long that took. Every answer must be OK.
func postAll(ctx context.Context, address string, bodies [][]byte) (time.Duration, error) {
	c := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: posters}}
	defer c.CloseIdleConnections()
	start := time.Now()
	err := side(len(bodies), func(i int) error { return post(ctx, c, address, bodies[i]) })
	return time.Since(start), err
}

// post posts one notice. The answer must be OK.
func post(ctx context.Context, c *http.Client, address string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if raw, err := io.ReadAll(resp.Body); err != nil || string(raw) != "OK" {
		return fmt.Errorf("a notice was answered %s %q %w", resp.Status, raw, err)
	}
	return nil
}

// side does all of it, some at once.
func side(n int, do func(i int) error) error {
	var g errgroup.Group
	g.SetLimit(posters)
	for i := range n {
		g.Go(func() error { return do(i) })
	}
	return g.Wait()
}
