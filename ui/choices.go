package ui

import (
	"net/url"
	"slices"

	"frontdesk/app/settings"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/charge"
	pagesettings "frontdesk/ui/screens/settings"
	"frontdesk/ui/theme"
)

// applyTheme puts the chosen look in force.
func (w *Window) applyTheme() {
	w.cfg.App.Settings().SetTheme(w.base.With(theme.Config{Choice: theme.Choice(w.set.Theme), Factor: w.set.TextSize}))
}

// choose takes over changed settings and keeps them. The error is that of
// keeping; the change holds either way.
func (w *Window) choose(next settings.Settings) error {
	old := w.set
	if next.Currency != old.Currency && next.Favourites != nil { // they keep their numbers
		next.Favourites = inCurrency(next.Favourites, next.Currency)
	}
	w.set = next
	w.complete()
	if old.Theme != w.set.Theme || old.TextSize != w.set.TextSize {
		w.applyTheme()
	}
	if differs(old, w.set) {
		if err := w.rebuild(); err != nil {
			return err
		}
	}
	return w.cfg.Settings.Save(w.set)
}

// rebuild makes everything anew and stays where it was.
func (w *Window) rebuild() error {
	at := pagesettings.Section("")
	if w.settings != nil {
		at = w.settings.At()
	}
	if err := w.build(); err != nil {
		return err
	}
	if at != "" && w.at == pageSettings && w.settings != nil {
		w.settings.Show(at)
	}
	return nil
}

func (w *Window) saveFavourites(list []charge.Favourite) error {
	w.set.Favourites = list
	return w.cfg.Settings.Save(w.set)
}

// mail opens the mail program with a message that has no address yet.
func (w *Window) mail(subject, body string) error {
	q := "subject=" + url.PathEscape(subject) + "&body=" + url.PathEscape(body)
	return w.cfg.Open(&url.URL{Scheme: "mailto", RawQuery: q})
}

// inCurrency gives favourites another currency; amounts that would have more
// decimals than it has are left as they were.
func inCurrency(list []settings.Favourite, c money.Currency) []settings.Favourite {
	out := slices.Clone(list)
	for i := range out {
		if out[i].Amount.Currency.Exponent() == c.Exponent() {
			out[i].Amount.Currency = c
		}
	}
	return out
}
