package checkout

import (
	"errors"
	"fmt"
	"strings"

	"frontdesk/payments"
)

// Sizes of what this package is willing to read.
const (
	MaxForm   = 64 << 10 // bytes of a posted form
	MaxAnswer = 1 << 20  // bytes of an answer
	MaxPack   = 64 << 10 // bytes of a pasted pack, key or certificate
	maxFields = 1000
)

// Conditions of messages that callers branch on. They come wrapped in
// *payments.Error with a stable code.
var (
	ErrMalformed = errors.New("malformed message")
	ErrTooLarge  = errors.New("message too large")
	ErrMissing   = errors.New("field missing")
	ErrRepeated  = errors.New("field repeated")
	ErrUnsigned  = errors.New("message not signed")
	ErrSignature = errors.New("signature does not fit")
)

// Field is one name and value of a form.
type Field struct{ Name, Value string }

// Fields are form fields in the order they are sent; the order is part of the
// signature.
type Fields []Field

// signatureName is the field that is left out of the signed text.
const signatureName = "Signature"

// Get returns the value of the first field of that name; case does not matter.
func (f Fields) Get(name string) (string, bool) {
	for _, x := range f {
		if strings.EqualFold(x.Name, name) {
			return x.Value, true
		}
	}
	return "", false
}

// folded is a name such that two are equal when Get takes them for the same:
// letters of other alphabets count as those of ours that they stand for.
func folded(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// Value returns the value of the first field of that name, or "".
func (f Fields) Value(name string) string {
	v, _ := f.Get(name)
	return v
}

// Without returns a copy without the fields of that name.
func (f Fields) Without(name string) Fields {
	out := make(Fields, 0, len(f))
	for _, x := range f {
		if !strings.EqualFold(x.Name, name) {
			out = append(out, x)
		}
	}
	return out
}

// Encode returns the fields as a body of type
// application/x-www-form-urlencoded, in order.
func (f Fields) Encode() string {
	var b strings.Builder
	for i, x := range f {
		if i > 0 {
			b.WriteByte('&')
		}
		escape(&b, x.Name)
		b.WriteByte('=')
		escape(&b, x.Value)
	}
	return b.String()
}

func escape(b *strings.Builder, text string) {
	const hex = "0123456789ABCDEF"
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
			c == '-', c == '_', c == '.', c == '*':
			b.WriteByte(c)
		case c == ' ':
			b.WriteByte('+')
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
}

// ParseForm reads a posted body in order. Decoding is strict: a "%" needs two
// hexadecimal digits, empty pairs, nameless fields and a bare ";" are refused. Values
// may hold any bytes. Errors wrap ErrMalformed or ErrTooLarge.
func ParseForm(raw []byte) (Fields, error) {
	if len(raw) > MaxForm {
		return nil, fault("checkout.form", "form.size", ErrTooLarge)
	}
	if len(raw) == 0 {
		return nil, fault("checkout.form", "form.empty", ErrMalformed)
	}
	pairs := strings.Split(string(raw), "&")
	if len(pairs) > maxFields {
		return nil, fault("checkout.form", "form.fields", ErrTooLarge)
	}
	fields := make(Fields, 0, len(pairs))
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		n, err := unescape(name)
		if err == nil && n == "" {
			err = errors.New("no name")
		}
		v, errValue := unescape(value)
		if err = errors.Join(err, errValue); err != nil {
			return nil, fault("checkout.form", "form.encoding", fmt.Errorf("%w: field %d: %w", ErrMalformed, i+1, err))
		}
		fields = append(fields, Field{n, v})
	}
	return fields, nil
}

func unescape(text string) (string, error) {
	if !strings.ContainsAny(text, "%+;") {
		return text, nil
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '+':
			out = append(out, ' ')
		case ';':
			return "", errors.New("bare semicolon")
		case '%':
			if i+2 >= len(text) {
				return "", errors.New("cut percent sign")
			}
			hi, lo := nibble(text[i+1]), nibble(text[i+2])
			if hi < 0 || lo < 0 {
				return "", errors.New("bad percent sign")
			}
			out = append(out, byte(hi<<4|lo))
			i += 2
		default:
			out = append(out, c)
		}
	}
	return string(out), nil
}

func nibble(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func fault(op, code string, err error) error {
	return &payments.Error{Op: op, Code: code, Err: err}
}
