package rails

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/money"
	"frontdesk/payments/relay"
)

const storeName = "0123456789ABCDEFGHJKMNPQRS"

func clock() time.Time { return time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC) }

// stores makes one store whose key fits its certificate, for the whole run.
var stores = sync.OnceValues(func() (checkout.Store, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return checkout.Store{}, err
	}
	der := x509.MarshalPKCS1PrivateKey(key)
	private, err := checkout.ParsePrivateKey(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: der}))
	if err != nil {
		return checkout.Store{}, err
	}
	cert, err := private.SelfSigned("test", clock().Add(-time.Hour), clock().Add(time.Hour), rand.Reader)
	return checkout.Store{SID: "000000000000010", Wallet: "61938166610", KeyIndex: 1, Key: private, Certificate: cert}, err
})

func testStore(t *testing.T) checkout.Store {
	t.Helper()
	s, err := stores()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// desk records what a relay would get.
type desk struct {
	got    []relay.Registration
	closed []string
	err    error
}

func (d *desk) Register(_ context.Context, r relay.Registration) (relay.Registered, error) {
	d.got = append(d.got, r)
	return relay.Registered{Epoch: "E", URL: "https://pay.example/p/" + r.Link}, d.err
}

func (d *desk) Close(_ context.Context, orderID string) error {
	d.closed = append(d.closed, orderID)
	return nil
}

type provider struct {
	status checkout.PaymentStatus
	refund checkout.RefundAnswer
	err    error
	asked  checkout.RefundRequest
}

func (p *provider) PaymentStatus(context.Context, string) (checkout.PaymentStatus, error) {
	return p.status, p.err
}

func (p *provider) Refund(_ context.Context, r checkout.RefundRequest) (checkout.RefundAnswer, error) {
	p.asked = r
	return p.refund, p.err
}

func link(t *testing.T, d *desk, p *provider, at Addresses) *Link {
	t.Helper()
	l, err := NewLink(LinkConfig{
		Store: testStore(t), StoreID: storeName, DeskID: "DESK", Salon: func() string { return "Salon Rosa" }, Source: "Frontdesk 1.2.3",
		Provider: p, Relay: d, Now: clock,
		Addresses: func(context.Context) (Addresses, error) { return at, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func public() Addresses {
	return Addresses{
		OK: "https://pay.example/ok", Cancel: "https://pay.example/cancel",
		Notify: "https://pay.example/n/" + storeName, Action: checkout.TestEndpoint,
	}
}

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func offer() app.Offer {
	return app.Offer{
		OrderID: "P0123456789ABCDEFGHJ", Link: "ZZZZZZZZZZZZZZZZZZZZZZZZZZ", Amount: eur(4500),
		Lines:    []app.Line{{Label: "Cut", Amount: eur(4000)}, {Label: "Tip", Amount: eur(700)}, {Amount: eur(0)}, {Label: "Discount", Amount: eur(-200)}},
		Language: "de", Words: "BLUE TULIP", Expires: clock().Add(15 * time.Minute),
	}
}

func TestAnOfferBecomesASignedFormAndARegistration(t *testing.T) {
	d := &desk{}
	l := link(t, d, &provider{}, public())
	page, err := l.Offer(t.Context(), offer())
	if err != nil {
		t.Fatal(err)
	}
	if page.URL != "https://pay.example/p/ZZZZZZZZZZZZZZZZZZZZZZZZZZ" || !page.Expires.Equal(offer().Expires) {
		t.Errorf("page: %+v", page)
	}
	r := d.got[0]
	if err := r.Check(relay.Rules{Now: clock()}); err != nil {
		t.Errorf("a relay would refuse it: %v", err)
	}
	fields := checkout.Fields{}
	for _, f := range r.Form {
		fields = append(fields, checkout.Field(f))
	}
	if err := checkout.VerifyFields(fields, testStore(t).Certificate); err != nil {
		t.Error(err)
	}
	want := map[string]string{
		"Amount": "45.00", "Currency": "EUR", "CartItems": "3", "Article_1": "Cut", "Price_2": "7.00", "Article_3": "Discount",
		"Price_3": "-2.00", "IPCLanguage": "DE", "expires_in": "900", "Source": "Frontdesk 1.2.3",
		"URL_Notify": "https://pay.example/n/" + storeName, "URL_OK": "https://pay.example/ok", "CardTokenRequest": "0",
	}
	for name, value := range want {
		if got, _ := fields.Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	r.Form = nil
	if diff := cmp.Diff(relay.Registration{
		Store: storeName, Desk: "DESK", OrderID: "P0123456789ABCDEFGHJ", SID: "000000000000010", Currency: "EUR",
		Amounts: []string{"45.00"}, Action: checkout.TestEndpoint, Salon: "Salon Rosa", AmountText: "45.00 EUR",
		Words: "BLUE TULIP", Language: "de", Link: "ZZZZZZZZZZZZZZZZZZZZZZZZZZ", ExpiresAt: offer().Expires,
	}, r); diff != "" {
		t.Error(diff)
	}
}

func TestRepeatingAnOfferGivesTheSameBytes(t *testing.T) {
	d := &desk{}
	now := clock()
	l := link(t, d, &provider{}, public())
	l.cfg.Now = func() time.Time { return now }
	for range 3 {
		if _, err := l.Offer(t.Context(), offer()); err != nil {
			t.Fatal(err)
		}
		now = now.Add(6 * time.Minute)
	}
	for i := 1; i < len(d.got); i++ {
		if diff := cmp.Diff(d.got[0], d.got[i]); diff != "" {
			t.Errorf("offer %d differs:\n%s", i, diff)
		}
	}
}

func TestAnOpenSecondAddressIsCarriedByNewLinks(t *testing.T) {
	at := public()
	at.Page, at.OK = "http://192.168.1.5:8080", "http://192.168.1.5:8080/ok"
	d := &desk{}
	page, err := link(t, d, &provider{}, at).Offer(t.Context(), offer())
	if err != nil || page.URL != "http://192.168.1.5:8080/p/ZZZZZZZZZZZZZZZZZZZZZZZZZZ" {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestAnOfferThatCannotBeAFormIsRefusedBeforeAnythingLeaves(t *testing.T) {
	for name, spoil := range map[string]func(*app.Offer){
		"rows do not add up": func(o *app.Offer) { o.Amount = eur(4600) },
		"zero":               func(o *app.Offer) { o.Amount, o.Lines = eur(0), nil },
		"card in the note":   func(o *app.Offer) { o.Note = "4111 1111 1111 1111" },
		"no order":           func(o *app.Offer) { o.OrderID = "" },
	} {
		d := &desk{}
		o := offer()
		spoil(&o)
		_, err := link(t, d, &provider{}, public()).Offer(t.Context(), o)
		if !errors.Is(err, payments.ErrRefused) || payments.CodeOf(err) == "" || len(d.got) != 0 {
			t.Errorf("%s: %v, %d registrations", name, err, len(d.got))
		}
	}
}

func TestRailErrorsPassUnchanged(t *testing.T) {
	for _, want := range []error{payments.ErrUnreachable, payments.ErrUnknown, payments.ErrRefused} {
		cause := &payments.Error{Op: "relay.register", Code: "relay.cut", Err: want}
		l := link(t, &desk{err: cause}, &provider{err: cause}, public())
		if _, err := l.Offer(t.Context(), offer()); !errors.Is(err, want) {
			t.Errorf("offer: %v, want %v", err, want)
		}
		if _, err := l.Status(t.Context(), app.StatusQuery{OrderID: "P1"}); !errors.Is(err, want) {
			t.Errorf("status: %v, want %v", err, want)
		}
		if a, err := l.Refund(t.Context(), app.RefundOrder{}); !errors.Is(err, want) || a.Outcome != "" {
			t.Errorf("refund: %+v, %v, want %v", a, err, want)
		}
	}
}

func TestStatusIsNoAnswerWhenTheAmountIsAnother(t *testing.T) {
	for _, c := range []struct {
		outcome payments.Outcome
		amount  money.Amount
		fine    bool
	}{
		{payments.Paid, eur(4500), true},
		{payments.Paid, eur(4501), false},
		{payments.Paid, money.Amount{Minor: 4500, Currency: "USD"}, false},
		{payments.Reversed, eur(1), false},
		{payments.Declined, money.Amount{}, true},
		{payments.Absent, money.Amount{}, true},
	} {
		p := &provider{status: checkout.PaymentStatus{Outcome: c.outcome, OrderID: "P1", Reference: "7", Amount: c.amount}}
		a, err := link(t, &desk{}, p, public()).Status(t.Context(), app.StatusQuery{OrderID: "P1", Amount: eur(4500)})
		if c.fine && (err != nil || a.Outcome != c.outcome || a.Reference != "7") {
			t.Errorf("%+v: %+v, %v", c, a, err)
		}
		if !c.fine && !errors.Is(err, payments.ErrUnknown) {
			t.Errorf("%+v: %+v, %v, want unknown", c, a, err)
		}
	}
}

func TestARefundGoesUnderItsOwnOrder(t *testing.T) {
	p := &provider{refund: checkout.RefundAnswer{Reference: "9", Amount: eur(100)}}
	a, err := link(t, &desk{}, p, public()).Refund(t.Context(), app.RefundOrder{
		OrderID: "PREFUND", PurchaseOrderID: "P1", Reference: "7", Amount: eur(100),
	})
	if err != nil || a.Outcome != payments.Refunded || a.OrderID != "PREFUND" || a.Reference != "9" {
		t.Errorf("%+v, %v", a, err)
	}
	if p.asked.OrderID != "PREFUND" || p.asked.Reference != "7" || p.asked.Amount != eur(100) {
		t.Errorf("asked: %+v", p.asked)
	}
}

// stream delivers what it is given.
type stream []relay.Delivery

func (s stream) Proof() payments.Proof { return payments.Proof{Err: "none"} }

func (s stream) Run(ctx context.Context, _ payments.Position, deliver func(context.Context, relay.Delivery) error) error {
	for _, d := range s {
		if err := deliver(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

func signed(t *testing.T, f ...string) []byte {
	t.Helper()
	var fields checkout.Fields
	for i := 0; i < len(f); i += 2 {
		fields = append(fields, checkout.Field{Name: f[i], Value: f[i+1]})
	}
	all, err := checkout.Sign(testStore(t).Key, fields)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(all.Encode())
}

func paidNotice(t *testing.T, sid string) []byte {
	return signed(t, "IPCmethod", "IPCPurchaseNotify", "SID", sid, "Amount", "45", "Currency", "EUR",
		"OrderID", "P1", "IPC_Trnref", "813705", "RequestDateTime", "2026-11-21 10:00:00", "PAN", "1111")
}

func TestTheInboxHandsOnOnlyWhatVerifies(t *testing.T) {
	sid := testStore(t).SID
	good := paidNotice(t, sid)
	changed := bytes.Replace(good, []byte("Amount=45"), []byte("Amount=95"), 1)
	rollback := signed(t, "IPCmethod", "IPCPurchaseRollback", "SID", sid, "Amount", "45.00", "Currency", "EUR", "OrderID", "P1")
	other := signed(t, "IPCmethod", "IPCSomethingNew", "SID", sid, "OrderID", "P1")
	at := func(n uint64) payments.Position { return payments.Position{Epoch: "E", Seq: n} }
	deliveries := stream{
		{Position: at(1), Kind: relay.KindOpened, OrderID: "P1"},
		{Position: at(2), Kind: relay.KindNotice, Body: good},
		{Position: at(3), Kind: relay.KindNotice, Body: changed},
		{Position: at(4), Kind: relay.KindNotice, Body: good[:len(good)/2]},
		{Position: at(5), Kind: relay.KindNotice, Body: paidNotice(t, "000000000000011")},
		{Position: at(6), Kind: relay.KindNotice, Body: []byte("Amount=1")},
		{Position: at(7), Kind: relay.KindNotice},
		{Position: at(8), Kind: relay.KindNotice, Body: rollback},
		{Position: at(9), Kind: relay.KindNotice, Body: other},
		{Position: at(10), Kind: "news"},
		{Position: at(11), Kind: relay.KindOpened},
	}
	var log bytes.Buffer
	in, err := NewInbox(InboxConfig{
		Stream: deliveries, SID: sid, Certificates: []*checkout.Certificate{testStore(t).Certificate},
		Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	err = in.Receive(t.Context(), payments.Position{}, func(_ context.Context, p payments.Position, n payments.Notice) error {
		got = append(got, fmt.Sprintf("%d %s %s %s %s %s", p.Seq, n.Kind, n.OrderID, n.Reference, n.Amount.Decimal(), n.CardLast4))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"1 opened P1  0 ", "2 paid P1 813705 45.00 1111", "8 rollback P1  45.00 ", "9 other P1  0 "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(log.String(), "813705") || !strings.Contains(log.String(), "signature.wrong") {
		t.Errorf("the log: %s", log.String())
	}
}

func TestANoticeThatIsNotStoredIsNotAcknowledged(t *testing.T) {
	in, err := NewInbox(InboxConfig{
		Stream: stream{{Kind: relay.KindNotice, Body: paidNotice(t, testStore(t).SID)}}, SID: testStore(t).SID,
		Certificates: []*checkout.Certificate{testStore(t).Certificate},
	})
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	err = in.Receive(t.Context(), payments.Position{}, func(context.Context, payments.Position, payments.Notice) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}
