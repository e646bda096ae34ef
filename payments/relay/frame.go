package relay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"frontdesk/payments"
)

// Kinds of frames.
const (
	FrameHello   = "hello"   // first of both sides
	FrameDeliver = "deliver" // relay to desk
	FrameAck     = "ack"     // desk to relay: everything up to At is stored
	FrameBeat    = "beat"    // both ways
	FrameProbe   = "probe"   // relay to desk: a probe arrived at the public address
)

// Kinds of deliveries.
const (
	KindNotice = "notice" // Body is what the provider posted, byte for byte
	KindOpened = "opened" // the customer pressed Pay; Body is empty
)

// ErrFrame is wrapped by every complaint about a frame.
var ErrFrame = errors.New("relay: not a frame")

// At is a position on the wire. The zero value stands before everything.
type At struct {
	Epoch string `json:"epoch"`
	Seq   uint64 `json:"seq"`
	Index int    `json:"index"`
}

// Position returns the same place in the vocabulary of payments.
func (a At) Position() payments.Position {
	return payments.Position{Epoch: a.Epoch, Seq: a.Seq, Index: a.Index}
}

// AtPosition is the inverse of At.Position.
func AtPosition(p payments.Position) At { return At{Epoch: p.Epoch, Seq: p.Seq, Index: p.Index} }

// Delivery is one notice on its way to a desk. Deliveries come at least once.
type Delivery struct {
	Position payments.Position
	Kind     string
	OrderID  string // empty when the notice names none that could be registered
	Body     []byte
	Received time.Time // the relay's clock
}

// Frame is one message of the desk stream. Which fields count depends on Type.
type Frame struct {
	Type string `json:"type"`

	At At `json:"at,omitzero"` // hello of a desk: its cursor; deliver; ack

	Kind     string    `json:"kind,omitempty"`
	OrderID  string    `json:"order_id,omitempty"`
	Body     []byte    `json:"body,omitempty"`
	Sealed   []byte    `json:"sealed,omitempty"` // instead of OrderID and Body, from paired desks' stores
	Received time.Time `json:"received,omitzero"`

	Endpoints *Endpoints `json:"endpoints,omitempty"` // hello of the relay
	ProbeKey  []byte     `json:"probe_key,omitempty"` // hello of the relay: signs this desk's probes
	Alarm     string     `json:"alarm,omitempty"`     // hello and beat of the relay: why nothing can be stored
	Nonce     string     `json:"nonce,omitempty"`     // probe; hello of a desk that polls: the last probe it had
	Time      time.Time  `json:"time,omitzero"`       // hello and beat: the sender's clock
}

// Delivery returns the delivery that a FrameDeliver carries, if it is not
// sealed.
func (f Frame) Delivery() Delivery {
	return Delivery{Position: f.At.Position(), Kind: f.Kind, OrderID: f.OrderID, Body: f.Body, Received: f.Received}
}

// Check reports whether the frame can be acted on.
func (f Frame) Check() error {
	switch f.Type {
	case FrameHello, FrameBeat:
	case FrameProbe:
		if f.Nonce == "" {
			return fmt.Errorf("%w: probe without nonce", ErrFrame)
		}
	case FrameDeliver:
		if f.Kind != KindNotice && f.Kind != KindOpened {
			return fmt.Errorf("%w: unknown kind of delivery", ErrFrame)
		}
		if f.At.Seq == 0 || f.At.Epoch == "" {
			return fmt.Errorf("%w: delivery without position", ErrFrame)
		}
	case FrameAck:
		if f.At.Seq == 0 || f.At.Epoch == "" {
			return fmt.Errorf("%w: ack without position", ErrFrame)
		}
	default:
		return fmt.Errorf("%w: unknown type", ErrFrame)
	}
	if f.At.Index < 0 || f.At.Index > 0xffff || len(f.Body) > MaxNotice || len(f.Sealed) > maxSealed {
		return fmt.Errorf("%w: out of range", ErrFrame)
	}
	return nil
}

// ParseFrame reads one frame and checks it. Errors wrap ErrFrame.
func ParseFrame(data []byte) (Frame, error) {
	var f Frame
	if len(data) > MaxFrames {
		return Frame{}, fmt.Errorf("%w: too large", ErrFrame)
	}
	if err := Decode(bytes.NewReader(data), &f); err != nil {
		return Frame{}, fmt.Errorf("%w: %w", ErrFrame, err)
	}
	return f, f.Check()
}

// Poll is the body of POST /d/poll: the frames a desk would have sent over a
// WebSocket (FrameHello first), and how long to wait for news.
type Poll struct {
	Frames []Frame `json:"frames"`
	WaitMS int     `json:"wait_ms"`
}

// Polled answers a poll: FrameHello first, then whatever there is, at the
// latest a FrameBeat when the wait is over.
type Polled struct {
	Frames []Frame `json:"frames"`
}

// Probe is the body of a probe: MAC is HMAC-SHA-256 of Nonce under the key
// that the relay gave the desk in its hello.
type Probe struct {
	Desk  string `json:"desk"`
	Nonce string `json:"nonce"`
	MAC   []byte `json:"mac"`
}

// Decode reads exactly one JSON value into v and refuses anything after it.
// Unknown members are left alone, so that either side may be the older one.
func Decode(r io.Reader, v any) error {
	dec := json.NewDecoder(r)
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return nil
}
