package settings

import (
	"context"
	"strings"
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
	open     bool
}

func newPhoneCard(cfg Config) *phoneCard {
	t := cfg.Text
	c := &phoneCard{cfg: cfg, sentence: widgets.NewParagraph(t.T("settings.phone.before"), theme.Body(), theme.Ink2)}
	c.button = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Icon: "phone", Label: t.T("settings.phone.open"), OnTap: c.press})
	c.root = card(t.T("settings.phone"), c.sentence, widgets.Row(12, c.button, widgets.Space()))
	return c
}

func (c *phoneCard) press() {
	t := c.cfg.Text
	if c.open {
		c.cfg.Phone.Stop()
		c.open = false
		c.button.SetLabel(t.T("settings.phone.open"))
		c.say(t.T("settings.phone.closed"))
		return
	}
	c.button.SetBusy(t.T("settings.phone.busy"))
	c.cfg.Async.Go(func(ctx context.Context) {
		addresses, until, err := c.cfg.Phone.Start(ctx)
		c.cfg.Async.Do(func() { c.answered(addresses, until, err) })
	})
}

func (c *phoneCard) answered(addresses []string, until time.Time, err error) {
	t := c.cfg.Text
	c.button.SetBusy("")
	switch {
	case err != nil:
		c.say(t.Problem(payments.CodeOf(err)).Text())
	case len(addresses) == 0:
		c.say(t.T("settings.phone.none"))
	default:
		c.open = true
		c.button.SetLabel(t.T("settings.phone.close"))
		c.say(t.T("settings.phone.ready", strings.Join(addresses, ", "), t.Clock(until.In(c.cfg.Zone))))
	}
}

func (c *phoneCard) say(words string) {
	c.sentence.SetText(words)
	c.root.Refresh()
}
