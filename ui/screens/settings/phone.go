package settings

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// phoneCard is "Try with my phone": it says first what the system will ask,
// then opens the pages, then tells where.
type phoneCard struct {
	cfg      Config
	root     fyne.CanvasObject
	sentence *widgets.Paragraph
	button   *widgets.Button
	choices  *fyne.Container // one button per address when there are several
	open     bool
	grown    func()
}

func newPhoneCard(cfg Config, grown func()) *phoneCard {
	t := cfg.Text
	c := &phoneCard{cfg: cfg, grown: grown, choices: widgets.Col(8)}
	c.sentence = widgets.NewParagraph(t.T("settings.phone.before"), theme.Body(), theme.Ink2)
	c.button = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Icon: "phone", Label: t.T("settings.phone.open"), OnTap: c.press})
	c.root = widgets.Col(16, c.sentence, c.choices, widgets.Row(12, c.button, widgets.Space()))
	if url, until, open := cfg.Phone.PhoneOpen(); open {
		c.opened(url, until)
	}
	return c
}

func (c *phoneCard) press() {
	t := c.cfg.Text
	c.choices.Objects = nil
	if c.open {
		c.cfg.Phone.ClosePhone()
		c.open = false
		c.button.SetLabel(t.T("settings.phone.open"))
		c.say(t.T("settings.phone.closed"))
		return
	}
	addresses, err := c.cfg.Phone.PhoneAddresses()
	switch {
	case err != nil:
		c.say(t.T("settings.phone.failed"))
	case len(addresses) == 0:
		c.say(t.T("settings.phone.none"))
	case len(addresses) == 1:
		c.start(addresses[0])
	default:
		for _, a := range addresses {
			c.choices.Add(widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Icon: "network", Label: a, OnTap: func() { c.start(a) }}))
		}
		c.say(t.T("settings.phone.choose"))
	}
}

// start opens the pages on an address.
func (c *phoneCard) start(address string) {
	t := c.cfg.Text
	c.choices.Objects = nil
	c.button.SetBusy(t.T("settings.phone.busy"))
	c.cfg.Async.Go(func(ctx context.Context) {
		url, until, err := c.cfg.Phone.OpenPhone(ctx, address)
		c.cfg.Async.Do(func() {
			c.button.SetBusy("")
			switch code := payments.CodeOf(err); {
			case err == nil:
				c.opened(url, until)
			case code != "":
				c.say(t.Problem(code).Text())
			default:
				c.say(t.T("settings.phone.failed"))
			}
		})
	})
}

func (c *phoneCard) opened(url string, until time.Time) {
	t := c.cfg.Text
	c.open = true
	c.button.SetLabel(t.T("settings.phone.close"))
	c.say(t.T("settings.phone.ready", url, t.Clock(until.In(c.cfg.Zone))))
}

func (c *phoneCard) say(words string) {
	c.sentence.SetText(words)
	c.grown()
}
