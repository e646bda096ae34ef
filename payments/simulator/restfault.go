package simulator

import (
	"net/http"
	"time"

	"frontdesk/payments/simulator/account"
)

// Faults of the REST side, beside answer_lost, http_error and clock_skew. They
// are matched once per call; Method is the name of the call ("rest.devices",
// "rest.create_request", "epos.create", ...), Order the booking text or
// reference number it is about.
const (
	// RestRefused answers with Status (400 to 499); nothing is done.
	RestRefused FaultKind = "rest_refused"
	// RestPortal shows a web page instead of answering; nothing is done.
	RestPortal FaultKind = "rest_portal"
	// RestWrong does what was asked and answers something else.
	RestWrong FaultKind = "rest_wrong"
	// RestSlow does what was asked and answers Delay later.
	RestSlow FaultKind = "rest_slow"
	// RestLife makes tokens and sessions that live for Delay (Method rest.token,
	// epos.token, epos.session).
	RestLife FaultKind = "rest_token_life"
	// RestHidden shows the booking text of a payment in its details only.
	RestHidden FaultKind = "rest_text_hidden"
	// RestUnlisted leaves the movements of Order out of the lists (Method
	// rest.transactions; Count -1 for good).
	RestUnlisted FaultKind = "rest_unlisted"
	// RestMisstated lists the movements of Order with one cent, or whole unit, too
	// much.
	RestMisstated FaultKind = "rest_misstated"
	// CloudLate lets a cloud payment take Delay longer.
	CloudLate FaultKind = "cloud_late"
	// CloudStubborn finishes a deleted cloud payment all the same.
	CloudStubborn FaultKind = "cloud_delete_ignored"
	// CloudWords spells statuses the other way.
	CloudWords FaultKind = "cloud_words"
	// CloudStrange answers a status nobody knows while a payment is open.
	CloudStrange FaultKind = "cloud_strange"
	// CloudCamel answers in camelCase.
	CloudCamel FaultKind = "cloud_camel"
	// CloudOldest lists cloud payments oldest first.
	CloudOldest FaultKind = "cloud_oldest_first"
)

// checkRest says what is wrong with a fault of the REST side; known is false
// for any other kind.
func (f Fault) checkRest() (why string, known bool) {
	switch f.Kind {
	case RestRefused:
		if f.Status != 0 && (f.Status < 400 || f.Status > 499) {
			return "status must be 400 to 499", true
		}
	case RestSlow, RestLife, CloudLate:
		if f.Delay <= 0 {
			return "delay_ms must be above 0", true
		}
	case RestPortal, RestWrong, RestHidden, RestUnlisted, RestMisstated, CloudStubborn, CloudWords, CloudStrange, CloudCamel, CloudOldest:
		if f.Delay != 0 || f.Status != 0 {
			return "delay_ms and status mean nothing here", true
		}
	default:
		return "unknown kind", false
	}
	return "", true
}

func (f Fault) filledRest() Fault {
	if f.Kind == RestRefused && f.Status == 0 {
		f.Status = http.StatusUnauthorized
	}
	return f
}

// mishap is what the script does to one call of the REST side.
func (s *script) mishap(call, order string) account.Mishap {
	var m account.Mishap
	m.Skew = s.skew(order, call)
	if f, ok := s.take(HTTPError, order, call); ok {
		m.Status, m.Done = f.Status, f.Done
	}
	if f, ok := s.take(RestRefused, order, call); ok {
		m.Status, m.Done = f.Status, false
	}
	_, m.Portal = s.take(RestPortal, order, call)
	_, m.Wrong = s.take(RestWrong, order, call)
	_, m.Cut = s.take(AnswerLost, order, call)
	if f, ok := s.take(RestSlow, order, call); ok {
		m.Slow = time.Duration(f.Delay) * time.Millisecond
	}
	return m
}

// restSwitch is what the script says about a behaviour of the REST side.
func (s *script) restSwitch(which account.Switch, call, order string) (time.Duration, bool) {
	kinds := map[account.Switch]FaultKind{
		account.Life: RestLife, account.Hidden: RestHidden, account.Late: CloudLate, account.Stubborn: CloudStubborn,
		account.Words: CloudWords, account.Strange: CloudStrange, account.Camel: CloudCamel, account.Oldest: CloudOldest,
		account.Unlisted: RestUnlisted, account.Misstated: RestMisstated,
	}
	f, ok := s.take(kinds[which], order, call)
	return time.Duration(f.Delay) * time.Millisecond, ok
}
