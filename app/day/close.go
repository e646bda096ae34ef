package day

import (
	"context"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"frontdesk/app"
	"frontdesk/payments"
)

// Close seals a day, empty for today: everything that was posted before now, or
// before the clock ends the day, and belongs to no earlier closing. Differences
// about money must be settled first, unless open allows them; the report of the
// sealed day is returned. The journal is compared with myPOS's list first, for a
// while: the closing says how far that came.
func (b *Book) Close(ctx context.Context, by app.Actor, day string, open bool) (Report, error) {
	b.compare(ctx)
	// The ledger remembers what it works out for this report: the till is held up by
	// what comes in after it only. What is wrong with it is told below.
	_, _ = b.Report(ctx, day)
	err := b.cfg.Till.NoteDay(ctx, by, app.DayClosed, func() (app.DayData, error) {
		r, err := b.Report(ctx, day)
		if err != nil {
			return app.DayData{}, err
		}
		day = r.Day
		sealed, err := b.seal(r, open)
		if err == nil {
			sealed.Until, err = b.reach(ctx, r, sealed.Until)
		}
		return sealed, err
	})
	if err != nil {
		return Report{}, err
	}
	return b.Report(ctx, day)
}

// seal says whether a report can be sealed, and what then stands in the chain.
func (b *Book) seal(r Report, open bool) (app.DayData, error) {
	switch {
	case r.Closed != nil, len(r.Totals) == 0 && r.Day > b.dayOf(b.cfg.Now()):
		// Nothing has come in since today was closed: who closes once more would
		// close days that have not begun, and every later payment would be theirs.
		return app.DayData{}, refuse("close", "day.closed")
	case r.Earlier != "":
		return app.DayData{}, refuse("close", "day.earlier")
	case !r.Agrees:
		return app.DayData{}, refuse("close", "day.differs")
	}
	unsettled := 0
	for _, d := range r.Differences {
		if d.Money {
			unsettled++
		}
	}
	if unsettled > 0 && !open {
		return app.DayData{}, refuse("close", "day.unsettled")
	}
	until := b.cfg.Now().UTC().Truncate(time.Millisecond).Add(time.Millisecond)
	if until.After(r.Until) {
		until = r.Until.UTC()
	}
	return app.DayData{Day: r.Day, Zone: r.Zone, Until: until, Totals: r.Totals, Open: unsettled, Match: sealedMatch(r)}, nil
}

// reach is the end of a closing that leaves nothing behind of what its report has
// added up: a clock that was ahead for a while has dated lines later than now.
func (b *Book) reach(ctx context.Context, r Report, until time.Time) (time.Time, error) {
	_, period, err := b.frame(ctx, r.Day)
	if err != nil {
		return until, err
	}
	period.From = until
	err = b.cfg.Ledger.Postings(ctx, period, func(p app.Posting) error {
		if end := p.At.UTC().Add(time.Millisecond); end.After(until) {
			until = end
		}
		return nil
	})
	return until, err
}

// Reopen opens the newest closed day again.
func (b *Book) Reopen(ctx context.Context, by app.Actor, day string) error {
	return b.reopen(ctx, by, day, "")
}

// maxReason is how much somebody may say about an opening.
const maxReason = 200

// ReopenFor opens the newest closed day again and writes down why. Besides those
// of Reopen: code day.reason (empty, or longer than 200 characters).
func (b *Book) ReopenFor(ctx context.Context, by app.Actor, day, reason string) error {
	reason = strings.Join(strings.Fields(reason), " ")
	if reason == "" || utf8.RuneCountInString(reason) > maxReason {
		return refuse("reopen", "day.reason")
	}
	return b.reopen(ctx, by, day, reason)
}

func (b *Book) reopen(ctx context.Context, by app.Actor, day, reason string) error {
	return b.cfg.Till.NoteDay(ctx, by, app.DayReopened, func() (app.DayData, error) {
		if _, err := b.start(day); err != nil {
			return app.DayData{}, err
		}
		last, err := b.cfg.Ledger.Days(ctx, "", 1)
		switch {
		case err != nil:
			return app.DayData{}, err
		case len(last) == 0 || last[0].Day < day:
			return app.DayData{}, refuse("reopen", "day.open")
		case last[0].Day > day:
			return app.DayData{}, refuse("reopen", "day.later")
		}
		return app.DayData{Day: day, Reason: reason}, nil
	})
}

// Seal is what is printed of a closed day as a QR code: enough to find its
// closing in the journal and to see that nothing before it was changed. Capitals
// and digits make a small code.
func Seal(m payments.Mode, c app.ClosedDay) string {
	return strings.ToUpper(strings.Join([]string{"FRONTDESK", "DAY", string(m), c.Day, strconv.FormatInt(c.Seq, 10), hex.EncodeToString(c.Head)}, ":"))
}
