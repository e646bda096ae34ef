package settings

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app/settings"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/async"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Config is what the page is made of. Phone may be nil.
type Config struct {
	Text    *text.Catalog
	Host    *widgets.Host
	Async   async.Dispatcher
	Values  settings.Settings
	Mode    payments.Mode
	Phone   Phone
	Version string
	DataDir string
	Now     func() time.Time
	Zone    *time.Location
	Choose  func(settings.Settings) error
}

// Page is the page.
type Page struct {
	cfg   Config
	root  *fyne.Container
	note  *widgets.Paragraph
	phone *phoneCard
}

const maxName = 40

// New makes the page.
func New(cfg Config) *Page {
	p := &Page{cfg: cfg, note: widgets.NewParagraph("", theme.CaptionStrong(), theme.Red.Text())}
	t := cfg.Text
	left := widgets.Col(20, p.look(), p.names())
	right := widgets.Col(20, p.mode())
	if cfg.Phone != nil && cfg.Mode == payments.Practice {
		p.phone = newPhoneCard(cfg)
		right.Add(p.phone.root)
	}
	right.Add(p.about())
	title := widgets.Title(t.T("settings.title"))
	columns := &fyne.Container{Layout: &columns{gap: 20}, Objects: []fyne.CanvasObject{left, right}}
	scroll := widgets.NewScroll(widgets.Pad(widgets.Insets{Top: 2, Right: 24, Bottom: 24, Left: 24}, columns))
	p.root = widgets.Place(func() fyne.Size { return fyne.NewSize(360, 300) }, func(s fyne.Size) {
		head := max(52, theme.Title().LineHeight())
		widgets.Put(title, 24, 8, s.Width-48, head)
		widgets.Put(scroll, 0, 8+head+8, s.Width, s.Height-16-head)
	}, title, scroll)
	return p
}

// Content is the page's content.
func (p *Page) Content() fyne.CanvasObject { return p.root }

func (p *Page) choose(change func(*settings.Settings)) {
	next := p.cfg.Values
	change(&next)
	p.cfg.Values = next
	p.note.SetText("")
	if err := p.cfg.Choose(next); err != nil {
		p.note.SetText(p.cfg.Text.T("settings.failed"))
	}
}

// card is a card with a heading over its parts.
func card(heading string, parts ...fyne.CanvasObject) fyne.CanvasObject {
	body := widgets.Col(16, append([]fyne.CanvasObject{widgets.Heading(heading)}, parts...)...)
	return widgets.NewCard(widgets.Insets{Top: 20, Right: 24, Bottom: 24, Left: 24}, body)
}

// choice is a label over segments.
func choice(label string, words []string, chosen int, pick func(int)) fyne.CanvasObject {
	items := make([]widgets.Segment, len(words))
	for i, w := range words {
		items[i].Label = w
	}
	return widgets.Col(6, widgets.Strong(label), widgets.NewSegments(items, chosen, pick))
}

func (p *Page) look() fyne.CanvasObject {
	t := p.cfg.Text
	themes := []theme.Choice{theme.System, theme.Light, theme.Dark}
	at, words := 0, make([]string, len(themes))
	for i, c := range themes {
		words[i] = t.T("settings.theme." + string(c))
		if string(c) == p.cfg.Values.Theme {
			at = i
		}
	}
	look := choice(t.T("settings.theme"), words, at, func(i int) {
		p.choose(func(s *settings.Settings) { s.Theme = string(themes[i]) })
	})
	factors := theme.Factors()
	size, sizes := 0, make([]string, len(factors))
	for i, f := range factors {
		sizes[i] = strconv.Itoa(int(f*100)) + " %"
		if f == p.cfg.Values.TextSize {
			size = i
		}
	}
	letters := choice(t.T("settings.text"), sizes, size, func(i int) {
		p.choose(func(s *settings.Settings) { s.TextSize = factors[i] })
	})
	codes := text.Languages()
	lang, names := 0, make([]string, len(codes))
	for i, c := range codes {
		names[i] = t.T("settings.language." + c)
		if c == p.cfg.Values.Language {
			lang = i
		}
	}
	tongue := choice(t.T("settings.language"), names, lang, func(i int) {
		p.choose(func(s *settings.Settings) { s.Language = codes[i] })
	})
	return card(t.T("settings.look"), look, letters, tongue, p.note)
}

func (p *Page) names() fyne.CanvasObject {
	t := p.cfg.Text
	salon := widgets.NewField(widgets.FieldConfig{Label: t.T("settings.salon"), Hint: t.T("settings.salon.hint")})
	salon.SetText(p.cfg.Values.Salon)
	operator := widgets.NewField(widgets.FieldConfig{Label: t.T("settings.operator"), Hint: t.T("settings.operator.hint")})
	operator.SetText(p.cfg.Values.Operator)
	save := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Label: t.T("settings.names.save"), OnTap: func() {
		a, b := strings.TrimSpace(salon.Text()), strings.TrimSpace(operator.Text())
		bad := p.checkName(salon, a)
		bad = p.checkName(operator, b) || bad
		if !bad {
			p.choose(func(s *settings.Settings) { s.Salon, s.Operator = a, b })
		}
	}})
	return card(t.T("settings.names"), salon, operator, widgets.Row(12, save, widgets.Space()))
}

// checkName shows what is wrong with a name and reports whether anything is.
func (p *Page) checkName(f *widgets.Field, name string) bool {
	switch {
	case name == "":
		f.SetError(p.cfg.Text.T("settings.name.missing"))
	case len([]rune(name)) > maxName:
		f.SetError(p.cfg.Text.T("settings.name.long", maxName))
	default:
		f.SetError("")
		return false
	}
	return true
}

func (p *Page) mode() fyne.CanvasObject {
	t := p.cfg.Text
	return card(t.T("settings.mode"), widgets.Row(12, widgets.NewPill(t.T("mode."+string(p.cfg.Mode))), widgets.Space()),
		widgets.NewParagraph(t.T("settings.mode."+string(p.cfg.Mode)), theme.Body(), theme.Ink2))
}

func (p *Page) about() fyne.CanvasObject {
	t := p.cfg.Text
	parts := []fyne.CanvasObject{widgets.NewParagraph(t.T("settings.about.sentence", p.cfg.Version), theme.Body(), theme.Ink2)}
	if p.cfg.DataDir != "" {
		parts = append(parts, widgets.Col(2, widgets.Strong(t.T("settings.about.data")), widgets.NewParagraph(p.cfg.DataDir, theme.Caption(), theme.Ink2)))
	}
	return card(t.T("settings.about"), parts...)
}

// columns puts two columns side by side, or below each other when they would
// be narrower than 400 of the counted width.
type columns struct {
	gap, width float32
}

func (c *columns) split(w float32) (float32, bool) {
	half := (w - c.gap) / 2
	return half, half/theme.Factor() >= 400
}

func (c *columns) MinSize(objs []fyne.CanvasObject) fyne.Size {
	half, two := c.split(c.width)
	if !two {
		half = c.width
	}
	h := float32(0)
	for _, o := range objs {
		if c.width > 0 && o.Size().Width != half {
			o.Resize(fyne.NewSize(half, o.Size().Height))
		}
		m := o.MinSize().Height
		if two {
			h = max(h, m)
			continue
		}
		if h > 0 {
			h += c.gap
		}
		h += m
	}
	return fyne.NewSize(300, h)
}

func (c *columns) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	c.width = s.Width
	half, two := c.split(s.Width)
	y := float32(0)
	for i, o := range objs {
		if two {
			o.Resize(fyne.NewSize(half, o.Size().Height))
			widgets.Put(o, float32(i)*(half+c.gap), 0, half, o.MinSize().Height)
			continue
		}
		o.Resize(fyne.NewSize(s.Width, o.Size().Height))
		h := o.MinSize().Height
		widgets.Put(o, 0, y, s.Width, h)
		y += h + c.gap
	}
}
