package terminal

import (
	"context"
	"errors"

	"frontdesk/payments"
)

// Lookup finds out what became of the operation sid: PING, a pause, GET_STATUS,
// and the decisions of spec 3.11. previous is the SID that Prepare told before
// the operation was sent. It sends nothing that moves money and completes
// nothing; it may be called again and again.
//
// Without an error Result is about sid: Charged or Declined as the terminal's
// record says, or Outcome Absent when the record before it is still the last,
// which means "probably not charged" and no more (whether a cancelled attempt
// leaves a record is not known). Result.Unfinished asks for Complete once the
// outcome is on disk.
//
// Every error is ErrUnknown. Its code says why: terminal.running (it is still
// at work), terminal.unfinished (it waits for the Complete of another operation,
// whose record is the Result, SID included), terminal.not_last (another record
// took the place), or what Test gives for a terminal that cannot be spoken to.
func (t *Terminal) Lookup(ctx context.Context, sid, previous string) (Result, error) {
	release, err := t.take(ctx, nil)
	if err != nil {
		return Result{SID: sid, Outcome: payments.Unknown, Class: Unclear, Status: -1}, problem("lookup", payments.CodeOf(err), payments.ErrUnknown, opaque(err))
	}
	defer release()
	i, err := t.health(ctx, "lookup")
	if err != nil {
		code := payments.CodeOf(err)
		if code == "terminal.occupied" {
			code = "terminal.running"
		}
		return Result{SID: sid, Outcome: payments.Unknown, Class: Unclear, Status: -1, Code: code}, problem("lookup", code, payments.ErrUnknown, opaque(err))
	}
	return decide(i, sid, previous)
}

// opaque keeps the words of an error for the log and drops its condition: that
// nothing of a question left says nothing about the money asked about.
func opaque(err error) error { return errors.New(err.Error()) }

// decide is the table of spec 3.11.
func decide(i Info, sid, previous string) (Result, error) {
	last := i.Last
	idle := i.Status == StatusOK || i.Status == StatusOptionalUpdate
	open := i.Status == StatusUnfinished
	switch {
	case sid != "" && last.SID == sid && (idle || open):
		if last.Class == Unclear {
			return unsure(last.Result, "terminal.odd")
		}
		return last.Result, nil
	case open && last.SID != "":
		return unsure(last.Result, "terminal.unfinished")
	case idle && last.SID != "" && last.SID == previous, idle && previous == "" && last.empty():
		return Result{SID: sid, Outcome: payments.Absent, Class: Unclear, Status: i.Status, TerminalID: i.TerminalID, Raw: last.Raw}, nil
	case i.Code != "":
		return unsure(Result{SID: sid, Status: i.Status}, i.Code)
	}
	return unsure(Result{SID: sid, Status: i.Status}, "terminal.not_last")
}

func unsure(r Result, code string) (Result, error) {
	if r.Outcome == "" {
		r.Outcome, r.Class = payments.Unknown, Unclear
	}
	return r, problem("lookup", code, payments.ErrUnknown, nil)
}
