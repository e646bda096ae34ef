package main

import (
	"context"
	"errors"
	"flag"

	"frontdesk/app"
	"frontdesk/app/local"
	"frontdesk/payments"
)

// againCommand collects a sale once more: on another way, or although a payment
// of it is not known.
func againCommand(p *program, fs *flag.FlagSet) action {
	var a local.AgainArgs
	fs.StringVar(&a.Rail, "rail", "", "way to collect: link, request, terminal, cloud or cash")
	fs.StringVar(&a.Device, "device", "", "`terminal` by id or label; without it the default one")
	fs.BoolVar(&a.DespiteUnknown, "despite-unknown", false, "although a payment of the sale is not known: the customer may pay twice")
	wait := fs.Duration("wait", 0, "stay until the charge is over, at most this `long`")
	who := p.actor(fs)
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 1, "one SALE"); err != nil {
			return err
		}
		if *wait < 0 {
			return usageError("--wait is a time like 2m")
		}
		a.Sale, a.Operator, a.Waits = app.SaleID(args[0]), who.operator, *wait > 0
		if a.Device != "" && a.Rail == "" {
			a.Rail = string(payments.RailTerminal)
		}
		if err := railed(a.Rail); err != nil {
			return err
		}
		s, err := p.station(ctx)
		if err != nil {
			return err
		}
		var end app.State
		err = who.act(func(pin string) error {
			a.PIN = pin
			end, err = p.follow(ctx, s, local.OpAgain, a, *wait)
			return err
		})
		if err := errors.Join(err, s.close()); err != nil {
			return err
		}
		return exitCode(exitOf(end))
	}
}
