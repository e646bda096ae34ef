package stories

import (
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// All returns every story, screen by screen.
func All() []Story {
	var all []Story
	all = append(all, checkoutStories()...)
	all = append(all, paymentsStories()...)
	all = append(all, customerStories()...)
	return all
}

// backdrop is what lies under a dialog.
func backdrop(st *Stage) {
	st.Window.SetContent(widgets.NewSurface(widgets.Skin{Fill: theme.Canvas}))
}
