package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"frontdesk/app/day"
	"frontdesk/app/local"
	"frontdesk/app/text"
	"frontdesk/payments/money"
)

// dated reads the DATE of a command; none means today.
func dated(args []string) (string, error) {
	if len(args) > 1 {
		return "", usageError("this command takes at most one DATE, like 2026-11-21")
	}
	if len(args) == 0 || args[0] == "today" {
		return "", nil
	}
	if _, err := time.Parse(time.DateOnly, args[0]); err != nil {
		return "", usageError(fmt.Sprintf("%q is not a DATE like 2026-11-21", args[0]))
	}
	return args[0], nil
}

func dayCommand(p *program, _ *flag.FlagSet) action {
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
			return ask(ctx, s, local.OpDay, local.DayArgs{Day: name}, p.day)
		})
	}
}

func closeDayCommand(p *program, fs *flag.FlagSet) action {
	open := fs.Bool("open", false, "close although money is not settled")
	who := p.actor(fs)
	return func(ctx context.Context, args []string) error {
		name, err := dated(args)
		if err != nil {
			return err
		}
		return p.with(ctx, func(s *station) error {
			p.catchup(ctx, s)
			return who.act(func(pin string) error {
				a := local.DayArgs{Day: name, Open: *open, Operator: who.operator, PIN: pin}
				return ask(ctx, s, local.OpClose, a, p.day)
			})
		})
	}
}

func reopenDayCommand(p *program, fs *flag.FlagSet) action {
	who := p.actor(fs)
	return func(ctx context.Context, args []string) error {
		name, err := dated(args)
		if err != nil || name == "" {
			return cmp.Or(err, error(usageError("this command takes one DATE, like 2026-11-21")))
		}
		return p.with(ctx, func(s *station) error {
			return who.act(func(pin string) error {
				a := local.DayArgs{Day: name, Operator: who.operator, PIN: pin}
				return ask(ctx, s, local.OpReopen, a, p.day)
			})
		})
	}
}

func exportCommand(p *program, fs *flag.FlagSet) action {
	format := fs.String("format", "", "csv, json (one object per line) or pdf; csv without it, json with --json")
	until := fs.String("until", "", "last `DATE` of a period, of pdf")
	out := fs.String("out", "-", "`file` to write to, - is the output")
	comma := fs.Bool("comma", false, "csv with decimal commas, and semicolons between the fields")
	who := p.actor(fs)
	return func(ctx context.Context, args []string) error {
		name, err := dated(args)
		if err != nil {
			return err
		}
		a := local.DayArgs{Day: name, Format: *format, Comma: *comma, Operator: who.operator}
		if a.Format == "" {
			a.Format = string(day.CSV)
			if p.json {
				a.Format = string(day.JSON)
			}
		}
		if a.Until, err = period(name, *until, a.Format); err != nil {
			return err
		}
		switch {
		case a.Format != string(day.CSV) && a.Format != string(day.JSON) && a.Format != local.FormatPDF:
			return usageError("export: --format is csv, json or pdf")
		case a.Comma && a.Format != string(day.CSV):
			return usageError("export: --comma belongs to csv")
		}
		if p.fresh() {
			p.say("There is no journal yet.")
			return nil
		}
		return p.with(ctx, func(s *station) error {
			p.catchup(ctx, s)
			return who.act(func(pin string) error {
				a.PIN = pin
				if a.Format == local.FormatPDF || *out != "-" {
					return p.paper(ctx, s, local.OpExport, a, *out)
				}
				return ask(ctx, s, local.OpExport, a, func(piece local.Piece) error {
					_, err := io.WriteString(p.out, piece.Text)
					return err
				})
			})
		})
	}
}

// period reads the last DATE of a report over several days.
func period(from, until, format string) (string, error) {
	switch {
	case until == "":
		return "", nil
	case format != local.FormatPDF:
		return "", usageError("export: --until belongs to --format pdf")
	case from == "":
		return "", usageError("export: --until needs the first DATE, too")
	}
	return dated([]string{until})
}

// day prints a day.
func (p *program) day(d local.Day) error {
	if p.json {
		return p.line(d)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s  %s\n", d.Day, d.Zone, strings.ToUpper(string(d.Mode)))
	for _, t := range d.Totals {
		fmt.Fprintf(&b, "  stays %16s %s   %d paid %s, refunds %s, taken back %s, not known %s, tips %s\n", t.Net, t.Currency,
			t.Count, minor(t.Payments, t.Currency), minor(t.Refunds, t.Currency), minor(t.Back, t.Currency), minor(t.Unsure, t.Currency), minor(t.Tips, t.Currency))
	}
	if len(d.Totals) == 0 {
		b.WriteString("  nothing was taken\n")
	}
	for _, part := range []struct {
		name string
		list []local.DayShare
	}{{"rail", d.Rails}, {"device", d.Devices}, {"operator", d.Operators}} {
		for _, s := range part.list {
			fmt.Fprintf(&b, "  %-9s %12s %s   %s\n", part.name, s.Amount, s.Currency, cmp.Or(string(s.Rail), s.Name))
		}
	}
	for _, h := range d.Hours {
		fmt.Fprintf(&b, "  %02d:00     %12s %s\n", *h.Hour, h.Amount, h.Currency)
	}
	writeMatch(&b, d)
	if d.Earlier != "" {
		fmt.Fprintf(&b, "  %s is still open: close it first\n", d.Earlier)
	}
	if c := d.Closed; c != nil {
		fmt.Fprintf(&b, "  closed %s by %s, head %s\n", text.New("en").Clock(c.At.Local()), c.Operator, c.Head)
	}
	if !d.Agrees {
		b.WriteString("  the two sums differ: this day cannot be closed\n")
	}
	_, err := io.WriteString(p.out, b.String())
	return err
}

func minor(n int64, c money.Currency) string {
	return money.Amount{Minor: n, Currency: c}.Decimal()
}
