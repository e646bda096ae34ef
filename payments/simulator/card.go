package simulator

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Response codes of a refused card, as in card networks.
const (
	declinedByBank = "05"
	declinedFunds  = "51"
	declinedSecure = "1A" // the payer did not pass 3-D Secure
)

// Numbers the hosted page lists. Any other number that passes Luhn is approved.
const (
	panApproved = "4111111111111111"
	panDeclined = "4000000000000002"
	panFunds    = "4000000000009995"
	panSecure   = "4000000000003220"
)

var (
	panDigits = regexp.MustCompile(`^[0-9]{12,19}$`)
	cvcDigits = regexp.MustCompile(`^[0-9]{3,4}$`)
	expiry    = regexp.MustCompile(`^(0[1-9]|1[0-2])\s?/?\s?([0-9]{2})$`)
	mailShape = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
)

// describe says a response code in words.
func describe(code string) string {
	switch code {
	case declinedFunds:
		return "Not sufficient funds"
	case declinedSecure:
		return "3-D Secure authentication failed"
	}
	return "Do not honour"
}

// card is what the payer typed, checked. The number itself goes no further than
// this value.
type card struct {
	pan   string
	payer payer
}

func (c card) last4() string { return c.pan[len(c.pan)-4:] }

// challenge is a card that waits for the payer's bank.
type challenge struct {
	last4 string
	payer payer
}

// problems are sentences by field of the card form.
type problems map[string]string

// readCard reads the card form of a page.
func readCard(r *http.Request, x *session, now time.Time) (card, problems) {
	bad := problems{}
	c := card{pan: strings.NewReplacer(" ", "", "-", "").Replace(r.PostFormValue("pan")), payer: x.Payer}
	if !panDigits.MatchString(c.pan) || !luhn(c.pan) {
		bad["pan"] = "This is not a card number. Check the digits."
	}
	exp := expiry.FindStringSubmatch(strings.TrimSpace(r.PostFormValue("exp")))
	switch {
	case exp == nil:
		bad["exp"] = "Month and year, like 12/30."
	case expired(exp[1], exp[2], now):
		bad["exp"] = "This card has expired."
	}
	if !cvcDigits.MatchString(strings.TrimSpace(r.PostFormValue("cvc"))) {
		bad["cvc"] = "3 or 4 digits."
	}
	if x.AskPayer {
		c.payer = readPayer(r, bad)
	}
	return c, bad
}

func readPayer(r *http.Request, bad problems) payer {
	p := payer{
		Email: shorten(strings.TrimSpace(r.PostFormValue("email"))),
		First: shorten(strings.TrimSpace(r.PostFormValue("first"))), Family: shorten(strings.TrimSpace(r.PostFormValue("family"))),
	}
	if !mailShape.MatchString(p.Email) {
		bad["email"] = "An address like ana@example.com."
	}
	if p.First == "" {
		bad["first"] = "Please fill in."
	}
	if p.Family == "" {
		bad["family"] = "Please fill in."
	}
	return p
}

// expired reports whether the card's last month is over. Two digits are a year
// of this century.
func expired(month, year string, now time.Time) bool {
	m, errMonth := strconv.Atoi(month)
	y, errYear := strconv.Atoi(year)
	if errMonth != nil || errYear != nil {
		return true
	}
	end := time.Date(2000+y, time.Month(m)+1, 1, 0, 0, 0, 0, time.UTC)
	return !now.UTC().Before(end)
}

// luhn reports whether the check digit of a card number fits.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
