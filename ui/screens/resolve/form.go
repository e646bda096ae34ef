package resolve

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/async"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Settler takes a person's answer about what stayed unknown.
type Settler interface {
	Resolve(ctx context.Context, id app.SaleID, r app.Resolution) error
}

// Config is what a form is made of. AsksPIN, Change and OnClosed may be left out.
type Config struct {
	Settler  Settler
	Host     *widgets.Host
	Run      async.Dispatcher
	Text     *text.Catalog
	Operator func() string // who is at the desk
	AsksPIN  func() bool   // who is at the desk has a PIN; without it the till says when one is needed
	Change   func()        // lets somebody else come to the desk (F10)
	OnClosed func()        // the form is gone, answered or not
}

// Form is the open sheet.
type Form struct {
	cfg   Config
	q     Question
	sheet *widgets.Sheet

	paid    bool // it went through
	number  *widgets.Field
	hour    *widgets.Field
	pin     *widgets.PINBoxes
	pinRow  *fyne.Container
	trouble *widgets.Paragraph
	send    *widgets.Button
	busy    bool
}

// Open shows the form over the window.
func Open(cfg Config, q Question) (*Form, error) {
	if cfg.Settler == nil || cfg.Host == nil || cfg.Run == nil || cfg.Text == nil || cfg.Operator == nil {
		return nil, errors.New("resolve: a required part of Config is missing")
	}
	f := &Form{cfg: cfg, q: q, paid: true}
	c := cfg.Text
	f.trouble = widgets.NewParagraph("", theme.BodyStrong(), theme.Red.Text())
	f.trouble.Hide()
	f.number = widgets.NewField(widgets.FieldConfig{OnSubmit: func(string) { f.submit() }, OnBlur: f.look})
	f.hour = widgets.NewField(widgets.FieldConfig{
		Label: c.T("resolve.time"), Hint: c.T("resolve.time.hint"), Placeholder: c.T("resolve.time.example"),
		OnSubmit: func(string) { f.submit() }, OnBlur: f.look,
	})
	f.pin = widgets.NewPINBoxes(c.T("settle.pin"), nil, func(string) { f.submit() })
	f.pinRow = widgets.Col(6, widgets.Strong(c.T("settle.pin")).Center(), f.pin)
	f.pinRow.Hidden = !f.asksPIN()
	f.send = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 56, Key: c.T("key.enter"), OnTap: f.submit})
	f.words()
	f.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: f.title(), Width: 620, Content: f.content(), CloseName: c.T("close"), First: f.number.Entry(), OnKey: f.key, OnClosed: cfg.OnClosed,
	})
	cfg.Host.Show(f.sheet)
	return f, nil
}

// Close takes the form away; an answer under way goes on.
func (f *Form) Close() { f.cfg.Host.Close(f.sheet) }

// Shown reports whether the form is open.
func (f *Form) Shown() bool { return f.sheet.Open() }

// asksPIN reports whether who is at the desk has a PIN to be asked for.
func (f *Form) asksPIN() bool { return f.cfg.AsksPIN != nil && f.cfg.AsksPIN() }

func (f *Form) title() string {
	if f.q.Where == "" {
		return f.cfg.Text.T("settle.title", "myPOS")
	}
	return f.cfg.Text.T("settle.title", f.q.Where)
}

// kind names the words of what is asked about and of the chosen answer.
func (f *Form) kind() string {
	kind := "settle."
	if f.q.Refund != "" {
		kind = "resolve.refund."
	}
	if f.paid {
		return kind + "paid"
	}
	return kind + "not"
}

// choose takes an answer: it went through, or it did not.
func (f *Form) choose(i int) {
	f.paid = i == 0
	f.words()
	f.cfg.Host.Canvas().Focus(f.number.Entry())
}

// words are those of the chosen answer.
func (f *Form) words() {
	c, kind := f.cfg.Text, f.kind()
	f.send.SetLabel(c.T(kind + ".do"))
	f.number.SetError("")
	f.hour.SetError("")
	f.hour.Hidden = f.paid
	if f.paid {
		f.number.SetWords(c.T(kind+".label"), c.T(kind+".hint"), "")
	} else {
		f.number.SetWords(c.T("resolve.last"), c.T("resolve.last.hint"), "")
	}
	f.complain("")
}

// look judges a field once it was left; what was never typed is not wrong yet.
func (f *Form) look() {
	if f.number.Text() != "" {
		f.number.SetError(f.wrongNumber())
	}
	if f.hour.Text() != "" {
		f.hour.SetError(f.wrongTime())
	}
	f.grow()
}

func (f *Form) wrongNumber() string {
	if holdsNumber(f.number.Text()) {
		return ""
	}
	return f.cfg.Text.T("resolve.number.short")
}

func (f *Form) wrongTime() string {
	if f.paid || holdsTime(f.hour.Text()) {
		return ""
	}
	return f.cfg.Text.T("resolve.time.bad")
}

func (f *Form) complain(words string) {
	f.trouble.SetText(words)
	f.trouble.Hidden = words == ""
	f.grow()
}

// grow fits the sheet to what it shows.
func (f *Form) grow() {
	if f.sheet != nil {
		f.sheet.Refresh()
	}
}

// key gives Enter to the main button.
func (f *Form) key(e *fyne.KeyEvent) bool {
	switch {
	case e.Name == fyne.KeyReturn, e.Name == fyne.KeyEnter:
		f.submit()
	case e.Name == fyne.KeyF10 && f.cfg.Change != nil && !f.busy:
		f.pin.Clear(false)
		f.complain("")
		f.cfg.Change()
	default:
		return false
	}
	return true
}

// evidence is what is kept with the sale: the number, and the time of the last
// transaction where it did not go through.
func (f *Form) evidence() string {
	number, hour := strings.TrimSpace(f.number.Text()), strings.TrimSpace(f.hour.Text())
	if f.paid {
		return number
	}
	return number + ", " + hour
}

// submit asks the till. A missing PIN is asked for and the answer sent again.
func (f *Form) submit() {
	if f.busy {
		return
	}
	f.number.SetError(f.wrongNumber())
	f.hour.SetError(f.wrongTime())
	if f.asksPIN() && f.pinRow.Hidden { // somebody else has come
		f.pinRow.Show()
	}
	switch {
	case f.wrongNumber() != "":
		f.complain("")
		f.number.Focus()
		return
	case f.wrongTime() != "":
		f.complain("")
		f.hour.Focus()
		return
	case !f.pinRow.Hidden && len(f.pin.Digits()) < widgets.PINLeast:
		f.complain("")
		f.cfg.Host.Canvas().Focus(f.pin)
		return
	}
	f.busy = true
	f.complain("")
	f.send.SetBusy(f.cfg.Text.T("checkout.sending"))
	r := app.Resolution{Paid: f.paid, Evidence: f.evidence(), Operator: f.cfg.Operator(), PIN: f.pin.Digits(), Refund: f.q.Refund, Attempt: f.q.Attempt}
	f.cfg.Run.Go(func(ctx context.Context) {
		err := f.cfg.Settler.Resolve(ctx, f.q.Sale, r)
		f.cfg.Run.Do(func() { f.answered(err) })
	})
}

func (f *Form) answered(err error) {
	f.busy = false
	f.send.SetBusy("")
	c := f.cfg.Text
	switch code := payments.CodeOf(err); {
	case !f.sheet.Open():
	case err == nil:
		f.Close()
	case code == "operator.pin_needed" || code == "operator.pin":
		f.pin.Clear(code == "operator.pin")
		f.pinRow.Show()
		f.complain("")
		if code == "operator.pin" {
			f.complain(c.Failure(err).What)
		}
		f.cfg.Host.Canvas().Focus(f.pin)
	case code == "resolve.evidence":
		p := c.Problem(code)
		f.number.SetError(p.What + " " + p.Do)
		f.complain("")
	case code == "operator.right" && f.cfg.Change != nil:
		f.complain(c.Failure(err).What + " " + c.T("resolve.change"))
	default:
		p := c.Failure(err)
		f.complain(p.What + " " + p.Do)
	}
}
