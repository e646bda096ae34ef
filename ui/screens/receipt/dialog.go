package receipt

import (
	"context"
	"errors"
	"io"
	"net/url"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/receipt"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/async"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Desk makes receipts and brings them to the printer. refund is the OrderID of
// the refund that is meant; empty means the sale.
type Desk interface {
	Receipt(ctx context.Context, sale app.SaleID, refund string) (receipt.Receipt, error)
	PrintReceipt(ctx context.Context, sale app.SaleID, refund string, again bool, by app.Actor) error
	SaveReceipt(ctx context.Context, sale app.SaleID, refund string, w io.Writer) error
}

// Config is what a dialog is made of. Save, Mail and OnSetup may be left out.
type Config struct {
	Desk     Desk
	Run      async.Dispatcher
	Host     *widgets.Host
	Text     *text.Catalog
	Operator func() string // who is at the desk
	Columns  func() int    // letters in a line of the paper
	// Save writes a file where people find it and returns where that is.
	Save func(name string, write func(io.Writer) error) (string, error)
	// Mail opens the mail program.
	Mail func(*url.URL) error
	// OnSetup goes to where the printer is chosen.
	OnSetup func()
}

// Dialog shows one receipt.
type Dialog struct {
	cfg    Config
	sale   app.SaleID
	refund string

	receipt receipt.Receipt
	ready   bool
	again   bool // it was printed from here before
	paper   *Paper
	said    *note
	print   *widgets.Button
	save    *widgets.Button // nil without Save
	mail    *widgets.Button // nil without Mail
	setup   *widgets.Button // nil without OnSetup
	body    *frame
	sheet   *widgets.Sheet
}

// codeNone is what printing answers where no printer is chosen.
const codeNone = "printer.none"

// Open shows the receipt of a sale, or of one of its refunds, over the window.
func Open(cfg Config, sale app.SaleID, refund string) (*Dialog, error) {
	if cfg.Desk == nil || cfg.Run == nil || cfg.Host == nil || cfg.Text == nil || cfg.Operator == nil || cfg.Columns == nil {
		return nil, errors.New("receipt: a required part of Config is missing")
	}
	d := &Dialog{cfg: cfg, sale: sale, refund: refund, paper: NewPaper(cfg.Columns(), nil), said: newNote()}
	t := cfg.Text
	title := t.T("slip.title")
	if refund != "" {
		title = t.T("slip.title.refund")
	}
	d.print = widgets.NewButton(widgets.ButtonConfig{Height: 64, Icon: "printer", Label: t.T("slip.print"), Key: t.T("key.enter"), OnTap: d.Print})
	buttons := []fyne.CanvasObject{d.print}
	if cfg.Save != nil {
		d.save = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Height: 56, Icon: "download", Label: t.T("slip.save"), OnTap: d.Save})
		buttons = append(buttons, d.save)
	}
	if cfg.Mail != nil {
		d.mail = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Height: 56, Icon: "mail", Label: t.T("slip.mail"), OnTap: d.Mail})
		buttons = append(buttons, d.mail)
	}
	if cfg.OnSetup != nil {
		d.setup = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Height: 56, Icon: "settings", Label: t.T("slip.setup"), OnTap: func() {
			cfg.Host.Close(d.sheet)
			cfg.OnSetup()
		}})
		d.setup.Hide()
		buttons = append(buttons, d.setup)
	}
	d.paper.Hide()
	d.lock(true)
	d.body = newFrame(d.paper, widgets.NewParagraph(title, theme.Title(), theme.Ink), d.said, buttons)
	d.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 880, Height: 640, CloseName: t.T("close"), Content: d.body.root, OnKey: d.key, First: d.print,
	})
	cfg.Host.Show(d.sheet)
	d.load()
	return d, nil
}

// Shown reports whether the dialog is open.
func (d *Dialog) Shown() bool { return d.sheet.Open() }

func (d *Dialog) key(e *fyne.KeyEvent) bool {
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		d.print.Press()
		return true
	}
	return false
}

// lock takes the buttons out of use, and gives them back.
func (d *Dialog) lock(on bool) {
	for _, b := range []*widgets.Button{d.print, d.save, d.mail} {
		switch {
		case b == nil:
		case on:
			b.Disable()
		default:
			b.Enable()
		}
	}
}

// load asks for the receipt.
func (d *Dialog) load() {
	d.cfg.Run.Go(func(ctx context.Context) {
		r, err := d.cfg.Desk.Receipt(ctx, d.sale, d.refund)
		d.cfg.Run.Do(func() {
			if err != nil {
				d.refused(err)
				return
			}
			d.receipt, d.ready = r, true
			d.lock(false)
			d.draw()
			if d.cfg.Host.Top() == d.sheet {
				d.cfg.Host.Canvas().Focus(d.print)
			}
		})
	})
}

// draw shows the paper as it would come out now.
func (d *Dialog) draw() {
	r := d.receipt
	r.Kind.Copy = r.Kind.Copy || d.again
	columns := d.cfg.Columns()
	d.paper.Set(columns, r.Text(columns))
	d.paper.Show()
	d.body.renew()
}

func (d *Dialog) tell(f theme.Family, icon, words string) {
	d.said.set(f, icon, words)
	d.body.renew()
	d.sheet.Refresh()
}

// refused tells why it went wrong. Paper moves no money, so the sentences of the
// code stand as they are even where it is unknown what came out.
func (d *Dialog) refused(err error) {
	d.tell(theme.Red, "alert", d.cfg.Text.Problem(payments.CodeOf(err)).Text())
}

// Print brings the receipt to the printer. Trouble is told in words; nothing is
// printed twice by itself.
func (d *Dialog) Print() {
	if !d.ready || d.print.Disabled() {
		return
	}
	by, again := app.Actor{Operator: d.cfg.Operator()}, d.again
	d.print.SetBusy(d.cfg.Text.T("slip.printing"))
	d.tell(theme.Grey, "", "")
	d.cfg.Run.Go(func(ctx context.Context) {
		err := d.cfg.Desk.PrintReceipt(ctx, d.sale, d.refund, again, by)
		d.cfg.Run.Do(func() { d.printed(err) })
	})
}

func (d *Dialog) printed(err error) {
	t := d.cfg.Text
	d.print.SetBusy("")
	if d.setup != nil {
		d.setup.Hide()
		if payments.CodeOf(err) == codeNone {
			d.setup.Show()
		}
	}
	if errors.Is(err, payments.ErrUnknown) || err == nil {
		d.again = true // some of it, or all, came out: the next one is a copy
		d.print.SetLabel(t.T("slip.print.copy"))
	}
	if err != nil {
		d.refused(err)
		return
	}
	d.tell(theme.Green, "check", t.T("slip.printed"))
	d.draw()
}

// Save writes the receipt as a PDF.
func (d *Dialog) Save() {
	if !d.ready || d.save.Disabled() {
		return
	}
	name := "frontdesk-receipt-" + string(d.sale) + ".pdf"
	if d.refund != "" {
		name = "frontdesk-refund-" + d.refund + ".pdf"
	}
	if d.receipt.Mark != receipt.NoMark {
		name = string(d.receipt.Mark) + "-" + name
	}
	d.save.SetBusy(d.cfg.Text.T("slip.saving"))
	d.cfg.Run.Go(func(ctx context.Context) {
		var refused error
		path, err := d.cfg.Save(name, func(w io.Writer) error {
			refused = d.cfg.Desk.SaveReceipt(ctx, d.sale, d.refund, w)
			return refused
		})
		d.cfg.Run.Do(func() {
			d.save.SetBusy("")
			switch {
			case refused != nil:
				d.refused(refused)
			case err != nil:
				d.tell(theme.Red, "alert", d.cfg.Text.T("slip.save.failed"))
			default:
				d.tell(theme.Green, "check", d.cfg.Text.T("slip.saved", path))
			}
		})
	})
}

// Mail opens the mail program with the receipt as text.
func (d *Dialog) Mail() {
	if !d.ready {
		return
	}
	if err := d.cfg.Mail(receipt.Mail(d.receipt, "")); err != nil {
		d.tell(theme.Red, "alert", d.cfg.Text.T("slip.mail.failed"))
		return
	}
	d.tell(theme.Green, "check", d.cfg.Text.T("slip.mail.open"))
}
