package checkout

import (
	"crypto/rand"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

const exampleOrder = "P0123456789ABCDEFGHJ"

func exampleFile(name string) []byte {
	raw, err := os.ReadFile(filepath.Join("testdata", "vectors", name))
	if err != nil {
		return nil
	}
	return raw
}

// standIn is a myPOS made for one test, over TLS with a certificate of its own.
type standIn struct {
	*httptest.Server
	store Store
	key   *PrivateKey // of the stand-in
	mu    sync.Mutex
	seen  []*http.Request
	forms []Fields
	// handle answers; the default is a paid order.
	handle func(w http.ResponseWriter, f Fields)
}

func newStandIn() *standIn {
	s := &standIn{}
	s.store, _ = ParsePack(exampleFile("sandbox_configuration_pack.txt"))
	s.key, _ = GenerateKey(rand.Reader, 2048)
	s.store.Certificate, _ = s.key.SelfSigned("stand-in", time.Unix(0, 0), time.Unix(1, 0), rand.Reader)
	s.handle = func(w http.ResponseWriter, _ Fields) { s.answer(w, paid(exampleOrder)...) }
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		f, _ := ParseForm(body)
		s.mu.Lock()
		s.seen, s.forms = append(s.seen, r), append(s.forms, f)
		handle := s.handle
		s.mu.Unlock()
		handle(w, f)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	return s
}

func (s *standIn) config() Config {
	return Config{Store: s.store, Endpoint: s.URL + "/vmp/checkout", HTTP: s.Server.Client(), UserAgent: "Frontdesk 0.1.0"}
}

func (s *standIn) client() (*Client, error) { return NewClient(s.config()) }

func (s *standIn) answer(w io.Writer, root ...Node) {
	raw, err := SignJSON(s.key, root)
	if err == nil {
		_, _ = w.Write(raw)
	}
}

func text(name, value string) Node   { return Node{Name: name, Kind: String, Text: value} }
func number(name, value string) Node { return Node{Name: name, Kind: Number, Text: value} }

func paid(order string) []Node {
	return []Node{
		text("IPCMethod", MethodStatus), text("OrderID", order), text("PaymentMethod", "1"), text("PaymentStatus", "1"),
		text("PaymentReference", "MTCOR0123456XXK7"), text("Amount", "45.00"), text("Currency", "EUR"),
		text("IPC_Trnref", "410227"), text("DateTime", "2026-11-21 10:00:00"), text("FeeAmount", "0.60"),
		number("Status", "0"), text("StatusMsg", "Success"),
	}
}

// with returns the members with one replaced, or dropped when it has no kind.
func with(root []Node, name string, n Node) []Node {
	var out []Node
	for _, x := range root {
		switch {
		case x.Name != name:
			out = append(out, x)
		case n.Kind != "":
			out = append(out, n)
		}
	}
	return out
}

func open(t *testing.T, handle func(s *standIn, w http.ResponseWriter, f Fields)) (*standIn, *Client) {
	t.Helper()
	s := newStandIn()
	t.Cleanup(s.Close)
	if handle != nil {
		s.handle = func(w http.ResponseWriter, f Fields) { handle(s, w, f) }
	}
	c, err := s.client()
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}
