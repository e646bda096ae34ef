package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

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
	Salon      string         `json:"salon,omitempty"`
	Desk       string         `json:"desk,omitempty"`
	Operator   string         `json:"operator,omitempty"`
	Currency   money.Currency `json:"currency,omitempty"` // of new sales; empty means EUR
	Favourites []Favourite    `json:"favourites"`
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
	info, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{Version: version}, nil
	}
	if err == nil && info.Size() > maxBytes {
		err = errors.New("file too large")
	}
	if err != nil {
		return Settings{}, fail("load", err)
	}
	raw, err := os.ReadFile(f.path)
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
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return fail("save", err)
	}
	next := f.path + ".new"
	if err := write(next, raw); err != nil {
		return fail("save", err)
	}
	if err := os.Rename(next, f.path); err != nil {
		return fail("save", err)
	}
	return nil
}

// write puts bytes on the disk before it returns.
func write(path string, raw []byte) error {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = out.Write(raw)
	if syncErr := out.Sync(); err == nil {
		err = syncErr
	}
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	return err
}

func fail(op string, err error) error {
	return &payments.Error{Op: "settings." + op, Code: "settings." + op, Err: fmt.Errorf("settings: %w", err)}
}
