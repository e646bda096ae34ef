package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"frontdesk/app/backup"
	"frontdesk/app/journal"
	"frontdesk/app/local"
)

func journalCommand(p *program, _ *flag.FlagSet) action {
	return func(ctx context.Context, args []string) error {
		switch {
		case len(args) == 1 && args[0] == "verify":
			return p.journalVerify(ctx)
		case len(args) == 1 && args[0] == "backup":
			return p.journalBackup(ctx)
		case len(args) == 2 && args[0] == "restore":
			return p.journalRestore(ctx, args[1])
		}
		return usageError("journal takes verify, backup, or restore FOLDER")
	}
}

// journalBackup makes today's copy, through the program that holds the folder
// when there is one.
func (p *program) journalBackup(ctx context.Context) error {
	var done local.Copied
	err := p.onJournal(ctx,
		func(j *journal.Journal) error {
			b, err := p.backups(j).Make(ctx)
			done = local.Copied{Path: b.Path, Bytes: b.Size}
			return err
		},
		func(s *station) error {
			return ask(ctx, s, local.OpBackup, nil, func(c local.Copied) error { done = c; return nil })
		})
	if err != nil || done.Path == "" {
		return err
	}
	if p.json {
		return p.line(done)
	}
	_, err = fmt.Fprintf(p.out, "Copied and checked: %s\n", done.Path)
	return err
}

// journalRestore puts a copy in force. No program may hold the folder.
func (p *program) journalRestore(ctx context.Context, from string) (err error) {
	if err := p.recall(); err != nil {
		return err
	}
	hold, err := local.Take(p.dir, p.runtime)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, hold.Release()) }()
	done, err := p.backups(nil).Restore(ctx, from)
	if err != nil {
		return err
	}
	if p.json {
		return p.line(done)
	}
	text := fmt.Sprintf("Restored %d events.", done.Events)
	if done.Aside != "" {
		text += " What was there before lies in " + done.Aside + "."
	}
	_, err = fmt.Fprintln(p.out, text)
	return err
}

func (p *program) backups(j backup.Copier) backup.Config {
	return backup.Config{Dir: p.dir, Mode: p.mode, Journal: j, Now: p.now, Zone: cmp.Or(p.zone, time.UTC)}
}
