package day

import (
	"cmp"
	"time"
	"unicode"
	"unicode/utf8"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/text"
	"frontdesk/ui/screens/history"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Look is something to look at before closing: one sentence, one button.
type Look struct {
	Key             string // the same at every report
	Mark            widgets.Mark
	Title, Sentence string
	Next            time.Time // when it is asked about next by itself; zero for never
	Action          string
	Do              day.Do
	Money           bool
	Sale            app.Sale
	Refund          string // OrderID of the refund that is meant; empty for the payment
	Entry           *day.Entry
}

// Ticked is something that was looked at and is settled.
type Ticked struct{ Title, Sentence string }

// Match is how the day compares with the list of myPOS, in words.
type Match struct {
	Mark    widgets.Mark
	Words   string
	At      string // when it was compared; empty for never
	Detail  string // a sentence below; empty for none
	Running bool
	Open    bool // it can be compared now
}

// match puts the comparison into words.
func match(r day.Report, c *text.Catalog, zone *time.Location) Match {
	m := r.Match
	out := Match{Open: r.Closed == nil}
	if !m.At.IsZero() {
		out.At = c.T("day.match.at", c.Clock(m.At.In(zone)))
	}
	switch m.State {
	case day.MatchOff:
		out.Mark, out.Words, out.Open = widgets.Mark{Family: theme.Grey, Icon: "minus"}, c.T("day.match.off"), false
	case day.MatchRunning:
		out.Mark, out.Words, out.Running = widgets.Mark{Family: theme.Blue, Icon: "hourglass"}, c.T("day.match.running"), true
	case day.MatchFailed:
		out.Mark, out.Words = widgets.Mark{Family: theme.Amber, Icon: "alert"}, c.T("day.match.failed")
		out.Detail = c.Problem(m.Code).What
	case day.MatchDone:
		out.Mark, out.Words = widgets.Mark{Family: theme.Green, Icon: "shield"}, c.N("day.match.agree", m.Agree)
		if m.Agree == 0 && m.Here == 0 && m.Listed == 0 {
			out.Words = c.T("day.match.nothing")
		}
		if m.Fresh > 0 {
			out.Detail = c.N("day.match.fresh", m.Fresh)
		}
	default:
		out.Mark, out.Words = widgets.Mark{Family: theme.Grey, Icon: "clock"}, c.T("day.match.never")
	}
	return out
}

// look is a difference in words.
func look(d day.Difference, c *text.Catalog, now time.Time, zone *time.Location) Look {
	l := Look{
		Key: cmp.Or(d.Key, d.Code+string(d.Sale.ID)), Do: d.Do, Money: d.Money, Sale: d.Sale, Refund: d.Refund, Entry: d.Entry,
		Mark: widgets.Mark{Family: theme.Amber, Icon: "info"}, Action: c.T("day.do." + string(d.Do)),
	}
	sentence := c.T("day.difference." + d.Code)
	if key := "day.say." + d.Code; c.Has(key) { // where the title tells half of it already
		sentence = c.T(key)
	}
	if d.Entry != nil && (d.Sale.ID == "" || d.Code == day.NotHere || d.Code == day.RefundNotHere) {
		l.Title = c.T("day.look.entry."+string(d.Entry.Kind), d.Entry.Amount)
		l.Sentence = entryWords(*d.Entry, c, now, zone) + ". " + sentence
		if d.Entry.Device == "" {
			l.Sentence = entryWords(*d.Entry, c, now, zone) + ". " + c.T("day.say.online")
		}
		if d.Sale.ID != "" {
			l.Sentence = entryWords(*d.Entry, c, now, zone) + ". " + c.T("day.say.order", who(d.Sale, c))
		}
		return l
	}
	s := d.Sale
	word := lowered(c.Name(s.State))
	if key := "day.look." + d.Code; c.Has(key) {
		word = c.T(key)
	} else {
		icon, family := history.StateMark(s.State)
		l.Mark = widgets.Mark{Family: family, Icon: icon}
	}
	if d.Code == day.RefundUnknown {
		l.Mark.Icon = "question"
	}
	l.Title = c.T("day.look", who(s, c), c.Amount(s.Amount), word)
	l.Sentence = where(s, c, now, zone) + ". " + sentence
	if d.Entry != nil {
		l.Sentence += " " + c.T("day.look.listed", d.Entry.Amount)
	}
	if d.Code == day.NotKnown {
		l.Next = nextCheck(s)
	}
	return l
}

// who is whom a sale belongs to.
func who(s app.Sale, c *text.Catalog) string { return cmp.Or(s.Client, s.Note, c.T("walkin")) }

// raised is a name as it stands alone: days of the week are written small in some
// languages.
func raised(name string) string {
	first, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[n:]
}

// lowered is a name as it stands inside a line.
func lowered(name string) string {
	first, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(first)) + name[n:]
}

// moment is when something was, with the day when that is not today.
func moment(at time.Time, c *text.Catalog, now time.Time, zone *time.Location) string {
	at = at.In(zone)
	if at.Format(time.DateOnly) == now.In(zone).Format(time.DateOnly) {
		return c.T("day.at.today", c.Clock(at))
	}
	return c.T("day.at", c.DayMonth(at), c.Clock(at))
}

// where is on which way and when a sale was charged last.
func where(s app.Sale, c *text.Catalog, now time.Time, zone *time.Location) string {
	way := c.T("day.way.none")
	if n := len(s.Attempts); n > 0 {
		a := s.Attempts[n-1]
		way = cmp.Or(a.DeviceLabel, c.T("rail."+string(a.Rail)))
	}
	return way + " " + moment(s.Created, c, now, zone)
}

// entryWords say which line of the list is meant.
func entryWords(e day.Entry, c *text.Catalog, now time.Time, zone *time.Location) string {
	words := cmp.Or(e.Device, c.T("day.entry.online"))
	if !e.At.IsZero() {
		words += " " + moment(e.At, c, now, zone)
	}
	if e.Last4 != "" {
		words += ", " + c.T("day.entry.card", e.Last4)
	}
	return words
}

// nextCheck is when a sale is asked about next; zero when that is not planned.
func nextCheck(s app.Sale) time.Time {
	var next time.Time
	for _, a := range s.Attempts {
		if !a.NextCheck.IsZero() && (next.IsZero() || a.NextCheck.Before(next)) {
			next = a.NextCheck
		}
	}
	return next
}

// ticked is what was answered, in words.
func ticked(d day.Difference, c *text.Catalog, zone *time.Location) Ticked {
	name, amount := who(d.Sale, c), d.Sale.Amount
	first, last := c.Clock(d.At.In(zone)), c.Clock(d.Done.In(zone))
	t := Ticked{Title: c.T("day.tick."+string(d.How), name, c.Amount(amount), first, last)}
	way := d.Way
	if c.Has("rail." + way) {
		way = c.T("rail." + way)
	}
	switch {
	case d.By != "" && way != "":
		t.Sentence = c.T("day.tick.by.on", d.By, way)
	case d.By != "":
		t.Sentence = c.T("day.tick.by", d.By)
	case way != "":
		t.Sentence = c.T("day.tick.on", way)
	default:
		t.Sentence = c.T("day.tick.itself")
	}
	return t
}
