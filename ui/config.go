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
	"frontdesk/payments"
	"frontdesk/ui/async"
	"frontdesk/ui/screens/charge"
	"frontdesk/ui/screens/checkout"
	pageday "frontdesk/ui/screens/day"
	pagedevices "frontdesk/ui/screens/devices"
	pageoperators "frontdesk/ui/screens/operators"
	sales "frontdesk/ui/screens/payments"
	"frontdesk/ui/screens/practiceterminal"
	pagereceipt "frontdesk/ui/screens/receipt"
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

// Desk tells and changes what is connected in the mode that is open.
type Desk = pagesettings.Desk

// Operators knows who works here.
type Operators = pageoperators.Desk

// Devices knows the card terminals of this desk.
type Devices = pagedevices.Desk

// Days adds business days up and closes them.
type Days = pageday.Book

// Account compares days with the list of myPOS.
type Account = pageday.Account

// DayPaper puts days on paper.
type DayPaper = pageday.Paper

// Receipts makes receipts and prints them.
type Receipts = pagereceipt.Desk

// Printers finds and tries receipt printers.
type Printers = pagesettings.Printers

// Copies makes copies of the journal and tells which there are.
type Copies = pagesettings.Copies

// Fleet are the desks that share the store at the relay.
type Fleet = pagesettings.Fleet

// Pages on which a window can begin. Every section of Settings is one, as
// "settings." and its name.
const (
	BeginAtCharge   = "charge"
	BeginAtMode     = "settings.mode"
	BeginAtCheckout = "settings.checkout" // where myPOS is connected
	BeginAtDevices  = "devices"
)

// Config is what the window is made of.
type Config struct {
	Till     Till
	Canvas   fyne.Canvas // of the window; its key handlers are set by New
	App      fyne.App    // the theme is set on it
	Settings Settings
	Phone    Phone // nil: the till has nothing a phone could open
	Desk     Desk  // nil: nothing can be connected here (Practice alone)
	// Devices is nil where the till drives no terminals.
	Devices Devices
	// Days is nil where no days are kept.
	Days Days
	// Account is nil where there is no list of myPOS to compare days with,
	// DayPaper where no day is put on paper.
	Account  Account
	DayPaper DayPaper
	// Receipts is nil where no receipts are made, Printers where none are printed.
	Receipts Receipts
	Printers Printers
	// Copies is nil where no copies are kept, Fleet where there is no relay.
	Copies Copies
	Fleet  Fleet
	// QR makes the code of a text; nil: codes that the till does not give are left out.
	QR func(text string) ([][]bool, error)
	// Save writes a file where people find it and returns where that is; nil:
	// nothing can be exported here.
	Save func(name string, write func(io.Writer) error) (string, error)
	// Sound plays one of the Sound constants and returns at once; nil: it is quiet here.
	Sound func(name string)
	// PracticeTerminal is the terminal inside the program; nil where there is none.
	PracticeTerminal practiceterminal.Terminal
	// Ways tells which rails can be charged now, those that are switched off
	// left out. It answers at once; nil: links, and terminals where there are any.
	Ways func() []payments.Rail
	// Operators is nil where everybody is the one Owner without PIN.
	Operators Operators
	// Switch closes this till and window and opens those of another mode (or of
	// the same one anew), which begin on a page (Begin). Called on the UI
	// goroutine; nil: the mode cannot be changed here.
	Switch func(to payments.Mode, begin string)
	// Begin is the page of the first moment, one of the BeginAt constants;
	// empty: Charge, or where a mode without credentials is connected.
	Begin string
	// Simulated says that Live is not live: the build with simlive.
	Simulated bool
	Open      func(*url.URL) error // opens the mail program or a browser
	Copy      func(string)         // to the clipboard
	Entropy   io.Reader
	Now       func() time.Time
	Zone      *time.Location   // nil means UTC
	Language  string           // of the system, used until one is chosen
	Version   string           // shown under About
	DataDir   string           // shown under About
	Async     async.Dispatcher // nil: goroutines that end with the context of Start
}

func (c Config) check() error {
	if c.Till == nil || c.Canvas == nil || c.App == nil || c.Settings == nil || c.Open == nil ||
		c.Copy == nil || c.Entropy == nil || c.Now == nil {
		return errors.New("ui: a required part of Config is missing")
	}
	return nil
}
