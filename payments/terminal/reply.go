package terminal

import (
	"strconv"
	"strings"
	"time"
)

// reply is one frame of the terminal about an operation.
type reply struct {
	frame   Frame
	sid     string
	method  string
	stage   int
	status  int
	timeout time.Duration // 0 when not told
}

// readReply reads the fields every reply has. A frame without a SID is nobody's;
// one in which a field that decides stands twice with different values, or that
// has no readable STAGE, is no reply.
func readReply(f Frame) (reply, bool) {
	r := reply{frame: f}
	for _, name := range []string{
		"PROTOCOL", "METHOD", "SID", "STAGE", "STATUS", "TX_STATUS", "APPROVAL",
		"AMOUNT", "CURRENCY", "SID_ORIGINAL", "IP", "PORT",
	} {
		if !unanimous(f, name) {
			return r, false
		}
	}
	if p, ok := f.Get("PROTOCOL"); ok && p != Protocol {
		return r, false
	}
	r.sid, _ = f.Get("SID")
	r.method, _ = f.Get("METHOD")
	var ok bool
	if r.stage, ok = number(f, "STAGE"); !ok {
		return r, false
	}
	if r.status, ok = number(f, "STATUS"); !ok {
		// Progress frames may leave it out; refusals and outcomes may not.
		if r.stage == WireAccepted || r.stage == WireEnd {
			return r, false
		}
		r.status = StatusOK
	}
	if seconds, ok := number(f, "TIMEOUT"); ok && seconds > 0 {
		r.timeout = time.Duration(seconds) * time.Second
	}
	return r, true
}

func unanimous(f Frame, name string) bool {
	first, _ := f.Get(name)
	for _, field := range f {
		if field.Name == name && string(field.Value) != first {
			return false
		}
	}
	return true
}

// number reads a field of at most five digits.
func number(f Frame, name string) (int, bool) {
	text, ok := f.Get(name)
	text = strings.TrimSpace(text)
	if !ok || len(text) == 0 || len(text) > 5 {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// text returns a field without blanks around it.
func text(f Frame, names ...string) string {
	for _, name := range names {
		if v, _ := f.Get(name); strings.TrimSpace(v) != "" {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// slave reports whether the terminal wants the till to carry its bytes to the
// bank (spec 3.5).
func (r reply) slave() bool {
	return r.stage == WireRelay || r.stage == WireAccepted && text(r.frame, "IP", "PORT") != ""
}
