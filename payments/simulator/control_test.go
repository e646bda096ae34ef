package simulator

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"frontdesk/payments/checkout"
)

func TestControlIsForThisMachineOnly(t *testing.T) {
	r := newRig(t)
	r.charge("P1", "45.00")
	for name, c := range map[string]struct {
		method, path, body string
		change             func(*http.Request)
		want               int
	}{
		"truth":             {"GET", "/_sim/truth", "", nil, 200},
		"pack":              {"GET", "/_sim/pack", "", nil, 200},
		"faults":            {"GET", "/_sim/faults", "", nil, 200},
		"script":            {"POST", "/_sim/faults", `{"faults":[{"kind":"notify_lost"}]}`, nil, 200},
		"clear":             {"POST", "/_sim/faults", `{"faults":[]}`, nil, 200},
		"unknown field":     {"POST", "/_sim/faults", `{"faults":[{"kind":"notify_lost","often":2}]}`, nil, 400},
		"no json":           {"POST", "/_sim/faults", `kind=notify_lost`, nil, 400},
		"other machine":     {"GET", "/_sim/truth", "", func(q *http.Request) { q.RemoteAddr = "192.168.1.4:5000" }, 403},
		"web page":          {"GET", "/_sim/pack", "", func(q *http.Request) { q.Header.Set("Origin", "http://127.0.0.1:8070") }, 403},
		"empty origin":      {"GET", "/_sim/pack", "", func(q *http.Request) { q.Header["Origin"] = []string{""} }, 403},
		"name of elsewhere": {"GET", "/_sim/truth", "", func(q *http.Request) { q.Host = "evil.example" }, 403},
		"by name":           {"GET", "/_sim/truth", "", func(q *http.Request) { q.Host = "localhost:8070" }, 200},
		"IPv6":              {"GET", "/_sim/truth", "", func(q *http.Request) { q.RemoteAddr, q.Host = "[::1]:5000", "[::1]:8070" }, 200},
	} {
		w := serveHTTP(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			if c.change != nil {
				c.change(q)
			}
			r.sim.Handler().ServeHTTP(w, q)
		}), c.method, c.path, "", c.body)
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, c.want, w.Body)
		}
	}
	pack, err := checkout.ParsePack(r.get("/_sim/pack").Body.Bytes())
	if err != nil || pack.SID != r.store.SID || pack.Certificate.Fingerprint() != r.store.Certificate.Fingerprint() {
		t.Errorf("pack: %v", err)
	}
}

// A phone gets pages and nothing else.
func TestPhoneGetsPagesOnly(t *testing.T) {
	r := newRig(t)
	phone := r.sim.PhoneHandler()
	for _, path := range []string{"/_sim/truth", "/_sim/pack", "/_sim/faults", "/"} {
		if w := serveHTTP(phone, http.MethodGet, path, "", ""); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	question := r.question(checkout.MethodStatus, "json", [2]string{"OrderID", "P1"})
	if w := serveHTTP(phone, http.MethodPost, "/vmp/checkout", formType, question.Encode()); w.Code != http.StatusNotFound {
		t.Errorf("question: %d", w.Code)
	}
	w := serveHTTP(phone, http.MethodPost, "/vmp/checkout", formType, r.form("P1", "45.00").Encode())
	if w.Code != http.StatusSeeOther {
		t.Fatalf("form: %d", w.Code)
	}
	page := serveHTTP(phone, http.MethodGet, w.Header().Get("Location"), "", "")
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), `name="pan"`) {
		t.Errorf("page: %d", page.Code)
	}
}

// Pages load nothing from anywhere and run nothing but the one script.
func TestPagesStandAlone(t *testing.T) {
	r := newRig(t)
	path := r.open(r.resign(r.form("P1", "45.00"), [2]string{"Article_1", `<img src=x onerror=alert(1)>`}))
	pages := map[string]string{"form": r.get(path).Body.String()}
	pages["declined"] = r.card(path, panDeclined).Body.String()
	pages["secure"] = r.card(path, panSecure).Body.String()
	pages["result"] = r.submit(path+"/cancel", nil).Body.String()
	pages["error"] = r.get("/vmp/checkout/pmnt/X").Body.String()
	for name, page := range pages {
		for _, bad := range []string{"src=", "@import", "url(", "<link", "onerror=alert(1)>", "ZgotmplZ"} {
			if strings.Contains(strings.ReplaceAll(page, "&lt;img src=x", ""), bad) {
				t.Errorf("%s has %s", name, bad)
			}
		}
		if n := strings.Count(page, "<style>"); n != 1 {
			t.Errorf("%s has %d style blocks", name, n)
		}
		if n := strings.Count(page, "<script>"); n != 0 && (name != "result" || n != 1) {
			t.Errorf("%s has %d scripts", name, n)
		}
		if len(page) > 20_000 {
			t.Errorf("%s has %d bytes", name, len(page))
		}
	}
	policy := r.get(path).Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.HasSuffix(policy, "form-action 'self' https://salon.example") {
		t.Errorf("policy: %s", policy)
	}
}

func FuzzGateway(f *testing.F) {
	r := newRig(f)
	good := r.form("P1", "45.00")
	f.Add(good.Encode())
	f.Add(change(good, "Amount", "0.01").Encode())
	f.Add(r.question(checkout.MethodRefund, "json", [2]string{"IPC_Trnref", "700001"}).Encode())
	f.Add("IPCmethod=IPCPurchase&Signature=")
	f.Add("%")
	f.Fuzz(func(t *testing.T, body string) {
		parsed, err := checkout.ParseForm([]byte(body))
		honest := err == nil && checkout.VerifyFields(parsed, r.sim.keys.merchant) == nil
		w := r.do(http.MethodPost, "/vmp/checkout", formType, body)
		if w.Code == http.StatusSeeOther && !honest {
			t.Fatal("a form that the merchant did not sign was accepted")
		}
		if _, err := io.Copy(io.Discard, w.Result().Body); err != nil {
			t.Fatal(err)
		}
	})
}
