package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"frontdesk/app/journal"
	"frontdesk/app/local"
	"frontdesk/app/till"
)

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
		p.say("Nothing was changed. Charge nothing more here and keep this folder; journal restore FOLDER puts a copy in force, for example one below " +
			filepath.Join(p.dir, string(p.mode), "backups") + ".")
	}
	if err == nil && !v.OK {
		return exitCode(exitNo)
	}
	return err
}

// onJournal works on the journal itself when nobody holds the folder, and asks
// the holder otherwise.
func (p *program) onJournal(ctx context.Context, alone func(*journal.Journal) error, ask func(*station) error) error {
	if err := p.recall(); err != nil {
		return err
	}
	if p.fresh() {
		p.say("There is no journal yet in " + filepath.Join(p.dir, string(p.mode)) + ".")
		return nil
	}
	hold, err := local.Take(p.dir, p.runtime)
	if errors.Is(err, local.ErrHeld) {
		return p.with(ctx, ask)
	}
	if err != nil {
		return err
	}
	j, err := journal.Open(ctx, journal.Config{Dir: filepath.Join(p.dir, string(p.mode))})
	if err == nil {
		err = errors.Join(alone(j), j.Close())
	}
	return errors.Join(err, hold.Release())
}
