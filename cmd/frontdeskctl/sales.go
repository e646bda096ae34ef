package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/local"
	"frontdesk/app/text"
	"frontdesk/payments/money"
)

// catchup is how long a listing waits for notices that are still on their way.
const catchup = 3 * time.Second

func salesCommand(p *program, fs *flag.FlagSet) action {
	var a local.SalesArgs
	fs.StringVar(&a.Text, "find", "", "`words` in note, client, amount, last four, order id or reference")
	fs.IntVar(&a.Limit, "limit", 0, "at most this `many`")
	state := fs.String("state", "", "only sales in this `state`, several with commas")
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 0, "no arguments"); err != nil {
			return err
		}
		for s := range strings.SplitSeq(*state, ",") {
			switch {
			case s == "":
			case !slices.Contains(states(), app.State(s)):
				return usageError(fmt.Sprintf("there is no state %q, only %s", s, joined(states())))
			default:
				a.States = append(a.States, app.State(s))
			}
		}
		if p.fresh() {
			p.say("There is no journal yet.")
			return nil
		}
		return p.with(ctx, func(s *station) error {
			p.catchup(ctx, s)
			return ask(ctx, s, local.OpSales, a, p.sale)
		})
	}
}

// states are those of a sale.
func states() []app.State {
	return []app.State{
		app.Preparing, app.Offered, app.Opened, app.Paid, app.Declined, app.Withdrawn, app.Expired, app.NotCharged, app.Cancelling,
		app.Unknown, app.Reversed, app.PaidLate, app.Overpaid, app.PartRefunded, app.Refunded, app.Found,
	}
}

func joined(list []app.State) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}

func showCommand(p *program, _ *flag.FlagSet) action {
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 1, "one SALE"); err != nil {
			return err
		}
		if p.fresh() {
			return app.ErrNotFound
		}
		return p.with(ctx, func(s *station) error {
			p.catchup(ctx, s)
			return p.show(ctx, s, app.SaleID(args[0]))
		})
	}
}

// show prints the sale, and for people its story.
func (p *program) show(ctx context.Context, s *station, id app.SaleID) error {
	first := true
	return s.call(ctx, local.OpShow, local.SaleArgs{Sale: id}, func(raw json.RawMessage) error {
		if first {
			first = false
			var sale local.Sale
			if err := json.Unmarshal(raw, &sale); err != nil {
				return err
			}
			return p.sale(sale)
		}
		if p.json {
			return nil
		}
		var e local.Event
		if err := json.Unmarshal(raw, &e); err != nil {
			return err
		}
		_, err := fmt.Fprintf(p.out, "  %s  %-8s %-17s %s\n", e.At.Local().Format(time.DateTime), e.Source, e.Kind, e.Reference)
		return err
	})
}

func (p *program) sale(s local.Sale) error {
	if p.json {
		return p.line(s)
	}
	state := text.New("en").Name(s.State)
	if s.State == app.PartRefunded {
		state += " " + minor(s.RefundedMinor, money.Currency(s.Currency))
	}
	_, err := fmt.Fprintf(p.out, "%s  %s  %12s %s  %-18s %s\n", s.ID, s.Created.Local().Format(time.DateTime),
		s.Amount, s.Currency, state, words(s.Client, s.Note))
	return err
}

// with runs do on the till and gives the folder back.
func (p *program) with(ctx context.Context, do func(*station) error) error {
	s, err := p.station(ctx)
	if err != nil {
		return err
	}
	err = do(s)
	if e := s.close(); err == nil {
		err = e
	}
	return err
}

// catchup waits until everything the relay holds is in the journal. Without an
// answer the journal is shown as it is, and that is said.
func (p *program) catchup(ctx context.Context, s *station) {
	within, cancel := context.WithTimeout(ctx, catchup)
	defer cancel()
	if err := s.call(within, local.OpCatch, nil, func(json.RawMessage) error { return nil }); err != nil && ctx.Err() == nil {
		p.say("The relay does not answer: the newest payments may be missing here.")
	}
}

func cancelCommand(p *program, fs *flag.FlagSet) action {
	operator := fs.String("operator", "", "`name` of who cancels")
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 1, "one SALE"); err != nil {
			return err
		}
		state := app.State("")
		err := p.with(ctx, func(s *station) error {
			a := local.CancelArgs{Sale: app.SaleID(args[0]), Operator: *operator}
			return ask(ctx, s, local.OpCancel, a, func(sale local.Sale) error {
				state = sale.State
				return p.sale(sale)
			})
		})
		switch {
		case err != nil:
			return err
		case state == app.Withdrawn, state == app.Expired, state == app.NotCharged:
			return nil
		case state.Live():
			return exitCode(exitOpen)
		}
		return exitCode(exitNo)
	}
}

func refundCommand(p *program, fs *flag.FlagSet) action {
	reason := fs.String("reason", "", "`text` kept with the refund")
	who := p.actor(fs)
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 2, "SALE and AMOUNT"); err != nil {
			return err
		}
		return p.with(ctx, func(s *station) error {
			return who.act(func(pin string) error {
				a := local.RefundArgs{Sale: app.SaleID(args[0]), Amount: args[1], Reason: *reason, Operator: who.operator, PIN: pin}
				return ask(ctx, s, local.OpRefund, a, p.sale)
			})
		})
	}
}

func resolveCommand(p *program, fs *flag.FlagSet) action {
	paid := fs.Bool("paid", false, "the money was taken")
	notPaid := fs.Bool("not-paid", false, "no money was taken")
	evidence := fs.String("evidence", "", "reference, RRN or last four; or reference and time of the last transaction shown")
	who := p.actor(fs)
	refund := fs.String("refund", "", "`order id` of the refund the answer is about")
	attempt := fs.String("attempt", "", "`id` of the attempt the answer is about, when more than one is not known")
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 1, "one SALE"); err != nil {
			return err
		}
		if *paid == *notPaid {
			return usageError("resolve needs --paid or --not-paid")
		}
		if strings.TrimSpace(*evidence) == "" {
			return usageError("resolve needs --evidence TEXT")
		}
		return p.with(ctx, func(s *station) error {
			return who.act(func(pin string) error {
				a := local.ResolveArgs{
					Sale: app.SaleID(args[0]), Paid: *paid, Evidence: *evidence, Operator: who.operator, PIN: pin, Refund: *refund,
					Attempt: app.AttemptID(*attempt),
				}
				return ask(ctx, s, local.OpSettle, a, p.sale)
			})
		})
	}
}
