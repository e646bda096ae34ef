package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"frontdesk/payments/money"
)

// maxDepth is how deep an answer may be nested. The deepest known is 4.
const maxDepth = 32

// blanks are what may stand around a JSON value.
const blanks = " \t\r\n"

var (
	errJSON  = errors.New("the answer is not JSON")
	errDepth = errors.New("the answer is nested too deep")
)

// wellFormed checks that body is one JSON value of reasonable depth.
func wellFormed(body []byte) error {
	if !json.Valid(body) {
		return errJSON
	}
	depth, text := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return errDepth
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// Object is a JSON object read tolerantly: names count without case and "_", so
// payment_id and paymentId are the same member. The first of two members of one
// name counts. The zero Object has no members.
type Object struct {
	members map[string]json.RawMessage
	order   []string // names as sent
	raw     json.RawMessage
}

// Parse reads a JSON object; false for any other value.
func Parse(raw []byte) (Object, bool) {
	raw = bytes.Trim(raw, blanks)
	if len(raw) == 0 || raw[0] != '{' || wellFormed(raw) != nil {
		return Object{}, false
	}
	o := Object{members: map[string]json.RawMessage{}, raw: raw}
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return Object{}, false
	}
	for d.More() {
		name, err := d.Token()
		key, ok := name.(string)
		var value json.RawMessage
		if err != nil || !ok || d.Decode(&value) != nil {
			return Object{}, false
		}
		if plain := plainName(key); o.members[plain] == nil {
			o.members[plain], o.order = value, append(o.order, key)
		}
	}
	return o, true
}

func plainName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// Raw is the object as it was received.
func (o Object) Raw() json.RawMessage { return o.raw }

// Has reports whether one of the names is there and not null.
func (o Object) Has(names ...string) bool { return o.member(names) != nil }

func (o Object) member(names []string) json.RawMessage {
	for _, name := range names {
		if v := o.members[plainName(name)]; v != nil && string(v) != "null" {
			return v
		}
	}
	return nil
}

// Text returns the first of the members that is there, as text: a string as it
// is, a number or true and false as they were written. "" for anything else.
func (o Object) Text(names ...string) string { return Scalar(o.member(names)) }

// Member returns the first of the members that is there, as it was sent.
func (o Object) Member(names ...string) json.RawMessage { return o.member(names) }

// Scalar returns a JSON value as Text does.
func Scalar(v json.RawMessage) string {
	if len(v) == 0 {
		return ""
	}
	switch v[0] {
	case '{', '[', 'n':
		return ""
	case '"':
		var s string
		if json.Unmarshal(v, &s) != nil {
			return ""
		}
		return s
	}
	return string(v)
}

// Bool reads true, false, 1, 0 and the same as text; known is false for
// anything else.
func (o Object) Bool(names ...string) (value, known bool) {
	switch strings.ToLower(o.Text(names...)) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

// Int reads a whole number, written as number or text, of at most 15 digits;
// known is false for anything else.
func (o Object) Int(names ...string) (n int, known bool) {
	text, negative := strings.CutPrefix(o.Text(names...), "-")
	if text == "" || len(text) > 15 {
		return 0, false
	}
	for _, d := range []byte(text) {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + int(d-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}

// Object returns the first of the members that is an object.
func (o Object) Object(names ...string) (Object, bool) { return Parse(o.member(names)) }

// List returns the objects of the first of the members that is an array, or
// null for an empty one; elements that are no objects are left out. false when
// there is no such member.
func (o Object) List(names ...string) ([]Object, bool) {
	for _, name := range names {
		if string(o.members[plainName(name)]) == "null" {
			return nil, true
		}
		if items, ok := Elements(o.members[plainName(name)]); ok {
			return Objects(items), true
		}
	}
	return nil, false
}

// Elements returns the elements of a JSON array; false for any other value.
func Elements(raw []byte) ([]json.RawMessage, bool) {
	raw = bytes.Trim(raw, blanks)
	if len(raw) == 0 || raw[0] != '[' {
		return nil, false
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil, false
	}
	return items, true
}

// Objects returns the elements that are objects.
func Objects(items []json.RawMessage) []Object {
	var list []Object
	for _, item := range items {
		if o, ok := Parse(item); ok {
			list = append(list, o)
		}
	}
	return list
}

// Texts returns every text and number of the object, nested ones too, in the
// order sent.
func (o Object) Texts() []string {
	var all []string
	for _, name := range o.order {
		all = append(all, texts(o.members[plainName(name)])...)
	}
	return all
}

func texts(v json.RawMessage) []string {
	if o, ok := Parse(v); ok {
		return o.Texts()
	}
	var all []string
	if items, ok := Elements(v); ok {
		for _, item := range items {
			all = append(all, texts(item)...)
		}
		return all
	}
	if s := Scalar(v); s != "" {
		all = append(all, s)
	}
	return all
}

// Money reads an exact decimal ("45.00", 45, "45.5") in a currency given as
// text. The zero Amount and false when either cannot be read without guessing.
func Money(number, currency string) (money.Amount, bool) {
	cur, err := money.ParseCurrency(strings.ToUpper(strings.TrimSpace(currency)))
	if err != nil {
		return money.Amount{}, false
	}
	number = strings.TrimSpace(number)
	if whole, fraction, marked := strings.Cut(number, "."); marked && len(fraction) > 2 {
		number = whole + "." + fraction[:2] + strings.TrimRight(fraction[2:], "0")
	}
	a, err := money.ParseCheckout(number, cur)
	return a, err == nil
}
