package till

import (
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/merchant"
)

// standIn is a myPOS over TLS that answers as a test wants.
type standIn struct {
	*httptest.Server
	provider *checkout.PrivateKey
	pack     string

	mu     sync.Mutex
	answer func(w http.ResponseWriter, f checkout.Fields)
}

func newStandIn(t *testing.T) *standIn {
	t.Helper()
	s := &standIn{}
	var err error
	if s.provider, err = checkout.GenerateKey(rand.Reader, 1024); err != nil {
		t.Fatal(err)
	}
	key, err := checkout.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := s.provider.SelfSigned("myPOS", time.Now().Add(-time.Hour), time.Now().Add(time.Hour), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := checkout.Store{SID: "12345", Wallet: "4000", KeyIndex: 1, Key: key, Certificate: cert}.Pack()
	if err != nil {
		t.Fatal(err)
	}
	s.pack = string(raw)
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		f, err := checkout.ParseForm(body)
		if err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		answer := s.answer
		s.mu.Unlock()
		answer(w, f)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *standIn) says(answer func(http.ResponseWriter, checkout.Fields)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// status answers with a code, signed or not. Code 0 is the answer about an order
// that does not exist.
func (s *standIn) status(t *testing.T, code checkout.Status, signed bool) func(http.ResponseWriter, checkout.Fields) {
	provider := s.provider
	return func(w http.ResponseWriter, f checkout.Fields) {
		root := []checkout.Node{
			{Name: "IPCMethod", Kind: checkout.String, Text: checkout.MethodStatus},
			{Name: "OrderID", Kind: checkout.String, Text: f.Value("OrderID")},
			{Name: "Status", Kind: checkout.Number, Text: strconv.Itoa(int(code))},
			{Name: "StatusMsg", Kind: checkout.String, Text: code.Name()},
		}
		if code == checkout.StatusSuccess {
			root = append(root, checkout.Node{Name: "PaymentStatus", Kind: checkout.String, Text: "0"})
		}
		raw, err := checkout.PrintJSON(root)
		if signed {
			raw, err = checkout.SignJSON(provider, root)
		}
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(raw)
	}
}

// desk is a Live desk whose myPOS is the stand-in.
func (s *standIn) desk(t *testing.T) *Desk {
	t.Helper()
	cfg := config(t, t.TempDir())
	cfg.Mode, cfg.HTTP = payments.Live, s.Client()
	cfg.mypos = addresses{checkout: s.URL + "/vmp/checkout", own: true, rest: merchant.Hosts{Auth: s.URL, Transactions: s.URL, Devices: s.URL}}
	t.Cleanup(s.Client().CloseIdleConnections)
	return open(t, cfg)
}

func row(rows []setup.Row, step string) setup.Row {
	for _, r := range rows {
		if r.Step == step {
			return r
		}
	}
	return setup.Row{}
}

// TestConnectionAgainstEveryAnswer: all codes, signed and not, and everything
// else that may stand in the way, through the whole of Test connection. Nothing
// is ever stored by it.
func TestConnectionAgainstEveryAnswer(t *testing.T) {
	s := newStandIn(t)
	d := s.desk(t)
	draft := setup.Draft{Pack: s.pack, OnlinePayments: true}
	try := func(name string, answer func(http.ResponseWriter, checkout.Fields), result setup.Result, code string) {
		t.Helper()
		s.says(answer)
		rows := d.TestConnection(t.Context(), draft, nil)
		got := row(rows, setup.StepAccount)
		if got.Result != result || code != "" && got.Code != code || result == setup.Works && got.Code != "" {
			t.Errorf("%s: %+v, want %s %q", name, got, result, code)
		}
		for _, step := range []string{setup.StepKey, setup.StepCertificate} {
			if r := row(rows, step); r.Result != setup.Works {
				t.Errorf("%s: %+v", name, r)
			}
		}
		if r := row(rows, setup.StepNotify); r.Result != setup.Unsure || r.Code != "check.no_relay" {
			t.Errorf("%s: %+v", name, r)
		}
		if r := row(rows, setup.StepToken); r.Result != setup.NotUsed {
			t.Errorf("%s: %+v", name, r)
		}
	}
	for _, code := range checkout.Statuses() {
		want := setup.Judge(checkout.Trial{
			Signed: true, Status: code, Err: &payments.Error{Op: "t", Code: code.Code(), Err: payments.ErrRefused},
		}, payments.Live)
		if code == checkout.StatusSuccess {
			want.Result, want.Code = setup.Works, ""
		}
		try("signed "+code.Name(), s.status(t, code, true), want.Result, want.Code)
		bare := setup.Judge(checkout.Trial{
			Status: code, Err: &payments.Error{Op: "t", Code: "answer.unsigned", Err: payments.ErrUnknown},
		}, payments.Live)
		try("unsigned "+code.Name(), s.status(t, code, false), bare.Result, bare.Code)
	}
	late := func(off time.Duration) func(http.ResponseWriter, checkout.Fields) {
		return func(w http.ResponseWriter, f checkout.Fields) {
			w.Header().Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
			s.status(t, 0, true)(w, f)
		}
	}
	try("clock behind", late(10*time.Minute), setup.Fix, "check.clock")
	try("clock a little ahead", late(-45*time.Second), setup.Unsure, "check.clock_near")
	try("captive portal", func(w http.ResponseWriter, _ checkout.Fields) {
		http.Redirect(w, &http.Request{Method: http.MethodGet}, "https://login.hotel.example/", http.StatusFound)
	}, setup.Fix, "check.portal")
	try("a filter's page", func(w http.ResponseWriter, _ checkout.Fields) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html>blocked</html>"))
	}, setup.Fix, "check.portal")
	try("a disturbance", func(w http.ResponseWriter, _ checkout.Fields) { http.Error(w, "down", http.StatusBadGateway) }, setup.Unsure, "check.down")
	try("cut off", func(http.ResponseWriter, checkout.Fields) { panic(http.ErrAbortHandler) }, setup.Unsure, "check.cut")
	other, err := checkout.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	own := s.provider
	s.provider = other
	try("another certificate", s.status(t, 0, true), setup.Fix, "check.other_certificate")
	s.provider = own
	if c := d.Connection(); c.SID != "" {
		t.Errorf("a test stored %+v", c)
	}
}

// TestConnectionThroughSomebodyElse: whoever opens safe connections on the way is
// named, and without a network that is said.
func TestConnectionThroughSomebodyElse(t *testing.T) {
	s := newStandIn(t)
	s.says(s.status(t, 0, true))
	cfg := config(t, t.TempDir()) // trusts nobody the stand-in could show
	cfg.Mode = payments.Live
	cfg.mypos = addresses{checkout: s.URL + "/vmp/checkout", own: true, rest: merchant.Production()}
	d := open(t, cfg)
	draft := setup.Draft{Pack: s.pack, OnlinePayments: true}
	if r := row(d.TestConnection(t.Context(), draft, nil), setup.StepAccount); r.Code != "check.intercepted" {
		t.Errorf("%+v", r)
	}
	s.Close()
	if r := row(d.TestConnection(t.Context(), draft, nil), setup.StepAccount); r.Code != "check.unreachable" {
		t.Errorf("%+v", r)
	}
}

// TestConnectionOfWrongFields: nothing is asked, and each problem stands at its
// step.
func TestConnectionOfWrongFields(t *testing.T) {
	s := newStandIn(t)
	s.says(func(http.ResponseWriter, checkout.Fields) { t.Error("myPOS was asked") })
	d := s.desk(t)
	rows := d.TestConnection(t.Context(), setup.Draft{
		SID: "12345", Wallet: "x", KeyIndex: "1", PrivateKey: "junk", Relay: "http://pay.example", EnableAPI: true,
	}, nil)
	for step, code := range map[string]string{
		setup.StepKey: "paste.unknown", setup.StepCertificate: "certificate.none", setup.StepAccount: "wallet.letters",
		setup.StepNotify: "relay.https", setup.StepToken: "api.id_missing", setup.StepDevices: "check.fields_first",
	} {
		if r := row(rows, step); r.Code != code || r.Result == setup.Works {
			t.Errorf("%s: %+v, want %s", step, r, code)
		}
	}
}

// TestSandboxInTheWrongMode: the public key of the sandbox is refused in Live,
// and a key of one's own in Test.
func TestSandboxInTheWrongMode(t *testing.T) {
	s := newStandIn(t)
	s.says(s.status(t, 0, true))
	sandbox, err := setup.Sandbox()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sandbox.Pack()
	if err != nil {
		t.Fatal(err)
	}
	live := s.desk(t)
	if err := live.Save(t.Context(), setup.Draft{Pack: string(raw)}, ""); payments.CodeOf(err) != "mode.sandbox_key" {
		t.Errorf("the sandbox in Live: %v", err)
	}
	cfg := config(t, t.TempDir())
	cfg.Mode = payments.Test
	test := open(t, cfg)
	if err := test.Save(t.Context(), setup.Draft{Pack: s.pack}, ""); payments.CodeOf(err) != "mode.own_key" {
		t.Errorf("an own key in Test: %v", err)
	}
	if c := test.Connection(); c.SID != sandbox.SID || c.KeyBits == 0 {
		t.Errorf("Test is not ready by itself: %+v", c)
	}
}
