package charge_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/app"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/charge"
)

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

// press plays a line of keys: digits, marks, +, - and the words in angle
// brackets of the pad.
func press(p charge.Pad, keys string) charge.Pad {
	for _, r := range keys {
		switch r {
		case '+':
			p = p.AddLine()
		case '<':
			p = p.Backspace()
		case 'C':
			p = p.ClearLine()
		case 'D':
			p = p.DoubleZero()
		default:
			p = p.Type(r)
		}
	}
	return p
}

func TestTyping(t *testing.T) {
	for _, tt := range []struct {
		keys    string
		total   int64
		lines   int
		trouble string
		check   string
	}{
		{"", 0, 0, "", "amount.zero"},
		{"4500", 4500, 1, "", ""},
		{"45,00", 4500, 1, "", ""},
		{"45.00", 4500, 1, "", ""},
		{"45D", 4500, 1, "", ""},
		{"45", 45, 1, "", ""},
		{"2500+2000", 4500, 2, "", ""},
		{"2500++2000", 4500, 2, "", ""},
		{"+", 0, 0, "", "amount.zero"},
		{"2500+<20", 250020, 1, "", ""}, // backspace on an empty line takes the line away
		{"4599<<00", 4500, 1, "", ""},
		{"45C12", 12, 1, "", ""},
		{"2500+500-", 2000, 2, "", ""},
		{"500-", -500, 1, "", "amount.negative"},
		{"500--", 500, 1, "", ""},
		// What was meant otherwise than it is read is not charged before somebody looked.
		{"45,,", 4500, 1, "amount.marks", "amount.look"},
		{"45,001", 4500, 1, "amount.decimals", "amount.look"},
		{"1.234", 123, 1, "amount.decimals", "amount.look"},
		{"1.234,50", 123, 1, "amount.decimals", "amount.look"},
		{"1,234.50", 123, 1, "amount.decimals", "amount.look"},
		{"1,2,5", 120, 1, "amount.marks", "amount.look"},
		{"4x", 4, 1, "amount.text", "amount.look"},
		{"12٫5", 12, 1, "amount.text", "amount.look"},
		{"1'234", 1, 1, "amount.text", "amount.look"},
		{"12\u00a0345", 12, 1, "amount.text", "amount.look"},
		{"1e3", 1, 1, "amount.text", "amount.look"},
		{"٤٥", 0, 0, "amount.text", "amount.zero"},
		{"4006381333931", 40063813, 1, "amount.limit", "amount.look"}, // the code on a bottle
		{"9999999D", 9999999, 1, "amount.limit", "amount.look"},
		{"1,234+500", 123, 1, "amount.decimals", "amount.look"},
		{"1,234-", -123, 1, "amount.decimals", "amount.look"},
		{"1,234<", 123, 1, "", ""},
		{"1,234<<4", 124, 1, "", ""},
		{"1,234C1234", 1234, 1, "", ""},
		{"€45", 45, 1, "", ""},
		{"0045", 45, 1, "", ""},
		{"0,50", 50, 1, "", ""},
		{",50", 50, 1, "", ""},
		{"999999999", 99999999, 1, "amount.limit", "amount.look"},
		{"99999999+1", 100000000, 2, "", "amount.limit"},
		{"000", 0, 0, "", "amount.zero"},
	} {
		p := press(charge.NewPad("EUR"), tt.keys)
		total, err := p.Total()
		if err != nil || total != eur(tt.total) || len(p.Lines()) != tt.lines {
			t.Errorf("%q: %v in %d lines, %v; want %d in %d", tt.keys, total, len(p.Lines()), err, tt.total, tt.lines)
		}
		if p.Trouble != tt.trouble || p.Check() != tt.check {
			t.Errorf("%q: trouble %q check %q, want %q and %q", tt.keys, p.Trouble, p.Check(), tt.trouble, tt.check)
		}
	}
}

func TestWholeUnitCurrency(t *testing.T) {
	p := press(charge.NewPad("HUF"), "4500")
	if total, _ := p.Total(); total.Decimal() != "4500.00" && total.Decimal() != "4500" {
		t.Errorf("4500 forint became %s", total.Decimal())
	}
	if q := press(p, ".50"); q.Trouble != "amount.step" || q.Check() != "amount.look" || q.Items[0].Amount() != p.Items[0].Amount() {
		t.Errorf("a part of a forint: %q, %q, %v", q.Trouble, q.Check(), q.Items[0].Amount())
	}
	if p = p.Type(','); p.Trouble != "amount.step" {
		t.Errorf("a comma in forint: %q", p.Trouble)
	}
}

func TestFavourites(t *testing.T) {
	cut := charge.Favourite{Label: "Cut", Amount: eur(2500), Icon: "scissors", Color: "blush"}
	dry := charge.Favourite{Label: "Blow-dry", Amount: eur(2000), Icon: "dryer", Color: "mist"}
	p := charge.NewPad("EUR").AddFavourite(cut).AddFavourite(dry)
	want := []app.Line{{Label: "Cut", Amount: eur(2500)}, {Label: "Blow-dry", Amount: eur(2000)}}
	if d := cmp.Diff(want, p.Lines()); d != "" {
		t.Error(d)
	}
	// The first digit replaces a favourite's price, the second goes on.
	p = press(p, "1800")
	if got := p.Lines()[1].Amount; got != eur(1800) {
		t.Errorf("typing over a favourite gave %v", got)
	}
	if p = p.Remove(0); len(p.Items) != 1 || p.Active != 0 || p.Items[0].Label != "Blow-dry" {
		t.Errorf("after removing the first: %+v", p)
	}
	foreign := charge.Favourite{Label: "Cut", Amount: money.Amount{Minor: 2500, Currency: "CHF"}}
	if q := p.AddFavourite(foreign); q.Trouble != "amount.currency" || len(q.Items) != 1 {
		t.Errorf("a favourite in another currency: %+v", q)
	}
}

// Whatever is pressed: the total is the sum of the lines, the active line
// exists, and the pad before is untouched (undo depends on it).
func TestPadHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.StringOfN(rapid.RuneFrom([]rune("0123456789.,+-<CDx")), 0, 40, -1).Draw(t, "keys")
		p := charge.NewPad("EUR")
		for _, k := range keys {
			before := append([]app.Line(nil), p.Lines()...)
			next := press(p, string(k))
			if d := cmp.Diff(before, append([]app.Line(nil), p.Lines()...)); d != "" {
				t.Fatalf("%q changed the pad before: %s", k, d)
			}
			p = next
			if len(p.Items) > 0 && (p.Active < 0 || p.Active >= len(p.Items)) {
				t.Fatalf("active %d of %d", p.Active, len(p.Items))
			}
			sum := int64(0)
			for _, l := range p.Lines() {
				sum += l.Amount.Minor
			}
			if total, err := p.Total(); err != nil || total.Minor != sum {
				t.Fatalf("total %v, sum %d, %v", total, sum, err)
			}
			if p.Check() == "" && (sum <= 0 || sum > 99999999) {
				t.Fatalf("%d may be charged", sum)
			}
		}
	})
}
