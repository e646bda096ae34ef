package settings_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	kept "frontdesk/app/settings"
	"frontdesk/app/setup"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/screens/settings"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// desk is a till that remembers what it was asked and answers what the test
// put there.
type desk struct {
	have     setup.Connection
	found    setup.Diagnosis
	problems []setup.Problem
	rows     []setup.Row
	open     int
	err      error
	saved    []setup.Draft
	tested   []setup.Draft
	by       string
	gone     []string
	pass     string
	during   func() // runs while a test runs
	saving   func() // runs while a save runs
}

func (d *desk) Connection() setup.Connection { return d.have }

func (d *desk) Diagnose(string, payments.Mode) setup.Diagnosis { return d.found }

func (d *desk) Check(setup.Draft) []setup.Problem { return d.problems }

func (d *desk) TestConnection(_ context.Context, draft setup.Draft, row func(setup.Row)) []setup.Row {
	d.tested = append(d.tested, draft)
	for _, r := range d.rows {
		row(r)
	}
	if d.during != nil {
		d.during()
	}
	return d.rows
}

func (d *desk) Save(_ context.Context, draft setup.Draft, by string) error {
	d.saved, d.by = append(d.saved, draft), by
	if d.saving != nil {
		d.saving()
	}
	return d.err
}

func (d *desk) OpenAttempts(context.Context) (int, error) { return d.open, nil }

func (d *desk) Disconnect(_ context.Context, by string) error {
	d.gone = append(d.gone, "disconnect "+by)
	return d.err
}

func (d *desk) EraseEverything(_ context.Context, by string) error {
	d.gone = append(d.gone, "erase "+by)
	return d.err
}

func (d *desk) Unlock(_ context.Context, pass string) error {
	d.pass = pass
	return d.err
}

// queue runs work when the test says so.
type queue struct{ work []func(context.Context) }

func (q *queue) Go(w func(context.Context)) { q.work = append(q.work, w) }
func (q *queue) Do(f func())                { f() }

// flush runs what waits, and what that starts.
func (q *queue) flush() {
	for len(q.work) > 0 {
		w := q.work[0]
		q.work = q.work[1:]
		w(context.Background())
	}
}

type rig struct {
	t        *testing.T
	page     *settings.Page
	desk     *desk
	run      *queue
	window   fyne.Window
	host     *widgets.Host
	words    *text.Catalog
	clip     string
	sales    int
	switched []payments.Mode
	chosen   kept.Settings
	shop     shop
}

func when() time.Time { return time.Date(2026, 11, 21, 14, 33, 10, 0, time.UTC) }

func connection() setup.Connection {
	return setup.Connection{
		Mode: payments.Live, SID: "1048207", Wallet: "40217735581", KeyIndex: 2, KeyBits: 2048, KeySince: when().AddDate(0, 0, -18),
		Certificate: "9f1c2b7f22c9", CertUntil: when().AddDate(4, 6, 0), EnableAPI: true, ClientID: "MB-2041-7733", SecretSince: when().AddDate(-1, 0, 0),
		Relay: "https://pay.salon.example", PairedSince: when().AddDate(0, -1, 0), Online: true,
	}
}

func start(t *testing.T, mode payments.Mode, d *desk) *rig {
	t.Helper()
	a := test.NewTempApp(t)
	look, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(look)
	d.have.Mode = mode
	r := &rig{t: t, desk: d, run: &queue{}, window: test.NewTempWindow(t, nil), words: text.New("en")}
	r.window.SetPadded(false)
	r.host = widgets.NewHost(r.window.Canvas())
	r.page = settings.New(settings.Config{
		Text: r.words, Host: r.host, Async: r.run, Values: kept.Settings{Language: "en", Currency: "EUR", Salon: "Mira"}, Mode: mode, Desk: d,
		Now: when, Zone: time.UTC, By: func() string { return "ELENA000" }, Paste: func() string { return r.clip }, Copy: func(string) {},
		OpenSales: func() int { return r.sales }, Devices: func() int { return 0 }, Proof: func() payments.Proof { return payments.Proof{} },
		Switch: func(m payments.Mode, _ settings.Section) { r.switched = append(r.switched, m) },
		Choose: func(s kept.Settings) error { r.chosen = s; return nil }, Printers: &r.shop, Copies: &r.shop, Fleet: &r.shop,
	})
	r.window.SetContent(r.page.Content())
	r.window.Resize(fyne.NewSize(1200, 760))
	return r
}

// walk visits what can be seen, the topmost layer alone.
func (r *rig) walk(visit func(fyne.CanvasObject) bool) {
	root := r.window.Content()
	if o := r.window.Canvas().Overlays().Top(); o != nil {
		root = o
	}
	var down func(fyne.CanvasObject) bool
	down = func(o fyne.CanvasObject) bool {
		if o == nil || !o.Visible() {
			return false
		}
		if visit(o) {
			return true
		}
		switch part := o.(type) {
		case *fyne.Container:
			return slices.ContainsFunc(part.Objects, down)
		case fyne.Widget:
			return slices.ContainsFunc(test.WidgetRenderer(part).Objects(), down)
		}
		return false
	}
	down(root)
}

func (r *rig) press(name string) {
	r.t.Helper()
	found := false
	r.walk(func(o fyne.CanvasObject) bool {
		a, named := o.(fyne.Accessible)
		b, tappable := o.(fyne.Tappable)
		if found = named && tappable && a.AccessibilityLabel() == name; found {
			b.Tapped(&fyne.PointEvent{})
		}
		return found
	})
	if !found {
		r.t.Fatalf("nothing to press is called %q in:\n%s", name, r.all())
	}
	r.run.flush()
}

func (r *rig) field(label string) *widgets.Field {
	r.t.Helper()
	var found *widgets.Field
	r.walk(func(o fyne.CanvasObject) bool {
		if f, ok := o.(*widgets.Field); ok && f.AccessibilityLabel() == label {
			found = f
		}
		return found != nil
	})
	if found == nil {
		r.t.Fatalf("no field is called %q", label)
	}
	return found
}

// pick goes steps down in the choice with a label.
func (r *rig) pick(label string, steps int) {
	r.t.Helper()
	found := false
	r.walk(func(o fyne.CanvasObject) bool {
		c, ok := o.(*widgets.Choice)
		if found = ok && strings.HasPrefix(c.AccessibilityLabel(), label); found {
			for range steps {
				c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
			}
		}
		return found
	})
	if !found {
		r.t.Fatalf("no choice is called %q", label)
	}
}

// all is every word that can be seen, paragraphs joined again.
func (r *rig) all() string {
	var b strings.Builder
	r.walk(func(o fyne.CanvasObject) bool {
		switch part := o.(type) {
		case *widgets.Paragraph:
			b.WriteString(part.Text() + "\n")
		case *canvas.Text:
			b.WriteString(part.Text + "\n")
		}
		return false
	})
	return b.String()
}

func (r *rig) shows(words string) {
	r.t.Helper()
	if !strings.Contains(r.all(), words) {
		r.t.Errorf("%q is not shown in:\n%s", words, r.all())
	}
}

func (r *rig) hides(words string) {
	r.t.Helper()
	if strings.Contains(r.all(), words) {
		r.t.Errorf("%q is shown", words)
	}
}

func refused(code string) error {
	return &payments.Error{Op: "test", Code: code, Err: errors.New("refused")}
}
