package till

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"frontdesk/app/folder"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
)

// recordName is the file of what is connected, in the folder of the mode. It
// holds no secret; it names those in the vault that belong to it.
const recordName = "connection.json"

const (
	recordVersion = 1
	maxRecord     = 1 << 20
)

// Logical names of secrets. What they are called in the vault stands in the
// record, so that replacing the record is what makes a change happen.
const (
	secretKey           = "checkout.key." // + mark
	secretAPI           = "rest.secret"
	secretIdentity      = "relay.identity"
	secretCloudClient   = "terminal.client" // of the integration, at the gateway
	secretCloudMerchant = "terminal.merchant"
)

// record is what is connected in one mode. Values are replaced, never changed
// in place.
type record struct {
	Version    int `json:"version"`
	Generation int `json:"generation"` // grows with each save

	SID          string    `json:"sid,omitempty"`
	Wallet       string    `json:"wallet,omitempty"`
	AppID        string    `json:"app_id,omitempty"`
	PartnerID    string    `json:"partner_id,omitempty"`
	KeyIndex     int       `json:"key_index,omitempty"`
	Mark         string    `json:"mark,omitempty"`            // names the private key: index and beginning of its fingerprint
	KeyPrint     string    `json:"key_fingerprint,omitempty"` // of its public half; stays after Disconnect
	KeyBits      int       `json:"key_bits,omitempty"`
	KeySince     time.Time `json:"key_since,omitzero"`
	Certificates []string  `json:"certificates,omitempty"` // PEM; that of the key first, then all before

	EnableAPI   bool      `json:"enable_api,omitempty"`
	ClientID    string    `json:"client_id,omitempty"`
	SecretSince time.Time `json:"secret_since,omitzero"`

	Cloud cloudRecord `json:"cloud,omitzero"` // the gateway for cloud terminals

	Relay       string    `json:"relay,omitempty"`
	RelayStore  string    `json:"relay_store,omitempty"`
	RelayDesk   string    `json:"relay_desk,omitempty"`
	PairedSince time.Time `json:"paired_since,omitzero"`
	Epoch       string    `json:"relay_epoch,omitempty"` // of the relay that knows our orders

	NoOnline     bool      `json:"no_online,omitempty"`
	Terminal     bool      `json:"terminal,omitempty"`
	Disconnected time.Time `json:"disconnected,omitzero"`

	Secrets map[string]string `json:"secrets,omitempty"` // logical name to name in the vault
}

// records keeps the record of a mode on disk.
type records struct {
	path string

	mu  sync.Mutex
	now record
}

func openRecords(dir string) (*records, error) {
	r := &records{path: filepath.Join(dir, recordName)}
	if err := folder.ReadJSON(r.path, maxRecord, &r.now); err != nil {
		return nil, &payments.Error{Op: "till.connection", Code: "connection.damaged", Err: fmt.Errorf("%s: %w", r.path, err)}
	}
	if r.now.Version > recordVersion {
		return nil, &payments.Error{Op: "till.connection", Code: "connection.newer", Err: errors.New(r.path + " is of a newer version")}
	}
	return r, nil
}

// get returns the record in force.
func (r *records) get() record {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

// put replaces the record: the moment at which a change happens. With
// folder.ErrInForce it has happened, but a power cut may undo it.
func (r *records) put(next record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.write(next)
}

// setEpoch notes which relay knows our orders, unless the record has changed to
// another pairing meanwhile.
func (r *records) setEpoch(relayDesk, epoch string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now.RelayDesk != relayDesk || r.now.Epoch == epoch {
		return nil
	}
	next := r.now
	next.Epoch = epoch
	return r.write(next)
}

func (r *records) write(next record) error {
	next.Version = recordVersion
	err := folder.ReplaceJSON(r.path, next)
	if err == nil || errors.Is(err, folder.ErrInForce) {
		r.now = next
	}
	if err != nil {
		return &payments.Error{Op: "till.connection", Code: "connection.write", Err: err}
	}
	return nil
}

// abandon says on disk that everything is to be erased, so that a start finishes
// what was cut off.
func (r *records) abandon(at time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.write(record{Generation: r.now.Generation + 1, Disconnected: at})
}

// erase removes the record.
func (r *records) erase() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := folder.Remove(r.path); err != nil {
		return &payments.Error{Op: "till.connection", Code: "connection.write", Err: err}
	}
	r.now = record{Generation: r.now.Generation}
	return nil
}

// name draws the vault's name of a secret of this generation. Names are never
// used twice, so that a save that was cut off leaves what was there untouched.
func (r record) name(logical string) string { return fmt.Sprintf("%d/%s", r.Generation, logical) }

// with returns the record with a secret under its new name.
func (r record) with(logical string) record {
	r.Secrets = maps.Clone(r.Secrets)
	if r.Secrets == nil {
		r.Secrets = map[string]string{}
	}
	r.Secrets[logical] = r.name(logical)
	return r
}

// without returns the record without the secrets that keep does not want.
func (r record) without(drop func(logical string) bool) record {
	r.Secrets = maps.Clone(r.Secrets)
	maps.DeleteFunc(r.Secrets, func(logical, _ string) bool { return drop(logical) })
	return r
}

// secretNames lists the names in the vault that belong to the record.
func (r record) secretNames() []string { return slices.Sorted(maps.Values(r.Secrets)) }

// certificates parses those of the record; what cannot be read is left out.
func (r record) certificates() []*checkout.Certificate {
	var all []*checkout.Certificate
	for _, text := range r.Certificates {
		if c, err := checkout.ParseCertificate([]byte(text)); err == nil {
			all = append(all, c)
		}
	}
	return all
}

// paired reports whether the record names a place at a relay.
func (r record) paired() bool { return r.Relay != "" && r.RelayStore != "" && r.RelayDesk != "" }

// connected reports whether anything is connected.
func (r record) connected() bool { return r.Disconnected.IsZero() }

// markOf names a private key: orders remember under which one they began.
func markOf(index int, key *checkout.PrivateKey) string {
	return strconv.Itoa(index) + "." + key.Fingerprint()[:8]
}

// indexOf is the key index of a mark.
func indexOf(mark string) int {
	text, _, _ := strings.Cut(mark, ".")
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
