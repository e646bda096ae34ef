package terminal

import (
	"context"
	"strconv"
	"strings"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Purchase takes money once. The SID and the SID of the record before it
// (Prepare) are on disk before the call. stage is called from the calling
// goroutine for every step and must not block; it may be nil.
//
// Without an error Result.Class is Charged, Declined or NotCharged, told by the
// terminal itself. ErrUnreachable and ErrRefused mean that no money can have
// moved: no byte of the request left, or the terminal turned it down before it
// began (Class NotStarted). Every other end is ErrUnknown: ask Lookup, never
// send again. When ctx ends the call returns at once; that does not stop the
// terminal, so it is ErrUnknown too.
//
// The request is written once in all cases, and a SID that has been used in the
// life of this Terminal is refused (terminal.repeated).
func (t *Terminal) Purchase(ctx context.Context, p Purchase, stage func(Stage)) (Result, error) {
	f := &flow{op: "purchase", sid: p.SID, asked: p.Amount, tip: p.Tip, show: stage}
	fields, err := sale{p.Amount, p.Tip, p.Reference, p.Operator, p.Printout, p.Handheld, p.Language, p.Password}.fields()
	return t.once(ctx, f, MethodPurchase, fields, err)
}

// Refund gives money to a card that the customer presents. It runs, ends and
// fails like Purchase; Charged means that the money went back.
func (t *Terminal) Refund(ctx context.Context, r Refund, stage func(Stage)) (Result, error) {
	f := &flow{op: "refund", sid: r.SID, asked: r.Amount, back: true, show: stage}
	fields, err := sale{r.Amount, money.Amount{}, r.Reference, r.Operator, r.Printout, r.Handheld, r.Language, r.Password}.fields()
	return t.once(ctx, f, MethodRefund, fields, err)
}

// Reverse takes the last transaction back without a card (spec 3.9 F). The
// terminal is asked first: when original is not its last record, the error is
// ErrRefused with terminal.not_last and nothing is sent. terminal.password asks
// for the merchant's password. Otherwise it ends like Purchase. Charged means
// that the money went back.
func (t *Terminal) Reverse(ctx context.Context, sid, original, password string) (Result, error) {
	f := &flow{op: "reverse", sid: sid, back: true}
	fields := []Field{Text("SID_ORIGINAL", original)}
	if password != "" {
		fields = append(fields, Text("PASSWORD", password))
	}
	var bad error
	if !isSID(original) || !isPassword(password) {
		bad = problem("reverse", "terminal.request", payments.ErrRefused, nil)
	}
	f.before = func(ctx context.Context) error {
		i, err := t.health(ctx, "reverse")
		switch {
		case err != nil:
			return err
		case i.Code != "":
			return problem("reverse", i.Code, payments.ErrRefused, nil)
		case i.Last.SID != original:
			return problem("reverse", "terminal.not_last", payments.ErrRefused, nil)
		}
		return nil
	}
	return t.once(ctx, f, MethodReversal, fields, bad)
}

// once carries out what may move money: checks, greets, runs.
func (t *Terminal) once(ctx context.Context, f *flow, method string, fields []Field, bad error) (Result, error) {
	f.t = t
	if bad == nil && !isSID(f.sid) {
		bad = problem(f.op, "terminal.request", payments.ErrRefused, nil)
	}
	if bad != nil {
		return f.result(NotStarted, payments.CodeOf(bad)), bad
	}
	release, err := t.take(ctx, nil)
	if err != nil {
		return f.result(NotStarted, payments.CodeOf(err)), err
	}
	defer release()
	f.held, f.request = -1, make(chan struct{}, 1)
	defer t.stand(f)()
	if f.before == nil && t.stale() {
		f.before = func(ctx context.Context) error { return t.greet(ctx, f.op) }
	}
	if f.before != nil {
		err = f.before(ctx)
	}
	if err == nil && f.withdrawn() {
		err = problem(f.op, "terminal.cancelled", payments.ErrRefused, nil)
	}
	if err == nil && t.spent(f.sid) {
		err = problem(f.op, "terminal.repeated", payments.ErrRefused, nil)
	}
	if err != nil {
		return f.result(NotStarted, payments.CodeOf(err)), err
	}
	return t.run(ctx, f, method, fields...)
}

// Complete ends the bookkeeping of an operation on the terminal, whatever its
// outcome; call it after the outcome is on disk, and again before the next
// payment when it failed. A terminal that has nothing to complete is fine (17).
// No money moves.
func (t *Terminal) Complete(ctx context.Context, sid string) error {
	if !isSID(sid) {
		return problem("complete", "terminal.request", payments.ErrRefused, nil)
	}
	release, err := t.take(ctx, nil)
	if err != nil {
		return err
	}
	defer release()
	if t.stale() {
		if err := t.greet(ctx, "complete"); err != nil {
			return err
		}
	}
	r, err := t.question(ctx, MethodCompleteTx, t.timers.FirstReply, Text("SID_ORIGINAL", sid))
	if err != nil {
		code, cause := why(err)
		return problem("complete", code, payments.ErrUnreachable, cause)
	}
	t.answered()
	switch r.status {
	case StatusOK, StatusInfo, StatusNoTransaction, StatusNoPrinter, StatusNoPaper:
		return nil
	}
	return problem("complete", ruleOf(r.status).code, payments.ErrRefused, nil)
}

// Reprint prints the last receipt once more. The first word of the terminal may
// take Timers.Reprint. ErrRefused has terminal.no_paper when it cannot print.
func (t *Terminal) Reprint(ctx context.Context) error {
	release, err := t.take(ctx, nil)
	if err != nil {
		return err
	}
	defer release()
	if err := t.greet(ctx, "reprint"); err != nil {
		return err
	}
	r, err := t.question(ctx, MethodReprint, t.timers.Reprint)
	if err != nil {
		code, cause := why(err)
		return problem("reprint", code, payments.ErrUnreachable, cause)
	}
	t.answered()
	if r.status != StatusOK {
		return problem("reprint", ruleOf(r.status).code, payments.ErrRefused, nil)
	}
	return nil
}

// sale is what a purchase and a refund have in common.
type sale struct {
	amount, tip         money.Amount
	reference, operator string
	printout            Printout
	handheld            bool
	language, password  string
}

// fields checks the values of spec 3.8 and puts them in the order of its frames.
func (s sale) fields() ([]Field, error) {
	wrong := func(code string) error { return problem("request", code, payments.ErrRefused, nil) }
	amount, err := s.amount.IPP()
	currency := CurrencyNumber(s.amount.Currency)
	switch {
	case currency == "" || err != nil:
		return nil, wrong("terminal.currency_unknown")
	case s.amount.Chargeable() != nil && s.amount.Payable() != nil:
		return nil, wrong("terminal.amount")
	}
	fields := []Field{Text("AMOUNT", amount), Text("CURRENCY", currency), Text("FIXED_PINPAD", digit(!s.handheld))}
	if s.tip.Minor != 0 {
		tip, err := s.tip.IPP()
		if err != nil || s.tip.Minor < 0 || s.tip.Currency != s.amount.Currency {
			return nil, wrong("terminal.amount")
		}
		fields = append(fields, Text("TIP_AMOUNT", tip))
	}
	if s.reference != "" {
		fields = append(fields, Text("REFERENCE_NUMBER_TYPE", "1"), Text("REFERENCE_NUMBER", s.reference))
	}
	if s.operator != "" {
		fields = append(fields, Text("OPERATOR_CODE", s.operator))
	}
	fields = append(fields, Text("PRINT_RECEIPT", strconv.Itoa(int(s.printout))))
	if s.language != "" {
		fields = append(fields, Text("LANG", s.language))
	}
	if s.password != "" {
		fields = append(fields, Text("PASSWORD", s.password))
	}
	if !isPrintable(s.reference, maxReference) || !isDigits(s.operator, maxOperatorCode) ||
		s.printout < PrintAutomatic || s.printout > maxPrintout ||
		!isPrintable(s.language, 2) || !isPassword(s.password) {
		return nil, wrong("terminal.request")
	}
	return fields, nil
}

func digit(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

func isSID(sid string) bool { return sid != "" && isPrintable(sid, maxSID) }

func isPassword(p string) bool { return p == "" || len(p) >= 4 && isDigits(p, 8) }

func isDigits(s string, most int) bool {
	return len(s) <= most && strings.Trim(s, "0123456789") == ""
}

func isPrintable(s string, most int) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return len(s) <= most
}
