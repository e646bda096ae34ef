package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// complainEvery bounds how often a certificate that cannot be had is told.
const complainEvery = time.Minute

// checkACME refuses what no authority would give a certificate for.
func (o options) checkACME() error {
	u, err := url.Parse(o.public)
	switch address, bad := mail.ParseAddress(o.acme); {
	case err != nil || u.Scheme != "https":
		return errors.New("--acme needs a --public that begins with https")
	case bad != nil || address.Name != "":
		return fmt.Errorf("--acme %q is not an e-mail address; the authority writes there when a certificate cannot be renewed", o.acme)
	case u.Port() != "" && u.Port() != "443" || net.ParseIP(u.Hostname()) != nil || !strings.Contains(u.Hostname(), "."):
		return errors.New("--acme needs a --public with a domain name and without a port: the authority asks on port 443")
	case o.acmeDirectory != "" && !strings.HasPrefix(o.acmeDirectory, "https://"):
		return errors.New("--acme-directory begins with https")
	}
	return nil
}

// acmeConfig serves certificates that an ACME authority gives for the host of
// --public (RFC 8555), proven on the port that is served anyway (tls-alpn-01,
// RFC 8737) and renewed 30 days before they end. Account and keys lie beside
// the data folder, in DIR.acme.
func (o options) acmeConfig(now func() time.Time, log *slog.Logger) (*tls.Config, error) {
	u, err := url.Parse(o.public)
	if err != nil {
		return nil, err
	}
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, Email: o.acme, HostPolicy: autocert.HostWhitelist(u.Hostname()),
		Cache:  autocert.DirCache(filepath.Clean(o.data) + ".acme"),
		Client: &acme.Client{DirectoryURL: o.acmeDirectory, UserAgent: "frontdesk-relay"},
	}
	c := &complaining{host: u.Hostname(), get: m.GetCertificate, now: now, log: log}
	return &tls.Config{
		GetCertificate: c.certificate, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1", acme.ALPNProto},
	}, nil
}

// complaining says why there is no certificate for the host, and not more than
// once a minute. Callers who name another host are not worth a word.
type complaining struct {
	host string
	get  func(*tls.ClientHelloInfo) (*tls.Certificate, error)
	now  func() time.Time
	log  *slog.Logger

	mu   sync.Mutex
	last time.Time
}

func (c *complaining) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	cert, err := c.get(hello)
	if err != nil && strings.EqualFold(hello.ServerName, c.host) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if now := c.now(); c.last.IsZero() || now.Sub(c.last) >= complainEvery {
			c.last = now
			c.log.Error("no certificate: does the domain lead here, and can the authority reach port 443?", "host", c.host, "err", err)
		}
	}
	return cert, err
}
