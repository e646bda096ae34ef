package terminal

import (
	"errors"

	"frontdesk/payments"
)

// ErrBusy says that this Terminal already carries out an operation; nothing of
// the new one has left.
var ErrBusy = &payments.Error{Op: "ipp", Code: "terminal.busy", Err: payments.ErrRefused}

// problem builds the error of an operation: a code, a condition to branch on
// and the cause for the log.
func problem(op, code string, condition, cause error) error {
	if cause != nil {
		condition = &caused{condition, cause}
	}
	return &payments.Error{Op: "ipp." + op, Code: code, Err: condition}
}

// caused is a condition with its cause behind it. errors.Is finds both.
type caused struct{ condition, cause error }

func (e *caused) Error() string { return e.condition.Error() + ": " + e.cause.Error() }

func (e *caused) Unwrap() []error { return []error{e.condition, e.cause} }

// why returns code and cause of whatever ended a talk.
func why(err error) (string, error) {
	var l *lost
	if errors.As(err, &l) {
		return l.code, l.err
	}
	return "terminal.odd", err
}
