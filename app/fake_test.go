package app_test

import (
	"context"
	cryptorand "crypto/rand"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// fakeRail is a scripted link rail. Nil functions succeed.
type fakeRail struct {
	mu       sync.Mutex
	start    time.Time
	offers   []app.Offer
	asked    []time.Duration // when status was asked, since start
	closed   []string
	refunds  []app.RefundOrder
	flying   int
	most     int // status queries at one time
	offer    func(context.Context, app.Offer) (app.Page, error)
	status   func(context.Context, app.StatusQuery) (payments.Answer, error)
	withdraw func(context.Context, string) error
	refund   func(context.Context, app.RefundOrder) (payments.Answer, error)
	seek     func(app.RefundOrder) payments.Answer
}

func (f *fakeRail) Name() payments.Rail { return payments.RailLink }

func (f *fakeRail) Offer(ctx context.Context, o app.Offer) (app.Page, error) {
	f.mu.Lock()
	f.offers = append(f.offers, o)
	answer := f.offer
	f.mu.Unlock()
	if answer != nil {
		return answer(ctx, o)
	}
	return app.Page{URL: "http://127.0.0.1/p/" + o.Link, Expires: o.Expires}, nil
}

func (f *fakeRail) Withdraw(ctx context.Context, orderID string) error {
	f.mu.Lock()
	f.closed = append(f.closed, orderID)
	answer := f.withdraw
	f.mu.Unlock()
	if answer != nil {
		return answer(ctx, orderID)
	}
	return nil
}

func (f *fakeRail) Status(ctx context.Context, q app.StatusQuery) (payments.Answer, error) {
	f.mu.Lock()
	f.asked = append(f.asked, time.Since(f.start))
	f.flying++
	f.most = max(f.most, f.flying)
	answer := f.status
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.flying--
		f.mu.Unlock()
	}()
	if answer != nil {
		return answer(ctx, q)
	}
	return payments.Answer{Outcome: payments.Absent, OrderID: q.OrderID}, nil
}

func (f *fakeRail) Refund(ctx context.Context, r app.RefundOrder) (payments.Answer, error) {
	f.mu.Lock()
	f.refunds = append(f.refunds, r)
	answer := f.refund
	f.mu.Unlock()
	if answer != nil {
		return answer(ctx, r)
	}
	return payments.Answer{Outcome: payments.Refunded, OrderID: r.OrderID, Reference: "R" + r.Reference, Amount: r.Amount}, nil
}

func (f *fakeRail) RefundStatus(_ context.Context, r app.RefundOrder) (payments.Answer, error) {
	f.mu.Lock()
	answer := f.seek
	f.mu.Unlock()
	if answer != nil {
		return answer(r), nil
	}
	return payments.Answer{Outcome: payments.Absent, OrderID: r.OrderID}, nil
}

func (f *fakeRail) times() []time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]time.Duration(nil), f.asked...)
}

func (f *fakeRail) set(change func(*fakeRail)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// fakeInbox delivers what a test sends and reports the error of each delivery.
type fakeInbox struct {
	in    chan delivery
	from  chan payments.Position
	mu    sync.Mutex
	proof payments.Proof
}

type delivery struct {
	at   payments.Position
	n    payments.Notice
	done chan error
}

func newFakeInbox() *fakeInbox {
	return &fakeInbox{in: make(chan delivery), from: make(chan payments.Position, 100)}
}

func (f *fakeInbox) Receive(ctx context.Context, from payments.Position, deliver func(context.Context, payments.Position, payments.Notice) error) error {
	select {
	case f.from <- from:
	default:
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case d := <-f.in:
			d.done <- deliver(ctx, d.at, d.n)
		}
	}
}

func (f *fakeInbox) Proof() payments.Proof {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.proof == (payments.Proof{}) {
		return payments.Proof{At: time.Now()}
	}
	return f.proof
}

func (f *fakeInbox) prove(p payments.Proof) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.proof = p
}

func (f *fakeInbox) deliver(at uint64, n payments.Notice) error {
	d := delivery{at: payments.Position{Epoch: "e", Seq: at}, n: n, done: make(chan error, 1)}
	f.in <- d
	return <-d.done
}

// world is a till on a real journal with a fake rail and inbox.
type world struct {
	t     *testing.T
	dir   string
	rail  *fakeRail
	card  *fakeTerminal
	rails []app.Rail // more of them
	who   app.Authority
	proof app.Verifier
	lists app.Returns
	inbox *fakeInbox
	book  *journal.Journal
	till  *app.Till
	mode  payments.Mode
	seq   uint64
	shift atomic.Int64 // of the wall clock, as time.Duration
}

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), rail: &fakeRail{start: time.Now()}, card: &fakeTerminal{}, inbox: newFakeInbox(), mode: payments.Practice}
	w.open()
	t.Cleanup(w.close)
	return w
}

func (w *world) open() {
	w.t.Helper()
	var err error
	if w.book, err = journal.Open(context.Background(), journal.Config{Dir: w.dir, Entropy: cryptorand.Reader}); err != nil {
		w.t.Fatal(err)
	}
	w.start(w.book)
}

func (w *world) start(j app.Journal) {
	w.t.Helper()
	begun := time.Now()
	var seed [32]byte
	seed[0] = byte(w.seq)
	var err error
	w.till, err = app.New(context.Background(), app.Config{
		Mode: w.mode, Desk: "Desk", Journal: j, Rails: append([]app.Rail{w.rail, w.card}, w.rails...), Inbox: w.inbox, Authority: w.who, Verifier: w.proof, Returns: w.lists,
		Now:  func() time.Time { return time.Now().Add(time.Duration(w.shift.Load())) },
		Mono: func() time.Duration { return time.Since(begun) }, Entropy: rand.NewChaCha8(seed),
		QR: func(string) ([][]bool, error) { return [][]bool{{true}}, nil },
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) close() {
	if w.till == nil {
		return
	}
	if err := w.till.Close(); err != nil {
		w.t.Error(err)
	}
	if err := w.book.Close(); err != nil {
		w.t.Error(err)
	}
	w.till = nil
}

// restart closes and opens everything, as after a crash between two steps.
func (w *world) restart() {
	w.t.Helper()
	w.close()
	w.seq += 1000
	w.open()
}

func (w *world) request(minor int64) app.ChargeRequest {
	return app.ChargeRequest{Lines: []app.Line{{Label: "Cut", Amount: eur(minor)}}, Currency: "EUR"}
}

func (w *world) charge(minor int64) app.Sale {
	w.t.Helper()
	s, err := w.till.Charge(context.Background(), w.request(minor))
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) notify(n payments.Notice) {
	w.t.Helper()
	w.seq++
	if err := w.inbox.deliver(w.seq, n); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) pay(s app.Sale, reference string) {
	w.t.Helper()
	a := s.Attempts[len(s.Attempts)-1]
	w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: a.OrderID, Reference: reference, Amount: a.Amount, CardLast4: "0007"})
}

func (w *world) answers(o payments.Outcome, reference string) {
	w.rail.set(func(f *fakeRail) {
		f.status = func(_ context.Context, q app.StatusQuery) (payments.Answer, error) {
			return payments.Answer{Outcome: o, OrderID: q.OrderID, Reference: reference, Amount: q.Amount}, nil
		}
	})
}

func (w *world) sale(id app.SaleID) app.Sale {
	w.t.Helper()
	s, _, err := w.till.Sale(context.Background(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) want(id app.SaleID, want app.State) app.Sale {
	w.t.Helper()
	s := w.sale(id)
	if s.State != want {
		_, events, _ := w.till.Sale(context.Background(), id)
		for _, e := range events {
			w.t.Logf("%d %s %s %q %s", e.Seq, e.Source, e.Kind, e.Reference, e.Data)
		}
		w.t.Fatalf("sale is %q, want %q", s.State, want)
	}
	return s
}
