package day_test

import (
	"context"
	"crypto/rand"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/journal"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// salon is a journal with a book of days over it and a clock set by hand. It
// writes closings as the till does.
type salon struct {
	*journal.Journal
	t     *testing.T
	now   time.Time
	book  *day.Book
	sales int
}

// NoteDay stands for the till's: one at a time, by anybody.
func (s *salon) NoteDay(ctx context.Context, by app.Actor, kind app.Kind, tally func() (app.DayData, error)) error {
	d, err := tally()
	if err != nil {
		return err
	}
	s.put(app.Event{Source: app.FromOperator, Kind: kind, Operator: by.Operator, Reference: fmt.Sprint(d.Day, "/", s.now.UnixNano()), Data: data(d)})
	return ctx.Err()
}

func (s *salon) MayExport(context.Context, app.Actor) error { return nil }

func newSalon(t *testing.T) *salon {
	t.Helper()
	j, err := journal.Open(t.Context(), journal.Config{Dir: t.TempDir(), Entropy: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	zone, err := time.LoadLocation("Europe/Sofia")
	if err != nil {
		t.Fatal(err)
	}
	s := &salon{Journal: j, t: t, now: time.Date(2026, 11, 20, 10, 5, 0, 0, zone)}
	s.book, err = day.New(day.Config{Ledger: j, Till: s, Mode: payments.Practice, Now: func() time.Time { return s.now }, Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func data(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func (s *salon) put(events ...app.Event) {
	s.t.Helper()
	for i := range events {
		events[i].Wall = s.now
	}
	if _, err := s.Append(s.t.Context(), events, nil); err != nil {
		s.t.Fatal(err)
	}
}

func (s *salon) event(n int, kind app.Kind, src app.Source, amount money.Amount, v any) app.Event {
	return app.Event{
		Sale: app.SaleID(fmt.Sprintf("SALE%012d", n)), Attempt: app.AttemptID(fmt.Sprintf("ATTEMPT%09d", n)),
		Source: src, Kind: kind, Amount: amount, Reference: fmt.Sprint(kind, n), Data: data(v),
	}
}

// paid makes a paid sale at the clock's time and returns its number.
func (s *salon) paid(amount money.Amount, rail payments.Rail, operator string) int {
	n := s.open(amount, rail, operator)
	s.put(s.event(n, app.PaymentSeen, app.FromNotice, amount, app.EvidenceData{}))
	return n
}

func (s *salon) open(amount money.Amount, rail payments.Rail, operator string) int {
	s.sales++
	opened := s.event(s.sales, app.SaleOpened, app.FromDesk, amount, app.SaleData{})
	opened.Attempt, opened.Operator = "", operator
	s.put(opened, s.event(s.sales, app.AttemptIntended, app.FromDesk, amount, app.IntentData{Rail: rail, OrderID: fmt.Sprint("P", s.sales)}))
	return s.sales
}

func (s *salon) giveBack(n int, amount money.Amount, outcome payments.Outcome) {
	id := fmt.Sprint("R", n)
	asked := s.event(n, app.RefundIntended, app.FromOperator, amount, app.RefundData{OrderID: id})
	settled := s.event(n, app.RefundSettled, app.FromStatus, amount, app.RefundData{OrderID: id, Outcome: outcome})
	asked.Reference, settled.Reference, asked.Operator = id, id, "Lea"
	s.put(asked, settled)
}

func (s *salon) report(d string) day.Report {
	s.t.Helper()
	r, err := s.book.Report(s.t.Context(), d)
	if err != nil {
		s.t.Fatal(err)
	}
	if !r.Agrees {
		s.t.Errorf("%s: the two sums differ", r.Day)
	}
	return r
}

func (s *salon) close(d string, open bool) error {
	_, err := s.book.Close(s.t.Context(), app.Actor{Operator: "Owner"}, d, open)
	return err
}

func (s *salon) want(code string, err error) {
	s.t.Helper()
	if got := payments.CodeOf(err); got != code || (err != nil) != (code != "") {
		s.t.Errorf("got %v, want code %q", err, code)
	}
}

func TestReport(t *testing.T) {
	s := newSalon(t)
	n := s.paid(eur(4500), payments.RailLink, "Mia")
	s.now = s.now.Add(50 * time.Minute)
	s.paid(eur(2000), payments.RailTerminal, "Lea")
	s.paid(money.Amount{Minor: 1000, Currency: "GBP"}, payments.RailLink, "Mia")
	s.giveBack(n, eur(500), payments.Refunded)
	r := s.report("")
	want := []app.DayTotal{{Currency: "EUR", Payments: 6500, Refunds: -500, Count: 2}, {Currency: "GBP", Payments: 1000, Count: 1}}
	if diff := cmp.Diff(want, r.Totals); diff != "" {
		t.Errorf("totals -want +got:\n%s", diff)
	}
	gbp := money.Amount{Minor: 1000, Currency: "GBP"}
	rails := []day.Share{
		{Rail: payments.RailLink, Count: 1, Taken: eur(4500), Amount: eur(4000)},
		{Rail: payments.RailTerminal, Count: 1, Taken: eur(2000), Amount: eur(2000)},
		{Rail: payments.RailLink, Count: 1, Taken: gbp, Amount: gbp},
	}
	if diff := cmp.Diff(rails, r.Rails); diff != "" {
		t.Errorf("rails -want +got:\n%s", diff)
	}
	operators := []day.Share{
		{Name: "Mia", Count: 1, Taken: eur(4500), Amount: eur(4500)},
		{Name: "Lea", Count: 1, Taken: eur(2000), Amount: eur(1500)},
		{Name: "Mia", Count: 1, Taken: gbp, Amount: gbp},
	}
	if diff := cmp.Diff(operators, r.Operators); diff != "" {
		t.Errorf("operators -want +got:\n%s", diff)
	}
	hours := []day.Hour{{Hour: 10, Amount: eur(6500)}, {Hour: 10, Amount: money.Amount{Minor: 1000, Currency: "GBP"}}}
	if diff := cmp.Diff(hours, r.Hours); diff != "" {
		t.Errorf("hours -want +got:\n%s", diff)
	}
}

// What happens in the night belongs to the evening; what happens after a
// closing to the next day; a day that nobody closed is not lost.
func TestWhichDay(t *testing.T) {
	s := newSalon(t)
	s.paid(eur(100), payments.RailLink, "Mia") // Friday
	s.now = s.now.Add(17 * time.Hour)          // 03:05 on Saturday
	s.paid(eur(20), payments.RailLink, "Mia")
	if r := s.report(""); r.Day != "2026-11-20" || r.Totals[0].Payments != 120 {
		t.Errorf("in the night: %s %+v", r.Day, r.Totals)
	}
	s.now = s.now.Add(7 * time.Hour) // 10:05 on Saturday
	s.paid(eur(3), payments.RailLink, "Mia")
	if r := s.report(""); r.Day != "2026-11-21" || r.Totals[0].Payments != 3 {
		t.Errorf("on Saturday: %s %+v", r.Day, r.Totals)
	}
	if r := s.report(""); r.Earlier != "2026-11-20" {
		t.Errorf("Friday is open, and Saturday says %q", r.Earlier)
	}
	s.want("day.earlier", s.close("", false))
	s.want("", s.close("2026-11-20", false))
	s.want("day.closed", s.close("2026-11-20", false))
	if r := s.report("2026-11-20"); r.Closed == nil || r.Totals[0].Payments != 120 || len(r.Closed.Head) != 32 {
		t.Errorf("closed Friday: %+v", r)
	}
	s.want("", s.close("", false))           // Saturday, early
	s.paid(eur(7), payments.RailLink, "Mia") // still Saturday
	if r := s.report(""); r.Day != "2026-11-22" || r.Totals[0].Payments != 7 {
		t.Errorf("after closing: %s %+v", r.Day, r.Totals)
	}
	s.want("day.later", s.book.Reopen(t.Context(), app.Actor{}, "2026-11-20"))
	s.want("day.open", s.book.Reopen(t.Context(), app.Actor{}, "2026-11-22"))
	s.want("", s.book.Reopen(t.Context(), app.Actor{}, "2026-11-21"))
	if r := s.report(""); r.Day != "2026-11-21" || r.Totals[0].Payments != 10 {
		t.Errorf("after reopening: %s %+v", r.Day, r.Totals)
	}
	for d, code := range map[string]string{"2026-11-23": "day.future", "21.11.2026": "day.shape", "2026-02-30": "day.shape"} {
		_, err := s.book.Report(t.Context(), d)
		s.want(code, err)
	}
}

// Closing once more, by mistake or by a script that runs twice, closes no day that
// has not begun.
func TestClosingTwiceClosesOneDay(t *testing.T) {
	s := newSalon(t)
	s.paid(eur(100), payments.RailLink, "Mia")
	s.want("", s.close("", false))
	s.want("day.closed", s.close("", false))
	s.want("day.closed", s.close("2026-11-21", true))
	s.now = s.now.Add(24 * time.Hour)
	if r := s.report(""); r.Day != "2026-11-21" || r.Closed != nil {
		t.Errorf("on the next day: %s, %+v", r.Day, r.Closed)
	}
	s.want("", s.close("", false)) // a day on which nothing was taken
}

func TestUnsettledMoneyIsClosedKnowinglyOnly(t *testing.T) {
	s := newSalon(t)
	n := s.paid(eur(4500), payments.RailLink, "Mia")
	s.open(eur(100), payments.RailLink, "Mia")
	if r := s.report(""); len(r.Differences) != 1 || r.Differences[0].Code != day.StillOpen || r.Differences[0].Money {
		t.Errorf("an open sale: %+v", r.Differences)
	}
	s.giveBack(n, eur(500), payments.Unknown)
	s.put(s.event(s.paid(eur(700), payments.RailLink, "Mia"), app.RollbackSeen, app.FromNotice, eur(700), app.EvidenceData{}))
	r := s.report("")
	var codes []string
	for _, d := range r.Differences {
		codes = append(codes, d.Code)
	}
	if got := strings.Join(codes, " "); got != "unknown refund_unknown open" {
		t.Errorf("differences %s", got)
	}
	if r.Totals[0].Net() != 4500 {
		t.Errorf("%+v", r.Totals)
	}
	s.want("day.unsettled", s.close("", false))
	s.want("", s.close("", true))
	if r := s.report("2026-11-20"); r.Closed.Open != 2 || r.Closed.Totals[0].Unsure != -700 {
		t.Errorf("sealed %+v", r.Closed)
	}
}

func TestExport(t *testing.T) {
	s := newSalon(t)
	n := s.paid(eur(4500), payments.RailLink, "=cmd()")
	s.giveBack(n, eur(1250), payments.Refunded)
	var out strings.Builder
	if err := s.book.Export(t.Context(), app.Actor{}, &out, "", day.CSV, true); err != nil {
		t.Fatal(err)
	}
	text, found := strings.CutPrefix(out.String(), "\ufeff")
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil || !found || len(rows) != 3 {
		t.Fatalf("%v %q", err, out.String())
	}
	if got := strings.Join(rows[1], "|"); got != "2026-11-20|2026-11-20T10:05:00+02:00|payment|45,00|0,00|EUR|link||'=cmd()|SALE000000000001|P1|payment_seen1|PRACTICE" {
		t.Errorf("payment %s", got)
	}
	if got := strings.Join(rows[2], "|"); !strings.Contains(got, "|refund|-12,50|0,00|EUR|link||Lea|") {
		t.Errorf("refund %s", got)
	}
	out.Reset()
	if err := s.book.Export(t.Context(), app.Actor{}, &out, "", day.JSON, false); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[1], `"amount":"-12.50"`) || !strings.Contains(lines[1], `"mode":"PRACTICE"`) {
		t.Errorf("%s", out.String())
	}
}

func TestSealSaysWhichDay(t *testing.T) {
	got := day.Seal(payments.Live, app.ClosedDay{DayData: app.DayData{Day: "2026-11-21"}, Seq: 42, Head: []byte{0xab, 0x01}})
	if got != "FRONTDESK:DAY:LIVE:2026-11-21:42:AB01" {
		t.Errorf("got %s", got)
	}
}
