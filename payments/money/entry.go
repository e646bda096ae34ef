package money

import "strings"

// Entry is the amount pad: digits push in from the right (4, 5, 0, 0 is
// 45.00), and a mark typed on a keyboard turns what stands there into whole
// units ("45,00" is 45.00 too). Whole-unit currencies push whole units and take
// no mark. A key that would pass the limit or makes no sense changes nothing
// and returns false.
//
// An Entry belongs to one goroutine. Make it with NewEntry; the zero value has
// no currency and takes no key.
type Entry struct {
	currency Currency
	whole    string // digits before the mark, or all digits while there is none
	fraction string // digits after the mark
	marked   bool
}

// NewEntry returns an empty pad for the currency.
func NewEntry(cur Currency) Entry { return Entry{currency: cur} }

// Currency returns the currency of the pad.
func (e *Entry) Currency() Currency { return e.currency }

// Amount returns what the pad shows, 0 while it is empty.
func (e *Entry) Amount() Amount {
	r, ok := e.currency.rule()
	if !ok {
		return Amount{}
	}
	body, scale := e.whole, r.step
	if e.marked {
		body, scale = e.whole+e.fraction+strings.Repeat("0", r.exponent-len(e.fraction)), 1
	}
	var n int64
	for _, d := range []byte(body) {
		n = n*10 + int64(d-'0')
	}
	return Amount{n * scale, e.currency}
}

// Empty reports whether no key stands on the pad.
func (e *Entry) Empty() bool { return e.whole == "" && !e.marked }

// Digit pushes 0 to 9.
func (e *Entry) Digit(d int) bool {
	if d < 0 || d > 9 {
		return false
	}
	next := *e
	switch {
	case !e.marked && e.whole == "" && d == 0:
		return false
	case !e.marked:
		next.whole += string(rune('0' + d))
	case len(e.fraction) < e.currency.Exponent():
		next.fraction += string(rune('0' + d))
	default:
		return false
	}
	return e.take(next)
}

// DoubleZero pushes 00 as one key: both or none.
func (e *Entry) DoubleZero() bool {
	before := *e
	if !e.Digit(0) {
		return false
	}
	if e.marked && len(e.fraction) == e.currency.Exponent() {
		return true
	}
	if !e.Digit(0) {
		*e = before
		return false
	}
	return true
}

// Type takes a key of the keyboard: a digit, "." or ",".
func (e *Entry) Type(key rune) bool {
	switch {
	case key >= '0' && key <= '9':
		return e.Digit(int(key - '0'))
	case key == '.' || key == ',':
		return e.mark()
	}
	return false
}

// Refuses says why a key would not be taken: ErrMarks, ErrStep, ErrDecimals,
// ErrLimit, or ErrSyntax for what is neither digit nor mark. It is nil for a key
// that is taken, and for a leading zero, which is no mistake. Who shows a number
// of which a key was refused shows another one than was meant: it has to be said,
// and nothing may be sent before somebody has looked.
func (e *Entry) Refuses(key rune) error {
	probe := *e
	switch digit := key >= '0' && key <= '9'; {
	case probe.Type(key), digit && e.Empty():
		return nil
	case digit && e.marked && len(e.fraction) == e.currency.Exponent():
		return ErrDecimals
	case digit:
		return ErrLimit
	case key != '.' && key != ',':
		return ErrSyntax
	case e.currency.Whole():
		return ErrStep
	case e.marked:
		return ErrMarks
	}
	return ErrLimit
}

func (e *Entry) mark() bool {
	if e.marked || e.currency.Whole() {
		return false
	}
	next := *e
	next.marked = true
	return e.take(next)
}

// Backspace takes the last key back; false when there is none.
func (e *Entry) Backspace() bool {
	switch {
	case e.fraction != "":
		e.fraction = e.fraction[:len(e.fraction)-1]
	case e.marked:
		e.marked = false
	case e.whole != "":
		e.whole = e.whole[:len(e.whole)-1]
	default:
		return false
	}
	return true
}

// Clear empties the pad.
func (e *Entry) Clear() { *e = Entry{currency: e.currency} }

// Set shows an amount of the pad's currency, as if its digits had been pushed
// in; false when it could not have been typed.
func (e *Entry) Set(a Amount) bool {
	r, ok := e.currency.rule()
	if !ok || a.Currency != e.currency || a.Minor < 0 || a.Minor > e.currency.Limit() || a.Minor%r.step != 0 {
		return false
	}
	e.Clear()
	if a.Minor > 0 {
		e.whole = decimal(a.Minor/r.step, 0)
	}
	return true
}

// take makes next the state of the pad unless it passes the limit. The limit
// is checked key by key, so the number never comes near overflow.
func (e *Entry) take(next Entry) bool {
	if !next.currency.Known() || next.Amount().Minor > next.currency.Limit() {
		return false
	}
	*e = next
	return true
}
