package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"frontdesk/app/local"
	"frontdesk/app/text"
	"frontdesk/app/till"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
)

// setupFlags is what `setup` is told.
type setupFlags struct {
	pack, relay, pair, sim string
	id, secretFile         string
	cloudFile              string
	insist, disconnect     bool
	who                    *actor
}

func setupCommand(p *program, fs *flag.FlagSet) action {
	f := setupFlags{who: p.actor(fs)}
	fs.StringVar(&f.sim, "sim", "", "`address` of a frontdesk-sim in place of the one inside (practice)")
	fs.StringVar(&f.relay, "relay", "", "`address` of the relay")
	fs.StringVar(&f.pair, "pair", "", "pairing `code` of the relay, used once")
	fs.StringVar(&f.pack, "pack", "", "`file` with the configuration pack of myPOS, - for stdin (live)")
	fs.StringVar(&f.id, "client-id", "", "client `id` of the myPOS API")
	fs.StringVar(&f.secretFile, "client-secret-file", "", "`file` with the client secret of the myPOS API")
	fs.StringVar(&f.cloudFile, "cloud-file", "", "JSON `file` with partner_id, application_id, client_id, client_secret, merchant_id and merchant_secret of the gateway for cloud terminals")
	fs.BoolVar(&f.insist, "insist", false, "save although codes of the last day, which may still be paid, could not be recognised afterwards")
	fs.BoolVar(&f.disconnect, "disconnect", false, "erase what can sign or take money; open payments are still recognised")
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 1, "one mode: practice, test or live"); err != nil {
			return err
		}
		p.mode = payments.Mode(args[0])
		switch p.mode {
		case payments.Practice:
			return p.setupPractice(ctx, f)
		case payments.Test, payments.Live:
			return p.setupReal(ctx, f)
		}
		return usageError("the modes are practice, test and live")
	}
}

func (p *program) setupPractice(ctx context.Context, f setupFlags) error {
	switch {
	case f.pack != "" || f.pair != "" || f.id != "" || f.secretFile != "" || f.cloudFile != "" || f.disconnect:
		return usageError("practice needs no credentials")
	case (f.sim == "") != (f.relay == ""):
		return usageError("--sim and --relay go together")
	}
	if err := till.Setup(ctx, p.config(), till.Outside{Sim: f.sim, Relay: f.relay}); err != nil {
		return err
	}
	if err := p.remember(); err != nil {
		return err
	}
	if p.json {
		return p.line(struct {
			Mode  payments.Mode `json:"mode"`
			Sim   string        `json:"sim,omitempty"`
			Relay string        `json:"relay,omitempty"`
		}{payments.Practice, f.sim, f.relay})
	}
	said := "Practice is set up: simulator and relay run inside the program."
	if f.sim != "" {
		said = "Practice is set up: simulator at " + f.sim + ", relay at " + f.relay + "."
	}
	_, err := fmt.Fprintln(p.out, said)
	return err
}

// setupReal connects Test or Live: through the program that holds the folder
// when it works in that mode, else by holding it.
func (p *program) setupReal(ctx context.Context, f setupFlags) error {
	switch {
	case f.sim != "":
		return usageError("--sim is for practice")
	case f.pack != "" && p.mode == payments.Test:
		return usageError("test needs no pack: the public one of the sandbox is built in")
	case f.disconnect && (f.pack != "" || f.relay != "" || f.pair != "" || f.id != "" || f.cloudFile != ""):
		return usageError("--disconnect stands alone")
	case (f.id == "") != (f.secretFile == ""):
		return usageError("--client-id and --client-secret-file go together")
	}
	args, err := p.setupArgs(f)
	if err != nil {
		return err
	}
	var done local.Connected
	err = p.with(ctx, func(s *station) error {
		return f.who.act(func(pin string) error {
			args.PIN = pin
			return ask(ctx, s, local.OpSetup, args, func(c local.Connected) error { done = c; return nil })
		})
	})
	if err != nil {
		return err
	}
	if err := p.remember(); err != nil {
		return err
	}
	if p.json {
		return p.line(done)
	}
	return p.connected(done)
}

func (p *program) setupArgs(f setupFlags) (local.SetupArgs, error) {
	args := local.SetupArgs{
		Mode: p.mode, Relay: f.relay, Pair: f.pair, ClientID: f.id, Insist: f.insist, Disconnect: f.disconnect, Operator: f.who.operator,
	}
	if f.pack != "" {
		from := p.in
		if f.pack != "-" {
			file, err := os.Open(f.pack)
			if err != nil {
				return args, fileError{err}
			}
			defer file.Close()
			from = file
		}
		raw, err := io.ReadAll(io.LimitReader(from, checkout.MaxPack+1))
		if err != nil {
			return args, err
		}
		args.Pack = string(raw)
	}
	if f.secretFile != "" {
		secret, err := readSecret(f.secretFile)
		if err != nil {
			return args, err
		}
		args.ClientSecret = string(secret)
	}
	if f.cloudFile != "" {
		return args, readCloud(f.cloudFile, &args.Cloud)
	}
	return args, nil
}

// maxCloud is the most a file with the credentials of the gateway may hold.
const maxCloud = 16 << 10

// readCloud reads the credentials of the gateway. The error names the file only.
func readCloud(name string, into *local.Cloud) error {
	file, err := os.Open(name)
	if err != nil {
		return fileError{err}
	}
	defer file.Close()
	if err := json.NewDecoder(io.LimitReader(file, maxCloud)).Decode(into); err != nil {
		return usageError("--cloud-file: " + name + " is no JSON object of texts")
	}
	return nil
}

// connected tells people what is connected now.
func (p *program) connected(c local.Connected) error {
	var b strings.Builder
	if c.Disconnected {
		_, err := fmt.Fprintln(p.out, text.New("en").Problem("store.disconnected").What)
		return err
	}
	fmt.Fprintf(&b, "%s is set up.", strings.ToUpper(string(c.Mode[:1]))+string(c.Mode[1:]))
	if c.SID == "" && c.Relay == "" && c.ClientID == "" && c.Cloud == "" {
		b.WriteString(" Nothing is connected yet: --pack FILE takes the pack of the myPOS portal.")
	}
	if c.SID != "" {
		fmt.Fprintf(&b, " Store %s, key index %d.", c.SID, c.KeyIndex)
	}
	if c.Relay != "" {
		fmt.Fprintf(&b, " Relay %s.", c.Relay)
	} else if c.SID != "" {
		b.WriteString(" QR codes by link need a relay: --relay URL --pair CODE.")
	}
	if c.ClientID != "" {
		fmt.Fprintf(&b, " API %s.", c.ClientID)
	}
	if c.Cloud != "" {
		fmt.Fprintf(&b, " Cloud terminals %s.", c.Cloud)
	}
	if c.Locked != "" {
		b.WriteString(" " + text.New("en").Problem(c.Locked).Text())
	}
	b.WriteString(" frontdeskctl doctor tests it.")
	_, err := fmt.Fprintln(p.out, b.String())
	return err
}

func doctorCommand(p *program, _ *flag.FlagSet) action {
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 0, "no arguments"); err != nil {
			return err
		}
		well := true
		english := text.New("en")
		err := p.with(ctx, func(s *station) error {
			return ask(ctx, s, local.OpDoctor, nil, func(f local.Finding) error {
				well = well && f.OK
				if f.Text == "" {
					f.Text = findingText(english, f)
				}
				if p.json {
					return p.line(f)
				}
				_, err := fmt.Fprintf(p.out, "%s  %-11s %s\n", findingMark(f), f.Check, f.Text)
				return err
			})
		})
		if err == nil && !well {
			return exitCode(exitNo)
		}
		return err
	}
}

func findingMark(f local.Finding) string {
	switch {
	case !f.OK:
		return "FAIL"
	case f.Result == "cannot_tell":
		return "?   "
	case f.Result == "not_used":
		return "-   "
	}
	return "ok  "
}

// findingText says what a step of Test connection means and the one thing to do.
func findingText(c *text.Catalog, f local.Finding) string {
	args := make([]any, len(f.Args))
	for i, a := range f.Args {
		args[i] = a
	}
	if f.Code == "" {
		return strings.TrimSpace(c.T("setup.step."+f.Check) + ": " + c.T("setup.result."+f.Result))
	}
	if c.Has("error." + f.Code + ".what") {
		return c.T("error."+f.Code+".what", args...) + " " + c.T("error."+f.Code+".do", args...)
	}
	said := c.Problem(f.Code)
	return said.What + " " + said.Do
}
