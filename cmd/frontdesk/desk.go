package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app/local"
	"frontdesk/app/settings"
	"frontdesk/app/text"
	"frontdesk/app/till"
	"frontdesk/app/vault"
	"frontdesk/cmd/internal/runner"
	"frontdesk/payments"
	"frontdesk/payments/qr"
	"frontdesk/ui"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// desk is the window and what it shows: nothing while a till is opening, then the screens of the
// till, or the reason why there is none.
type desk struct {
	p        *program
	app      fyne.App
	window   fyne.Window
	log      *slog.Logger
	words    *text.Catalog
	settings *settings.File
	keyring  vault.Keys

	now   *sitting // UI goroutine only
	ended []*sitting
}

// sitting is one till in the window, from opening to closing.
type sitting struct {
	mode   payments.Mode
	begin  string // page of the first moment
	end    context.CancelFunc
	opened chan struct{} // closed when the till is open or refused
	till   *till.Desk    // set before opened is closed
	failed error         // set before opened is closed
	screen *ui.Window    // UI goroutine only
	closed chan struct{} // closed when nothing of it runs any more
	left   error         // set before closed is closed
}

func newDesk(p *program, a fyne.App, log *slog.Logger) *desk {
	d := &desk{
		p: p, app: a, window: a.NewWindow("Frontdesk"), log: log,
		settings: settings.In(p.dir), keyring: vault.NewKeyring(),
	}
	d.words = text.New(language())
	d.window.SetMaster()
	d.window.SetPadded(false)
	d.window.Resize(fyne.NewSize(1280, 800))
	d.window.CenterOnScreen()
	return d
}

// language is the user's, as two letters.
func language() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); len(v) >= 2 {
			return v[:2]
		}
	}
	return "en"
}

// open starts opening the till of the mode that was worked in last and returns; the window shows
// it when it is there.
func (d *desk) open(ctx context.Context) {
	// The ground of the pages, so that nothing flashes.
	if look, err := theme.New(theme.Config{}); err == nil {
		d.app.Settings().SetTheme(look)
	}
	kept, err := d.settings.Load()
	if err != nil {
		d.log.Warn("the settings cannot be read", "error", err)
	}
	mode := kept.Mode
	if mode.OrderLetter() == 0 {
		mode = payments.Practice
	}
	d.sit(ctx, mode, "")
}

// sit opens the till of a mode. The one before has been closed.
func (d *desk) sit(ctx context.Context, mode payments.Mode, begin string) {
	own, end := context.WithCancel(ctx)
	s := &sitting{mode: mode, begin: begin, end: end, opened: make(chan struct{}), closed: make(chan struct{})}
	d.now = s
	go func() {
		s.till, s.failed = till.Open(own, d.config(mode))
		close(s.opened)
		fyne.Do(func() { d.fill(ctx, own, s) })
	}()
}

// turn closes the till and opens that of another mode, or of the same one anew. It returns at
// once; the window is empty in between.
func (d *desk) turn(ctx context.Context, to payments.Mode, begin string) {
	before := d.now
	d.window.SetContent(widgets.Place(nil, func(fyne.Size) {}))
	d.ended = append(d.ended, before)
	go func() {
		if err := before.close(); err != nil {
			d.log.Error("the till did not close well", "error", err)
		}
		if kept, err := d.settings.Load(); err == nil {
			kept.Mode = to
			if err := d.settings.Save(kept); err != nil {
				d.log.Warn("the mode is not remembered", "error", err)
			}
		}
		fyne.Do(func() {
			if ctx.Err() == nil {
				d.sit(ctx, to, begin)
			}
		})
	}()
}

func (d *desk) config(mode payments.Mode) till.Config {
	name, err := os.Hostname()
	if err != nil {
		name = "desk"
	}
	cfg := till.Config{
		Dir: d.p.dir, RuntimeDir: d.p.runtime, Mode: mode, Window: true,
		Version: version(), Name: name,
		Now: d.p.now, Mono: d.p.mono, Zone: d.p.zone, Entropy: d.p.entropy, HTTP: d.p.http, Log: d.log,
		Keyring: d.keyring, Passphrase: d.p.passphrase, Run: runner.Run,
	}
	d.p.sim.apply(&cfg)
	return cfg
}

// fill puts into the window what opening gave.
func (d *desk) fill(ctx, own context.Context, s *sitting) {
	if s.failed == nil {
		s.screen, s.failed = ui.New(ui.Config{
			Till: s.till.Till(), Canvas: d.window.Canvas(), App: d.app,
			Settings: d.settings, Phone: phoneOf(s), Desk: s.till, Operators: s.till.Staff(),
			Days: s.till.Days(), Account: s.till, DayPaper: s.till, QR: qr.Matrix, Save: saver(d.p.files),
			Receipts: s.till, Printers: s.till, Copies: shelf{s.till}, Fleet: fleetOf(s),
			Devices: s.till, Ways: s.till.Ways, PracticeTerminal: practiceTerminal(s.till),
			Switch: func(to payments.Mode, begin string) { d.turn(ctx, to, begin) }, Begin: s.begin,
			Simulated: s.till.Simulated(),
			Sound:     d.p.play,
			Open:      d.browse, Copy: d.app.Clipboard().SetContent,
			Entropy: d.p.entropy, Now: d.p.now, Zone: d.p.zone,
			Language: d.words.Lang(), Version: version(), DataDir: d.p.dir,
		})
	}
	if s.failed != nil {
		d.refuse(own, s)
		return
	}
	d.window.SetTitle(s.screen.Title())
	d.window.SetContent(s.screen.Content())
	s.screen.Start(own)
}

// phoneOf is nil where the till has nothing a phone could open.
func phoneOf(s *sitting) ui.Phone {
	if s.mode != payments.Practice {
		return nil
	}
	return phone{s.till}
}

// refuse tells why there is no till here; closing the window is all that is left.
func (d *desk) refuse(ctx context.Context, s *sitting) {
	if ctx.Err() != nil {
		return
	}
	said := d.problem(s.failed)
	d.log.Error("no till", "error", s.failed)
	fmt.Fprintln(d.p.err, "frontdesk:", said.Text(), "("+d.p.dir+")")
	d.window.SetContent(d.refusal(said))
}

// refusal is a page with nothing but the reason and a way out.
func (d *desk) refusal(said text.Problem) fyne.CanvasObject {
	page := widgets.Col(
		12,
		widgets.Center(widgets.NewDisc(widgets.DiscConfig{Size: 64, Fill: theme.PrimaryTint, Color: theme.OnPrimaryTint, Icon: "alert", IconSize: 28})),
		widgets.NewParagraph(said.What, theme.Heading(), theme.Ink).Center(),
		widgets.NewParagraph(said.Money+" "+said.Do, theme.Body(), theme.Ink2).Center(),
		widgets.NewParagraph(d.p.dir, theme.Caption(), theme.Ink3).Center(),
		widgets.Center(widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Label: d.words.T("close"), OnTap: d.app.Quit})),
	)
	const width = 560
	return widgets.Place(nil, func(s fyne.Size) {
		w := min(s.Width-48, width*theme.Factor())
		page.Resize(fyne.NewSize(w, s.Height)) // wrapping texts learn their width first
		h := page.MinSize().Height
		widgets.Put(page, (s.Width-w)/2, (s.Height-h)/2, w, h)
	}, page)
}

func (d *desk) problem(err error) text.Problem {
	switch {
	case errors.Is(err, local.ErrHeld):
		return d.words.Problem("journal.busy")
	case errors.Is(err, fs.ErrPermission):
		return d.words.Problem("journal.readonly")
	}
	return d.words.Problem(payments.CodeOf(err))
}

// browse opens a mail program or a browser. On Windows the address goes through a program that
// would also start others, so only these three kinds are let through.
func (d *desk) browse(u *url.URL) error {
	if !openable(u) {
		return fmt.Errorf("%w: an address of kind %q", payments.ErrRefused, u.Scheme)
	}
	return d.app.OpenURL(u)
}

// openable lets https and mailto through, and http on this computer, where Practice lives.
func openable(u *url.URL) bool {
	switch u.Scheme {
	case "https", "mailto":
		return true
	case "http":
		ip := net.ParseIP(u.Hostname())
		return ip != nil && ip.IsLoopback()
	}
	return false
}

// close ends the screens, then the till. The context of open has ended.
func (d *desk) close() error {
	for _, s := range d.ended {
		<-s.closed
	}
	return d.now.close()
}

// close ends the screens of a sitting, then its till, once.
func (s *sitting) close() error {
	s.end()
	<-s.opened
	select {
	case <-s.closed:
		return s.left
	default:
	}
	if s.screen != nil {
		s.screen.Wait()
	}
	switch {
	case s.till != nil:
		s.left = errors.Join(s.failed, s.till.Close())
	case !errors.Is(s.failed, context.Canceled):
		s.left = s.failed
	}
	close(s.closed)
	return s.left
}

// phone is the till's second listener in the words of the screens.
type phone struct{ *till.Desk }

// OpenPhone opens the customer's pages and says where and how long.
func (p phone) OpenPhone(ctx context.Context, address string) (string, time.Time, error) {
	open, err := p.Desk.OpenPhone(ctx, address)
	return open.URL, open.Until, err
}

// PhoneOpen tells whether they are open now.
func (p phone) PhoneOpen() (string, time.Time, bool) {
	now, open := p.Phone()
	return now.URL, now.Until, open
}
