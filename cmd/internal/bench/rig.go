package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"frontdesk/app/till"
	"frontdesk/cmd/internal/payer"
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
	customer *payer.Payer
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
	r.customer, err = payer.New(&http.Transport{})
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
