package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/ui/screens/history"
	pageoperators "frontdesk/ui/screens/operators"
	pagesettings "frontdesk/ui/screens/settings"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// bannerList makes the banners under the strip: money that went back first,
// then standing trouble; two at most.
type bannerList struct {
	w     *Window
	shown string
}

// changed reports whether the banners would differ from those built last.
func (b *bannerList) changed() bool {
	key := fmt.Sprint(b.w.text.Lang(), b.limit())
	for _, s := range b.w.snap.Alarms {
		key += fmt.Sprint("|", s.ID, s.State, s.Revision)
	}
	for _, t := range b.w.snap.Trouble {
		key += "|" + t.Code
	}
	if b.w.troubled != nil {
		key += "|settings"
	}
	if b.reset() {
		key += "|reset"
	}
	if key == b.shown {
		return false
	}
	b.shown = key
	return true
}

func (b *bannerList) build() []fyne.CanvasObject {
	var all []widgets.BannerConfig
	for _, s := range b.w.snap.Alarms {
		all = append(all, b.alarm(s))
	}
	for _, t := range b.w.snap.Trouble {
		all = append(all, b.trouble(t.Code))
	}
	if b.reset() {
		p := b.w.text
		at := b.w.cfg.Operators.OwnerReset().In(b.w.cfg.Zone)
		all = append(all, widgets.BannerConfig{
			Kind: widgets.AmberTint, Icon: "user", Title: p.T("shell.reset", p.DayMonth(at)), Sentence: p.T("shell.reset.sentence"),
			Action: p.T("shell.open.settings"), OnAction: func() { b.w.showSettings(pagesettings.Operators) },
		})
	}
	if b.w.troubled != nil {
		p := b.w.text.T
		all = append(all, widgets.BannerConfig{Kind: widgets.AmberTint, Icon: "settings", Title: p("shell.settings.failed"), Sentence: p("shell.settings.failed.sentence")})
	}
	if limit := b.limit(); len(all) > limit {
		rest, key := len(all)-limit+1, "shell.more"
		if limit == 1 {
			key = "shell.all"
		}
		kind := widgets.AmberTint
		for _, c := range all[limit-1:] {
			kind = min(kind, c.Kind) // as loud as the loudest of them
		}
		all = append(all[:limit-1:limit-1], widgets.BannerConfig{
			Kind: kind, Icon: "alert", Title: b.w.text.N(key, rest),
			Sentence: b.w.text.T("shell.more.sentence"), Action: b.w.text.T("shell.more.open"),
			OnAction: func() { b.w.show(pagePayments) },
		})
	}
	out := make([]fyne.CanvasObject, 0, len(all))
	for _, c := range all {
		out = append(out, widgets.NewBanner(c))
	}
	return out
}

// reset reports whether a reset of the owner's PIN is still told.
func (b *bannerList) reset() bool {
	return b.w.cfg.Operators != nil && pageoperators.ResetShown(b.w.cfg.Operators, b.w.cfg.Now())
}

// trouble is the banner of a standing trouble, with the way to where it is
// mended.
func (b *bannerList) trouble(code string) widgets.BannerConfig {
	t, said := b.w.text, b.w.text.Problem(code)
	c := widgets.BannerConfig{Kind: widgets.AmberTint, Icon: "alert", Title: said.What, Sentence: said.Money + " " + said.Do}
	family, _, _ := strings.Cut(code, ".")
	switch {
	case b.w.cfg.Desk == nil || b.w.snap.Mode == payments.Practice:
	case family == "vault":
		c.Icon, c.Title, c.Sentence = "lock", t.T("shell.locked"), t.T("shell.locked.sentence")
		c.Action, c.OnAction = t.T("unlock.do"), b.w.unlock
	default:
		if at, ok := mended(code); ok {
			c.Action, c.OnAction = t.T("shell.open.settings"), func() { b.w.showSettings(at) }
		}
	}
	return c
}

// mended is the section of Settings in which a trouble is mended.
func mended(code string) (pagesettings.Section, bool) {
	family, _, _ := strings.Cut(code, ".")
	switch family {
	case "relay", "notify", "pair":
		return pagesettings.Relay, true
	case "page", "key", "certificate", "status", "signature", "store", "mode", "setup":
		return pagesettings.Checkout, true
	case "rest", "api", "request":
		return pagesettings.REST, true
	}
	return "", false
}

// limit is how many banners fit: two, or one where the page would get too low.
func (b *bannerList) limit() int {
	if b.w.cfg.Canvas.Size().Height/theme.Factor() < 720 {
		return 1
	}
	return 2
}

// alarm is the banner of a sale that somebody must look at.
func (b *bannerList) alarm(s app.Sale) widgets.BannerConfig {
	t := b.w.text
	icon, _ := history.StateMark(s.State)
	name := s.Client
	if name == "" {
		name = t.T("walkin")
	}
	kind := widgets.AmberTint
	if s.State == app.Reversed {
		kind = widgets.AmberSolid
	}
	return widgets.BannerConfig{
		Kind:     kind,
		Icon:     icon,
		Title:    t.T("shell.alarm", t.Name(s.State), t.Amount(s.Amount), name),
		Sentence: t.Sentence(s.State, s.Amount),
		Action:   t.T("shell.alarm.open"),
		OnAction: func() { b.w.openSale(s) },
	}
}
