package terminal_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/payments/simulator/pos"
	"frontdesk/payments/terminal"
)

// A payment on a terminal, the way a till takes one. A real terminal is dialed
// by terminal.TCP("192.168.1.40", 7900) or terminal.Serial("/dev/ttyACM0").
func ExampleTerminal() {
	ctx := context.Background()
	practice, err := pos.Open(pos.Config{Now: time.Now, Entropy: rand.Reader, Speed: 100, Switches: pos.Switches{Customer: pos.CustomerTap}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer practice.Close()
	t, err := terminal.New(terminal.Config{Dial: practice.Dial, Now: time.Now, Entropy: rand.Reader})
	if err != nil {
		fmt.Println(err)
		return
	}

	info, err := t.Prepare(ctx)
	if err != nil || info.Code != "" {
		fmt.Println("not ready:", info.Code, err)
		return
	}
	sid, err := terminal.NewSID(rand.Reader)
	if err != nil {
		fmt.Println(err)
		return
	}
	previous := info.Last.SID // sid and previous go to disk here

	r, err := t.Purchase(ctx, terminal.Purchase{SID: sid, Amount: money.Amount{Minor: 4500, Currency: money.EUR}}, func(s terminal.Stage) {
		fmt.Println("stage:", s.Name)
	})
	for errors.Is(err, payments.ErrUnknown) { // never charge again: look it up
		time.Sleep(2 * time.Second)
		r, err = t.Lookup(ctx, sid, previous)
	}
	if err != nil {
		fmt.Println("nothing was charged:", err)
		return
	}
	fmt.Println(r.Outcome, r.Amount) // and the outcome goes to disk here
	if err := t.Complete(ctx, sid); err != nil {
		fmt.Println("complete it before the next payment:", err)
	}
	// Output:
	// stage: sent
	// stage: present_card
	// stage: card_read
	// paid 45.00 EUR
}

func ExampleSplit() {
	raw, err := terminal.Encode(terminal.Frame{
		terminal.Text("PROTOCOL", "IPP"), terminal.Text("VERSION", "202"), terminal.Text("METHOD", "PING"), terminal.Text("SID", "a-1"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	frame, n, err := terminal.Split(raw)
	method, _ := frame.Get("METHOD")
	fmt.Println(method, n == len(raw), err)
	part, n, err := terminal.Split(raw[:20])
	fmt.Println(part, n, err)
	// Output:
	// PING true <nil>
	// [] 0 <nil>
}
