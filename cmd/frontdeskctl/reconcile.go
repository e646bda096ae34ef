package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"strings"

	"frontdesk/app/day"
	"frontdesk/app/local"
)

// reconcileCommand asks, compares and prints the day. What could not be asked or
// read is printed, too, and is no failure of the program.
func reconcileCommand(p *program, _ *flag.FlagSet) action {
	return func(ctx context.Context, args []string) error {
		name, err := dated(args)
		if err != nil {
			return err
		}
		if p.fresh() {
			p.say("There is no journal yet.")
			return nil
		}
		return p.with(ctx, func(s *station) error {
			p.catchup(ctx, s)
			return ask(ctx, s, local.OpReconcile, local.DayArgs{Day: name}, p.day)
		})
	}
}

// writeMatch writes how a day compares with myPOS's list, and what is to be
// looked at.
func writeMatch(b *strings.Builder, d local.Day) {
	switch m := d.Match; m.State {
	case day.MatchDone, day.MatchRunning:
		fmt.Fprintf(b, "  myPOS     %d sales agree, %d of them by amount and time only; %d may be listed yet; %d lines of others\n",
			m.Agree, m.Probable, m.Fresh, m.Elsewhere)
	case day.MatchNever:
		b.WriteString("  myPOS     not compared yet: frontdeskctl reconcile\n")
	case day.MatchFailed:
		fmt.Fprintf(b, "  myPOS     not compared: %s\n", cmp.Or(m.Text, m.Code))
	case day.MatchOff:
		fmt.Fprintf(b, "  myPOS     %s\n", cmp.Or(m.Text, m.Code))
	}
	for _, x := range d.Differences {
		who := words(string(x.Sale), x.Client, x.Note)
		if e := x.Entry; e != nil {
			who = words(who, e.Device, e.Reference)
		}
		fmt.Fprintf(b, "  look at   %12s %s   %s: %s\n", x.Amount, x.Currency, who, x.Text)
	}
	for _, x := range d.Settled {
		fmt.Fprintf(b, "  answered  %12s %s   %s %s: %s\n", x.Amount, x.Currency, x.Sale, words(x.Client, x.Note), x.Text)
	}
}
