package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/local"
	"frontdesk/cmd/internal/browser"
)

// agree fails unless the journal and the truth hold the same money: every
// payment in the truth is a paid attempt (or reversed there and here), and
// nothing else is paid.
func (r *rig) agree(sales []local.Sale) {
	r.t.Helper()
	if err := compare(r.truth(), sales); err != nil {
		r.t.Error(err)
	}
}

func compare(tr truth, sales []local.Sale) error {
	type seen struct {
		a    local.Attempt
		sale local.Sale
	}
	attempts := map[string]seen{}
	for _, s := range sales {
		for _, a := range s.Attempts {
			attempts[a.OrderID] = seen{a, s}
		}
	}
	var errs []error
	paid := map[string]bool{}
	for _, p := range tr.Payments {
		got, ok := attempts[p.OrderID]
		switch {
		case !ok:
			errs = append(errs, fmt.Errorf("payment %s of order %s is not in the journal", p.Reference, p.OrderID))
		case p.State == "approved" && (!received(got.a.State) || got.a.Reference != p.Reference || got.a.Minor != p.Minor || got.sale.Currency != p.Currency):
			errs = append(errs, fmt.Errorf("approved %+v, journal has %+v", p, got.a))
		case p.State == "reversed" && received(got.a.State) && !paidTwice(tr, p.OrderID):
			errs = append(errs, fmt.Errorf("reversed %+v, journal has %+v", p, got.a))
		}
		if p.State == "approved" {
			paid[p.OrderID] = true
		}
	}
	for id, s := range attempts {
		if received(s.a.State) && !paid[id] {
			errs = append(errs, fmt.Errorf("the journal has %+v as paid, the truth does not", s.a))
		}
	}
	return errors.Join(errs...)
}

// paidTwice: an order one payment of which was given back and another kept.
func paidTwice(tr truth, order string) bool {
	for _, p := range tr.Payments {
		if p.OrderID == order && p.State == "approved" {
			return true
		}
	}
	return false
}

func received(s app.State) bool {
	switch s {
	case app.Paid, app.PaidLate, app.Overpaid, app.PartRefunded, app.Refunded:
		return true
	}
	return false
}

func TestAChargeIsPaidInARealBrowser(t *testing.T) {
	t.Parallel()
	r := newRig(t).start().setup()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c, err := r.charge(ctx, "45.00", "--note", "Cut and colour", "--wait", "90s")
	if err != nil {
		t.Fatal(err)
	}
	if c.first.State != app.Offered || c.first.Words == "" || !strings.HasPrefix(c.first.Link, r.relayURL+"/p/") {
		t.Fatalf("first line: %+v", c.first)
	}
	b, err := browser.Start(ctx, browser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	steps := []func() error{
		func() error { return b.Navigate(ctx, c.first.Link) },
		func() error { return b.WaitForText(ctx, "body", c.first.Words) },
		func() error { return b.Click(ctx, "form button") },
		func() error { return b.WaitFor(ctx, "#pan") },
		func() error { return b.Fill(ctx, "#pan", goodCard) },
		func() error { return b.Fill(ctx, "#exp", "12/39") },
		func() error { return b.Fill(ctx, "#cvc", "123") },
		func() error { return b.Click(ctx, "#pay") },
	}
	for i, step := range steps {
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	last, code := c.end(t)
	if last.State != app.Paid || code != exitDone || last.Sale != c.first.Sale || last.Attempt != c.first.Attempt {
		t.Fatalf("end: %+v, exit %d: %s", last, code, c.stderr)
	}
	if err := b.WaitForText(ctx, "body", "45.00"); err != nil {
		t.Error(err)
	}
	sales := r.sales()
	if len(sales) != 1 || sales[0].State != app.Paid || sales[0].Amount != "45.00" || sales[0].Minor != 4500 ||
		sales[0].Currency != "EUR" || sales[0].Note != "Cut and colour" {
		t.Errorf("sales: %+v", sales)
	}
	if n := len(r.truth().Payments); n != 1 {
		t.Errorf("%d payments in the truth", n)
	}
	r.agree(sales)
}

func TestEndsOfACharge(t *testing.T) {
	t.Parallel()
	r := newRig(t).start().setup()
	buyer := newCustomer(nil)
	t.Run("paid", func(t *testing.T) {
		c, err := r.charge(t.Context(), "12,50", "--wait", "30s")
		if err != nil {
			t.Fatal(err)
		}
		if page, err := buyer.pay(c.first.Link, goodCard); err != nil || !strings.Contains(page, "12.50") {
			t.Fatalf("landing page: %v\n%s", err, page)
		}
		if last, code := c.end(t); last.State != app.Paid || code != exitDone {
			t.Errorf("%+v, exit %d", last, code)
		}
	})
	t.Run("still open", func(t *testing.T) {
		out, code := r.ctl("charge", "--json", "--wait", "300ms", "5")
		if got := lines[local.Charged](t, out); code != exitOpen || len(got) != 2 || got[1].State != app.Offered {
			t.Errorf("exit %d: %s", code, out)
		}
	})
	t.Run("cancelled while another waits", func(t *testing.T) {
		c, err := r.charge(t.Context(), "7", "--wait", "30s")
		if err != nil {
			t.Fatal(err)
		}
		if out, code := r.ctl("cancel", string(c.first.Sale)); code != exitDone {
			t.Errorf("cancel: exit %d: %s", code, out)
		}
		if last, code := c.end(t); last.State != app.Withdrawn || code != exitNo {
			t.Errorf("%+v, exit %d", last, code)
		}
	})
	t.Run("paid after the program went", func(t *testing.T) {
		out, _ := r.ctl("charge", "--json", "--wait", "200ms", "8")
		first := lines[local.Charged](t, out)[0]
		if _, err := buyer.pay(first.Link, goodCard); err != nil {
			t.Fatal(err)
		}
		out, code := r.ctl("show", "--json", string(first.Sale))
		if s := lines[local.Sale](t, out); code != exitDone || len(s) != 1 || s[0].State != app.Paid {
			t.Errorf("exit %d: %s", code, out)
		}
	})
	r.agree(r.sales())
	if out, code := r.ctl("journal", "verify"); code != exitDone {
		t.Errorf("journal verify: exit %d: %s", code, out)
	}
}

func TestAnInterruptLeavesARightJournal(t *testing.T) {
	t.Parallel()
	r := newRig(t).start().setup()
	c, err := r.charge(t.Context(), "9.90", "--wait", "60s")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if _, code := c.end(t); code != exitOpen {
		t.Errorf("exit %d: %s", code, c.stderr)
	}
	if s := r.sales(); len(s) != 1 || s[0].State != app.Offered {
		t.Errorf("%+v", s)
	}
	if _, err := newCustomer(nil).pay(c.first.Link, goodCard); err != nil {
		t.Fatal(err)
	}
	if s := r.sales(); len(s) != 1 || s[0].State != app.Paid {
		t.Errorf("%+v", s)
	}
}

func TestManyProgramsOneFolder(t *testing.T) {
	t.Parallel()
	r := newRig(t).start().setup()
	const n = 4
	var wait sync.WaitGroup
	errs := make(chan error, n)
	for i := range n {
		wait.Go(func() {
			c, err := r.charge(t.Context(), fmt.Sprintf("%d.00", 10+i), "--wait", "40s")
			if err != nil {
				errs <- err
				return
			}
			if _, err := newCustomer(nil).pay(c.first.Link, goodCard); err != nil {
				errs <- err
			}
			if last, code := c.end(t); last.State != app.Paid || code != exitDone {
				errs <- fmt.Errorf("%+v, exit %d: %s", last, code, c.stderr)
			}
		})
	}
	wait.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
	sales := r.sales()
	if len(sales) != n {
		t.Errorf("%d sales, want %d", len(sales), n)
	}
	r.agree(sales)
}

func TestBadAmountsSendNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t).start().setup()
	for _, amount := range []string{"abc", "1.2.3", "1,2.3", "0", "0.00", "-1", "1000000", "12.345", "", "1e3", "٣"} {
		out, code := r.ctl("charge", "--wait", "1s", amount)
		if code != exitNo || !strings.Contains(out, ". ") || strings.Contains(out, "/p/") {
			t.Errorf("%q: exit %d: %s", amount, code, out)
		}
	}
	for _, c := range [][]string{
		{"charge", "--wait", "1s", "--currency", "XXX", "5"},
		{"charge", "--wait", "1s", "--currency", "BGN", "5"},
		{"charge", "--wait", "1s", "--note", "card 4111 1111 1111 1111", "5"},
		{"charge", "--wait", "1s", "--rail", "terminal", "5"},
	} {
		if out, code := r.ctl(c...); code != exitNo {
			t.Errorf("%v: exit %d: %s", c, code, out)
		}
	}
	if s := r.sales(); len(s) != 0 {
		t.Errorf("sales were made: %+v", s)
	}
	if p := r.truth().Payments; len(p) != 0 {
		t.Errorf("payments were made: %+v", p)
	}
}

func TestADeclinedCardAndThenAnother(t *testing.T) {
	t.Parallel()
	r := newRig(t).start().setup()
	c, err := r.charge(t.Context(), "20", "--wait", "40s")
	if err != nil {
		t.Fatal(err)
	}
	buyer := newCustomer(nil)
	if page, err := buyer.pay(c.first.Link, badCard); err != nil || !strings.Contains(page, "Declined") {
		t.Fatalf("%v\n%s", err, tail(page))
	}
	if s := r.sales(); len(s) != 1 || received(s[0].State) {
		t.Errorf("after a decline: %+v", s)
	}
	if _, err := buyer.pay(c.first.Link, goodCard); err != nil {
		t.Fatal(err)
	}
	if last, code := c.end(t); last.State != app.Paid || code != exitDone {
		t.Errorf("%+v, exit %d", last, code)
	}
	r.agree(r.sales())
}

func TestForgedNoticesChangeNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t).start().setup()
	c, err := r.charge(t.Context(), "33", "--wait", "30s")
	if err != nil {
		t.Fatal(err)
	}
	notify := r.notifyAddress(c.first.Link)
	show := func() local.Sale {
		out, _ := r.ctl("show", "--json", string(c.first.Sale))
		return lines[local.Sale](t, out)[0]
	}
	order := show().Attempts[0].OrderID
	forged := "IPCmethod=IPCPurchaseNotify&SID=000000000000010&Amount=33.00&Currency=EUR&OrderID=" + order + "&IPC_Trnref=1"
	for name, body := range map[string]string{
		"unsigned":    forged,
		"bad base64":  forged + "&Signature=%%%",
		"wrong":       forged + "&Signature=" + strings.Repeat("A", 172),
		"empty":       "",
		"truncated":   forged[:len(forged)/2],
		"one million": strings.Repeat("A=1&", 1<<18),
		"not a form":  "{\"IPCmethod\":\"IPCPurchaseNotify\"}",
	} {
		if answer := post(t, notify, body); answer == "OK" {
			t.Errorf("%s: answered OK", name)
		}
	}
	if s := show(); s.State != app.Opened { // the form was asked for, above
		t.Errorf("after forgeries: %+v", s)
	}
	if _, err := newCustomer(nil).pay(c.first.Link, goodCard); err != nil {
		t.Fatal(err)
	}
	if last, code := c.end(t); last.State != app.Paid || code != exitDone {
		t.Errorf("%+v, exit %d", last, code)
	}
	r.agree(r.sales())
}

// notifyAddress reads where notices go from the form behind a link.
func (r *rig) notifyAddress(link string) string {
	r.t.Helper()
	at, page, err := send(r.browser, http.MethodPost, link+"/go", "")
	if err != nil {
		r.t.Fatal(err)
	}
	f, err := firstForm(at, page)
	if err != nil {
		r.t.Fatal(err)
	}
	return f.fields.Get("URL_Notify")
}

func post(t *testing.T, address, body string) string {
	t.Helper()
	res, err := http.Post(address, "application/x-www-form-urlencoded", strings.NewReader(body))
	if err != nil {
		return err.Error() // a relay may hang up on a million bytes
	}
	defer res.Body.Close()
	var b strings.Builder
	buf := make([]byte, 512)
	n, _ := res.Body.Read(buf)
	b.Write(buf[:n])
	return b.String()
}

func TestDoctorSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	r := newRig(t).start().setup()
	if out, code := r.ctl("doctor"); code != exitDone {
		t.Errorf("exit %d: %s", code, out)
	}
	r.relay.kill()
	out, code := r.ctl("doctor", "--json")
	if code != exitNo {
		t.Errorf("without a relay: exit %d: %s", code, out)
	}
	if out, code = r.ctl("charge", "--wait", "2s", "5"); code != exitNo || !strings.Contains(out, "relay") {
		t.Errorf("charge without a relay: exit %d: %s", code, out)
	}
	if p := r.truth().Payments; len(p) != 0 {
		t.Errorf("%+v", p)
	}
}

// TestPracticeInside charges with simulator and relay inside frontdeskctl, twice,
// so that ports, keys and truth must have been kept.
func TestPracticeInside(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if out, code := r.ctl("charge", "5"); code != exitNo || !strings.Contains(out, "--wait") {
		t.Errorf("without --wait: exit %d: %s", code, out)
	}
	var hosts []string
	for range 2 {
		c, err := r.charge(t.Context(), "45.00", "--wait", "60s")
		if err != nil {
			t.Fatal(err)
		}
		hosts = append(hosts, strings.Split(c.first.Link, "/")[2])
		if page, err := newCustomer(nil).pay(c.first.Link, goodCard); err != nil || !strings.Contains(page, "45.00") {
			t.Fatalf("landing page: %v\n%s", err, tail(page))
		}
		if last, code := c.end(t); last.State != app.Paid || code != exitDone {
			t.Errorf("%+v, exit %d: %s", last, code, c.stderr)
		}
	}
	if hosts[0] != hosts[1] {
		t.Errorf("the port moved: %v", hosts)
	}
	if s := r.sales(); len(s) != 2 {
		t.Errorf("%+v", s)
	}
}

// TestARelayThatLostItsMemory: the customer holds a form already when the relay
// is set up anew. The desk registers its orders again, so the payment counts.
func TestARelayThatLostItsMemory(t *testing.T) {
	t.Parallel()
	r := newRig(t).start().setup()
	c, err := r.charge(t.Context(), "18", "--wait", "60s")
	if err != nil {
		t.Fatal(err)
	}
	r.relay.kill()
	for _, path := range []string{r.relData, r.relData + ".secret"} {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
	r.startRelay()
	deadline := time.Now().Add(30 * time.Second)
	for {
		if _, _, err = send(r.browser, http.MethodGet, c.first.Link, ""); err == nil || time.Now().After(deadline) {
			break
		}
		time.Sleep(50 * time.Millisecond) // the desk connects again by a clock
	}
	if _, err := newCustomer(nil).pay(c.first.Link, goodCard); err != nil {
		t.Fatal(err)
	}
	if last, code := c.end(t); last.State != app.Paid || code != exitDone {
		t.Errorf("%+v, exit %d: %s", last, code, c.stderr)
	}
	r.agree(r.sales())
}

// TestReplayedNoticesChangeNothing posts what the simulator posted once more, in
// any order and to any store.
func TestReplayedNoticesChangeNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t).start().setup()
	var forms []form
	for _, amount := range []string{"21", "22"} {
		c, err := r.charge(t.Context(), amount, "--wait", "30s")
		if err != nil {
			t.Fatal(err)
		}
		landing, err := newCustomer(nil).payKeeping(c.first.Link, goodCard)
		if err != nil {
			t.Fatal(err)
		}
		forms = append(forms, landing)
		if last, code := c.end(t); last.State != app.Paid || code != exitDone {
			t.Fatalf("%+v, exit %d", last, code)
		}
	}
	before := r.sales()
	// IPCPurchaseOK has the fields of the notice and a signature of myPOS; only
	// its method says that it came from a browser.
	notify := strings.Replace(forms[0].action, "/ok", "/n/", 1) + r.storeName()
	for _, f := range []form{forms[1], forms[0], forms[0]} {
		post(t, notify, f.encode())
		post(t, notify, strings.Replace(f.encode(), "IPCPurchaseOK", "IPCPurchaseNotify", 1))
	}
	after := r.sales()
	for i := range before {
		if after[i].State != app.Paid || after[i].Attempts[0] != before[i].Attempts[0] {
			t.Errorf("before %+v, after %+v", before[i], after[i])
		}
	}
	r.agree(after)
}

// storeName is the name of the store at the relay, as the folder keeps it.
func (r *rig) storeName() string {
	r.t.Helper()
	raw, err := os.ReadFile(filepath.Join(r.data, "practice", "practice.json"))
	if err != nil {
		r.t.Fatal(err)
	}
	var kept struct {
		Store string `json:"store"`
	}
	if err := json.Unmarshal(raw, &kept); err != nil {
		r.t.Fatal(err)
	}
	return kept.Store
}

// TestAFullDisk: the journal cannot grow, so nothing is charged and that is said.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no limit on the size of files there")
	}
	r := newRig(t).start().setup()
	if out, code := r.ctl("charge", "--json", "--wait", "100ms", "5"); code != exitOpen {
		t.Fatalf("exit %d: %s", code, out)
	}
	before := r.sales()
	// The system lets no file of frontdeskctl grow beyond 4 kB.
	cmd := exec.Command("bash", "-c", `ulimit -f 4 && exec "$@"`, "bash", binary("frontdeskctl"), "--data", r.data, "charge", "--wait", "1s", "6")
	out, err := cmd.CombinedOutput()
	if err == nil || strings.Contains(string(out), "/p/") || !strings.Contains(string(out), "disk is full") {
		t.Errorf("%v: %s", err, out)
	}
	if after := r.sales(); len(after) != len(before) {
		t.Errorf("sales before %+v, after %+v", before, after)
	}
	if out, code := r.ctl("journal", "verify"); code != exitDone {
		t.Errorf("journal verify: exit %d: %s", code, out)
	}
}
