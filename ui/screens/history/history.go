package history

import (
	"encoding/json"
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/theme"
)

// Line is one thing that happened. Icon is the name of an icon of assets.
type Line struct {
	Icon   string
	Family theme.Family
	Title  string
	Detail string // may be empty
	At     time.Time
}

// StateMark returns icon and colour family of a state (tokens.json stateOf, look.md 9).
func StateMark(s app.State) (icon string, family theme.Family) {
	switch s {
	case app.Preparing, app.Offered:
		return "hourglass", theme.Blue
	case app.Opened:
		return "phone", theme.Blue
	case app.Cancelling:
		return "clock", theme.Blue
	case app.Paid:
		return "check", theme.Green
	case app.Declined:
		return "close", theme.Red
	case app.Withdrawn, app.NotCharged:
		return "minus", theme.Grey
	case app.Expired:
		return "clock", theme.Grey
	case app.Unknown:
		return "question", theme.Amber
	case app.Reversed:
		return "return", theme.Amber
	case app.PaidLate:
		return "alert", theme.Amber
	case app.Overpaid:
		return "copy", theme.Amber
	case app.PartRefunded, app.Refunded:
		return "refund", theme.Grey
	default:
		return "question", theme.Grey
	}
}

// Lines tells the events oldest first by Seq. Times are in zone. Repeated
// status answers that say the same become one line; events nobody needs to
// read (an intent whose sale says it already) are left out.
func Lines(events []app.Event, c *text.Catalog, zone *time.Location) []Line {
	sorted := slices.Clone(events)
	slices.SortFunc(sorted, func(a, b app.Event) int { return int(a.Seq - b.Seq) })
	t := teller{c: c, zone: zone}
	for i, e := range sorted {
		if !begunOnly(e, sorted[i+1:]) {
			t.tell(e)
		}
	}
	return t.lines
}

type teller struct {
	c       *text.Catalog
	zone    *time.Location
	lines   []Line
	intents int
	answer  payments.Outcome // of the last line when it tells a status answer
	repeats int
	first   time.Time
	card    string
	device  string // of the newest attempt
	cash    bool   // the last refund came out of the drawer
}

func (t *teller) add(e app.Event, icon string, family theme.Family, title, detail string) {
	t.answer = ""
	t.lines = append(t.lines, Line{Icon: icon, Family: family, Title: title, Detail: detail, At: e.Wall.In(t.zone)})
}

func (t *teller) who(e app.Event) string {
	if e.Operator == "" {
		return t.c.T("history.nobody")
	}
	return e.Operator
}

func (t *teller) tell(e app.Event) {
	c := t.c
	if t.terminal(e) || t.paper(e) {
		return
	}
	switch e.Kind {
	case app.SaleOpened:
		title := c.T("history.charged", e.Operator, e.Amount)
		if e.Operator == "" {
			title = c.T("history.charged.nobody", e.Amount)
		}
		t.add(e, "charge", theme.Grey, title, c.T("history.intent"))
	case app.AttemptIntended:
		t.intended(e)
	case app.AttemptOffered:
		t.offered(e)
	case app.OfferFailed:
		t.add(e, "alert", theme.Amber, c.T("history.offerfailed"), t.reason(e))
	case app.CustomerOpened:
		t.add(e, "phone", theme.Blue, c.T("history.opened"), "")
	case app.PaymentSeen, app.RollbackSeen, app.FoundPayment, app.NoticeOddity:
		t.evidence(e)
	case app.StatusAnswered:
		t.status(e)
	case app.RefundIntended, app.RefundSettled:
		t.refund(e)
	default:
		t.ending(e)
	}
}

func (t *teller) intended(e app.Event) {
	d := data[app.IntentData](e)
	t.intents++
	if t.intents > 1 {
		t.add(e, "charge", theme.Grey, t.c.T("history.again", t.c.T("rail."+string(d.Rail))), t.c.T("history.intent"))
	}
	t.card, t.device = "", d.DeviceLabel
	if d.Words != "" {
		t.card = t.c.T("history.words", d.Words)
	}
}

func (t *teller) offered(e app.Event) {
	words := t.card
	t.card = ""
	t.add(e, "qr", theme.Blue, t.c.T("history.shown"), words)
}

func (t *teller) reason(e app.Event) string {
	d := data[app.ReasonData](e)
	if d.Code == "" {
		return t.c.T("history.nothingshown")
	}
	return t.c.Problem(d.Code).What
}

func (t *teller) evidence(e app.Event) {
	c, d := t.c, data[app.EvidenceData](e)
	switch e.Kind {
	case app.PaymentSeen:
		title := c.T("history.paid")
		if d.CardLast4 != "" {
			title = c.T("history.paid.card", d.CardLast4)
		}
		t.add(e, "check", theme.Green, title, join(t.source(e.Source), e.Reference))
	case app.RollbackSeen:
		t.add(e, "return", theme.Amber, c.T("history.rollback"), c.T("history.rollback.detail"))
	case app.FoundPayment:
		t.add(e, "question", theme.Amber, c.T("history.found"), join(c.Amount(e.Amount), e.Reference))
	default:
		t.add(e, "info", theme.Grey, c.T("history.oddity"), d.Method)
	}
}

func (t *teller) source(s app.Source) string {
	switch s {
	case app.FromNotice:
		return t.c.T("history.notice")
	case app.FromStatus:
		return t.c.T("history.status")
	case app.FromRelay:
		return t.c.T("history.relay")
	case app.FromList:
		return t.c.T("history.list")
	default:
		return ""
	}
}

// status folds a run of equal answers into one line: polling asks every few
// seconds and nobody reads forty lines that say "not yet".
func (t *teller) status(e app.Event) {
	c, d := t.c, data[app.StatusData](e)
	if d.Outcome == t.answer && len(t.lines) > 0 {
		t.repeats++
		last := &t.lines[len(t.lines)-1]
		last.At = e.Wall.In(t.zone)
		last.Detail = c.T("history.times", t.repeats, c.Stamp(t.first))
		return
	}
	icon, family, detail := "refresh", theme.Grey, t.source(app.FromStatus)
	switch d.Outcome {
	case payments.Paid:
		icon, family, detail = "check", theme.Green, join(detail, d.Reference)
	case payments.Declined:
		icon, family = "close", theme.Red
	case payments.Reversed:
		icon, family = "return", theme.Amber
	case payments.Refunded:
		icon = "refund"
	case payments.Absent:
		detail = c.T("history.absent.detail")
	case payments.Unknown:
		family, detail = theme.Amber, c.T("history.unknown.detail")
	}
	t.add(e, icon, family, c.T("history.asked."+string(d.Outcome)), detail)
	t.answer, t.repeats, t.first = d.Outcome, 1, e.Wall.In(t.zone)
}

func (t *teller) refund(e app.Event) {
	c, d := t.c, data[app.RefundData](e)
	if e.Kind == app.RefundIntended {
		detail := ""
		if d.Reason != "" {
			detail = c.T("history.reason", d.Reason)
		}
		t.cash = d.Way == app.RefundCash
		t.add(e, "refund", theme.Grey, c.T("history.refundasked", e.Amount, t.who(e)), detail)
		return
	}
	detail := ""
	if d.Reference != "" {
		detail = c.T("history.reference", d.Reference)
	}
	if e.Source == app.FromList {
		detail = join(t.source(e.Source), detail)
	}
	switch {
	case d.Outcome == payments.Refunded && t.cash:
		t.add(e, "check", theme.Green, c.T("history.refund.cash"), "")
	case d.Outcome == payments.Refunded:
		t.add(e, "check", theme.Green, c.T("history.refund.done"), detail)
	case d.Outcome == payments.Declined:
		why := ""
		if c.Knows(d.Code) {
			why = c.Problem(d.Code).What
		}
		t.add(e, "close", theme.Red, c.T("history.refund.failed"), why)
	default:
		if c.Knows(d.Code) {
			detail = join(c.Problem(d.Code).What, detail)
		}
		t.add(e, "question", theme.Amber, c.T("history.refund.unknown"), detail)
	}
}

func (t *teller) ending(e app.Event) {
	c := t.c
	switch e.Kind {
	case app.AttemptDeclined:
		t.add(e, "close", theme.Red, c.T("history.declined"), t.source(e.Source))
	case app.CancelAsked:
		title := c.T("history.cancelasked.nobody")
		if e.Operator != "" {
			title = c.T("history.cancelasked", e.Operator)
		}
		t.add(e, "minus", theme.Grey, title, "")
	case app.AttemptWithdrawn:
		t.add(e, "minus", theme.Grey, c.T("history.withdrawn"), c.T("history.watch"))
	case app.AttemptExpired:
		t.add(e, "clock", theme.Grey, c.T("history.expired"), c.T("history.watch"))
	case app.Resolved:
		d := data[app.ResolveData](e)
		key := "history.resolved."
		if d.Refund != "" {
			key = "history.resolved.refund."
		}
		if d.Paid {
			key += "paid"
		} else {
			key += "not"
		}
		t.add(e, "user", theme.Grey, c.T(key, t.who(e)), c.T("history.evidence", d.Evidence))
	case app.LateKept:
		t.add(e, "check", theme.Green, c.T("history.kept", t.who(e)), "")
	case app.AlarmAnswered:
		t.add(e, "eye", theme.Grey, c.T("history.answered", t.who(e)), "")
	default:
		t.add(e, "info", theme.Grey, c.T("history.other", string(e.Kind)), "")
	}
}

// data reads what belongs to an event; a line that cannot be read tells
// nothing more than its kind.
func data[T any](e app.Event) T {
	var v T
	if len(e.Data) > 0 && json.Unmarshal(e.Data, &v) != nil {
		var zero T
		return zero
	}
	return v
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}
