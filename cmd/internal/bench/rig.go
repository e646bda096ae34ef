package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"frontdesk/app/till"
	"frontdesk/payments"
	"frontdesk/payments/relay/server"
	"frontdesk/payments/simulator"
)

// listen serves a handler on loopback and returns its address and what ends it.
func listen(ctx context.Context, h http.Handler) (base string, stop func() error, err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	stop = func() error {
		err := s.Close()
		if e := <-served; !errors.Is(e, http.ErrServerClosed) {
			err = errors.Join(err, e)
		}
		return err
	}
	return "http://" + l.Addr().String(), stop, nil
}

// rig is a till over a simulator and a relay whose notices can be timed.
type rig struct {
	notices  *poster
	desk     *till.Desk
	customer *customer
	stops    []func() error
}

func openRig(ctx context.Context, dir string) (*rig, error) {
	r := &rig{notices: newPoster()}
	err := r.open(ctx, dir)
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

func (r *rig) open(ctx context.Context, dir string) error {
	sim, err := simulator.Open(simulator.Config{
		StateFile: filepath.Join(dir, "truth"), Now: time.Now, Entropy: rand.Reader,
		HTTP: &http.Client{Transport: r.notices}, AllowPrivate: true,
	})
	if err != nil {
		return err
	}
	r.stops = append(r.stops, sim.Close)
	simURL, stop, err := listen(ctx, sim.Handler())
	if err != nil {
		return err
	}
	r.stops = append(r.stops, stop)
	relayURL, stop, err := openRelay(ctx, filepath.Join(dir, "relay"))
	if err != nil {
		return err
	}
	r.stops = append(r.stops, stop)

	start := time.Now()
	cfg := till.Config{
		Dir: filepath.Join(dir, "data"), RuntimeDir: dir, Mode: payments.Practice, Window: true, Version: "bench", Name: "bench",
		Now: time.Now, Mono: func() time.Duration { return time.Since(start) }, Entropy: rand.Reader,
		HTTP: &http.Client{Transport: &http.Transport{}},
	}
	if err := till.Setup(ctx, cfg, till.Outside{Sim: simURL, Relay: relayURL}); err != nil {
		return err
	}
	if r.desk, err = till.Open(ctx, cfg); err != nil {
		return err
	}
	r.customer, err = newCustomer()
	return err
}

func (r *rig) close() error {
	var errs []error
	if r.desk != nil {
		errs = append(errs, r.desk.Close())
	}
	for i := len(r.stops) - 1; i >= 0; i-- {
		errs = append(errs, r.stops[i]())
	}
	return errors.Join(errs...)
}

// openRelay serves a relay on loopback.
func openRelay(ctx context.Context, dir string) (base string, stop func() error, err error) {
	srv, err := server.Open(ctx, server.Config{
		Dir: dir, Public: func() string { return base }, Now: time.Now, Entropy: rand.Reader, AllowPractice: true,
	})
	if err != nil {
		return "", nil, err
	}
	base, end, err := listen(ctx, srv.Handler())
	if err != nil {
		return "", nil, errors.Join(err, srv.Shutdown(ctx))
	}
	return base, func() error { return errors.Join(srv.Shutdown(context.WithoutCancel(ctx)), end()) }, nil
}

// customer pays without a browser: it reads the forms of the pages and posts them.
type customer struct {
	http          *http.Client
	action, field *regexp.Regexp
}

func newCustomer() (*customer, error) {
	jar, err := cookiejar.New(nil)
	return &customer{
		http:   &http.Client{Transport: &http.Transport{}, Jar: jar, Timeout: time.Minute},
		action: regexp.MustCompile(`<form[^>]* action="([^"]*)"`),
		field:  regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`),
	}, err
}

func (c *customer) pay(ctx context.Context, link string) error {
	page, at, err := c.post(ctx, link+"/go", nil)
	if err != nil {
		return err
	}
	for _, values := range []url.Values{nil, {"pan": {"4111111111111111"}, "exp": {"12/30"}, "cvc": {"123"}}} {
		form := c.action.FindStringSubmatch(page)
		if form == nil {
			return fmt.Errorf("%s shows no form", at)
		}
		to, err := at.Parse(html.UnescapeString(form[1]))
		if err != nil {
			return err
		}
		var body strings.Builder
		for _, f := range c.field.FindAllStringSubmatch(page, -1) {
			fmt.Fprintf(&body, "&%s=%s", url.QueryEscape(html.UnescapeString(f[1])), url.QueryEscape(html.UnescapeString(f[2])))
		}
		if values != nil {
			body.WriteString("&" + values.Encode())
		}
		if page, at, err = c.post(ctx, to.String(), []byte(strings.TrimPrefix(body.String(), "&"))); err != nil {
			return err
		}
	}
	return nil
}

func (c *customer) post(ctx context.Context, address string, body []byte) (string, *url.URL, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(string(body)))
	if err != nil {
		return "", nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := c.http.Do(req)
	if err != nil {
		return "", nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s: %s", address, resp.Status)
	}
	return string(raw), resp.Request.URL, err
}
