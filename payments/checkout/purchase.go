package checkout

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"frontdesk/payments/money"
)

// ErrPurchase is the condition of an order that must not become a form.
var ErrPurchase = errors.New("order cannot be sent")

// Sizes of what a form carries.
const (
	MaxOrderID = 80  // spec 3.1
	maxArticle = 100 // product.md 4
	maxNote    = 200
	maxSource  = 60
	maxRows    = 100
	maxExpiry  = 7 * 24 * time.Hour
)

// Article is the text of a row that has no label, "Tip" that of a tip.
const Article = "Salon services"

// Purchase is what a customer is asked to pay.
type Purchase struct {
	OrderID   string // 1 to 80 of letters, digits, "-", "_"
	Amount    money.Amount
	Cart      []CartRow // adds up to Amount; none means one row of Amount
	Note      string    // cleaned; left out when empty
	Language  string    // of the customer, e.g. "de"; unknown ones become EN
	Source    string    // "Frontdesk x.y.z"
	URLOK     string    // path-only addresses; https, or http on this machine or network
	URLCancel string
	URLNotify string
	ExpiresIn time.Duration // whole seconds up to 7 days; 0 leaves expires_in out
}

// CartRow is one row of the cart: Quantity 1, Price equal to Amount.
type CartRow struct {
	Article string       // cleaned, at most 100 characters; empty becomes Article
	Price   money.Amount // below 0 for a discount
}

// PurchaseForm returns the signed fields of IPCPurchase in the order to send
// (spec 3.1; product.md 4). It is pure: the same order gives the same bytes.
// Errors wrap ErrPurchase with codes order.id, order.rows, order.sum,
// order.address, order.expiry, note.card, or are a money.Fault under its own
// code, or those of Store.Check.
func (s Store) PurchaseForm(p Purchase) (Fields, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	if len(p.Cart) == 0 {
		p.Cart = []CartRow{{Price: p.Amount}}
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	f := s.head(MethodPurchase, p.Language, p.Source)
	f = append(f,
		Field{"Currency", string(p.Amount.Currency)},
		Field{"Amount", p.Amount.Checkout()},
		Field{"OrderID", p.OrderID},
		Field{"URL_OK", p.URLOK},
		Field{"URL_Cancel", p.URLCancel},
		Field{"URL_Notify", p.URLNotify},
	)
	if note := Clean(p.Note, maxNote); note != "" {
		f = append(f, Field{"Note", note})
	}
	if p.ExpiresIn > 0 {
		f = append(f, Field{"expires_in", strconv.Itoa(int(p.ExpiresIn / time.Second))})
	}
	f = append(s.partner(f), Field{"CartItems", strconv.Itoa(len(p.Cart))})
	for i, row := range p.Cart {
		f = append(f, row.fields(strconv.Itoa(i+1))...)
	}
	f = append(f, Field{"CardTokenRequest", "0"}, Field{"PaymentParametersRequired", "3"})
	return Sign(s.Key, f)
}

func (r CartRow) fields(n string) Fields {
	article := Clean(r.Article, maxArticle)
	if article == "" {
		article = Article
	}
	price := r.Price.Checkout()
	return Fields{
		{"Article_" + n, article},
		{"Quantity_" + n, "1"},
		{"Price_" + n, price},
		{"Amount_" + n, price},
		{"Currency_" + n, string(r.Price.Currency)},
	}
}

// head returns the fields every request begins with (spec 1.3).
func (s Store) head(method, language, source string) Fields {
	f := Fields{
		{"IPCmethod", method},
		{"IPCVersion", s.version()},
		{"IPCLanguage", Language(language)},
		{"SID", s.SID},
		{"WalletNumber", s.Wallet},
		{"KeyIndex", strconv.Itoa(s.KeyIndex)},
	}
	if source = Clean(source, maxSource); source != "" {
		f = append(f, Field{"Source", source})
	}
	return f
}

// partner appends the fields of version 1.4.1.
func (s Store) partner(f Fields) Fields {
	if s.version() == "1.4" {
		return f
	}
	return append(f, Field{"ApplicationID", s.AppID}, Field{"PartnerID", s.PartnerID})
}

// Language returns the IPCLanguage for a language tag such as "de" or
// "pt-BR": one of those the hosted page speaks, else EN (spec 1.3).
func Language(tag string) string {
	primary, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	switch l := strings.ToUpper(primary); l {
	case "EN", "FR", "IT", "DE", "SV", "PT", "NL", "EL", "BG", "ES":
		return l
	}
	return "EN"
}

func (p Purchase) check() error {
	if !orderID(p.OrderID) {
		return orderFault("order.id", "1 to 80 letters, digits, - and _")
	}
	if err := p.Amount.Chargeable(); err != nil {
		return amountFault(err)
	}
	if err := p.checkCart(); err != nil {
		return err
	}
	if HasCardNumber(p.Note) {
		return orderFault("note.card", "the note holds a card number")
	}
	for _, address := range []string{p.URLOK, p.URLCancel, p.URLNotify} {
		if !ownAddress(address) {
			return orderFault("order.address", "an address is not a plain https address with a path only")
		}
	}
	if p.ExpiresIn < 0 || p.ExpiresIn > maxExpiry || p.ExpiresIn%time.Second != 0 {
		return orderFault("order.expiry", "not whole seconds up to 7 days")
	}
	return nil
}

func (p Purchase) checkCart() error {
	if len(p.Cart) > maxRows {
		return orderFault("order.rows", "more than 100 rows")
	}
	sum := money.Amount{Currency: p.Amount.Currency}
	for _, row := range p.Cart {
		if HasCardNumber(row.Article) {
			return orderFault("note.card", "a label holds a card number")
		}
		if step := p.Amount.Currency.Step(); row.Price.Minor%step != 0 {
			return amountFault(money.ErrStep)
		}
		if row.Price.Currency != p.Amount.Currency {
			return amountFault(money.ErrMixed)
		}
		if limit := p.Amount.Currency.Limit(); row.Price.Minor > limit || row.Price.Minor < -limit {
			return amountFault(money.ErrLimit)
		}
		var err error
		if sum, err = sum.Add(row.Price); err != nil {
			return amountFault(err)
		}
	}
	if sum != p.Amount {
		return orderFault("order.sum", "the rows do not add up to the amount")
	}
	return nil
}

func orderID(id string) bool {
	return id != "" && len(id) <= MaxOrderID && alphanumeric(strings.NewReplacer("-", "", "_", "").Replace(id))
}

// ownAddress accepts path-only addresses (spec 4.12): https anywhere, http on
// this machine or a private network, where Practice runs.
func ownAddress(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.ForceQuery || strings.ContainsAny(text, "?#&<>\"' \r\n") {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && privateHost(u.Hostname())
}

func privateHost(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && (ip.IsLoopback() || ip.IsPrivate())
}

func orderFault(code, text string) error {
	return fault("checkout.purchase", code, fmt.Errorf("%w: %s", ErrPurchase, text))
}

// amountFault gives a money.Fault its own code.
func amountFault(err error) error {
	return fault("checkout.purchase", err.Error(), fmt.Errorf("%w: %w", ErrPurchase, err))
}
