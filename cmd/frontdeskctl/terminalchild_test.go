package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/journal"
	"frontdesk/app/rails"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/payments/terminal"
)

// asTill makes the test binary be a till with one terminal: the work it is given
// as JSON, see childWork.
const asTill = "FRONTDESKCTL_TEST_TILL"

// childWork is what a till of its own process does.
type childWork struct {
	Data     string `json:"data"`     // data folder; the journal lies in practice/
	Terminal string `json:"terminal"` // host:port
	Minor    int64  `json:"minor"`    // charge this much; 0 settles what is open
	Commit   int    `json:"commit"`   // die at this commit, counted from 1; 0 never
	After    bool   `json:"after"`    // ... once it is on disk, not before
}

// childSaid is the last line of a till that lived.
type childSaid struct {
	Commits int        `json:"commits"`
	Sales   []app.Sale `json:"sales"`
	Error   string     `json:"error,omitempty"`
}

// scaled is how many times faster than life the timers of the campaign are.
const scaled = 20

// mortal is a journal whose process dies at a chosen commit.
type mortal struct {
	app.Journal
	work childWork
	n    int
}

// Append is called by one goroutine at a time, the owner of the till.
func (m *mortal) Append(ctx context.Context, events []app.Event, cursor *payments.Position) ([]app.Event, error) {
	m.n++
	if m.n == m.work.Commit && !m.work.After {
		die()
	}
	done, err := m.Journal.Append(ctx, events, cursor)
	if m.n == m.work.Commit {
		die()
	}
	return done, err
}

// die is kill -9 from inside.
func die() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	select {}
}

// oneDevice is a register with one terminal.
type oneDevice struct {
	device devices.Device
	driver *terminal.Terminal
}

func (o oneDevice) Find(string) (devices.Device, error) { return o.device, nil }
func (o oneDevice) Terminal(string) (devices.Device, *terminal.Terminal, error) {
	return o.device, o.driver, nil
}
func (o oneDevice) Seen(string, terminal.Info) {}

// beTill does the work and says on stdout what came of it.
func beTill(raw string) int {
	var work childWork
	if err := json.Unmarshal([]byte(raw), &work); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitUsage
	}
	said, err := work.do()
	if err != nil {
		said.Error = err.Error()
	}
	if err := json.NewEncoder(os.Stdout).Encode(said); err != nil {
		return exitNo
	}
	return exitDone
}

func (w childWork) do() (said childSaid, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 40*time.Second)
	defer cancel()
	host, text, err := net.SplitHostPort(w.Terminal)
	if err != nil {
		return said, err
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return said, err
	}
	driver, err := terminal.New(terminal.Config{
		Dial: terminal.TCP(host, port), Now: time.Now, Entropy: rand.Reader, Timers: terminal.Timers{}.Scaled(scaled),
	})
	if err != nil {
		return said, err
	}
	rail, err := rails.NewTerminal(rails.TerminalConfig{
		Devices: oneDevice{devices.Device{ID: "D1", Label: "Front", Currency: money.EUR, Enabled: true}, driver},
	})
	if err != nil {
		return said, err
	}
	dir := filepath.Join(w.Data, string(payments.Practice))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return said, err
	}
	book, err := journal.Open(ctx, journal.Config{Dir: dir, Entropy: rand.Reader})
	if err != nil {
		return said, err
	}
	m := &mortal{Journal: book, work: w}
	begun := time.Now()
	till, err := app.New(ctx, app.Config{
		Mode: payments.Practice, Journal: m, Rails: []app.Rail{rail}, Now: time.Now,
		Mono: func() time.Duration { return time.Since(begun) }, Entropy: rand.Reader,
	})
	if err != nil {
		return said, errors.Join(err, book.Close())
	}
	err = w.work(ctx, till)
	said.Sales, _ = till.Sales(ctx, app.Query{})
	err = errors.Join(err, till.Close(), book.Close())
	said.Commits = m.n
	return said, err
}

// work charges, or waits until nothing is open any more and the terminal has
// heard of everything.
func (w childWork) work(ctx context.Context, till *app.Till) error {
	if w.Minor == 0 {
		return eachAtRest(ctx, till)
	}
	sale, err := till.Charge(ctx, app.ChargeRequest{
		Lines: []app.Line{{Label: "Cut", Amount: money.Amount{Minor: w.Minor, Currency: money.EUR}}}, Currency: money.EUR,
		Rail: payments.RailTerminal,
	})
	if err != nil && !errors.Is(err, payments.ErrRefused) {
		return err
	}
	if sale.ID == "" {
		return err
	}
	return eachAtRest(ctx, till)
}

// eachAtRest waits for every sale of the till.
func eachAtRest(ctx context.Context, till *app.Till) error {
	sales, err := till.Sales(ctx, app.Query{})
	if err != nil {
		return err
	}
	for _, s := range sales {
		for seen := range till.WatchSale(ctx, s.ID) {
			if atRest(seen.Sale) {
				break
			}
		}
	}
	return ctx.Err()
}

// atRest: decided and told to the terminal, or not known because the terminal
// has no record of it, which only a person can end.
func atRest(s app.Sale) bool {
	a := s.Attempts[len(s.Attempts)-1]
	if s.State == app.Unknown {
		return a.Reason == app.ReasonAbsent
	}
	return !s.Live() && !a.Dirty
}
