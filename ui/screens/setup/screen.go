package setup

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"frontdesk/app/text"
	"frontdesk/payments/money"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Way is how somebody goes on from the first start.
type Way int

// Ways on.
const (
	Try      Way = iota // Practice
	Connect             // myPOS credentials
	Terminal            // a card terminal
)

// Choices are what was typed and chosen. An empty Salon was skipped.
type Choices struct {
	Salon    string
	Language string
	Currency money.Currency
}

// Config is what the screen is made of. Languages are told apart by their
// catalogues, so a choice shows at once.
type Config struct {
	Choices Choices // to begin with
	Done    func(Way, Choices)
}

// maxName is the longest name of a salon, in letters.
const maxName = 40

// Screen is the first start.
type Screen struct {
	cfg      Config
	text     *text.Catalog
	salon    *widgets.Field
	language *widgets.Choice
	currency *widgets.Choice
	promise  *widgets.Paragraph
	sentence *widgets.Paragraph
	foot     *widgets.Paragraph
	buttons  [3]*widgets.Button
	mark     *fyne.Container
	root     *fyne.Container
	low      bool // the window is low
}

// New makes the screen.
func New(cfg Config) *Screen {
	s := &Screen{cfg: cfg, text: text.New(cfg.Choices.Language)}
	s.cfg.Choices.Language = s.text.Lang()
	if cfg.Choices.Currency == "" {
		s.cfg.Choices.Currency = money.EUR
	}
	s.promise = widgets.NewParagraph("", theme.Status(), theme.Ink)
	s.sentence = widgets.NewParagraph("", theme.Lead(), theme.Ink2)
	s.foot = widgets.NewParagraph("", theme.Caption(), theme.Ink3)
	s.salon = widgets.NewField(widgets.FieldConfig{Label: " ", Height: 56, OnSubmit: func(string) { s.done(Try) }, OnKey: s.key})
	s.salon.SetText(cfg.Choices.Salon)
	s.language = widgets.NewChoice(" ", nil, slices.Index(text.Languages(), s.cfg.Choices.Language), 56, s.speak)
	s.currency = widgets.NewChoice(" ", nil, slices.Index(money.Currencies(), s.cfg.Choices.Currency), 56, func(i int) {
		s.cfg.Choices.Currency = money.Currencies()[i]
	})
	kinds := [3]widgets.ButtonConfig{
		{Kind: widgets.Primary, Height: 72, Key: "Enter"}, {Kind: widgets.Secondary, Height: 56}, {Kind: widgets.Secondary, Height: 56},
	}
	for i, c := range kinds {
		c.OnTap = func() { s.done(Way(i)) }
		s.buttons[i] = widgets.NewButton(c)
	}
	s.words()
	s.root = s.build()
	return s
}

// Content is what the window shows.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Focus puts the cursor into the first field. It takes the canvas because one
// that has not been drawn yet cannot be found by what stands on it.
func (s *Screen) Focus(c fyne.Canvas) { c.Focus(s.salon.Entry()) }

// TypedKey serves keys that no part used: Enter tries it out, Escape too, for
// that is what skipping means.
func (s *Screen) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape:
		s.done(Try)
	}
}

func (s *Screen) key(e *fyne.KeyEvent) bool {
	if e.Name == fyne.KeyEscape {
		s.done(Try)
		return true
	}
	return false
}

// speak changes the language of the screen at once.
func (s *Screen) speak(i int) {
	s.cfg.Choices.Language = text.Languages()[i]
	s.text = text.New(s.cfg.Choices.Language)
	s.words()
	s.root.Refresh()
}

func (s *Screen) done(w Way) {
	c := s.cfg.Choices
	c.Salon = strings.TrimSpace(s.salon.Text())
	if len([]rune(c.Salon)) > maxName {
		s.salon.SetError(s.text.T("settings.name.long", maxName))
		s.root.Refresh()
		s.salon.Focus()
		return
	}
	s.cfg.Done(w, c)
}

// words writes everything in the language in force.
func (s *Screen) words() {
	t := s.text
	s.promise.SetText(t.T("firststart.promise"))
	s.sentence.SetText(t.T("firststart.sentence"))
	s.foot.SetText(t.T("firststart.later"))
	s.salon.SetWords(t.T("firststart.salon"), "", t.T("firststart.salon.example"))
	var names, currencies []string
	for _, code := range text.Languages() {
		names = append(names, t.T("settings.language."+code))
	}
	for _, c := range money.Currencies() {
		currencies = append(currencies, t.T("currency.entry", c, t.T("currency."+string(c))))
	}
	s.language.SetWords(t.T("settings.language"), names)
	s.currency.SetWords(t.T("firststart.currency"), currencies)
	for i, key := range [3]string{"firststart.try", "firststart.connect", "firststart.terminal"} {
		s.buttons[i].SetLabel(t.T(key))
	}
}

// Widths of the screen at factor 1.
const (
	formWidth    = 616
	leastForm    = 540 // below it the drawing gives way
	lowWindow    = 760
	lowestWindow = 500 // below it the mark gives way too
	drawingFor   = 0.6 // width of the drawing for its height
)

// build lays drawing and form side by side.
func (s *Screen) build() *fyne.Container {
	ground := widgets.NewSurface(widgets.Skin{Fill: theme.Canvas})
	art := canvas.NewImageFromResource(theme.Art("welcome"))
	art.FillMode = canvas.ImageFillStretch
	scroll := widgets.NewScroll(s.form())
	return widgets.Place(func() fyne.Size { return fyne.NewSize(800, 600) }, func(size fyne.Size) {
		widgets.Put(ground, 0, 0, size.Width, size.Height)
		s.low = size.Height/theme.Factor() < lowWindow
		if size.Height/theme.Factor() < lowestWindow {
			s.mark.Hide()
		} else {
			s.mark.Show()
		}
		left := size.Height * drawingFor
		art.Show()
		if (size.Width-left)/theme.Factor() < leastForm {
			left = 0
			art.Hide()
		}
		if theme.IsDark() {
			art.Translucency = 0.15
		} else {
			art.Translucency = 0
		}
		widgets.Put(art, 0, 0, left, size.Height)
		widgets.Put(scroll, left, 0, size.Width-left, size.Height)
	}, ground, art, scroll)
}

// form is the right side: in the middle of its height, scrolled where it is
// too high.
func (s *Screen) form() fyne.CanvasObject {
	s.mark = widgets.Row(14, widgets.NewDisc(widgets.DiscConfig{
		Size: 44, Radius: 12, Fill: theme.Primary, Color: theme.OnPrimary, Icon: "bell", IconSize: 26,
	}), widgets.NewText("Frontdesk", theme.ButtonL(), theme.Ink), widgets.Space())
	column := widgets.Col(0,
		s.mark, s.gap(44), s.promise, s.gap(14), widgets.Pad(widgets.Insets{Right: 60}, s.sentence), s.gap(36), s.salon, s.gap(20),
		newPair(s.language, s.currency, 16), s.gap(36), s.buttons[Try], s.gap(14), newPair(s.buttons[Connect], s.buttons[Terminal], 12),
		s.gap(16), s.foot,
	)
	return widgets.Place(func() fyne.Size {
		return fyne.NewSize(320, column.MinSize().Height+32)
	}, func(size fyne.Size) {
		w := min(formWidth*theme.Factor(), size.Width-88)
		x := max((size.Width-w)/2-8, 24)
		column.Resize(fyne.NewSize(w, column.Size().Height)) // wrapping texts learn their width first
		h := column.MinSize().Height
		widgets.Put(column, x, max((size.Height-h)/2, 16), w, h)
	}, column)
}

// gap is room that halves in a low window.
func (s *Screen) gap(h float32) fyne.CanvasObject {
	return widgets.Place(func() fyne.Size {
		if s.low {
			return fyne.NewSize(1, h/2)
		}
		return fyne.NewSize(1, h)
	}, func(fyne.Size) {})
}

// newPair puts two parts side by side in equal halves, or below each other
// where the halves would be too narrow for them.
func newPair(a, b fyne.CanvasObject, between float32) fyne.CanvasObject {
	var width float32
	two := func() bool {
		return width == 0 || max(a.MinSize().Width, b.MinSize().Width) <= (width-between)/2
	}
	return widgets.Place(func() fyne.Size {
		h := max(a.MinSize().Height, b.MinSize().Height)
		if !two() {
			h = a.MinSize().Height + between + b.MinSize().Height
		}
		return fyne.NewSize(200, h)
	}, func(s fyne.Size) {
		width = s.Width
		if two() {
			half := (s.Width - between) / 2
			widgets.Put(a, 0, 0, half, s.Height)
			widgets.Put(b, half+between, 0, half, s.Height)
			return
		}
		widgets.Put(a, 0, 0, s.Width, a.MinSize().Height)
		widgets.Put(b, 0, a.MinSize().Height+between, s.Width, b.MinSize().Height)
	}, a, b)
}
