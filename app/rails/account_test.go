package rails_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/rails"
	"frontdesk/payments"
	"frontdesk/payments/epos"
	"frontdesk/payments/merchant"
	"frontdesk/payments/simulator/account"
	"frontdesk/payments/simulator/pos"
)

// office is the myPOS account that is not there, without a network.
type office struct {
	account *account.Account
	mux     *http.ServeMux
	client  *merchant.Client
	gateway *epos.Client

	mu     sync.Mutex
	mishap map[string]account.Mishap // by call, once each
	on     map[account.Switch]bool
	others []account.Movement
}

var errCut = errors.New("connection cut")

// RoundTrip answers as the account would.
func (o *office) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if r = r.Clone(r.Context()); r.Body == nil {
		r.Body = http.NoBody
	}
	var cut any
	func() {
		defer func() { cut = recover() }()
		o.mux.ServeHTTP(w, r)
	}()
	if cut != nil && cut != http.ErrAbortHandler {
		panic(cut)
	}
	if cut != nil {
		return nil, errCut
	}
	return w.Result(), nil
}

func (o *office) fails(call string, m account.Mishap) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mishap[call] = m
}

// done fails the test when a mishap did not happen.
func (o *office) done(t *testing.T) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.mishap) > 0 {
		t.Errorf("did not happen: %v", o.mishap)
	}
}

func newOffice(t *testing.T) *office {
	t.Helper()
	id, err := account.Draw(strings.NewReader(strings.Repeat("practice", 64)))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{mux: http.NewServeMux(), mishap: map[string]account.Mishap{}, on: map[account.Switch]bool{}}
	o.account, err = account.Open(account.Config{
		Identity: id, Now: time.Now, Entropy: rand.NewChaCha8([32]byte{3}), Others: func() []account.Movement { return o.others },
		Mishap: func(call, _ string) account.Mishap {
			o.mu.Lock()
			defer o.mu.Unlock()
			m := o.mishap[call]
			delete(o.mishap, call)
			return m
		},
		Switch: func(s account.Switch, _, _ string) (time.Duration, bool) {
			o.mu.Lock()
			defer o.mu.Unlock()
			if !o.on[s] {
				return 0, false
			}
			return 10 * time.Second, true
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.account.Close)
	o.account.Handle(o.mux)
	const base = "http://127.0.0.1:1"
	web := &http.Client{Transport: o}
	o.client, err = merchant.New(merchant.Config{
		ClientID: id.ClientID, ClientSecret: id.ClientSecret, Hosts: merchant.Hosts{Auth: base, Transactions: base, Devices: base},
		HTTP: web, Now: time.Now, Entropy: rand.NewChaCha8([32]byte{4}), UserAgent: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	o.gateway, err = epos.New(epos.Config{
		Host: base, PartnerID: id.PartnerID, ApplicationID: id.ApplicationID, ClientID: id.PartnerClient, ClientSecret: id.PartnerSecret,
		MerchantID: id.MerchantClient, MerchantSecret: id.MerchantSecret, AppName: "Frontdesk", AppVersion: "1",
		HTTP: web, Now: time.Now, Entropy: rand.NewChaCha8([32]byte{5}), UserAgent: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// withAccount is a counter whose till also has the rails of the account.
func withAccount(t *testing.T) (*counter, *office) {
	t.Helper()
	o := newOffice(t)
	request, err := rails.NewRequest(rails.RequestConfig{Account: func() rails.Account { return o.client }, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	cloud, err := rails.NewCloud(rails.CloudConfig{Devices: register{}, Gateway: func() rails.Gateway { return o.gateway }, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return newCounter(t, pos.Switches{}, request, cloud), o
}

type register struct{}

func (register) Find(string) (devices.Device, error) {
	return devices.Device{ID: "C1", Label: "Chair 4", TerminalID: "80000002"}, nil
}

func (r register) Get(string) (devices.Device, bool) {
	d, err := r.Find("")
	return d, err == nil
}

func (c *counter) by(rail payments.Rail, minor int64) (app.Sale, error) {
	return c.till.Charge(context.Background(), app.ChargeRequest{
		Lines: []app.Line{{Label: "Cut", Amount: eur(minor)}}, Currency: "EUR", Rail: rail,
	})
}

func TestPaymentRequests(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		set  func(*office)
	}{
		{"as it should be", func(*office) {}},
		{"the booking text stands in the details only", func(o *office) { o.on[account.Hidden] = true }},
		{"the answer to the request is lost", func(o *office) { o.fails("rest.create_request", account.Mishap{Cut: true}) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, o := withAccount(t)
				tt.set(o)
				s, err := c.by(payments.RailRequest, 4500)
				if err != nil || s.State != app.Offered || s.Attempts[0].Link == "" {
					t.Fatalf("got %+v, %v", s.Attempts, err)
				}
				o.done(t)
				made := o.account.Requests()
				if len(made) != 1 {
					t.Fatalf("there are %d requests", len(made))
				}
				time.Sleep(time.Minute)
				if got := c.sale(s.ID); got.State != app.Offered || got.Attempts[0].RequestStatus != 1 {
					t.Fatalf("nobody has paid, but the sale is %q, the request %d", got.State, got.Attempts[0].RequestStatus)
				}
				if ok, err := o.account.Pay(made[0].Code); !ok || err != nil {
					t.Fatal(ok, err)
				}
				time.Sleep(time.Minute)
				if got := c.sale(s.ID); got.State != app.Paid || got.Attempts[0].Reference == "" {
					t.Errorf("sale is %q: %+v", got.State, got.Attempts[0])
				}
			})
		})
	}
}

// A request cannot be taken back; paid after the cancel it is recognised.
func TestAPaymentRequestPaidAfterCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, o := withAccount(t)
		s, err := c.by(payments.RailRequest, 4500)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.till.Cancel(context.Background(), s.ID, ""); err != nil {
			t.Fatal(err)
		}
		if got := c.sale(s.ID); got.State != app.Withdrawn || got.Attempts[0].Reason != app.ReasonStays {
			t.Fatalf("sale is %q (%s)", got.State, got.Attempts[0].Reason)
		}
		if ok, err := o.account.Pay(o.account.Requests()[0].Code); !ok || err != nil {
			t.Fatal(ok, err)
		}
		time.Sleep(15 * time.Minute)
		if got := c.sale(s.ID); got.State != app.PaidLate {
			t.Errorf("sale is %q", got.State)
		}
	})
}

func TestCloudTerminals(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		minor   int64
		set     func(*office)
		want    app.State
		charged int
	}{
		{"approved", 4500, func(*office) {}, app.Paid, 1},
		{"declined", 4501, func(*office) {}, app.Declined, 0},
		{"cancelled on the terminal", 4503, func(*office) {}, app.NotCharged, 0},
		{"busy", 4508, func(*office) {}, app.NotCharged, 0},
		{"created, but the answer is lost", 4500, func(o *office) { o.fails("epos.create", account.Mishap{Cut: true}) }, app.Paid, 1},
		{"in other words", 4500, func(o *office) { o.on[account.Words] = true }, app.Paid, 1},
		{"late", 4500, func(o *office) { o.on[account.Late] = true }, app.Paid, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, o := withAccount(t)
				tt.set(o)
				s, err := c.by(payments.RailCloud, tt.minor)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				o.done(t)
				got := c.sale(s.ID)
				charged := 0
				for _, e := range o.account.Charges() {
					if e.Charged {
						charged++
					}
				}
				if got.State != tt.want || charged != tt.charged || got.Attempts[0].DeviceLabel != "Chair 4" {
					t.Errorf("sale is %q (%s), charged %d", got.State, got.Attempts[0].Reason, charged)
				}
			})
		})
	}
}

func TestCancelAndRefundInTheCloud(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, o := withAccount(t)
		s, err := c.by(payments.RailCloud, 4504) // waits until it is deleted
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		if err := c.till.Cancel(context.Background(), s.ID, ""); err != nil {
			t.Fatal(err)
		}
		if got := c.sale(s.ID); got.State != app.NotCharged {
			t.Errorf("sale is %q", got.State)
		}
		if s, err = c.by(payments.RailCloud, 4500); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		if got := c.sale(s.ID); got.State != app.Paid {
			t.Fatalf("sale is %q (%s)", got.State, got.Attempts[0].Reason)
		}
		got, err := c.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(4500)})
		if err != nil || got.State != app.Refunded {
			t.Errorf("sale is %q, %v: %+v", got.State, err, got.Attempts)
		}
		for _, e := range o.account.Charges() {
			if e.Kind == account.CloudSale && e.Charged && !e.Reversed {
				t.Errorf("still charged: %+v", e)
			}
		}
	})
}

func TestARefundInTheList(t *testing.T) {
	t.Parallel()
	const order = "PXR9B5BSXDMC2FZED68S"
	line := []account.Line{{Title: "Order ID", Value: order}}
	for _, tt := range []struct {
		name string
		move account.Movement
		want payments.Outcome
	}{
		{"in the details", account.Movement{Out: true, Amount: eur(1000), Details: line}, payments.Refunded},
		{"in a text of the line", account.Movement{Out: true, Amount: eur(1000), ReferenceNumber: order}, payments.Refunded},
		{"another order", account.Movement{Out: true, Amount: eur(1000), ReferenceNumber: order + "X"}, payments.Absent},
		{"another amount", account.Movement{Out: true, Amount: eur(999), Details: line}, payments.Absent},
		{"money that came in", account.Movement{Amount: eur(1000), Details: line}, payments.Absent},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				begun := time.Now()
				time.Sleep(time.Minute)
				for i := range 130 { // more than a page of others
					o.others = append(o.others, account.Movement{At: time.Now(), Reference: fmt.Sprint("OTHER", i), Out: true, Amount: eur(int64(i))})
				}
				tt.move.At, tt.move.Reference = begun, "RFD1"
				o.others = append([]account.Movement{tt.move}, o.others...)
				got, err := rails.RefundInList(context.Background(), o.client, app.RefundOrder{OrderID: order, Amount: eur(1000), Begun: begun})
				if err != nil || got.Outcome != tt.want || got.OrderID != order || (got.Reference == "RFD1") != (tt.want == payments.Refunded) {
					t.Errorf("got %+v, %v", got, err)
				}
			})
		})
	}
}
