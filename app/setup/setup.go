package setup

import (
	"time"

	"frontdesk/payments"
)

// Draft is what stands in the fields, as typed. An empty secret keeps the one
// that is stored; Pack, when not empty, fills the other checkout fields.
type Draft struct {
	Pack        string
	SID         string
	Wallet      string
	KeyIndex    string
	PrivateKey  string // secret
	Certificate string

	EnableAPI    bool
	ClientID     string
	ClientSecret string // secret

	Cloud CloudDraft

	Relay string // https address of the relay
	Pair  string // pairing code, used once; empty keeps the pairing

	OnlinePayments   bool
	TerminalPayments bool

	// Insist leaves links behind that were cancelled less than a day ago and may
	// still be paid; without it such a change is refused (connection.watched).
	Insist bool

	// Base is Connection.Revision of what the draft was made from. A save is
	// refused when something else was saved meanwhile; 0 is not compared.
	Base int
}

// Connection is what is stored for one mode, without its secrets.
type Connection struct {
	Mode         payments.Mode
	Revision     int    // grows with each save; never 0
	SID          string // empty: no checkout credentials
	Wallet       string
	KeyIndex     int
	KeyBits      int
	KeySince     time.Time // when the private key was stored; zero for none
	Certificate  string    // SHA-256 fingerprint of the myPOS certificate, hex
	CertUntil    time.Time
	EnableAPI    bool
	ClientID     string
	SecretSince  time.Time // when the client secret was stored; zero for none
	Cloud        CloudConnection
	Relay        string
	PairedSince  time.Time // zero: not paired
	Online       bool      // capability: link and request
	Terminal     bool      // capability: terminals
	Locked       bool      // the vault could not be opened
	LockCode     string    // why, a code of app/text
	Disconnected time.Time // zero while connected
}

// Problem is one field that cannot be saved. Field is the name of a field of
// Draft; Code has its sentences in app/text.
type Problem struct {
	Field string
	Code  string
}

// Result says how a step of Test connection ended. The strings stand in --json.
type Result string

// Results of a step.
const (
	Waiting Result = "waiting"
	Running Result = "running"
	Works   Result = "works"
	Fix     Result = "fix"
	Unsure  Result = "cannot_tell"
	NotUsed Result = "not_used"
)

// Steps of Test connection, in the order in which they run. The strings stand
// in --json and head the rows on the screen (app/text setup.step.NAME).
const (
	StepKey         = "key"         // the private key can be read and signs
	StepCertificate = "certificate" // the myPOS certificate can be read and is in date
	StepAccount     = "account"     // myPOS accepts a signed status query
	StepNotify      = "notify"      // a probe came back through the public notify address
	StepToken       = "token"       // the REST credentials give a token
	StepDevices     = "devices"     // the list of devices can be read
	StepCloud       = "cloud"       // the gateway for cloud terminals gives a token and a session
)

// Row is one step of Test connection. Code finds what it means and the one
// thing to do (app/text), empty for Works; Args fill the sentence.
type Row struct {
	Step   string
	Result Result
	Code   string
	Args   []string
}

// Kind says what a pasted text is.
type Kind string

// Kinds the key doctor knows.
const (
	KindEmpty       Kind = "empty"
	KindPack        Kind = "pack"
	KindPrivateKey  Kind = "private_key"
	KindEncrypted   Kind = "encrypted_key" // needs a passphrase
	KindCertificate Kind = "certificate"
	KindPublicKey   Kind = "public_key"
	KindRequest     Kind = "certificate_request"
	KindUnknown     Kind = "unknown"
)

// Diagnosis is what the key doctor found in a pasted text. Code is empty when
// the text can be used where it was pasted.
type Diagnosis struct {
	Kind     Kind
	Format   string // "PKCS#1", "PKCS#8", "X.509"; empty where none applies
	Bits     int
	SID      string // of a pack
	Wallet   string
	KeyIndex int
	From     time.Time // dates of a certificate
	Until    time.Time
	Sandbox  bool // the public sandbox material
	Practice bool // made by the simulator
	Fixed    bool // line ends or armour were broken and have been put right
	Code     string
}
