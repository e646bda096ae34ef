package main

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"time"

	"frontdesk/app"
	"frontdesk/app/local"
)

// eraseCommand erases what customers have told: of one sale, or of all that were
// begun before a day.
func eraseCommand(p *program, fs *flag.FlagSet) action {
	before := fs.String("before", "", "all sales begun before this `day` (2026-11-21)")
	who := p.actor(fs)
	return func(ctx context.Context, args []string) error {
		a := local.EraseArgs{Operator: who.operator}
		switch {
		case len(args) == 1 && *before == "":
			a.Sale = app.SaleID(args[0])
		case len(args) == 0 && *before != "":
			day, err := time.ParseInLocation(time.DateOnly, *before, p.salonZone())
			if err != nil {
				return usageError("erase: --before takes a day like 2026-11-21")
			}
			a.Before = day
		default:
			return usageError("erase takes one SALE, or --before DAY")
		}
		if p.fresh() {
			p.say("There is no journal yet.")
			return nil
		}
		return p.with(ctx, func(s *station) error {
			return who.act(func(pin string) error {
				a.Operator, a.PIN = who.operator, pin
				return ask(ctx, s, local.OpErase, a, p.erased)
			})
		})
	}
}

func (p *program) salonZone() *time.Location {
	if p.zone == nil {
		return time.UTC
	}
	return p.zone
}

func (p *program) erased(e local.Erased) error {
	if p.json {
		return p.line(e)
	}
	if _, err := fmt.Fprintf(p.out, "%d erased; amounts, states and the chain stay\n", e.Erased); err != nil {
		return err
	}
	if e.Erased == 0 {
		return nil
	}
	for _, path := range p.olderCopies() {
		p.say("Not reached, and may hold the words: " + path)
	}
	return nil
}

// olderCopies are the journals that an erasure does not reach: the daily copies,
// which go by themselves within eight weeks, and what a restore or a newer program
// has put aside.
func (p *program) olderCopies() []string {
	var all []string
	for _, pattern := range []string{"backups/*/journal.db", "backups/*.db", "replaced-*/journal.db"} {
		found, err := filepath.Glob(filepath.Join(p.dir, string(p.mode), filepath.FromSlash(pattern)))
		if err == nil {
			all = append(all, found...)
		}
	}
	return all
}
