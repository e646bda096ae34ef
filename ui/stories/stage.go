package stories

import (
	"fmt"
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"frontdesk/app/text"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Look is one way to show a story. The zero value is light, English, 100 %
// text, 1280 x 800.
type Look struct {
	Dark          bool
	Lang          string
	Factor        float32
	Width, Height float32
	Plain         bool // no till beneath dialogs, which is quicker
}

// String names the look in file names: "light-en-100-1280x800".
func (l Look) String() string {
	l = l.whole()
	variant := "light"
	if l.Dark {
		variant = "dark"
	}
	return fmt.Sprintf("%s-%s-%d-%dx%d", variant, l.Lang, int(l.Factor*100+0.5), int(l.Width), int(l.Height))
}

func (l Look) whole() Look {
	if l.Lang == "" {
		l.Lang = "en"
	}
	if l.Factor == 0 {
		l.Factor = 1
	}
	if l.Width == 0 {
		l.Width, l.Height = 1280, 800
	}
	return l
}

// Story is one state of one screen. Golden ones are compared pixel by pixel.
type Story struct {
	Name   string
	Golden bool
	Build  func(*Stage) error
}

// Stage is the window a story is put on.
type Stage struct {
	Look   Look
	Text   *text.Catalog
	Window fyne.Window
	Host   *widgets.Host
	app    fyne.App
}

// Theater makes stages. Its app must be a test app of Fyne.
type Theater struct {
	app  fyne.App
	base *theme.Theme
}

// NewTheater readies an app for stories.
func NewTheater(app fyne.App) (*Theater, error) {
	base, err := theme.New(theme.Config{})
	if err != nil {
		return nil, err
	}
	return &Theater{app: app, base: base}, nil
}

// Stage puts a story on a fresh window in a look. Close the window when done.
func (t *Theater) Stage(s Story, l Look) (*Stage, error) {
	l = l.whole()
	choice := theme.Light
	if l.Dark {
		choice = theme.Dark
	}
	t.app.Settings().SetTheme(t.base.With(theme.Config{Choice: choice, Factor: l.Factor}))
	w := t.app.NewWindow(s.Name)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(l.Width, l.Height))
	st := &Stage{Look: l, Text: text.New(l.Lang), Window: w, Host: widgets.NewHost(w.Canvas()), app: t.app}
	if err := s.Build(st); err != nil {
		w.Close()
		return nil, fmt.Errorf("story %s: %w", s.Name, err)
	}
	w.Resize(fyne.NewSize(st.Look.Width, st.Look.Height)) // a story of a small window sets its own
	return st, nil
}

// Picture draws the stage.
func (s *Stage) Picture() image.Image {
	c := s.Window.Canvas()
	window := box{right: c.Size().Width, bottom: c.Size().Height}
	for _, o := range append(c.Overlays().List(), c.Content()) {
		trim(o, fyne.Position{}, window)
	}
	return c.Capture()
}

// box is a part of the window.
type box struct{ left, top, right, bottom float32 }

func (b box) within(o box) box {
	return box{max(b.left, o.left), max(b.top, o.top), min(b.right, o.right), min(b.bottom, o.bottom)}
}

// trim hides texts that are scrolled out of sight. A window clips what lies in
// a scroll in a scroll, as every entry does, at both; the software painter only
// at the inner one.
func trim(o fyne.CanvasObject, at fyne.Position, clip box) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	here := box{at.X, at.Y, at.X + o.Size().Width, at.Y + o.Size().Height}
	switch part := o.(type) {
	case *canvas.Text:
		if mid := (here.top + here.bottom) / 2; mid < clip.top || mid > clip.bottom {
			part.Hide()
		}
	case *fyne.Container:
		for _, child := range part.Objects {
			trim(child, at, clip)
		}
	case fyne.Widget:
		if _, scrolls := o.(*container.Scroll); scrolls {
			clip = clip.within(here)
		}
		for _, child := range test.WidgetRenderer(part).Objects() {
			trim(child, at, clip)
		}
	}
}

// now is the moment all stories happen at.
func now() time.Time { return time.Date(2026, 11, 21, 14, 33, 10, 0, time.UTC) }

// Looks returns the looks of the picture book: themes, languages, text sizes,
// window sizes.
func Looks() []Look {
	return []Look{
		{},
		{Dark: true},
		{Lang: "de"},
		{Lang: "bg"},
		{Width: 1024, Height: 700},
		{Width: 1920, Height: 1080},
		{Lang: "de", Width: 1024, Height: 700},
		{Factor: 1.25},
		{Factor: 1.75},
		{Lang: "de", Factor: 2},
		{Dark: true, Lang: "bg", Factor: 1.5},
	}
}
