package main

import (
	"context"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"frontdesk/app"
	"frontdesk/app/local"
	"frontdesk/app/text"
	"frontdesk/payments"
)

// linger is how long the program stays after PAID, so that the customer's phone
// still gets the page it is sent to.
const linger = 3 * time.Second

func chargeCommand(p *program, fs *flag.FlagSet) action {
	var a local.ChargeArgs
	fs.StringVar(&a.Currency, "currency", "EUR", "ISO 4217 `code`")
	fs.StringVar(&a.Note, "note", "", "`text` on the sale")
	fs.StringVar(&a.Client, "client", "", "`name` of the client")
	fs.StringVar(&a.Operator, "operator", "", "`name` of who charges")
	fs.StringVar(&a.Rail, "rail", "", "way to collect: link, request, terminal, cloud or cash")
	fs.StringVar(&a.Device, "device", "", "`terminal` by id or label; without it the default one")
	fs.StringVar(&a.Language, "language", "", "two letters, of the customer")
	wait := fs.Duration("wait", 0, "stay until the charge is over, at most this `long`")
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 1, "one AMOUNT, like 45.00"); err != nil {
			return err
		}
		if *wait < 0 {
			return usageError("--wait is a time like 2m")
		}
		a.Amount, a.Waits = args[0], *wait > 0
		if a.Device != "" && a.Rail == "" {
			a.Rail = string(payments.RailTerminal)
		}
		if err := railed(a.Rail); err != nil {
			return err
		}
		if err := p.mayCharge(ctx, a); err != nil {
			return err
		}
		key := make([]byte, 16)
		if _, err := io.ReadFull(p.entropy, key); err != nil {
			return err
		}
		a.Key = hex.EncodeToString(key)
		s, err := p.station(ctx)
		if err != nil {
			return err
		}
		end, err := p.follow(ctx, s, local.OpCharge, a, *wait)
		if err == nil && s.desk != nil && exitOf(end) == exitDone && a.Rail != string(payments.RailCash) {
			s.desk.Linger(ctx, linger)
		}
		if err := errors.Join(err, s.close()); err != nil {
			return err
		}
		return exitCode(exitOf(end))
	}
}

// railed refuses a way to pay that there is not.
func railed(rail string) error {
	switch payments.Rail(rail) {
	case "", payments.RailLink, payments.RailRequest, payments.RailTerminal, payments.RailCloud, payments.RailCash:
		return nil
	}
	return usageError("--rail is link, request, terminal, cloud or cash")
}

// mayCharge refuses what needs no till to be refused.
func (p *program) mayCharge(ctx context.Context, a local.ChargeArgs) error {
	if err := a.Check(); err != nil || a.Waits {
		return err
	}
	if err := p.recall(); err != nil {
		return err
	}
	_, err := local.Dial(ctx, p.dir)
	if errors.Is(err, local.ErrNobody) {
		return a.Unattended(p.mode)
	}
	return err
}

// follow begins a charge with an operation, says where to pay, and waits. An
// interrupt while it waits ends the waiting only.
func (p *program) follow(ctx context.Context, s *station, op string, a any, wait time.Duration) (app.State, error) {
	var begun local.Charged
	err := ask(ctx, s, op, a, func(c local.Charged) error {
		first := begun.Sale == ""
		begun = c
		return p.charged(c, first)
	})
	if err != nil || wait == 0 || !begun.State.Live() {
		return begun.State, err
	}
	end := begun.State
	deadline := p.now().Add(wait)
	for {
		left := max(deadline.Sub(p.now()), 0)
		err = ask(ctx, s, local.OpWait, local.WaitArgs{Sale: begun.Sale, For: left}, func(c local.Charged) error {
			end = c.State
			return p.charged(c, false)
		})
		if !errors.Is(err, local.ErrLost) || left == 0 {
			break
		}
		if err := s.reach(ctx); err != nil {
			return end, err
		}
	}
	if ctx.Err() != nil {
		p.say("Interrupted: the sale stays open. frontdeskctl cancel " + string(begun.Sale) + " withdraws it.")
		return end, exitCode(exitOpen)
	}
	return end, err
}

// charged prints how far a charge is, and when it is first heard of which one it is.
func (p *program) charged(c local.Charged, first bool) error {
	if p.json {
		return p.line(c)
	}
	words := text.New("en")
	var err error
	switch {
	case c.Link != "":
		_, err = fmt.Fprintf(p.out, "Sale %s\nPay at %s\nThe page shows the words %s.\n", c.Sale, c.Link, c.Words)
	case words.Knows(c.Reason):
		_, err = fmt.Fprintf(p.out, "%s: %s\n", words.Name(c.State), words.Problem(c.Reason).Text())
	case first:
		_, err = fmt.Fprintf(p.out, "Sale %s\n%s\n", c.Sale, words.Name(c.State))
	default:
		_, err = fmt.Fprintf(p.out, "%s\n", words.Name(c.State))
	}
	return err
}
