package main

import (
	"context"
	"flag"
	"fmt"

	"frontdesk/payments/simulator"
	"frontdesk/payments/simulator/pos"
)

// terminalOptions are the flags about the card terminal.
type terminalOptions struct {
	addr, pty, tid, customer string
	speed                    float64
}

func (o *terminalOptions) flags(f *flag.FlagSet) {
	f.StringVar(&o.addr, "terminal", "", "also be a card terminal on this TCP `address`, e.g. 127.0.0.1:7900 (port 0 picks one)")
	f.StringVar(&o.pty, "terminal-pty", "", "also be a card terminal on a pseudo serial port, and make `path` a link to it")
	f.StringVar(&o.tid, "terminal-id", "", "terminal `id`, eight digits")
	f.StringVar(&o.customer, "terminal-customer", "", "a card holder who acts without being asked to: `tap` or insert")
	f.Float64Var(&o.speed, "terminal-speed", 1, "how many `times` faster than life the terminal is")
}

// open starts the terminal that was asked for and returns the lines that say
// where it is.
func (o *terminalOptions) open(ctx context.Context, sim *simulator.Simulator) (string, error) {
	if o.addr == "" && o.pty == "" {
		return "", nil
	}
	t, err := sim.OpenTerminal(pos.Config{
		TID: o.tid, Speed: o.speed, Switches: pos.Switches{Customer: o.customer},
	})
	if err != nil {
		return "", err
	}
	lines := ""
	if o.addr != "" {
		addr, err := t.Listen(ctx, o.addr)
		if err != nil {
			return "", err
		}
		lines = fmt.Sprintf("terminal %s\n", addr)
	}
	if o.pty != "" {
		path, err := t.ListenPTY(o.pty)
		if err != nil {
			return "", err
		}
		lines += fmt.Sprintf("terminal-pty %s\n", path)
	}
	return lines, nil
}
