package local

import (
	"encoding/json"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// Operations of a till.
const (
	OpPing   = "ping"    // nothing in; Pong out
	OpCharge = "charge"  // ChargeArgs in; Charged out
	OpWait   = "wait"    // WaitArgs in; Charged out
	OpCancel = "cancel"  // CancelArgs in; Sale out
	OpCheck  = "check"   // SaleArgs in; Sale out
	OpSales  = "sales"   // SalesArgs in; one Sale out per sale, newest first
	OpShow   = "show"    // SaleArgs in; Sale out, then one Event per event
	OpSettle = "resolve" // ResolveArgs in; Sale out
	OpRefund = "refund"  // RefundArgs in; Sale out
	OpKeep   = "keep"    // CancelArgs in; Sale out
	OpDoctor = "doctor"  // nothing in; one Finding out per question
	OpCatch  = "catchup" // nothing in; returns when all notices stored so far are in
	OpVerify = "verify"  // nothing in; Verified out
	OpBackup = "backup"  // BackupArgs in; Copied out
	OpSetup  = "setup"   // SetupArgs in; Connected out
)

// Pong says who holds the folder.
type Pong struct {
	Mode   payments.Mode `json:"mode"`
	Window bool          `json:"window"`
}

// ChargeArgs asks for a charge. Amount is what people type ("45", "45.00",
// "45,00"). Waits says that the caller stays until the charge is over.
type ChargeArgs struct {
	Amount   string        `json:"amount"`
	Currency string        `json:"currency,omitempty"`
	Note     string        `json:"note,omitempty"`
	Client   string        `json:"client,omitempty"`
	Operator string        `json:"operator,omitempty"`
	Rail     string        `json:"rail,omitempty"`
	Device   string        `json:"device,omitempty"` // id or label of a terminal
	Language string        `json:"language,omitempty"`
	Key      string        `json:"key,omitempty"`
	Validity time.Duration `json:"validity,omitempty"`
	Waits    bool          `json:"waits,omitempty"`
}

// WaitArgs waits for a sale to come to rest, at most For.
type WaitArgs struct {
	Sale app.SaleID    `json:"sale"`
	For  time.Duration `json:"for"`
}

// Charged is one line of `charge`: the first when the link exists, the second
// at the end.
type Charged struct {
	Sale    app.SaleID    `json:"sale"`
	Attempt app.AttemptID `json:"attempt"`
	State   app.State     `json:"state"`
	Link    string        `json:"link,omitempty"`
	Words   string        `json:"words,omitempty"`
	Reason  string        `json:"reason,omitempty"`
}

// SaleArgs names a sale.
type SaleArgs struct {
	Sale app.SaleID `json:"sale"`
}

// CancelArgs names a sale and who acts on it.
type CancelArgs struct {
	Sale     app.SaleID `json:"sale"`
	Operator string     `json:"operator,omitempty"`
}

// SalesArgs selects sales. Limit 0 means all.
type SalesArgs struct {
	Text   string      `json:"text,omitempty"`
	States []app.State `json:"states,omitempty"`
	Limit  int         `json:"limit,omitempty"`
}

// ResolveArgs is an operator's answer about a sale.
type ResolveArgs struct {
	Sale     app.SaleID `json:"sale"`
	Paid     bool       `json:"paid"`
	Evidence string     `json:"evidence"`
	Operator string     `json:"operator,omitempty"`
	PIN      string     `json:"pin,omitempty"`
	Refund   string     `json:"refund,omitempty"`

	Attempt app.AttemptID `json:"attempt,omitempty"`
}

// RefundArgs asks for money back. Amount is what people type.
type RefundArgs struct {
	Sale     app.SaleID `json:"sale"`
	Amount   string     `json:"amount"`
	Reason   string     `json:"reason,omitempty"`
	Operator string     `json:"operator,omitempty"`
	PIN      string     `json:"pin,omitempty"`
}

// SetupArgs changes what is connected in the mode of the holder. Empty members
// keep what is stored. Secrets travel over the socket of one user and are kept
// nowhere but in the vault.
type SetupArgs struct {
	Mode         payments.Mode `json:"mode"` // must be that of the holder
	Pack         string        `json:"pack,omitempty"`
	Relay        string        `json:"relay,omitempty"`
	Pair         string        `json:"pair,omitempty"`
	ClientID     string        `json:"client_id,omitempty"`
	ClientSecret string        `json:"client_secret,omitempty"`
	Cloud        Cloud         `json:"cloud,omitzero"`
	Insist       bool          `json:"insist,omitempty"`     // leave links behind that may still be paid
	Disconnect   bool          `json:"disconnect,omitempty"` // instead of all that
	Operator     string        `json:"operator,omitempty"`
	PIN          string        `json:"pin,omitempty"`
}

// Cloud are the six credentials of the gateway for cloud terminals, as
// `setup --cloud-file` reads them. The fields are those of setup.CloudDraft.
type Cloud struct {
	PartnerID      string `json:"partner_id"`
	ApplicationID  string `json:"application_id"`
	ClientID       string `json:"client_id"` // of the integration
	ClientSecret   string `json:"client_secret"`
	MerchantID     string `json:"merchant_id"`
	MerchantSecret string `json:"merchant_secret"`
}

// Connected tells what is connected, without secrets.
type Connected struct {
	Mode     payments.Mode `json:"mode"`
	SID      string        `json:"sid,omitempty"`
	KeyIndex int           `json:"key_index,omitempty"`
	Relay    string        `json:"relay,omitempty"`
	Paired   bool          `json:"paired,omitempty"`
	ClientID string        `json:"client_id,omitempty"`
	Cloud    string        `json:"cloud,omitempty"`  // partner id at the gateway for cloud terminals
	Locked   string        `json:"locked,omitempty"` // code of why the vault is locked

	Disconnected bool `json:"disconnected,omitempty"`
}

// Sale is a sale as `sales` and `show` print it (product.md 8).
type Sale struct {
	ID            app.SaleID `json:"id"`
	State         app.State  `json:"state"`
	Amount        string     `json:"amount"`
	Minor         int64      `json:"minor"`
	Currency      string     `json:"currency"`
	RefundedMinor int64      `json:"refunded_minor"`
	Note          string     `json:"note"`
	Client        string     `json:"client"`
	Operator      string     `json:"operator"`
	Created       time.Time  `json:"created"`
	Attempts      []Attempt  `json:"attempts"`
}

// Attempt is an attempt as `sales` and `show` print it.
type Attempt struct {
	ID        app.AttemptID `json:"id"`
	Rail      payments.Rail `json:"rail"`
	State     app.State     `json:"state"`
	OrderID   string        `json:"order_id"`
	Reference string        `json:"reference"`
	Minor     int64         `json:"minor"`
}

// Event is one line of a sale's story.
type Event struct {
	Seq       int64           `json:"seq"`
	Attempt   app.AttemptID   `json:"attempt,omitempty"`
	Source    app.Source      `json:"source"`
	Kind      app.Kind        `json:"kind"`
	Reference string          `json:"reference,omitempty"`
	Minor     int64           `json:"minor,omitempty"`
	At        time.Time       `json:"at"`
	Operator  string          `json:"operator,omitempty"`
	Data      json.RawMessage `json:"data,omitempty"`
}

// Finding is one answer of the doctor. Check is a stable name: "journal",
// "relay", "provider", "sales", or a step of Test connection (setup.StepKey and
// so on), which also has Result, Code and Args as setup.Row.
type Finding struct {
	Check  string   `json:"check"`
	OK     bool     `json:"ok"`
	Text   string   `json:"text"`
	Result string   `json:"result,omitempty"`
	Code   string   `json:"code,omitempty"`
	Args   []string `json:"args,omitempty"`
}

// Verified is the result of a walk over the journal's chain. Bad is the number
// of the first bad line, 0 when all is well.
type Verified struct {
	OK     bool   `json:"ok"`
	Events int64  `json:"events"`
	Bad    int64  `json:"bad,omitempty"`
	Why    string `json:"why,omitempty"`
}

func saleShape(s app.Sale) Sale {
	out := Sale{
		ID: s.ID, State: s.State, Amount: s.Amount.Decimal(), Minor: s.Amount.Minor,
		Currency: string(s.Amount.Currency), RefundedMinor: s.Refunded.Minor,
		Note: s.Note, Client: s.Client, Operator: s.Operator, Created: s.Created.UTC(),
		Attempts: make([]Attempt, 0, len(s.Attempts)),
	}
	for _, a := range s.Attempts {
		out.Attempts = append(out.Attempts, Attempt{
			ID: a.ID, Rail: a.Rail, State: a.State, OrderID: a.OrderID,
			Reference: a.Reference, Minor: a.Amount.Minor,
		})
	}
	return out
}

// eventShape leaves out evidence bodies: they are for the evidence export.
func eventShape(e app.Event) Event {
	out := Event{
		Seq: e.Seq, Attempt: e.Attempt, Source: e.Source, Kind: e.Kind,
		Reference: e.Reference, Minor: e.Amount.Minor, At: e.Wall.UTC(), Operator: e.Operator,
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(e.Data, &fields) == nil {
		delete(fields, "raw")
		if raw, err := json.Marshal(fields); err == nil && len(fields) > 0 {
			out.Data = raw
		}
	}
	return out
}

// chargedShape tells the newest attempt of a sale.
func chargedShape(s app.Sale, withLink bool) Charged {
	out := Charged{Sale: s.ID, State: s.State}
	if n := len(s.Attempts); n > 0 {
		a := s.Attempts[n-1]
		out.Attempt, out.Reason = a.ID, a.Reason
		if withLink {
			out.Link, out.Words = a.Link, a.Words
		}
	}
	return out
}
