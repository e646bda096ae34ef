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
	"frontdesk/payments"
	"frontdesk/ui"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// desk is the window and what it shows: nothing while the till is opening, then the screens of
// the till, or the reason why there is none.
type desk struct {
	p      *program
	app    fyne.App
	window fyne.Window
	log    *slog.Logger
	words  *text.Catalog

	opened chan struct{} // closed when the till is open or refused
	till   *till.Desk    // set before opened is closed
	failed error         // set before opened is closed
	screen *ui.Window    // UI goroutine only
}

func newDesk(p *program, a fyne.App, log *slog.Logger) *desk {
	d := &desk{p: p, app: a, window: a.NewWindow("Frontdesk"), log: log, opened: make(chan struct{})}
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

// open starts opening the till and returns; the window shows it when it is there.
func (d *desk) open(ctx context.Context) {
	// The ground of the pages, so that nothing flashes.
	if look, err := theme.New(theme.Config{}); err == nil {
		d.app.Settings().SetTheme(look)
	}
	go func() {
		d.till, d.failed = till.Open(ctx, d.config())
		close(d.opened)
		fyne.Do(func() { d.fill(ctx) })
	}()
}

func (d *desk) config() till.Config {
	name, err := os.Hostname()
	if err != nil {
		name = "desk"
	}
	return till.Config{
		Dir: d.p.dir, RuntimeDir: d.p.runtime, Mode: payments.Practice, Window: true,
		Version: metadata().Version, Name: name,
		Now: d.p.now, Mono: d.p.mono, Entropy: d.p.entropy, HTTP: d.p.http, Log: d.log,
	}
}

// fill puts into the window what opening gave.
func (d *desk) fill(ctx context.Context) {
	if d.failed == nil {
		d.screen, d.failed = ui.New(ui.Config{
			Till: d.till.Till(), Canvas: d.window.Canvas(), App: d.app,
			Settings: settings.In(d.p.dir), Phone: phone{d.till},
			Open: d.browse, Copy: d.app.Clipboard().SetContent,
			Entropy: d.p.entropy, Now: d.p.now, Zone: time.Local,
			Language: d.words.Lang(), Version: metadata().Version, DataDir: d.p.dir,
		})
	}
	if d.failed != nil {
		d.refuse(ctx)
		return
	}
	d.window.SetTitle(d.screen.Title())
	d.window.SetContent(d.screen.Content())
	d.screen.Start(ctx)
}

// refuse tells why there is no till here; closing the window is all that is left.
func (d *desk) refuse(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	said := d.problem(d.failed)
	d.log.Error("no till", "error", d.failed)
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
	<-d.opened
	if d.screen != nil {
		d.screen.Wait()
	}
	if d.till != nil {
		return errors.Join(d.failed, d.till.Close())
	}
	if errors.Is(d.failed, context.Canceled) {
		return nil
	}
	return d.failed
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
