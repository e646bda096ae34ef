package till

import (
	"context"
	"net"
	"sync"
	"time"

	"frontdesk/app"
	"frontdesk/app/receipt"
	"frontdesk/app/settings"
	"frontdesk/payments"
)

// codeBegun is noted before the first byte leaves for the printer: when nothing
// follows it, nobody knows whether the receipt came out.
const codeBegun = "printer.begun"

// prints brings receipts to the printer, one after the other, and writes down
// what became of them.
type prints struct {
	press receipt.Press
	note  func(ctx context.Context, id app.SaleID, n app.ReceiptNote) error
	turn  chan struct{} // holds the one turn while nobody prints

	// Of the automatic print.
	life context.Context
	stop context.CancelFunc
	quit chan struct{} // closed: begin no other one
	work sync.WaitGroup

	mu   sync.Mutex
	code string // of the last one
}

func (d *Desk) newPrints() *prints {
	p := &prints{
		press: receipt.Press{Dial: (&net.Dialer{}).DialContext, Run: d.cfg.run()},
		note:  d.till.NoteReceipt,
		turn:  make(chan struct{}, 1),
		quit:  make(chan struct{}),
	}
	p.life, p.stop = context.WithCancel(context.Background())
	p.turn <- struct{}{}
	return p
}

// lastPrint is how long a receipt that is being printed may take when the desk
// closes, and letGo how long the printer then has to be let go of.
const (
	lastPrint = 3 * time.Second
	letGo     = 2 * time.Second
)

// close ends the automatic print. What is being printed may come out; what is
// not begun is found again at the next start. A port that cannot be closed while
// the system writes to it is left behind: no printer keeps a desk from ending.
func (p *prints) close() {
	if p == nil {
		return
	}
	close(p.quit)
	late := time.AfterFunc(lastPrint, p.stop)
	defer p.stop()
	defer late.Stop()
	ended := make(chan struct{})
	go func() {
		p.work.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(lastPrint + letGo):
	}
}

// alone does it while nothing else is printed.
func (p *prints) alone(ctx context.Context, do func() error) error {
	select {
	case <-p.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { p.turn <- struct{}{} }()
	return do()
}

// print prints a receipt of a sale; the caller has the turn. Without the note that
// it begins nothing is printed: a restart would print it again.
func (p *prints) print(ctx context.Context, to settings.Printer, r receipt.Receipt, by app.Actor) error {
	if to.None() {
		return &payments.Error{Op: "receipt.print", Code: "printer.none", Err: payments.ErrRefused}
	}
	n := app.ReceiptNote{Kind: kindOf(r.Kind), Refund: r.Kind.Refund, Way: wayOf(to), Failed: codeBegun, Actor: app.Actor{Operator: by.Operator}}
	if err := p.note(ctx, r.Sale, n); err != nil {
		return err
	}
	err := p.press.Print(ctx, to, r)
	n.Failed = payments.CodeOf(err)
	if err != nil && n.Failed == "" {
		n.Failed = "printer.other"
	}
	p.stand(n.Failed)
	if noted := p.note(context.WithoutCancel(ctx), r.Sale, n); err == nil {
		err = noted
	}
	return err
}

func (p *prints) stand(code string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.code = code
}

func (p *prints) standing() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.code
}

func kindOf(k receipt.Kind) string {
	switch {
	case k.Copy:
		return app.ReceiptCopy
	case k.Refund != "":
		return app.ReceiptRefund
	}
	return app.ReceiptSale
}

func wayOf(to settings.Printer) string {
	if to.Kind == settings.PrinterSystem {
		return app.ReceiptSystem
	}
	return app.ReceiptESCPOS
}
