package checkout

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// PaymentStatus is the verified answer about one order (spec 3.9).
type PaymentStatus struct {
	Outcome   payments.Outcome // decided by PaymentStatus of the answer, never by Status
	State     int              // PaymentStatus as a number: 0 none, 1 paid, 2 pending, 3 unsuccessful, 4 reversed
	OrderID   string
	Reference string       // IPC_Trnref
	Amount    money.Amount // set when Outcome is Paid or Reversed, else if the answer names one
	Payment   string       // PaymentReference, e.g. MTCOR0123456XXK7
	DateTime  string       // of the provider, its zone is not documented
	Status    Status       // for the log
	StatusMsg string       // for the log
	Raw       []byte       // as received
}

// TxnStatus is the verified answer of IPCGetTxnStatus (spec 3.10).
type TxnStatus struct {
	OrderID string
	Last    Message // last message myPOS sent for the order, its own signature verified; zero when there is none
	Status  Status
	Raw     []byte
}

// LogState is the order status of IPCGetTxnLog (spec 3.11).
type LogState int

// Order states in the log.
const (
	LogPending   LogState = 0
	LogPaid      LogState = 1
	LogReversed  LogState = 2
	LogCancelled LogState = 3
	LogUnknown   LogState = -1 // the answer names none
)

// LogRow is one line of the log, in the provider's words.
type LogRow struct {
	Time, Action, Result string // Time as "DD.MM.YYYY HH:MM:SS"
}

// TxnLog is the verified answer of IPCGetTxnLog. It explains and proves nothing.
type TxnLog struct {
	OrderID string
	State   LogState
	Rows    []LogRow
	Raw     []byte
}

// RefundRequest is money to give back.
type RefundRequest struct {
	Reference string       // IPC_Trnref of the purchase
	OrderID   string       // fresh, of this refund
	Amount    money.Amount // up to what is left, in the currency of the purchase
	Language  string
	Source    string
}

// RefundAnswer is the verified answer that money was given back.
type RefundAnswer struct {
	Reference string // IPC_Trnref; whose number it is, is not documented (spec 3.7)
	Amount    money.Amount
	StatusMsg string
	Raw       []byte
}

// ReversalAnswer is the verified answer that a payment was undone.
type ReversalAnswer struct {
	Reference string
	StatusMsg string
	Raw       []byte
}

// RefundForm returns the signed fields of IPCRefund exactly as Refund sends
// them, so that they can be shown first (spec 3.7).
func (s Store) RefundForm(r RefundRequest) (Fields, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	switch {
	case !orderID(r.OrderID):
		return nil, orderFault("order.id", "1 to 80 letters, digits, - and _")
	case !orderID(r.Reference):
		return nil, orderFault("order.reference", "no reference of a payment")
	}
	if err := r.Amount.Payable(); err != nil {
		return nil, amountFault(err)
	}
	f := append(s.head(MethodRefund, r.Language, r.Source),
		Field{"Currency", string(r.Amount.Currency)},
		Field{"Amount", r.Amount.Checkout()},
		Field{"OrderID", r.OrderID},
		Field{"IPC_Trnref", r.Reference},
		Field{"OutputFormat", "json"})
	return Sign(s.Key, s.partner(f))
}

// PaymentStatus asks what became of an order. Every error except
// payments.ErrUnreachable and payments.ErrRefused wraps payments.ErrUnknown: an
// answer that is unsigned, about another order or without a readable amount
// tells nothing. Asking is harmless and may be repeated.
func (c *Client) PaymentStatus(ctx context.Context, order string) (PaymentStatus, error) {
	const op = "checkout.status"
	a, raw, err := c.ask(ctx, op, MethodStatus, order)
	if err != nil {
		return PaymentStatus{}, err
	}
	return readPaymentStatus(op, a, raw, order)
}

func readPaymentStatus(op string, a Answer, raw []byte, order string) (PaymentStatus, error) {
	text, ok := a.Get("PaymentStatus")
	if !ok && a.Status != StatusSuccess {
		return PaymentStatus{}, refused(op, a.Status)
	}
	p := PaymentStatus{
		Outcome:   payments.Unknown,
		OrderID:   a.Value("OrderID"),
		Reference: a.Value("IPC_Trnref"),
		Payment:   a.Value("PaymentReference"),
		DateTime:  a.Value("DateTime"),
		Status:    a.Status,
		StatusMsg: a.StatusMsg,
		Raw:       raw,
	}
	var err error
	if p.State, err = strconv.Atoi(text); err != nil {
		return PaymentStatus{}, unknown(op, "answer.missing", "PaymentStatus")
	}
	if p.OrderID != order {
		return PaymentStatus{}, unknown(op, "answer.order", "the answer is about another order")
	}
	p.Amount, err = answerAmount(a)
	switch p.State {
	case 0:
		p.Outcome = payments.Absent
	case 1:
		p.Outcome = payments.Paid
	case 2:
		p.Outcome = payments.Pending
	case 3:
		p.Outcome = payments.Declined
	case 4:
		p.Outcome = payments.Reversed
	}
	switch taken := p.State == 1 || p.State == 4; {
	case taken && err != nil:
		return PaymentStatus{}, unknown(op, "answer.amount", "no readable amount")
	case p.State == 1 && p.Reference == "":
		return PaymentStatus{}, unknown(op, "answer.missing", "IPC_Trnref")
	}
	return p, nil
}

// TxnStatus asks for the last message myPOS sent about an order. Errors as in
// PaymentStatus; a nested message that does not verify is an error.
func (c *Client) TxnStatus(ctx context.Context, order string) (TxnStatus, error) {
	const op = "checkout.txnstatus"
	a, raw, err := c.ask(ctx, op, MethodTxnStatus, order)
	if err != nil {
		return TxnStatus{}, err
	}
	return c.readTxnStatus(op, a, raw, order)
}

func (c *Client) readTxnStatus(op string, a Answer, raw []byte, order string) (TxnStatus, error) {
	if a.Status != StatusSuccess {
		return TxnStatus{}, refused(op, a.Status)
	}
	t, err := a.txnStatus(c.certs)
	switch {
	case err != nil:
		return TxnStatus{}, fault(op, payments.CodeOf(err), fmt.Errorf("%w: %w", payments.ErrUnknown, err))
	case t.OrderID != order:
		return TxnStatus{}, unknown(op, "answer.order", "the answer is about another order")
	}
	t.Raw = raw
	return t, nil
}

// txnStatus reads a verified IPCGetTxnStatus answer.
func (a Answer) txnStatus(certs []*Certificate) (TxnStatus, error) {
	t := TxnStatus{OrderID: a.Value("OrderID"), Status: a.Status}
	nested, ok := a.Child("OrderStatus")
	if !ok || len(nested) == 0 {
		return t, nil
	}
	f := make(Fields, 0, len(nested))
	for _, n := range nested {
		f = append(f, Field{n.Name, n.Text})
	}
	if err := VerifyFields(f, certs...); err != nil {
		return TxnStatus{}, err
	}
	var err error
	if t.Last, err = read(f); err != nil {
		return TxnStatus{}, err
	}
	if t.Last.OrderID != t.OrderID {
		return TxnStatus{}, fault("checkout.txnstatus", "answer.order", ErrMalformed)
	}
	return t, nil
}

// TxnLog asks for the log of an order. Errors as in PaymentStatus. The member
// names of the rows are not documented, so every object in an array is a row.
func (c *Client) TxnLog(ctx context.Context, order string) (TxnLog, error) {
	const op = "checkout.txnlog"
	a, raw, err := c.ask(ctx, op, MethodTxnLog, order)
	if err != nil {
		return TxnLog{}, err
	}
	if a.Status != StatusSuccess {
		return TxnLog{}, refused(op, a.Status)
	}
	l := TxnLog{OrderID: a.Value("OrderID"), State: LogUnknown, Rows: logRows(nil, a.Root), Raw: raw}
	if l.OrderID != "" && l.OrderID != order {
		return TxnLog{}, unknown(op, "answer.order", "the answer is about another order")
	}
	if n, err := strconv.Atoi(a.Value("OrderStatus")); err == nil && n >= 0 && n <= 3 {
		l.State = LogState(n)
	}
	return l, nil
}

func logRows(rows []LogRow, nodes []Node) []LogRow {
	for _, n := range nodes {
		if n.Kind == Array {
			for _, row := range n.Children {
				if row.Kind == Object {
					rows = append(rows, logRow(row.Children))
				}
			}
		}
	}
	return rows
}

func logRow(nodes []Node) LogRow {
	var r LogRow
	for _, n := range nodes {
		switch name := strings.ToLower(n.Name); {
		case strings.Contains(name, "time") || strings.Contains(name, "date"):
			r.Time = Clean(n.Text, 60)
		case strings.Contains(name, "action"):
			r.Action = Clean(n.Text, 200)
		case strings.Contains(name, "result"):
			r.Result = Clean(n.Text, 200)
		}
	}
	return r
}

// Refund gives money back. It is done only when the error is nil. A signed
// refusal wraps payments.ErrRefused under status.N; payments.ErrUnreachable
// means that nothing left; anything else wraps payments.ErrUnknown and must not
// be repeated by itself.
func (c *Client) Refund(ctx context.Context, r RefundRequest) (RefundAnswer, error) {
	const op = "checkout.refund"
	if r.Language == "" {
		r.Language = c.language
	}
	if r.Source == "" {
		r.Source = c.agent
	}
	f, err := c.store.RefundForm(r)
	if err != nil {
		return RefundAnswer{}, fault(op, payments.CodeOf(err), fmt.Errorf("%w: %w", payments.ErrRefused, err))
	}
	a, raw, err := c.exchange(ctx, op, MethodRefund, f)
	if err != nil {
		return RefundAnswer{}, err
	}
	if a.Status != StatusSuccess {
		return RefundAnswer{}, refused(op, a.Status)
	}
	amount, err := answerAmount(a)
	switch {
	case err != nil || amount != r.Amount:
		return RefundAnswer{}, unknown(op, "answer.amount", "not the amount asked back")
	case a.Value("IPC_Trnref") == "":
		return RefundAnswer{}, unknown(op, "answer.missing", "IPC_Trnref")
	}
	return RefundAnswer{Reference: a.Value("IPC_Trnref"), Amount: amount, StatusMsg: Clean(a.StatusMsg, 200), Raw: raw}, nil
}

// Reversal undoes a whole payment that is not settled yet (spec 3.8). Errors as
// in Refund. Its time limit is not documented, so the till refunds instead.
func (c *Client) Reversal(ctx context.Context, reference string) (ReversalAnswer, error) {
	const op = "checkout.reversal"
	if !orderID(reference) {
		return ReversalAnswer{}, fault(op, "order.reference", fmt.Errorf("%w: %w", payments.ErrRefused, ErrPurchase))
	}
	f := append(c.store.head(MethodReversal, c.language, c.agent),
		Field{"IPC_Trnref", reference}, Field{"OutputFormat", "json"})
	f, err := Sign(c.store.Key, c.store.partner(f))
	if err != nil {
		return ReversalAnswer{}, fault(op, payments.CodeOf(err), fmt.Errorf("%w: %w", payments.ErrRefused, err))
	}
	a, raw, err := c.exchange(ctx, op, MethodReversal, f)
	if err != nil {
		return ReversalAnswer{}, err
	}
	if a.Status != StatusSuccess {
		return ReversalAnswer{}, refused(op, a.Status)
	}
	if a.Value("IPC_Trnref") == "" {
		return ReversalAnswer{}, unknown(op, "answer.missing", "IPC_Trnref")
	}
	return ReversalAnswer{Reference: a.Value("IPC_Trnref"), StatusMsg: Clean(a.StatusMsg, 200), Raw: raw}, nil
}

// ask sends one of the queries by order.
func (c *Client) ask(ctx context.Context, op, method, order string) (Answer, []byte, error) {
	if !orderID(order) {
		return Answer{}, nil, fault(op, "order.id", fmt.Errorf("%w: %w", payments.ErrRefused, ErrPurchase))
	}
	f := append(c.store.head(method, c.language, c.agent), Field{"OrderID", order}, Field{"OutputFormat", "json"})
	f, err := Sign(c.store.Key, c.store.partner(f))
	if err != nil {
		return Answer{}, nil, fault(op, payments.CodeOf(err), fmt.Errorf("%w: %w", payments.ErrRefused, err))
	}
	return c.exchange(ctx, op, method, f)
}

// exchange posts signed fields and verifies the answer and its method.
func (c *Client) exchange(ctx context.Context, op, method string, f Fields) (Answer, []byte, error) {
	raw, err := c.post(ctx, op, f)
	if err != nil {
		return Answer{}, nil, err
	}
	a, err := c.verify(op, method, raw)
	return a, raw, err
}

// verify reads a body as the signed answer to method.
func (c *Client) verify(op, method string, raw []byte) (Answer, error) {
	a, err := VerifyJSON(raw, c.certs...)
	if err != nil {
		return Answer{}, fault(op, payments.CodeOf(err), fmt.Errorf("%w: %w", payments.ErrUnknown, errors.Unwrap(err)))
	}
	if a.Method != method {
		return Answer{}, unknown(op, "answer.method", "the answer is to another question")
	}
	return a, nil
}

func answerAmount(a Answer) (money.Amount, error) {
	cur, err := money.ParseCurrency(a.Value("Currency"))
	if err != nil {
		return money.Amount{}, err
	}
	return money.ParseCheckout(a.Value("Amount"), cur)
}

func refused(op string, s Status) error {
	return fault(op, s.Code(), fmt.Errorf("%w: %s", payments.ErrRefused, s.Name()))
}

func unknown(op, code, text string) error {
	return fault(op, code, fmt.Errorf("%w: %s", payments.ErrUnknown, text))
}
