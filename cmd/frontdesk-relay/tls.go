package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// lookEvery is how long a certificate is served before its files are looked at
// again.
const lookEvery = time.Second

// certificate serves the certificate in two files, and a newer one as soon as
// both files hold it: tools that renew certificates replace the files and need
// not restart the relay. A pair that does not fit, as between the two writes,
// leaves the old one in use.
type certificate struct {
	cert, key string
	now       func() time.Time
	log       *slog.Logger

	mu     sync.Mutex
	pair   *tls.Certificate
	looked time.Time
	stamps [2]stampOf
	failed [2]stampOf // of the pair that was complained about
}

// stampOf tells one version of a file from another.
type stampOf struct {
	size     int64
	modified time.Time
}

func openCertificate(cert, key string, now func() time.Time, log *slog.Logger) (*certificate, error) {
	c := &certificate{cert: cert, key: key, now: now, log: log}
	stamps, err := c.look()
	if err != nil {
		return nil, err
	}
	if err := c.load(stamps); err != nil {
		return nil, err
	}
	c.looked = now()
	return c, nil
}

// config returns how to serve it: TLS 1.2 at least, HTTP/1.1, which WebSockets
// need.
func (c *certificate) config() *tls.Config {
	return &tls.Config{GetCertificate: c.get, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
}

func (c *certificate) look() (stamps [2]stampOf, err error) {
	for i, name := range [...]string{c.cert, c.key} {
		info, err := os.Stat(name)
		if err != nil {
			return stamps, fmt.Errorf("the certificate: %w", err)
		}
		stamps[i] = stampOf{info.Size(), info.ModTime()}
	}
	return stamps, nil
}

func (c *certificate) load(stamps [2]stampOf) error {
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("the certificate: %w", err)
	}
	c.pair, c.stamps = &pair, stamps
	return nil
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); now.Sub(c.looked).Abs() >= lookEvery {
		c.looked = now
		c.refresh()
	}
	return c.pair, nil
}

func (c *certificate) refresh() {
	stamps, err := c.look()
	if err == nil && stamps == c.stamps {
		return
	}
	if err == nil {
		err = c.load(stamps)
	}
	switch {
	case err == nil:
		c.log.Info("a new certificate is in use")
	case stamps != c.failed:
		c.failed = stamps
		c.log.Error("the new certificate cannot be used; the old one stays", "err", err)
	}
}
