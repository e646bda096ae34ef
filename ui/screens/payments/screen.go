package payments

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/ui/async"
	"frontdesk/ui/widgets"
)

// Till is what the screen asks of the till.
type Till interface {
	Sales(ctx context.Context, q app.Query) ([]app.Sale, error)
	Sale(ctx context.Context, id app.SaleID) (app.Sale, []app.Event, error)
}

// Summer is a Till that adds up everything a query selects, beyond what is
// shown of it.
type Summer interface {
	Sums(ctx context.Context, q app.Query) ([]app.SaleSum, error)
}

// Named is something to choose from: an ID and how it is called.
type Named struct{ ID, Name string }

// Config is what a Screen is made of. Desk, OnNew and OnShow may be left out,
// and so may Host, without which nothing can be chosen but by typing.
type Config struct {
	Host *widgets.Host
	// Devices and People are what can be chosen from; nil: nothing.
	Devices func() []Named
	People  func() []Named
	Till    Till
	Run     async.Dispatcher
	Text    *text.Catalog
	Now     func() time.Time
	Zone    *time.Location
	Desk    string
	OnNew   func()         // go to Charge
	OnShow  func(app.Sale) // show the sale in the dialog over Charge
	Acts    Acts           // what can be done with sales; without any they are only shown
}

// Screen is the list, and over it the page of one sale.
type Screen struct {
	cfg     Config
	filter  Filter
	sales   []app.Sale
	sums    []app.SaleSum // of everything chosen; nil when that is not known
	summing bool          // they are being added up
	more    bool          // there may be older ones
	loaded  bool          // an answer has come
	fault   text.Problem
	asked   int // counts questions; an answer to an older one is dropped
	shown   uint64

	open    app.SaleID // sale whose page is shown; empty shows the list
	sale    app.Sale   // as its page shows it
	events  []app.Event
	doing   string // what was asked of the till and is not answered yet
	trouble string // why the last press on the page had no effect
	task    *task
	root    *fyne.Container // list or sale
	page    *fyne.Container // root with the page's margins
	list    *listView
	detail  *detailView
}

// New makes the screen; Show loads it.
func New(cfg Config) (*Screen, error) {
	if cfg.Till == nil || cfg.Run == nil || cfg.Text == nil || cfg.Now == nil || cfg.Zone == nil {
		return nil, errors.New("payments: a required part of Config is missing")
	}
	s := &Screen{cfg: cfg, filter: Filter{Group: Any}}
	s.list = newListView(s)
	s.root = widgets.Stack(s.list.root)
	s.page = widgets.Pad(widgets.Insets{Top: 8, Right: 24, Bottom: 24, Left: 24}, s.root)
	return s, nil
}

// Content is the page to put into the shell.
func (s *Screen) Content() fyne.CanvasObject { return s.page }

// Show goes to the list and reads it anew.
func (s *Screen) Show() {
	s.back()
	s.reload()
}

// Changed reads again what is shown when the till has changed. It is cheap to
// call with every snapshot.
func (s *Screen) Changed(revision uint64) {
	if revision == s.shown {
		return
	}
	s.shown = revision
	if s.open != "" {
		s.OpenSale(s.open)
		return
	}
	s.reload()
}

// Find puts the cursor into the search field (F3).
func (s *Screen) Find() {
	s.back()
	s.list.search.Focus()
}

// Key handles Escape, which leaves a sale, then the search, and Up and Down,
// which go from row to row. False means that the key was not used.
func (s *Screen) Key(e *fyne.KeyEvent) bool {
	if s.open == "" && (e.Name == fyne.KeyDown || e.Name == fyne.KeyUp) {
		return s.list.step(map[fyne.KeyName]int{fyne.KeyDown: 1, fyne.KeyUp: -1}[e.Name])
	}
	if e.Name != fyne.KeyEscape {
		return false
	}
	switch {
	case s.open != "":
		s.back()
	case s.filter.Text != "":
		s.list.search.SetText("")
	default:
		return false
	}
	return true
}

// SetFilter changes what is asked for.
func (s *Screen) SetFilter(f Filter) {
	if f != s.filter {
		s.filter = f
		s.list.showFilter()
		s.reload()
	}
}

func (s *Screen) reload() { s.load(0) }

// older reads the page after the last row.
func (s *Screen) older() {
	if n := len(s.sales); n > 0 {
		s.load(s.sales[n-1].Seq)
	}
}

func (s *Screen) load(before int64) {
	s.asked++
	asked, q := s.asked, s.filter.Query(s.cfg.Now(), s.cfg.Zone, before)
	all, sums := s.cfg.Till.(Summer)
	sums = sums && before == 0
	s.cfg.Run.Go(func(ctx context.Context) {
		found, err := s.cfg.Till.Sales(ctx, q)
		s.cfg.Run.Do(func() {
			if asked == s.asked {
				if before == 0 {
					s.sums, s.summing = nil, sums && err == nil
				}
				s.answer(found, err, before)
			}
		})
		if !sums || err != nil {
			return
		}
		// Adding up a long journal takes longer than reading a page of it.
		total, err := all.Sums(ctx, q)
		s.cfg.Run.Do(func() {
			if asked == s.asked {
				s.summing = false
				if err == nil { // without them what is shown is added up
					s.sums = total
				}
				s.list.show()
			}
		})
	})
}

func (s *Screen) answer(found []app.Sale, err error, before int64) {
	s.fault = s.problem(err)
	if err == nil {
		if before == 0 {
			s.sales = nil
		}
		s.sales = append(s.sales, found...)
		s.more = len(found) == pageSize
		s.loaded = true
	}
	s.list.show()
}

func (s *Screen) problem(err error) text.Problem {
	if err == nil {
		return text.Problem{}
	}
	return s.cfg.Text.Failure(err)
}

// OpenSale shows the page of one sale.
func (s *Screen) OpenSale(id app.SaleID) {
	if s.open != id {
		s.trouble = ""
	}
	s.open = id
	s.cfg.Run.Go(func(ctx context.Context) {
		sale, events, err := s.cfg.Till.Sale(ctx, id)
		s.cfg.Run.Do(func() {
			if s.open == id {
				s.showSale(sale, events, err)
			}
		})
	})
}

func (s *Screen) showSale(sale app.Sale, events []app.Event, err error) {
	if err != nil {
		s.back()
		s.fault = s.problem(err)
		s.list.show()
		return
	}
	s.sale, s.events = sale, events
	s.draw()
}

// draw shows the page of the sale. What has the focus keeps it.
func (s *Screen) draw() {
	d := Describe(s.sale, s.events, s.cfg.Text, s.cfg.Zone, s.cfg.Desk)
	had := ""
	if s.detail != nil && s.cfg.Host != nil {
		had = s.detail.focused(s.cfg.Host.Canvas().Focused())
	}
	s.detail = newDetailView(d, s)
	s.root.Objects = []fyne.CanvasObject{s.detail.root}
	s.root.Refresh()
	if had != "" && s.cfg.Host.Top() == nil {
		s.cfg.Host.Canvas().Focus(s.detail.parts[had])
	}
}

func (s *Screen) back() {
	s.open, s.sale, s.trouble, s.detail = "", app.Sale{}, "", nil
	s.root.Objects = []fyne.CanvasObject{s.list.root}
	s.root.Refresh()
}
