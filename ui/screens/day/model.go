package day

import (
	"cmp"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// View is everything the page shows of a report.
type View struct {
	Title   string
	Mode    string // the word of the mode; empty in Live
	Takings []Takings
	Looks   []Look
	Ticked  []Ticked // what was to look at and is answered
	Match   Match
	Differs bool // the two sums came to different results
	Money   int  // looks that stop a closing, unless it is done knowingly
	Sealed  *Sealed
	Earlier string // "Friday 20 November is still open"; empty for none
}

// Takings are what one currency came to.
type Takings struct {
	Label, Number, Currency string
	Figures                 []Figure
	Chart                   string // what the bars are
	Bars                    []Bar
	Ways                    []Way
	People                  []Figure
}

// Figure is a number under its name.
type Figure struct{ Label, Value string }

// Bar is one hour.
type Bar struct {
	Hour  string
	Words string  // above the bar; empty for nothing
	Part  float32 // of the highest, 0 to 1
	Top   bool    // the highest
}

// Way is one way that money was taken.
type Way struct {
	Icon, Name, Amount string
	Part               float32 // of all, 0 to 1
}

// Sealed is a closed day.
type Sealed struct {
	Title, Sentence string
	Head            string // the first of the hash, to compare by eye
	Code            string // what the QR code holds
}

// Show says what the page shows of a report. It is a pure function.
func Show(r day.Report, c *text.Catalog, now time.Time, zone *time.Location) View {
	v := View{Title: title(r.Day, now.In(zone), c), Differs: !r.Agrees}
	if r.Mode != payments.Live {
		v.Mode = c.T("mode." + string(r.Mode))
	}
	running := r.Closed == nil && now.Before(r.Until)
	for _, t := range r.Totals {
		v.Takings = append(v.Takings, takings(r, t, running, c))
	}
	v.Match = match(r, c, zone)
	for _, d := range r.Differences {
		if d.Sale.ID != "" || d.Entry != nil {
			v.Looks = append(v.Looks, look(d, c, now, zone))
		}
		if d.Money {
			v.Money++
		}
	}
	for _, d := range r.Settled {
		v.Ticked = append(v.Ticked, ticked(d, c, zone))
	}
	if r.Earlier != "" && r.Closed == nil {
		v.Earlier = c.T("day.earlier", title(r.Earlier, now.In(zone), c))
	}
	if r.Closed != nil {
		v.Sealed = sealed(r, c, zone)
	}
	return v
}

// title is the day in words, with the year when it is another one.
func title(name string, now time.Time, c *text.Catalog) string {
	t, err := time.Parse(time.DateOnly, name)
	if err != nil {
		return name
	}
	if t.Year() != now.Year() {
		return c.Day(t) + " " + strconv.Itoa(t.Year())
	}
	return c.Day(t)
}

func amount(minor int64, cur money.Currency) money.Amount {
	return money.Amount{Minor: minor, Currency: cur}
}

func takings(r day.Report, t app.DayTotal, running bool, c *text.Catalog) Takings {
	label := "day.taken"
	if running {
		label = "day.taken.today"
	}
	number := func(minor int64) string { return c.Number(amount(minor, t.Currency)) }
	out := Takings{Label: c.T(label), Number: number(t.Payments), Currency: string(t.Currency), Chart: c.T("day.perhour", t.Currency)}
	out.Figures = []Figure{
		{c.T("day.payments"), strconv.Itoa(t.Count)},
		{c.T("day.average"), number(average(t))},
		{c.T("day.tips"), number(t.Tips)},
		{c.T("day.refunds"), number(t.Refunds)},
	}
	if t.Back != 0 {
		out.Figures = append(out.Figures, Figure{c.T("day.back"), number(t.Back)})
	}
	if t.Unsure != 0 {
		out.Figures = append(out.Figures, Figure{c.T("day.unsure"), number(t.Unsure)})
	}
	if t.Net() != t.Payments {
		out.Label = c.T(label+".stays", c.Amount(amount(t.Net(), t.Currency)))
	}
	out.Bars = bars(r, t.Currency)
	for _, s := range r.Ways {
		if s.Taken.Currency == t.Currency && s.Taken.Minor != 0 {
			out.Ways = append(out.Ways, way(s, t.Payments, c))
		}
	}
	for _, s := range r.Operators {
		if s.Taken.Currency == t.Currency && s.Taken.Minor != 0 {
			out.People = append(out.People, Figure{cmp.Or(s.Name, c.T("shell.owner")), c.Number(s.Taken)})
		}
	}
	return out
}

// average is the mean payment, rounded to the minor unit.
func average(t app.DayTotal) int64 {
	if t.Count == 0 {
		return 0
	}
	n := int64(t.Count)
	return (t.Payments + n/2) / n
}

func way(s day.Share, all int64, c *text.Catalog) Way {
	w := Way{Icon: railIcon(s.Rail), Name: cmp.Or(s.Name, c.T("rail."+string(s.Rail))), Amount: c.Number(s.Taken)}
	if all > 0 {
		w.Part = float32(s.Taken.Minor) / float32(all)
	}
	return w
}

func railIcon(r payments.Rail) string {
	switch r {
	case payments.RailTerminal, payments.RailCloud:
		return "devices"
	case payments.RailRequest:
		return "mail"
	case payments.RailCash:
		return "cash"
	}
	return "qr"
}

// bars are the hours from the first to the last on which money was taken, those
// in between without any included. The hours after midnight come last.
func bars(r day.Report, cur money.Currency) []Bar {
	begin := r.From.Hour()
	if len(r.Hours) == 0 {
		return nil
	}
	sums, highest, first, last := map[int]int64{}, int64(0), 24, -1
	for _, h := range r.Hours {
		if h.Amount.Currency != cur {
			continue
		}
		at := (h.Hour - begin + 24) % 24
		sums[at] += h.Amount.Minor
		highest, first, last = max(highest, sums[at]), min(first, at), max(last, at)
	}
	var list []Bar
	found := false
	for at := first; at <= last; at++ {
		b := Bar{Hour: strconv.Itoa((at + begin) % 24)}
		if highest > 0 && sums[at] > 0 {
			b.Part, b.Words = float32(sums[at])/float32(highest), rounded(sums[at], cur)
			b.Top = sums[at] == highest && !found
			found = found || b.Top
		}
		list = append(list, b)
	}
	return list
}

// rounded is an amount in whole units: above a bar is no room for more.
func rounded(minor int64, cur money.Currency) string {
	unit := int64(1)
	for range cur.Exponent() {
		unit *= 10
	}
	return strconv.FormatInt((minor+unit/2)/unit, 10)
}

// headShown is how much of the hash people compare by eye.
const headShown = 8

func sealed(r day.Report, c *text.Catalog, zone *time.Location) *Sealed {
	d := r.Closed
	s := &Sealed{
		Title:    c.T("day.closed", c.DayMonth(d.At.In(zone)), c.Clock(d.At.In(zone)), d.Operator),
		Sentence: c.T("day.closed.sentence"), Code: day.Seal(r.Mode, *d),
	}
	if d.Open > 0 {
		s.Sentence = c.N("day.closed.open", d.Open)
	}
	full := strings.ToUpper(hex.EncodeToString(d.Head))
	var groups []string
	for i := 0; i+4 <= len(full) && len(groups) < headShown/2; i += 4 {
		groups = append(groups, full[i:i+4])
	}
	s.Head = strings.Join(groups, " ")
	return s
}
