package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"frontdesk/app/vault"
	"frontdesk/payments"
)

// Exit codes (product.md 8).
const (
	exitDone  = 0
	exitNo    = 1
	exitUsage = 2
	exitOpen  = 3
)

// program is what a run reaches for.
type program struct {
	in       io.Reader
	out, err io.Writer
	version  string
	dir      string // data folder unless --data says otherwise; empty when there is none
	runtime  string
	now      func() time.Time
	mono     func() time.Duration
	zone     *time.Location // of the salon; nil means UTC
	entropy  io.Reader
	http     *http.Client
	log      *slog.Logger
	hostname func() (string, error)
	keyring  vault.Keys
	secret   string                                // file with the passphrase of the vault, where there is no keyring
	prompt   func(question string) (string, error) // asks at the terminal, hidden; nil: there is none
	sim      simulated

	mode payments.Mode // worked in last, or chosen by setup
	json bool
}

// command is one word of the program. flags declares its flags and returns what
// runs once they are read, with the arguments between and after them.
type command struct {
	name  string
	args  string
	about string
	flags func(p *program, fs *flag.FlagSet) action
}

type action func(ctx context.Context, args []string) error

// offline commands need no data folder.
func (c command) offline() bool { return c.name == "sign" || c.name == "verify" || c.name == "ipp" }

// exitCode ends the program without another word.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// usageError is a call that no command takes.
type usageError string

func (e usageError) Error() string { return string(e) }

func commands() []command {
	return []command{
		{"sign", "", "sign the form body on stdin: --pack FILE", signCommand},
		{"verify", "", "verify the raw body on stdin: --cert FILE [--format form|json]", verifyCommand},
		{"setup", "practice|test|live", "choose the mode and what it works with: [--pack FILE] [--relay URL] [--pair CODE] [--client-id ID --client-secret-file FILE] [--cloud-file FILE] [--insist] [--disconnect] [--sim URL] [--operator T] [--pin-file FILE]", setupCommand},
		{"doctor", "", "check journal, keys, relay, myPOS and open sales", doctorCommand},
		{"charge", "AMOUNT", "charge a customer: [--wait D] [--currency C] [--note T] [--client T] [--language L] [--operator T] [--rail link|request|terminal|cloud|cash] [--device D]", chargeCommand},
		{"again", "SALE", "collect a sale once more, another way: [--rail link|request|terminal|cloud|cash] [--device D] [--despite-unknown] [--wait D] [--operator T] [--pin-file FILE]", againCommand},
		{"sales", "", "list sales, newest first: [--find T] [--state S] [--limit N]", salesCommand},
		{"show", "SALE", "show one sale and its story", showCommand},
		{"cancel", "SALE", "ask to stop collecting a sale: [--operator T]", cancelCommand},
		{"refund", "SALE AMOUNT", "give money back: [--reason T] [--operator T] [--pin-file FILE]", refundCommand},
		{"resolve", "SALE", "settle an unknown sale: --paid or --not-paid, --evidence T [--attempt ID | --refund ORDER] [--operator T] [--pin-file FILE]", resolveCommand},
		{"devices", "list|add|test|enable|disable|default|remove|release [DEVICE]", "the card terminals: [--address HOST[:PORT] | --port PORT | --cloud TID | --practice] [--model M] [--untested] [--sid SID] [--operator T] [--pin-file FILE]", devicesCommand},
		{"day", "[DATE]", "what a business day came to, today without DATE (2026-11-21)", dayCommand},
		{"reconcile", "[DATE]", "ask about everything that is not settled and compare the journal with the list of the myPOS account", reconcileCommand},
		{"close-day", "[DATE]", "close a business day: [--open] [--operator T] [--pin-file FILE]", closeDayCommand},
		{"reopen-day", "DATE", "open the day that was closed last again: [--operator T] [--pin-file FILE]", reopenDayCommand},
		{"export", "[DATE]", "what moved on a business day, for the bookkeeper: [--format csv|json|pdf] [--comma] [--until DATE] [--out FILE] [--operator T] [--pin-file FILE]", exportCommand},
		{"erase", "[SALE]", "erase what the customer of a sale has told: SALE, or [--before DAY] for all sales begun before it; [--operator T] [--pin-file FILE]", eraseCommand},
		{"receipt", "SALE", "show the receipt of a sale: [--pdf FILE] [--print] [--copy] [--refund ORDER] [--width N] [--operator T]", receiptCommand},
		{"evidence", "SALE", "all that is known about a sale, with the signed notices: [--format pdf|json] [--out FILE] [--operator T] [--pin-file FILE]", evidenceCommand},
		{"journal", "verify|backup|restore FOLDER", "check the journal's chain, copy it, put a copy in force: [--secrets] [--passphrase-file FILE] [--operator T] [--pin-file FILE]", journalCommand},
		{"ipp", "decode", "read raw terminal frames on stdin, a JSON object per frame", ippCommand},
	}
}

// run carries out one call and returns the exit code.
func (p *program) run(ctx context.Context, argv []string) int {
	told := &output{w: p.out}
	p.out = told
	err := p.dispatch(ctx, argv)
	if told.err != nil {
		p.say("frontdeskctl: The answer could not be written: " + told.err.Error() +
			". What was done stays in the journal: look with frontdeskctl sales before doing it again.")
		return exitOpen
	}
	var code exitCode
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage):
		p.say("frontdeskctl: " + usage.Error())
		p.say("Run 'frontdeskctl help' for the commands.")
		return exitUsage
	}
	p.say("frontdeskctl: " + sentence(err))
	return exitFor(err)
}

func (p *program) dispatch(ctx context.Context, argv []string) error {
	global := flag.NewFlagSet("frontdeskctl", flag.ContinueOnError)
	show := p.globals(global)
	words, err := parse(global, argv, true)
	if errors.Is(err, flag.ErrHelp) || (err == nil && len(words) > 0 && words[0] == "help") {
		p.help()
		return nil
	}
	if err != nil {
		return usageError(err.Error())
	}
	if *show {
		_, err := fmt.Fprintln(p.out, "frontdeskctl "+p.version+simulatedMark)
		return err
	}
	if len(words) == 0 {
		p.help()
		return exitCode(exitUsage)
	}
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == words[0] })
	if i < 0 {
		return usageError(fmt.Sprintf("there is no command %q", words[0]))
	}
	return p.one(ctx, all[i], words[1:])
}

func (p *program) one(ctx context.Context, c command, words []string) error {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	p.globals(fs)
	do := c.flags(p, fs)
	args, err := parse(fs, words, false)
	if errors.Is(err, flag.ErrHelp) {
		p.say("frontdeskctl " + strings.TrimSpace(c.name+" "+c.args) + ": " + c.about)
		fs.SetOutput(p.err)
		fs.PrintDefaults()
		return nil
	}
	if err != nil {
		return usageError(c.name + ": " + err.Error())
	}
	switch {
	case c.offline():
	case p.dir == "":
		return usageError("where the data lies is not known, because HOME is not set or --data is empty: use --data DIR. Nothing was done")
	default:
		if p.dir, err = filepath.Abs(p.dir); err != nil {
			return err
		}
	}
	p.now = p.sim.clock(p.now)
	return do(ctx, args)
}

// globals declares the flags that every command takes.
func (p *program) globals(fs *flag.FlagSet) *bool {
	fs.SetOutput(io.Discard)
	fs.StringVar(&p.dir, "data", p.dir, "data `folder`")
	p.sim.flags(fs)
	fs.BoolVar(&p.json, "json", p.json, "print one JSON object per line")
	return fs.Bool("version", false, "print the version")
}

// parse reads flags before and after arguments and returns the arguments. With
// first it stops at the first argument and returns it with everything behind it.
// "--" ends the flags; "-5" is an argument.
func parse(fs *flag.FlagSet, argv []string, first bool) ([]string, error) {
	var args []string
	for len(argv) > 0 {
		word := argv[0]
		switch {
		case word == "--":
			return append(args, argv[1:]...), nil
		case !strings.HasPrefix(word, "-") || word == "-" || negative(word):
			if first {
				return argv, nil
			}
			args = append(args, word)
			argv = argv[1:]
			continue
		}
		// One flag at a time, so that the package never decides what ends them.
		n := 1
		if takesValue(fs, word) {
			n = 2
		}
		if n > len(argv) {
			return nil, fmt.Errorf("flag needs an argument: %s", word)
		}
		if err := fs.Parse(argv[:n]); err != nil {
			return nil, err
		}
		argv = argv[n:]
	}
	return args, nil
}

func negative(word string) bool {
	return len(word) > 1 && strings.ContainsRune("0123456789.,", rune(word[1]))
}

// takesValue reports whether the flag's value is the next word.
func takesValue(fs *flag.FlagSet, word string) bool {
	name := strings.TrimLeft(word, "-")
	if strings.Contains(name, "=") {
		return false
	}
	f := fs.Lookup(name)
	if f == nil {
		return false
	}
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !b.IsBoolFlag()
}

func (p *program) help() {
	var b strings.Builder
	b.WriteString("frontdeskctl is the till without a window.\n\n" +
		"  frontdeskctl [--data DIR] [--json] COMMAND, flags before or after arguments\n\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-28s %s\n", strings.TrimSpace(c.name+" "+c.args), c.about)
	}
	b.WriteString("\nExit: 0 done or paid; 1 refused, invalid, declined, withdrawn or expired; 2 usage; 3 still open or unknown.\n")
	_, _ = io.WriteString(p.out, b.String())
}

// say prints a line for people, beside the results.
func (p *program) say(text string) { _, _ = fmt.Fprintln(p.err, text) }

// exactly returns a usage error unless there are n arguments.
func exactly(args []string, n int, what string) error {
	if len(args) != n {
		return usageError("this command takes " + what)
	}
	return nil
}
