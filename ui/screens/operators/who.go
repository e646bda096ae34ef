package operators

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app/operators"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/async"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// WhoConfig is what the sheet that asks who is there is made of.
type WhoConfig struct {
	Text    *text.Catalog
	Host    *widgets.Host
	Run     async.Dispatcher
	Book    Book
	Rescue  Rescuer // nil: no way out for a forgotten owner PIN
	Salon   string  // heads the lock
	Current string  // who is chosen first
	Lock    bool    // fills the window and stays until somebody is there
	Done    func(operators.Operator)
	OnLock  func() // locks the desk; nil where that makes no sense
	Closed  func()
}

// Who asks who is there, and for the PIN.
type Who struct {
	cfg    WhoConfig
	list   []operators.Operator
	chosen int
	busy   bool
	said   string // the last refusal
	rows   []*widgets.ListRow
	name   *widgets.Text
	note   *widgets.Paragraph
	pin    *widgets.PINBoxes
	pad    *keypad
	enter  *widgets.Button
	right  *fyne.Container
	sheet  *widgets.Sheet
}

// Ask opens the sheet.
func Ask(cfg WhoConfig) *Who {
	w := &Who{cfg: cfg, list: cfg.Book.List()}
	for i, o := range w.list {
		if o.ID == cfg.Current {
			w.chosen = i
		}
	}
	t := cfg.Text
	w.name = widgets.NewText("", theme.Heading(), theme.Ink).Center().Shrink()
	w.note = widgets.NewParagraph("", theme.Caption(), theme.Ink2).Center()
	w.pin = widgets.NewPINBoxes(t.T("operators.pin"), func(string) { w.said = ""; w.show() }, func(string) { w.submit() })
	w.pad = newKeypad(t, w.pin)
	w.enter = widgets.NewButton(widgets.ButtonConfig{Height: 56, Key: "Enter", OnTap: w.submit})
	w.right = widgets.Col(0)
	title := t.T("operators.who")
	closeName := t.T("close")
	if cfg.Lock {
		title, closeName = cfg.Salon, ""
	}
	w.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: t.T("operators.who"), Width: 800, Content: w.content(title), CloseName: closeName, First: w.pin, Full: cfg.Lock,
		MayClose: func() bool { return !cfg.Lock }, OnKey: w.key, OnClosed: cfg.Closed,
	})
	w.show()
	cfg.Host.Show(w.sheet)
	w.focus()
	return w
}

// Open reports whether the sheet is shown.
func (w *Who) Open() bool { return w.sheet.Open() }

// Locks reports whether the sheet keeps the till from being used.
func (w *Who) Locks() bool { return w.cfg.Lock && w.sheet.Open() }

// Tick renews the countdown; once a second is right.
func (w *Who) Tick() {
	if !w.busy {
		w.show()
	}
}

func (w *Who) person() operators.Operator { return w.list[w.chosen] }

func (w *Who) choose(i int) {
	if i < 0 || i >= len(w.list) || w.busy {
		return
	}
	w.chosen, w.said = i, ""
	w.pin.Clear(false)
	w.show()
	w.focus()
}

// focus goes to the boxes, or to the button where no PIN is asked for.
func (w *Who) focus() {
	c := w.cfg.Host.Canvas()
	if w.person().HasPIN {
		c.Focus(w.pin)
		return
	}
	c.Focus(w.enter)
}

// key moves through the list and types digits wherever the focus stands.
func (w *Who) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyUp:
		w.choose(w.chosen - 1)
	case fyne.KeyDown:
		w.choose(w.chosen + 1)
	case fyne.KeyBackspace:
		w.pin.Back()
	case fyne.KeyReturn, fyne.KeyEnter:
		w.submit()
	default:
		return false
	}
	return true
}

// TypedRune types a digit wherever the focus stands.
func (w *Who) TypedRune(r rune) {
	if w.person().HasPIN {
		w.pin.Press(r)
	}
}

// show draws what is known about the chosen one.
func (w *Who) show() {
	t, o := w.cfg.Text, w.person()
	for i, r := range w.rows {
		r.SetSelected(i == w.chosen)
	}
	w.name.SetText(Name(t, o))
	wait := w.cfg.Book.Wait(o.ID)
	words, ink := t.T("operators.pin.type"), theme.Ink2
	switch {
	case wait > 0:
		words, ink = t.T("operators.pin.wait", t.Duration(wait)), theme.Red.Text()
	case w.said != "":
		words, ink = w.said, theme.Red.Text()
	case !o.HasPIN:
		words = t.T("operators.pin.none")
	}
	w.note.SetText(words)
	w.note.SetLook(theme.Caption(), ink)
	locked := w.busy || wait > 0
	if locked {
		w.pin.Disable()
	} else {
		w.pin.Enable()
	}
	w.pad.lock(locked)
	w.enter.SetLabel(t.T("operators.enter", Name(t, o)))
	if !w.busy {
		if o.HasPIN && (wait > 0 || len(w.pin.Digits()) < widgets.PINLeast) {
			w.enter.Disable()
		} else {
			w.enter.Enable()
		}
	}
	if o.HasPIN {
		w.pin.Show()
		w.pad.root.Show()
	} else {
		w.pin.Hide()
		w.pad.root.Hide()
	}
	w.right.Refresh()
}

func (w *Who) submit() {
	o := w.person()
	digits := w.pin.Digits()
	if w.busy || w.cfg.Book.Wait(o.ID) > 0 || o.HasPIN && len(digits) < widgets.PINLeast {
		return
	}
	w.busy = true
	w.enter.SetBusy(w.cfg.Text.T("operators.checking"))
	w.show()
	w.cfg.Run.Go(func(ctx context.Context) {
		found, err := w.cfg.Book.Check(ctx, o.ID, digits)
		w.cfg.Run.Do(func() { w.answered(found, err) })
	})
}

func (w *Who) answered(o operators.Operator, err error) {
	w.busy = false
	w.enter.SetBusy("")
	w.pin.Clear(err != nil)
	if err == nil {
		w.cfg.Host.Close(w.sheet)
		w.cfg.Done(o)
		return
	}
	p := w.cfg.Text.Problem(payments.CodeOf(err))
	w.said = p.What + " " + p.Do
	w.show()
	w.focus()
}

// Initial is the first letter of a name.
func Initial(name string) string {
	for _, r := range name {
		return string(r)
	}
	return ""
}

// Name is what somebody is called on the screen: the owner who is there from
// the start has a name in every language.
func Name(t *text.Catalog, o operators.Operator) string {
	if o.ID == operators.FirstOwner && o.Name == operators.FirstName || o.Name == "" {
		return t.T("shell.owner")
	}
	return o.Name
}

// avatar is the circle with an initial; people get colours in turn.
func avatar(t *text.Catalog, o operators.Operator, at int, size float32) *widgets.Disc {
	tiles := []theme.Tile{theme.Lilac, theme.Sage, theme.Mist, theme.Blush, theme.Sand, theme.Apricot}
	tile := tiles[at%len(tiles)]
	return widgets.NewDisc(widgets.DiscConfig{
		Size: size, Fill: tile.Fill(), Color: tile.Icon(), Text: Initial(Name(t, o)), TextStyle: theme.BodyStrong(),
	})
}

// resetDays is how long a reset of the owner's PIN is told.
const resetDays = 7 * 24 * time.Hour

// ResetShown reports whether a reset of the owner's PIN is still told.
func ResetShown(r Rescuer, now time.Time) bool {
	at := r.OwnerReset()
	return !at.IsZero() && now.Sub(at) < resetDays
}
