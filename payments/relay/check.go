package relay

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// ErrMalformed is wrapped by every complaint about a registration or a store.
var ErrMalformed = errors.New("relay: malformed")

// Crockford is the alphabet of links and store names: no I, L, O, U.
const Crockford = payments.Crockford

// NameLength is the length of links and store names: 130 random bits.
const NameLength = 26

const (
	maxFields = 400
	maxOrder  = 80
	maxText   = 200
)

// IsName reports whether text has the shape of a link or a store name.
func IsName(text string) bool {
	return len(text) == NameLength && strings.Trim(text, Crockford) == ""
}

// IsDesk reports whether text may name a desk: 1 to 64 letters, digits, - or _.
func IsDesk(text string) bool { return len(text) <= 64 && isToken(text) }

// IsOrder reports whether text may be an OrderID: 1 to 80 letters, digits, - or _.
func IsOrder(text string) bool { return len(text) <= maxOrder && isToken(text) }

func isToken(text string) bool {
	for i := range len(text) {
		c := text[i]
		if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-' || c == '_') {
			return false
		}
	}
	return text != ""
}

// Rules are what a relay demands of a registration beyond its shape.
type Rules struct {
	Now           time.Time
	AllowPractice bool // forms may go to loopback and private hosts
}

// Check reports why the registration cannot be accepted, or nil. It compares
// the form with what the page shows and what notices may carry, because a desk
// that contradicts itself would lead a customer to pay what is then returned.
// Errors wrap ErrMalformed and hold no value of the form.
func (r Registration) Check(rules Rules) error {
	switch {
	case !IsName(r.Store):
		return wrong("store")
	case !IsDesk(r.Desk):
		return wrong("desk")
	case !IsName(r.Link):
		return wrong("link")
	case !IsOrder(r.OrderID):
		return wrong("order_id")
	case r.SID == "" || len(r.SID) > 20 || !isToken(r.SID):
		return wrong("sid")
	case len(r.Language) > 16:
		return wrong("language")
	case !shown(r.Salon, 1) || !shown(r.Note, 0) || !shown(r.AmountText, 1):
		return wrong("text of the page")
	case !words(r.Words):
		return wrong("words")
	case r.ExpiresAt.After(rules.Now.Add(PageLimit)):
		return wrong("expires_at: more than 7 days")
	case r.ExpiresAt.Before(rules.Now.Add(-AdmitFor)):
		return wrong("expires_at: more than 60 days ago")
	case !AllowedAction(r.Action, rules.AllowPractice):
		return wrong("action")
	}
	return r.checkForm()
}

func (r Registration) checkForm() error {
	if len(r.Form) == 0 || len(r.Form) > maxFields {
		return wrong("form")
	}
	seen := make(map[string]string, len(r.Form))
	for _, f := range r.Form {
		name := strings.ToLower(f.Name)
		if _, twice := seen[name]; twice || !isToken(f.Name) || !utf8.ValidString(f.Value) || strings.ContainsAny(f.Value, "\r\n\x00") {
			return wrong("form field")
		}
		seen[name] = f.Value
	}
	if r.Form[len(r.Form)-1].Name != "Signature" {
		return wrong("form: the signature is not last")
	}
	if seen["orderid"] != r.OrderID || seen["sid"] != r.SID || seen["currency"] != r.Currency {
		return wrong("form: it is for another order")
	}
	if !strings.HasSuffix(seen["url_notify"], PathNotify+r.Store) {
		return wrong("form: notices would go elsewhere")
	}
	return r.checkAmounts(seen["amount"])
}

func (r Registration) checkAmounts(form string) error {
	allowed, err := r.Allowed()
	if err != nil {
		return err
	}
	charged, err := money.ParseCheckout(form, allowed[0].Currency)
	if err != nil {
		return wrong("form: amount")
	}
	for _, a := range allowed {
		if a == charged {
			return nil
		}
	}
	return wrong("form: its amount is not among the allowed ones")
}

// Allowed returns the amounts a notice of the order may carry: at least one,
// each above zero. Errors wrap ErrMalformed.
func (r Registration) Allowed() ([]money.Amount, error) {
	cur, err := money.ParseCurrency(r.Currency)
	if err != nil {
		return nil, wrong("currency")
	}
	if len(r.Amounts) == 0 || len(r.Amounts) > 64 {
		return nil, wrong("amounts")
	}
	allowed := make([]money.Amount, 0, len(r.Amounts))
	for _, text := range r.Amounts {
		a, err := money.ParseDecimal(text, cur)
		if err != nil || a.Minor <= 0 {
			return nil, wrong("amounts")
		}
		allowed = append(allowed, a)
	}
	return allowed, nil
}

// Check reports why the store cannot be accepted, or nil. The certificates are
// read by the relay itself.
func (s Store) Check() error {
	switch {
	case !IsName(s.ID):
		return wrong("store id")
	case s.SID == "" || len(s.SID) > 20 || !isToken(s.SID):
		return wrong("sid")
	case len(s.Certificates) == 0 || len(s.Certificates) > 32:
		return wrong("certificates")
	case len(s.Mode) > 16:
		return wrong("mode")
	}
	return nil
}

// AllowedAction reports whether a signed form may be sent to address: https on
// mypos.com, or, when practice is allowed, http or https on this machine or a
// private address. No query, no user, no fragment.
func AllowedAction(address string, practice bool) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Opaque != "" {
		return false
	}
	switch host := u.Hostname(); {
	case host == "mypos.com" || host == "www.mypos.com":
		return u.Scheme == "https" && u.Port() == ""
	case practice && privateHost(host):
		return u.Scheme == "https" || u.Scheme == "http"
	}
	return false
}

func privateHost(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && (ip.IsLoopback() || ip.IsPrivate())
}

// LoopbackAddress reports whether a host:port names this machine only. A name
// other than localhost does not count: it may come to mean something else.
func LoopbackAddress(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func shown(text string, least int) bool {
	if len(text) < least || len(text) > maxText || !utf8.ValidString(text) {
		return false
	}
	return strings.IndexFunc(text, unicode.IsControl) < 0
}

func words(text string) bool {
	colour, noun, ok := strings.Cut(text, " ")
	return ok && WordColour(colour) != "" && noun != "" && len(noun) <= 32 && shown(noun, 1)
}

// WordColour returns the colour (#RRGGBB) that the first of the match words
// names, or "" when it names none.
func WordColour(word string) string {
	switch word {
	case "BLUE":
		return "#1F5FBF"
	case "GREEN":
		return "#1E7A46"
	case "RED":
		return "#C2332D"
	case "ORANGE":
		return "#D66B00"
	case "PURPLE":
		return "#7A3FB0"
	case "PINK":
		return "#CF4488"
	case "YELLOW":
		return "#E6B800"
	case "BROWN":
		return "#7A4A21"
	}
	return ""
}

func wrong(what string) error { return fmt.Errorf("%w: %s", ErrMalformed, what) }
