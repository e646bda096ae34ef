package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"frontdesk/payments/checkout"
)

// body reads stdin, at most limit bytes and one more. The line end a terminal or
// an editor puts behind a body is no part of it.
func (p *program) body(limit int64) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(p.in, limit+3))
	if err != nil {
		return nil, err
	}
	raw = bytes.TrimSuffix(raw, []byte("\n"))
	return bytes.TrimSuffix(raw, []byte("\r")), nil
}

func signCommand(p *program, fs *flag.FlagSet) action {
	pack := fs.String("pack", "", "myPOS configuration pack `file`")
	return func(_ context.Context, args []string) error {
		if err := exactly(args, 0, "no arguments; the form body comes from stdin"); err != nil {
			return err
		}
		if *pack == "" {
			return usageError("sign needs --pack FILE")
		}
		text, err := os.ReadFile(*pack)
		if err != nil {
			return fileError{err}
		}
		store, err := checkout.ParsePack(text)
		if err != nil {
			return err
		}
		raw, err := p.body(checkout.MaxForm)
		if err != nil {
			return err
		}
		fields, err := checkout.ParseForm(raw)
		if err != nil {
			return err
		}
		signed, err := checkout.Sign(store.Key, fields)
		if err != nil {
			return err
		}
		// The body goes out byte by byte as it came; only the signature is added.
		_, err = fmt.Fprintf(p.out, "%s&%s", raw, signed[len(signed)-1:].Encode())
		return err
	}
}

func verifyCommand(p *program, fs *flag.FlagSet) action {
	cert := fs.String("cert", "", "certificate `file` (PEM) of who signed")
	format := fs.String("format", "form", "form or json")
	return func(_ context.Context, args []string) error {
		if err := exactly(args, 0, "no arguments; the raw body comes from stdin"); err != nil {
			return err
		}
		if *cert == "" {
			return usageError("verify needs --cert FILE")
		}
		if *format != "form" && *format != "json" {
			return usageError("--format is form or json")
		}
		text, err := os.ReadFile(*cert)
		if err != nil {
			return fileError{err}
		}
		c, err := checkout.ParseCertificate(text)
		if err != nil {
			return err
		}
		raw, err := p.body(checkout.MaxAnswer)
		if err != nil {
			return err
		}
		return p.verdict(verify(*format, raw, c))
	}
}

func verify(format string, raw []byte, c *checkout.Certificate) error {
	if format == "json" {
		_, err := checkout.VerifyJSON(raw, c)
		return err
	}
	fields, err := checkout.ParseForm(raw)
	if err != nil {
		return err
	}
	return checkout.VerifyFields(fields, c)
}

// verdict prints valid or invalid and why.
func (p *program) verdict(err error) error {
	why := ""
	if err != nil {
		why = reason(err)
	}
	if p.json {
		if e := p.line(struct {
			Valid bool   `json:"valid"`
			Why   string `json:"why,omitempty"`
		}{err == nil, why}); e != nil {
			return e
		}
	} else if err == nil {
		_, _ = fmt.Fprintln(p.out, "valid")
	} else {
		_, _ = fmt.Fprintln(p.out, "invalid: "+why)
	}
	if err != nil {
		return exitCode(exitNo)
	}
	return nil
}

// reason tells in a few words why a message is not accepted.
func reason(err error) string {
	for _, known := range []error{
		checkout.ErrTooLarge, checkout.ErrUnsigned, checkout.ErrRepeated,
		checkout.ErrSignature, checkout.ErrMissing, checkout.ErrMalformed,
	} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return err.Error()
}
