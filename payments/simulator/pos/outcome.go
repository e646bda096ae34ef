package pos

import (
	"fmt"
	"slices"

	"frontdesk/payments/terminal"
)

// outcome is what the bank said about the card that was read.
func (o *operation) outcome() Tx {
	want := o.play.Outcome
	tx := o.tx()
	tx.Tip += want.Tip
	tx.Moved, tx.Status = want.moved(), want.Status
	tx.Last4, tx.Entry, tx.CVM, tx.DCC = o.read.last4, o.read.entry, o.read.cvm, o.read.dcc
	tx.App, tx.Sign = "Visa Debit", want.Sign && !o.read.asked
	if tx.Sign {
		tx.CVM = "S"
	}
	switch {
	case want.unsaid():
	case want.Decline != "":
		tx.Approval = want.Decline
	default:
		tx.Approval = "00"
	}
	if tx.Moved && o.req.fields["PREAUTH_TX"] == "1" {
		tx.Preauth = fmt.Sprintf("%06d", 100000+tx.STAN)
	}
	if tx.Moved && tx.Status == statusOK && o.t.Switches().NoPaper && o.req.fields["PRINT_RECEIPT"] != "3" {
		tx.Status = statusNoPaper
	}
	return tx
}

// tx is the transaction of the request, before anything is known of its end.
func (o *operation) tx() Tx {
	o.t.mu.Lock()
	n := int64(len(o.t.book.entries) + 1)
	o.t.mu.Unlock()
	f := o.req.fields
	tx := Tx{
		SID: o.req.sid, Method: o.req.method, Type: typeSale, Amount: o.req.amount, Tip: o.req.tip,
		STAN: n, RRN: fmt.Sprintf("623100%06d", n), Reference: f["REFERENCE"],
		ReferenceNumber: f["REFERENCE_NUMBER"], ReferenceType: f["REFERENCE_NUMBER_TYPE"], Operator: f["OPERATOR_CODE"],
	}
	if o.req.method == "REFUND" {
		tx.Type = typeRefund
	}
	return tx
}

// fail ends an operation in which nothing was charged.
func (o *operation) fail(status int) error {
	tx := o.tx()
	tx.Status, tx.Last4, tx.Entry = status, o.read.last4, o.read.entry
	return o.settle(tx)
}

// settle makes an outcome durable, with every effect besides, and then tells
// it. What a mishap gives up before that never happened.
func (o *operation) settle(tx Tx, besides ...Record) error {
	hit := o.hit(5)
	if err := o.before(hit, false); err != nil {
		return err
	}
	if tx.Moved {
		tx.AuthCode = fmt.Sprintf("P%05d", tx.STAN)
	}
	if err := o.record(&tx, besides); err != nil {
		return err
	}
	for _, f := range hit {
		if f.Kind == FaultReboot && !f.After {
			o.t.Reboot()
			return errGone
		}
	}
	o.emit(hit, o.frame(5, tx.Status, 0, o.t.outcomeFields(tx, o.t.Now())...), 5)
	return o.after(hit)
}

func (o *operation) record(tx *Tx, besides []Record) error {
	t := o.t
	t.mu.Lock()
	defer t.mu.Unlock()
	if o.context.Err() != nil {
		return errGone
	}
	plain := tx.Moved && (tx.Method == "PURCHASE" || tx.Method == "REFUND")
	unsaid := Outcome{Status: tx.Status, Decline: tx.Approval}.unsaid()
	tx.Pending = plain || unsaid || t.switches.CompleteAll
	tx.Last = tx.Moved || t.switches.DeclinedIsLast
	for _, r := range besides {
		if err := t.commit(r); err != nil {
			return err
		}
	}
	if err := t.commit(Record{Kind: KindOutcome, Tx: tx}); err != nil {
		return err
	}
	t.show(func(s *State) { s.Screen, s.Status, s.Approval = screenOf(*tx), tx.Status, tx.Approval })
	return nil
}

// screenOf is what the display says at the end.
func screenOf(tx Tx) Screen {
	switch {
	case (Outcome{Status: tx.Status, Decline: tx.Approval}).unsaid():
		return ScreenFailed
	case tx.Moved:
		return ScreenApproved
	case tx.Status == statusCancelled:
		return ScreenCancelled
	case tx.Approval != "":
		return ScreenDeclined
	}
	return ScreenFailed
}

// outcomeFields are the fields of STAGE 5 about a transaction (spec 3.8).
func (t *Terminal) outcomeFields(tx Tx, at interface{ Format(string) string }) terminal.Frame {
	f := t.identity()
	unsaid := Outcome{Status: tx.Status, Decline: tx.Approval}.unsaid()
	switch {
	case tx.Moved && !unsaid:
		f = append(f, field("TX_STATUS", "0"))
	case tx.Approval != "":
		f = append(f, field("TX_STATUS", "1"))
	}
	if unsaid {
		return append(f, t.moneyFields(tx)...)
	}
	return append(f, t.evidence(tx, at)...)
}

// moneyFields are amount, tip and currency.
func (t *Terminal) moneyFields(tx Tx) terminal.Frame {
	f := terminal.Frame{}
	if decimal, err := tx.Amount.IPP(); err == nil && !tx.Amount.IsZero() {
		f = append(f, field("AMOUNT", decimal))
	}
	if tx.Tip > 0 {
		tip := tx.Amount
		tip.Minor = tx.Tip
		if decimal, err := tip.IPP(); err == nil {
			f = append(f, field("TIP_AMOUNT", decimal))
		}
	}
	return append(f, field("CURRENCY", numeric(t.Currency)), field("CURRENCY_NAME", string(t.Currency)))
}

// evidence is what the receipt would say.
func (t *Terminal) evidence(tx Tx, at interface{ Format(string) string }) terminal.Frame {
	f := terminal.Frame{}
	add := func(name, value string) {
		if value != "" {
			f = append(f, field(name, value))
		}
	}
	add("APPROVAL", tx.Approval)
	add("AUTH_CODE", tx.AuthCode)
	if tx.Moved {
		add("RRN", tx.RRN)
		f = append(f, number("STAN", tx.STAN))
	}
	f = append(f, t.moneyFields(tx)...)
	if tx.Last4 != "" {
		add("PAN_MASKED", "**** "+tx.Last4)
		add("EMBOSS_NAME", "PRACTICE/CARD")
		add("AID", "A0000000031010")
		add("AID_NAME", tx.App)
		add("ENTRY_MODE", tx.Entry)
		add("CVM", tx.CVM)
	}
	if tx.Moved {
		sign := "1"
		if tx.Sign {
			sign = "0"
		}
		add("SIGNATURE_NOT_REQ", sign)
	}
	add("TX_DATE_LOCAL", at.Format("2006-01-02"))
	add("TX_TIME_LOCAL", at.Format("15:04:05"))
	add("PREAUTH_CODE", tx.Preauth)
	if tx.DCC {
		add("DCC_USED", "1")
	}
	add("OPERATOR_CODE", tx.Operator)
	add("REFERENCE", tx.Reference)
	add("REFERENCE_NUMBER", tx.ReferenceNumber)
	add("REFERENCE_NUMBER_TYPE", tx.ReferenceType)
	return f
}

// identity is who the terminal is.
func (t *Terminal) identity() terminal.Frame {
	return terminal.Frame{
		field("TERMINAL_ID", t.TID), field("MERCHANT_ID", t.MerchantID), field("MERCHANT_NAME", t.Merchant),
		field("SN", t.Serial), field("SOFTWARE_VERSION", t.Software),
	}
}

// status is GET_STATUS: the condition, the device and the last transaction, or
// the one that waits for COMPLETE_TX. What the bank really did with an outcome
// nobody could tell is known by now (spec 3.11).
func (o *operation) status() error {
	if err := o.accept(); err != nil {
		return err
	}
	t := o.t
	t.mu.Lock()
	s, last := t.switches, t.book.last
	code := statusOK
	switch {
	case slices.Contains([]int{statusActivate, statusUpdate, statusNotFinished}, s.Condition):
		code = s.Condition
	case t.book.pending != nil:
		code = statusUnfinished
	case s.Condition == statusOptional:
		code = statusOptional
	}
	if t.book.pending != nil {
		last = t.book.pending
	}
	t.mu.Unlock()
	printer := "1"
	if s.NoPrinter {
		printer = "0"
	}
	more := append(t.identity(), field("TERMINAL_NAME", t.Name), field("PRINTER", printer))
	if last == nil {
		more = append(more, field("CURRENCY", numeric(t.Currency)), field("CURRENCY_NAME", string(t.Currency)))
	} else {
		more = append(more, t.lastFields(last)...)
	}
	return o.finish(code, more)
}

func (t *Terminal) lastFields(e *entry) terminal.Frame {
	f := terminal.Frame{field("SID_ORIGINAL", e.SID), field("LAST_TX_TYPE", e.Type)}
	tx := e.Tx
	if tx.Moved {
		f = append(f, field("TX_STATUS", "0"))
		tx.Approval = "00"
	} else {
		f = append(f, field("TX_STATUS", "1"))
	}
	return append(f, t.evidence(tx, e.at)...)
}

// finish tells the last frame of something that moved no money.
func (o *operation) finish(status int, more terminal.Frame) error {
	hit := o.hit(5)
	if err := o.before(hit, true); err != nil {
		return err
	}
	o.emit(hit, o.frame(5, status, 0, more...), 5)
	return o.after(hit)
}
