package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"strings"
	"unicode"

	"frontdesk/app"
	"frontdesk/app/local"
	"frontdesk/app/text"
	"frontdesk/payments"
)

// line prints one JSON object. Output is not buffered, so it is flushed.
func (p *program) line(v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = p.out.Write(append(raw, '\n'))
	return err
}

// words are what somebody typed, or a provider told, on one line: nothing in them
// steers the terminal they are printed on, or looks like another line.
func words(list ...string) string {
	all := strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) {
			return ' '
		}
		return c
	}, strings.Join(list, " "))
	return strings.Join(strings.Fields(all), " ")
}

// fileError is a file that was named on the command line and cannot be used.
type fileError struct{ err error }

func (e fileError) Error() string {
	about := e.err.Error()
	if path, ok := errors.AsType[*fs.PathError](e.err); ok {
		about = path.Path + ": " + path.Err.Error()
	}
	return "A file cannot be used: " + about + ". No money moved, and nothing was changed. Check its name, the space and who may read and write there."
}

func (e fileError) Unwrap() error { return e.err }

// output is where results go. What could not be written is remembered: whoever
// waits for an answer must not take silence for a refusal.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(b []byte) (int, error) {
	n, err := o.w.Write(b)
	o.err = cmp.Or(o.err, err)
	return n, err
}

// sentence is what people read about err: what happened, whether money moved,
// what to do now, and the code in brackets.
func sentence(err error) string {
	if file, ok := errors.AsType[fileError](err); ok {
		return file.Error()
	}
	code := payments.CodeOf(err)
	if own := ownSentence(code); own != "" {
		return own
	}
	english := text.New("en")
	if english.Knows(code) {
		return english.Failure(err).Text() + " (" + code + ")"
	}
	switch {
	case errors.Is(err, local.ErrHeld):
		return english.Problem("journal.busy").Text() + " (journal.busy)"
	case errors.Is(err, local.ErrLost):
		return "The program that holds the data folder went away. Look at the sale before charging again: frontdeskctl sales."
	case errors.Is(err, app.ErrNotFound):
		return english.Problem("sale.missing").Text()
	case errors.Is(err, context.Canceled):
		return "Interrupted. What has begun stays in the journal."
	case errors.Is(err, fs.ErrPermission):
		return english.Problem("journal.readonly").Text() + " (" + err.Error() + ")"
	}
	return err.Error()
}

// ownSentence holds what only this program says.
func ownSentence(code string) string {
	switch code {
	case local.CodeUnheld:
		return "In Practice the pay page closes with the program that made it: use --wait, or open the window first. No money moved."
	case local.CodeOp:
		return "The program that holds the data folder is of another version. Close it, or use the same version. No money moved."
	case "practice.sim":
		return "The simulator at that address does not answer, so nothing was changed. Start frontdesk-sim first, or leave --sim and --relay out. (practice.sim)"
	case "setup.address":
		return "An address looks like http://127.0.0.1:8070, without a path. Nothing was changed. (setup.address)"
	case local.CodeHeld:
		return "A program holds this data folder in another mode. Switch the mode there, in Settings, or close it first. Nothing was changed. (setup.held)"
	case "amount.empty", "amount.syntax":
		return "This is not an amount: use digits like 45.00 or 45,00. Nothing was sent. (" + code + ")"
	case "amount.marks":
		return "The amount has two decimal marks: use one, like 45.00. Nothing was sent. (amount.marks)"
	case "amount.decimals":
		return "The amount has more decimals than the currency. Nothing was sent. (amount.decimals)"
	case "amount.step":
		return "This currency is charged in whole units. Nothing was sent. (amount.step)"
	case "amount.negative", "amount.zero":
		return "The amount must be above zero. Nothing was sent. (" + code + ")"
	case "amount.limit", "amount.overflow":
		return "The amount is over the limit of 999,999.99 (9,999,999 for whole-unit currencies). Nothing was sent. (" + code + ")"
	case "currency.unknown", "currency.legacy":
		return "This currency is not offered. Nothing was sent. (" + code + ")"
	}
	return ""
}

// exitFor is the exit code of an error.
func exitFor(err error) int {
	switch {
	case errors.Is(err, payments.ErrUnknown), errors.Is(err, local.ErrLost),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return exitOpen
	}
	return exitNo
}

// exitOf is the exit code of a charge that ended in state.
func exitOf(s app.State) int {
	switch s {
	case app.Paid, app.PaidLate, app.Overpaid, app.PartRefunded, app.Refunded, app.Found:
		return exitDone
	case app.Declined, app.Withdrawn, app.Expired, app.NotCharged, app.Reversed:
		return exitNo
	}
	return exitOpen
}
