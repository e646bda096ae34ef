package receipt_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/receipt"
	"frontdesk/app/settings"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

func sheet(language string) receipt.Sheet {
	return receipt.Sheet{Salon: mirabelle(), Mode: payments.Live, Zone: sofia(), Language: language, Made: time.Date(2026, 11, 21, 18, 2, 0, 0, time.UTC), Desk: "Empfang"}
}

// busy is a closed day with something to look at.
func busy(mode payments.Mode) day.Report {
	r := day.Report{
		Mode: mode, Day: "2026-11-21", Zone: "Europe/Sofia", Agrees: true,
		From: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC),
		Totals: []app.DayTotal{
			{Currency: money.EUR, Payments: 124500, Refunds: -4500, Back: -2500, Tips: 3000, Count: 27},
			{Currency: money.CHF, Payments: 5000, Count: 1},
		},
		Ways: []day.Share{
			{Rail: payments.RailLink, Count: 15, Taken: eur(70000), Amount: eur(67500)},
			{Rail: payments.RailTerminal, Name: "Terminal Theke", Count: 10, Taken: eur(50500), Amount: eur(46000)},
			{Rail: payments.RailCash, Count: 2, Taken: eur(4000), Amount: eur(4000)},
		},
		Operators: []day.Share{{Name: "Nora", Count: 20, Taken: eur(100000), Amount: eur(95500)}, {Name: "Ива Петрова", Count: 7, Taken: eur(24500), Amount: eur(22000)}},
		Hours:     []day.Hour{{Hour: 9, Amount: eur(12000)}, {Hour: 10, Amount: eur(45000)}, {Hour: 11, Amount: eur(0)}, {Hour: 12, Amount: eur(67500)}},
		Match:     day.Match{State: day.MatchDone, At: time.Date(2026, 11, 21, 17, 58, 0, 0, time.UTC), Agree: 24, Listed: 26, Here: 26},
		Differences: []day.Difference{
			{Code: day.TakenBack, Money: true, Sale: app.Sale{ID: "7K3M9QWX12ABCDEF", Amount: eur(2500)}},
			{Code: day.NotKnown, Money: true, Sale: app.Sale{ID: "B2C4D6F8G0H1J3K5", Amount: eur(4500)}},
		},
	}
	r.Closed = &app.ClosedDay{
		DayData: app.DayData{Day: r.Day, Zone: r.Zone, Totals: r.Totals}, Seq: 4711, At: time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC),
		Operator: "Nora", Head: bytes.Repeat([]byte{0xab, 0x01}, 16),
	}
	return r
}

func TestDayPDF(t *testing.T) {
	for name, tc := range map[string]struct {
		r day.Report
		s receipt.Sheet
	}{
		"day_de":          {busy(payments.Live), sheet("de")},
		"day_bg_practice": {busy(payments.Practice), sheet("bg")},
		"day_empty":       {day.Report{Mode: payments.Live, Day: "2026-11-22", Agrees: true}, sheet("en")},
	} {
		var one, two bytes.Buffer
		for _, out := range []*bytes.Buffer{&one, &two} {
			if err := receipt.WriteDayPDF(out, tc.r, tc.s); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("%s: the same day gives other bytes", name)
		}
		look(t, name, one.Bytes())
		if n, width, height := pages(t, one.Bytes()); n < 1 || n > 2 || width != 210 || height != 297 {
			t.Errorf("%s: %d pages, %d x %d mm", name, n, width, height)
		}
		golden(t, name+".pdf.txt", []byte(words(t, one.Bytes())))
	}
}

// A long period goes on on the next page under the names of its columns, and
// every page is marked and counted.
func TestPeriodPDF(t *testing.T) {
	var days []day.Report
	for i := range 92 {
		r := busy(payments.Test)
		r.Day = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i).Format(time.DateOnly)
		if i%7 == 6 {
			r.Totals, r.Closed = nil, nil
		}
		days = append(days, r)
	}
	var out bytes.Buffer
	if err := receipt.WritePeriodPDF(&out, days, sheet("en")); err != nil {
		t.Fatal(err)
	}
	look(t, "period", out.Bytes())
	n, _, _ := pages(t, out.Bytes())
	got := words(t, out.Bytes())
	if n < 4 || strings.Count(got, "TEST: no real money") != n || strings.Count(got, "\nTEST\n")+1 < n || !strings.Contains(got, fmt.Sprintf("Page %d of %d", n, n)) {
		t.Errorf("%d pages, marked %d and %d times:\n%s", n, strings.Count(got, "TEST: no real money"), strings.Count(got, "\nTEST\n"), got[max(0, len(got)-400):])
	}
	if sum := "98,355.00"; !strings.Contains(got, sum) { // 79 days of 1,245.00
		t.Errorf("the payments do not come to %s", sum)
	}
	if err := receipt.WritePeriodPDF(&out, nil, sheet("en")); payments.CodeOf(err) != "day.shape" {
		t.Errorf("no days: %v", err)
	}
}

func TestDaySlip(t *testing.T) {
	s := sheet("de")
	lines, err := receipt.DaySlip(busy(payments.Practice), s, 48)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "dayslip.txt", []byte(strings.Join(lines, "\n")+"\n"))
	f := startPrinter(t, behaviour{})
	if err := press().PrintDay(t.Context(), f.printer(), busy(payments.Practice), s); err != nil {
		t.Fatal(err)
	}
	if n, odd := f.came(); n != 1 || odd != nil {
		t.Errorf("%d slips, %v", n, odd)
	}
	picture(t, "dayslip", f.papers[0].img)
	if err := press().PrintDay(t.Context(), settings.Printer{}, busy(payments.Live), s); payments.CodeOf(err) != "printer.none" {
		t.Errorf("%v", err)
	}
}

const posted = "IPCmethod=IPCPurchaseNotify&SID=000000000000010&Amount=45.00&Currency=EUR&OrderID=L1AB23CD45EF67GH89JK&IPC_Trnref=813705&RequestSTAN=000006&Signature=Rm9vQmFyQmF6"

func evidence() app.Evidence {
	wall := time.Date(2026, 11, 21, 9, 0, 0, 123_000_000, time.UTC)
	at := func(i int) time.Time { return wall.Add(time.Duration(i) * time.Second) }
	line := func(seq int64, kind app.Kind, source app.Source, data string) app.EvidenceLine {
		return app.EvidenceLine{Hash: bytes.Repeat([]byte{byte(seq)}, 32), Event: app.Event{
			Seq: seq, Sale: "B2C4D6F8G0H1J3K5", Attempt: "A1", Kind: kind, Source: source, Wall: at(int(seq)), Mono: time.Duration(seq) * time.Minute, Data: json.RawMessage(data),
		}}
	}
	s := swiped()
	s.Note, s.Client = "Balayage", "Марија & Söhne"
	e := app.Evidence{
		Mode: payments.Live, Desk: "Empfang", Made: time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC), Sale: s, Chain: "whole",
		Head: app.ChainHead{Seq: 99, Hash: bytes.Repeat([]byte{0xcd}, 32)},
		Lines: []app.EvidenceLine{
			line(1, app.SaleOpened, app.FromOperator, `{"lines":[{"label":"Cut"}],"note":"Balayage","language":"de","key":"k-1"}`),
			line(2, app.AttemptOffered, app.FromDesk, `{"url":"https://relay.example/p/SECRETLINK0123456789ABCDEF","expires":"2026-11-21T09:15:00Z"}`),
			line(3, app.PaymentSeen, app.FromNotice, `{"order_id":"L1","card_last4":"1881","raw":"QUJD"}`),
			line(4, app.NoticeOddity, app.FromNotice, `{"method":"IPCOther","raw":"QUJD"}`),
			line(5, app.NoticeOddity, app.FromNotice, `{"raw":"QUJD","code":"4242 4242 4242 4242"}`),
			line(6, app.StatusAnswered, app.FromStatus, `{"outcome":"paid","as_of":5,"run":"r"}`),
		},
	}
	e.Lines[2].Raw, e.Lines[2].Verified, e.Lines[2].Event.Amount, e.Lines[2].Event.Reference = []byte(posted), app.VerifiedValid, eur(4500), "813705"
	e.Lines[2].Event.Provider = "2026-11-21 11:00:02"
	e.Lines[3].Raw, e.Lines[3].Verified = []byte(strings.Repeat("Name=Value&", 200)), "invalid: the signature does not hold"
	e.Lines[4].Raw = []byte("Pan=4242424242424242&x=1")
	e.Lines[0].Event.Operator = "Nora"
	return e
}

// What is nobody's business, or whole card numbers, stands in neither form.
func withheld(t *testing.T, form, text string) {
	t.Helper()
	for _, secret := range []string{"SECRETLINK", "4242424242", "4242 4242", "k-1"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s tells %s", form, secret)
		}
	}
}

func TestEvidencePDF(t *testing.T) {
	for _, language := range []string{"en", "bg"} {
		var one, two bytes.Buffer
		for _, out := range []*bytes.Buffer{&one, &two} {
			if err := receipt.WriteEvidencePDF(out, evidence(), sheet(language)); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("the same evidence gives other bytes")
		}
		look(t, "evidence_"+language, one.Bytes())
		got := words(t, one.Bytes())
		golden(t, "evidence_"+language+".pdf.txt", []byte(got))
		squeezed := strings.Join(strings.Fields(got), "")
		withheld(t, "the PDF", got)
		withheld(t, "the PDF", squeezed)
		for _, want := range []string{posted, "cdcdcdcd", "Balayage", "+3m0s", "thesignaturedoesnothold"} {
			if !strings.Contains(squeezed, want) {
				t.Errorf("%s: %q is missing", language, want)
			}
		}
	}
}

func TestEvidenceJSON(t *testing.T) {
	var out bytes.Buffer
	if err := receipt.WriteEvidenceJSON(&out, evidence(), sheet("bg")); err != nil {
		t.Fatal(err)
	}
	golden(t, "evidence.json", out.Bytes())
	withheld(t, "JSON", out.String())
	var back struct {
		Events []struct {
			Seq  int64
			Raw  []byte
			Hash string
		}
		Mark string
	}
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || len(back.Events) != 6 || string(back.Events[2].Raw) != posted || back.Mark != "" {
		t.Errorf("%v: %+v", err, back)
	}
	e := evidence()
	e.Mode = payments.Practice
	out.Reset()
	if err := receipt.WriteEvidenceJSON(&out, e, sheet("bg")); err != nil || !strings.Contains(out.String(), `"mark": "PRACTICE"`) {
		t.Errorf("%v: no mark", err)
	}
}
