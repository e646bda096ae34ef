package ui

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/url"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/settings"
	"frontdesk/ui/async"
	"frontdesk/ui/screens/charge"
	"frontdesk/ui/screens/checkout"
	sales "frontdesk/ui/screens/payments"
	pagesettings "frontdesk/ui/screens/settings"
)

// Watcher tells every change of the till.
type Watcher interface {
	Watch(ctx context.Context) iter.Seq[app.Snapshot]
}

// Till is what the screens ask of the till together.
type Till interface {
	charge.Till
	checkout.Till
	checkout.Collector
	sales.Till
	Watcher
}

// Settings keeps what people choose.
type Settings interface {
	Load() (settings.Settings, error)
	Save(settings.Settings) error
}

// Phone opens the pages of a charge to a phone in the same network, for a
// while.
type Phone = pagesettings.Phone

// Config is what the window is made of.
type Config struct {
	Till     Till
	Canvas   fyne.Canvas // of the window; its key handlers are set by New
	App      fyne.App    // the theme is set on it
	Settings Settings
	Phone    Phone                // nil: the till has nothing a phone could open
	Open     func(*url.URL) error // opens the mail program or a browser
	Copy     func(string)         // to the clipboard
	Entropy  io.Reader
	Now      func() time.Time
	Zone     *time.Location   // nil means UTC
	Language string           // of the system, used until one is chosen
	Version  string           // shown under About
	DataDir  string           // shown under About
	Async    async.Dispatcher // nil: goroutines that end with the context of Start
}

func (c Config) check() error {
	if c.Till == nil || c.Canvas == nil || c.App == nil || c.Settings == nil || c.Open == nil ||
		c.Copy == nil || c.Entropy == nil || c.Now == nil {
		return errors.New("ui: a required part of Config is missing")
	}
	return nil
}
