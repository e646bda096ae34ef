package account

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"
)

// ErrRecord means that the history does not fit together.
var ErrRecord = errors.New("record out of place")

// Journal makes a record durable. It returns only when the record is on disk;
// an error means that what the record says did not happen.
type Journal interface {
	Append(Record) error
}

// Mishap is what happens to one call beside what was asked. The zero value is
// nothing.
type Mishap struct {
	Status int           // answer with this HTTP status
	Done   bool          // Status: after the work was done
	Cut    bool          // do the work and cut the connection
	Portal bool          // show a web page instead; nothing is done
	Wrong  bool          // do the work and answer something else
	Slow   time.Duration // do the work and answer that much later
	Skew   time.Duration // how far the Date header is off
}

// Switch names a behaviour that Config.Switch decides, once per event.
type Switch string

// Switches. Life is how long a token or session lives; Hidden leaves the booking
// text of a payment to the details; Late is how much longer a cloud payment
// takes; Stubborn finishes a deleted cloud payment all the same; Words spells
// statuses the other way; Camel answers in camelCase; Oldest lists cloud payments
// oldest first; Unlisted leaves the movements of an order out of the list, for as
// long as the switch is on; Misstated lists them with one cent, or one whole unit,
// more; Strange answers a status nobody knows while a payment is open.
const (
	Life     Switch = "life"
	Hidden   Switch = "hidden"
	Late     Switch = "late"
	Stubborn Switch = "stubborn"
	Words    Switch = "words"
	Camel    Switch = "camel"
	Oldest   Switch = "oldest"
	Strange  Switch = "strange"

	Unlisted  Switch = "unlisted"
	Misstated Switch = "misstated"
)

// Config says what the account is made of. Now, Entropy and Identity are required.
type Config struct {
	// Identity is who may call.
	Identity Identity
	Now      func() time.Time
	Entropy  io.Reader
	// Journal keeps the truth; nil keeps it in memory only.
	Journal Journal
	// History are the records the Journal holds, oldest first.
	History []Record
	// Others are movements that happened elsewhere (checkout, terminals), oldest
	// first; nil is none.
	Others func() []Movement
	// Mishap decides what goes wrong with a call, by its name and the order it is
	// about ("" when unknown); nil is nothing.
	Mishap func(call, order string) Mishap
	// Switch decides a behaviour; false leaves it off; nil is all off.
	Switch func(s Switch, call, order string) (time.Duration, bool)
	// Log takes what happened; nil discards it.
	Log *slog.Logger
}

// Account is a running stand-in. Make it with Open.
type Account struct {
	Config // as completed by Open; never changed after

	context context.Context // ends with Close
	stop    context.CancelFunc

	mu       sync.Mutex // guards what follows
	book     *book
	tokens   map[string]grant // REST
	bearers  map[string]grant // gateway
	sessions map[string]grant // gateway, of the merchant
	issued   int
	names    map[string]bool // request ids that were used
}

// grant is a token or session that was handed out.
type grant struct{ until time.Time }

// Identity is who may call: client id and secret of the account's API, and the
// six credentials of the gateway.
type Identity struct {
	ClientID       string `json:"client_id"`
	ClientSecret   string `json:"client_secret"`
	PartnerID      string `json:"partner_id"`
	ApplicationID  string `json:"application_id"`
	PartnerClient  string `json:"partner_client"`
	PartnerSecret  string `json:"partner_secret"`
	MerchantClient string `json:"merchant_client"`
	MerchantSecret string `json:"merchant_secret"`
}

// Open folds the history and returns the running account. Errors: ErrRecord, and
// a missing part of Config.
func Open(c Config) (*Account, error) {
	if c.Now == nil || c.Entropy == nil || c.Identity == (Identity{}) {
		return nil, errors.New("account: Now, Entropy and Identity are required")
	}
	if c.Others == nil {
		c.Others = func() []Movement { return nil }
	}
	if c.Mishap == nil {
		c.Mishap = func(string, string) Mishap { return Mishap{} }
	}
	if c.Switch == nil {
		c.Switch = func(Switch, string, string) (time.Duration, bool) { return 0, false }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	a := &Account{
		Config: c, book: newBook(),
		tokens: map[string]grant{}, bearers: map[string]grant{}, sessions: map[string]grant{}, names: map[string]bool{},
	}
	for _, r := range c.History {
		if err := a.book.apply(r); err != nil {
			return nil, err
		}
	}
	a.context, a.stop = context.WithCancel(context.Background())
	return a, nil
}

// Close ends answers that are being held back. Later calls are answered as
// before; whoever owns the Journal refuses their records.
func (a *Account) Close() { a.stop() }

// Draw draws an identity.
func Draw(entropy io.Reader) (Identity, error) {
	raw := make([]byte, 4+24+4+4+16+32+16+32)
	if _, err := io.ReadFull(entropy, raw); err != nil {
		return Identity{}, err
	}
	next := func(n int) []byte {
		part := raw[:n]
		raw = raw[n:]
		return part
	}
	digits := func(n int) string {
		b := next(4)
		v := uint64(b[0])<<24 | uint64(b[1])<<16 | uint64(b[2])<<8 | uint64(b[3])
		text := fmt.Sprintf("%08d", v%100_000_000)
		return text[:n]
	}
	id := digits(8)
	return Identity{
		ClientID:       "PR-" + id[:4] + "-" + id[4:],
		ClientSecret:   hex.EncodeToString(next(24)),
		PartnerID:      "mps-p-" + digits(8),
		ApplicationID:  "mps-app-" + digits(8),
		PartnerClient:  "client_" + hex.EncodeToString(next(16)),
		PartnerSecret:  "secret_" + hex.EncodeToString(next(32)),
		MerchantClient: "cli_" + hex.EncodeToString(next(16)),
		MerchantSecret: "sec_" + hex.EncodeToString(next(32)),
	}, nil
}

const codeLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

// code draws the name of a request or link: 14 capitals and digits.
func (a *Account) code() (string, error) {
	raw := make([]byte, 13)
	if _, err := io.ReadFull(a.Entropy, raw); err != nil {
		return "", err
	}
	for i := range raw {
		raw[i] = codeLetters[raw[i]%32]
	}
	return "B" + string(raw), nil
}

// secret draws n bytes as hex.
func (a *Account) secret(n int) (string, error) {
	raw := make([]byte, n)
	if _, err := io.ReadFull(a.Entropy, raw); err != nil {
		return "", err
	}
	return hex.EncodeToString(raw), nil
}

// commit makes one record durable and then true. The caller holds a.mu, or is
// alone.
func (a *Account) commit(r Record) error {
	r.At = a.Now()
	if a.Journal != nil {
		if err := a.Journal.Append(r); err != nil {
			return err
		}
	}
	return a.book.apply(r)
}
