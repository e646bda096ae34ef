package receipt

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net"
	"time"

	"frontdesk/app/settings"
	"frontdesk/payments"
)

// ErrPart is in errors after which something may have come out of the printer.
var ErrPart = errors.New("a part of the receipt may have been printed")

// Found is a printer, or a port behind which one may stand.
type Found struct {
	Kind    string // as in settings.Printer
	Address string
	Name    string // as people know it
	Default bool   // the one the system prints on
}

// Press brings receipts to printers. Dial and Run are required; the rest may be
// left at zero.
type Press struct {
	// Dial connects to a network printer; (*net.Dialer).DialContext fits.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Run runs a program of the system and returns what it printed.
	Run func(ctx context.Context, name string, args ...string) ([]byte, error)
	// Temp is the folder for what a system printer is given; it is removed again.
	// Empty: that of the system.
	Temp string

	patience patience
}

// patience is how long a printer may take. Zero fields mean the usual.
type patience struct {
	dial   time.Duration // to be reached
	answer time.Duration // to say how it is
	stall  time.Duration // to take a piece
	finish time.Duration // to say that all of it is printed
	linger time.Duration // to take the end of it, where it says nothing
	submit time.Duration // the system's printing, to take it
}

func (p patience) usual() patience {
	return patience{
		dial: cmp.Or(p.dial, 4*time.Second), answer: cmp.Or(p.answer, 500*time.Millisecond), stall: cmp.Or(p.stall, 8*time.Second),
		finish: cmp.Or(p.finish, 10*time.Second), linger: cmp.Or(p.linger, 2*time.Second),
		submit: cmp.Or(p.submit, 30*time.Second),
	}
}

// job is something to print, in the forms printers take.
type job struct {
	bytes func(io.Writer, settings.Printer) error
	pdf   func(io.Writer) error
	name  string
}

// Print prints a receipt and returns when the printer has taken it.
func (p Press) Print(ctx context.Context, to settings.Printer, r Receipt) error {
	return p.print(ctx, to, job{
		bytes: func(w io.Writer, to settings.Printer) error { return WriteESCPOS(w, r, to) },
		pdf:   func(w io.Writer) error { return WritePDF(w, r) },
		name:  "receipt-" + r.Number,
	})
}

func (p Press) print(ctx context.Context, to settings.Printer, j job) error {
	switch {
	case to.None():
		return refuse("printer.none")
	case to.Kind == settings.PrinterSystem:
		return p.system(ctx, to, j)
	}
	var out bytes.Buffer
	if err := j.bytes(&out, to); err != nil {
		return err
	}
	line, err := p.open(ctx, to)
	if err != nil {
		return err
	}
	t := newTalk(ctx, line, p.patience.usual(), to.Kind != settings.PrinterNetwork)
	return errors.Join(t.print(out.Bytes()), t.close())
}

// open connects to a printer that takes bytes.
func (p Press) open(ctx context.Context, to settings.Printer) (io.ReadWriteCloser, error) {
	switch to.Kind {
	case settings.PrinterNetwork:
		return p.dial(ctx, to)
	case settings.PrinterSerial:
		return openSerial(to)
	case settings.PrinterUSB:
		return openUSB(to)
	}
	return nil, refuse("printer.kind")
}

func (p Press) dial(ctx context.Context, to settings.Printer) (io.ReadWriteCloser, error) {
	address, err := addressOf(to)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, p.patience.usual().dial)
	defer cancel()
	conn, err := p.Dial(ctx, "tcp", address)
	if err != nil {
		return nil, lost("printer.unreachable", err)
	}
	return conn, nil
}

// lost is an error after which nothing has come out.
func lost(code string, err error) error {
	return &payments.Error{Op: "receipt.print", Code: code, Err: errors.Join(payments.ErrUnreachable, err)}
}

// part is an error after which something may have come out. It is no
// payments.ErrUnknown: that speaks of money.
func part(code string, err error) error {
	return &payments.Error{Op: "receipt.print", Code: code, Err: errors.Join(ErrPart, err)}
}
