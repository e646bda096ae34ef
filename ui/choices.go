package ui

import (
	"net/url"

	"frontdesk/app/settings"
	"frontdesk/ui/screens/charge"
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
	w.set = next
	w.complete()
	if old.Theme != w.set.Theme || old.TextSize != w.set.TextSize {
		w.applyTheme()
	}
	if old.Language != w.set.Language || old.Salon != w.set.Salon || old.Operator != w.set.Operator || old.TextSize != w.set.TextSize {
		if err := w.build(); err != nil {
			return err
		}
	}
	return w.cfg.Settings.Save(w.set)
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
