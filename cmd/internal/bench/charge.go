package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver that the journal uses

	"frontdesk/app"
	"frontdesk/payments/checkout"
	"frontdesk/payments/money"
	"frontdesk/payments/relay"
)

// chargesAndNotices measures Charge to code, and notice to PAID.
func chargesAndNotices(ctx context.Context, dir string, n int) (err error) {
	r, err := openRig(ctx, filepath.Join(dir, "charges"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()

	var toCode, toPaid []time.Duration
	for i := range n + 1 {
		code, paid, err := r.charge(ctx)
		if err != nil {
			return err
		}
		if i > 0 { // the first one warms connections and caches
			toCode, toPaid = append(toCode, code), append(toPaid, paid)
		}
	}
	code, proof, err := bases(ctx, dir, n)
	if err != nil {
		return err
	}
	ratio("Charge pressed to code ready", median(toCode), code, "2.00 (signature + commit + relay round trip)")
	ratio("Notice at the relay to PAID", median(toPaid), proof, "none, printed to be watched (relay's answer + commit)")
	fmt.Printf("%-34s p50 %s, p99 %s            goal p50 5 ms, p99 30 ms\n", "Notice at the relay to PAID", short(quantile(toPaid, 0.5)), short(quantile(toPaid, 0.99)))
	return nil
}

// charge makes one sale, pays it, and returns how long the code and the proof took.
func (r *rig) charge(ctx context.Context) (toCode, toPaid time.Duration, err error) {
	start := time.Now()
	sale, err := r.desk.Till().Charge(ctx, app.ChargeRequest{
		Lines: []app.Line{{Amount: money.Amount{Minor: 4500, Currency: "EUR"}}}, Currency: "EUR",
	})
	if err != nil {
		return 0, 0, err
	}
	for c := range r.desk.Till().WatchSale(ctx, sale.ID) {
		sale = c.Sale
		if c.QR != nil {
			toCode = time.Since(start)
			break
		}
	}
	if toCode == 0 {
		return 0, 0, fmt.Errorf("no code: %s", sale.State)
	}
	paid := make(chan error, 1)
	go func() {
		_, err := r.customer.Pay(ctx, sale.Attempts[0].Link)
		paid <- err
	}()
	for c := range r.desk.Till().WatchSale(ctx, sale.ID) {
		if c.Sale.State == app.Paid {
			toPaid = time.Since(r.notices.last())
			break
		}
	}
	if err := <-paid; err != nil || toPaid == 0 {
		return 0, 0, errors.Join(errors.New("a charge was not paid"), err)
	}
	return toCode, toPaid, nil
}

// bases are what cannot be left out. Of a charge: one signature, one durable commit, one
// durable registration at the relay. Of a notice: that a relay answers, which it does once the
// notice is durable, and one durable commit.
func bases(ctx context.Context, dir string, n int) (charge, notice time.Duration, err error) {
	key, err := checkout.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return 0, 0, err
	}
	fields := checkout.Fields{{Name: "IPCmethod", Value: "IPCPurchase"}, {Name: "Amount", Value: "45.00"}}
	sign, err := timed(n, func() error { _, err := checkout.Sign(key, fields); return err })
	if err != nil {
		return 0, 0, err
	}
	commit, err := commits(ctx, filepath.Join(dir, "base.db"), n)
	if err != nil {
		return 0, 0, err
	}
	trip, answer, err := trips(ctx, filepath.Join(dir, "base-relay"), n)
	if err != nil {
		return 0, 0, err
	}
	fmt.Printf("%-34s signature %s, commit %s, relay %s, its answer to a notice %s\n", "What a charge is made of",
		short(median(sign)), short(median(commit)), short(median(trip)), short(median(answer)))
	return median(sign) + median(commit) + median(trip), median(answer) + median(commit), nil
}

// commits times single inserts into a table with the journal's own settings.
func commits(ctx context.Context, name string, n int) (times []time.Duration, err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(name)+"?_txlock=immediate&_journal_mode=WAL&_synchronous=FULL")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT) STRICT`); err != nil {
		return nil, err
	}
	body := make([]byte, 400)
	return timed(n, func() error {
		_, err := db.ExecContext(ctx, `INSERT INTO t (body) VALUES (?)`, fmt.Sprintf("%x", body))
		return err
	})
}

// trips times single durable registrations at a relay that does nothing else, and then one
// notice for each.
func trips(ctx context.Context, dir string, n int) (registered, answered []time.Duration, err error) {
	b, err := openBareRelay(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	i := 0
	if registered, err = timed(n, func() error { i++; return b.register(ctx, i) }); err != nil {
		return nil, nil, err
	}
	notices := make([][]byte, n)
	for i := range notices {
		if notices[i], err = b.notice(i + 1); err != nil {
			return nil, nil, err
		}
	}
	c := &http.Client{Transport: &http.Transport{}}
	defer c.CloseIdleConnections()
	i = 0
	answered, err = timed(n, func() error { i++; return post(ctx, c, b.base+relay.PathNotify+benchStore, notices[i-1]) })
	return registered, answered, err
}

// poster notes when the last notice was posted.
type poster struct {
	next http.RoundTripper
	at   chan time.Time // holds one
}

func newPoster() *poster {
	p := &poster{next: &http.Transport{}, at: make(chan time.Time, 1)}
	p.at <- time.Time{}
	return p
}

// RoundTrip posts the notice.
func (p *poster) RoundTrip(r *http.Request) (*http.Response, error) {
	<-p.at
	p.at <- time.Now()
	return p.next.RoundTrip(r)
}

func (p *poster) last() time.Time {
	t := <-p.at
	p.at <- t
	return t
}
