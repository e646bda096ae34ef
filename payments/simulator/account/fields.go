package account

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"frontdesk/payments/money"
)

// form reads the members of a JSON object strictly, one after the other. The
// first thing that is wrong stays.
type form struct {
	members map[string]json.RawMessage
	err     error
}

var decimalNumber = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,2})?$`)

// readForm reads a body: an object with no other members than names (separated
// by blanks), none of them twice.
func readForm(body []byte, names string) *form {
	f := &form{members: map[string]json.RawMessage{}}
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		f.fail("a JSON object is expected")
		return f
	}
	known := strings.Fields(names)
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		var value json.RawMessage
		if err != nil || !ok || d.Decode(&value) != nil {
			f.fail("a JSON object is expected")
			return f
		}
		if f.members[name] != nil || !contains(known, name) {
			f.fail("member %q", name)
		}
		f.members[name] = value
	}
	if _, err := d.Token(); err != nil || d.More() {
		f.fail("a JSON object is expected")
	}
	return f
}

func (f *form) fail(format string, args ...any) {
	if f.err == nil {
		f.err = fmt.Errorf(format, args...)
	}
}

func (f *form) has(name string) bool { return f.members[name] != nil }

// text reads a string of at most most characters; "" when it is not there.
func (f *form) text(name string, must bool, most int) string {
	raw, ok := f.members[name]
	var s string
	switch {
	case !ok && !must:
		return ""
	case !ok || json.Unmarshal(raw, &s) != nil || raw[0] != '"' || must && s == "" || len([]rune(s)) > most:
		f.fail("%s must be a text", name)
	}
	return s
}

// flag reads true or false; false when it is not there.
func (f *form) flag(name string, must bool) bool {
	switch raw := string(f.members[name]); {
	case raw == "true":
		return true
	case raw == "false" || raw == "" && !must:
		return false
	}
	f.fail("%s must be true or false", name)
	return false
}

// whole reads a whole number from low to high.
func (f *form) whole(name string, low, high int) int {
	var n int
	raw := f.members[name]
	if len(raw) == 0 || json.Unmarshal(raw, &n) != nil || n < low || n > high {
		f.fail("%s must be a number from %d to %d", name, low, high)
	}
	return n
}

// money reads a decimal number above 0 in a currency of the account.
func (f *form) money(number, currency string) money.Amount {
	cur, err := money.ParseCurrency(f.text(currency, true, 3))
	if err != nil || !cur.Offered() {
		f.fail("%s is not of an account", currency)
		return money.Amount{}
	}
	return f.decimal(number, cur)
}

func (f *form) decimal(number string, cur money.Currency) money.Amount {
	text := string(f.members[number])
	a, err := money.ParseCheckout(text, cur)
	if !decimalNumber.MatchString(text) || err != nil || a.Payable() != nil {
		f.fail("%s must be a decimal above 0", number)
		return money.Amount{}
	}
	return a
}

// day reads YYYY-MM-DD, not before today; "" when it is not there.
func (f *form) day(name string, now time.Time) string {
	text := f.text(name, false, 10)
	if text == "" {
		return ""
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || now.UTC().After(t.AddDate(0, 0, 2)) {
		f.fail("%s must be a day to come, YYYY-MM-DD", name)
	}
	return text
}

// over reports whether a last day has passed everywhere on earth.
func over(day string, now time.Time) bool {
	t, err := time.Parse(time.DateOnly, day)
	return day != "" && err == nil && now.UTC().After(t.AddDate(0, 0, 1).Add(12*time.Hour))
}
