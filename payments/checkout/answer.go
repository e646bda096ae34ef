package checkout

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds nesting of answers; real ones nest two deep.
const maxDepth = 16

// Node is one member of a JSON document in printed order. Exactly one of
// three: a leaf (Text), an object (Kind Object) or an array (Kind Array, whose
// children have no names).
type Node struct {
	Name     string
	Kind     Kind
	Text     string // leaf as PHP turns it into text: numbers as printed, true "1", false and null ""
	Children []Node
}

// Kind is the kind of a Node.
type Kind string

// Kinds of nodes.
const (
	String Kind = "string"
	Number Kind = "number"
	Word   Kind = "word" // true, false, null
	Object Kind = "object"
	Array  Kind = "array"
)

// Answer is a JSON answer whose signature was verified.
type Answer struct {
	Method    string
	Status    Status
	StatusMsg string
	Root      []Node // members of the answer in printed order
}

// Get returns the text of a top-level leaf; case does not matter.
func (a Answer) Get(name string) (string, bool) { return leaf(a.Root, name) }

// Value returns the text of a top-level leaf, or "".
func (a Answer) Value(name string) string {
	v, _ := a.Get(name)
	return v
}

// Child returns the children of a top-level object or array.
func (a Answer) Child(name string) ([]Node, bool) {
	for _, n := range a.Root {
		if strings.EqualFold(n.Name, name) && (n.Kind == Object || n.Kind == Array) {
			return n.Children, true
		}
	}
	return nil, false
}

func leaf(nodes []Node, name string) (string, bool) {
	for _, n := range nodes {
		if strings.EqualFold(n.Name, name) && n.Kind != Object && n.Kind != Array {
			return n.Text, true
		}
	}
	return "", false
}

// UnsignedError is an answer without a signature: myPOS could not tell who
// asked (spec 2.4). It wraps ErrUnsigned. Status and Text are untrusted; Text is
// shortened and free of line breaks.
type UnsignedError struct {
	Status Status
	Text   string
}

// Error returns the condition and the untrusted status.
func (e *UnsignedError) Error() string {
	return fmt.Sprintf("%v: status %d", ErrUnsigned, int(e.Status))
}

// Unwrap returns ErrUnsigned.
func (e *UnsignedError) Unwrap() error { return ErrUnsigned }

// VerifyJSON parses an answer in printed order and verifies it against any of
// the certificates (spec 2.3): leaves are collected depth first, only the
// top-level Signature is left out. Errors wrap ErrMalformed, ErrTooLarge,
// ErrRepeated, ErrUnsigned (as *UnsignedError), ErrSignature, ErrMissing.
func VerifyJSON(raw []byte, certs ...*Certificate) (Answer, error) {
	const op = "checkout.answer"
	root, err := parseJSON(raw)
	if err != nil {
		return Answer{}, fault(op, "answer.malformed", err)
	}
	signature, values := "", make([]string, 0, 16)
	for _, n := range root {
		if n.Name == signatureName && n.Kind == String {
			signature = n.Text
			continue
		}
		values = flatten(values, n)
	}
	status, known := readStatus(root)
	if signature == "" {
		msg, _ := leaf(root, "StatusMsg")
		return Answer{}, fault(op, "answer.unsigned", &UnsignedError{Status: status, Text: Clean(msg, 200)})
	}
	if err := verify(op, values, signature, certs); err != nil {
		return Answer{}, err
	}
	if !known {
		return Answer{}, fault(op, "answer.missing", fmt.Errorf("%w: Status", ErrMissing))
	}
	a := Answer{Status: status, Root: root}
	a.Method, a.StatusMsg = a.Value("IPCmethod"), a.Value("StatusMsg")
	return a, nil
}

func readStatus(root []Node) (Status, bool) {
	text, ok := leaf(root, "Status")
	n, err := strconv.ParseUint(text, 10, 16)
	if !ok || err != nil {
		return StatusUndefined, false
	}
	return Status(n), true
}

func flatten(values []string, n Node) []string {
	if n.Kind != Object && n.Kind != Array {
		return append(values, n.Text)
	}
	for _, c := range n.Children {
		values = flatten(values, c)
	}
	return values
}

// parseJSON reads one object. Names that differ only in case count as
// repeated, because names are looked up without case.
func parseJSON(raw []byte) ([]Node, error) {
	switch {
	case len(raw) > MaxAnswer:
		return nil, ErrTooLarge
	case !utf8.Valid(raw):
		return nil, fmt.Errorf("%w: not UTF-8", ErrMalformed)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	first, err := dec.Token()
	if err != nil || first != json.Delim('{') {
		return nil, fmt.Errorf("%w: not a JSON object", ErrMalformed)
	}
	root, err := members(dec, json.Delim('{'), 1)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: text after the object", ErrMalformed)
	}
	return root, nil
}

// members reads up to the closing mark of an object or array.
func members(dec *json.Decoder, open json.Delim, depth int) ([]Node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("%w: nested too deep", ErrMalformed)
	}
	var nodes []Node
	seen := make(map[string]bool)
	for dec.More() {
		n := Node{}
		if open == '{' {
			name, err := dec.Token()
			if err != nil {
				return nil, fmt.Errorf("%w: cut", ErrMalformed)
			}
			n.Name, _ = name.(string)
			if low := folded(n.Name); seen[low] {
				return nil, ErrRepeated
			} else {
				seen[low] = true
			}
		}
		if err := value(dec, &n, depth); err != nil {
			return nil, err
		}
		if nodes = append(nodes, n); len(nodes) > maxFields {
			return nil, ErrTooLarge
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, fmt.Errorf("%w: cut", ErrMalformed)
	}
	return nodes, nil
}

func value(dec *json.Decoder, n *Node, depth int) (err error) {
	token, err := dec.Token()
	if err != nil {
		return fmt.Errorf("%w: cut or not JSON", ErrMalformed)
	}
	switch v := token.(type) {
	case json.Delim:
		n.Kind = Array
		if v == '{' {
			n.Kind = Object
		}
		n.Children, err = members(dec, v, depth+1)
	case string:
		n.Kind, n.Text = String, v
	case json.Number:
		n.Kind, n.Text = Number, v.String()
	case bool:
		n.Kind = Word
		if v {
			n.Text = "1"
		}
	default:
		n.Kind = Word
	}
	return err
}

// SignJSON prints an answer with Signature as its last member, as myPOS does.
// Leaves of Kind Number are printed bare; Word is null when Text is empty, else
// true. It serves stand-ins of myPOS.
func SignJSON(k *PrivateKey, root []Node) ([]byte, error) {
	values := make([]string, 0, len(root))
	for _, n := range root {
		if n.Name == signatureName {
			return nil, fault("checkout.sign", "sign.twice", ErrRepeated)
		}
		values = flatten(values, n)
	}
	signature, err := k.sign(values)
	if err != nil {
		return nil, err
	}
	signed := append(root[:len(root):len(root)], Node{Name: signatureName, Kind: String, Text: signature})
	return PrintJSON(signed)
}

// PrintJSON prints members as one JSON object, in order and without a
// signature: the unsigned error answers of spec 2.4.
func PrintJSON(root []Node) ([]byte, error) {
	var b bytes.Buffer
	if err := printNode(&b, Node{Kind: Object, Children: root}); err != nil {
		return nil, fault("checkout.answer", "answer.print", err)
	}
	return b.Bytes(), nil
}

func printNode(b *bytes.Buffer, n Node) error {
	switch n.Kind {
	case Object, Array:
		marks := "[]"
		if n.Kind == Object {
			marks = "{}"
		}
		b.WriteByte(marks[0])
		for i, c := range n.Children {
			if i > 0 {
				b.WriteByte(',')
			}
			if n.Kind == Object {
				printText(b, c.Name)
				b.WriteByte(':')
			}
			if err := printNode(b, c); err != nil {
				return err
			}
		}
		b.WriteByte(marks[1])
	case Number:
		if !json.Valid([]byte(n.Text)) || strings.Trim(n.Text, "+-.0123456789eE") != "" {
			return fmt.Errorf("%w: not a number", ErrMalformed)
		}
		b.WriteString(n.Text)
	case Word:
		if n.Text == "" {
			b.WriteString("null")
		} else {
			b.WriteString("true")
		}
	default:
		printText(b, n.Text)
	}
	return nil
}

// printText prints a JSON string without the HTML escapes of encoding/json.
func printText(b *bytes.Buffer, text string) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err == nil {
		b.Truncate(b.Len() - 1) // the line feed that Encode adds
	}
}
