package pos

import (
	"fmt"
	"strings"
	"time"

	"frontdesk/payments/money"
	"frontdesk/payments/terminal"
)

// acknowledge takes a request and does nothing that can be seen: PING, BEEP and
// the like.
func (o *operation) acknowledge() error {
	if err := o.accept(); err != nil {
		return err
	}
	return o.finish(statusOK, nil)
}

// asksPassword is CHECK_FOR_PASSWORD: 51 when the type of transaction needs one.
func (o *operation) asksPassword() error {
	if err := o.accept(); err != nil {
		return err
	}
	name := map[string]string{"1": "REFUND", "2": "REVERSAL", "3": "PURCHASE"}[o.req.fields["TRAN_TYPE"]]
	for _, m := range o.t.Switches().Protected {
		if m == name {
			return o.finish(statusPassword, nil)
		}
	}
	return o.finish(statusOK, nil)
}

// complete is COMPLETE_TX. Anything but the transaction that waits for it is
// 17.
func (o *operation) complete() error {
	if err := o.accept(); err != nil {
		return err
	}
	t, sid := o.t, o.req.fields["SID_ORIGINAL"]
	t.mu.Lock()
	status := statusNotFound
	var err error
	if p := t.book.pending; p != nil && p.SID == sid {
		status = statusOK
		err = t.commit(Record{Kind: KindCompleted, SID: sid})
		if t.switches.Information {
			status = statusInformation
		}
		t.show(func(*State) {})
	}
	t.mu.Unlock()
	if err != nil {
		return err
	}
	return o.finish(status, nil)
}

// voiding asks the bank to undo a transaction and tells it.
func (o *operation) voiding(e *entry) error {
	if err := o.wait(o.t.Pace.Host); err != nil {
		return err
	}
	tx := o.tx()
	tx.Type, tx.Amount, tx.Tip, tx.Original = typeVoid, e.Amount, e.Tip, e.SID
	tx.Last4, tx.App = e.Last4, e.App
	want := o.play.Outcome
	tx.Moved, tx.Status, tx.Approval = want.moved(), want.Status, want.Decline
	if tx.Approval == "" && !want.unsaid() {
		tx.Approval = "00"
	}
	if !tx.Moved {
		return o.settle(tx)
	}
	return o.settle(tx, Record{Kind: KindReversed, SID: e.SID})
}

// reversal undoes the last transaction: 17 for one that is not known, 18 for
// one that is not the last or took nothing.
func (o *operation) reversal() error {
	if err := o.accept(); err != nil {
		return err
	}
	t, sid := o.t, o.req.fields["SID_ORIGINAL"]
	t.mu.Lock()
	e, last := t.book.find(t.TID, sid), t.book.last
	t.mu.Unlock()
	switch {
	case e == nil:
		return o.finish(statusNotFound, nil)
	case e != last || !e.Moved || e.reversed || e.Type == typeVoid:
		return o.finish(statusNoReversal, nil)
	}
	return o.voiding(e)
}

// cancelTx undoes the transaction that waits for COMPLETE_TX.
func (o *operation) cancelTx() error {
	if err := o.accept(); err != nil {
		return err
	}
	o.t.mu.Lock()
	e := o.t.book.pending
	o.t.mu.Unlock()
	if e == nil || !e.Moved || e.reversed || e.Type == typeVoid {
		return o.finish(statusNotFound, nil)
	}
	return o.voiding(e)
}

// heldBy finds the pre-authorisation of a code: 39 for a code nobody got, 40
// for one that was used.
func (o *operation) heldBy(code string) (*entry, int) {
	o.t.mu.Lock()
	defer o.t.mu.Unlock()
	for _, e := range o.t.book.entries {
		if !e.hold() || e.Preauth != code {
			continue
		}
		if e.captured || e.released || e.reversed {
			return nil, statusPreauthDone
		}
		return e, statusOK
	}
	return nil, statusPreauthCode
}

// completePreauth charges what was set aside, or less.
func (o *operation) completePreauth() error {
	if err := o.accept(); err != nil {
		return err
	}
	if text := o.req.fields["COMPLETION_AMOUNT"]; text != "" {
		a, err := money.ParseCheckout(text, o.t.Currency)
		if err != nil {
			return o.finish(statusAmount, nil)
		}
		o.req.amount = a
	}
	e, status := o.heldBy(o.req.fields["PREAUTH_CODE"])
	if e == nil {
		return o.finish(status, nil)
	}
	if o.req.amount.Minor <= 0 || o.req.amount.Minor > e.Amount.Minor {
		return o.finish(statusAmount, nil)
	}
	if err := o.wait(o.t.Pace.Host); err != nil {
		return err
	}
	tx := o.tx()
	tx.Moved, tx.Approval, tx.Last4, tx.App, tx.Preauth = true, "00", e.Last4, e.App, e.Preauth
	return o.settle(tx, Record{Kind: KindCaptured, SID: e.SID})
}

// cancelPreauth lets go of what was set aside.
func (o *operation) cancelPreauth() error {
	if err := o.accept(); err != nil {
		return err
	}
	e, status := o.heldBy(o.req.fields["PREAUTH_CODE"])
	if e == nil {
		return o.finish(status, nil)
	}
	if err := o.wait(o.t.Pace.Host); err != nil {
		return err
	}
	o.t.mu.Lock()
	err := o.t.commit(Record{Kind: KindReleased, SID: e.SID})
	o.t.mu.Unlock()
	if err != nil {
		return err
	}
	return o.finish(statusOK, terminal.Frame{field("TX_STATUS", "0"), field("APPROVAL", "00")})
}

// paper is what the printer says.
func (o *operation) paper() int {
	s := o.t.Switches()
	switch {
	case s.NoPrinter:
		return statusNoPrinter
	case s.NoPaper:
		return statusNoPaper
	}
	return statusOK
}

// reprint takes its time before the first answer, as terminals do.
func (o *operation) reprint() error {
	if err := o.wait(o.t.Pace.Print); err != nil {
		return err
	}
	if err := o.accept(); err != nil {
		return err
	}
	o.t.mu.Lock()
	last := o.t.book.last
	o.t.mu.Unlock()
	if last == nil {
		return o.finish(statusNotFound, nil)
	}
	return o.finish(o.paper(), nil)
}

// print is PRINT_EXT: 23 for an escape that is none.
func (o *operation) print() error {
	if err := o.accept(); err != nil {
		return err
	}
	data := o.req.fields["PRINT_DATA"]
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		i++
		if i == len(data) || !strings.ContainsRune(`\nLlcrwhWH`, rune(data[i])) {
			return o.finish(statusPrintData, nil)
		}
	}
	if err := o.wait(o.t.Pace.Print); err != nil {
		return err
	}
	return o.finish(o.paper(), nil)
}

// paymentRequest sends a link to a customer and answers with its code.
func (o *operation) paymentRequest() error {
	f := o.req.fields
	if err := o.accept(); err != nil {
		return err
	}
	if f["RECIPIENT_EMAIL"] == "" && f["RECIPIENT_GSM"] == "" {
		return o.finish(statusSyntax, nil)
	}
	if err := o.wait(o.t.Pace.Host); err != nil {
		return err
	}
	return o.finish(statusOK, terminal.Frame{field("REQUEST_CODE", requestCode(o.req.sid))})
}

// requestCode names a payment request by its SID, so that it outlives a restart.
func requestCode(sid string) string {
	sum := uint32(0)
	for _, b := range []byte(sid) {
		sum = sum*31 + uint32(b)
	}
	return fmt.Sprintf("PR%010d", sum)
}

func (o *operation) paymentReminder() error {
	if err := o.accept(); err != nil {
		return err
	}
	if code := o.req.fields["REQUEST_CODE"]; len(code) != 12 || !strings.HasPrefix(code, "PR") {
		return o.finish(statusNotFound, nil)
	}
	return o.finish(statusOK, nil)
}

// update is UPDATE and ACTIVATE: what was out of order works afterwards.
func (o *operation) update() error {
	if err := o.accept(); err != nil {
		return err
	}
	if err := o.wait(10 * time.Second); err != nil {
		return err
	}
	status := statusNoUpdate
	if err := o.t.Change(func(s *Switches) {
		if s.Condition != statusOK && s.Condition != statusBusy {
			s.Condition, status = statusOK, statusOK
		}
	}); err != nil {
		return err
	}
	return o.finish(status, nil)
}

// reboot answers and restarts.
func (o *operation) reboot() error {
	if err := o.acknowledge(); err != nil {
		return err
	}
	if err := o.wait(o.t.Pace.Step); err != nil {
		return err
	}
	o.t.Reboot()
	return errGone
}
