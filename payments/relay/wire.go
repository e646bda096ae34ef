package relay

import "time"

// Paths of the relay. Customer pages and notices are path-only, because the
// provider refuses addresses with a query (spec 4.12).
const (
	PathPage   = "/p/" // + link; + "/go" hands out the signed form
	PathNotify = "/n/" // + store
	PathOK     = "/ok"
	PathCancel = "/cancel"
	PathStore  = "/d/store"
	PathOrders = "/d/orders"
	PathStream = "/d/stream"
	PathPoll   = "/d/poll"
	PathPair   = "/d/pair"  // the one address under /d/ that no desk signs
	PathDesks  = "/d/desks" // + "/DESK/rename", "/DESK/revoke"
	PathCodes  = "/d/codes"
)

// Headers that say who asks. They are names, not proof: proof is the signature
// (SignedRequest).
const (
	HeaderStore = "Frontdesk-Store"
	HeaderDesk  = "Frontdesk-Desk"
)

// ProbeType is the media type of a probe posted to a notify address. Anything
// else posted there is a notice.
const ProbeType = "application/vnd.frontdesk.probe+json"

// Limits of bodies, in bytes.
const (
	MaxNotice       = 64 << 10
	MaxRegistration = 128 << 10
	MaxFrames       = 256 << 10 // one WebSocket message or one poll request
	MaxAnswer       = 16 << 20  // one poll answer
)

// Lifetimes that both sides rely on.
const (
	AdmitFor  = 60 * 24 * time.Hour // a registered order admits notices this long
	PageLimit = 7*24*time.Hour + time.Hour
)

// Field is one pair of the signed form, in the order in which it was signed.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Registration announces one order: what the pay page shows, the form it hands
// out and the amounts that its notices may carry. It is idempotent by OrderID
// and form; the same order with another form is refused.
type Registration struct {
	Store      string    `json:"store"`          // 26 Crockford characters
	Desk       string    `json:"desk"`           // who is told about it
	OrderID    string    `json:"order_id"`       // 1 to 80 of A-Z a-z 0-9 - _
	SID        string    `json:"sid"`            // as in the form
	Currency   string    `json:"currency"`       // ISO 4217
	Amounts    []string  `json:"amounts"`        // allowed, as money.Amount.Decimal
	Form       []Field   `json:"form"`           // signed, posted exactly so
	Action     string    `json:"action"`         // where the form is posted
	Salon      string    `json:"salon"`          // headline of the page
	Note       string    `json:"note,omitempty"` // what is paid, for the customer
	AmountText string    `json:"amount_text"`    // "45.00 EUR"
	Words      string    `json:"words"`          // "BLUE TULIP"
	Language   string    `json:"language"`       // of the page: en, de, bg; others show English
	Link       string    `json:"link"`           // 26 Crockford characters drawn by the desk
	ExpiresAt  time.Time `json:"expires_at"`     // the page shows it in the zone it carries
}

// Registered answers a registration once it is durable.
type Registered struct {
	Epoch string `json:"epoch"`
	URL   string `json:"url"` // the pay page
}

// Store is what the relay must know of a checkout store to admit its notices.
// Certificates add up: one that was ever registered keeps verifying.
type Store struct {
	ID           string   `json:"id"`           // 26 Crockford characters
	SID          string   `json:"sid"`          // never changes for an ID
	Certificates []string `json:"certificates"` // PEM, the provider's
	Mode         string   `json:"mode"`         // payments.Mode; the page says when no money moves
}

// Endpoints are the addresses of a store that go into its forms.
type Endpoints struct {
	Epoch  string `json:"epoch"`
	Public string `json:"public"` // base URL customers use
	Notify string `json:"notify"`
	OK     string `json:"ok"`
	Cancel string `json:"cancel"`
}

// Problem is the body of every answer under /d/ that is not 2xx.
type Problem struct {
	Code string    `json:"code"`          // never changes; "relay.order_taken"
	Text string    `json:"text"`          // for the log
	Time time.Time `json:"time,omitzero"` // the relay's clock, with CodeSkew
}

// Codes of Problem.
const (
	CodeMalformed   = "relay.malformed"
	CodeForbidden   = "relay.forbidden"
	CodeStore       = "relay.store_unknown"
	CodeStoreOther  = "relay.store_other" // this ID belongs to another SID
	CodeOrderTaken  = "relay.order_taken" // same OrderID, another form
	CodeUnavailable = "relay.unavailable" // could not be made durable
	CodeSkew        = "clock.skew"        // the desk's clock is more than SkewLimit off
	CodeRun         = "relay.run"         // signed for another run: sign again for that of HeaderRun
	CodeReplayed    = "relay.replayed"    // this signature was used already
	CodeRevoked     = "relay.revoked"     // the desk was paired once
	CodeBusy        = "relay.busy"        // too many requests: nothing was done
	CodeInsecure    = "relay.insecure"    // Test and Live need https
	CodeDesk        = "relay.desk_unknown"
	CodePairUnknown = "pair.unknown" // no such code
	CodePairUsed    = "pair.used"
	CodePairExpired = "pair.expired"
	CodePairFull    = "pair.full" // too many desks or open codes
	CodePairBusy    = "pair.busy" // too many tries from this address
)
