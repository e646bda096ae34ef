package checkout

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: money.EUR} }

func order() Purchase {
	return Purchase{
		OrderID:   exampleOrder,
		Amount:    eur(4500),
		Cart:      []CartRow{{"Cut & dry", eur(4000)}, {"", eur(700)}, {"Discount", eur(-500)}, {"Tip", eur(300)}},
		Note:      "first\nvisit",
		Language:  "de-AT",
		Source:    "Frontdesk 0.1.0",
		URLOK:     "https://pay.salon.example/ok",
		URLCancel: "https://pay.salon.example/cancel",
		URLNotify: "https://pay.salon.example/n/7ZZZ",
		ExpiresIn: 15 * time.Minute,
	}
}

func TestPurchaseForm(t *testing.T) {
	s := sandboxStore(t)
	got, err := s.PurchaseForm(order())
	if err != nil {
		t.Fatal(err)
	}
	want := Fields{
		{"IPCmethod", "IPCPurchase"},
		{"IPCVersion", "1.4"},
		{"IPCLanguage", "DE"},
		{"SID", "000000000000010"},
		{"WalletNumber", "61938166610"},
		{"KeyIndex", "1"},
		{"Source", "Frontdesk 0.1.0"},
		{"Currency", "EUR"},
		{"Amount", "45.00"},
		{"OrderID", exampleOrder},
		{"URL_OK", "https://pay.salon.example/ok"},
		{"URL_Cancel", "https://pay.salon.example/cancel"},
		{"URL_Notify", "https://pay.salon.example/n/7ZZZ"},
		{"Note", "first visit"},
		{"expires_in", "900"},
		{"CartItems", "4"},
		{"Article_1", "Cut + dry"},
		{"Quantity_1", "1"},
		{"Price_1", "40.00"},
		{"Amount_1", "40.00"},
		{"Currency_1", "EUR"},
		{"Article_2", "Salon services"},
		{"Quantity_2", "1"},
		{"Price_2", "7.00"},
		{"Amount_2", "7.00"},
		{"Currency_2", "EUR"},
		{"Article_3", "Discount"},
		{"Quantity_3", "1"},
		{"Price_3", "-5.00"},
		{"Amount_3", "-5.00"},
		{"Currency_3", "EUR"},
		{"Article_4", "Tip"},
		{"Quantity_4", "1"},
		{"Price_4", "3.00"},
		{"Amount_4", "3.00"},
		{"Currency_4", "EUR"},
		{"CardTokenRequest", "0"},
		{"PaymentParametersRequired", "3"},
	}
	if diff := cmp.Diff(want, got[:len(got)-1]); diff != "" {
		t.Error(diff)
	}
	signed, err := Sign(s.Key, want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(signed, got); diff != "" {
		t.Error(diff)
	}
}

func TestPurchaseFormOfPartnersAndOtherCurrencies(t *testing.T) {
	s := sandboxStore(t)
	s.AppID, s.PartnerID = "mps-app-1", "mps-p-1"
	p := order()
	p.Cart, p.Note, p.Source, p.ExpiresIn, p.Language = nil, " \n ", "", 0, "tlh"
	p.Amount = money.Amount{Minor: 450_000, Currency: money.HUF}
	f, err := s.PurchaseForm(p)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"IPCVersion": "1.4.1", "ApplicationID": "mps-app-1", "PartnerID": "mps-p-1", "IPCLanguage": "EN",
		"Amount": "4500", "Price_1": "4500", "Amount_1": "4500", "CartItems": "1", "Article_1": "Salon services",
	} {
		if got, ok := f.Get(name); !ok || got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"Note", "expires_in", "Source", "PaymentMethod", "CustomerEmail"} {
		if v, ok := f.Get(name); ok {
			t.Errorf("%s is sent as %q", name, v)
		}
	}
}

func TestPurchasesThatMustNotBecomeForms(t *testing.T) {
	s := sandboxStore(t)
	tests := []struct {
		name   string
		change func(*Purchase)
		code   string
	}{
		{"no order id", func(p *Purchase) { p.OrderID = "" }, "order.id"},
		{"long order id", func(p *Purchase) { p.OrderID = strings.Repeat("x", 81) }, "order.id"},
		{"order id with a blank", func(p *Purchase) { p.OrderID = "a b" }, "order.id"},
		{"order id with letters of elsewhere", func(p *Purchase) { p.OrderID = "заказ" }, "order.id"},
		{"nothing", func(p *Purchase) { p.Amount.Minor = 0 }, "amount.zero"},
		{"below nothing", func(p *Purchase) { p.Amount.Minor = -1 }, "amount.negative"},
		{"too much", func(p *Purchase) { p.Amount.Minor = 100_000_000 }, "amount.limit"},
		{"old money", func(p *Purchase) { p.Amount.Currency = money.BGN }, "currency.legacy"},
		{"no money", func(p *Purchase) { p.Amount.Currency = "XXX" }, "currency.unknown"},
		{"half a forint", func(p *Purchase) { p.Amount = money.Amount{Minor: 50, Currency: money.HUF} }, "amount.step"},
		{"a cent short", func(p *Purchase) { p.Cart[0].Price.Minor-- }, "order.sum"},
		{"rows in two currencies", func(p *Purchase) { p.Cart[0].Price.Currency = money.USD }, "amount.mixed"},
		{"a row over the limit", func(p *Purchase) {
			p.Cart = []CartRow{{"a", eur(100_000_000)}, {"b", eur(4500 - 100_000_000)}}
		}, "amount.limit"},
		{"half forints in rows", func(p *Purchase) {
			p.Amount = money.Amount{Minor: 100, Currency: money.HUF}
			half := CartRow{"a", money.Amount{Minor: 50, Currency: money.HUF}}
			p.Cart = []CartRow{half, half}
		}, "amount.step"},
		{"too many rows", func(p *Purchase) { p.Cart = make([]CartRow, 101) }, "order.rows"},
		{"card number in the note", func(p *Purchase) { p.Note = "card 4111 1111 1111 1111" }, "note.card"},
		{"card number in a label", func(p *Purchase) { p.Cart[0].Article = "4111-1111-1111-1111" }, "note.card"},
		{"plain address", func(p *Purchase) { p.URLNotify = "http://pay.salon.example/n" }, "order.address"},
		{"address with a query", func(p *Purchase) { p.URLOK = "https://pay.salon.example/ok?a=b" }, "order.address"},
		{"address with a bare question mark", func(p *Purchase) { p.URLOK = "https://pay.salon.example/ok?" }, "order.address"},
		{"address with a fragment", func(p *Purchase) { p.URLOK = "https://pay.salon.example/ok#x" }, "order.address"},
		{"address with a name", func(p *Purchase) { p.URLOK = "https://u@pay.salon.example/ok" }, "order.address"},
		{"no address", func(p *Purchase) { p.URLCancel = "" }, "order.address"},
		{"a script", func(p *Purchase) { p.URLCancel = "javascript:alert(1)" }, "order.address"},
		{"expired", func(p *Purchase) { p.ExpiresIn = -time.Second }, "order.expiry"},
		{"half a second", func(p *Purchase) { p.ExpiresIn = time.Second / 2 }, "order.expiry"},
		{"eight days", func(p *Purchase) { p.ExpiresIn = 8 * 24 * time.Hour }, "order.expiry"},
	}
	for _, tt := range tests {
		p := order()
		tt.change(&p)
		f, err := s.PurchaseForm(p)
		if f != nil || !errors.Is(err, ErrPurchase) || payments.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want code %q", tt.name, err, tt.code)
		}
	}
	if _, err := (Store{}).PurchaseForm(order()); !errors.Is(err, ErrPack) {
		t.Errorf("an empty store: %v", err)
	}
}

func TestAddressesOfPractice(t *testing.T) {
	s := sandboxStore(t)
	for address, fine := range map[string]bool{
		"http://127.0.0.1:4000/ok": true, "http://localhost:4000/ok": true, "http://192.168.1.7:4000/ok": true,
		"http://10.0.0.2/ok": true, "http://[::1]:4000/ok": true, "http://8.8.8.8/ok": false, "http://localhost.evil.example/ok": false,
	} {
		p := order()
		p.URLOK = address
		if _, err := s.PurchaseForm(p); (err == nil) != fine {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestPurchaseFormsAreAlwaysSafeToSend(t *testing.T) {
	s := sandboxStore(t)
	merchant := &Certificate{key: &s.Key.key.PublicKey}
	rapid.Check(t, func(t *rapid.T) {
		p := order()
		p.Note, p.Language, p.Source = rapid.String().Draw(t, "note"), rapid.String().Draw(t, "language"), rapid.String().Draw(t, "source")
		p.Cart, p.Amount.Minor = nil, 0
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			row := CartRow{rapid.String().Draw(t, "label"), eur(rapid.Int64Range(-1000, 100_000).Draw(t, "price"))}
			p.Cart = append(p.Cart, row)
			p.Amount.Minor += row.Price.Minor
		}
		f, err := s.PurchaseForm(p)
		if err != nil {
			if code := payments.CodeOf(err); code != "note.card" && code != "amount.zero" && code != "amount.negative" {
				t.Fatal(err)
			}
			return
		}
		var rows int64
		for _, x := range f {
			if strings.ContainsAny(x.Value, "&<>\"'\r\n") {
				t.Fatalf("%s is sent as %q", x.Name, x.Value)
			}
			if strings.HasPrefix(x.Name, "Amount_") {
				a, err := money.ParseCheckout(x.Value, money.EUR)
				if err != nil {
					t.Fatal(err)
				}
				rows += a.Minor
			}
		}
		if rows != p.Amount.Minor {
			t.Fatalf("rows add up to %d of %d", rows, p.Amount.Minor)
		}
		posted, err := ParseForm([]byte(f.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(f, posted); diff != "" {
			t.Fatal(diff)
		}
		if err := VerifyFields(posted, merchant); err != nil {
			t.Fatal(err)
		}
	})
}

func TestRefundFormOfTheSDK(t *testing.T) {
	s := sandboxStore(t)
	f, err := s.RefundForm(RefundRequest{
		Reference: "410227", OrderID: "SALON-0001-R1", Amount: eur(1025), Language: "en", Source: "SDK_PHP_1.3.1",
	})
	if err != nil {
		t.Fatal(err)
	}
	var want Fields
	for _, o := range outboundVectors(t) {
		if strings.HasPrefix(o.Name, "V4 ") {
			want = o.fields()
		}
	}
	want = want[:len(want)-2] // the SDK sends two empty partner fields
	want[2].Value = "EN"
	if diff := cmp.Diff(want, f[:len(f)-1]); diff != "" {
		t.Error(diff)
	}
}

func ExampleStore_PurchaseForm() {
	store, err := ParsePack(exampleFile("sandbox_configuration_pack.txt"))
	if err != nil {
		fmt.Println(err)
		return
	}
	form, err := store.PurchaseForm(Purchase{
		OrderID:   "P0123456789ABCDEFGHJ",
		Amount:    money.Amount{Minor: 4500, Currency: money.EUR},
		Cart:      []CartRow{{"Cut", money.Amount{Minor: 4500, Currency: money.EUR}}},
		URLOK:     "https://pay.salon.example/ok",
		URLCancel: "https://pay.salon.example/cancel",
		URLNotify: "https://pay.salon.example/n/STORE",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range form[6:12] {
		fmt.Println(f.Name, f.Value)
	}
	// Output:
	// Currency EUR
	// Amount 45.00
	// OrderID P0123456789ABCDEFGHJ
	// URL_OK https://pay.salon.example/ok
	// URL_Cancel https://pay.salon.example/cancel
	// URL_Notify https://pay.salon.example/n/STORE
}

func ExampleSign() {
	key, err := ParsePrivateKey(exampleFile("sandbox_store_private_key.pem"))
	if err != nil {
		fmt.Println(err)
		return
	}
	signed, err := Sign(key, Fields{{"IPCmethod", "IPCGetPaymentStatus"}, {"OrderID", "SALON-0001"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(signed.Encode()[:71])
	// Output:
	// IPCmethod=IPCGetPaymentStatus&OrderID=SALON-0001&Signature=LXal8EoAfNGK
}
