package terminal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Limits of the wire (spec 3.1). The prefix is two bytes and counts itself.
const (
	MaxFrame  = 65535 // bytes of one frame, prefix included
	MaxName   = 64    // bytes of a field's name; the longest documented one has 24
	prefix    = 2
	minFrame  = 3
	hashBytes = 20 // FINGERPRINT and each link of a CHAIN
)

// What can be wrong with bytes from the wire or with a frame to be sent.
var (
	// ErrSync means that the stream cannot be read any further: a prefix below
	// 3, or a body that does not begin like a field. The connection is useless.
	ErrSync = errors.New("lost sync with the terminal")
	// ErrFrame means that one frame is not made of fields. Its bytes have been
	// read, so the next frame can be.
	ErrFrame = errors.New("frame is not made of fields")
	// ErrField means that a field cannot be written so that it reads back.
	ErrField = errors.New("field cannot be written")
)

// Field is one NAME=VALUE of a frame. The value of DATA and CERT is the bytes
// behind their own length; all other values are the bytes behind the "=".
type Field struct {
	Name  string
	Value []byte
}

// Frame is the fields of one message in the order of the wire. The order means
// nothing to a reader (real senders differ).
type Frame []Field

// Text makes a field out of two words.
func Text(name, value string) Field { return Field{Name: name, Value: []byte(value)} }

// Get returns the value of the first field of that name.
func (f Frame) Get(name string) (string, bool) {
	for _, field := range f {
		if field.Name == name {
			return string(field.Value), true
		}
	}
	return "", false
}

// Binary reports whether values of that name are bytes rather than text: DATA,
// CERT, FINGERPRINT, PRINT_DATA and the CHAINs.
func Binary(name string) bool { return layoutOf(name) != layoutText }

// layout says where a value ends.
type layout int

const (
	layoutText  layout = iota // at the next line end
	layoutSized               // after its own 2-byte length, which counts itself
	layoutHash                // after 20 bytes
	layoutChain               // after (20 bytes and ";") any number of times
	layoutPrint               // at the last line end before the next field or the end
)

func layoutOf(name string) layout {
	switch name {
	case "DATA", "CERT":
		return layoutSized
	case "FINGERPRINT":
		return layoutHash
	case "CHAIN", "PRIMARY_CHAIN", "SECONDARY_CHAIN":
		return layoutChain
	case "PRINT_DATA":
		return layoutPrint
	}
	return layoutText
}

// Encode writes a frame with its prefix. ErrField is returned for a name that is
// not made of letters, digits and "_", for a text with a line end in it, for a
// binary value of the wrong shape, and for a frame that is empty or too long.
func Encode(f Frame) ([]byte, error) {
	raw := make([]byte, prefix, 256)
	for _, field := range f {
		if !isName([]byte(field.Name)) {
			return nil, fmt.Errorf("%w: a name", ErrField)
		}
		raw = append(raw, field.Name...)
		raw = append(raw, '=')
		switch layoutOf(field.Name) {
		case layoutText:
			if bytes.ContainsAny(field.Value, "\r\n") {
				return nil, fmt.Errorf("%w: %s has a line end", ErrField, field.Name)
			}
		case layoutSized:
			if len(field.Value)+prefix > MaxFrame {
				return nil, fmt.Errorf("%w: %s is too long", ErrField, field.Name)
			}
			raw = binary.BigEndian.AppendUint16(raw, uint16(len(field.Value)+prefix))
		}
		raw = append(raw, field.Value...)
		raw = append(raw, '\r', '\n')
	}
	if len(raw) < minFrame || len(raw) > MaxFrame {
		return nil, fmt.Errorf("%w: the frame would have %d bytes", ErrField, len(raw))
	}
	binary.BigEndian.PutUint16(raw, uint16(len(raw)))
	// A binary value can look like the end of itself; such a frame is not sent.
	back, err := parse(raw[prefix:])
	if err != nil || !same(f, back) {
		return nil, fmt.Errorf("%w: a binary value has the wrong shape", ErrField)
	}
	return raw, nil
}

func same(a, b Frame) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || !bytes.Equal(a[i].Value, b[i].Value) {
			return false
		}
	}
	return true
}

// Split reads the first frame of raw and returns how many bytes it has. It is
// 0 and the error nil while raw holds only a part of the frame. After ErrFrame
// the length stands and the next frame may be read; after ErrSync there is none.
// No byte behind the length in the prefix is looked at, and the frame shares no
// memory with raw.
func Split(raw []byte) (Frame, int, error) {
	if len(raw) < prefix {
		return nil, 0, nil
	}
	size := int(binary.BigEndian.Uint16(raw))
	if size < minFrame {
		return nil, 0, fmt.Errorf("%w: a prefix of %d", ErrSync, size)
	}
	body := raw[prefix:min(size, len(raw))]
	if !begins(body) {
		return nil, 0, fmt.Errorf("%w: no field behind the prefix", ErrSync)
	}
	if len(raw) < size {
		return nil, 0, nil
	}
	f, err := parse(body)
	return f, size, err
}

// begins reports whether the bytes may be the start of a field: what answers
// with a banner or a web page is recognised before it has sent 65,535 bytes.
func begins(body []byte) bool {
	name, _, closed := bytes.Cut(body, []byte{'='})
	if len(name) == 0 {
		return !closed
	}
	return len(name) <= MaxName && allNameBytes(name)
}

func parse(body []byte) (Frame, error) {
	var f Frame
	for len(body) > 0 {
		eq := bytes.IndexByte(body, '=')
		if eq < 0 || !isName(body[:eq]) {
			return nil, fmt.Errorf("%w: a line without a name", ErrFrame)
		}
		name := string(body[:eq])
		value, rest, ok := cut(layoutOf(name), body[eq+1:])
		if !ok {
			return nil, fmt.Errorf("%w: the value of a field does not end", ErrFrame)
		}
		f = append(f, Field{Name: name, Value: bytes.Clone(value)})
		body = rest
	}
	return f, nil
}

// cut splits the value of a field from what follows its line end.
func cut(l layout, b []byte) (value, rest []byte, ok bool) {
	end := -1
	switch l {
	case layoutText:
		end = bytes.Index(b, []byte("\r\n"))
	case layoutSized:
		if len(b) < prefix || binary.BigEndian.Uint16(b) < prefix {
			return nil, nil, false
		}
		end = int(binary.BigEndian.Uint16(b))
	case layoutHash:
		end = hashBytes
	case layoutChain:
		end = chainEnd(b)
	case layoutPrint:
		end = printEnd(b)
	}
	if end < 0 || end+2 > len(b) || b[end] != '\r' || b[end+1] != '\n' {
		return nil, nil, false
	}
	value, rest = b[:end], b[end+2:]
	if l == layoutSized {
		value = value[prefix:]
	}
	return value, rest, true
}

// chainEnd finds the end of (20 bytes and ";")*. A hash may itself begin with a
// line end, so one ends the chain only where a field or nothing follows.
func chainEnd(b []byte) int {
	for at := 0; ; at += hashBytes + 1 {
		if closes(b[at:]) {
			return at
		}
		if len(b) < at+hashBytes+1 || b[at+hashBytes] != ';' {
			return -1
		}
	}
}

// printEnd finds the line end that a field or nothing follows.
func printEnd(b []byte) int {
	for at := range b {
		if closes(b[at:]) {
			return at
		}
	}
	return -1
}

// closes reports whether b is a line end with a field or nothing behind it.
func closes(b []byte) bool {
	rest, ok := bytes.CutPrefix(b, []byte("\r\n"))
	if !ok || len(rest) == 0 {
		return ok
	}
	name, _, found := bytes.Cut(rest[:min(len(rest), MaxName+1)], []byte{'='})
	return found && isName(name)
}

func isName(name []byte) bool {
	return len(name) > 0 && len(name) <= MaxName && allNameBytes(name)
}

func allNameBytes(name []byte) bool {
	for _, c := range name {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// Reader reads frames from a stream however it was split or joined. It is for
// one goroutine.
type Reader struct {
	r    io.Reader
	have []byte
	err  error
}

// NewReader returns a Reader of r.
func NewReader(r io.Reader) *Reader { return &Reader{r: r} }

// Next returns the next frame. At the end of the stream the error is io.EOF
// between two frames and io.ErrUnexpectedEOF inside one. After ErrFrame the next
// call reads the next frame; every other error stays.
func (r *Reader) Next() (Frame, error) {
	for {
		f, n, err := Split(r.have)
		if n > 0 {
			r.have = r.have[n:]
			return f, err
		}
		if err != nil {
			r.err = err
		}
		switch {
		case r.err == io.EOF && len(r.have) > 0:
			return nil, io.ErrUnexpectedEOF
		case r.err != nil:
			return nil, r.err
		}
		r.fill()
	}
}

func (r *Reader) fill() {
	chunk := make([]byte, 4096)
	for range 100 {
		n, err := r.r.Read(chunk)
		r.have, r.err = append(r.have, chunk[:n]...), err
		if n > 0 || err != nil {
			return
		}
	}
	r.err = io.ErrNoProgress
}
