package devices

import (
	"context"
	"errors"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/async"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Config is what a Page is made of. OpenSale, Practice and Connect may be left
// out.
type Config struct {
	Desk     Desk
	Run      async.Dispatcher
	Host     *widgets.Host
	Text     *text.Catalog
	Now      func() time.Time
	Zone     *time.Location
	Operator func() string
	OpenSale func(app.SaleID)
	Practice func() // shows the window of the practice terminal
	Connect  func() // goes to where the myPOS account is connected
}

// waysUntil is the number of devices from which on the page has no room for
// the cell with the ways to add one (look.md 3).
const waysUntil = 6

// Page is the page.
type Page struct {
	cfg     Config
	snap    app.Snapshot
	cards   map[string]*cardView
	order   []string
	testing map[string]time.Time
	trouble *widgets.Paragraph
	grid    *fyne.Container
	scroll  *widgets.Scroll
	all     *widgets.Button
	root    *fyne.Container
	mode    payments.Mode // the ways to add one were built for
	built   bool
}

// New makes the page.
func New(cfg Config) (*Page, error) {
	if cfg.Desk == nil || cfg.Run == nil || cfg.Host == nil || cfg.Text == nil || cfg.Now == nil || cfg.Zone == nil || cfg.Operator == nil {
		return nil, errors.New("devices: a required part of Config is missing")
	}
	p := &Page{cfg: cfg, cards: map[string]*cardView{}, testing: map[string]time.Time{}}
	t := cfg.Text
	p.trouble = widgets.NewParagraph("", theme.BodyStrong(), theme.Red.Text())
	p.grid = &fyne.Container{Layout: &grid{}}
	p.scroll = widgets.NewScroll(widgets.Pad(widgets.Insets{Top: 18, Right: 24, Bottom: 8, Left: 24}, widgets.Col(12, p.trouble, p.grid)))
	p.all = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Icon: "refresh", Label: t.T("devices.testall"), OnTap: p.testAll})
	add := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Icon: "plus", Label: t.T("devices.add"), OnTap: p.Add})
	title := widgets.Title(t.T("devices.title")).Shrink()
	p.root = widgets.Place(func() fyne.Size { return fyne.NewSize(360, 300) }, func(s fyne.Size) {
		h := max(52, add.MinSize().Height)
		x := s.Width - 24
		for _, b := range []*widgets.Button{add, p.all} {
			m := b.MinSize()
			if room := x - 24 - 10; b == p.all && room < m.Width+theme.Title().Measure(title.Text()).Width && len(p.order) < 2 {
				continue
			}
			x -= m.Width
			widgets.Put(b, x, 8+(h-m.Height)/2, m.Width, m.Height)
			x -= 10
		}
		widgets.Put(title, 24, 8, max(x-24, 0), h)
		widgets.Put(p.scroll, 0, 8+h, s.Width, s.Height-8-h-16)
	}, title, p.all, add, p.scroll)
	p.trouble.Hide()
	p.render()
	return p, nil
}

// Content is the page's content.
func (p *Page) Content() fyne.CanvasObject { return p.root }

// SetSnapshot shows what stands on the devices now.
func (p *Page) SetSnapshot(s app.Snapshot) {
	p.snap = s
	p.render()
}

// Tick renews what depends on the clock; once a second is right.
func (p *Page) Tick() { p.render() }

// Count says how many devices there are.
func (p *Page) Count() int { return len(p.order) }

func (p *Page) list() []devices.Status { return p.cfg.Desk.Devices() }

func (p *Page) find(id string) (devices.Status, bool) {
	list := p.list()
	i := slices.IndexFunc(list, func(s devices.Status) bool { return s.ID == id })
	if i < 0 {
		return devices.Status{}, false
	}
	return list[i], true
}

// use is what stands on a device, with the amount where the sale is at hand.
func (p *Page) use(id string) (*app.DeviceUse, money.Amount) {
	for _, u := range p.snap.Devices {
		if u.ID != id {
			continue
		}
		for _, s := range p.snap.Recent {
			if s.ID == u.Sale {
				return &u, s.Amount
			}
		}
		return &u, money.Amount{}
	}
	return nil, money.Amount{}
}

// render shows the devices as they are now; cards are made anew only when
// devices came or went.
func (p *Page) render() {
	list := p.list()
	on := 0
	for _, s := range list {
		if s.Enabled {
			on++
		}
	}
	ids := make([]string, len(list))
	same := p.built && len(list) == len(p.order) && p.mode == p.snap.Mode
	for i, s := range list {
		ids[i] = s.ID
		same = same && ids[i] == p.order[i]
		use, amount := p.use(s.ID)
		card := View(Input{
			Status: s, Index: i, Several: on > 1, Use: use, Amount: amount, Testing: p.testing[s.ID], Now: p.cfg.Now(), Zone: p.cfg.Zone,
		}, p.cfg.Text)
		if v := p.cards[s.ID]; v != nil {
			v.set(card)
		} else {
			p.cards[s.ID] = newCardView(card, p.cfg.Text.T, p.deeds())
		}
	}
	p.order = ids
	p.all.Hidden = on == 0
	if !same {
		p.build()
	}
}

// build puts the cards, and the ways to add one, into the grid.
func (p *Page) build() {
	for id := range p.cards {
		if !slices.Contains(p.order, id) {
			delete(p.cards, id)
		}
	}
	p.built, p.mode = true, p.snap.Mode
	p.grid.Objects = nil
	if len(p.order) == 0 {
		p.grid.Add(p.nothing())
	}
	for _, id := range p.order {
		p.grid.Add(p.cards[id].root)
	}
	if len(p.order) < waysUntil {
		p.grid.Add(p.waysCell())
	}
	p.grid.Refresh()
	p.scroll.Refresh()
	p.root.Refresh()
}

func (p *Page) deeds() deeds {
	return deeds{test: p.Test, edit: p.Edit, remove: p.Remove, flip: p.flip, ask: p.asked}
}

// fail shows why a press had no effect; nil takes the sentence away.
func (p *Page) fail(err error) {
	words := ""
	if err != nil {
		words = p.cfg.Text.Failure(err).Text()
	}
	p.trouble.SetText(words)
	p.trouble.Hidden = words == ""
	p.scroll.Refresh()
}

// run asks the till beside the UI, shows what it refused, and the devices as
// they are then.
func (p *Page) run(work func(context.Context) error, then func(error)) {
	p.cfg.Run.Go(func(ctx context.Context) {
		err := work(ctx)
		p.cfg.Run.Do(func() {
			p.fail(err)
			p.render()
			if then != nil {
				then(err)
			}
		})
	})
}

// flip switches a device on or off. One that was never tested is switched on
// only after a question.
func (p *Page) flip(id string, on bool) {
	d, operator := p.cfg.Desk, p.cfg.Operator()
	if !on {
		p.run(func(ctx context.Context) error { return d.DisableDevice(ctx, id, operator) }, nil)
		return
	}
	p.run(func(ctx context.Context) error {
		err := d.EnableDevice(ctx, id, false, operator)
		if payments.CodeOf(err) == "device.untested" {
			p.cfg.Run.Do(func() { p.askInsist(id) })
			return nil
		}
		return err
	}, nil)
}

// asked does what a card offers.
func (p *Page) asked(c Card) {
	d, operator := p.cfg.Desk, p.cfg.Operator()
	switch c.Ask {
	case AskKeep:
		p.run(func(ctx context.Context) error { return d.KeepDevice(ctx, c.ID, operator) }, nil)
	case AskOther:
		if s, ok := p.find(c.ID); ok {
			p.showOther(s)
		}
	case AskWaits:
		p.Release(c.ID)
	case AskSale:
		if p.cfg.OpenSale != nil {
			p.cfg.OpenSale(c.Sale)
		}
	case AskShow:
		if p.cfg.Practice != nil {
			p.cfg.Practice()
		}
	}
}

// testAll tests every enabled device on which nothing runs, one after the
// other; the cards tell how far it is.
func (p *Page) testAll() {
	var ids []string
	for _, s := range p.list() {
		if use, _ := p.use(s.ID); s.Enabled && use == nil {
			ids = append(ids, s.ID)
		}
	}
	p.fail(nil)
	p.all.SetBusy(p.cfg.Text.T("devices.testing.all"))
	p.cfg.Run.Go(func(ctx context.Context) {
		for _, id := range ids {
			p.cfg.Run.Do(func() { p.testing[id] = p.cfg.Now(); p.cards[id].busy(true); p.render() })
			_, _ = p.cfg.Desk.TestDevice(ctx, id) // the card shows what came of it
			p.cfg.Run.Do(func() {
				delete(p.testing, id)
				if v := p.cards[id]; v != nil {
					v.busy(false)
				}
				p.render()
			})
		}
		p.cfg.Run.Do(func() { p.all.SetBusy("") })
	})
}
