package charge

import (
	"context"
	"encoding/base32"
	"errors"
	"io"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/async"
	"frontdesk/ui/widgets"
)

const (
	undoSteps    = 100
	undoTime     = 8 * time.Second
	linkValidity = 24 * time.Hour // of a link that is sent instead of shown
	keyBytes     = 20             // of randomness in a request's key
)

// Till is what this screen asks the till for.
type Till interface {
	Charge(ctx context.Context, r app.ChargeRequest) (app.Sale, error)
}

// Config is what the screen is made of. Ways, Devices, Operator, Language,
// Locked, Practice and the functions at the end may be left out.
type Config struct {
	Till       Till
	Async      async.Dispatcher
	Text       *text.Catalog
	Host       *widgets.Host
	Entropy    io.Reader // draws the key that makes a press count once
	Currency   money.Currency
	Favourites []Favourite
	Zone       *time.Location          // of the times in recent sales
	Ways       func() []payments.Rail  // that can be charged now; nil: links alone
	Devices    func() []devices.Status // nil where no terminals are driven
	Operator   string
	Language   string // of the customer's page
	Now        func() time.Time
	Locked     func() bool // the secrets are locked: cash and Practice alone
	Practice   func()      // goes over to Practice

	SaveFavourites func([]Favourite) error
	Charged        func(app.Sale) // the till has answered
	OpenSale       func(app.Sale) // a recent sale was pressed
	AllSales       func()
}

// Screen is the till on the screen.
type Screen struct {
	cfg    Config
	pad    Pad
	past   []Pad // newest last
	edit   edit
	way    way
	picked way    // that was chosen here, by hand; empty means the first that is offered
	device string // of the terminal that was chosen here; empty means the default
	snap   app.Snapshot

	key     string // of the press that is not answered yet, or of the live sale
	keyed   string // what was charged under key
	busy    bool
	sale    app.SaleID
	refused string // error code of the last answer
	denied  string // why the operator may not charge; empty when allowed

	cleared bool // the undo bar is shown
	clears  int  // counts clears, so that an old timer hides no new bar
	tab     int
	v       *view
}

// New makes the screen.
func New(cfg Config) (*Screen, error) {
	if cfg.Till == nil || cfg.Async == nil || cfg.Text == nil || cfg.Host == nil || cfg.Entropy == nil || cfg.Zone == nil || cfg.Now == nil {
		return nil, errors.New("charge: a required part of Config is missing")
	}
	if cfg.Currency == "" {
		cfg.Currency = "EUR"
	}
	s := &Screen{cfg: cfg, pad: NewPad(cfg.Currency)}
	s.v = newView(s)
	s.v.quick.render()
	s.render()
	return s, nil
}

// Content is the page.
func (s *Screen) Content() fyne.CanvasObject { return s.v.root }

// Pad returns what was typed, for another Screen to go on with.
func (s *Screen) Pad() Pad { return s.pad }

// SetOperator says who charges from now on, and in words why that one may not;
// empty words allow it.
func (s *Screen) SetOperator(operator, denied string) {
	s.cfg.Operator, s.denied = operator, denied
	s.render()
}

// Busy reports whether the till is being asked for a charge.
func (s *Screen) Busy() bool { return s.busy }

// SetPad replaces what was typed; it cannot be undone.
func (s *Screen) SetPad(p Pad) {
	s.pad = p
	s.render()
}

// SetSnapshot shows newer recent sales and notices when the sale that was
// charged here has come to an end.
func (s *Screen) SetSnapshot(snap app.Snapshot) {
	s.snap = snap
	for _, sale := range snap.Recent {
		if sale.ID == s.sale && s.sale != "" && !sale.Live() {
			s.settled(sale)
		}
	}
	s.v.quick.render()
	s.render()
}

// settled makes the pad ready after a sale: what was paid goes, what was not
// stays to be charged again.
func (s *Screen) settled(sale app.Sale) {
	s.key, s.keyed, s.sale = "", "", ""
	switch sale.State {
	case app.Withdrawn, app.Expired, app.NotCharged:
		return
	}
	s.pad, s.past = NewPad(s.cfg.Currency), nil
}

// Fresh begins a new sale; what was typed can be undone.
func (s *Screen) Fresh() {
	if s.pad.Empty() {
		return
	}
	s.change(func(p Pad) Pad { return NewPad(p.Currency) })
	s.showUndo()
}

// Next makes room for the next customer after a sale was answered; there is
// nothing to undo.
func (s *Screen) Next() {
	s.key, s.keyed, s.sale = "", "", ""
	s.pad, s.past, s.refused, s.cleared = NewPad(s.cfg.Currency), nil, "", false
	s.render()
}

func (s *Screen) showUndo() {
	s.cleared = true
	s.clears++
	n := s.clears
	s.render()
	s.after(undoTime, func() {
		if s.clears == n {
			s.cleared = false
			s.render()
		}
	})
}

// change moves to another pad and remembers the one before. After a sale that
// still lives the first change begins the next sale.
func (s *Screen) change(next func(Pad) Pad) {
	if s.busy {
		return
	}
	s.past = append(s.past, s.pad)
	if len(s.past) > undoSteps {
		s.past = s.past[1:]
	}
	from := s.pad
	if s.sale != "" {
		from = NewPad(s.cfg.Currency)
		s.key, s.keyed, s.sale = "", "", ""
	}
	s.pad, s.refused, s.cleared = next(from), "", false
	s.render()
}

// Undo goes one step back.
func (s *Screen) Undo() {
	if len(s.past) == 0 || s.busy {
		return
	}
	s.pad = s.past[len(s.past)-1]
	s.past = s.past[:len(s.past)-1]
	s.pad.Trouble, s.refused, s.cleared = "", "", false
	s.edit = edit{}
	s.render()
}

// Charge asks the till for the sale that was typed. While an answer is
// awaited a press does nothing; while the sale lives another press of the
// same content opens the same sale.
func (s *Screen) Charge() {
	if s.busy || s.denied != "" {
		return
	}
	s.commitEdit()
	if code := s.pad.Check(); code != "" {
		s.pad.Trouble = code
		s.render()
		return
	}
	if _, known := s.terminal(); s.way == byTerminal && !known {
		s.chooseTerminal()
		return
	}
	if s.way == byCash && s.may(payments.RailCash) {
		s.countCash()
		return
	}
	s.send()
}

// send asks the till for the sale.
func (s *Screen) send() {
	content := s.content()
	if s.key == "" || s.keyed != content {
		key, err := newKey(s.cfg.Entropy)
		if err != nil {
			s.refused = "internal"
			s.render()
			return
		}
		s.key, s.keyed = key, content
	}
	request := s.request() // of the way that was confirmed, whatever is offered by now
	s.busy, s.refused, s.pad.Trouble = true, "", ""
	s.render()
	s.cfg.Async.Go(func(ctx context.Context) {
		sale, err := s.cfg.Till.Charge(ctx, request)
		s.cfg.Async.Do(func() { s.answered(sale, err) })
	})
}

func (s *Screen) request() app.ChargeRequest {
	r := app.ChargeRequest{
		Lines:    s.pad.Lines(),
		Currency: s.pad.Currency,
		Note:     s.pad.Note,
		Client:   s.pad.Client,
		Operator: s.cfg.Operator,
		Language: s.cfg.Language,
		Rail:     payments.RailLink,
		Key:      s.key,
	}
	switch {
	case s.way == byTerminal:
		d, _ := s.terminal()
		r.Rail, r.Device = railOf(d), d.ID
	case s.way == byLink:
		r.Validity = linkValidity
	case s.way == byCash:
		r.Rail = payments.RailCash
	case !s.may(payments.RailLink) && s.may(payments.RailRequest):
		r.Rail = payments.RailRequest
	}
	return r
}

// content tells two different sales apart, so that a changed pad never reuses
// the key of another sale.
func (s *Screen) content() string {
	c := s.pad.Client + "\x00" + s.pad.Note
	for _, l := range s.pad.Lines() {
		c += "\x00" + l.Label + "\x01" + l.Amount.String()
	}
	c += "\x00" + string(s.way)
	if s.way == byTerminal {
		d, _ := s.terminal()
		c += "\x00" + d.ID
	}
	return c
}

func (s *Screen) answered(sale app.Sale, err error) {
	s.busy = false
	if sale.ID != "" && s.way == byTerminal {
		err = nil // the dialog says what the terminal lacks, and offers another way
	}
	if err != nil {
		s.refused = payments.CodeOf(err)
		if s.refused == "" {
			s.refused = "other"
		}
		s.render()
		return
	}
	s.sale = sale.ID
	s.render()
	if s.cfg.Charged != nil {
		s.cfg.Charged(sale)
	}
}

// newKey draws the key of one press.
func newKey(entropy io.Reader) (string, error) {
	b := make([]byte, keyBytes)
	if _, err := io.ReadFull(entropy, b); err != nil {
		return "", err
	}
	return base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(b), nil
}
