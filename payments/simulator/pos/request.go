package pos

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"frontdesk/payments/money"
	"frontdesk/payments/terminal"
)

// request is one frame of a till, checked.
type request struct {
	method, sid string
	version     int
	stage       int // 101 is a cancel, 4 a relayed answer; 0 starts something
	fields      map[string]string
	amount      money.Amount // where AMOUNT is
	tip         int64
}

// maxSID is the longest SID.
const maxSID = 127

// read parses and checks a frame. status is not 0 when it is refused; what is
// known of method and sid is filled in then too, so that the answer can be
// matched.
func (t *Terminal) read(raw []byte) (r request, status int) {
	frame, err := terminal.NewReader(bytes.NewReader(raw)).Next()
	if err != nil {
		r.method, r.sid = scrape(raw, "METHOD"), scrape(raw, "SID")
		return r, statusSyntax
	}
	r.fields = make(map[string]string, len(frame))
	twice := false
	for i, f := range frame {
		_, seen := r.fields[f.Name]
		twice = twice || seen
		r.fields[f.Name] = string(f.Value)
		if i == 0 && f.Name != "PROTOCOL" {
			t.Log.Warn("PROTOCOL is not the first field", "first", f.Name)
		}
	}
	r.method, r.sid = r.fields["METHOD"], r.fields["SID"]
	if r.fields["PROTOCOL"] != "IPP" || r.method == "" || r.sid == "" || len(r.sid) > maxSID || twice {
		return r, statusSyntax
	}
	if r.version, err = strconv.Atoi(r.fields["VERSION"]); err != nil {
		return r, statusSyntax
	}
	if newest := t.Switches().version(); !knownVersion(r.version, newest) {
		return r, statusVersion
	}
	if text, ok := r.fields["STAGE"]; ok {
		if r.stage, err = strconv.Atoi(text); err != nil || (r.stage != 101 && r.stage != 4) {
			return r, statusSyntax
		}
		return r, statusOK
	}
	return r, t.check(&r)
}

// scrape finds a field in a frame that cannot be parsed.
func scrape(raw []byte, name string) string {
	for line := range bytes.SplitSeq(raw[min(2, len(raw)):], []byte("\r\n")) {
		if value, ok := bytes.CutPrefix(line, []byte(name+"=")); ok && len(value) <= maxSID {
			return string(value)
		}
	}
	return ""
}

// check holds the fields against what the method takes.
func (t *Terminal) check(r *request) int {
	m, ok := t.methods[r.method]
	if !ok {
		return statusMethod
	}
	for name, value := range r.fields {
		if !slices.Contains([]string{"PROTOCOL", "VERSION", "METHOD", "SID"}, name) &&
			name != "LANG" && !slices.Contains(m.fields, name) {
			t.Log.Warn("a field the method does not take", "method", r.method, "field", name)
			return statusParameter
		}
		if status := checkValue(name, value); status != statusOK {
			return status
		}
	}
	for _, name := range m.must {
		if r.fields[name] == "" {
			return statusSyntax
		}
	}
	return t.checkMoney(r)
}

// checkValue checks what a single value can be (spec 3.8).
func checkValue(name, value string) int {
	among := func(values ...string) int {
		if slices.Contains(values, value) {
			return statusOK
		}
		return statusParameter
	}
	matches := func(pattern string) int {
		if regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString(value) {
			return statusOK
		}
		return statusSyntax
	}
	switch name {
	case "LANG":
		return among(strings.Fields("EN BG IT HR ES FR DE RO GR DU LV SE PT IS SI SL HU CS LT PL DA NO")...)
	case "FIXED_PINPAD", "PREAUTH_TX":
		return among("0", "1")
	case "PRINT_RECEIPT":
		return among("0", "1", "2", "3")
	case "REFERENCE_NUMBER_TYPE":
		return among("1", "2", "3", "4")
	case "REFERENCE_NUMBER":
		return matches(`[!-~ ]{1,50}`)
	case "REFERENCE":
		return matches(`[!-~ ]{1,64}`)
	case "OPERATOR_CODE":
		return matches(`[0-9]{1,4}`)
	case "PREAUTH_CODE":
		return matches(`[0-9]{6}`)
	case "SID_ORIGINAL":
		return matches(`[!-~]{1,127}`)
	case "TRAN_TYPE":
		return among("1", "2", "3")
	}
	return statusOK
}

// checkMoney reads AMOUNT, TIP_AMOUNT and CURRENCY.
func (t *Terminal) checkMoney(r *request) int {
	text, ok := r.fields["AMOUNT"]
	if !ok {
		return statusOK
	}
	if code, ok := r.fields["CURRENCY"]; ok && code != numeric(t.Currency) {
		return statusParameter
	}
	decimal := regexp.MustCompile(`^[0-9]{1,8}\.[0-9]{2}$`)
	if !decimal.MatchString(text) {
		return statusSyntax
	}
	var err error
	if r.amount, err = money.ParseCheckout(text, t.Currency); err != nil || r.amount.Payable() != nil {
		return statusAmount
	}
	tip, ok := r.fields["TIP_AMOUNT"]
	if !ok {
		return statusOK
	}
	if !decimal.MatchString(tip) {
		return statusSyntax
	}
	extra, err := money.ParseCheckout(tip, t.Currency)
	if err != nil {
		return statusAmount
	}
	r.tip = extra.Minor
	return statusOK
}

// numeric is the ISO 4217 number of a currency, "" for one terminals do not
// know.
func numeric(c money.Currency) string {
	switch c {
	case money.EUR:
		return "978"
	case money.BGN:
		return "975"
	case money.GBP:
		return "826"
	case money.CHF:
		return "756"
	case money.RON:
		return "946"
	case money.USD:
		return "840"
	case money.HRK:
		return "191"
	case money.JPY:
		return "392"
	case money.CZK:
		return "203"
	case money.DKK:
		return "208"
	case money.HUF:
		return "348"
	case money.ISK:
		return "352"
	case money.NOK:
		return "578"
	case money.SEK:
		return "752"
	case money.PLN:
		return "985"
	}
	return ""
}
