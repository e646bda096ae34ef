package till

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"frontdesk/app/journal"
	"frontdesk/app/local"
	"frontdesk/app/operators"
	"frontdesk/app/settings"
	"frontdesk/app/vault"
	"frontdesk/payments"
)

// Config is what a desk is made of. Dir, Now, Mono, Entropy and HTTP are
// required.
type Config struct {
	Dir        string // data folder; made with mode 0700 when missing
	RuntimeDir string // where the socket goes when its path in Dir is too long; may be empty
	Mode       payments.Mode
	Window     bool   // a window holds the folder and stays
	Version    string // of the program, for User-Agent and Source
	Name       string // of this desk
	Now        func() time.Time
	Mono       func() time.Duration // since the program started
	Zone       *time.Location       // of the salon; nil means UTC
	Entropy    io.Reader
	HTTP       *http.Client // to myPOS and to an outside relay
	Log        *slog.Logger // nil discards

	// Run runs a program of the system and returns what it printed; nil: there are
	// none, and nothing can be printed on a printer of the system.
	Run func(ctx context.Context, name string, args ...string) ([]byte, error)

	// Keyring keeps vault keys; nil: there is none on this computer.
	Keyring vault.Keys
	// Passphrase asks for the passphrase of the vault where there is no keyring;
	// first means that one is chosen. Nil: nobody can be asked, see Desk.Unlock.
	Passphrase func(ctx context.Context, first bool) ([]byte, error)

	mypos   addresses      // of the mode; set by check
	cost    vault.Cost     // zero: that of package vault
	pinCost operators.Cost // zero: that of package operators
}

func (c *Config) check() error {
	if c.Dir == "" || c.Now == nil || c.Mono == nil || c.Entropy == nil || c.HTTP == nil {
		return errors.New("till: Dir, Now, Mono, Entropy and HTTP are required")
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return err
	}
	c.Dir = dir
	if c.Mode == "" {
		c.Mode = payments.Practice
	}
	if c.Mode.OrderLetter() == 0 {
		return &payments.Error{Op: "till.open", Code: "mode.unset", Err: fmt.Errorf("%w: no mode %q", payments.ErrRefused, c.Mode)}
	}
	switch {
	case c.mypos.own:
	case simulated && c.Mode != payments.Practice:
		// A build that says SIMULATED must never reach the real one.
		return &payments.Error{Op: "till.open", Code: "mode.simulated", Err: fmt.Errorf("%w: no stand-in given", payments.ErrRefused)}
	default:
		c.mypos = addressesOf(c.Mode)
	}
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Version == "" {
		c.Version = "0"
	}
	return nil
}

// folder makes and returns the folder of the mode.
func (c *Config) folder() (string, error) {
	folder := filepath.Join(c.Dir, string(c.Mode))
	return folder, os.MkdirAll(folder, 0o700)
}

// unnamed heads the pay pages of a salon without a name in the settings.
const unnamed = "Practice salon"

// unnamedReal does so where money may be real.
const unnamedReal = "Salon"

// salon is the name the owner chose, read anew for each page: it may be
// changed while the till is open. Unreadable settings do not stop a charge.
func (c *Config) salon() string {
	chosen, err := settings.In(c.Dir).Load()
	if err != nil {
		c.Log.Warn("settings not read, the pay page has no salon name", "err", err)
	}
	return c.salonName(chosen)
}

// salonName is the name that was chosen, or what stands for it.
func (c *Config) salonName(chosen settings.Settings) string {
	if c.Mode == payments.Practice {
		return cmp.Or(strings.TrimSpace(chosen.Salon), unnamed)
	}
	return cmp.Or(strings.TrimSpace(chosen.Salon), unnamedReal)
}

// run is Run, or what stands for it.
func (c *Config) run() func(context.Context, string, ...string) ([]byte, error) {
	if c.Run != nil {
		return c.Run
	}
	return func(context.Context, string, ...string) ([]byte, error) { return nil, errNoPrograms }
}

var errNoPrograms = errors.New("till: no programs of the system can be run")

// source names the program to myPOS.
func (c *Config) source() string { return "Frontdesk " + c.Version }

// Verify walks the chain of a journal and tells it in the shape of the socket.
func Verify(ctx context.Context, j *journal.Journal) (local.Verified, error) {
	v, err := j.Verify(ctx)
	if err != nil {
		return local.Verified{}, err
	}
	return local.Verified{OK: v.Bad == 0 && v.Why == "", Events: v.Events, Bad: v.Bad, Why: v.Why}, nil
}
