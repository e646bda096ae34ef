package simulator

import (
	"encoding/base32"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"frontdesk/payments/checkout"
	"frontdesk/payments/money"
)

const (
	maxRows    = 100
	maxText    = 255 // characters of an article or note kept for the page
	maxAddress = 1024
)

var (
	wholeNumber    = regexp.MustCompile(`^[0-9]{1,9}$`)
	paymentMethods = regexp.MustCompile(`^[1-6](,[1-6])*$`)
)

// purchase answers the form a customer's browser brings: a hosted page, or an
// error page with myPOS's number. The merchant learns nothing of a refusal.
func (s *Simulator) purchase(w http.ResponseWriter, r *http.Request, f checkout.Fields) {
	orderID := f.Value("OrderID")
	if fault, ok := s.faults.take(HTTPError, orderID, checkout.MethodPurchase); ok {
		http.Error(w, http.StatusText(fault.Status), fault.Status)
		return
	}
	if fault, ok := s.faults.take(UnsignedError, orderID, checkout.MethodPurchase); ok {
		s.showError(w, refuse(checkout.Status(fault.Status), ""))
		return
	}
	p, no := s.accept(r, f)
	if no != nil {
		s.log.Info("purchase refused", "status", int(no.status), "why", no.why)
		s.showError(w, no)
		return
	}
	name := make([]byte, 20)
	if _, err := io.ReadFull(s.entropy, name); err != nil {
		s.unavailable(w, err)
		return
	}
	p.Session = base32.StdEncoding.EncodeToString(name)
	s.mu.Lock()
	if s.book.orders[p.OrderID].taken() {
		s.mu.Unlock()
		s.showError(w, refuse(checkout.StatusDuplicate, ""))
		return
	}
	err := s.commit(record{Kind: kindOpened, Purchase: p})
	s.mu.Unlock()
	if err != nil {
		s.unavailable(w, err)
		return
	}
	http.Redirect(w, r, pagePath+p.Session, http.StatusSeeOther)
}

// accept checks a form as myPOS does (spec 3.1).
func (s *Simulator) accept(r *http.Request, f checkout.Fields) (*purchase, *refusal) {
	if r.Header.Get("User-Agent") == "" {
		return nil, refuse(checkout.StatusMissingParameters, "no User-Agent")
	}
	if r.Header.Get("Origin") == "null" {
		return nil, refuse(checkout.StatusInvalidReferer, "the page that sent the form has no address")
	}
	if no, _ := s.known(f); no != nil {
		return nil, no
	}
	if missing(f, "IPCLanguage", "OrderID", "Currency", "URL_OK", "URL_Cancel", "URL_Notify",
		"CardTokenRequest", "PaymentParametersRequired") {
		return nil, refuse(checkout.StatusMissingParameters, "")
	}
	if token := f.Value("CardTokenRequest"); token != "0" {
		return nil, refuse(checkout.StatusUnsupportedCall, "stored cards")
	}
	p := &purchase{OrderID: f.Value("OrderID"), Note: shorten(f.Value("Note")), KeyIndex: indexOf(f)}
	for _, check := range []func(checkout.Fields, *purchase) *refusal{s.addresses, options, total, cart} {
		if no := check(f, p); no != nil {
			return nil, no
		}
	}
	return p, nil
}

// addresses takes the three addresses.
func (s *Simulator) addresses(f checkout.Fields, p *purchase) *refusal {
	p.URLOK, p.URLCancel, p.URLNotify = f.Value("URL_OK"), f.Value("URL_Cancel"), f.Value("URL_Notify")
	for _, address := range []string{p.URLOK, p.URLCancel, p.URLNotify} {
		if !allowed(address, s.private) {
			return refuse(checkout.StatusInvalidParameters, "an address is not https on a public host")
		}
	}
	return nil
}

// allowed reports whether myPOS would call the address: https on a public host,
// or anything on this machine or a private network when private is set.
func allowed(address string, private bool) bool {
	u, err := url.Parse(address)
	if err != nil || len(address) > maxAddress || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	local := localHost(u.Hostname())
	switch u.Scheme {
	case "https":
		return private || !local
	case "http":
		return private && local
	}
	return false
}

func localHost(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	ip = ip.Unmap()
	return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()
}

// options takes order id, payment methods and what must be known of the payer.
func options(f checkout.Fields, p *purchase) *refusal {
	if len([]rune(p.OrderID)) > checkout.MaxOrderID {
		return refuse(checkout.StatusInvalidParameters, "OrderID")
	}
	if m, given := f.Get("PaymentMethod"); given && m != "" && !paymentMethods.MatchString(m) {
		return refuse(checkout.StatusInvalidParameters, "PaymentMethod")
	}
	p.Payer = payer{
		Email: shorten(f.Value("CustomerEmail")), Phone: shorten(f.Value("CustomerPhone")),
		First: shorten(f.Value("CustomerFirstNames")), Family: shorten(f.Value("CustomerFamilyName")),
	}
	switch f.Value("PaymentParametersRequired") {
	case "1":
		if missing(f, "CustomerEmail", "CustomerFirstNames", "CustomerFamilyName") {
			return refuse(checkout.StatusMissingParameters, "customer")
		}
	case "2":
		p.AskPayer = true
	case "3":
		p.Payer = payer{}
	default:
		return refuse(checkout.StatusInvalidParameters, "PaymentParametersRequired")
	}
	return nil
}

// total takes currency and amount.
func total(f checkout.Fields, p *purchase) *refusal {
	if missing(f, "Amount", "CartItems") {
		return refuse(checkout.StatusMissingParameters, "Amount or CartItems")
	}
	currency, err := money.ParseCurrency(strings.ToUpper(f.Value("Currency")))
	if err != nil || !currency.Offered() {
		return refuse(checkout.StatusStoreRestricted, "the currency is not enabled")
	}
	if p.Amount, err = money.ParseCheckout(f.Value("Amount"), currency); err != nil {
		return refuse(checkout.StatusInvalidParameters, "Amount")
	}
	switch {
	case p.Amount.Minor <= 0:
		return refuse(checkout.StatusWrongAmount, "")
	case p.Amount.Minor > currency.Limit():
		return refuse(checkout.StatusExceededLimit, "")
	}
	return nil
}

// cart takes the rows, which must add up to the amount.
func cart(f checkout.Fields, p *purchase) *refusal {
	count, err := strconv.Atoi(f.Value("CartItems"))
	if err != nil || count < 1 || count > maxRows {
		return refuse(checkout.StatusInvalidParameters, "CartItems")
	}
	sum := money.Amount{Currency: p.Amount.Currency}
	for i := 1; i <= count; i++ {
		row, no := readRow(f, i, p.Amount.Currency)
		if no != nil {
			return no
		}
		if sum, err = sum.Add(row.Amount); err != nil {
			return refuse(checkout.StatusWrongAmount, "")
		}
		p.Rows = append(p.Rows, row)
	}
	if sum != p.Amount {
		return refuse(checkout.StatusWrongAmount, "the cart does not add up")
	}
	return nil
}

func readRow(f checkout.Fields, i int, currency money.Currency) (cartRow, *refusal) {
	name := func(field string) string { return fmt.Sprintf("%s_%d", field, i) }
	if missing(f, name("Article"), name("Quantity"), name("Price"), name("Amount"), name("Currency")) {
		return cartRow{}, refuse(checkout.StatusMissingParameters, "a cart row")
	}
	quantity, err := strconv.ParseInt(f.Value(name("Quantity")), 10, 64)
	if err != nil || !wholeNumber.MatchString(f.Value(name("Quantity"))) || quantity < 1 {
		return cartRow{}, refuse(checkout.StatusInvalidParameters, "a quantity is no whole number above 0")
	}
	if !strings.EqualFold(f.Value(name("Currency")), string(currency)) {
		return cartRow{}, refuse(checkout.StatusInvalidParameters, "the currency of a cart row")
	}
	price, errPrice := money.ParseCheckout(f.Value(name("Price")), currency)
	amount, errAmount := money.ParseCheckout(f.Value(name("Amount")), currency)
	if errPrice != nil || errAmount != nil {
		return cartRow{}, refuse(checkout.StatusInvalidParameters, "the money of a cart row")
	}
	if amount.Minor%quantity != 0 || amount.Minor/quantity != price.Minor {
		return cartRow{}, refuse(checkout.StatusWrongAmount, "quantity times price of a cart row")
	}
	return cartRow{Article: shorten(f.Value(name("Article"))), Quantity: quantity, Amount: amount}, nil
}

// shorten keeps what fits on a page.
func shorten(text string) string {
	if r := []rune(text); len(r) > maxText {
		return string(r[:maxText])
	}
	return text
}
