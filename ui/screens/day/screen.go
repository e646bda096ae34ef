package day

import (
	"context"
	"errors"
	"io"
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
	Reopen(ctx context.Context, by app.Actor, day string) error
	Export(ctx context.Context, by app.Actor, w io.Writer, day string, f day.Format, comma bool) error
}

// Till asks the provider about a sale.
type Till interface {
	CheckNow(ctx context.Context, id app.SaleID) error
}

// Person is who is at the desk.
type Person struct {
	ID, Name string
	HasPIN   bool
	MayClose bool
}

// Config is what a Screen is made of. QR and Save may be left out.
type Config struct {
	Book   Book
	Till   Till
	Run    async.Dispatcher
	Host   *widgets.Host
	Text   *text.Catalog
	Now    func() time.Time
	Zone   *time.Location
	Person func() Person
	// OnShow shows a sale in the dialog over Charge, OnOpen its page.
	OnShow func(app.Sale)
	OnOpen func(app.SaleID)
	// QR makes the code of the seal.
	QR func(text string) ([][]bool, error)
	// Save writes a file where people find it and returns where that is; nil:
	// there is no export here.
	Save func(name string, write func(io.Writer) error) (string, error)
}

// Screen is the page.
type Screen struct {
	cfg      Config
	chosen   string // the day that is shown; empty for the one that is running
	report   day.Report
	loaded   bool
	fault    text.Problem
	asked    int // counts questions; an answer to an older one is dropped
	loading  bool
	stale    bool // the till changed while a report was computed
	closing  bool // closing is asked about as soon as the day is there
	shown    uint64
	checking map[app.SaleID]bool
	buttons  map[app.SaleID]*widgets.Button

	header *fyne.Container
	scroll *widgets.Scroll
	root   *fyne.Container
}

// New makes the page; Show loads it.
func New(cfg Config) (*Screen, error) {
	if cfg.Book == nil || cfg.Till == nil || cfg.Run == nil || cfg.Host == nil || cfg.Text == nil || cfg.Now == nil || cfg.Zone == nil ||
		cfg.Person == nil || cfg.OnShow == nil || cfg.OnOpen == nil {
		return nil, errors.New("day: a required part of Config is missing")
	}
	s := &Screen{cfg: cfg, checking: map[app.SaleID]bool{}, buttons: map[app.SaleID]*widgets.Button{}}
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

// Go shows a day; empty is the one that is running.
func (s *Screen) Go(name string) {
	s.chosen = name
	s.load()
}

// Key serves the keys of the page: F8 closes, Page Up and Page Down and the
// arrows turn to other days, Home to the one that is running.
func (s *Screen) Key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyF8:
		s.Close()
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
	s.loading = false
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

// act does what the button of a look says.
func (s *Screen) act(l Look) {
	switch l.Act {
	case Answer:
		s.cfg.OnShow(l.Sale)
	case Check:
		id := l.Sale.ID
		if s.checking[id] {
			return
		}
		s.checking[id] = true
		if b := s.buttons[id]; b != nil {
			b.SetBusy(s.cfg.Text.T("day.checking"))
		}
		s.cfg.Run.Go(func(ctx context.Context) {
			err := s.cfg.Till.CheckNow(ctx, id)
			s.cfg.Run.Do(func() { s.checked(id, err) })
		})
	default:
		s.cfg.OnOpen(l.Sale.ID)
	}
}

// checked shows what asking brought; without an answer the page of the sale
// tells more.
func (s *Screen) checked(id app.SaleID, err error) {
	delete(s.checking, id)
	if b := s.buttons[id]; b != nil {
		b.SetBusy("")
	}
	if err != nil {
		s.cfg.OnOpen(id)
		return
	}
	s.load()
}

// draw shows what is known now.
func (s *Screen) draw() {
	c := s.cfg.Text
	s.buttons = map[app.SaleID]*widgets.Button{}
	var body fyne.CanvasObject
	switch {
	case s.fault.What != "":
		s.header.Objects = []fyne.CanvasObject{widgets.Title(c.T("day.title"))}
		body = widgets.NewCard(widgets.Insets{Top: 56, Right: 28, Bottom: 56, Left: 28},
			widgets.NewEmpty("alert", c.T("day.error.title"), s.fault.Text(), c.T("day.error.again"), s.load))
	case !s.loaded:
		s.header.Objects = []fyne.CanvasObject{widgets.Title(c.T("day.title"))}
		body = widgets.Stack()
	default:
		v := Show(s.report, c, s.cfg.Now(), s.cfg.Zone)
		s.header.Objects = []fyne.CanvasObject{s.head(v)}
		body = s.cards(v)
	}
	s.scroll.SetContent(widgets.Pad(widgets.Insets{Top: 10, Right: 24, Bottom: 10, Left: 24}, body))
	s.header.Refresh()
	s.root.Refresh()
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
	left := []fyne.CanvasObject{widgets.Title(v.Title), widgets.Row(10, before, after, choose)}
	if v.Mode != "" {
		left = append(left, widgets.NewPill(v.Mode))
	}
	var right []fyne.CanvasObject
	if s.cfg.Save != nil && len(v.Takings) > 0 {
		right = append(right, widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Icon: "download", Label: c.T("day.export"), OnTap: s.Export}))
	}
	if s.report.Closed == nil {
		right = append(right, widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Label: c.T("day.close"), Key: "F8", OnTap: s.Close}))
	}
	return newEnds(widgets.Row(16, left...), widgets.Row(10, right...))
}
