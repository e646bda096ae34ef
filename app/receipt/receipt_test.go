package receipt_test

import (
	"bytes"
	"errors"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/app"
	"frontdesk/app/receipt"
	"frontdesk/app/settings"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

var update = flag.Bool("update", false, "write the golden files anew")

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: money.EUR} }

func sofia() *time.Location { return time.FixedZone("EET", 2*60*60) }

func mirabelle() settings.Salon {
	return settings.Salon{Name: "Salon Mirabelle", Shop: settings.Shop{
		Street: "ul. Vitosha 12", City: "1000 Sofia", VATID: "BG123456789", Phone: "+359 2 123 4567", Footer: "Thank you for your visit.\nSee you soon.",
	}}
}

func config(mode payments.Mode, language string) receipt.Config {
	return receipt.Config{
		Salon: mirabelle(), Mode: mode, Zone: sofia(), Language: language, VAT: 2000,
		Paid: time.Date(2026, 11, 21, 12, 33, 6, 0, time.UTC),
	}
}

// sold is a sale of two lines and a discount, paid with a QR code.
func sold() app.Sale {
	return app.Sale{
		ID: "7K3M9QWX12ABCDEF", State: app.Paid, Amount: eur(8000), Operator: "Nora", Created: time.Date(2026, 11, 21, 12, 30, 0, 0, time.UTC),
		Lines: []app.Line{{Label: "Cut", Amount: eur(2500)}, {Label: "Colour with a very long name that does not fit on a narrow line", Amount: eur(6000)}, {Amount: eur(-500)}},
		Attempts: []app.Attempt{
			{ID: "A0", Rail: payments.RailTerminal, State: app.Declined, Amount: eur(8000), Device: "t", CardLast4: "9999"},
			{ID: "A1", Rail: payments.RailLink, State: app.Paid, Amount: eur(8000), CardLast4: "4242", Reference: "813705"},
		},
	}
}

// swiped is a sale on a terminal, with a tip, partly refunded.
func swiped() app.Sale {
	return app.Sale{
		ID: "B2C4D6F8G0H1J3K5", State: app.PartRefunded, Amount: eur(4500), Operator: "Nora", Created: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC),
		Lines: []app.Line{{Label: "Föhnen & Styling", Amount: eur(4000)}, {Label: "Tip", Amount: eur(500)}},
		Attempts: []app.Attempt{{
			ID: "A1", Rail: payments.RailTerminal, State: app.PartRefunded, Amount: eur(4500), Tip: eur(500), Device: "t1", DeviceLabel: "Terminal Theke",
			CardLast4: "4242424242421881", CardName: "Visa", AuthCode: "A1B2C3", Reference: "633012345678",
			Refunds: []app.Refund{
				{OrderID: "R1", Amount: eur(1500), State: app.RefundDone, Operator: "Iva", Asked: time.Date(2026, 11, 21, 15, 0, 0, 0, time.UTC), Settled: time.Date(2026, 11, 21, 15, 0, 4, 0, time.UTC), Reference: "633099999999"},
				{OrderID: "R2", Amount: eur(500), State: app.RefundUnknown, Asked: time.Date(2026, 11, 21, 16, 0, 0, 0, time.UTC)},
				{OrderID: "R3", Amount: eur(700), State: app.RefundFailed, Asked: time.Date(2026, 11, 21, 17, 0, 0, 0, time.UTC)},
			},
		}},
	}
}

// noted is a sale in cash.
func noted() app.Sale {
	return app.Sale{
		ID: "C3D5F7G9H2J4K6M8", State: app.Paid, Amount: eur(2000), Operator: "Нора", Created: time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC),
		Lines:    []app.Line{{Amount: eur(2000)}},
		Attempts: []app.Attempt{{ID: "A1", Rail: payments.RailCash, State: app.Paid, Amount: eur(2000)}},
	}
}

// cases are the receipts that golden files hold.
func cases(t *testing.T) map[string]receipt.Receipt {
	t.Helper()
	make := func(c receipt.Config, s app.Sale, k receipt.Kind) receipt.Receipt {
		r, err := receipt.New(c, s, k)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	bare := config(payments.Live, "en")
	bare.Salon, bare.VAT = settings.Salon{Name: "Salon"}, 0
	return map[string]receipt.Receipt{
		"en":          make(config(payments.Live, "en"), sold(), receipt.Kind{}),
		"bare":        make(bare, sold(), receipt.Kind{}),
		"de_practice": make(config(payments.Practice, "de"), swiped(), receipt.Kind{}),
		"de_refund":   make(config(payments.Live, "de"), swiped(), receipt.Kind{Refund: "R1"}),
		"bg_copy":     make(config(payments.Live, "bg"), noted(), receipt.Kind{Copy: true}),
		"bg_test":     make(config(payments.Test, "bg"), sold(), receipt.Kind{}),
		"specimen":    receipt.Specimen(config(payments.Live, "de")),
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		if utf8.Valid(got) {
			t.Errorf("%s:\n%s", name, cmp.Diff(string(want), string(got)))
			return
		}
		t.Errorf("%s differs: %d bytes, %d before; look at it and run with -update", name, len(got), len(want))
	}
}

func TestText(t *testing.T) {
	for name, r := range cases(t) {
		for width, suffix := range map[int]string{48: "", 32: "_narrow"} {
			lines := r.Text(width)
			for _, line := range lines {
				if utf8.RuneCountInString(line) > width {
					t.Errorf("%s: %q is longer than %d", name, line, width)
				}
			}
			golden(t, name+suffix+".txt", []byte(strings.Join(lines, "\n")+"\n"))
		}
	}
}

func TestOnlyProvenMoneyHasAReceipt(t *testing.T) {
	for _, state := range []app.State{
		app.Preparing, app.Offered, app.Opened, app.Declined, app.Withdrawn, app.Expired, app.NotCharged, app.Cancelling, app.Unknown, app.Reversed,
	} {
		s := noted()
		s.State, s.Attempts[0].State = state, state
		_, err := receipt.New(config(payments.Live, "en"), s, receipt.Kind{})
		if payments.CodeOf(err) != "receipt.unpaid" || !errors.Is(err, payments.ErrRefused) {
			t.Errorf("%s: %v", state, err)
		}
	}
	for refund, code := range map[string]string{"R2": "receipt.unsettled", "R3": "receipt.unsettled", "R9": "receipt.missing"} {
		_, err := receipt.New(config(payments.Live, "en"), swiped(), receipt.Kind{Refund: refund})
		if payments.CodeOf(err) != code {
			t.Errorf("%s: %v", refund, err)
		}
	}
}

// What a form of the receipt may hold of a card is its last four digits, and the
// word of the mode stands in every one of them.
func TestEveryFormIsMarkedAndHoldsNoCard(t *testing.T) {
	for _, mode := range []payments.Mode{payments.Practice, payments.Test, payments.Live} {
		r, err := receipt.New(config(mode, "en"), swiped(), receipt.Kind{})
		if err != nil {
			t.Fatal(err)
		}
		letter, err := url.PathUnescape(receipt.Mail(r, "customer@example.com").String())
		if err != nil {
			t.Fatal(err)
		}
		for form, text := range map[string]string{"text": strings.Join(r.Text(48), "\n"), "mail": letter} {
			if strings.Contains(text, "42424242") || !strings.Contains(text, "****1881") {
				t.Errorf("%s: %s", form, text)
			}
			marks := strings.Count(text, strings.ToUpper(string(mode))+": no real money")
			if want := map[bool]int{true: 0, false: 2}[mode == payments.Live]; marks < want || mode == payments.Live && marks > 0 {
				t.Errorf("%s %s: marked %d times", mode, form, marks)
			}
		}
	}
}

func TestTypedTextsCannotSteerAnything(t *testing.T) {
	s := noted()
	s.Lines[0].Label = "Cut\x1b@\x1dV\x00 \u202ereversed\r\nTOTAL 0.00 e\u0301"
	c := config(payments.Live, "en")
	c.Salon.Name = "Salon\nMirabelle\x00"
	r, err := receipt.New(c, s, receipt.Kind{})
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(r.Text(48), "")
	if strings.ContainsAny(all, "\x00\x1b\x1d\r\n\u202e") || !strings.Contains(all, "TOTAL 0.00 \u00e9") || r.Salon.Name != "Salon Mirabelle" {
		t.Errorf("%q", all)
	}
}

func TestVATIsInsideTheAmount(t *testing.T) {
	for _, tc := range []struct {
		rate              int
		total, net, taxed int64
	}{
		{2000, 8000, 6667, 1333}, // 1333.33
		{1900, 119, 100, 19},
		{700, 107, 100, 7},
		{2000, 3, 2, 1}, // 0.5 is rounded up
		{2000, 1, 1, 0},
		{770, 10770, 10000, 770},
		{5000, 99999999, 66666666, 33333333},
	} {
		s := noted()
		s.Amount, s.Lines[0].Amount, s.Attempts[0].Amount = eur(tc.total), eur(tc.total), eur(tc.total)
		c := config(payments.Live, "en")
		c.VAT = tc.rate
		r, err := receipt.New(c, s, receipt.Kind{})
		if err != nil {
			t.Fatal(err)
		}
		if r.VAT.Net != eur(tc.net) || r.VAT.Tax != eur(tc.taxed) || r.VAT.Gross != eur(tc.total) {
			t.Errorf("%d at %d: %+v", tc.total, tc.rate, r.VAT)
		}
	}
}

// However a sale goes back, in however many parts, its refunds carry its VAT, to
// the cent, and never anything of the tip or of what was paid too much.
func TestRefundsCarryTheVATOfTheirSale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(2, 200_000).Draw(t, "total")
		tip := rapid.Int64Range(0, total-1).Draw(t, "tip")
		twice := rapid.Bool().Draw(t, "paid twice")
		c := config(payments.Live, "en")
		c.VAT = rapid.IntRange(1, settings.MaxVAT).Draw(t, "rate")
		s := app.Sale{
			ID: "7K3M9QWX12ABCDEF", Amount: eur(total), Lines: []app.Line{{Amount: eur(total)}},
			Attempts: []app.Attempt{{Rail: payments.RailTerminal, State: app.PartRefunded, Amount: eur(total), Tip: eur(tip)}},
		}
		left := total
		if twice {
			s.Attempts = append(s.Attempts, app.Attempt{Rail: payments.RailLink, State: app.Paid, Amount: eur(total)})
			left += total
		}
		var orders []string
		for i := 0; left > 0; i++ {
			part := rapid.Int64Range(1, left).Draw(t, "part")
			left -= part
			id := string(rune('A' + i%26))
			id += strings.Repeat("x", i/26)
			orders = append(orders, id)
			s.Attempts[0].Refunds = append(s.Attempts[0].Refunds, app.Refund{OrderID: id, Amount: eur(part), State: app.RefundDone, Asked: time.Unix(int64(1000+i), 0)})
		}
		sale, err := receipt.New(c, s, receipt.Kind{})
		if err != nil {
			t.Fatal(err)
		}
		var tax, gross int64
		for _, id := range orders {
			r, err := receipt.New(c, s, receipt.Kind{Refund: id})
			if err != nil {
				t.Fatal(err)
			}
			if r.VAT.Tax.Minor < 0 || r.VAT.Net.Minor < 0 || r.VAT.Gross.Minor > r.Total.Minor {
				t.Fatalf("a part: %+v of %v", r.VAT, r.Total)
			}
			tax, gross = tax+r.VAT.Tax.Minor, gross+r.VAT.Gross.Minor
		}
		if tax != sale.VAT.Tax.Minor || gross != total-tip {
			t.Fatalf("refunds carry %d of %d, the sale %+v", tax, gross, sale.VAT)
		}
	})
}

// A line is never longer than the paper and loses no letter.
func TestTextKeepsEveryLetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		label := rapid.StringOfN(rapid.RuneFrom([]rune("aБß é\t9")), 0, 90, -1).Draw(t, "label")
		width := rapid.IntRange(0, 60).Draw(t, "width")
		s := noted()
		s.Lines[0].Label = label
		r, err := receipt.New(config(payments.Live, "en"), s, receipt.Kind{})
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, line := range r.Text(width) {
			if n := utf8.RuneCountInString(line); n > max(width, 16) {
				t.Fatalf("%q has %d letters", line, n)
			}
			all.WriteString(line)
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if !strings.Contains(squeeze(all.String()), squeeze(label)) {
			t.Fatalf("%q is not in %q", label, all.String())
		}
	})
}

func TestMail(t *testing.T) {
	r := cases(t)["bg_test"]
	u := receipt.Mail(r, "Iva <iva@example.com>\r\nBcc: x@example.com")
	raw := u.String()
	if u.Scheme != "mailto" || strings.ContainsAny(raw, "+\r\n <>") || len(raw) > 2000 {
		t.Errorf("%d bytes: %s", len(raw), raw)
	}
	back, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	q, err := url.ParseQuery(back.RawQuery)
	if err != nil || len(q) != 2 || !strings.Contains(q.Get("subject"), "80,00 EUR, Salon Mirabelle") || !strings.Contains(q.Get("body"), "ОБЩО: 80,00 EUR\r\n") {
		t.Errorf("%v, %v", q, err)
	}
}
