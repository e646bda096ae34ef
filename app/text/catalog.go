package text

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

//go:embed lang
var files embed.FS

const english = "en"

// minus is U+2212, as wide as a digit; a hyphen reads as a dash.
const minus = "−"

// Catalog answers in one language.
type Catalog struct {
	lang  string
	words map[string]string
}

// Languages lists the languages there are, English first.
func Languages() []string { return []string{english, "de", "bg"} }

// New returns the catalogue of a language by its two-letter code; regions are
// ignored ("de-AT" is German) and an unknown language gets English.
func New(lang string) *Catalog {
	code, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(lang, "_", "-")), "-")
	known := english
	for _, l := range Languages() {
		if l == code {
			known = l
		}
	}
	words, err := load(files, "lang/"+known)
	if err != nil {
		words = map[string]string{}
	}
	return &Catalog{lang: known, words: words}
}

// load merges the files of one folder; a key that stands in two files is an
// error, so that no area can silently change the words of another.
func load(from fs.FS, dir string) (map[string]string, error) {
	names, err := fs.Glob(from, dir+"/*.json")
	if err != nil {
		return nil, err
	}
	words := map[string]string{}
	for _, name := range names {
		raw, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		var area map[string]string
		if err := json.Unmarshal(raw, &area); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for k, v := range area {
			if _, twice := words[k]; twice {
				return nil, fmt.Errorf("%s: key %q stands in another file too", name, k)
			}
			words[k] = v
		}
	}
	return words, nil
}

// Lang returns the code of the language that answers.
func (c *Catalog) Lang() string { return c.lang }

// Has reports whether there is a sentence under key.
func (c *Catalog) Has(key string) bool {
	_, ok := c.words[key]
	return ok
}

// T returns the sentence under key with {0}, {1}, ... replaced by args. Money
// amounts are written as Amount does. A missing key shows as [key], which is
// ugly on purpose.
func (c *Catalog) T(key string, args ...any) string {
	s, ok := c.words[key]
	if !ok {
		return "[" + key + "]"
	}
	if len(args) == 0 {
		return s
	}
	pairs := make([]string, 0, 2*len(args))
	for i, a := range args {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", c.format(a))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

func (c *Catalog) format(a any) string {
	if m, ok := a.(money.Amount); ok {
		return c.Amount(m)
	}
	return fmt.Sprint(a)
}

// N returns the sentence for a count: key.one for 1, else key.other. {0} is
// the count and args follow from {1}.
func (c *Catalog) N(key string, n int, args ...any) string {
	form := ".other"
	if n == 1 {
		form = ".one"
	}
	return c.T(key+form, append([]any{n}, args...)...)
}

// Amount writes an amount with its currency after it, as Number does: "45.00 EUR". The zero
// Amount is written as a dash.
func (c *Catalog) Amount(a money.Amount) string {
	if a == (money.Amount{}) {
		return "–"
	}
	return c.Number(a) + " " + string(a.Currency)
}

// Number writes an amount without its currency, as the language does: "1,045.00",
// "1.045,00" or "−20.00".
func (c *Catalog) Number(a money.Amount) string {
	lead, group, decimal := c.marks()
	whole, part, fraction := strings.Cut(strings.TrimPrefix(a.Decimal(), "-"), ".")
	var b strings.Builder
	if a.Sign() < 0 {
		b.WriteString(minus)
	}
	grouped := len(whole) >= lead+3
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 && grouped {
			b.WriteString(group)
		}
		b.WriteRune(digit)
	}
	if fraction {
		b.WriteString(decimal + part)
	}
	return b.String()
}

// Plain writes an amount as it is typed into a field: "1045.00" or "1045,00", and
// "1045" in a currency that has whole units only.
func (c *Catalog) Plain(a money.Amount) string {
	_, _, decimal := c.marks()
	whole, part, fraction := strings.Cut(a.Decimal(), ".")
	if !fraction || a.Currency.Whole() && a.Minor%a.Currency.Step() == 0 {
		return whole
	}
	return whole + decimal + part
}

// marks reads how the language writes 12345.6 or 1234.5: how many digits stand
// before the first mark when thousands begin to stand apart, and the two marks.
func (c *Catalog) marks() (lead int, group, decimal string) {
	sample := c.T("number")
	lead = strings.IndexFunc(sample, notDigit)
	last := strings.LastIndexFunc(sample, notDigit)
	if lead < 0 || lead >= last-3 { // no sample: as the machine writes
		return 1, "", "."
	}
	return lead, sample[lead : last-3], sample[last : len(sample)-1]
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

// Word is the screen word of a state, in capitals: "PAID". PartRefunded takes
// two args, what went back and the whole.
func (c *Catalog) Word(s app.State, args ...any) string {
	return c.T("state."+string(s)+".word", args...)
}

// Name is the state as it stands in running text: "Not known yet".
func (c *Catalog) Name(s app.State) string { return c.T("state." + string(s) + ".name") }

// Sentence is what to say about a state. Paid, Reversed and PartRefunded take
// the amount, Unknown takes the time until the next look (as Duration gives it).
func (c *Catalog) Sentence(s app.State, args ...any) string {
	return c.T("state."+string(s)+".sentence", args...)
}

// Problem is what people read when something failed. Code is for "details".
type Problem struct {
	What  string // what happened
	Money string // whether money moved
	Do    string // what to do now
	Code  string
}

// Text is the problem as one paragraph.
func (p Problem) Text() string { return p.What + " " + p.Money + " " + p.Do }

// Problem returns the sentences of an error code such as "status.21" or
// "relay.unreachable", else those of its family ("http.other" for "http.502");
// a code without either gets the careful ones that assume money may have moved.
func (c *Catalog) Problem(code string) Problem {
	key := c.problemKey(code)
	if key == "" {
		key = "error.other"
	}
	return Problem{What: c.T(key + ".what"), Money: c.T(key + ".money"), Do: c.T(key + ".do"), Code: code}
}

// Knows reports whether Problem has more to say about a code than that
// something went wrong.
func (c *Catalog) Knows(code string) bool { return c.problemKey(code) != "" }

func (c *Catalog) problemKey(code string) string {
	family, _, _ := strings.Cut(code, ".")
	for _, name := range []string{code, family + ".other"} {
		if key := "error." + name; code != "" && c.Has(key+".what") {
			return key
		}
	}
	return ""
}

// Failure returns the sentences of an error by its code. When the outcome is
// unknown (payments.ErrUnknown) they never say that no money moved, whatever
// the code says elsewhere.
func (c *Catalog) Failure(err error) Problem {
	p := c.Problem(payments.CodeOf(err))
	if errors.Is(err, payments.ErrUnknown) {
		p.Money = c.T("error.other.money")
	}
	return p
}

// Duration writes a span in its largest whole unit, rounded up below a minute
// so that a countdown ends at 1 s: "8 s", "14 min", "3 h".
func (c *Catalog) Duration(d time.Duration) string {
	switch {
	case d < time.Minute:
		return c.T("seconds", int((max(d, 0)+time.Second-1)/time.Second))
	case d < time.Hour:
		return c.T("minutes", int(d/time.Minute))
	default:
		return c.T("hours", int(d/time.Hour))
	}
}

// Left writes what is left of a span in words: "14 more minutes".
func (c *Catalog) Left(d time.Duration) string {
	if d < time.Minute {
		return c.N("seconds.left", int((max(d, 0)+time.Second-1)/time.Second))
	}
	return c.N("minutes.left", int(d/time.Minute))
}

// Clock writes the time of day in t's own zone: "14:33".
func (c *Catalog) Clock(t time.Time) string { return t.Format("15:04") }

// Stamp writes the time of day with seconds: "14:33:06".
func (c *Catalog) Stamp(t time.Time) string { return t.Format("15:04:05") }

// Day writes a date with its weekday: "Saturday 21 November".
func (c *Catalog) Day(t time.Time) string { return c.date("date.day", t) }

// DayMonth writes a date without weekday: "21 November".
func (c *Catalog) DayMonth(t time.Time) string { return c.date("date.daymonth", t) }

func (c *Catalog) date(key string, t time.Time) string {
	weekday := c.T("weekday." + strconv.Itoa(int(t.Weekday())))
	month := c.T("month." + strconv.Itoa(int(t.Month())))
	return c.T(key, weekday, t.Day(), month)
}
