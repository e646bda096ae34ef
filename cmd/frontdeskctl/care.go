package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"

	"frontdesk/app/journal"
	"frontdesk/app/local"
	"frontdesk/app/till"
	"frontdesk/payments"
)

func setupCommand(p *program, fs *flag.FlagSet) action {
	sim := fs.String("sim", "", "`address` of a frontdesk-sim instead of the one inside")
	relay := fs.String("relay", "", "`address` of a frontdesk-relay instead of the one inside")
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 1, "one mode: practice"); err != nil {
			return err
		}
		if args[0] != string(payments.Practice) {
			return usageError("this version sets up practice only")
		}
		if (*sim == "") != (*relay == "") {
			return usageError("--sim and --relay go together")
		}
		err := till.Setup(ctx, p.config(), till.Outside{Sim: *sim, Relay: *relay})
		if err != nil {
			return err
		}
		if p.json {
			return p.line(struct {
				Mode  payments.Mode `json:"mode"`
				Sim   string        `json:"sim,omitempty"`
				Relay string        `json:"relay,omitempty"`
			}{payments.Practice, *sim, *relay})
		}
		text := "Practice is set up: simulator and relay run inside the program."
		if *sim != "" {
			text = "Practice is set up: simulator at " + *sim + ", relay at " + *relay + "."
		}
		_, err = fmt.Fprintln(p.out, text)
		return err
	}
}

func doctorCommand(p *program, _ *flag.FlagSet) action {
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 0, "no arguments"); err != nil {
			return err
		}
		well := true
		err := p.with(ctx, func(s *station) error {
			return ask(ctx, s, local.OpDoctor, nil, func(f local.Finding) error {
				well = well && f.OK
				if p.json {
					return p.line(f)
				}
				mark := "ok  "
				if !f.OK {
					mark = "FAIL"
				}
				_, err := fmt.Fprintf(p.out, "%s  %-9s %s\n", mark, f.Check, f.Text)
				return err
			})
		})
		if err == nil && !well {
			return exitCode(exitNo)
		}
		return err
	}
}

func journalCommand(p *program, _ *flag.FlagSet) action {
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 1, "one word: verify"); err != nil || args[0] != "verify" {
			return usageError("journal takes one word: verify")
		}
		return p.journalVerify(ctx)
	}
}

// journalVerify walks the chain. It needs no till: a journal must be readable
// when nothing else works.
func (p *program) journalVerify(ctx context.Context) error {
	v := local.Verified{OK: true}
	err := p.onJournal(ctx,
		func(j *journal.Journal) (err error) {
			v, err = till.Verify(ctx, j)
			return err
		},
		func(s *station) error {
			return ask(ctx, s, local.OpVerify, nil, func(got local.Verified) error { v = got; return nil })
		})
	if err != nil {
		return err
	}
	if p.json {
		err = p.line(v)
	} else if v.OK {
		_, err = fmt.Fprintf(p.out, "ok: %d events, the chain holds\n", v.Events)
	} else {
		_, err = fmt.Fprintf(p.out, "damaged at event %d: %s\n", v.Bad, v.Why)
	}
	if err == nil && !v.OK {
		return exitCode(exitNo)
	}
	return err
}

// onJournal works on the journal itself when nobody holds the folder, and asks
// the holder otherwise.
func (p *program) onJournal(ctx context.Context, alone func(*journal.Journal) error, ask func(*station) error) error {
	if p.fresh() {
		p.say("There is no journal yet.")
		return nil
	}
	hold, err := local.Take(p.dir, p.runtime)
	if errors.Is(err, local.ErrHeld) {
		return p.with(ctx, ask)
	}
	if err != nil {
		return err
	}
	j, err := journal.Open(ctx, journal.Config{Dir: filepath.Join(p.dir, string(payments.Practice))})
	if err == nil {
		err = errors.Join(alone(j), j.Close())
	}
	return errors.Join(err, hold.Release())
}
