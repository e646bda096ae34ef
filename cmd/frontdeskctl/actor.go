package main

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"

	"frontdesk/app/vault"
	"frontdesk/payments"
)

// actor is who acts, with the PIN from a file or from the terminal.
type actor struct {
	p        *program
	operator string
	file     string
}

// actor declares the flags of commands that need a right.
func (p *program) actor(fs *flag.FlagSet) *actor {
	a := &actor{p: p}
	fs.StringVar(&a.operator, "operator", "", "`name` of who does it")
	fs.StringVar(&a.file, "pin-file", "", "`file` with the PIN; without it the terminal is asked where one is needed")
	return a
}

// act does it, and once more with a PIN when one is needed and somebody sits at
// the terminal. A refusal for want of a PIN has done nothing.
func (a *actor) act(do func(pin string) error) error {
	pin := ""
	if a.file != "" {
		secret, err := readSecret(a.file)
		if err != nil {
			return err
		}
		pin = string(secret)
	}
	err := do(pin)
	if pin != "" || payments.CodeOf(err) != "operator.pin_needed" || a.p.prompt == nil {
		return err
	}
	if pin, err = a.p.prompt("PIN: "); err != nil {
		return err
	}
	return do(pin)
}

// maxSecret is the most a file with a secret may hold.
const maxSecret = 1024

// readSecret reads a file with one line.
func readSecret(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError{err}
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxSecret))
	return bytes.TrimRight(raw, "\r\n"), err
}

// passphrase is that of the vault where there is no keyring: from the file that
// FRONTDESK_PASSPHRASE_FILE names, else from the terminal.
func (p *program) passphrase(_ context.Context, first bool) ([]byte, error) {
	switch {
	case p.secret != "":
		return readSecret(p.secret)
	case p.prompt == nil:
		return nil, &payments.Error{Op: "vault.open", Code: "vault.passphrase_needed", Err: vault.ErrLocked}
	}
	question := "Passphrase of the vault: "
	if first {
		question = "Choose a passphrase for the vault: "
	}
	text, err := p.prompt(question)
	return []byte(text), err
}
