package rails

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/payments/merchant"
	"frontdesk/payments/money"
	"frontdesk/payments/terminal"
)

// Devices joins the register of terminals with what drives them.
type Devices interface {
	// Find returns the device of an ID that may take a charge; "" is the default
	// one. Codes device.missing, device.disabled.
	Find(id string) (devices.Device, error)
	// Terminal returns the device and its driver, the same driver each time, also
	// of devices that take no charges any more: what is open on them is settled.
	Terminal(id string) (devices.Device, *terminal.Terminal, error)
	// Seen is told what a terminal said of itself right before a payment.
	Seen(id string, told terminal.Info)
}

// Ledger is the list of card payments in the myPOS account.
type Ledger interface {
	DeviceTransactions(ctx context.Context, q merchant.DeviceTransactionQuery) ([]merchant.DeviceTransaction, merchant.Paging, error)
	RefundDevice(ctx context.Context, terminalID, referenceNumber string, amount money.Amount) error
}

// TerminalConfig is what the rail of terminals is made of. Ledger may be nil, or
// return nil while the account is not connected: then nothing is cross-checked.
type TerminalConfig struct {
	Devices Devices
	Ledger  func() Ledger
}

// Terminal collects money on card terminals, near enough to be dialled. One rail
// serves all of them.
type Terminal struct {
	cfg TerminalConfig

	mu      sync.Mutex
	running map[string]*terminal.Terminal // by OrderID
}

var (
	_ app.Presenter = (*Terminal)(nil)
	_ app.Refunder  = (*Terminal)(nil)
	_ app.Seeker    = (*Terminal)(nil)
	_ app.Releaser  = (*Terminal)(nil)
)

// NewTerminal returns the rail.
func NewTerminal(cfg TerminalConfig) (*Terminal, error) {
	if cfg.Devices == nil {
		return nil, errors.New("rails: terminals need devices")
	}
	if cfg.Ledger == nil {
		cfg.Ledger = func() Ledger { return nil }
	}
	return &Terminal{cfg: cfg, running: map[string]*terminal.Terminal{}}, nil
}

// Name returns payments.RailTerminal.
func (t *Terminal) Name() payments.Rail { return payments.RailTerminal }

// Device finds the device of a charge.
func (t *Terminal) Device(id string) (app.Device, error) {
	d, err := t.cfg.Devices.Find(id)
	return app.Device{ID: d.ID, Label: d.Label}, err
}

// Offer is refused: a terminal shows no page.
func (t *Terminal) Offer(context.Context, app.Offer) (app.Page, error) {
	return app.Page{}, refuse("rails.terminal.offer", "rail.missing")
}

func refuse(op, code string) error {
	return &payments.Error{Op: op, Code: code, Err: payments.ErrRefused}
}

// Prepare looks at the terminal and returns the name of its last transaction. A
// terminal that cannot take the payment, or is another one than was registered,
// refuses it. A terminal that does not tell its currency is taken at the
// register's word.
func (t *Terminal) Prepare(ctx context.Context, o app.Offer) (string, error) {
	const op = "rails.terminal.prepare"
	d, m, err := t.cfg.Devices.Terminal(o.Device)
	if err != nil {
		return "", err
	}
	info, err := t.checked(ctx, op, d, m, o.Amount.Currency)
	return info.Last.SID, err
}

// checked asks the terminal who it is, right before money moves on it: another
// one at the same address, one that cannot take money and one of another
// currency are refused.
func (t *Terminal) checked(ctx context.Context, op string, d devices.Device, m *terminal.Terminal, want money.Currency) (terminal.Info, error) {
	info, err := m.Prepare(ctx)
	if err != nil {
		return terminal.Info{}, err
	}
	t.cfg.Devices.Seen(d.ID, info)
	currency := info.Currency
	if currency == "" {
		currency = d.Currency
	}
	switch {
	case other(d.TerminalID, info.TerminalID) || other(d.SerialNo, info.SerialNo):
		return terminal.Info{}, refuse(op, "terminal.changed")
	case info.Code != "":
		return terminal.Info{}, refuse(op, info.Code)
	case currency != "" && currency != want:
		return terminal.Info{}, refuse(op, "terminal.currency")
	}
	return info, nil
}

func other(known, told string) bool { return known != "" && told != "" && known != told }

// Collect takes the money once and waits for the end.
func (t *Terminal) Collect(ctx context.Context, o app.Offer, stage func(app.Stage)) (payments.Answer, error) {
	_, m, err := t.cfg.Devices.Terminal(o.Device)
	if err != nil {
		return payments.Answer{}, errors.Join(payments.ErrRefused, err)
	}
	defer t.run(o.OrderID, m)()
	r, err := m.Purchase(ctx, terminal.Purchase{
		SID: o.SID, Amount: money.Amount{Minor: o.Amount.Minor - o.Tip.Minor, Currency: o.Amount.Currency}, Tip: o.Tip, Reference: o.OrderID,
	}, func(s terminal.Stage) { stage(stageOf(s)) })
	if err != nil {
		return payments.Answer{}, err
	}
	return answer(o.OrderID, r, o.Tip), nil
}

// run remembers which driver an order runs on, until the returned func is called.
func (t *Terminal) run(orderID string, m *terminal.Terminal) (end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running[orderID] = m
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.running, orderID)
	}
}

// Withdraw asks the running payment of the order to stop. One that does not run
// is no error.
func (t *Terminal) Withdraw(ctx context.Context, orderID string) error {
	t.mu.Lock()
	m := t.running[orderID]
	t.mu.Unlock()
	if m == nil {
		return nil
	}
	return m.Cancel(ctx)
}

// Complete tells the terminal that the outcome is on disk.
func (t *Terminal) Complete(ctx context.Context, o app.Offer) error {
	_, m, err := t.cfg.Devices.Terminal(o.Device)
	if err != nil {
		return err
	}
	return m.Complete(ctx, o.SID)
}

// Status finds out what became of a payment whose outcome was lost. When the
// terminal cannot say, the list of the account is searched for our reference;
// only an entry in it proves anything, its absence does not.
func (t *Terminal) Status(ctx context.Context, q app.StatusQuery) (payments.Answer, error) {
	d, m, err := t.cfg.Devices.Terminal(q.Device)
	if err != nil {
		return payments.Answer{}, unsure(err)
	}
	r, err := m.Lookup(ctx, q.SID, q.Previous)
	if err == nil && r.Outcome == payments.Refunded {
		// The record of our name is one of money that went back: what was paid before
		// is for a person to tell.
		return payments.Answer{}, refuseUnknown("rails.terminal.status", "terminal.odd")
	}
	r, plain := legible(r, q.Amount.Currency)
	if err == nil && (r.Class == terminal.Charged && plain || r.Class == terminal.Declined || r.Class == terminal.NotCharged) {
		return answer(q.OrderID, r, money.Amount{}), nil
	}
	if listed, ok := t.listed(ctx, d.TerminalID, q); ok {
		return listed, nil
	}
	switch {
	case err != nil:
		return payments.Answer{}, err
	case other(d.TerminalID, r.TerminalID):
		return payments.Answer{}, refuseUnknown("rails.terminal.status", "terminal.changed") // it knows nothing of our payment
	case r.Outcome == payments.Absent:
		return payments.Answer{Outcome: payments.Absent, OrderID: q.OrderID, Code: r.Status, Raw: r.Raw}, nil
	}
	return payments.Answer{}, refuseUnknown("rails.terminal.status", "terminal.odd")
}

// listed searches the account for a paid transaction that carries our order.
func (t *Terminal) listed(ctx context.Context, terminalID string, q app.StatusQuery) (payments.Answer, bool) {
	l := t.cfg.Ledger()
	if l == nil {
		return payments.Answer{}, false
	}
	found, _, err := l.DeviceTransactions(ctx, merchant.DeviceTransactionQuery{
		TerminalID: terminalID, ReferenceNumber: q.OrderID, From: q.Begun.Add(-day), To: q.Begun.Add(2 * day), Size: listSize,
	})
	if err != nil {
		return payments.Answer{}, false
	}
	found = slices.DeleteFunc(found, func(e merchant.DeviceTransaction) bool {
		return e.ReferenceNumber != q.OrderID || !succeeded(e)
	})
	if len(found) != 1 {
		return payments.Answer{}, false // none, or more than one: paid twice, or paid and gone back
	}
	e := found[0]
	if e.Reference == "" || e.Amount != q.Amount || other(terminalID, e.TerminalID) {
		return payments.Answer{}, false
	}
	return payments.Answer{
		Outcome: payments.Paid, OrderID: q.OrderID, Reference: e.Reference, Amount: e.Amount, Provider: e.When, Listed: true,
		Card: payments.Card{RRN: e.RRN, STAN: e.STAN, Last4: e.CardLast4, TerminalID: e.TerminalID}, Raw: e.Raw,
	}, true
}

const (
	day      = 24 * time.Hour
	listSize = 100
)

// unsure makes an error of a question one that says nothing about the money.
func unsure(err error) error {
	return &payments.Error{Op: "rails.terminal.status", Code: payments.CodeOf(err), Err: errors.Join(payments.ErrUnknown, errors.New(err.Error()))}
}

func refuseUnknown(op, code string) error {
	return &payments.Error{Op: op, Code: code, Err: payments.ErrUnknown}
}

// Refund gives money back: the terminal's last payment without a card when it
// goes back whole, else with the customer's card, or through the account. A
// reversal that the terminal turned down because another payment came after is
// tried with the card, unless the reversal was asked for by name.
func (t *Terminal) Refund(ctx context.Context, r app.RefundOrder) (payments.Answer, error) {
	d, m, err := t.cfg.Devices.Terminal(r.Device)
	if err != nil {
		return payments.Answer{}, errors.Join(payments.ErrRefused, err)
	}
	defer t.run(r.OrderID, m)()
	switch {
	case r.Way == app.RefundOnline:
		return t.online(ctx, d, r)
	case r.Way == app.RefundReversal && !r.Whole:
		return payments.Answer{}, refuse("rails.terminal.refund", "refund.whole")
	}
	// Money must not go back from a stranger's account.
	if _, err := t.checked(ctx, "rails.terminal.refund", d, m, r.Amount.Currency); err != nil {
		return payments.Answer{}, err
	}
	if r.Way == app.RefundReversal || r.Way == "" && r.Whole && r.PurchaseSID != "" {
		got, err := m.Reverse(ctx, r.SID, r.PurchaseSID, "")
		if payments.CodeOf(err) != "terminal.not_last" || r.Way == app.RefundReversal {
			return back(r, got), err
		}
	}
	got, err := m.Refund(ctx, terminal.Refund{SID: r.SID, Amount: r.Amount}, func(s terminal.Stage) { r.Stage(stageOf(s)) })
	return back(r, got), err
}

// back is the answer about a refund. What the terminal told of the amount is
// told; what it did not is what was asked for. Of a payment with a tip it may tell
// the two apart.
func back(r app.RefundOrder, got terminal.Result) payments.Answer {
	a := answer(r.OrderID, got, money.Amount{})
	if sum, err := a.Amount.Add(a.Card.Tip); err == nil && r.Whole && sum == r.Amount {
		a.Amount = sum
	}
	if a.Outcome == payments.Paid {
		a.Outcome = payments.Refunded
	}
	return a
}

// online gives the money back through the account, by our reference.
func (t *Terminal) online(ctx context.Context, d devices.Device, r app.RefundOrder) (payments.Answer, error) {
	l := t.cfg.Ledger()
	if l == nil || d.TerminalID == "" {
		return payments.Answer{}, refuse("rails.terminal.refund", "refund.account")
	}
	if err := l.RefundDevice(ctx, d.TerminalID, r.PurchaseOrderID, r.Amount); err != nil {
		return payments.Answer{}, err
	}
	return payments.Answer{Outcome: payments.Refunded, OrderID: r.OrderID, Amount: r.Amount}, nil
}

// RefundStatus finds out what became of a refund whose answer was lost. Of one
// through the account the terminal knows nothing: its list tells, when it is read.
func (t *Terminal) RefundStatus(ctx context.Context, r app.RefundOrder) (payments.Answer, error) {
	if r.Way == app.RefundOnline {
		return payments.Answer{Outcome: payments.Absent, OrderID: r.OrderID}, nil
	}
	_, m, err := t.cfg.Devices.Terminal(r.Device)
	if err != nil {
		return payments.Answer{}, unsure(err)
	}
	got, err := m.Lookup(ctx, r.SID, r.SID) // what was before it does not matter
	if err != nil {
		return payments.Answer{}, err
	}
	got, plain := legible(got, r.Amount.Currency)
	if got.Class == terminal.Charged && !plain {
		return payments.Answer{}, refuseUnknown("rails.terminal.refund_status", "terminal.odd")
	}
	return back(r, got), nil
}
