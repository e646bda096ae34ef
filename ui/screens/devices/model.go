package devices

import (
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/text"
	"frontdesk/payments/money"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Ask is what a card offers to do about its trouble.
type Ask string

// What a card may offer beside Test, Edit and Remove.
const (
	AskNone  Ask = ""
	AskKeep  Ask = "keep"  // not used for 60 days, but it stays
	AskOther Ask = "other" // look at the other terminal that answers
	AskSale  Ask = "sale"  // open the sale that is not known
	AskShow  Ask = "show"  // the window of the practice terminal
)

// Line is one fact with its icon.
type Line struct{ Icon, Text string }

// Card is everything the card of a device shows.
type Card struct {
	ID, Name, Model string
	Icon            string
	Tile            theme.Tile // empty while switched off
	On              bool
	SwitchName      string // of the switch, for those who hear it
	Mark            widgets.Mark
	Word            string
	Lines           []Line
	Fix             string
	Ask             Ask
	AskLabel        string
	Sale            app.SaleID // of the payment that stands on it
	InUse           bool       // a payment stands on it: it can not be taken away now
}

// Input is what View looks at. Use is what stands on the device, nil for
// nothing, and Amount what it is worth.
type Input struct {
	Status  devices.Status
	Index   int // position on the page, for the colour
	Several bool
	Use     *app.DeviceUse
	Amount  money.Amount
	Testing time.Time // since when the page tests it; zero while it does not
	Now     time.Time
	Zone    *time.Location
}

// view carries what the parts of View need.
type view struct {
	Input
	c *text.Catalog
}

// View says what the card of a device shows. It is a pure function.
func View(in Input, c *text.Catalog) Card {
	v, s := view{in, c}, in.Status
	card := Card{
		ID: s.ID, Name: s.Label, Model: model(s.Device, c), Icon: "devices", Tile: tile(in.Index), On: s.Enabled,
		SwitchName: c.T("devices.switch", s.Label), InUse: in.Use != nil,
	}
	if in.Use != nil {
		card.Sale = in.Use.Sale
	}
	if !s.Enabled {
		card.Tile = ""
	}
	health := v.health()
	card.Mark, card.Word = Mark(health), v.word(health)
	card.Lines = []Line{v.where(), v.when(health)}
	if s.Default && s.Enabled && in.Several {
		card.Lines = append(card.Lines, Line{"star", c.T("devices.default")})
	}
	v.advise(&card, health)
	return card
}

// health is the state shown: what runs on the device outranks what was heard
// of it.
func (v view) health() devices.Health {
	switch {
	case v.Use != nil && v.Use.State == app.Unknown:
		return devices.Blocked
	case v.Use != nil:
		return devices.Busy
	case v.Status.Changed():
		return devices.Changed
	case !v.Status.Enabled && v.Status.Tested.IsZero() && v.Status.Health != devices.Unreachable:
		return devices.Untested
	case !v.Status.Enabled:
		return devices.Disabled
	}
	return v.Status.Health
}

// Mark returns icon and colour of a state.
func Mark(h devices.Health) widgets.Mark {
	switch h {
	case devices.Ready:
		return widgets.Mark{Family: theme.Green, Icon: "check"}
	case devices.Busy:
		return widgets.Mark{Family: theme.Blue, Icon: "hourglass"}
	case devices.Blocked:
		return widgets.Mark{Family: theme.Amber, Icon: "question"}
	case devices.Unreachable, devices.Changed, devices.NeedsHelp:
		return widgets.Mark{Family: theme.Amber, Icon: "alert"}
	case devices.Disabled:
		return widgets.Mark{Family: theme.Grey, Icon: "power"}
	}
	return widgets.Mark{Family: theme.Grey, Icon: "question"}
}

func (v view) word(h devices.Health) string {
	if !v.Testing.IsZero() {
		return v.c.T("devices.testing")
	}
	word := v.c.T("device.health." + string(h))
	if v.Use != nil && !v.Amount.IsZero() {
		return v.c.T("devices.word.amount", word, v.Amount)
	}
	return word
}

// model is "myPOS Ultra"; the practice terminal says what it is.
func model(d devices.Device, c *text.Catalog) string {
	switch {
	case d.Driver == devices.Practice:
		return c.T("devices.model.practice")
	case d.Model == "" || d.Model == "Other":
		return c.T("devices.model.other")
	}
	return "myPOS " + d.Model
}

// tile is the colour of the icon square, as favourites have them.
func tile(i int) theme.Tile {
	list := []theme.Tile{theme.Mist, theme.Sand, theme.Lilac, theme.Sage, theme.Apricot, theme.Blush}
	return list[i%len(list)]
}

func (v view) where() Line {
	c, d := v.c, v.Status.Device
	switch d.Driver {
	case devices.TCP:
		return Line{"network", c.T("devices.where.network", d.Host, d.Port)}
	case devices.Serial:
		return Line{"usb", c.T("devices.where.usb", d.Path)}
	case devices.Cloud:
		return Line{"cloud", c.T("devices.where.cloud")}
	}
	return Line{"star", c.T("devices.where.practice")}
}

func (v view) when(h devices.Health) Line {
	c, s := v.c, v.Status
	switch {
	case !v.Testing.IsZero():
		return Line{"clock", c.T("devices.when.asking", c.Duration(v.Now.Sub(v.Testing)))}
	case h == devices.Busy:
		return Line{"clock", v.stage()}
	case h == devices.Disabled && s.LastUsed.IsZero():
		return Line{"clock", c.T("devices.when.unused")}
	case h == devices.Disabled:
		return Line{"clock", c.T("devices.when.used", v.moment(s.LastUsed))}
	case s.LastSeen.IsZero():
		return Line{"clock", c.T("devices.when.never")}
	case h == devices.Ready && v.Now.Sub(s.LastSeen) < time.Hour:
		return Line{"clock", c.T("devices.when.answered", c.Duration(v.Now.Sub(s.LastSeen)))}
	}
	return Line{"clock", c.T("devices.when.seen", v.moment(s.LastSeen))}
}

// stage is what the running payment waits for, and for how long.
func (v view) stage() string {
	var use app.DeviceUse // the till may know of it a moment before the snapshot does
	if v.Use != nil {
		use = *v.Use
	}
	words := v.c.T("devices.stage.start")
	if key := "devices.stage." + string(use.Stage.Name); use.Stage.Name != "" && v.c.Has(key) {
		words = v.c.T(key)
	}
	if use.Refund {
		words = v.c.T("devices.stage.refund")
	}
	if since := use.Stage.Since; !since.IsZero() {
		return v.c.T("devices.stage.for", words, v.c.Duration(v.Now.Sub(since)))
	}
	return words
}

// moment is a time of today, else a date.
func (v view) moment(at time.Time) string {
	at, now := at.In(v.Zone), v.Now.In(v.Zone)
	if at.YearDay() == now.YearDay() && at.Year() == now.Year() {
		return v.c.Clock(at)
	}
	return v.c.DayMonth(at)
}

// advise says what to do where something is to be done.
func (v view) advise(card *Card, h devices.Health) {
	c, s := v.c, v.Status
	if !v.Testing.IsZero() {
		return
	}
	switch h {
	case devices.Blocked:
		card.Fix, card.Ask = c.T("devices.fix.blocked"), AskSale
	case devices.Changed:
		card.Fix, card.Ask = c.T("devices.fix.changed", name(s.Other.TerminalID, c), name(s.TerminalID, c)), AskOther
	case devices.NeedsHelp:
		p := c.Problem(s.Code)
		card.Fix = p.What + " " + p.Do
		if s.Code == codeUnfinished {
			card.Ask = AskWaits
		}
	case devices.Unreachable:
		card.Fix = c.T("devices.fix." + reach(s.Driver))
	case devices.Untested:
		card.Fix = c.T("devices.fix.untested")
	case devices.Ready:
		switch {
		case s.Idle:
			card.Fix, card.Ask = c.T("devices.fix.idle"), AskKeep
		case s.Driver == devices.Practice:
			card.Ask = AskShow
		}
	case devices.Busy:
		if s.Driver == devices.Practice {
			card.Ask = AskShow
		}
	}
	if card.Ask != AskNone {
		card.AskLabel = c.T("devices.ask." + string(card.Ask))
	}
}

// reach is the last part of the keys about how a terminal is reached.
func reach(d devices.Driver) string {
	switch d {
	case devices.Serial:
		return "usb"
	case devices.Cloud:
		return "cloud"
	}
	return "network"
}

// name is a terminal id, or that it has none.
func name(id string, c *text.Catalog) string {
	if id == "" {
		return c.T("devices.nameless")
	}
	return id
}
