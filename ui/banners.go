package ui

import (
	"fmt"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/ui/screens/history"
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
		p := b.w.text.Problem(t.Code)
		all = append(all, widgets.BannerConfig{Kind: widgets.AmberTint, Icon: "alert", Title: p.What, Sentence: p.Money + " " + p.Do})
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
