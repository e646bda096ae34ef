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
	"frontdesk/app/till"
	"frontdesk/payments"
)

// copyFlags is what `journal backup` and `journal restore` are told.
type copyFlags struct {
	secrets bool
	file    string // with the passphrase of the copy
	who     *actor
}

func journalCommand(p *program, fs *flag.FlagSet) action {
	f := copyFlags{who: p.actor(fs)}
	fs.BoolVar(&f.secrets, "secrets", false, "backup: the credentials go along, sealed under a passphrase of the copy; restore: put them back")
	fs.StringVar(&f.file, "passphrase-file", "", "`file` with the passphrase of the copy; without it the terminal is asked")
	return func(ctx context.Context, args []string) error {
		switch {
		case len(args) == 1 && args[0] == "verify":
			return p.journalVerify(ctx)
		case len(args) == 1 && args[0] == "backup":
			return p.journalBackup(ctx, f)
		case len(args) == 2 && args[0] == "restore":
			return p.journalRestore(ctx, args[1], f)
		}
		return usageError("journal takes verify, backup, or restore FOLDER")
	}
}

// phrase is the passphrase of a copy.
func (f copyFlags) phrase(question string) ([]byte, error) {
	p := f.who.p
	switch {
	case f.file != "":
		return f.some(readSecret(f.file))
	case p.prompt == nil:
		return nil, usageError("--secrets needs --passphrase-file where no terminal can be asked")
	}
	text, err := p.prompt(question)
	return f.some([]byte(text), err)
}

// some refuses no passphrase at all, which would make a copy without secrets.
func (f copyFlags) some(phrase []byte, err error) ([]byte, error) {
	if err == nil && len(phrase) == 0 {
		err = &payments.Error{Op: "journal.copy", Code: "vault.passphrase_short", Err: payments.ErrRefused}
	}
	return phrase, err
}

// journalBackup makes today's copy, through the program that holds the folder
// when there is one. Secrets are handed out by a till only, which knows who may
// have them.
func (p *program) journalBackup(ctx context.Context, f copyFlags) error {
	var done local.Copied
	keep := func(c local.Copied) error { done = c; return nil }
	copied := func() error { return p.copyJournal(ctx, &done, keep) }
	if f.secrets {
		phrase, err := f.phrase("Choose a passphrase for this copy: ")
		if err != nil {
			return err
		}
		copied = func() error {
			return f.who.act(func(pin string) error {
				args := local.BackupArgs{Passphrase: string(phrase), Operator: f.who.operator, PIN: pin}
				return p.with(ctx, func(s *station) error { return ask(ctx, s, local.OpBackup, args, keep) })
			})
		}
	}
	switch err := copied(); {
	case err != nil:
		return err
	case done.Path == "":
		return exitCode(exitNo) // there is nothing to copy, which was said
	}
	if p.json {
		return p.line(done)
	}
	_, err := fmt.Fprintf(p.out, "Copied and checked: %s\n", done.Path)
	return err
}

// copyJournal makes a copy without secrets.
func (p *program) copyJournal(ctx context.Context, done *local.Copied, keep func(local.Copied) error) error {
	return p.onJournal(ctx,
		func(j *journal.Journal) error {
			b, err := p.backups(j).Make(ctx)
			*done = local.Copied{Path: b.Path, Bytes: b.Size}
			return err
		},
		func(s *station) error { return ask(ctx, s, local.OpBackup, local.BackupArgs{}, keep) })
}

// journalRestore puts a copy in force. No program may hold the folder.
func (p *program) journalRestore(ctx context.Context, from string, f copyFlags) (err error) {
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
	back := secretsBack{Restored: done}
	// The journal is in force by now, whatever becomes of the secrets.
	err = p.restoreSecrets(ctx, from, f, &back)
	return errors.Join(err, p.restored(back))
}

func (p *program) restored(back secretsBack) error {
	if p.json {
		return p.line(back)
	}
	text := fmt.Sprintf("Restored %d events.", back.Events)
	if back.Aside != "" {
		text += " What was there before lies in " + back.Aside + "."
	}
	if back.Secrets != "" {
		text += " " + secretsText()[back.Secrets]
	}
	_, err := fmt.Fprintln(p.out, text)
	return err
}

// secretsBack is a restore with what became of the secrets in the copy: one of the
// constants below, empty when the copy holds none and nobody asked for them.
type secretsBack struct {
	backup.Restored
	Secrets string `json:"secrets,omitempty"`
}

const (
	secretsNone  = "none"
	secretsLeft  = "left"
	secretsKept  = "kept"
	secretsThere = "restored"
)

func secretsText() map[string]string {
	return map[string]string{
		secretsNone:  "The copy holds no credentials.",
		secretsLeft:  "The copy also holds the credentials: put them back with --secrets.",
		secretsKept:  "The credentials that are here stay in force; those of the copy were not taken.",
		secretsThere: "The credentials of the copy are back.",
	}
}

// restoreSecrets puts the credentials of a copy back where there are none.
func (p *program) restoreSecrets(ctx context.Context, from string, f copyFlags, back *secretsBack) error {
	sealed, err := backup.Secrets(from)
	if err != nil || sealed == nil {
		if f.secrets && err == nil {
			back.Secrets = secretsNone
		}
		return err
	}
	back.Secrets = secretsLeft
	if !f.secrets {
		return nil
	}
	phrase, err := f.phrase("Passphrase of the copy: ")
	if err != nil {
		return err
	}
	restored, err := till.RestoreSecrets(ctx, p.config(), sealed, phrase)
	switch {
	case restored:
		back.Secrets = secretsThere
	case err == nil:
		back.Secrets = secretsKept
	}
	return err
}

func (p *program) backups(j backup.Copier) backup.Config {
	return backup.Config{Dir: p.dir, Mode: p.mode, Journal: j, Now: p.now, Zone: cmp.Or(p.zone, time.UTC)}
}
