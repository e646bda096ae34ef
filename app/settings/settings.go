package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"

	"frontdesk/app/folder"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// ErrNewer means that a later program wrote the file; it is not overwritten.
var ErrNewer = errors.New("the settings were written by a newer version")

const (
	version  = 1
	fileName = "settings.json"
	maxBytes = 1 << 20
)

// Settings is what is remembered. The zero value means: follow the system,
// text at 100 %, English, no favourites.
type Settings struct {
	Version    int            `json:"version"`
	Theme      string         `json:"theme,omitempty"`    // "system", "light" or "dark"
	TextSize   float32        `json:"text_size"`          // factor, 1 to 2; 0 means 1
	Language   string         `json:"language,omitempty"` // two letters
	Salon      string         `json:"salon,omitempty"`    // its name
	Desk       string         `json:"desk,omitempty"`
	Operator   string         `json:"operator,omitempty"`
	Currency   money.Currency `json:"currency,omitempty"` // of new sales; empty means EUR
	Favourites []Favourite    `json:"favourites"`
	Mute       bool           `json:"mute,omitempty"`       // no sound when money comes or goes
	Begun      bool           `json:"begun,omitempty"`      // the first start was gone through or skipped
	AutoLock   int            `json:"auto_lock,omitempty"`  // minutes without a touch after which the desk locks; 0 never
	DayBegins  int            `json:"day_begins,omitempty"` // hour, 1 to 12, at which a business day begins; 0 means 4
	Mode       payments.Mode  `json:"mode,omitempty"`       // worked in last, and opened next time; empty means Practice
	Shop       Shop           `json:"shop,omitzero"`        // what receipts say of the salon besides its name
	Receipt    Receipt        `json:"receipt,omitzero"`
}

// Favourite is a thing that is sold often.
type Favourite struct {
	Label  string       `json:"label"`
	Amount money.Amount `json:"amount"`
	Icon   string       `json:"icon"`
	Color  string       `json:"color"`
}

// File keeps settings in a folder.
type File struct {
	mu   sync.Mutex
	path string
}

// In returns the settings file of a data folder. Nothing is read yet.
func In(dir string) *File { return &File{path: filepath.Join(dir, fileName)} }

// Load reads the settings; a missing file gives the zero Settings. A file that
// cannot be read is an error and stays as it is.
func (f *File) Load() (Settings, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.load()
}

func (f *File) load() (Settings, error) {
	raw, err := folder.Read(f.path, maxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{Version: version}, nil
	}
	if err != nil {
		return Settings{}, fail("load", err)
	}
	var s Settings
	if err := json.Unmarshal(raw, &s); err != nil {
		return Settings{}, fail("load", err)
	}
	if s.Version > version {
		return Settings{}, fail("load", ErrNewer)
	}
	return s, nil
}

// Save replaces the settings. It refuses to replace a file that Load would
// refuse to read.
func (f *File) Save(s Settings) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.load(); err != nil {
		return err
	}
	s.Version = version
	raw, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fail("save", err)
	}
	if err := folder.Replace(f.path, raw); err != nil {
		return fail("save", err)
	}
	return nil
}

func fail(op string, err error) error {
	return &payments.Error{Op: "settings." + op, Code: "settings." + op, Err: fmt.Errorf("settings: %w", err)}
}
