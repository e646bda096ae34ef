package client

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

// TestStrangeMessagesBlockNothing: whatever the provider has signed, and nobody
// here understands, comes through or is not there, and what comes behind it is
// delivered: over both pipes, sealed or not.
func TestStrangeMessagesBlockNothing(t *testing.T) {
	w := newWorld(t)
	paired, member := w.member("")
	stores := map[string]string{"open": storeID, "sealed": member.Store}
	open := w.client()
	strange := []string{"<" + strings.Repeat("<", 60<<10), strings.Repeat("\x00", 20<<10), strings.Repeat("\xff\xfe", 4<<10), strings.Repeat("A", 62<<10), "\u2028", ""}
	for _, store := range stores {
		for _, order := range strange {
			w.tell(store, order)
		}
	}
	for name, c := range map[string]*Client{"open": open, "sealed": paired} {
		for _, longPoll := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s longpoll=%v", name, longPoll), func(t *testing.T) {
				cfg := c.cfg
				cfg.LongPoll = longPoll
				again, err := New(cfg)
				if err != nil {
					t.Fatal(err)
				}
				d := w.run(again, payments.Position{})
				for n := range strange {
					v := d.next(t)
					f, err := checkout.ParseForm(v.Body)
					if err != nil || f.Value("OrderID") != strange[n] {
						t.Fatalf("%d: %d bytes, %v", n, len(v.Body), err)
					}
				}
			})
		}
	}
}

// tell posts a signed message that nobody knows about an order.
func (w *world) tell(store, order string) {
	w.t.Helper()
	f, err := checkout.Sign(w.key, checkout.Fields{
		{Name: "IPCmethod", Value: "IPCSomethingNew"}, {Name: "SID", Value: sid}, {Name: "OrderID", Value: order}, {Name: "Salt", Value: rand.Text()},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	var pairs []string
	for _, x := range f { // as short as can be written
		value := strings.NewReplacer("+", "%2B", "=", "%3D", "\x00", "%00").Replace(x.Value)
		pairs = append(pairs, x.Name+"="+value)
	}
	resp, err := w.http.Post(w.front.URL+relay.PathNotify+store, "application/x-www-form-urlencoded", strings.NewReader(strings.Join(pairs, "&")))
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || resp.StatusCode != http.StatusOK || string(text) != "OK" {
		w.t.Fatalf("%d bytes: %d %q %v", len(order), resp.StatusCode, text, err)
	}
}

// TestDeliverFailsForLong: a desk that cannot store anything asks less and less
// often, and goes on where it was when it can.
func TestDeliverFailsForLong(t *testing.T) {
	for _, longPoll := range []bool{false, true} {
		t.Run(fmt.Sprintf("longpoll=%v", longPoll), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.client(func(c *Config) { c.LongPoll = longPoll })
			path := relay.PathStream
			if longPoll {
				path = relay.PathPoll
			}
			asked := w.counted(path)
			d := w.run(c, payments.Position{})
			d.fail.Store(1000)
			w.pay(c, 1)
			w.pay(c, 2)
			time.Sleep(3 * time.Second)
			if n := asked.Load(); n > 20 {
				t.Errorf("asked %d times in 3 s", n)
			}
			d.fail.Store(0)
			for _, want := range []string{"P1", "P2"} {
				if v := d.next(t); v.OrderID != want {
					t.Errorf("got %s, want %s", v.OrderID, want)
				}
			}
		})
	}
}

// TestRegisteringAgainFailsForLong: a desk that cannot tell a new relay of its
// orders asks less and less often, too.
func TestRegisteringAgainFailsForLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var tries atomic.Int32
	c := w.client(func(c *Config) {
		c.OnEpoch = func(context.Context, string) error {
			tries.Add(1)
			return errors.New("the journal cannot be read")
		}
	})
	w.run(c, payments.Position{Epoch: "ANOTHER", Seq: 7})
	time.Sleep(3 * time.Second)
	if n := tries.Load(); n < 2 || n > 15 {
		t.Errorf("tried %d times in 3 s", n)
	}
}

// TestARelayThatOnlySaysHello: nor does one that hangs up behind its hello make the
// desk come back without a pause.
func TestARelayThatOnlySaysHello(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client()
	var met atomic.Int32
	var curt http.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(rw, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		if _, _, err := conn.Read(r.Context()); err != nil {
			return
		}
		met.Add(1)
		hello, _ := json.Marshal(relay.Frame{Type: relay.FrameHello, Endpoints: &relay.Endpoints{Epoch: "ONE", Public: w.front.URL}})
		_ = conn.Write(r.Context(), websocket.MessageText, hello)
	})
	w.handler.Store(&curt)
	w.run(c, payments.Position{})
	time.Sleep(3 * time.Second)
	if n := met.Load(); n < 2 || n > 15 {
		t.Errorf("connected %d times in 3 s", n)
	}
}
