package day

import (
	"context"
	"errors"
	"io"
	"reflect"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/async"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Book is what the page asks of the book of days.
type Book interface {
	Report(ctx context.Context, day string) (day.Report, error)
	Close(ctx context.Context, by app.Actor, day string, open bool) (day.Report, error)
	ReopenFor(ctx context.Context, by app.Actor, day, reason string) error
	Export(ctx context.Context, by app.Actor, w io.Writer, day string, f day.Format, comma bool) error
}

// Till asks the provider about a sale, and takes note that a late payment is
// kept.
type Till interface {
	CheckNow(ctx context.Context, id app.SaleID) error
	Keep(ctx context.Context, id app.SaleID, operator string) error
}

// Account compares the day with the list of myPOS, and makes a sale of a line
// that stands there alone.
type Account interface {
	Reconcile(ctx context.Context) error
	Adopt(ctx context.Context, e day.Entry, by app.Actor) (app.SaleID, error)
}

// Paper puts a day on paper.
type Paper interface {
	DayPDF(ctx context.Context, day string, w io.Writer, by app.Actor) error
	PrintDay(ctx context.Context, day string, by app.Actor) error
}

// Person is who is at the desk.
type Person struct {
	ID, Name string
	HasPIN   bool
	MayClose bool
}

// Config is what a Screen is made of. Account, Paper, QR, Save, OnRefund,
// OnResolve and OnConnect may be left out.
type Config struct {
	Book Book
	Till Till
	// Account is nil where there is no list to compare with.
	Account Account
	// Paper is nil where nothing can be printed.
	Paper  Paper
	Run    async.Dispatcher
	Host   *widgets.Host
	Text   *text.Catalog
	Now    func() time.Time
	Zone   *time.Location
	Person func() Person
	// OnShow shows a sale where it is answered: in the dialog over the till, or
	// on its page.
	OnShow func(app.Sale)
	// OnRefund and OnResolve open the dialogs for that; nil: OnShow does.
	OnRefund  func(app.Sale)
	OnResolve func(s app.Sale, refund string)
	// OnConnect goes to where the list of myPOS is connected.
	OnConnect func()
	// QR makes the code of the seal.
	QR func(text string) ([][]bool, error)
	// Save writes a file where people find it and returns where that is; nil:
	// there is no export here.
	Save func(name string, write func(io.Writer) error) (string, error)
}

// Screen is the page.
type Screen struct {
	cfg       Config
	chosen    string // the day that is shown; empty for the one that is running
	report    day.Report
	loaded    bool
	fault     text.Problem
	asked     int // counts questions; an answer to an older one is dropped
	loading   bool
	stale     bool // the till changed while a report was computed
	closing   bool // closing is asked about as soon as the day is there
	shown     uint64
	read      time.Time         // when the report was read last
	comparing bool              // a comparison was asked for here
	busy      map[string]string // what is done about a look, by its key
	trouble   map[string]string // why that failed
	drawn     View
	lines     []*line
	compare   *widgets.IconButton // nil where nothing can be compared

	header *fyne.Container
	scroll *widgets.Scroll
	root   *fyne.Container
}

// New makes the page; Show loads it.
func New(cfg Config) (*Screen, error) {
	if cfg.Book == nil || cfg.Till == nil || cfg.Run == nil || cfg.Host == nil || cfg.Text == nil || cfg.Now == nil || cfg.Zone == nil ||
		cfg.Person == nil || cfg.OnShow == nil {
		return nil, errors.New("day: a required part of Config is missing")
	}
	s := &Screen{cfg: cfg, busy: map[string]string{}, trouble: map[string]string{}}
	s.header = widgets.Stack()
	s.scroll = widgets.NewScroll(widgets.Stack())
	s.root = widgets.Place(func() fyne.Size { return fyne.NewSize(360, 300) }, func(size fyne.Size) {
		s.header.Resize(fyne.NewSize(size.Width-48, s.header.Size().Height))
		h := max(s.header.MinSize().Height, 52)
		widgets.Put(s.header, 24, 8, size.Width-48, h)
		widgets.Put(s.scroll, 0, 8+h+4, size.Width, size.Height-h-12-16*theme.Factor())
	}, s.header, s.scroll)
	s.draw()
	return s, nil
}

// Content is the page to put into the shell.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Show reads the day anew.
func (s *Screen) Show() { s.load() }

// Changed reads the day again when the till has changed. It is cheap to call
// with every snapshot.
func (s *Screen) Changed(revision uint64) {
	if revision == s.shown {
		return
	}
	s.shown = revision
	if s.loading {
		s.stale = true
		return
	}
	s.load()
}

// Rhythm in which the day is read again while it is shown.
const (
	readAgain   = 30 * time.Second
	readRunning = time.Second // while it is compared
)

// Tick renews what depends on the clock, and reads the day again now and then;
// once a second is right.
func (s *Screen) Tick() {
	for _, l := range s.lines {
		if !l.look.Next.IsZero() {
			l.sentence.SetText(s.sentence(l.look))
		}
	}
	wait := readAgain
	if s.report.Match.State == day.MatchRunning {
		wait = readRunning
	}
	if s.loaded && !s.loading && s.cfg.Now().Sub(s.read) >= wait {
		s.load()
	}
}

// Go shows a day; empty is the one that is running.
func (s *Screen) Go(name string) {
	s.chosen = name
	s.trouble = map[string]string{}
	s.load()
}

// Key serves the keys of the page: F8 closes, Page Up and Page Down and the
// arrows left and right turn to other days, Home to the one that is running. Up
// and Down go from one thing to look at to the next, Enter does what its button
// says.
func (s *Screen) Key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyF8:
		s.Close()
	case fyne.KeyUp:
		s.walk(-1)
	case fyne.KeyDown:
		s.walk(1)
	case fyne.KeyPageUp, fyne.KeyLeft:
		s.turn(-1)
	case fyne.KeyPageDown, fyne.KeyRight:
		s.turn(1)
	case fyne.KeyHome:
		s.Go("")
	default:
		return false
	}
	return true
}

// turn goes n days on, never beyond the one that is running.
func (s *Screen) turn(n int) {
	t, err := time.Parse(time.DateOnly, s.report.Day)
	if err != nil || n > 0 && s.running() {
		return
	}
	s.Go(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// running reports whether the day that is shown has not ended.
func (s *Screen) running() bool {
	return s.report.Closed == nil && s.cfg.Now().Before(s.report.Until)
}

func (s *Screen) load() {
	s.asked++
	s.loading, s.stale = true, false
	asked, name := s.asked, s.chosen
	s.cfg.Run.Go(func(ctx context.Context) {
		r, err := s.cfg.Book.Report(ctx, name)
		s.cfg.Run.Do(func() {
			if asked == s.asked {
				s.answer(r, err)
			}
		})
	})
}

func (s *Screen) answer(r day.Report, err error) {
	s.loading, s.read = false, s.cfg.Now()
	s.fault = text.Problem{}
	switch {
	case err == nil:
		s.report, s.loaded = r, true
	case s.loaded && payments.CodeOf(err) == "day.future":
		s.chosen = s.report.Day // there is no day after the last
	default:
		s.fault = s.cfg.Text.Failure(err)
	}
	s.draw()
	if s.closing {
		s.closing = false
		s.Close()
	}
	if s.stale {
		s.load()
	}
}

// draw shows what is known now. The focus stays on what it stood on.
func (s *Screen) draw() {
	c := s.cfg.Text
	v := Show(s.report, c, s.cfg.Now(), s.cfg.Zone)
	if s.loaded && s.fault.What == "" && len(s.header.Objects) > 0 && reflect.DeepEqual(v, s.drawn) {
		return
	}
	back := s.keepFocus()
	s.drawn, s.lines, s.compare = View{}, nil, nil
	var body fyne.CanvasObject
	switch {
	case s.fault.What != "":
		s.header.Objects = []fyne.CanvasObject{widgets.Title(c.T("day.title"))}
		body = widgets.NewCard(widgets.Insets{Top: 56, Right: 28, Bottom: 56, Left: 28},
			widgets.NewEmpty("alert", c.T("day.error.title"), s.fault.Text(), c.T("day.error.again"), s.load))
	case !s.loaded:
		s.header.Objects = []fyne.CanvasObject{widgets.Title(c.T("day.title"))}
		body = s.waiting()
	default:
		s.drawn = v
		s.header.Objects = []fyne.CanvasObject{s.head(v)}
		body = s.cards(v)
	}
	s.scroll.SetContent(widgets.Pad(widgets.Insets{Top: 10, Right: 24, Bottom: 10, Left: 24}, body))
	s.header.Refresh()
	s.root.Refresh()
	back()
}

// redraw draws what is known even when the day is the same.
func (s *Screen) redraw() {
	s.drawn = View{}
	s.draw()
}

// head is the title with the ways to other days, and what can be done.
func (s *Screen) head(v View) fyne.CanvasObject {
	c := s.cfg.Text
	square := func(icon, name string, act func()) (fyne.CanvasObject, *widgets.IconButton) {
		b := widgets.NewIconButton(icon, 20, name, act)
		skin := widgets.Skin{Fill: theme.Paper, Radius: 14, Shadow: widgets.RaisedShadow}
		return widgets.Sized(48, 48, widgets.Stack(widgets.NewSurface(skin), b)), b
	}
	before, _ := square("left", c.T("day.before"), func() { s.turn(-1) })
	after, next := square("right", c.T("day.after"), func() { s.turn(1) })
	choose, _ := square("calendar", c.T("day.choose"), s.Choose)
	if s.running() {
		next.Disable()
	}
	left := []fyne.CanvasObject{widgets.Title(raised(v.Title)), widgets.Row(10, before, after, choose)}
	if v.Mode != "" {
		left = append(left, widgets.NewPill(v.Mode))
	}
	var right []fyne.CanvasObject
	if s.cfg.Paper != nil && len(v.Takings) > 0 {
		right = append(right, widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Icon: "printer", Label: c.T("day.print"), OnTap: s.Print}))
	}
	if s.cfg.Save != nil && len(v.Takings) > 0 {
		right = append(right, widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Icon: "download", Label: c.T("day.export"), OnTap: s.Export}))
	}
	if s.report.Closed == nil {
		right = append(right, widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Label: c.T("day.close"), Key: "F8", OnTap: s.Close}))
	}
	return newEnds(widgets.Row(16, left...), widgets.Row(10, right...))
}
