package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Codes of this package.
const (
	// CodeUnheld: a charge that nobody would stay for (product.md 8).
	CodeUnheld = "practice.wait"
	// CodeStay: a payment on a terminal that nobody would stay for.
	CodeStay = "charge.wait"
	// CodeHeld: the program that holds the folder works in another mode.
	CodeHeld = "setup.held"
	// CodeOp: an operation or arguments this version does not know.
	CodeOp = "local.op"
)

// cancelWithin is how long a cancel waits for the answer that decides.
const cancelWithin = 10 * time.Second

// page is how many sales are read from the till at a time.
const page = 200

// Parts is the till behind the socket.
type Parts struct {
	Till   *app.Till
	Mode   payments.Mode
	Window bool // a window holds the folder and stays
	// Doctor asks the parts below the till.
	Doctor func(ctx context.Context) []Finding
	// Catchup returns when every notice that was stored before is in the journal.
	Catchup func(ctx context.Context) error
	// Backup makes today's copy of the journal.
	Backup func(ctx context.Context, passphrase string) (Copied, error)
	// Verify walks the journal's chain.
	Verify func(ctx context.Context) (Verified, error)
	// Setup changes what is connected.
	Setup func(ctx context.Context, a SetupArgs) (Connected, error)
	// Devices is nil where no terminals are driven.
	Devices Devices
	// Change refuses who may not change settings, with the PIN where there is
	// one. Nil refuses nobody.
	Change func(ctx context.Context, operator, pin string) error
	// Days is nil where no days are kept.
	Days Days
	// Papers and Reports are nil where nothing is put on paper.
	Papers  Papers
	Reports Reports
}

// Handler answers the operations with these parts.
func (p Parts) Handler() Handler {
	ops := map[string]Handler{
		OpPing: func(_ context.Context, _ Request, emit func(any) error) error {
			return emit(Pong{Mode: p.Mode, Window: p.Window})
		},
		OpCharge: with(p.charge),
		OpAgain:  with(p.again),
		OpWait:   with(p.wait),
		OpCancel: with(p.cancel),
		OpCheck:  with(p.check),
		OpSales:  with(p.sales),
		OpShow:   with(p.show),
		OpSettle: with(p.resolve),
		OpRefund: with(p.refund),
		OpKeep:   with(p.keep),
		OpCatch:  func(ctx context.Context, _ Request, _ func(any) error) error { return p.Catchup(ctx) },
		OpDoctor: p.doctor,
		OpVerify: p.verify,
		OpBackup: with(p.backup),
		OpSetup:  with(p.setup),
		OpErase:  with(p.erase),

		OpDevices: with(p.devices),
	}
	p.dayOps(ops)
	p.paperOps(ops)
	return func(ctx context.Context, req Request, emit func(any) error) error {
		op, ok := ops[req.Op]
		if !ok {
			return &payments.Error{Op: "local", Code: CodeOp, Err: payments.ErrRefused}
		}
		return op(ctx, req, emit)
	}
}

// with reads the arguments of an operation.
func with[A any](do func(context.Context, A, func(any) error) error) Handler {
	return func(ctx context.Context, req Request, emit func(any) error) error {
		var args A
		if err := json.Unmarshal(req.Args, &args); err != nil {
			return &payments.Error{Op: "local." + req.Op, Code: CodeOp, Err: payments.ErrRefused}
		}
		return do(ctx, args, emit)
	}
}

// typed reads an amount a person typed.
func typed(op, text string, cur money.Currency) (money.Amount, error) {
	a, err := money.Parse(text, cur)
	if err == nil {
		return a, nil
	}
	code := "amount.syntax"
	var f money.Fault
	if errors.As(err, &f) {
		code = f.Code()
	}
	return money.Amount{}, &payments.Error{Op: op, Code: code, Err: payments.ErrRefused}
}

// Check says whether the amount can be charged, without a till. The code of
// the error is that of package money.
func (a ChargeArgs) Check() error {
	_, err := a.amount()
	return err
}

// Unattended refuses a charge that would be left alone by a program that does
// not stay: in Practice the pay page closes with it, and a payment on a terminal
// ends unknown. Links of Test and Live live at the relay.
func (a ChargeArgs) Unattended(m payments.Mode) error {
	near := a.Device != "" || a.Rail == string(payments.RailTerminal) || a.Rail == string(payments.RailCloud)
	switch {
	case a.Waits || a.Rail == string(payments.RailCash):
		return nil
	case near:
		return &payments.Error{Op: "charge", Code: CodeStay, Err: payments.ErrRefused}
	case m == payments.Practice:
		return &payments.Error{Op: "charge", Code: CodeUnheld, Err: payments.ErrRefused}
	}
	return nil
}

func (a ChargeArgs) amount() (money.Amount, error) {
	cur := money.Currency(a.Currency)
	if cur == "" {
		cur = "EUR"
	}
	return typed("charge", a.Amount, cur)
}

func (p Parts) charge(ctx context.Context, a ChargeArgs, emit func(any) error) error {
	if !p.Window {
		if err := a.Unattended(p.Mode); err != nil {
			return err
		}
	}
	amount, err := a.amount()
	if err != nil {
		return err
	}
	device, err := p.terminal(a)
	if err != nil {
		return err
	}
	p.settle(ctx, payments.Rail(a.Rail))
	sale, err := p.Till.Charge(ctx, app.ChargeRequest{
		Lines: []app.Line{{Amount: amount}}, Currency: amount.Currency, Note: a.Note, Client: a.Client,
		Operator: a.Operator, Language: a.Language, Rail: payments.Rail(a.Rail), Key: a.Key, Device: device,
		Validity: a.Validity,
	})
	if err != nil {
		return err
	}
	for c := range p.Till.WatchSale(ctx, sale.ID) {
		sale = c.Sale
		if sale.State != app.Preparing {
			break
		}
	}
	if sale.State == app.Preparing && ctx.Err() != nil {
		return ctx.Err()
	}
	return emit(chargedShape(sale, true))
}

// settleWithin is how long a charge waits for the first proof of the relay after
// the till was opened.
const settleWithin = 10 * time.Second

// settle waits for the relay where a link must not be made without its proof.
// Whatever comes of it, the till decides.
func (p Parts) settle(ctx context.Context, rail payments.Rail) {
	if p.Mode == payments.Practice || rail != "" && rail != payments.RailLink {
		return
	}
	for s := range p.Till.Watch(ctx) {
		if !s.Relay.At.IsZero() {
			return
		}
		break
	}
	within, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	_ = p.Catchup(within)
}

func (p Parts) wait(ctx context.Context, a WaitArgs, emit func(any) error) error {
	within, cancel := context.WithTimeout(ctx, a.For)
	defer cancel()
	sale, _, err := p.Till.Sale(ctx, a.Sale)
	if err != nil {
		return err
	}
	if sale.Live() {
		for c := range p.Till.WatchSale(within, a.Sale) {
			sale = c.Sale
			if !sale.Live() {
				break
			}
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return emit(chargedShape(sale, false))
}

func (p Parts) one(ctx context.Context, id app.SaleID, emit func(any) error) error {
	sale, _, err := p.Till.Sale(ctx, id)
	if err != nil {
		return err
	}
	return emit(saleShape(sale))
}

func (p Parts) cancel(ctx context.Context, a CancelArgs, emit func(any) error) error {
	within, stop := context.WithTimeout(ctx, cancelWithin)
	defer stop()
	// A cancel that takes longer goes on; the sale says how far it is.
	err := p.Till.Cancel(within, a.Sale, a.Operator)
	if err != nil && (!errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil) {
		return err
	}
	return p.one(ctx, a.Sale, emit)
}

func (p Parts) keep(ctx context.Context, a CancelArgs, emit func(any) error) error {
	if err := p.Till.Keep(ctx, a.Sale, a.Operator); err != nil {
		return err
	}
	return p.one(ctx, a.Sale, emit)
}

func (p Parts) check(ctx context.Context, a SaleArgs, emit func(any) error) error {
	if err := p.Till.CheckNow(ctx, a.Sale); err != nil {
		return err
	}
	return p.one(ctx, a.Sale, emit)
}

func (p Parts) resolve(ctx context.Context, a ResolveArgs, emit func(any) error) error {
	err := p.Till.Resolve(ctx, a.Sale, app.Resolution{
		Paid: a.Paid, Evidence: a.Evidence, Operator: a.Operator, PIN: a.PIN, Refund: a.Refund, Attempt: a.Attempt,
	})
	if err != nil {
		return err
	}
	return p.one(ctx, a.Sale, emit)
}

func (p Parts) refund(ctx context.Context, a RefundArgs, emit func(any) error) error {
	sale, _, err := p.Till.Sale(ctx, a.Sale)
	if err != nil {
		return err
	}
	amount, err := typed("refund", a.Amount, sale.Amount.Currency)
	if err != nil {
		return err
	}
	sale, err = p.Till.Refund(ctx, a.Sale, app.RefundRequest{
		Amount: amount, Reason: a.Reason, Actor: app.Actor{Operator: a.Operator, PIN: a.PIN},
	})
	if err != nil {
		return err
	}
	if err := emit(saleShape(sale)); err != nil {
		return err
	}
	return refundError(sale)
}

// refundError is what became of the newest refund of a sale, nil when the money
// was given back.
func refundError(s app.Sale) error {
	var newest app.Refund
	for _, a := range s.Attempts {
		for _, r := range a.Refunds {
			if !r.Asked.Before(newest.Asked) {
				newest = r
			}
		}
	}
	switch newest.State {
	case app.RefundDone:
		return nil
	case app.RefundFailed:
		return &payments.Error{Op: "refund", Code: newest.Code, Err: payments.ErrRefused}
	}
	return &payments.Error{Op: "refund", Code: newest.Code, Err: payments.ErrUnknown}
}

func (p Parts) sales(ctx context.Context, a SalesArgs, emit func(any) error) error {
	q := app.Query{Text: a.Text, States: a.States}
	for left := a.Limit; ; {
		q.Limit = page
		if a.Limit > 0 {
			q.Limit = min(page, left)
		}
		sales, err := p.Till.Sales(ctx, q)
		if err != nil {
			return err
		}
		for _, s := range sales {
			if err := emit(saleShape(s)); err != nil {
				return err
			}
			q.Before = s.Seq
		}
		left -= len(sales)
		if len(sales) < q.Limit || (a.Limit > 0 && left <= 0) {
			return nil
		}
	}
}

func (p Parts) show(ctx context.Context, a SaleArgs, emit func(any) error) error {
	sale, events, err := p.Till.Sale(ctx, a.Sale)
	if err != nil {
		return err
	}
	if err := emit(saleShape(sale)); err != nil {
		return err
	}
	for _, e := range events {
		if err := emit(eventShape(e)); err != nil {
			return err
		}
	}
	return nil
}

// doctor asks the parts, then myPOS about every sale that is still open.
func (p Parts) doctor(ctx context.Context, _ Request, emit func(any) error) error {
	for _, f := range p.Doctor(ctx) {
		if err := emit(f); err != nil {
			return err
		}
	}
	live := []app.State{app.Preparing, app.Offered, app.Opened, app.Declined, app.Cancelling, app.Unknown}
	sales, err := p.Till.Sales(ctx, app.Query{States: live, Limit: page})
	if err != nil {
		return err
	}
	failed := 0
	for _, s := range sales {
		if err := p.Till.CheckNow(ctx, s.ID); err != nil {
			failed++
		}
	}
	text := fmt.Sprintf("%d open, all asked about", len(sales))
	if failed > 0 {
		text = fmt.Sprintf("%d open, no answer about %d of them", len(sales), failed)
	}
	return emit(Finding{Check: "sales", OK: failed == 0, Text: text})
}

// setup is for the mode that is open here: another one is another till.
func (p Parts) setup(ctx context.Context, a SetupArgs, emit func(any) error) error {
	if a.Mode != p.Mode {
		return &payments.Error{Op: "setup", Code: CodeHeld, Err: payments.ErrRefused}
	}
	done, err := p.Setup(ctx, a)
	if err != nil {
		return err
	}
	return emit(done)
}

func (p Parts) verify(ctx context.Context, _ Request, emit func(any) error) error {
	v, err := p.Verify(ctx)
	if err != nil {
		return err
	}
	return emit(v)
}
