package client

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"time"

	"frontdesk/payments/relay"
)

// identify says who asks, signed if this desk has a key. Every try is signed
// afresh: a signature is good for once.
func (c *Client) identify(h http.Header, method, path string, body []byte) error {
	h.Set("User-Agent", "Frontdesk")
	if c.cfg.Identity == nil {
		h.Set(relay.HeaderStore, c.cfg.Store)
		h.Set(relay.HeaderDesk, c.cfg.Desk)
		return nil
	}
	var nonce [16]byte
	if _, err := io.ReadFull(c.cfg.Entropy, nonce[:]); err != nil {
		return err
	}
	c.mu.Lock()
	run := c.run
	c.mu.Unlock()
	s := relay.SignedRequest{
		Method: method, Path: path, Body: sha256.Sum256(body), Store: c.cfg.Store, Desk: c.cfg.Desk,
		Run: run, Time: c.cfg.Now(), Nonce: hex.EncodeToString(nonce[:]),
	}
	s.Sign(c.cfg.Identity, h)
	return nil
}

// hear takes what the relay says with every answer: its run and its clock.
func (c *Client) hear(h http.Header) {
	if ms, err := strconv.ParseInt(h.Get(relay.HeaderTime), 10, 64); err == nil && ms > 0 {
		c.compare(time.UnixMilli(ms))
	}
	run := h.Get(relay.HeaderRun)
	if !relay.IsName(run) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.run = run
}

// open returns what a frame delivers, unsealed. What cannot be opened is never
// skipped: it may be a payment.
func (c *Client) open(f relay.Frame) (relay.Delivery, error) {
	d := f.Delivery()
	if len(f.Sealed) == 0 {
		return d, nil
	}
	if c.seal == nil {
		return d, fault("relay.open", "relay.sealed", relay.ErrSealed)
	}
	var err error
	if d.OrderID, d.Body, err = relay.OpenSealed(c.seal, c.cfg.Store, c.cfg.Desk, f.Kind, f.Sealed); err != nil {
		return d, fault("relay.open", "relay.sealed", err)
	}
	return d, nil
}
