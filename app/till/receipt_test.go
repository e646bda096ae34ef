package till

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/settings"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// rollPrinter is a receipt printer on loopback that says it is well, and counts
// what came out whole.
type rollPrinter struct {
	t     *testing.T
	at    net.Addr
	stuck chan struct{} // not nil: says that it is well, and then no more until it closes

	mu    sync.Mutex
	whole int
	work  sync.WaitGroup
	stop  func()
}

func startRoll(t *testing.T, stuck chan struct{}) *rollPrinter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &rollPrinter{t: t, at: l.Addr(), stuck: stuck}
	p.serve(l)
	return p
}

// again switches the printer on at the address it had.
func (p *rollPrinter) again() {
	p.t.Helper()
	l, err := net.Listen("tcp", p.at.String())
	if err != nil {
		p.t.Fatal(err)
	}
	p.serve(l)
}

func (p *rollPrinter) serve(l net.Listener) {
	p.stop = sync.OnceFunc(func() {
		_ = l.Close()
		p.work.Wait()
	})
	p.t.Cleanup(p.stop)
	p.work.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.work.Go(func() { p.print(conn) })
		}
	})
}

func (p *rollPrinter) print(conn net.Conn) {
	defer conn.Close()
	var held []byte
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		held = append(held, buf[:n]...)
		switch {
		case p.stuck != nil && len(held) > 12:
			<-p.stuck
			return
		case n == 0:
		case len(held) >= 3 && bytes.Equal(held[len(held)-3:len(held)-1], []byte("\x10\x04")):
			_, _ = conn.Write([]byte{0x12})
		case bytes.HasSuffix(held, []byte("\x1dr\x01")):
			p.mu.Lock()
			p.whole++
			p.mu.Unlock()
			_, _ = conn.Write([]byte{0})
		}
		if err != nil {
			return
		}
	}
}

func (p *rollPrinter) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.whole
}

func (p *rollPrinter) printer() settings.Printer {
	return settings.Printer{Kind: settings.PrinterNetwork, Address: "127.0.0.1", Port: p.at.(*net.TCPAddr).Port}
}

func remember(t *testing.T, dir string, r settings.Receipt) {
	t.Helper()
	f := settings.In(dir)
	kept, err := f.Load()
	if err == nil {
		kept.Salon, kept.Receipt = "Salon Mirabelle", r
		err = f.Save(kept)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// window opens a desk with a window, and waits until its automatic print is
// awake when there is one.
func window(t *testing.T, cfg Config) *Desk {
	t.Helper()
	cfg.Window = true
	d := open(t, cfg)
	if kept, err := settings.In(cfg.Dir).Load(); err != nil || !kept.Receipt.Auto {
		return d
	}
	soon(t, "the automatic print is awake", func() bool {
		_, err := os.Stat(filepath.Join(cfg.Dir, string(payments.Practice), autoFile))
		return err == nil
	})
	return d
}

func soon(t *testing.T, what string, so func() bool) {
	t.Helper()
	end := time.Now().Add(20 * time.Second)
	for !so() {
		if time.Now().After(end) {
			t.Fatalf("not in time: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// inCash is a sale that is paid at once.
func inCash(t *testing.T, d *Desk) app.SaleID {
	t.Helper()
	s, err := d.Till().Charge(t.Context(), app.ChargeRequest{
		Lines: []app.Line{{Label: "Cut", Amount: money.Amount{Minor: 4500, Currency: "EUR"}}}, Currency: "EUR", Rail: payments.RailCash, Language: "bg",
	})
	if err != nil || s.State != app.Paid {
		t.Fatalf("%v: %v", s.State, err)
	}
	return s.ID
}

// notes are what the journal says about the receipts of a sale: kind, and code
// or "out".
func notes(t *testing.T, d *Desk, id app.SaleID) (list []string) {
	t.Helper()
	_, events, err := d.Till().Sale(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		var data app.ReceiptData
		if e.Kind != app.ReceiptPrinted {
			continue
		}
		if err := json.Unmarshal(e.Data, &data); err != nil {
			t.Fatal(err)
		}
		if data.Failed == "" {
			data.Failed = "out"
		}
		list = append(list, data.Kind+" "+data.Failed)
	}
	return list
}

func expect(t *testing.T, d *Desk, id app.SaleID, want ...string) {
	t.Helper()
	soon(t, strings.Join(want, ", "), func() bool { return len(notes(t, d, id)) >= len(want) })
	if got := notes(t, d, id); !slices.Equal(got, want) {
		t.Errorf("notes %q, want %q", got, want)
	}
}

func TestPaidSalesAndRefundsArePrintedOnce(t *testing.T) {
	dir := t.TempDir()
	roll := startRoll(t, nil)
	remember(t, dir, settings.Receipt{Auto: true, VAT: 2000, Printer: roll.printer()})
	d := window(t, config(t, dir))
	id := inCash(t, d)
	expect(t, d, id, "sale printer.begun", "sale out")
	s, err := d.Till().Refund(t.Context(), id, app.RefundRequest{Amount: money.Amount{Minor: 500, Currency: "EUR"}})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, d, id, "sale printer.begun", "sale out", "refund printer.begun", "refund out")
	shut(t, d)
	d = window(t, config(t, dir))
	if err := d.PrintReceipt(t.Context(), id, s.Attempts[0].Refunds[0].OrderID, false, app.Actor{}); err != nil {
		t.Fatal(err)
	}
	expect(t, d, id, "sale printer.begun", "sale out", "refund printer.begun", "refund out", "copy printer.begun", "copy out")
	if n := roll.count(); n != 3 || d.PrinterTrouble() != "" {
		t.Errorf("%d receipts came out; trouble %q", n, d.PrinterTrouble())
	}
}

// A printer that is off costs no payment anything but its receipt, which is told
// and asked for again by a person.
func TestPrinterThatIsOffHoldsNothingUp(t *testing.T) {
	dir := t.TempDir()
	roll := startRoll(t, nil)
	roll.stop()
	remember(t, dir, settings.Receipt{Auto: true, Printer: roll.printer()})
	d := window(t, config(t, dir))
	id := inCash(t, d)
	expect(t, d, id, "sale printer.begun", "sale printer.unreachable")
	if d.PrinterTrouble() != "printer.unreachable" {
		t.Errorf("trouble %q", d.PrinterTrouble())
	}
	roll.again()
	r, err := d.Receipt(t.Context(), id, "")
	if err != nil || r.Kind.Copy || r.Language != "bg" {
		t.Errorf("what never came out is no copy: %+v, %v", r.Kind, err)
	}
	if err := d.PrintReceipt(t.Context(), id, "", false, app.Actor{Operator: "Nora"}); err != nil || d.PrinterTrouble() != "" || roll.count() != 1 {
		t.Errorf("printed again: %v, trouble %q", err, d.PrinterTrouble())
	}
	if r, err = d.Receipt(t.Context(), id, ""); err != nil || !r.Kind.Copy {
		t.Errorf("what came out is a copy from now on: %+v, %v", r.Kind, err)
	}
	expect(t, d, id, "sale printer.begun", "sale printer.unreachable", "sale printer.begun", "sale out")
}

func TestStuckPrinterHoldsNeitherPaymentsNorTheEndUp(t *testing.T) {
	dir := t.TempDir()
	stuck := make(chan struct{})
	roll := startRoll(t, stuck)
	t.Cleanup(sync.OnceFunc(func() { close(stuck) }))
	remember(t, dir, settings.Receipt{Auto: true, Printer: roll.printer()})
	d := window(t, config(t, dir))
	id := inCash(t, d)
	expect(t, d, id, "sale printer.begun")
	begun := time.Now()
	other := inCash(t, d)
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("a payment waited %v for the printer", took)
	}
	begun = time.Now()
	shut(t, d)
	if took := time.Since(begun); took > lastPrint+4*time.Second {
		t.Errorf("the desk waited %v for the printer", took)
	}
	d = open(t, config(t, dir))
	if got := notes(t, d, id); len(got) != 2 || got[1] == "sale out" {
		t.Errorf("the receipt that was stuck: %q", got)
	}
	if got := notes(t, d, other); len(got) != 0 {
		t.Errorf("the other one was not begun: %q", got)
	}
}

// TestTwoWhoPrintTheSame: who waited for the other prints a copy, and what prints
// by itself then prints nothing.
func TestTwoWhoPrintTheSame(t *testing.T) {
	dir := t.TempDir()
	roll := startRoll(t, nil)
	remember(t, dir, settings.Receipt{Printer: roll.printer()})
	d := open(t, config(t, dir))
	id := inCash(t, d)
	<-d.prints.turn // another receipt is being printed
	ended := make(chan error, 3)
	ready := make(chan struct{})
	for range 2 {
		go func() {
			ready <- struct{}{}
			ended <- d.PrintReceipt(t.Context(), id, "", false, app.Actor{})
		}()
	}
	<-ready
	<-ready
	time.Sleep(300 * time.Millisecond) // both stand before the turn
	d.prints.turn <- struct{}{}
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if err := d.printFirst(t.Context(), id, ""); err != nil {
		t.Error(err)
	}
	expect(t, d, id, "sale printer.begun", "sale out", "copy printer.begun", "copy out")
	if n := roll.count(); n != 2 {
		t.Errorf("%d came out", n)
	}
}

// TestPrinterThatNeverLetsGo: a port the system hangs on does not keep the desk
// from ending.
func TestPrinterThatNeverLetsGo(t *testing.T) {
	dir := t.TempDir()
	remember(t, dir, settings.Receipt{Auto: true, Printer: settings.Printer{Kind: settings.PrinterSystem, Address: "Counter"}})
	cfg := config(t, dir)
	hung, over := make(chan struct{}), make(chan struct{})
	cfg.Run = func(context.Context, string, ...string) ([]byte, error) {
		<-hung
		defer close(over)
		return nil, nil
	}
	d := window(t, cfg)
	id := inCash(t, d)
	expect(t, d, id, "sale printer.begun")
	ended := make(chan error, 1)
	go func() { ended <- d.Close() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(lastPrint + letGo + 10*time.Second):
		t.Error("the desk waits for the printer")
	}
	close(hung)
	<-over
	d.prints.work.Wait()
	d.till = nil
}

// What a run that was killed had begun to print is not printed again by itself:
// nobody knows whether it came out.
func TestBegunIsNotPrintedAgain(t *testing.T) {
	dir := t.TempDir()
	roll := startRoll(t, nil)
	remember(t, dir, settings.Receipt{Auto: true, Printer: roll.printer()})
	d := window(t, config(t, dir))
	shut(t, d)
	d = open(t, config(t, dir)) // without a window nothing is printed by itself
	killed, due := inCash(t, d), inCash(t, d)
	n := app.ReceiptNote{Kind: app.ReceiptSale, Way: app.ReceiptESCPOS, Failed: codeBegun}
	if err := d.Till().NoteReceipt(t.Context(), killed, n); err != nil {
		t.Fatal(err)
	}
	shut(t, d)
	d = window(t, config(t, dir))
	expect(t, d, due, "sale printer.begun", "sale out")
	if got := notes(t, d, killed); !slices.Equal(got, []string{"sale printer.begun"}) || roll.count() != 1 {
		t.Errorf("%q, %d came out", got, roll.count())
	}
}

func TestLateReceiptsAreToldNotPrinted(t *testing.T) {
	dir := t.TempDir()
	roll := startRoll(t, nil)
	remember(t, dir, settings.Receipt{Printer: roll.printer()})
	d := window(t, config(t, dir))
	before := inCash(t, d) // the setting is off
	shut(t, d)
	remember(t, dir, settings.Receipt{Auto: true, Printer: roll.printer()})
	d = window(t, config(t, dir))
	shut(t, d)
	d = open(t, config(t, dir))
	late := inCash(t, d)
	shut(t, d)
	cfg := config(t, dir)
	cfg.Now = func() time.Time { return time.Now().Add(time.Hour) }
	d = window(t, cfg)
	expect(t, d, late, "sale printer.late")
	if got := notes(t, d, before); len(got) != 0 || roll.count() != 0 || d.PrinterTrouble() != "printer.late" {
		t.Errorf("%q, %d came out, trouble %q", got, roll.count(), d.PrinterTrouble())
	}
	shut(t, d)
	d = window(t, cfg)
	if got := notes(t, d, late); !slices.Equal(got, []string{"sale printer.late"}) {
		t.Errorf("told twice: %q", got)
	}
}

func TestPapersOfADesk(t *testing.T) {
	dir := t.TempDir()
	d := open(t, config(t, dir))
	id := inCash(t, d)
	by := app.Actor{}
	for name, write := range map[string]func(io.Writer) error{
		"receipt":  func(w io.Writer) error { return d.SaveReceipt(t.Context(), id, "", w) },
		"evidence": func(w io.Writer) error { return d.Evidence(t.Context(), id, FormatPDF, w, by) },
		"day":      func(w io.Writer) error { return d.DayPDF(t.Context(), "", w, by) },
		"period":   func(w io.Writer) error { return d.PeriodPDF(t.Context(), "2026-01-01", "2026-01-09", w, by) },
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil || !bytes.HasPrefix(out.Bytes(), []byte("%PDF-")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var out bytes.Buffer
	if err := d.Evidence(t.Context(), id, FormatJSON, &out, by); err != nil || !json.Valid(out.Bytes()) {
		t.Errorf("%v", err)
	}
	for name, err := range map[string]error{
		"sale.missing": d.SaveReceipt(t.Context(), "NOSUCHSALE", "", io.Discard),
		"printer.none": d.PrintReceipt(t.Context(), id, "", false, by),
		"day.shape":    d.PeriodPDF(t.Context(), "2026-02-01", "2026-01-01", io.Discard, by),
	} {
		if payments.CodeOf(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := notes(t, d, id); len(got) != 0 {
		t.Errorf("nothing was printed: %q", got)
	}
	if err := d.PrintDay(t.Context(), "", by); payments.CodeOf(err) != "printer.none" {
		t.Errorf("%v", err)
	}
	roll := startRoll(t, nil)
	if err := d.TestPrinter(t.Context(), roll.printer()); err != nil || roll.count() != 1 {
		t.Errorf("%v, %d came out", err, roll.count())
	}
	if _, err := d.Printers(t.Context()); err != nil {
		t.Error(err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Printers(canceled); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
