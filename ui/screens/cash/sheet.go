package cash

import (
	"errors"
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"

	"frontdesk/app/text"
	"frontdesk/payments/money"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// settle is how long a fresh sheet takes no press.
const settle = 400 * time.Millisecond

// Config is what the question is made of. OnClosed may be left out.
type Config struct {
	Host     *widgets.Host
	Text     *text.Catalog
	Now      func() time.Time
	Due      money.Amount
	Take     func() // the cash was taken; the sheet is gone by then
	OnClosed func() // the sheet is gone, answered or not
}

// Sheet is the open question.
type Sheet struct {
	cfg   Config
	since time.Time
	sheet *widgets.Sheet
	given *widgets.Field
	back  *widgets.Text
	take  *widgets.Button
	short bool // less was given than is due
}

// Ask opens the question over the window.
func Ask(cfg Config) (*Sheet, error) {
	if cfg.Host == nil || cfg.Text == nil || cfg.Now == nil || cfg.Take == nil {
		return nil, errors.New("cash: a required part of Config is missing")
	}
	s := &Sheet{cfg: cfg, since: cfg.Now()}
	c := cfg.Text
	hint := ""
	if !cfg.Due.Currency.Whole() {
		hint = c.T("cash.given.hint")
	}
	s.given = widgets.NewField(widgets.FieldConfig{
		Label: c.T("cash.given"), Hint: hint,
		OnChanged: func(string) { s.render() }, OnSubmit: func(string) { s.submit() },
	})
	s.back = widgets.NewText("", theme.Title(), theme.Ink)
	s.take = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 64, Label: c.T("cash.taken"), Key: c.T("key.enter"), OnTap: s.submit})
	s.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: c.T("cash.title", cfg.Due), Width: 560, Content: s.content(), CloseName: c.T("close"), First: s.given.Entry(),
		OnKey: s.key, OnClosed: cfg.OnClosed,
	})
	s.render()
	cfg.Host.Show(s.sheet)
	return s, nil
}

// Close takes the question away; nothing was taken.
func (s *Sheet) Close() { s.cfg.Host.Close(s.sheet) }

// Shown reports whether the question is open.
func (s *Sheet) Shown() bool { return s.sheet.Open() }

func (s *Sheet) content() fyne.CanvasObject {
	c := s.cfg.Text
	notes := []fyne.CanvasObject{widgets.Grow(s.note(c.T("cash.exact"), s.cfg.Due))}
	for _, a := range Notes(s.cfg.Due) {
		notes = append(notes, widgets.Grow(s.note(c.Number(a), a)))
	}
	leave := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Height: 64, Label: c.T("cash.not"), OnTap: s.Close})
	body := widgets.Col(0, widgets.NewParagraph(c.T("cash.text"), theme.Body(), theme.Ink2),
		space(20), s.given, space(12), widgets.Row(8, notes...), space(18), s.back)
	foot := widgets.Row(10, widgets.Pad(widgets.Insets{Left: -16}, leave), widgets.Space(), widgets.Sized(220, 64, s.take))
	return widgets.NewSheetBody(c.T("cash.title", s.cfg.Due), body, foot)
}

func space(h float32) fyne.CanvasObject {
	return widgets.Sized(1, h, widgets.NewSurface(widgets.Skin{}))
}

// note is a button that says what was given.
func (s *Sheet) note(label string, a money.Amount) *widgets.Button {
	return widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Label: label, OnTap: func() {
		s.given.SetText(s.cfg.Text.Plain(a))
		s.render()
		s.cfg.Host.Canvas().Focus(s.take)
	}})
}

// typed is what stands in the field; false when it is no amount. An empty field
// means that nobody counts.
func (s *Sheet) typed() (given money.Amount, ok bool) {
	return Given(s.given.Text(), s.cfg.Due.Currency)
}

// Given reads what somebody typed as handed over: digits as on the pad (5000 is
// 50.00), or with a mark (50,00), thousands apart by a blank where a mark says
// which digits are whole. It is false for what could be another amount: a
// thousand with a mark (1.234), or digits apart by a blank without one (1 234).
func Given(text string, c money.Currency) (money.Amount, bool) {
	text = strings.TrimSpace(text)
	e := money.NewEntry(c)
	blank := false
	for _, r := range text {
		if unicode.IsSpace(r) {
			blank = true
			continue
		}
		if zero := r == '0' && e.Empty(); !zero && !e.Type(r) {
			return money.Amount{}, false
		}
	}
	if blank && !c.Whole() && !strings.ContainsAny(text, ".,") {
		return money.Amount{}, false
	}
	return e.Amount(), true
}

// render says what goes back.
func (s *Sheet) render() {
	c, due := s.cfg.Text, s.cfg.Due
	given, ok := s.typed()
	s.given.SetError("")
	s.given.SetBadge(widgets.Fact{})
	s.short = s.given.Text() != "" && (!ok || given.Minor < due.Minor)
	line, color := c.T("cash.back.none"), theme.Ink2
	switch {
	case s.given.Text() == "":
	case !ok:
		s.given.SetError(c.T("charge.trouble.text"))
	case given.Minor < due.Minor:
		line = c.T("cash.short", money.Amount{Minor: due.Minor - given.Minor, Currency: due.Currency})
	default:
		line, color = c.T("cash.back", money.Amount{Minor: given.Minor - due.Minor, Currency: due.Currency}), theme.Ink
	}
	if ok && s.given.Text() != "" {
		s.given.SetBadge(widgets.Fact{Family: theme.Grey, Words: c.Amount(given)})
	}
	s.back.SetLook(theme.Title(), color)
	s.back.SetText(line)
	if s.sheet != nil {
		s.sheet.Refresh()
	}
}

// key gives Enter to the main button.
func (s *Sheet) key(e *fyne.KeyEvent) bool {
	if e.Name != fyne.KeyReturn && e.Name != fyne.KeyEnter {
		return false
	}
	s.submit()
	return true
}

// submit notes the cash, unless the sheet has just appeared or what was given is
// too little.
func (s *Sheet) submit() {
	switch {
	case !s.sheet.Open() || s.cfg.Now().Sub(s.since) < settle:
	case s.short:
		s.given.Focus()
		s.given.SetError(s.cfg.Text.T("cash.short.error"))
		s.sheet.Refresh()
	default:
		s.Close()
		s.cfg.Take()
	}
}
