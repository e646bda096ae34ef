package payments

import "errors"

// Conditions callers branch on. Rails wrap them with *Error.
var (
	// ErrRefused means that the request was turned down before any money could
	// move; nothing was taken and nothing is pending.
	ErrRefused = errors.New("refused")
	// ErrUnknown means that bytes may have reached the provider and the result
	// is not known. It must never be treated as a failure (product.md 4 rule 4).
	ErrUnknown = errors.New("outcome unknown")
	// ErrUnreachable means that no byte of the request reached the other side.
	ErrUnreachable = errors.New("not reachable")
)

// Error says what failed, under a code that never changes. The sentence for
// people is found by Code (app/text); Err is for the log and holds no secret.
type Error struct {
	Op   string // "checkout.refund"
	Code string // "status.9", "relay.full", "amount.zero"
	Err  error  // wraps one of the conditions above where one applies
}

// Error returns the text for the log: operation, code and cause.
func (e *Error) Error() string {
	s := e.Op + ": " + e.Code
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the stable code of err, or "" when it carries none.
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
