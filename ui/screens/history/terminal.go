package history

import (
	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/ui/theme"
)

// terminal tells what happened on a card terminal; false means that the event
// is none of its own.
func (t *teller) terminal(e app.Event) bool {
	switch {
	case e.Kind == app.TerminalSending:
		title := t.c.T("history.offered")
		if t.device != "" {
			title = t.c.T("history.sent", t.device)
		}
		t.add(e, "devices", theme.Blue, title, "")
	case e.Kind == app.OfferFailed && t.device != "":
		t.add(e, "alert", theme.Amber, t.c.T("history.notsent", t.device), t.reason(e))
	case e.Kind == app.CustomerOpened && e.Source == app.FromTerminal:
		t.add(e, "card", theme.Blue, t.c.T("history.cardread"), "")
	case e.Kind == app.TerminalOutcome:
		t.outcome(e)
	case e.Kind == app.TerminalCompleted: // between the programs; nobody needs to read it
	case e.Kind == app.DespiteUnknown:
		t.add(e, "alert", theme.Amber, t.c.T("history.despite", t.who(e)), t.c.T("history.despite.detail"))
	default:
		return false
	}
	return true
}

// outcome is the end of a payment, or what the terminal said when it was asked
// about it later. A terminal that keeps saying the same is one line.
func (t *teller) outcome(e app.Event) {
	c, d := t.c, data[app.OutcomeData](e)
	if d.Asked && d.Outcome == t.answer && len(t.lines) > 0 {
		t.repeats++
		last := &t.lines[len(t.lines)-1]
		last.At, last.Detail = e.Wall.In(t.zone), c.T("history.times", t.repeats, c.Stamp(t.first))
		return
	}
	why := ""
	if c.Knows(d.Code) {
		why = c.Problem(d.Code).What
	}
	switch d.Outcome {
	case payments.Paid:
		title := c.T("history.terminal.paid")
		if d.Card.Last4 != "" {
			title = c.T("history.terminal.paid.card", d.Card.Last4)
		}
		rrn := ""
		if d.Card.RRN != "" {
			rrn = "RRN " + d.Card.RRN
		}
		t.add(e, "check", theme.Green, title, rrn)
	case payments.Declined:
		t.add(e, "close", theme.Red, c.T("history.declined"), why)
	case payments.NotCharged:
		t.add(e, "minus", theme.Grey, c.T("history.terminal.nothing"), why)
	case payments.Absent:
		t.add(e, "refresh", theme.Amber, c.T("history.terminal.absent"), "")
	default:
		t.add(e, "question", theme.Amber, c.T("history.terminal.lost"), why)
	}
	if d.Asked {
		t.answer, t.repeats, t.first = d.Outcome, 1, e.Wall.In(t.zone)
	}
}
