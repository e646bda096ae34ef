package setup

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

// Input is a draft that has been read. Nil members keep what is stored.
type Input struct {
	SID         string // empty: no checkout credentials
	Wallet      string
	KeyIndex    int
	Key         *checkout.PrivateKey
	Certificate *checkout.Certificate
	AppID       string // of a pack only
	PartnerID   string

	EnableAPI    bool
	ClientID     string
	ClientSecret string // empty keeps

	Cloud CloudDraft // empty secrets keep; all empty: not used

	Relay string // base address without a slash at the end; empty: none
	Pair  string // empty keeps

	Online   bool
	Terminal bool
}

// Limits of fields, in characters.
const (
	maxSID    = 15
	maxWallet = 15
	maxID     = 128
	maxSecret = 512
	maxRelay  = 200
)

// Read checks every field of a draft against what is stored and returns what
// was meant, with a problem for each field that cannot be saved.
func (d Doctor) Read(draft Draft, have Connection) (Input, []Problem) {
	r := reading{doctor: d, draft: draft, have: have}
	r.in.Online, r.in.Terminal = draft.OnlinePayments, draft.TerminalPayments
	switch {
	case d.Mode == payments.Practice:
		return r.in, []Problem{{Field: FieldPack, Code: "mode.practice_needs_nothing"}}
	case d.Mode == payments.Test && r.checkoutEmpty():
		// The sandbox pack is built in.
	case strings.TrimSpace(draft.Pack) != "":
		r.pack()
	default:
		r.fields()
	}
	r.api()
	r.cloud()
	r.relay()
	return r.in, r.problems
}

// Names of fields in Problem.
const (
	FieldPack         = "Pack"
	FieldSID          = "SID"
	FieldWallet       = "Wallet"
	FieldKeyIndex     = "KeyIndex"
	FieldPrivateKey   = "PrivateKey"
	FieldCertificate  = "Certificate"
	FieldClientID     = "ClientID"
	FieldClientSecret = "ClientSecret"
	FieldRelay        = "Relay"
	FieldPair         = "Pair"
)

// reading is one draft on its way.
type reading struct {
	doctor   Doctor
	draft    Draft
	have     Connection
	in       Input
	problems []Problem
}

func (r *reading) wrong(field, code string) {
	r.problems = append(r.problems, Problem{Field: field, Code: code})
}

// checkoutEmpty reports whether no checkout field was typed.
func (r *reading) checkoutEmpty() bool {
	d := r.draft
	return strings.TrimSpace(d.Pack+d.SID+d.Wallet+d.KeyIndex+d.PrivateKey+d.Certificate) == ""
}

// pack fills every checkout field.
func (r *reading) pack() {
	found, in := r.doctor.examine(r.draft.Pack)
	switch {
	case found.Kind != KindPack && found.Kind != KindUnknown:
		r.wrong(FieldPack, "pack.not_a_pack")
	case found.Code != "":
		r.wrong(FieldPack, found.Code)
	default:
		s := in.Store
		r.in.SID, r.in.Wallet, r.in.KeyIndex = s.SID, s.Wallet, s.KeyIndex
		r.in.Key, r.in.Certificate, r.in.AppID, r.in.PartnerID = s.Key, s.Certificate, s.AppID, s.PartnerID
	}
}

// fields reads SID, wallet, index, key and certificate; all of them empty means
// that myPOS checkout is not used.
func (r *reading) fields() {
	sid, wallet := squeeze(r.draft.SID), squeeze(r.draft.Wallet)
	index := strings.TrimSpace(r.draft.KeyIndex)
	if sid+wallet+index+strings.TrimSpace(r.draft.PrivateKey+r.draft.Certificate) == "" {
		return
	}
	r.in.SID, r.in.Wallet = sid, wallet
	switch {
	case sid == "":
		r.wrong(FieldSID, "sid.missing")
	case len(sid) > maxSID || strings.ContainsFunc(sid, func(c rune) bool {
		return c > unicode.MaxASCII || !unicode.IsLetter(c) && !unicode.IsDigit(c)
	}):
		r.wrong(FieldSID, "sid.shape")
	}
	switch {
	case wallet == "":
		r.wrong(FieldWallet, "wallet.missing")
	case strings.Trim(wallet, "0123456789") != "":
		r.wrong(FieldWallet, "wallet.letters")
	case len(wallet) > maxWallet:
		r.wrong(FieldWallet, "wallet.long")
	}
	n, err := strconv.Atoi(index)
	switch {
	case index == "":
		r.wrong(FieldKeyIndex, "index.missing")
	case err != nil:
		r.wrong(FieldKeyIndex, "index.number")
	case n < 1 || n > 99:
		r.wrong(FieldKeyIndex, "index.range")
	}
	r.in.KeyIndex = n
	r.key()
	r.certificate()
}

// sameKey reports whether the stored key belongs to what was typed.
func (r *reading) sameKey() bool {
	return r.have.SID == r.in.SID && r.have.KeyIndex == r.in.KeyIndex && !r.have.KeySince.IsZero()
}

func (r *reading) key() {
	if strings.TrimSpace(r.draft.PrivateKey) == "" {
		switch {
		case r.sameKey():
		case r.have.SID == r.in.SID && !r.have.KeySince.IsZero():
			r.wrong(FieldPrivateKey, "key.rotate")
		default:
			r.wrong(FieldPrivateKey, "key.none")
		}
		return
	}
	found, in := r.doctor.examine(r.draft.PrivateKey)
	switch {
	case found.Kind == KindPack:
		r.wrong(FieldPrivateKey, "key.pack")
	case found.Kind == KindCertificate:
		r.wrong(FieldPrivateKey, "key.certificate")
	case found.Kind == KindUnknown:
		r.wrong(FieldPrivateKey, "paste.unknown")
	case found.Code != "":
		r.wrong(FieldPrivateKey, found.Code)
	default:
		r.in.Key = in.Key
	}
}

func (r *reading) certificate() {
	if strings.TrimSpace(r.draft.Certificate) == "" {
		switch {
		case r.sameKey() && r.have.Certificate != "":
		case r.have.SID == r.in.SID && r.have.Certificate != "":
			r.wrong(FieldCertificate, "certificate.rotate")
		default:
			r.wrong(FieldCertificate, "certificate.none")
		}
		return
	}
	found, in := r.doctor.examine(r.draft.Certificate)
	code := found.Code
	if in.Certificate != nil && r.in.Key != nil && in.Certificate.Certifies(r.in.Key) {
		code = "certificate.own"
	}
	switch {
	case found.Kind == KindPack:
		r.wrong(FieldCertificate, "key.pack")
	case found.Kind == KindPrivateKey, found.Kind == KindEncrypted:
		r.wrong(FieldCertificate, "certificate.key")
	case found.Kind == KindPublicKey, found.Kind == KindRequest:
		r.wrong(FieldCertificate, "certificate.public")
	case found.Kind == KindUnknown:
		r.wrong(FieldCertificate, "paste.unknown")
	case code != "":
		r.wrong(FieldCertificate, code)
	default:
		r.in.Certificate = in.Certificate
	}
}

// api reads the REST credentials. Their shape is myPOS's business: any text is
// taken that can be sent, which leaves out the colon between the two (spec 10.1).
func (r *reading) api() {
	id, secret := strings.TrimSpace(r.draft.ClientID), strings.TrimSpace(r.draft.ClientSecret)
	r.in.EnableAPI, r.in.ClientID, r.in.ClientSecret = r.draft.EnableAPI, id, secret
	switch {
	case !printable(id, maxID) || strings.Contains(id, ":"):
		r.wrong(FieldClientID, "api.id_shape")
	case id == "" && r.in.EnableAPI:
		r.wrong(FieldClientID, "api.id_missing")
	}
	kept := !r.have.SecretSince.IsZero() && r.have.ClientID == id
	switch {
	case !printable(secret, maxSecret):
		r.wrong(FieldClientSecret, "api.secret_shape")
	case secret == "" && r.in.EnableAPI && !kept:
		r.wrong(FieldClientSecret, "api.secret_missing")
	}
}

// relay reads the address: a scheme and a host, as the browser is sent there.
func (r *reading) relay() {
	text := strings.TrimSpace(r.draft.Relay)
	pair := strings.TrimSpace(r.draft.Pair)
	if text == "" {
		if pair != "" {
			r.wrong(FieldRelay, "relay.missing")
		}
		return
	}
	if code := relayFault(text); code != "" {
		r.wrong(FieldRelay, code)
		return
	}
	r.in.Relay, r.in.Pair = strings.TrimRight(text, "/"), pair
	paired := r.have.Relay == r.in.Relay && !r.have.PairedSince.IsZero()
	switch {
	case pair == "" && !paired:
		r.wrong(FieldPair, "relay.pair_missing")
	case pair != "":
		if _, err := relay.ParseCode(pair); err != nil {
			r.wrong(FieldPair, "pair.malformed")
		}
	case r.have.SID != "" && r.in.SID != "" && r.have.SID != r.in.SID:
		r.wrong(FieldPair, "relay.pair_store") // the relay knows the pairing under the old store
	}
}

func relayFault(text string) string {
	u, err := url.Parse(text)
	switch {
	case len(text) > maxRelay || err != nil || !strings.Contains(text, "://"):
		return "relay.shape"
	case u.Scheme != "https":
		return "relay.https"
	case u.Hostname() == "" || u.User != nil || strings.ContainsFunc(u.Host, unicode.IsSpace):
		return "relay.shape"
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(text, "#"):
		return "relay.path"
	}
	return ""
}

// squeeze takes blanks out: numbers are copied in groups.
func squeeze(text string) string { return strings.Join(strings.Fields(text), "") }

func printable(text string, limit int) bool {
	return len(text) <= limit &&
		!strings.ContainsFunc(text, func(c rune) bool { return c > unicode.MaxASCII || !unicode.IsPrint(c) })
}

// Steps lists the steps of Test connection in their order.
func Steps() []string {
	return []string{StepKey, StepCertificate, StepAccount, StepNotify, StepToken, StepDevices, StepCloud}
}
