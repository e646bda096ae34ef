package settings

import (
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app/settings"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/async"
	"frontdesk/ui/screens/operators"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Config is what the page is made of. Desk, Operators, Phone, Printers, Copies,
// Fleet, Switch, Devices and Proof may be nil; the page then says so or leaves
// the section out.
type Config struct {
	Text      *text.Catalog
	Host      *widgets.Host
	Async     async.Dispatcher
	Values    settings.Settings
	Mode      payments.Mode
	Simulated bool // Live is not live: the build with simlive
	Desk      Desk
	Operators operators.Desk
	Phone     Phone
	Printers  Printers
	Copies    Copies
	Fleet     Fleet
	Version   string
	DataDir   string
	Now       func() time.Time
	Zone      *time.Location
	By        func() string         // the operator at the desk
	Paste     func() string         // the clipboard
	Copy      func(string)          // to the clipboard
	OpenSales func() int            // sales that are not over
	Devices   func() int            // terminals that were added
	Proof     func() payments.Proof // that the relay works
	Switch    func(to payments.Mode, at Section)
	Choose    func(settings.Settings) error
	Changed   func() // operators or the connection are not what they were
}

// Section names a part of the page.
type Section string

// Sections, in the order of the menu.
const (
	Mode      Section = "mode"
	Checkout  Section = "checkout"
	REST      Section = "rest"
	Relay     Section = "relay"
	Ways      Section = "ways"
	Operators Section = "operators"
	Salon     Section = "salon"
	Receipt   Section = "receipt"
	Look      Section = "look"
	Backup    Section = "backup"
	PhoneTest Section = "phone"
	About     Section = "about"
)

// part is what a section shows: a form, and at its foot what to do with it.
type part struct {
	title, caption string
	body           fyne.CanvasObject
	foot           fyne.CanvasObject
	test           bool              // the test column stands beside it
	side           fyne.CanvasObject // what stands beside it instead, below it in narrow windows
	focus          func()            // puts the cursor into the first field
	tick           func()            // renews what depends on the clock
}

// Page is the page.
type Page struct {
	cfg     Config
	at      Section
	parts   map[Section]*part
	menu    *menu
	form    *form
	side    *fyne.Container // holds what stands beside a section
	test    *testColumn
	account *account // the drafts of the connection
	people  *operators.Section
	note    *widgets.Paragraph
	root    *fyne.Container
}

const maxName = 40

// New makes the page at its first section.
func New(cfg Config) *Page {
	p := &Page{cfg: cfg, parts: map[Section]*part{}, note: widgets.NewParagraph("", theme.CaptionStrong(), theme.Red.Text())}
	p.form, p.side = newForm(), widgets.Stack()
	if cfg.Desk != nil {
		p.test = newTestColumn(p)
		p.account = newAccount(p)
	}
	p.menu = newMenu(p)
	p.root = p.build()
	p.Show(p.sections()[0])
	return p
}

// Content is the page's content.
func (p *Page) Content() fyne.CanvasObject { return p.root }

// At is the section that is shown.
func (p *Page) At() Section { return p.at }

// sections lists what there is to choose here.
func (p *Page) sections() []Section {
	list := []Section{Mode}
	if p.cfg.Desk != nil {
		list = append(list, Checkout, REST, Relay, Ways)
	}
	if p.cfg.Operators != nil {
		list = append(list, Operators)
	}
	list = append(list, Salon, Receipt, Look)
	if p.cfg.Copies != nil {
		list = append(list, Backup)
	}
	if p.cfg.Phone != nil && p.cfg.Mode == payments.Practice {
		list = append(list, PhoneTest)
	}
	return append(list, About)
}

// Show goes to a section; one that is not there leaves the page as it is.
func (p *Page) Show(s Section) {
	found := false
	for _, have := range p.sections() {
		found = found || have == s
	}
	if !found {
		return
	}
	p.at = s
	if p.parts[s] == nil {
		p.parts[s] = p.make(s)
	}
	part := p.parts[s]
	if part.tick != nil {
		part.tick()
	}
	p.menu.choose(s)
	p.side.Objects = nil
	if part.side != nil {
		p.side.Objects = []fyne.CanvasObject{part.side}
	}
	p.form.show(part)
	p.root.Refresh()
}

// Enter puts the cursor into the first field of the section.
func (p *Page) Enter() {
	if f := p.parts[p.at].focus; f != nil {
		f()
	}
}

// Key serves a key that no part used; it reports whether it did.
func (p *Page) Key(e *fyne.KeyEvent) bool { return p.menu.key(p.cfg.Host.Canvas(), e) }

// Retest tests the connection; one that runs is ended.
func (p *Page) Retest() {
	if p.test != nil {
		p.test.Run()
	}
}

// Renew shows what is stored now, unless something unsaved stands in the
// fields.
func (p *Page) Renew() {
	if p.account != nil && p.account.have.Locked != p.cfg.Desk.Connection().Locked {
		p.account = newAccount(p)
		p.parts = map[Section]*part{}
		p.Show(p.at)
	}
	if p.account != nil {
		p.account.renew()
	}
	if p.people != nil {
		p.people.Refresh()
	}
	p.Tick()
}

// Tick renews what depends on the clock; once a second is right.
func (p *Page) Tick() {
	if part := p.parts[p.at]; part != nil && part.tick != nil {
		part.tick()
	}
	if p.test != nil {
		p.test.tick()
	}
}

func (p *Page) make(s Section) *part {
	practice := p.cfg.Mode == payments.Practice
	switch {
	case p.account != nil && p.account.have.Locked && (s == Checkout || s == REST || s == Relay || s == Ways):
		return p.lockedPart(s)
	case practice && (s == Checkout || s == REST || s == Relay || s == Ways):
		return p.practicePart(s)
	case s == Checkout && p.cfg.Mode == payments.Test:
		return p.sandboxPart()
	case s == Checkout:
		return p.account.checkoutPart()
	case s == REST:
		return p.account.restPart()
	case s == Relay:
		return p.account.relayPart()
	case s == Ways:
		return p.waysPart()
	case s == Operators:
		return p.operatorsPart()
	case s == Salon:
		return p.salonPart()
	case s == Receipt:
		return p.receiptPart()
	case s == Backup:
		return p.backupPart()
	case s == Look:
		return p.lookPart()
	case s == PhoneTest:
		return p.phonePart()
	case s == About:
		return p.aboutPart()
	}
	return p.modePart()
}

// choose hands changed settings on and tells when they could not be kept.
func (p *Page) choose(change func(*settings.Settings)) {
	next := p.cfg.Values
	change(&next)
	p.cfg.Values = next
	p.note.SetText("")
	if err := p.cfg.Choose(next); err != nil {
		p.note.SetText(p.cfg.Text.T("settings.failed"))
	}
	p.form.renew()
}

// by is the operator at the desk.
func (p *Page) by() string {
	if p.cfg.By == nil {
		return ""
	}
	return p.cfg.By()
}

func (p *Page) changed() {
	if p.cfg.Changed != nil {
		p.cfg.Changed()
	}
}
