package server

import (
	"bytes"
	"context"
	"html"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

// TestPayPage: byte-identical for its life, safe headers, one button, and a
// GET means nothing.
func TestPayPage(t *testing.T) {
	r := newRig(t)
	done := r.register(order1, "45.00", linkA)
	if done.URL != r.web.URL+"/p/"+linkA || done.Epoch == "" {
		t.Errorf("%+v", done)
	}
	status, first, head := r.ask("GET", "/p/"+linkA, nil)
	if status != http.StatusOK {
		t.Fatal(status)
	}
	for _, want := range []string{"Salon Mirabelle", "45.00", "EUR", "BLUE TULIP", `class="blue"`, "Pay 45.00\u00a0EUR at mypos.com", "myPOS processes the payment", "Cut, blow-dry", "PRACTICE"} {
		if !strings.Contains(first, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Count(first, "<button") != 1 || strings.Contains(first, "<script") || len(first) > 20_000 {
		t.Errorf("buttons %d, %d bytes", strings.Count(first, "<button"), len(first))
	}
	if strings.Contains(first, "Signature") || strings.Contains(first, "c2lnbmVk") || strings.Contains(first, order1) {
		t.Error("the page gives the form away before the button is pressed")
	}
	policy := head.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy lacks %s: %s", want, policy)
		}
	}
	if head.Get("Cache-Control") != "no-store" || head.Get("Referrer-Policy") != "origin" || !strings.Contains(head.Get("X-Robots-Tag"), "noindex") {
		t.Errorf("headers: %v", head)
	}
	r.register(order1, "45.00", linkA) // repeating changes nothing
	r.clock.move(14 * time.Minute)
	_, again, _ := r.ask("GET", "/p/"+linkA, nil, "Accept-Language", "de", "User-Agent", "other")
	r.restart()
	_, restarted, _ := r.ask("GET", "/p/"+linkA, nil)
	if first != again || first != restarted {
		t.Error("the page is not byte-identical")
	}
	if n := len(r.deliveries(deskA, relay.At{})); n != 0 {
		t.Errorf("looking stored %d notices", n)
	}
	r.clock.move(2 * time.Minute)
	if status, text, _ := r.ask("GET", "/p/"+linkA, nil); status != http.StatusGone || !strings.Contains(text, "run out") {
		t.Errorf("expired: %d", status)
	}
	if status, _, _ := r.ask("POST", "/p/"+linkA+"/go", nil); status != http.StatusGone {
		t.Errorf("go after the end: %d", status)
	}
}

// TestPolicyFitsThePages: the hashes in the policy are those of what is served,
// else browsers would show a bare page and leave the form unsent.
func TestPolicyFitsThePages(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	for _, path := range []string{"GET /p/" + linkA, "GET /ok", "POST /p/" + linkA + "/go"} {
		method, path, _ := strings.Cut(path, " ")
		_, text, head := r.ask(method, path, nil)
		found := inline.FindAllStringSubmatch(text, -1)
		if len(found) == 0 {
			t.Errorf("%s has no style", path)
		}
		for _, m := range found {
			if !strings.Contains(head.Get("Content-Security-Policy"), "'"+sourceHash(m[2])+"'") {
				t.Errorf("%s: the policy forbids its own %s", path, m[1])
			}
		}
	}
}

var inline = regexp.MustCompile(`(?s)<(style|script)>(.*?)</(?:style|script)>`)

var input = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// TestGo: the form comes exactly as the desk signed it, may only be sent
// there, and the first press is recorded once.
func TestGo(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	for range 3 {
		status, text, head := r.ask("POST", "/p/"+linkA+"/go", []byte("language=de"))
		if status != http.StatusOK || !strings.Contains(text, `lang="de"`) || !strings.Contains(text, ">Weiter<") {
			t.Fatalf("%d %s", status, text)
		}
		if p := head.Get("Content-Security-Policy"); !strings.HasSuffix(p, "form-action http://127.0.0.1:9") || strings.Contains(p, "unsafe") {
			t.Errorf("policy: %s", p)
		}
		var got []relay.Field
		for _, m := range input.FindAllStringSubmatch(text, -1) {
			got = append(got, relay.Field{Name: html.UnescapeString(m[1]), Value: html.UnescapeString(m[2])})
		}
		want := r.registration(order1, "45.00", linkA).Form
		if len(got) != len(want) {
			t.Fatalf("%d fields, want %d", len(got), len(want))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("field %d: %v, want %v", i, got[i], want[i])
			}
		}
	}
	got := r.deliveries(deskA, relay.At{})
	if len(got) != 1 || got[0].Kind != relay.KindOpened || got[0].OrderID != order1 || len(got[0].Body) != 0 {
		t.Errorf("opened: %+v", got)
	}
	r.restart()
	r.ask("POST", "/p/"+linkA+"/go", nil)
	if got := r.deliveries(deskA, relay.At{}); len(got) != 1 {
		t.Errorf("opened again after a restart: %d", len(got))
	}
}

// TestPageCloses on Close and on the first notice; unknown links look alike.
func TestPageCloses(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	r.register("P2", "45.00", linkB)
	r.desk(deskA, "POST", relay.PathOrders+"/"+order1+"/close", struct{}{}, nil)
	if status, text, _ := r.ask("GET", "/p/"+linkA, nil); status != http.StatusGone || !strings.Contains(text, "closed") {
		t.Errorf("closed: %d", status)
	}
	r.wantOK(r.signer.notify(t, "P2", "45.00", "1"))
	if status, text, _ := r.ask("GET", "/p/"+linkB, nil); status != http.StatusGone || !strings.Contains(text, "used") {
		t.Errorf("paid: %d", status)
	}
	for _, link := range []string{"CCCCCCCCCCCCCCCCCCCCCCCCCC", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAU"} {
		if status, text, _ := r.ask("GET", "/p/"+link, nil); status != http.StatusNotFound || !strings.Contains(text, "No payment here") {
			t.Errorf("%s: %d", link, status)
		}
	}
}

// TestLanding shows an amount and a state only when the provider signed them.
func TestLanding(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	ok := r.signer.post(t, "IPCmethod", checkout.MethodOK, "SID", sid, "Amount", "45.00", "Currency", "EUR", "OrderID", order1, "IPC_Trnref", "1")
	cancelled := r.signer.post(t, "IPCmethod", checkout.MethodCancel, "SID", sid, "Amount", "45.00", "Currency", "EUR", "OrderID", order1)
	forged := bytes.Replace(ok, []byte("45.00"), []byte("99.00"), 1)
	for name, c := range map[string]struct {
		path  string
		body  []byte
		want  []string
		never string
	}{
		"paid":             {"/ok", ok, []string{"Thank you", "45.00", "Salon Mirabelle"}, "put your phone away"},
		"cancelled":        {"/cancel", cancelled, []string{"not finished", "45.00"}, "Thank you"},
		"forged":           {"/ok", forged, []string{"put your phone away"}, "99.00"},
		"cancel at ok":     {"/ok", cancelled, []string{"put your phone away"}, "45.00"},
		"notice at ok":     {"/ok", r.signer.notify(t, order1, "45.00", "1"), []string{"put your phone away"}, "45.00"},
		"nothing":          {"/ok", nil, []string{"put your phone away"}, "Thank"},
		"a megabyte":       {"/cancel", bytes.Repeat([]byte("x"), 1<<20), []string{"put your phone away"}, "Thank"},
		"another salon's ": {"/ok", []byte("SID=5&Signature=AA"), []string{"put your phone away"}, "Thank"},
	} {
		status, text, _ := r.ask("POST", c.path, c.body)
		for _, want := range c.want {
			if status != http.StatusOK || !strings.Contains(text, want) {
				t.Errorf("%s: %d lacks %q", name, status, want)
			}
		}
		if strings.Contains(text, c.never) {
			t.Errorf("%s: shows %q", name, c.never)
		}
	}
	if n := len(r.deliveries(deskA, relay.At{})); n != 0 {
		t.Errorf("a browser stored %d notices", n)
	}
	if _, text, _ := r.ask("GET", "/ok", nil, "Accept-Language", "bg-BG,en;q=0.5"); !strings.Contains(text, "приберете телефона") {
		t.Error("not in the browser's language")
	}
}

// TestSentencesAreComplete: every page in every language.
func TestSentencesAreComplete(t *testing.T) {
	for _, kind := range []string{"paid", "cancelled", "neutral", "closed", "expired", "done", "unknown", "trouble"} {
		for _, key := range []string{kind, kind + "-text"} {
			s, ok := sentences(key)
			if !ok || s.en == "" || s.de == "" || s.bg == "" {
				t.Errorf("%s: %+v", key, s)
			}
		}
	}
	for tag, want := range map[string]string{"": "en", "EN": "en", "de-AT": "de", "BG": "bg", "fr": "en", "zz": "en"} {
		if got := pageLanguage(tag); got != want {
			t.Errorf("%q: %s, want %s", tag, got, want)
		}
	}
}

// TestNothingReadableAtRest: who has the data folder alone learns neither
// what is sold nor how to admit an order.
func TestNothingReadableAtRest(t *testing.T) {
	r := newRig(t)
	r.register(order1, "4567.89", linkA)
	r.noTrace(linkA, "4567.89", "Kragen", "c2lnbmVk", order1)
}

// noTrace fails the test when the data folder holds one of the secrets.
func (r *rig) noTrace(secrets ...string) {
	r.t.Helper()
	r.close()
	defer r.open()
	err := filepath.WalkDir(r.cfg.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, secret := range secrets {
			if bytes.Contains(data, []byte(secret)) {
				r.t.Errorf("%s holds %q", path, secret)
			}
		}
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// TestRegistration: idempotent by order and form, refused otherwise.
func TestRegistration(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	r.register(order1, "45.00", linkA)
	other := r.registration(order1, "46.00", linkB)
	var p relay.Problem
	if status := r.desk(deskA, "POST", relay.PathOrders, other, &p); status != http.StatusConflict || p.Code != relay.CodeOrderTaken {
		t.Errorf("%d %+v", status, p)
	}
	for name, change := range map[string]func(*relay.Registration){
		"another desk":     func(g *relay.Registration) { g.Desk = deskB },
		"another store":    func(g *relay.Registration) { g.Store = storeB },
		"another SID":      func(g *relay.Registration) { g.SID = "1" },
		"no signature":     func(g *relay.Registration) { g.Form = g.Form[:len(g.Form)-1] },
		"amount not shown": func(g *relay.Registration) { g.Amounts = []string{"44.00"} },
		"zero":             func(g *relay.Registration) { g.Amounts, g.Form[3].Value = []string{"0.00"}, "0.00" },
		"foreign action":   func(g *relay.Registration) { g.Action = "https://evil.example/vmp/checkout" },
		"script action":    func(g *relay.Registration) { g.Action = "javascript:alert(1)" },
		"notices elsewhere": func(g *relay.Registration) {
			g.Form[6].Value = "https://evil.example/n/" + storeB
		},
		"eight days":  func(g *relay.Registration) { g.ExpiresAt = time.Now().Add(8 * 24 * time.Hour) },
		"no words":    func(g *relay.Registration) { g.Words = "GREY TULIP" },
		"bad link":    func(g *relay.Registration) { g.Link = "short" },
		"line breaks": func(g *relay.Registration) { g.Form[7].Value = "a\nb" },
		"field twice": func(g *relay.Registration) { g.Form[7].Name = "amount" },
	} {
		g := r.registration("P7", "45.00", linkB)
		change(&g)
		var p relay.Problem
		if status := r.desk(deskA, "POST", relay.PathOrders, g, &p); status < 400 || status >= 500 || p.Code == "" {
			t.Errorf("%s: %d %+v", name, status, p)
		}
	}
	if status, _, _ := r.ask("GET", "/p/"+linkB, nil); status != http.StatusNotFound {
		t.Errorf("a refused registration has a page: %d", status)
	}
	r.wantRefused(r.signer.notify(t, "P7", "45.00", "1"))
}

// TestStoreIsOneSID: a store name cannot be taken over by another SID, and its
// epoch is its own and stays.
func TestStoreIsOneSID(t *testing.T) {
	r := newRig(t)
	a, b := r.putStore(storeA), r.putStore(storeB)
	if a.Epoch == b.Epoch || len(a.Epoch) != 26 || a.Notify != r.web.URL+"/n/"+storeA {
		t.Errorf("%+v %+v", a, b)
	}
	r.restart()
	if again := r.putStore(storeA); again.Epoch != a.Epoch {
		t.Errorf("the epoch changed: %s, %s", a.Epoch, again.Epoch)
	}
	var p relay.Problem
	in := relay.Store{ID: storeA, SID: "1", Certificates: []string{string(r.signer.cert.PEM())}}
	if status := r.desk(deskA, "PUT", relay.PathStore, in, &p); status != http.StatusConflict || p.Code != relay.CodeStoreOther {
		t.Errorf("%d %+v", status, p)
	}
	in = relay.Store{ID: storeA, SID: sid, Certificates: []string{"not a certificate"}}
	if status := r.desk(deskA, "PUT", relay.PathStore, in, &p); status != http.StatusBadRequest {
		t.Errorf("%d %+v", status, p)
	}
}

// TestPhoneSeesCustomerPagesOnly: the second listener shows nothing else.
func TestPhoneSeesCustomerPagesOnly(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	phone := r.PhoneHandler()
	for path, want := range map[string]int{
		"GET /p/" + linkA: 200, "GET /ok": 200, "POST /n/" + storeA: 404, "PUT /d/store": 404, "POST /d/poll": 404, "GET /d/stream": 404,
	} {
		method, path, _ := strings.Cut(path, " ")
		req, err := http.NewRequestWithContext(context.Background(), method, path, nil)
		if err != nil {
			t.Fatal(err)
		}
		w := &recorder{head: http.Header{}}
		phone.ServeHTTP(w, req)
		if w.status != want {
			t.Errorf("%s %s: %d, want %d", method, path, w.status, want)
		}
	}
}

type recorder struct {
	head   http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.head }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return len(p), nil }

// TestOnlyThisMachineIsADesk: no web page and nobody from outside passes for a
// desk as long as desks are not paired.
func TestOnlyThisMachineIsADesk(t *testing.T) {
	for name, c := range map[string]struct {
		from, origin, store string
		want                bool
	}{
		"this machine":     {"127.0.0.1:5", "", storeA, true},
		"this machine, v6": {"[::1]:5", "", storeA, true},
		"a web page":       {"127.0.0.1:5", "https://evil.example", storeA, false},
		"the network":      {"192.168.1.5:5", "", storeA, false},
		"no store":         {"127.0.0.1:5", "", "", false},
	} {
		req := &http.Request{RemoteAddr: c.from, Header: http.Header{}}
		req.Header.Set(relay.HeaderStore, c.store)
		req.Header.Set(relay.HeaderDesk, deskA)
		if c.origin != "" {
			req.Header.Set("Origin", c.origin)
		}
		if _, err := (loopbackOnly{}).authorize(req); (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLinkOfAnotherOrder: a link never leads to another order's page, and the
// order that came second is not admitted under it.
func TestLinkOfAnotherOrder(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	r.register(order1, "45.00", linkA)
	_, before, _ := r.ask("GET", "/p/"+linkA, nil)
	var p relay.Problem
	if status := r.desk(deskA, "POST", relay.PathOrders, r.registration("P2", "46.00", linkA), &p); status != http.StatusConflict || p.Code != relay.CodeOrderTaken {
		t.Errorf("%d %+v, want 409", status, p)
	}
	if _, after, _ := r.ask("GET", "/p/"+linkA, nil); after != before {
		t.Error("the page changed")
	}
	r.wantRefused(r.signer.notify(t, "P2", "46.00", "1"))
	r.register("P2", "46.00", linkB)
}

// TestThePageWritesItsAmountPerLanguage: the language can be changed on the page,
// so the amount stands in all of them, as the sentences do; what is sent on to be
// paid stays as it was signed.
func TestThePageWritesItsAmountPerLanguage(t *testing.T) {
	r := newRig(t)
	r.register(order1, "12345.60", linkA)
	_, text, _ := r.ask("GET", "/p/"+linkA, nil)
	for lang, want := range map[string][2]string{
		"en": {"12,345.60", "Pay 12,345.60\u00a0EUR at mypos.com"},
		"de": {"12.345,60", "12.345,60\u00a0EUR auf mypos.com zahlen"},
		"bg": {"12\u00a0345,60", "Платете 12\u00a0345,60\u00a0EUR в mypos.com"},
	} {
		for _, words := range want {
			if span := `<span class="t ` + lang + `" lang="` + lang + `">` + words + `</span>`; !strings.Contains(text, span) {
				t.Errorf("%s lacks %q", lang, words)
			}
		}
	}
	if _, text, _ := r.ask("POST", "/p/"+linkA+"/go", []byte("language=de")); !strings.Contains(text, `name="Amount" value="12345.60"`) {
		t.Error("the form has another amount than was signed")
	}
}
