package simulator

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/payments/checkout"
)

// A form that myPOS would refuse gets myPOS's number (spec 3.1, 5.1).
func TestStrictForms(t *testing.T) {
	long := strings.Repeat("x", 81)
	cases := map[string]struct {
		changes [][2]string
		code    string // "" is accepted
	}{
		"as it is":                {nil, ""},
		"no order":                {[][2]string{{"OrderID", drop}}, "1"},
		"no cart":                 {[][2]string{{"CartItems", drop}}, "1"},
		"no row":                  {[][2]string{{"Article_1", drop}}, "1"},
		"no language":             {[][2]string{{"IPCLanguage", drop}}, "1"},
		"no version":              {[][2]string{{"IPCVersion", drop}}, "1"},
		"no notify":               {[][2]string{{"URL_Notify", drop}}, "1"},
		"no token":                {[][2]string{{"CardTokenRequest", drop}}, "1"},
		"other store":             {[][2]string{{"SID", "000000000000099"}}, "4"},
		"other wallet":            {[][2]string{{"WalletNumber", "00000000001"}}, "4"},
		"other key":               {[][2]string{{"KeyIndex", "2"}}, "3"},
		"other version":           {[][2]string{{"IPCVersion", "2.0"}}, "5"},
		"partner without ids":     {[][2]string{{"IPCVersion", "1.4.1"}}, "1"},
		"partner":                 {[][2]string{{"IPCVersion", "1.4.1"}, {"ApplicationID", "mps-app-1"}, {"PartnerID", "mps-p-1"}}, ""},
		"long order":              {[][2]string{{"OrderID", long}}, "5"},
		"longest order":           {[][2]string{{"OrderID", long[1:]}}, ""},
		"amount of words":         {[][2]string{{"Amount", "many"}}, "5"},
		"comma":                   {[][2]string{{"Amount", "45,00"}}, "5"},
		"same amount":             {[][2]string{{"Amount", "45"}}, ""},
		"zero":                    {[][2]string{{"Amount", "0"}}, "9"},
		"negative":                {[][2]string{{"Amount", "-45.00"}}, "9"},
		"too much":                {[][2]string{{"Amount", "1000000.00"}}, "15"},
		"does not add up":         {[][2]string{{"Amount", "45.01"}}, "9"},
		"row does not multiply":   {[][2]string{{"Quantity_1", "2"}}, "9"},
		"half a piece":            {[][2]string{{"Quantity_1", "0.5"}}, "5"},
		"one point nought pieces": {[][2]string{{"Quantity_1", "1.0"}}, "5"},
		"no pieces":               {[][2]string{{"Quantity_1", "0"}}, "5"},
		"rows missing":            {[][2]string{{"CartItems", "2"}}, "1"},
		"no rows":                 {[][2]string{{"CartItems", "0"}}, "5"},
		"currency of a row":       {[][2]string{{"Currency_1", "USD"}}, "5"},
		"unknown currency":        {[][2]string{{"Currency", "XXX"}}, "25"},
		"old currency":            {[][2]string{{"Currency", "BGN"}, {"Currency_1", "BGN"}}, "25"},
		"http":                    {[][2]string{{"URL_Notify", "http://salon.example/n"}}, "5"},
		"private":                 {[][2]string{{"URL_Notify", "https://192.168.1.5/n"}}, "5"},
		"this machine":            {[][2]string{{"URL_OK", "https://localhost/ok"}}, "5"},
		"no address":              {[][2]string{{"URL_Cancel", "/cancel"}}, "5"},
		"store a card":            {[][2]string{{"CardTokenRequest", "2"}}, "10"},
		"strange methods":         {[][2]string{{"PaymentMethod", "9"}}, "5"},
		"several methods":         {[][2]string{{"PaymentMethod", "1,5"}}, ""},
		"payer missing":           {[][2]string{{"PaymentParametersRequired", "1"}}, "1"},
		"payer of no kind":        {[][2]string{{"PaymentParametersRequired", "7"}}, "5"},
		"extra field":             {[][2]string{{"trp-form-language", "bg"}}, ""},
	}
	r := newRig(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := r.post("/vmp/checkout-test", r.resign(r.form("P1", "45.00"), c.changes...))
			if got := errorCode(w); got != c.code {
				t.Errorf("error %q, want %q", got, c.code)
			}
			if opened := w.Code == http.StatusSeeOther; opened != (c.code == "") {
				t.Errorf("status %d", w.Code)
			}
		})
	}
}

func TestStrictSignature(t *testing.T) {
	r := newRig(t)
	f := r.form("P1", "45.00")
	for i := range f {
		if f[i].Name == "SID" || f[i].Name == "WalletNumber" || f[i].Name == "KeyIndex" || f[i].Name == "IPCmethod" {
			continue // refused before the signature is looked at
		}
		changed := append(checkout.Fields{}, f...)
		changed[i].Value += "A"
		if w := r.post("/vmp/checkout", changed); errorCode(w) != "2" {
			t.Errorf("%s changed: error %q, want 2", f[i].Name, errorCode(w))
		}
	}
	swapped := append(checkout.Fields{}, f...)
	swapped[7], swapped[8] = swapped[8], swapped[7]
	if w := r.post("/vmp/checkout", swapped); errorCode(w) != "2" {
		t.Errorf("two fields swapped: error %q, want 2", errorCode(w))
	}
	twice := r.resign(append(append(checkout.Fields{}, f...), checkout.Field{Name: "amount", Value: "1.00"}))
	if w := r.post("/vmp/checkout", twice); errorCode(w) != "5" {
		t.Errorf("a field twice: error %q, want 5", errorCode(w))
	}
}

func TestStrictBrowser(t *testing.T) {
	r := newRig(t)
	send := func(change func(http.Header)) string {
		q := httptest.NewRequest(http.MethodPost, "/vmp/checkout", strings.NewReader(r.form("P1", "45.00").Encode()))
		q.Header.Set("Content-Type", formType)
		q.Header.Set("User-Agent", "test")
		change(q.Header)
		w := httptest.NewRecorder()
		r.sim.Handler().ServeHTTP(w, q)
		return errorCode(w)
	}
	if got := send(func(h http.Header) { h.Del("User-Agent") }); got != "1" {
		t.Errorf("no User-Agent: error %q, want 1", got)
	}
	if got := send(func(h http.Header) { h.Set("Origin", "null") }); got != "6" {
		t.Errorf("page without an address: error %q, want 6", got)
	}
	if got := send(func(h http.Header) { h.Set("Origin", "https://salon.example") }); got != "" {
		t.Errorf("page of the shop: error %q", got)
	}
	if w := r.get("/vmp/checkout/pmnt/NOSUCHPAGE"); errorCode(w) != "23" {
		t.Errorf("unknown page: error %q, want 23", errorCode(w))
	}
}

func TestAddresses(t *testing.T) {
	cases := []struct {
		address         string
		public, private bool
	}{
		{"https://salon.example/n", true, true},
		{"https://salon.example:8443/n?x=1", true, true},
		{"http://salon.example/n", false, false},
		{"http://127.0.0.1:8080/n", false, true},
		{"http://localhost/n", false, true},
		{"http://[::1]:80/n", false, true},
		{"http://[::ffff:10.0.0.1]/n", false, true},
		{"http://192.168.0.9/n", false, true},
		{"http://172.16.0.9/n", false, true},
		{"http://8.8.8.8/n", false, false},
		{"https://8.8.8.8/n", true, true},
		{"https://10.1.2.3/n", false, true},
		{"https://user:pw@salon.example/n", false, false},
		{"https://salon.example/n#x", false, false},
		{"ftp://127.0.0.1/n", false, false},
		{"javascript:alert(1)", false, false},
		{"https:///n", false, false},
		{"/n", false, false},
		{"https://salon.example/" + strings.Repeat("n", maxAddress), false, false},
	}
	for _, c := range cases {
		if got := allowed(c.address, false); got != c.public {
			t.Errorf("%.60s: public %v", c.address, got)
		}
		if got := allowed(c.address, true); got != c.private {
			t.Errorf("%.60s: private %v", c.address, got)
		}
	}
}

const vectors = "../checkout/testdata/vectors"

// sandbox is a stand-in for the store everybody shares, so that requests made
// by official programs fit byte for byte.
func sandbox(t *testing.T) (*rig, *checkout.PrivateKey) {
	t.Helper()
	pem, err := os.ReadFile(filepath.Join(vectors, "sandbox_store_private_key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := checkout.ParsePrivateKey(pem)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, dir: t.TempDir(), shop: &shop{answer: ok}}
	r.start(func(c *Config) {
		c.Store = Store{SID: "000000000000010", Wallet: "61938166610", KeyIndex: 1, Key: key}
	})
	return r, key
}

// The PHP SDK's requests, byte for byte (spec 2.1), are accepted.
func TestFormsOfOfficialPrograms(t *testing.T) {
	r, key := sandbox(t)
	raw, err := os.ReadFile(filepath.Join(vectors, "outbound_requests.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Name      string
		Fields    [][2]string
		Signature string
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	purchases, questions := 0, 0
	for _, v := range all {
		var f checkout.Fields
		for _, x := range v.Fields {
			f = append(f, checkout.Field{Name: x[0], Value: x[1]})
		}
		w := r.post("/vmp/checkout-test", append(f, checkout.Field{Name: "Signature", Value: v.Signature}))
		if f.Value("IPCmethod") == checkout.MethodPurchase {
			purchases++
			if w.Code != http.StatusSeeOther {
				t.Errorf("%s: %d, error %s", v.Name, w.Code, errorCode(w))
				continue
			}
			if got := r.result(r.card(w.Header().Get("Location"), panApproved)); got.stage != "paid" {
				t.Errorf("%s: %+v", v.Name, got)
			}
			continue
		}
		questions++
		a, err := checkout.VerifyJSON(w.Body.Bytes(), r.store.Certificate)
		if err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
		// The refunds are for a payment this stand-in does not have.
		if a.Method == checkout.MethodRefund && a.Status != checkout.StatusInvalidParameters {
			t.Errorf("%s: status %d", v.Name, a.Status)
		}
	}
	if purchases != 2 || questions != 3 {
		t.Fatalf("%d purchases and %d questions in the vectors", purchases, questions)
	}
	if got := r.paymentState("SALON-0001"); got != 1 {
		t.Errorf("PaymentStatus of the PHP order: %d", got)
	}
	if w := r.post("/vmp/checkout-test", sign(t, key, jsForm())); w.Code != http.StatusSeeOther {
		t.Errorf("mypos-js: %d, error %s", w.Code, errorCode(w))
	}
}

// jsForm has the order and spellings of mypos-js (spec 2.1, 1.3).
func jsForm() checkout.Fields {
	return checkout.Fields{
		{Name: "IPCmethod", Value: "IPCPurchase"},
		{Name: "IPCVersion", Value: "1.4"},
		{Name: "IPCLanguage", Value: "EN"},
		{Name: "SID", Value: "000000000000010"},
		{Name: "walletnumber", Value: "61938166610"},
		{Name: "Amount", Value: "23.45"},
		{Name: "Currency", Value: "EUR"},
		{Name: "OrderID", Value: "JS-1"},
		{Name: "URL_OK", Value: "https://salon.example/ok"},
		{Name: "URL_CANCEL", Value: "https://salon.example/cancel"},
		{Name: "URL_Notify", Value: "https://salon.example/n"},
		{Name: "CardTokenRequest", Value: "0"},
		{Name: "keyindex", Value: "1"},
		{Name: "PaymentParametersRequired", Value: "1"},
		{Name: "PaymentMethod", Value: "1"},
		{Name: "customeremail", Value: "name@website.com"},
		{Name: "customerfirstnames", Value: "John"},
		{Name: "customerfamilyname", Value: "Smith"},
		{Name: "customerphone", Value: "+23568956958"},
		{Name: "customercountry", Value: "DEU"},
		{Name: "customercity", Value: "Hamburg"},
		{Name: "customerzipcode", Value: "20095"},
		{Name: "customeraddress", Value: "Kleine Bahnstr. 41"},
		{Name: "Note", Value: ""},
		{Name: "CartItems", Value: "2"},
		{Name: "Article_1", Value: "Cut"},
		{Name: "Quantity_1", Value: "2"},
		{Name: "Price_1", Value: "12.5"},
		{Name: "Currency_1", Value: "EUR"},
		{Name: "Amount_1", Value: "25"},
		{Name: "Article_2", Value: "Discount"},
		{Name: "Quantity_2", Value: "1"},
		{Name: "Price_2", Value: "-1.55"},
		{Name: "Currency_2", Value: "EUR"},
		{Name: "Amount_2", Value: "-1.55"},
	}
}

// An official plugin sends multipart/form-data (spec 1.2).
func TestMultipartQuestion(t *testing.T) {
	r := newRig(t)
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, x := range r.question(checkout.MethodStatus, "json", [2]string{"OrderID", "P1"}) {
		if err := m.WriteField(x.Name, x.Value); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	w := r.do(http.MethodPost, "/vmp/checkout", m.FormDataContentType(), body.String())
	if a, err := checkout.VerifyJSON(w.Body.Bytes(), r.store.Certificate); err != nil || a.Value("PaymentStatus") != "0" {
		t.Errorf("%v: %s", err, w.Body)
	}
}

// question is a signed server-to-server request.
func (r *rig) question(method, format string, fields ...[2]string) checkout.Fields {
	f := checkout.Fields{
		{Name: "IPCmethod", Value: method},
		{Name: "IPCVersion", Value: "1.4"},
		{Name: "SID", Value: r.store.SID},
		{Name: "WalletNumber", Value: r.store.Wallet},
		{Name: "KeyIndex", Value: "1"},
	}
	if format != "" {
		f = append(f, checkout.Field{Name: "OutputFormat", Value: format})
	}
	for _, x := range fields {
		f = append(f, checkout.Field{Name: x[0], Value: x[1]})
	}
	return sign(r.t, r.store.Key, f)
}

// An unknown caller gets an error that nobody signed (spec 2.4); a known one is
// always answered for.
func TestWhoIsAnswered(t *testing.T) {
	r := newRig(t)
	cases := map[string]struct {
		change [2]string
		status checkout.Status
		signed bool
	}{
		"other store":    {[2]string{"SID", "1"}, 4, false},
		"other wallet":   {[2]string{"WalletNumber", "1"}, 4, false},
		"other index":    {[2]string{"KeyIndex", "7"}, 3, false},
		"no store":       {[2]string{"SID", drop}, 1, false},
		"no method":      {[2]string{"IPCmethod", drop}, 1, false},
		"unknown method": {[2]string{"IPCmethod", "IPCSendMoney"}, 10, true},
		"no order":       {[2]string{"OrderID", drop}, 1, true},
		"bad format":     {[2]string{"IPCVersion", "9"}, 5, true},
		"fine":           {[2]string{"OrderID", "P9"}, 0, true},
	}
	for name, c := range cases {
		f := r.resign(r.question(checkout.MethodStatus, "json", [2]string{"OrderID", "P1"}), c.change)
		w := r.post("/vmp/checkout", f)
		a, err := checkout.VerifyJSON(w.Body.Bytes(), r.store.Certificate)
		if signed := err == nil; signed != c.signed {
			t.Errorf("%s: signed %v: %v", name, signed, err)
		}
		if c.signed && a.Status != c.status {
			t.Errorf("%s: status %d, want %d", name, a.Status, c.status)
		}
		if !c.signed && (strings.Contains(w.Body.String(), "Signature") || !strings.Contains(w.Body.String(), `"Status":`+itoa(int(c.status)))) {
			t.Errorf("%s: %s", name, w.Body)
		}
	}
	forged := r.question(checkout.MethodStatus, "json", [2]string{"OrderID", "P1"})
	w := r.post("/vmp/checkout", change(forged, "OrderID", "P2"))
	if a, err := checkout.VerifyJSON(w.Body.Bytes(), r.store.Certificate); err != nil || a.Status != 2 {
		t.Errorf("changed after signing: status %d, %v", a.Status, err)
	}
}
