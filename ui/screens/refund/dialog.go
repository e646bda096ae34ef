package refund

import (
	"context"
	"reflect"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/ui/screens/resolve"
	"frontdesk/ui/widgets"
)

// settle is how long an outcome ignores presses that were meant for the form.
const settle = 300 * time.Millisecond

// Dialog gives money of one sale back. Its methods belong to the UI goroutine.
type Dialog struct {
	cfg   Config
	sheet *widgets.Sheet
	stop  context.CancelFunc
	sale  app.Sale

	form     *form  // nil while an outcome is shown
	watched  string // OrderID of the refund whose outcome is shown
	shown    Outcome
	said     text.Problem // why a press had no effect
	told     text.Problem // said, as it is drawn
	view     *outcomeView
	since    time.Time // when the outcome appeared
	checking bool
	settling *resolve.Form
}

// Open asks what is to go back of a sale.
func (d *Dialog) Open(s app.Sale) {
	d.begin(s)
	d.ask()
	d.follow()
}

// Show shows what came of a refund of a sale.
func (d *Dialog) Show(s app.Sale, orderID string) {
	if _, _, ok := find(s, orderID); !ok {
		return
	}
	d.begin(s)
	d.watch(orderID)
	d.follow()
}

func (d *Dialog) begin(s app.Sale) {
	d.Close()
	d.sale, d.form, d.watched, d.view = s, nil, "", nil
	d.said, d.told, d.checking = text.Problem{}, text.Problem{}, false
}

// Close takes the dialog away; a refund that runs goes on.
func (d *Dialog) Close() {
	if d.sheet != nil {
		d.cfg.Host.Close(d.sheet)
	}
}

// Shown returns the sale whose money is given back, and whether there is one.
func (d *Dialog) Shown() (app.SaleID, bool) { return d.sale.ID, d.sheet != nil }

func (d *Dialog) closed() {
	d.sheet, d.form, d.settling = nil, nil, nil
	if d.stop != nil {
		d.stop()
	}
	if d.cfg.Changed != nil {
		d.cfg.Changed(d.sale)
	}
}

// follow takes every revision of the sale until the dialog is closed.
func (d *Dialog) follow() {
	stop, cancel := context.WithCancel(context.Background())
	d.stop = cancel
	id := d.sale.ID
	d.cfg.Run.Go(func(parent context.Context) {
		ctx, done := context.WithCancel(parent)
		defer done()
		defer context.AfterFunc(stop, done)()
		for co := range d.cfg.Till.WatchSale(ctx, id) {
			d.cfg.Run.Do(func() {
				if stop.Err() == nil {
					d.Update(co.Sale)
				}
			})
		}
	})
}

// Update takes a newer revision of the sale; an older one is ignored.
func (d *Dialog) Update(s app.Sale) {
	if d.sheet == nil || s.ID != d.sale.ID || s.Revision < d.sale.Revision {
		return
	}
	d.sale = s
	switch {
	case d.form != nil && d.form.busy:
		if _, _, ok := find(s, d.form.orderID); ok {
			d.watch(d.form.orderID)
		}
	case d.form == nil:
		d.render()
	}
}

// Tick moves what the clock moves; once a second is right.
func (d *Dialog) Tick() {
	switch {
	case d.sheet == nil:
	case d.form != nil:
		d.form.tick()
	default:
		d.render()
	}
}

// ask shows the form.
func (d *Dialog) ask() {
	d.watched, d.view = "", nil
	f := newForm(d, d.sale)
	d.form = f
	f.show()
	height := float32(dialogHeight)
	if f.attempt().Device != "" || len(f.choices) > 1 {
		height = tallHeight
	}
	d.put(f.title(), f.root, f.box, height)
	f.ask()
}

// watch shows what came of a refund.
func (d *Dialog) watch(orderID string) {
	d.form, d.watched, d.view = nil, orderID, nil
	d.render()
}

// put shows content in the sheet, which is opened when there is none.
func (d *Dialog) put(name string, content fyne.CanvasObject, first fyne.Focusable, height float32) {
	if d.sheet == nil {
		d.sheet = widgets.NewSheet(widgets.SheetConfig{
			Name: name, Width: dialogWidth, Height: height, Content: content, First: first,
			MayClose: d.mayClose, OnKey: d.key, OnClosed: d.closed,
		})
		d.cfg.Host.Show(d.sheet)
		return
	}
	d.sheet.SetContent(content)
	if d.cfg.Host.Top() == d.sheet && first != nil {
		d.cfg.Host.Canvas().Focus(first)
	}
}

// mayClose keeps the dialog while its request is on its way to the till.
func (d *Dialog) mayClose() bool { return d.form == nil || !d.form.busy }

// render draws the difference between what is shown and what should be.
func (d *Dialog) render() {
	now := d.cfg.Now()
	o := Describe(View{
		Sale: d.sale, Refund: d.watched, Now: now, Zone: d.cfg.Zone,
		Settles: d.cfg.Settler != nil, Prints: d.cfg.Receipt != nil, Opens: d.cfg.OnOpen != nil,
	}, d.cfg.Text)
	if d.view != nil && d.told == d.said && same(o, d.shown) {
		d.view.tick(o.Tick)
		return
	}
	if d.view == nil || d.shown.State != o.State {
		d.since = now
	}
	d.shown, d.told = o, d.said
	d.view = newOutcomeView(o, d.said, d.cfg.Text, d.act)
	d.showBusy()
	if d.settling != nil && o.State != app.RefundUnknown {
		d.settling.Close()
	}
	d.put(o.Title, d.view.root, d.view.first, dialogHeight)
}

// same tells whether only what the clock moves differs.
func same(a, b Outcome) bool {
	a.Tick, b.Tick = Tick{}, Tick{}
	return reflect.DeepEqual(a, b)
}

// key gives Enter to the main button wherever the focus stands.
func (d *Dialog) key(e *fyne.KeyEvent) bool {
	if e.Name != fyne.KeyReturn && e.Name != fyne.KeyEnter {
		return false
	}
	switch {
	case d.form != nil:
		d.form.enter()
	case d.shown.Main.Act != "":
		d.act(d.shown.Main.Act)
	}
	return true
}

// act does what a button of an outcome says.
func (d *Dialog) act(a Act) {
	if d.checking || d.cfg.Now().Sub(d.since) < settle && a != ActClose {
		return
	}
	switch a {
	case ActClose:
		d.Close()
	case ActReceipt:
		d.cfg.Receipt(d.sale.ID, d.watched)
	case ActAgain:
		d.ask()
	case ActCheck:
		d.check()
	case ActSettle:
		d.resolve()
	case ActOpen:
		d.Close()
		d.cfg.OnOpen(d.sale.ID)
	}
}

// check asks myPOS, or the terminal, now.
func (d *Dialog) check() {
	d.checking, d.said = true, text.Problem{}
	d.showBusy()
	id, till := d.sale.ID, d.cfg.Till
	d.cfg.Run.Go(func(ctx context.Context) {
		err := till.CheckNow(ctx, id)
		d.cfg.Run.Do(func() {
			if d.sheet == nil || d.sale.ID != id || d.form != nil {
				return
			}
			d.checking = false
			if b := d.view.buttons[ActCheck]; b != nil {
				b.SetBusy("")
			}
			if err != nil {
				d.said = d.cfg.Text.Failure(err)
				d.said.Money = d.cfg.Text.T("refund.check.money")
			}
			d.render()
		})
	})
}

func (d *Dialog) showBusy() {
	if b := d.view.buttons[ActCheck]; b != nil && d.checking {
		b.SetBusy(d.cfg.Text.T("checkout.checking"))
	}
}

// resolve asks a person what became of the refund.
func (d *Dialog) resolve() {
	q, ok := resolve.About(d.sale, d.watched)
	if !ok || d.settling != nil {
		return
	}
	f, err := resolve.Open(resolve.Config{
		Settler: d.cfg.Settler, Host: d.cfg.Host, Run: d.cfg.Run, Text: d.cfg.Text,
		Operator: func() string { return d.cfg.Person().ID }, AsksPIN: func() bool { return d.cfg.Person().HasPIN },
		OnClosed: func() { d.settling = nil },
	}, q)
	if err == nil {
		d.settling = f
	}
}
