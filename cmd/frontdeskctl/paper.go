package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"

	"frontdesk/app"
	"frontdesk/app/local"
)

// paperCare is the mode of files with what customers paid.
const paperCare = 0o600

func receiptCommand(p *program, fs *flag.FlagSet) action {
	pdf := fs.String("pdf", "", "write it as PDF to this `file`, - is the output")
	print := fs.Bool("print", false, "print it on the receipt printer")
	again := fs.Bool("copy", false, "mark it as a copy, although it was never printed")
	refund := fs.String("refund", "", "`order id` of the refund the receipt is about")
	width := fs.Int("width", 48, "characters in a line, 32 to 128")
	operator := fs.String("operator", "", "`name` of who prints it")
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 1, "one SALE"); err != nil {
			return err
		}
		if p.fresh() {
			return app.ErrNotFound
		}
		a := local.ReceiptArgs{Sale: app.SaleID(args[0]), Refund: *refund, Copy: *again, Print: *print, PDF: *pdf != "", Width: *width, Operator: *operator}
		return p.with(ctx, func(s *station) error {
			p.catchup(ctx, s)
			if a.PDF {
				return p.paper(ctx, s, local.OpReceipt, a, *pdf)
			}
			return ask(ctx, s, local.OpReceipt, a, p.receipt)
		})
	}
}

// receipt prints a receipt as text.
func (p *program) receipt(r local.Receipt) error {
	if p.json {
		return p.line(r)
	}
	for _, line := range r.Lines {
		if _, err := fmt.Fprintln(p.out, line); err != nil {
			return err
		}
	}
	return nil
}

func evidenceCommand(p *program, fs *flag.FlagSet) action {
	format := fs.String("format", local.FormatPDF, "pdf or json")
	out := fs.String("out", "-", "`file` to write to, - is the output")
	who := p.actor(fs)
	return func(ctx context.Context, args []string) error {
		if err := exactly(args, 1, "one SALE"); err != nil {
			return err
		}
		if *format != local.FormatPDF && *format != local.FormatJSON {
			return usageError("evidence: --format is pdf or json")
		}
		if p.fresh() {
			return app.ErrNotFound
		}
		return p.with(ctx, func(s *station) error {
			p.catchup(ctx, s)
			return who.act(func(pin string) error {
				a := local.EvidenceArgs{Sale: app.SaleID(args[0]), Format: *format, Operator: who.operator, PIN: pin}
				return p.paper(ctx, s, local.OpEvidence, a, *out)
			})
		})
	}
}

// paper writes what comes in pieces, once it is whole.
func (p *program) paper(ctx context.Context, s *station, op string, args any, path string) error {
	var all bytes.Buffer
	err := ask(ctx, s, op, args, func(piece local.Piece) error {
		all.Write(piece.Raw)
		all.WriteString(piece.Text)
		return nil
	})
	if err != nil {
		return err
	}
	if path == "-" {
		_, err := p.out.Write(all.Bytes())
		return err
	}
	if err := os.WriteFile(path, all.Bytes(), paperCare); err != nil {
		return fileError{err}
	}
	return nil
}
