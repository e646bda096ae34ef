package setup

import (
	"strconv"
	"strings"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/checkout"
)

// Limits of what a trial may show.
const (
	skewWarn = 30 * time.Second
	skewStop = 5 * time.Minute
	slow     = 8 * time.Second
)

// Judge says what a trial query at myPOS showed about the account. Codes are
// check.*; where the answer had a number, it is the first of Args.
func Judge(t checkout.Trial, mode payments.Mode) Row {
	row := Row{Step: StepAccount, Result: Works}
	if t.Err != nil {
		row.Result, row.Code, row.Args = judgeError(t, mode)
		if row.Result != Works {
			return row
		}
	}
	switch {
	case t.Ahead.Abs() >= skewStop:
		row.Result, row.Code, row.Args = Fix, "check.clock", []string{minutes(t.Ahead)}
	case t.Ahead.Abs() >= skewWarn:
		row.Result, row.Code, row.Args = Unsure, "check.clock_near", []string{strconv.Itoa(int(t.Ahead.Abs().Seconds()))}
	case t.Took >= slow:
		row.Result, row.Code, row.Args = Unsure, "check.slow", []string{strconv.Itoa(int(t.Took.Seconds()))}
	}
	return row
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d.Abs().Minutes())) }

func judgeError(t checkout.Trial, mode payments.Mode) (Result, string, []string) {
	code := payments.CodeOf(t.Err)
	family, _, _ := strings.Cut(code, ".")
	number := []string{strconv.Itoa(int(t.Status)), t.Status.Name()}
	switch family {
	case "status":
		return judgeStatus(t.Status, number, mode)
	case "net":
		return judgeNetwork(code)
	case "http":
		return Unsure, "check.down", []string{strings.TrimPrefix(code, "http.")}
	case "config":
		return Fix, "check.settings", nil
	case "signature":
		return Fix, "check.other_certificate", nil
	}
	if code != "answer.unsigned" {
		return Unsure, "check.answer", nil
	}
	switch t.Status {
	case checkout.StatusSignatureFailed, checkout.StatusGeneralError, checkout.StatusInvalidSID,
		checkout.StatusInvalidParameters, checkout.StatusStoreRestricted:
		return judgeStatus(t.Status, number, mode)
	}
	return Unsure, "check.unsigned", number
}

// judgeStatus says what a code of myPOS means for a query about an order that
// cannot exist (spec 5.1, 8.13).
func judgeStatus(s checkout.Status, number []string, mode payments.Mode) (Result, string, []string) {
	switch s {
	case checkout.StatusSuccess:
		return Works, "", nil
	case checkout.StatusSignatureFailed:
		return Fix, "check.signature", nil
	case checkout.StatusGeneralError, checkout.StatusInvalidParameters:
		if mode == payments.Test {
			return Fix, "check.environment_test", number
		}
		return Fix, "check.environment", number
	case checkout.StatusInvalidSID:
		return Fix, "check.sid", nil
	case checkout.StatusInvalidReferer:
		return Fix, "check.referer", nil
	case checkout.StatusNotPermitted:
		return Fix, "check.not_permitted", nil
	case checkout.StatusInactiveAccount:
		return Fix, "check.inactive", nil
	case checkout.StatusInvalidAccount:
		return Fix, "check.wallet", nil
	case checkout.StatusAccountLimits:
		return Fix, "check.limits", nil
	case checkout.StatusStoreRestricted:
		return Fix, "check.restricted", nil
	case checkout.StatusMissingParameters, checkout.StatusUnsupportedCall:
		return Unsure, "check.request", number
	}
	return Unsure, "check.odd", number
}

func judgeNetwork(code string) (Result, string, []string) {
	switch code {
	case "net.name":
		return Fix, "check.offline", nil
	case "net.dial":
		return Fix, "check.unreachable", nil
	case "net.timeout":
		return Fix, "check.timeout", nil
	case "net.intercepted":
		return Fix, "check.intercepted", nil
	case "net.clock":
		return Fix, "check.clock_or_old", nil
	case "net.portal":
		return Fix, "check.portal", nil
	case "net.tls":
		return Fix, "check.tls", nil
	case "net.cancelled":
		return Unsure, "check.broken_off", nil
	}
	return Unsure, "check.cut", nil
}

// JudgeAPI says what the REST API answered to the step.
func JudgeAPI(step string, err error) Row {
	row := Row{Step: step, Result: Works}
	if err == nil {
		return row
	}
	code := payments.CodeOf(err)
	row.Result = Fix
	switch {
	case code == "rest.credentials" || code == "rest.400" && step == StepToken:
		row.Code = "check.credentials"
	case code == "rest.401":
		row.Code = "check.credentials"
	case code == "rest.403":
		row.Code = "check.scope"
	case code == "rest.429":
		row.Result, row.Code = Unsure, "check.busy"
	case code == "rest.portal" || code == "rest.redirect":
		row.Code = "check.portal"
	case strings.HasPrefix(code, "rest.5"):
		row.Result, row.Code, row.Args = Unsure, "check.down", []string{strings.TrimPrefix(code, "rest.")}
	case strings.HasPrefix(code, "net."):
		row.Result, row.Code, row.Args = judgeNetwork(code)
	case strings.HasPrefix(code, "config."):
		row.Code = "check.settings"
	default:
		row.Result, row.Code = Unsure, "check.answer"
	}
	return row
}

// JudgeRelay says what the way through the relay answered. Codes of the relay
// speak for themselves.
func JudgeRelay(err error) Row {
	row := Row{Step: StepNotify, Result: Works}
	if err == nil {
		return row
	}
	row.Result, row.Code = Fix, payments.CodeOf(err)
	switch row.Code {
	case "":
		row.Result, row.Code = Unsure, "check.cut"
	case "relay.busy", "relay.unavailable", "relay.cut", "pair.busy":
		row.Result = Unsure
	}
	return row
}
