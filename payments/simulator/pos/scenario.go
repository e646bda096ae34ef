package pos

import (
	"fmt"
	"slices"
)

// Act is something the card holder does at the terminal. The strings are on the
// wire of the control surface and never change.
type Act string

// What a card holder can do.
const (
	ActTap         Act = "tap"         // a contactless card
	ActInsert      Act = "insert"      // a chip card whose PIN the card checks
	ActInsertLive  Act = "insert-live" // a chip card whose PIN the bank checks
	ActForeign     Act = "foreign"     // a chip card in another currency
	ActUnsupported Act = "unsupported" // a card the terminal does not take
	ActBroken      Act = "broken"      // a card whose chip does not answer
	ActPIN         Act = "pin"         // the right PIN
	ActWrongPIN    Act = "pin-wrong"
	ActHome        Act = "home" // pay in the card's own currency
	ActLocal       Act = "local"
	ActCancel      Act = "cancel" // the red key
)

// asksCard, asksPIN and asksCurrency are what answers each screen.
func asksCard() []Act {
	return []Act{ActTap, ActInsert, ActInsertLive, ActForeign, ActUnsupported, ActBroken, ActCancel}
}
func asksPIN() []Act      { return []Act{ActPIN, ActWrongPIN, ActCancel} }
func asksCurrency() []Act { return []Act{ActHome, ActLocal, ActCancel} }

func knownAct(a Act) bool {
	return slices.Contains(asksCard(), a) || slices.Contains(asksPIN(), a) || slices.Contains(asksCurrency(), a)
}

// Outcome is what the bank and the printer say once the card was read. The zero
// value approves.
type Outcome struct {
	// Decline is the issuer's APPROVAL code, e.g. "51"; "" approves.
	Decline string `json:"decline,omitempty"`
	// Status is STATUS of the outcome frame. 0 is plain; with Decline 14 is the
	// other way to decline. 12, 14 (without Decline), 15 and 16 tell the till
	// nothing: Charged says what happened. 22 is paid without paper and 100 paid
	// with information.
	Status int `json:"status,omitempty"`
	// Charged is the hidden truth behind 12, 14, 15 and 16.
	Charged bool `json:"charged,omitempty"`
	// Sign asks for a signature instead of a PIN.
	Sign bool `json:"sign,omitempty"`
	// DCC offers to pay in the card's currency whatever card comes.
	DCC bool `json:"dcc,omitempty"`
	// Tip in minor units is what the customer adds at the terminal.
	Tip int64 `json:"tip,omitempty"`
	// Refuse, when not 0, refuses the request at stage 1 with this STATUS.
	Refuse int `json:"refuse,omitempty"`
	// NotEnabled ends with 2/13 and 5/13 without ever showing a screen: the
	// account is not enabled for cash registers.
	NotEnabled bool `json:"not_enabled,omitempty"`
}

// Statuses of the protocol (3.7).
const (
	statusOK          = 0
	statusBusy        = 1
	statusSyntax      = 2
	statusParameter   = 3
	statusMethod      = 4
	statusNoCard      = 5
	statusUnsupported = 6
	statusChip        = 7
	statusWrongPIN    = 9
	statusPINLocked   = 10
	statusPINOnline   = 11
	statusHostData    = 12
	statusCancelled   = 13
	statusInternal    = 14
	statusLink        = 15
	statusTLS         = 16
	statusNotFound    = 17
	statusNoReversal  = 18
	statusAmount      = 19
	statusUnfinished  = 20
	statusNoPrinter   = 21
	statusNoPaper     = 22
	statusPrintData   = 23
	statusActivate    = 25
	statusUpdate      = 26
	statusNoUpdate    = 29
	statusOptional    = 34
	statusNotFinished = 36
	statusVersion     = 38
	statusPreauthCode = 39
	statusPreauthDone = 40
	statusBadPassword = 49
	statusForbidden   = 50
	statusPassword    = 51
	statusInformation = 100
)

// unsaid reports whether the till cannot know from the status what happened.
func (o Outcome) unsaid() bool {
	switch o.Status {
	case statusHostData, statusLink, statusTLS:
		return true
	case statusInternal:
		return o.Decline == ""
	}
	return false
}

// moved reports whether money moves.
func (o Outcome) moved() bool {
	if o.unsaid() {
		return o.Charged
	}
	return o.Decline == "" && (o.Status == statusOK || o.Status == statusNoPaper || o.Status == statusInformation)
}

// Scenario is what happens to one financial request.
type Scenario struct {
	// Name is one of Names and stands for what it does; the other fields add to it.
	Name string `json:"name,omitempty"`
	// Customer are the card holder's acts, each done when the terminal asks; one
	// that the screen does not ask for waits. nil leaves it to the buttons and to
	// Switches.Customer; empty but not nil is a customer who does nothing.
	Customer []Act   `json:"customer,omitempty"`
	Outcome  Outcome `json:"outcome,omitzero"`
	Faults   []Fault `json:"faults,omitempty"` // for this request only
}

// Names lists the named scenarios: the stage scripts and the outcomes.
func Names() []string {
	return []string{
		"contactless", "chip", "wrong-pin", "pin-locked", "online-pin", "dcc", "unsupported", "chip-error",
		"no-card", "customer-cancel", "not-enabled",
		"declined", "declined-14", "unknown-12", "unknown-12-charged", "unknown-14", "unknown-14-charged",
		"unknown-15", "unknown-15-charged", "unknown-16", "unknown-16-charged", "no-paper", "information",
		"signature", "tip", "busy", "activation", "update", "not-finished", "forbidden",
	}
}

// Named returns the scenario of that name.
func Named(name string) (Scenario, bool) {
	tap := []Act{ActTap}
	hidden := func(status int, charged bool) Scenario {
		return Scenario{Name: name, Customer: tap, Outcome: Outcome{Status: status, Charged: charged}}
	}
	s := Scenario{Name: name}
	switch name {
	case "contactless":
		s.Customer = tap
	case "chip":
		s.Customer = []Act{ActInsert, ActPIN}
	case "wrong-pin":
		s.Customer = []Act{ActInsert, ActWrongPIN, ActWrongPIN, ActPIN}
	case "pin-locked":
		s.Customer = []Act{ActInsert, ActWrongPIN, ActWrongPIN, ActWrongPIN}
	case "online-pin":
		s.Customer = []Act{ActInsertLive, ActPIN}
	case "dcc":
		s.Customer, s.Outcome.DCC = []Act{ActForeign, ActHome, ActPIN}, true
	case "unsupported":
		s.Customer = []Act{ActUnsupported, ActTap}
	case "chip-error":
		s.Customer = []Act{ActBroken}
	case "no-card":
		s.Customer = []Act{}
	case "customer-cancel":
		s.Customer = []Act{ActCancel}
	case "not-enabled":
		s.Outcome.NotEnabled = true
	case "declined", "declined-14":
		s.Customer, s.Outcome.Decline = tap, "51"
		if name == "declined-14" {
			s.Outcome.Status = statusInternal
		}
	case "unknown-12", "unknown-12-charged":
		return hidden(statusHostData, name == "unknown-12-charged"), true
	case "unknown-14", "unknown-14-charged":
		return hidden(statusInternal, name == "unknown-14-charged"), true
	case "unknown-15", "unknown-15-charged":
		return hidden(statusLink, name == "unknown-15-charged"), true
	case "unknown-16", "unknown-16-charged":
		return hidden(statusTLS, name == "unknown-16-charged"), true
	default:
		return more(s)
	}
	return s, true
}

// more holds the named scenarios that only differ in what the terminal says.
func more(s Scenario) (Scenario, bool) {
	refusals := map[string]int{
		"busy": statusBusy, "activation": statusActivate, "update": statusUpdate,
		"not-finished": statusNotFinished, "forbidden": statusForbidden,
	}
	if status, ok := refusals[s.Name]; ok {
		s.Outcome.Refuse = status
		return s, true
	}
	s.Customer = []Act{ActTap}
	switch s.Name {
	case "no-paper":
		s.Outcome.Status = statusNoPaper
	case "information":
		s.Outcome.Status = statusInformation
	case "signature":
		s.Outcome.Sign = true
	case "tip":
		s.Outcome.Tip = 250
	default:
		return Scenario{}, false
	}
	return s, true
}

// resolve fills in what the name stands for and refuses what makes no sense.
func (s Scenario) resolve() (Scenario, error) {
	if s.Name != "" {
		named, ok := Named(s.Name)
		if !ok {
			return s, fmt.Errorf("%w: no scenario is called %q", ErrScript, s.Name)
		}
		if s.Customer == nil {
			s.Customer = named.Customer
		}
		if s.Outcome == (Outcome{}) {
			s.Outcome = named.Outcome
		}
	}
	for _, a := range s.Customer {
		if !knownAct(a) {
			return s, fmt.Errorf("%w: a card holder cannot %q", ErrScript, a)
		}
	}
	if s.Outcome.Tip < 0 || s.Outcome.Status < 0 || s.Outcome.Refuse < 0 || len(s.Outcome.Decline) > 2 {
		return s, fmt.Errorf("%w: outcome", ErrScript)
	}
	for i, f := range s.Faults {
		checked, err := f.check()
		if err != nil {
			return s, err
		}
		s.Faults[i] = checked
	}
	return s, nil
}

// Trigger returns what the last two digits of an amount in minor units bring
// about, so that a person at the till can choose (spec 10.14). ok is false for
// an amount that is simply approved.
//
//	.01 declined 51      .05 charged, then the link drops      .09 no paper
//	.02 wrong PIN        .06 link drops, not charged           .10 currency offer
//	.03 customer cancel  .07 status 15; charged when the       .11 signature
//	.04 no card              whole units are odd               .12 needs update
//	                     .08 busy
func Trigger(minor int64) (s Scenario, ok bool) {
	switch minor % 100 {
	case 1:
		s.Outcome.Decline = "51"
	case 2:
		s.Customer = []Act{ActInsert, ActWrongPIN, ActWrongPIN, ActPIN}
	case 3:
		s.Customer = []Act{ActCancel}
	case 4:
		s.Customer = []Act{}
	case 5:
		s.Faults = []Fault{{Kind: FaultDrop, Stage: 5, Count: 1}}
	case 6:
		s.Faults = []Fault{{Kind: FaultDrop, Stage: 5, Abandon: true, Count: 1}}
	case 7:
		s.Outcome.Status, s.Outcome.Charged = statusLink, minor/100%2 == 1
	case 8:
		s.Outcome.Refuse = statusBusy
	case 9:
		s.Outcome.Status = statusNoPaper
	case 10:
		s.Outcome.DCC = true
	case 11:
		s.Outcome.Sign = true
	case 12:
		s.Outcome.Refuse = statusUpdate
	default:
		return s, false
	}
	return s, true
}

// Play makes the next financial requests go by these scenarios, one each, in
// order. It adds to what was to be played; none forgets it all. An error
// (ErrScript) changes nothing.
func (t *Terminal) Play(scenarios ...Scenario) error {
	resolved := make([]Scenario, 0, len(scenarios))
	for _, s := range scenarios {
		s.Faults = slices.Clone(s.Faults)
		r, err := s.resolve()
		if err != nil {
			return err
		}
		resolved = append(resolved, r)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(resolved) == 0 {
		t.plays = nil
		return nil
	}
	t.plays = append(t.plays, resolved...)
	return nil
}

// next takes the scenario of one financial request. The caller holds t.mu.
func (t *Terminal) next(r request) Scenario {
	if len(t.plays) > 0 {
		s := t.plays[0]
		t.plays = t.plays[1:]
		return s
	}
	if r.method == "PURCHASE" && !t.switches.NoTriggers && r.amount.Currency.Exponent() == 2 {
		if s, ok := Trigger(r.amount.Minor); ok {
			return s
		}
	}
	return Scenario{Outcome: Outcome{NotEnabled: t.switches.NotEnabled}}
}
